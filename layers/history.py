"""Every change of a register: when it was, of which record, and what stood in each field before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import shapely

from layers.position import degrees_of, typed_fields
from layers.schema import Field, Schema
from layers.store_tables import record_name
from layers.workspace import Workspace

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after, as text; empty where there was or is none."""

    field: Field
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to one record at a time; of a removed one every value it had is told.

    ``before`` is the whole record as it stood before.
    """

    at: datetime
    schema: Schema
    record_id: str
    kind: Literal["changed", "removed"]
    fields: tuple[FieldChange, ...]
    before: Record


def current(workspace: Workspace, schema: Schema) -> dict[str, dict[str, Any]]:
    """The values of every record as they are held, with ``content_hash``, by id.

    A record that can have a point has its longitude and latitude too.
    """
    names = [field.name for field in schema.stored] + ["content_hash", "geometry"]
    rows: list[dict[str, Any]] = list(workspace.store.held(schema, names).values())
    return {
        record_name(schema, row): _placed(schema, row, shapely.from_wkb(row.pop("geometry")))
        for row in rows
    }


def last_values(workspace: Workspace, schema: Schema, of: str) -> dict[str, Any] | None:
    """The values that a record had before it was removed; None where there never was one."""
    found = [row["content"] for row in workspace.store.history(schema) if row["record_id"] == of]
    return _from_history(schema, found[-1]) if found else None


def changes(workspace: Workspace, schema: Schema) -> list[Change]:
    """Every change of a register's records, the newest first.

    A value is compared with the one that came after it, in the history or as it is held; a record
    that nothing came after was removed.
    """
    after: dict[str, Record] = dict(current(workspace, schema))
    found = []
    for row in reversed(workspace.store.history(schema)):
        name, before = row["record_id"], _from_history(schema, row["content"])
        later = after.get(name)
        fields = _differences(schema, before, later or {})
        kind: Literal["changed", "removed"] = "changed" if later else "removed"
        found.append(Change(row["replaced_at"], schema, name, kind, fields, before))
        after[name] = before
    return found


def _differences(schema: Schema, before: Record, later: Record) -> tuple[FieldChange, ...]:
    pairs = [
        FieldChange(field, text_of(before.get(field.name)), text_of(later.get(field.name)))
        for field in typed_fields(schema)
    ]
    return tuple(pair for pair in pairs if pair.before != pair.after)


def _from_history(schema: Schema, content: Record) -> dict[str, Any]:
    return _placed(schema, dict(content), shapely.from_wkt(content["geometry_wkt"] or None))


def _placed(
    schema: Schema, values: dict[str, Any], place: shapely.Geometry | None
) -> dict[str, Any]:
    """The values with the point of the record, if it can have one."""
    if not schema.position.startswith("point"):
        return values
    return values | degrees_of(place)


def text_of(value: Any) -> str:
    """A value as it is typed; whole amounts without a decimal point.

    >>> text_of(75_000.0), text_of(None)
    ('75000', '')
    """
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
