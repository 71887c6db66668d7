"""How each register of the office reads on the pages: its title, its hints, what is listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from flask import abort

from layers import programme
from layers.councillors import councillor_id
from layers.position import typed_fields
from layers.register_group import RegisterGroup
from layers.schema import Field, Schema, Value

Texts = Mapping[str, str]
NO_NAMES: Final = (
    "Do not enter the name, address, telephone number or email address of a member of the public. "
    "Nothing here needs them. Every change is kept, so what was once saved stays in the history."
)


@dataclass(frozen=True, slots=True)
class Register:
    """One register as staff see it.

    ``prefix`` begins the ids that are made for new records; ``own_id`` makes them of the values
    instead. ``listed`` are the fields of its table, ``long`` those typed into a large box, and
    ``labels`` and ``hints`` what a form says of a field. ``names`` fields hold the id of a record
    of another register; those of ``called`` tell a reader which record it is. ``first`` says what
    to do while nothing is held.
    """

    schema: Schema
    title: str
    summary: str
    first: str
    listed: tuple[str, ...]
    prefix: str = ""
    own_id: Callable[[Mapping[str, Value]], str] | None = None
    notice: str = ""
    long: frozenset[str] = frozenset()
    labels: Texts = field(default_factory=dict)
    hints: Texts = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    called: tuple[str, ...] = ("place", "date")
    group: RegisterGroup = programme.GROUP

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"{self.group.held_at}/{self.schema.part}"

    @property
    def typed(self) -> tuple[Field, ...]:
        """The fields of its form: all but the id."""
        fields = typed_fields(self.schema)
        return tuple(item for item in fields if item.name not in self.schema.id_fields)

    def label(self, name: str) -> str:
        """What a field is called."""
        titles = {item.name: item.title for item in typed_fields(self.schema)}
        return self.labels.get(name, titles[name])


_STOP: Final = "The stop's id as the visits have it, such as V001. Leave it blank if there is none."

REGISTERS: Final = (
    Register(
        programme.ISSUES,
        "What was raised",
        "Issues by theme, whom each was referred to, how it stands and what came of it.",
        "After a visit, open its day and choose ‘Record what was raised’, or add an issue here.",
        ("date", "place", "theme", "issue", "referred_to", "status", "due", "visibility"),
        prefix="I",
        notice=NO_NAMES,
        long=frozenset({"issue", "outcome"}),
        labels=MappingProxyType({"visibility": "Who may read it"}),
        hints=MappingProxyType(
            {
                "visit_id": _STOP,
                "date": "When it was raised.",
                "issue": "The matter itself, in a sentence or two. No names of members of the "
                "public.",
                "referred": "Leave blank until it has been referred.",
                "due": "The follow-up list shows it as overdue from the day after.",
                "outcome": "What came of it, in words that could be published. No names of "
                "members of the public.",
                "visibility": "Public issues are listed for everyone once their day is over and "
                "their stop is published. Staff means nobody else reads it.",
            }
        ),
        names=frozenset({"visit_id"}),
    ),
    Register(
        programme.PREPARATIONS,
        "Preparations",
        "What is to be done before a day of visits, by when, and whether it is done.",
        "Open a day and choose ‘Make the usual checklist’, or add an item here.",
        ("visit_date", "place", "kind", "task", "due", "done", "answer"),
        prefix="P",
        long=frozenset({"answer"}),
        hints=MappingProxyType(
            {
                "due": "By when it should be done.",
                "done": "Leave blank until it is done.",
                "answer": "What a councillor answered, or what came of it.",
            }
        ),
        names=frozenset({"councillor_id"}),
        called=("place", "visit_date"),
    ),
    Register(
        programme.COUNCILLORS,
        "Councillors",
        "Whom to ask before a visit: names, wards and official addresses.",
        "Import a list with the command ‘patchmap import councillors FILE.csv’ (columns name, "
        "council, ward; ward_code and email where known), or add them here.",
        ("name", "council", "ward", "email"),
        own_id=councillor_id,
        called=("name", "ward"),
        hints=MappingProxyType(
            {
                "ward_code": "The nine characters by which the Office for National Statistics "
                "knows the ward. Leave it blank for a county division.",
                "email": "The address that the council publishes, not a private one.",
                "source": "Where this is published.",
            }
        ),
    ),
    Register(
        programme.SURVEYS,
        "Survey figures",
        "How many people gave which answer to a question that was asked on a visit.",
        "After a visit, add one record for each answer to each question.",
        ("date", "place", "question", "answer", "responses"),
        prefix="S",
        notice=NO_NAMES,
        hints=MappingProxyType(
            {
                "visit_id": _STOP,
                "answer": "One of the answers that could be chosen, not a person's own words.",
                "responses": "How many people chose it, as a whole number.",
            }
        ),
        names=frozenset({"visit_id"}),
    ),
    Register(
        programme.FEEDBACK,
        "Who was told",
        "Who was told what afterwards: those met, councillors, the newsletter, the website.",
        "When something came of what was raised, record who was told.",
        ("date", "place", "told", "what", "issue_id"),
        prefix="F",
        notice=NO_NAMES,
        long=frozenset({"what"}),
        hints=MappingProxyType(
            {
                "date": "When they were told.",
                "issue_id": "The issue it answers, such as I-2025-0001. Leave it blank if it "
                "answers none.",
            }
        ),
        names=frozenset({"issue_id"}),
    ),
)
"""The registers that are filled in here; planned stops have pages of their own."""


def register_of(part: str) -> Register:
    """The register of an address; without one the request is not found."""
    for register in REGISTERS:
        if register.schema.part == part:
            return register
    abort(404)
