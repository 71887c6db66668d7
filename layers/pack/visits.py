"""The compiled visits with their closed lists spelt as the layer spells them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from layers.pack.recipe import PackRecipe
from layers.pack.tables import PackFile, Row, as_choice, csv_bytes, read_rows, source_of

HEADER: Final = (
    "visit_id",
    "date",
    "place",
    "district",
    "stated_npa",
    "latitude",
    "longitude",
    "location_precision",
    "visitor",
    "visit_type",
    "initiated_by",
    "reason",
    "source",
    "date_basis",
)
_CHOICES: Final = ("location_precision", "visit_type", "initiated_by", "date_basis")


def visits_file(shared: Path, recipe: PackRecipe) -> PackFile:
    """``visits.csv``: one row a stop, nothing left out."""
    compiled = read_rows(shared / "engagement" / "visits.csv")
    rows = []
    for row in compiled:
        taken: Row = {column: row[column] for column in HEADER if column in row}
        taken["stated_npa"] = row["npa_code"]
        taken |= {column: as_choice(row[column]) for column in _CHOICES}
        rows.append(taken)
    source = source_of(recipe, "visits", len(compiled), len(rows))
    return PackFile("visits.csv", csv_bytes(HEADER, rows), source)
