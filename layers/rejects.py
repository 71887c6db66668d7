"""Rejected rows in a file of their own, to mend and import again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Set
from datetime import datetime
from itertools import count
from pathlib import Path

from layers.files import RawRow, RawTable
from layers.report import RowIssue


def write_rejected(
    folder: Path, table: RawTable, issues: Iterable[RowIssue], rejected: Set[int], at: datetime
) -> str:
    """Write the rejected rows of a file with the reasons, as CSV.

    Points of a GeoJSON file become longitude and latitude, other geometries WKT, as they are read
    again; cells beyond the header follow the last column.

    Returns:
        The path of the file; empty where no row was rejected.
    """
    if not rejected:
        return ""
    reasons: dict[int, list[str]] = {}
    for issue in issues:
        if issue.severity == "rejected":
            reasons.setdefault(issue.row, []).append(f"{issue.column}: {issue.reason}")
    rows = [row for row in table.rows if row.number in rejected]
    position = _position_header(rows) if table.has_geometry else []
    folder.mkdir(exist_ok=True)
    target = _unused(folder, f"{at:%Y%m%dT%H%M%S}-{table.file.split('.')[0]}")
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*table.header, *position, "row_in_file", "rejected_because"])
        for row in rows:
            cells = [row.cells.get(column, "") for column in table.header]
            because = " ".join(reasons.get(row.number, []))
            writer.writerow(
                [*cells, *_position_cells(row, position), row.number, because, *row.surplus]
            )
    return str(target)


def _position_header(rows: list[RawRow]) -> list[str]:
    only_points = all(row.geometry is None or row.geometry.geom_type == "Point" for row in rows)
    return ["longitude", "latitude"] if only_points else ["wkt"]


def _position_cells(row: RawRow, header: list[str]) -> list[object]:
    if row.geometry is None or row.geometry.is_empty:
        return [""] * len(header)
    if header == ["wkt"]:
        return [row.geometry.wkt]
    return [row.geometry.x, row.geometry.y] if header else []


def _unused(folder: Path, stem: str) -> Path:
    target = folder / f"{stem}.csv"
    for number in count(2):
        if not target.exists():
            break
        target = folder / f"{stem}-{number}.csv"
    return target
