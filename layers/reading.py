"""Rows of text read against a schema: parsed, or turned away with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely

from geo.errors import InvalidValue
from layers.errors import MissingColumns
from layers.files import RawTable
from layers.position import position_columns, positions
from layers.report import RowIssue
from layers.schema import Schema, Value


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row as its schema reads it; geometry in EPSG:27700."""

    number: int
    values: dict[str, Value]
    geometry: shapely.Geometry | None


@dataclass(slots=True)
class Reading:
    """What has been made of a file's rows so far: checks add issues, none changes a value."""

    schema: Schema
    table: RawTable
    parsed: list[ParsedRow] = field(default_factory=list)
    issues: list[RowIssue] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)

    def note(self, issue: RowIssue) -> None:
        """Keep an issue; a rejection turns its row away."""
        self.issues.append(issue)
        if issue.severity == "rejected":
            self.rejected.add(issue.row)

    def reject(self, row: int, column: str, value: str, reason: str) -> None:
        """Turn a row away."""
        self.note(RowIssue(row, column, value, reason, "rejected"))

    def kept(self) -> list[ParsedRow]:
        """The rows that can be taken."""
        return [row for row in self.parsed if row.number not in self.rejected]

    def ordered_issues(self) -> tuple[RowIssue, ...]:
        """The issues in the order of the file."""
        return tuple(sorted(self.issues, key=lambda issue: issue.row))

    def unread_columns(self) -> list[str]:
        """Columns of the file that the schema has no use for."""
        header = list(self.table.header)
        read = set(self.schema.header_map(header).values())
        if self.schema.position != "none":
            read |= position_columns(header)
        return [column for column in header if column not in read]


def choose_schema(schemas: Sequence[Schema], table: RawTable) -> Schema:
    """The schema whose required columns the file has.

    Raises:
        MissingColumns: none fits; the message says what each would need.
    """
    header = list(table.header)
    for schema in schemas:
        if set(schema.required_columns) <= set(schema.header_map(header)):
            return schema
    needs = "; or ".join(
        f"for {schema.plural}: {', '.join(schema.required_columns)}" for schema in schemas
    )
    raise MissingColumns(
        f"{table.file} lacks columns that are needed ({needs}). It has: {', '.join(header)}. "
        f"Rename or add the columns."
    )


def read_rows(schemas: Sequence[Schema], table: RawTable) -> Reading:
    """Read every row against the schema that fits the file.

    Raises:
        MissingColumns: no schema fits.
    """
    schema = choose_schema(schemas, table)
    reading = Reading(schema, table)
    columns = schema.header_map(list(table.header))
    geometries = positions(schema, table, reading.reject)
    for row, geometry in zip(table.rows, geometries, strict=True):
        if row.fault:
            reading.reject(row.number, "", "", row.fault)
        values: dict[str, Value] = {}
        for item in schema.stored:
            column = columns.get(item.name, item.name)
            text = row.cells.get(column, "")
            try:
                values[item.name] = item.parse(text)
            except InvalidValue as error:
                reading.reject(row.number, column, text, str(error))
        if row.number not in reading.rejected:
            reading.parsed.append(ParsedRow(row.number, schema.complete(values), geometry))
    _reject_repeated_ids(reading)
    return reading


def _reject_repeated_ids(reading: Reading) -> None:
    first: dict[tuple[Value, ...], ParsedRow] = {}
    for row in reading.parsed:
        key = tuple(row.values[name] for name in reading.schema.id_fields)
        before = first.setdefault(key, row)
        if before is row or (before.values, before.geometry) == (row.values, row.geometry):
            continue
        reading.reject(
            row.number,
            reading.schema.id_fields[0],
            str(key[0]),
            f"The same id stands in row {before.number} with other content. Give one a new id.",
        )
