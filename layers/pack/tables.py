"""CSV as the pack reads and writes it: text only, so that the code ``NA`` stays ``NA``."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boundaries.provenance import Source
from layers.pack.recipe import PackRecipe

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of the pack, whole, with where it came from."""

    name: str
    content: bytes
    source: Source


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def csv_bytes(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """CSV in UTF-8 with a line feed at each row's end; an unknown column is an error."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def gzipped(content: bytes) -> bytes:
    """Gzip without a time or a name, so that the same content gives the same bytes."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def as_choice(text: str) -> str:
    """A value as one of a closed list: lower case, words joined by hyphens.

    >>> as_choice("stated (weekday mismatch)")
    'stated-weekday-mismatch'
    """
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def source_of(
    recipe: PackRecipe, source_id: str, rows_in: int, rows_out: int, **figures: Any
) -> Source:
    """The source entry of a file: its constants from the recipe, its figures filled in."""
    constants = dict(recipe.sources[source_id])
    numbers = {
        name: f"{value:,}" if isinstance(value, int) else value for name, value in figures.items()
    }
    return Source(
        **{
            **constants,
            "id": source_id,
            "attribution": tuple(constants["attribution"]),
            "note": constants["note"].format(**numbers),
            "rows_in": rows_in,
            "rows_out": rows_out,
        }
    )
