"""Events, glossary and published totals, as compiled."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final

from layers.pack.recipe import PackRecipe
from layers.pack.tables import PackFile, Row, csv_bytes, read_rows, source_of

OUR_OWN: Final = Path(__file__).with_name("own")
"""Facts of our own, a file each by the name of the file that they follow."""
_POINTER: Final = re.compile(r", see \S+\.md$")


def context_files(shared: Path, recipe: PackRecipe) -> list[PackFile]:
    """``events.csv``, ``glossary.csv`` and ``published_totals.csv``.

    A note that holds a comma without quotation marks runs over the end of its row; what runs over
    is joined to the last column again. A pointer to another file of the compilation is left out: it
    is not shipped. Rows that we hold ourselves follow those of the compilation.
    """
    return [_copied(shared, recipe, name) for name in ("events", "glossary", "published_totals")]


def _our_own(name: str) -> list[Row]:
    """Rows that are not in the compilation, each with the public pages from which it was read."""
    path = OUR_OWN / f"{name}.csv"
    return read_rows(path) if path.exists() else []


def _copied(shared: Path, recipe: PackRecipe, name: str) -> PackFile:
    path = shared / "engagement" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    last = len(header) - 1
    whole = ([*line[:last], ",".join(line[last:])] for line in lines)
    rows = [
        dict(zip(header, (_POINTER.sub("", cell) for cell in line), strict=True)) for line in whole
    ]
    mended = sum(len(line) > len(header) for line in lines)
    added = _our_own(name)
    header += [column for row in added[:1] for column in row if column not in header]
    rows = [{column: row.get(column, "") for column in header} for row in (*rows, *added)]
    source = source_of(
        recipe, name, len(lines) + len(added), len(rows), mended=mended, added=len(added)
    )
    return PackFile(f"{name}.csv", csv_bytes(header, rows), source)
