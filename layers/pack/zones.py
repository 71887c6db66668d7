"""The People Zones as first versions, each with a circle that we drew for want of a boundary."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import shapely

from geo.crs import geometries_to_degrees, to_metres
from layers.pack.recipe import PackRecipe
from layers.pack.tables import PackFile, Row, as_choice, csv_bytes, read_rows, source_of

HEADER: Final = (
    "zone_id",
    "version",
    "name",
    "place",
    "stated_npa",
    "date_from",
    "date_to",
    "status",
    "description",
    "extent_description",
    "approximate",
    "source",
    "wkt",
)


def people_zones_file(shared: Path, recipe: PackRecipe) -> PackFile:
    """``people_zones.csv``: outlines in WGS84, approximate and said to be so."""
    compiled = read_rows(shared / "zones" / "people_zones.csv")
    rows = [_zone(row, recipe) for row in compiled]
    source = source_of(recipe, "people_zones", len(compiled), len(rows))
    return PackFile("people_zones.csv", csv_bytes(HEADER, rows), source)


def _zone(row: Row, recipe: PackRecipe) -> Row:
    radius_m = recipe.zone_radius_m[row["name"]]
    status, _, remark = row["status"].rstrip(")").partition(" (")
    outline = circle(float(row["longitude"]), float(row["latitude"]), radius_m, recipe.zone_corners)
    return {
        "zone_id": as_choice(row["name"]),
        "version": "1",
        "name": row["name"],
        "place": row["place"],
        "stated_npa": row["npa_code"],
        "date_from": row["start_date"],
        "date_to": "",
        "status": as_choice(status),
        "description": f"{row['description']} {status.capitalize()}: {remark}.",
        "extent_description": (
            f"{row['extent_description']} The outline shown is a circle of {radius_m} m radius "
            f"that we drew round this centre."
        ),
        "approximate": "true",
        "source": row["source"],
        "wkt": shapely.to_wkt(outline, rounding_precision=6),
    }


def circle(longitude: float, latitude: float, radius_m: float, corners: int) -> shapely.Polygon:
    """A regular polygon round a point, in WGS84; ``radius_m`` reaches to its corners."""
    easting_m, northing_m = to_metres([longitude], [latitude])
    turn = np.arange(corners) * (2 * np.pi / corners)
    ring = np.column_stack(
        (easting_m + radius_m * np.cos(turn), northing_m + radius_m * np.sin(turn))
    )
    return geometries_to_degrees([shapely.Polygon(ring)])[0]
