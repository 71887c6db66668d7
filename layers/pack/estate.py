"""The registers of the estate beside its sites: history, Section 106 items, published totals."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from layers.pack.recipe import PackRecipe
from layers.pack.tables import PackFile, as_choice, csv_bytes, read_rows, source_of

HISTORY_HEADER: Final = (
    *("event_id", "site_id", "date", "event", "public_access", "hours", "visibility"),
    *("note", "source"),
)
SECTION_106_HEADER: Final = (
    *("item_id", "item", "council", "covenant", "amount_gbp", "deadline", "purpose", "status"),
    *("deed_of_variation_gbp", "visibility", "note", "source"),
)
TOTALS_HEADER: Final = ("measure", "value", "unit", "as_of", "visibility", "note", "source")


def site_history_file(shared: Path, recipe: PackRecipe) -> PackFile:
    """``site_history.csv``: what the recipe dates, with the source of the site that it is of."""
    sources = {row["site_id"]: row["source"] for row in read_rows(shared / "estate" / "sites.csv")}
    rows = [
        dict.fromkeys(HISTORY_HEADER, "")
        | dict(event)
        | {
            "event_id": f"H-{number:04}",
            "visibility": "public",
            "source": sources[event["site_id"]],
        }
        for number, event in enumerate(recipe.estate.event, start=1)
    ]
    source = source_of(recipe, "site_history", len(rows), len(rows))
    return PackFile("site_history.csv", csv_bytes(HISTORY_HEADER, rows), source)


def section_106_file(shared: Path, recipe: PackRecipe) -> PackFile:
    """``section_106.csv``: all of it for staff, the compiled words for its state in the note."""
    compiled = read_rows(shared / "estate" / "s106_2023-10.csv")
    rows = [
        dict.fromkeys(SECTION_106_HEADER, "")
        | {
            "item_id": f"S106-{number:04}",
            "item": row["item"],
            "council": row["council"],
            "amount_gbp": row["amount_gbp"],
            "status": recipe.estate.section_106_states[row["status"]],
            "visibility": "staff",
            "note": "; ".join(filter(None, (f"Reported as: {row['status']}", row["note"]))),
            "source": row["source"],
        }
        for number, row in enumerate(compiled, start=1)
    ]
    source = source_of(recipe, "section_106", len(compiled), len(rows))
    return PackFile("section_106.csv", csv_bytes(SECTION_106_HEADER, rows), source)


def estate_totals_file(shared: Path, recipe: PackRecipe) -> PackFile:
    """``estate_totals.csv``: each published figure with its day."""
    compiled = read_rows(shared / "estate" / "published_totals_2023-10.csv")
    said = recipe.estate
    rows = [
        row
        | {
            "measure": as_choice(row["measure"]),
            "as_of": said.totals_of_another_day.get(row["measure"], said.totals_as_of),
            "visibility": "public",
            "source": said.totals_source,
        }
        for row in compiled
    ]
    source = source_of(recipe, "estate_totals", len(compiled), len(rows))
    return PackFile("estate_totals.csv", csv_bytes(TOTALS_HEADER, rows), source)
