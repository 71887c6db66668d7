"""From a form to a record, by the same road as a row of a file, and never over another's change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from layers import history
from layers.files import RawRow, RawTable
from layers.report import RowIssue
from layers.workspace import Intake
from server.records.registers import Register
from server.services import services

FORM: Final = "form"
ROW: Final = 1
State = Literal["saved", "refused", "doubtful", "changed"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a form that was sent: only ``saved`` kept anything.

    ``refused``: an issue says what cannot be taken. ``doubtful``: something should be looked at
    again; sent with ``doubt`` it is kept as it is. ``changed``: somebody else has saved or removed
    the record since the form was opened; ``held`` is what stands now and ``mark`` its mark.
    """

    state: State
    record_id: str
    issues: tuple[RowIssue, ...] = ()
    held: Mapping[str, Any] | None = None
    mark: str = ""
    doubt: str = ""


def mark_of(held: Mapping[str, Any] | None) -> str:
    """What tells one content of a record from another; empty where there is no record."""
    return str(held["content_hash"]) if held else ""


def held_record(register: Register, record_id: str) -> dict[str, Any] | None:
    """A record as it stands."""
    return history.current(services().workspace, register.schema).get(record_id)


def attempt(
    register: Register,
    record_id: str,
    typed: Mapping[str, str],
    mark: str,
    doubt: str | None = "",
    form_id: str = "",
) -> Attempt:
    """Try to keep what a form holds.

    Args:
        register: where it is to be kept.
        record_id: which record it changes; empty for a new one, whose id is made here.
        typed: the text of every field of the form.
        mark: the mark of the record when the form was opened.
        doubt: the doubt that was shown before and is set aside; None sets any aside.
        form_id: tells one opening of a form for a new record from another: the same text sent
            twice from one makes one record.
    """
    workspace = services().workspace
    key = "" if record_id or not form_id else _form_key(register, form_id, typed)
    with workspace.importing():
        made = workspace.store.made_by(register.schema, key) if key else ""
        if made and held_record(register, made):
            return Attempt("saved", made)
        name = record_id or _new_id(register, typed)
        table = _table(register, name, typed)
        issues = register.group.inspected(table, register.schema, workspace)
        held = held_record(register, name)
        if any(issue.severity == "rejected" for issue in issues):
            return Attempt("refused", name, issues, held, mark)
        if held and not record_id:
            return Attempt("refused", name, (_held_already(register, typed),), held, mark)
        if held and mark_of(held) != mark and _reads(register, held) == typed:
            return Attempt("saved", name, issues)
        if mark_of(held) != mark:
            return Attempt("changed", name, issues, held, mark_of(held))
        found = _doubt_of(issues)
        if found and doubt is not None and found != doubt:
            return Attempt("doubtful", name, issues, held, mark, found)
        intake = Intake(services().clock(), strict=True, form_key=key)
        register.group.take(table, register.schema, workspace, intake)
    return Attempt("saved", name, issues)


def add_all(register: Register, rows: list[dict[str, str]]) -> int:
    """Keep new records that were made here, all or none; how many."""
    workspace = services().workspace
    with workspace.importing():
        first = _new_id(register, {})
        stem, _, number = first.rpartition("-")
        named = [
            {register.schema.id_fields[0]: f"{stem}-{int(number) + place:04}", **row}
            for place, row in enumerate(rows)
        ]
        header = dict.fromkeys(column for row in named for column in row)
        cells = tuple(RawRow(place, row) for place, row in enumerate(named, start=ROW))
        table = RawTable(FORM, tuple(header), cells, has_geometry=False)
        intake = Intake(services().clock(), strict=True)
        return register.group.take(table, register.schema, workspace, intake).added


def remove(register: Register, record_id: str, mark: str) -> Attempt:
    """Take a record out, unless it is no longer what it was when its removal was asked for.

    One that was removed as it was then, by the same button pressed twice, is removed.
    """
    workspace = services().workspace
    with workspace.importing():
        held = held_record(register, record_id)
        last = history.last_values(workspace, register.schema, record_id)
        if held is None and last and mark_of(last) == mark:
            return Attempt("saved", record_id)
        if held is None or mark_of(held) != mark:
            return Attempt("changed", record_id, (), held, mark_of(held))
        key = tuple(held[name] for name in register.schema.id_fields)
        workspace.store.remove(register.schema, key, services().clock(), register.group.id)
    return Attempt("saved", record_id)


def _table(register: Register, record_id: str, typed: Mapping[str, str]) -> RawTable:
    cells = {register.schema.id_fields[0]: record_id, **typed}
    return RawTable(FORM, tuple(cells), (RawRow(ROW, cells),), has_geometry=False)


def _new_id(register: Register, typed: Mapping[str, str]) -> str:
    """The next number of the year, of which none is given twice, or what the values are called."""
    if register.own_id:
        return register.own_id(typed)
    workspace = services().workspace
    stem = f"{register.prefix}-{services().today.year}-"
    known = [row["record_id"] for row in workspace.store.history(register.schema)]
    known += history.current(workspace, register.schema)
    tails = [name.removeprefix(stem) for name in known if name.startswith(stem)]
    last = max((int(tail) for tail in tails if tail.isdecimal()), default=0)
    return f"{stem}{last + 1:04}"


def _form_key(register: Register, form_id: str, typed: Mapping[str, str]) -> str:
    """What tells the same text sent twice from another that is sent from the same form."""
    said = json.dumps([register.schema.part, form_id, *sorted(typed.items())])
    return hashlib.sha256(said.encode()).hexdigest()


def _reads(register: Register, held: Mapping[str, Any]) -> dict[str, str]:
    """What a form for a record would hold."""
    values = {field.name: held[field.name] for field in register.typed}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _held_already(register: Register, typed: Mapping[str, str]) -> RowIssue:
    field = register.typed[0]
    reason = f"{typed[field.name]} is held already. Change that record instead."
    return RowIssue(ROW, field.name, typed[field.name], reason, "rejected")


def _doubt_of(issues: tuple[RowIssue, ...]) -> str:
    """What tells one set of warnings from another; empty without any."""
    said = [str(replace(issue, row=ROW)) for issue in issues]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16] if said else ""
