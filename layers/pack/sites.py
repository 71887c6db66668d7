"""The compiled police sites and capital projects, each marked as public or for staff."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from layers.pack.recipe import EstateRecipe, PackRecipe
from layers.pack.tables import PackFile, Row, as_choice, csv_bytes, read_rows, source_of

SITES_HEADER: Final = (
    "site_id",
    "name",
    "site_type",
    "location_id",
    "address",
    "postcode",
    "latitude",
    "longitude",
    "commanding_npa",
    "public_access",
    "tenure",
    "partners",
    "status",
    "opened",
    "closed",
    "visibility",
    "note",
    "source",
)
PROJECTS_HEADER: Final = (
    "project_id",
    "project",
    "site_name",
    "category",
    "budget_gbp",
    "percent_complete",
    "status",
    "expected_completion",
    "funding",
    "visibility",
    "note",
)
_STAFF: Final = "staff"
_SITE_TYPES: Final = {"custody": "custody-suite"}
_STAFF_ONLY_TYPES: Final = frozenset({"custody"})
_ACCESS: Final = {"yes": "open", "no": "none"}
_BETWEEN_SOURCES: Final = " ; "


def sites_file(shared: Path, recipe: PackRecipe) -> PackFile:
    """``sites.csv``: custody suites for staff only, and no public row that points to one.

    An address cited for a site that is for staff only is dropped from the sources of public sites:
    it would tell a reader what else stands there.
    """
    compiled = read_rows(shared / "estate" / "sites.csv")
    telling = {
        address
        for row in compiled
        if row["site_type"] in _STAFF_ONLY_TYPES
        for address in row["source"].split(_BETWEEN_SOURCES)
    }
    rows = [_site(row, telling, recipe.estate) for row in compiled]
    dropped = [
        before["source"].count(_BETWEEN_SOURCES) - after["source"].count(_BETWEEN_SOURCES)
        for before, after in zip(compiled, rows, strict=True)
    ]
    source = source_of(
        recipe,
        "sites",
        len(compiled),
        len(rows),
        dropped=sum(dropped),
        sites_touched=sum(map(bool, dropped)),
    )
    return PackFile("sites.csv", csv_bytes(SITES_HEADER, rows), source)


def _site(row: Row, telling: set[str], said: EstateRecipe) -> Row:
    staff_only = row["site_type"] in _STAFF_ONLY_TYPES
    year = row["opened_or_closed"]
    addresses = [
        address
        for address in row["source"].split(_BETWEEN_SOURCES)
        if staff_only or address not in telling
    ]
    taken: Row = {column: row[column] for column in SITES_HEADER if column in row}
    return taken | {
        "site_type": _SITE_TYPES.get(row["site_type"], as_choice(row["site_type"])),
        "location_id": said.locations.get(row["site_id"], ""),
        "commanding_npa": row["npa_code"],
        "public_access": _ACCESS.get(row["public_access"], as_choice(row["public_access"])),
        "tenure": as_choice(row["tenure"]),
        "partners": said.partners.get(row["site_id"], ""),
        "status": row["status"] or "unknown",
        "opened": "" if row["status"] == "closed" else year,
        "closed": year if row["status"] == "closed" else "",
        "visibility": _STAFF if staff_only else "public",
        "source": _BETWEEN_SOURCES.join(addresses),
    }


def projects_file(shared: Path, recipe: PackRecipe) -> PackFile:
    """``projects.csv``: the capital programme, all of it for staff."""
    compiled = read_rows(shared / "estate" / "capital_programme_2023-10.csv")
    rows = []
    for row in compiled:
        taken: Row = {column: row[column] for column in PROJECTS_HEADER if column in row}
        taken |= {
            "site_name": row["site"],
            "status": as_choice(row["status"]),
            "visibility": _STAFF,
        }
        rows.append(taken)
    source = source_of(recipe, "projects", len(compiled), len(rows))
    return PackFile("projects.csv", csv_bytes(PROJECTS_HEADER, rows), source)
