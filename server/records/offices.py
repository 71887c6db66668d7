"""The offices that keep registers: whose pages lie where, and what leads from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import abort

from layers import estate_registers, programme
from layers.register_group import RegisterGroup
from layers.schema import Schema
from server.records.estate_registers import ESTATE_REGISTERS
from server.records.registers import REGISTERS, Register


@dataclass(frozen=True, slots=True)
class Office:
    """Registers that staff find under one address.

    ``links`` are the pages of the office, ``about`` says what its registers are of. ``by_day``:
    records are of a day of visits, which has a page.
    """

    group: RegisterGroup
    registers: tuple[Register, ...]
    about: str
    links: tuple[tuple[str, str], ...]
    by_day: bool = False

    @property
    def changes_page(self) -> str:
        """Where the newest changes are listed."""
        return f"{self.group.held_at}/changes"

    @property
    def schemas(self) -> tuple[Schema, ...]:
        """Every register of which changes are kept, filled in here or not."""
        own = (register.schema for register in self.registers)
        every = {schema.part: schema for schema in (*self.group.schemas, *own)}
        return tuple(every.values())

    def register(self, part: str) -> Register:
        """The register of an address; without one the request is not found."""
        for register in self.registers:
            if register.schema.part == part:
                return register
        abort(404)


VISITS: Final = Office(
    programme.GROUP,
    REGISTERS,
    "visits",
    (
        ("/visits/records", "Overview"),
        ("/visits/followups", "Follow-ups"),
        ("/visits/records/changes", "Changes"),
    ),
    by_day=True,
)
ESTATE: Final = Office(
    estate_registers.GROUP,
    ESTATE_REGISTERS,
    "the estate",
    (("/estate/records", "Overview"), ("/estate/records/changes", "Changes")),
)
OFFICES: Final = {"visits": VISITS, "estate": ESTATE}
