"""Taking rows into a register: the same road for every layer whose records live in SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from layers.errors import RejectedRows
from layers.files import RawTable
from layers.reading import ParsedRow, Reading, read_rows
from layers.report import ImportReport, RowIssue
from layers.schema import Schema
from layers.store import Changes, StoredRow
from layers.workspace import Intake, Workspace

STAFF: Final = "staff"

Check = Callable[[Workspace, Sequence[ParsedRow]], list[RowIssue]]


def take_rows(
    layer: str,
    schemas: Sequence[Schema],
    table: RawTable,
    workspace: Workspace,
    intake: Intake,
    checks: Sequence[Check] = (),
) -> ImportReport:
    """Parse, check and keep a file's rows, all that can be taken in one transaction.

    ``checks`` look at the parsed rows and warn or reject; they never change a value.

    Raises:
        MissingColumns: the header lacks needed columns.
        RejectedRows: ``intake.strict`` and a row cannot be taken.
    """
    reading = checked_rows(schemas, table, workspace, checks)
    columns = reading.schema.header_map(list(table.header))
    refuse_if_strict(layer, reading, intake)
    with workspace.importing():
        rows = _with_what_is_kept(reading, columns, workspace)
        planned = report_of(layer, reading, Changes(added=len(rows)))
        rejected_file = workspace.keep_rejected(table, reading.issues, reading.rejected, intake.at)
        changes = workspace.store.upsert(reading.schema, rows, intake.at, planned, intake.form_key)
    return report_of(layer, reading, changes, rejected_file)


def checked_rows(
    schemas: Sequence[Schema], table: RawTable, workspace: Workspace, checks: Sequence[Check] = ()
) -> Reading:
    """A file's rows, parsed and checked, with nothing kept yet.

    Raises:
        MissingColumns: the header lacks needed columns.
    """
    reading = read_rows(schemas, table)
    columns = reading.schema.header_map(list(table.header))
    for check in checks:
        for issue in check(workspace, reading.parsed):
            reading.note(replace(issue, column=columns.get(issue.column, issue.column)))
    return reading


def _with_what_is_kept(
    reading: Reading, columns: Mapping[str, str], workspace: Workspace
) -> list[StoredRow]:
    """The rows to keep; where the file is silent, a held record stays as visible as it was.

    A record that was for staff and is public from now on is warned of.
    """
    names = [item.name for item in reading.schema.stored if item.kept_if_blank]
    held = workspace.store.held(reading.schema, names) if names else {}
    cells = {row.number: row.cells for row in reading.table.rows}
    rows = []
    for row in reading.kept():
        before = held.get(tuple(row.values[name] for name in reading.schema.id_fields), {})
        said = {name for name in before if cells[row.number].get(columns.get(name, ""), "").strip()}
        values = row.values | {name: before[name] for name in before if name not in said}
        for name in said:
            if before[name] == STAFF and values[name] != STAFF:
                reason = "The record was for staff, and is for the public from now on."
                reading.note(
                    RowIssue(row.number, columns[name], str(values[name]), reason, "warned")
                )
        rows.append(StoredRow(values, row.geometry))
    return rows


def refuse_if_strict(layer: str, reading: Reading, intake: Intake) -> None:
    """Refuse the whole file in a strict import with a rejected row.

    Raises:
        RejectedRows: names the first rejected row, and carries a report in which every row is
            rejected, the right ones because of the others.
    """
    if not (intake.strict and reading.rejected):
        return
    first = next(item for item in reading.ordered_issues() if item.severity == "rejected")
    wrong = len(reading.rejected)
    for row in reading.table.rows:
        if row.number not in reading.rejected:
            reading.reject(row.number, "", "", "The import is strict, and another row is wrong.")
    raise RejectedRows(
        f"A strict import needs every row to be right; {wrong:,} of {len(reading.table.rows):,} "
        f"in {reading.table.file} are not, the first being row {first.row}, {first.column}: "
        f"{first.reason} Nothing was taken.",
        report_of(layer, reading, Changes()),
    )


def report_of(
    layer: str,
    reading: Reading,
    changes: Changes,
    rejected_file: str = "",
    notes: Sequence[str] = (),
) -> ImportReport:
    """The account of a reading and of what the store made of it."""
    unread = reading.unread_columns()
    left = f"Columns that {reading.schema.plural} do not have were left: {', '.join(unread)}."
    return ImportReport(
        layer=layer,
        part=reading.schema.part,
        file=reading.table.file,
        rows=len(reading.table.rows),
        added=changes.added,
        updated=changes.updated,
        unchanged=changes.unchanged,
        rejected=len(reading.rejected),
        issues=reading.ordered_issues(),
        notes=(*([left] if unread else []), *notes),
        rejected_file=rejected_file,
    )
