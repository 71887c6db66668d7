"""The layers there are, as a value; a new layer is one entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from layers import estate_registers, programme
from layers.crime import Crime
from layers.errors import UnknownLayer
from layers.files import RawTable
from layers.npas import Npas
from layers.people_zones import PeopleZones
from layers.protocol import Layer
from layers.register_group import RegisterGroup
from layers.report import ImportReport
from layers.schema import Schema
from layers.sites import Sites
from layers.street_safe import StreetSafe
from layers.visits import Visits
from layers.workspace import Intake, Workspace

Taker = Callable[[RawTable, Workspace, Intake], ImportReport]


@dataclass(frozen=True, slots=True)
class Registry:
    """Layers in the order in which they are listed and drawn, and registers that are no layer."""

    layers: tuple[Layer, ...]
    groups: tuple[RegisterGroup, ...] = ()

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def get(self, layer_id: str) -> Layer:
        """The layer with this id.

        Raises:
            UnknownLayer: there is none; the message lists those there are.
        """
        for layer in self.layers:
            if layer.spec.id == layer_id:
                return layer
        raise UnknownLayer(f"A layer is needed, one of {', '.join(self.ids)}; given {layer_id!r}.")

    def taker(self, name: str) -> Taker:
        """What takes the rows of a file into the layer or the register of this name.

        Raises:
            UnknownLayer: there is neither; the message lists those there are.
        """
        for layer in self.layers:
            if layer.spec.id == name:
                return layer.take
        schema = self.register_named(name)
        group = self.group_of(schema)

        def take(table: RawTable, workspace: Workspace, intake: Intake) -> ImportReport:
            return group.take(table, schema, workspace, intake)

        return take

    def register_named(self, part: str) -> Schema:
        """The register with this name.

        Raises:
            UnknownLayer: there is none; the message lists layers and registers.
        """
        for schema in self.registers:
            if schema.part == part:
                return schema
        known = ", ".join(schema.part for schema in self.registers)
        raise UnknownLayer(
            f"A layer is needed, one of {', '.join(self.ids)}, or a register, one of {known}; "
            f"given {part!r}."
        )

    def register(self, layer: Layer) -> Registry:
        """A new registry that has this layer too; this one stays as it is."""
        return Registry((*self.layers, layer), self.groups)

    @property
    def registers(self) -> tuple[Schema, ...]:
        """Every register, in the order of the groups."""
        return tuple(schema for group in self.groups for schema in group.schemas)

    def group_of(self, schema: Schema) -> RegisterGroup:
        """The group in which a register is kept."""
        return next(group for group in self.groups if schema in group.schemas)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the layers."""
        return tuple(layer.spec.id for layer in self.layers)

    @property
    def schemas(self) -> tuple[Schema, ...]:
        """Every schema whose records live in SQL, each once."""
        of_layers = (schema for layer in self.layers for schema in layer.spec.schemas)
        every = {schema.part: schema for schema in (*of_layers, *self.registers)}
        return tuple(schema for schema in every.values() if schema.in_sql)


REGISTRY: Final = Registry(
    (Npas(), Crime(), PeopleZones(), StreetSafe(), Sites(), Visits()),
    (programme.GROUP, estate_registers.GROUP),
)
