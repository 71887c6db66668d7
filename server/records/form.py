"""A form made from a schema: one labelled control a field, with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from types import MappingProxyType
from typing import Any, Final, Literal

from flask import request

from geo.dates import DateInterval
from geo.errors import InvalidDate
from layers import programme
from layers.errors import BadQuery
from layers.history import text_of
from layers.report import RowIssue
from layers.schema import Field, in_words
from layers.site_schema import SCHEMA as SITES
from layers.visits import SCHEMA as VISITS
from server.records.registers import Register
from server.records.saving import Attempt
from server.services import services

MARK: Final = "held"
DOUBT: Final = "doubt"
FORM_ID: Final = "form"
WRITTEN_DATE: Final = "As YYYY-MM-DD, or YYYY-MM where only the month is known."
MOST_RADIOS: Final = 3
MOST_SUGGESTED: Final = 200
LONGEST_CALLED: Final = 120

ControlKind = Literal["text", "large", "date", "number", "select", "radios"]
Pair = tuple[str, str]
_SAID_AT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"longitude": ("longitude, latitude", "position")}
)
"""Which control speaks for a column of rows that it does not have."""


@dataclass(frozen=True, slots=True)
class Control:
    """One field of a form: how it is filled in, what it holds, and what is to be said of it.

    ``offers`` are values that may be chosen instead of typed. ``now`` is what the record holds
    by now, where somebody else has changed it.
    """

    name: str
    label: str
    kind: ControlKind
    value: str
    hint: str = ""
    optional: bool = False
    options: tuple[Pair, ...] = ()
    offers: tuple[Pair, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a page shows it, and in what state it comes back.

    ``form_id`` tells one opening of a form for a new record from another.
    """

    controls: tuple[Control, ...]
    mark: str
    form_id: str = ""
    state: Literal["open", "refused", "doubtful", "changed"] = "open"
    doubt: str = ""
    gone: bool = False

    @property
    def said(self) -> list[Control]:
        """The controls of which something is said at the top."""
        return [item for item in self.controls if item.errors or item.warnings or item.now]


def typed_values(register: Register) -> dict[str, str]:
    """The text of every field as it was sent."""
    return {
        field.name: "\n".join(request.form.get(field.name, "").splitlines()).strip()
        for field in register.typed
    }


def given_values(register: Register) -> dict[str, str]:
    """What a new form begins with: the defaults, and what its address fills in.

    Raises:
        BadQuery: the address names something that the form does not have.
    """
    names = [field.name for field in register.typed]
    for name in request.args:
        if name not in names:
            raise BadQuery(f"This form can be filled in by {', '.join(names)}; given {name!r}.")
    return {field.name: request.args.get(field.name, field.default) for field in register.typed}


def open_form(
    register: Register, values: Mapping[str, Any], mark: str = "", form_id: str = ""
) -> Form:
    """A form to be filled in."""
    texts = {name: text_of(value) for name, value in values.items()}
    return Form(_controls(register, texts), mark, form_id)


def returned_form(register: Register, typed: Mapping[str, str], tried: Attempt) -> Form:
    """A form that was not kept, with all that was typed and the reasons beside it."""
    assert tried.state != "saved"
    now = tried.held if tried.state == "changed" else None
    return Form(
        _controls(register, typed, tried.issues, now),
        tried.mark,
        request.form.get(FORM_ID, ""),
        tried.state,
        tried.doubt,
        gone=tried.state == "changed" and tried.held is None,
    )


def _controls(
    register: Register,
    texts: Mapping[str, str],
    issues: Sequence[RowIssue] = (),
    now: Mapping[str, Any] | None = None,
) -> tuple[Control, ...]:
    return tuple(
        _control(register, field, texts.get(field.name, ""), issues, now)
        for field in register.typed
    )


def _control(
    register: Register,
    field: Field,
    text: str,
    issues: Sequence[RowIssue],
    now: Mapping[str, Any] | None,
) -> Control:
    mine = [
        issue for issue in issues if issue.column in (field.name, *_SAID_AT.get(field.name, ()))
    ]
    kind = _kind(register, field, text)
    held = shown_value(field, now[field.name]) if now else None
    label = register.label(field.name)
    hint = register.hints.get(field.name, "")
    if field.kind == "date" and kind == "text":
        hint = f"{hint} {WRITTEN_DATE}".strip()
    return Control(
        name=field.name,
        label=label,
        kind=kind,
        value=text,
        hint=hint,
        optional=not (field.required or field.default),
        options=_options(field) if kind in ("select", "radios") else (),
        offers=_offers(register, field) if kind == "text" else (),
        errors=tuple(
            f"{label} is needed." if not text and field.required else issue.reason
            for issue in mine
            if issue.severity == "rejected"
        ),
        warnings=tuple(issue.reason for issue in mine if issue.severity == "warned"),
        now=held if held != shown_value(field, text) else None,
    )


def _kind(register: Register, field: Field, text: str) -> ControlKind:
    if field.kind == "choice" and field.choices:
        return "radios" if len(field.choices) <= MOST_RADIOS else "select"
    if field.name == "councillor_id":
        return "select"
    if field.kind == "date":  # a control for days would lose a month, or what is no date
        return "date" if not text or _is_day(text) else "text"
    if field.kind in ("integer", "number"):
        return "number"
    return "large" if field.name in register.long else "text"


def _is_day(text: str) -> bool:
    try:
        return DateInterval.parse(text).is_day
    except InvalidDate:
        return False


def _options(field: Field) -> tuple[Pair, ...]:
    if field.name == "councillor_id":
        held = programme.held(services().workspace, programme.COUNCILLORS)
        rows = held[["councillor_id", "name", "ward"]].itertuples(index=False)
        return (("", "Nobody"), *((code, f"{name}, {ward}") for code, name, ward in rows))
    blank = () if field.required or field.default else (("", "Not chosen"),)
    needed = (("", "Choose one"),) if field.required and len(field.choices) > MOST_RADIOS else ()
    return (*blank, *needed, *((value, in_words(value)) for value in field.choices))


def _offers(register: Register, field: Field) -> tuple[Pair, ...]:
    """The usual values of an open choice; the records that a field may name, the latest first."""
    workspace, name = services().workspace, field.name
    if name not in register.names:
        return tuple((value, in_words(value)) for value in field.suggestions)
    if name == "site_id":
        sites = workspace.store.frame(SITES)[["site_id", "name"]]
        pairs = list(sites.itertuples(index=False, name=None))
    elif name == "visit_id":
        frame = workspace.store.frame(VISITS).sort_values("date", ascending=False)
        pairs = [(row.visit_id, f"{row.place}, {row.date}") for row in frame.itertuples()]
    else:
        frame = programme.held(workspace, programme.ISSUES).sort_values("date", ascending=False)
        pairs = [(row.issue_id, f"{row.place}, {row.date}") for row in frame.itertuples()]
    return tuple(pairs[:MOST_SUGGESTED])


def shown_value(field: Field, value: Any) -> str:
    """A held value as a reader sees it; empty where there is none."""
    text = text_of(value)
    if field.kind == "choice":
        return in_words(text)
    return date_in_words(text) if text and field.kind == "date" else text


def shown_cell(field: Field, record: Mapping[str, Any]) -> str:
    """A record's value as a list shows it; of an issue also that it was closed with no outcome."""
    text = shown_value(field, record[field.name])
    bare = field.name == "status" and programme.closed_without_outcome(record)
    return f"{text} without an outcome" if bare else text


def called(register: Register, record_id: str, values: Mapping[str, Any]) -> str:
    """Which record it is, in a reader's words, with its number if it has one."""
    fields = {field.name: field for field in register.typed}
    words = [shown_value(fields[name], values.get(name)) for name in register.called]
    said = shorten(", ".join(words), LONGEST_CALLED, placeholder="…")
    return said if register.own_id else f"{said} ({record_id})"


def date_in_words(text: str) -> str:
    """A date as a reader says it; what is none stays as it is."""
    try:
        return DateInterval.parse(text).in_words()
    except InvalidDate:
        return text
