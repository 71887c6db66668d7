"""Reads what Patchmap ships of the ground: outlines, small areas, wards and settlements."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from boundaries.provenance import read_sources
from boundaries.recipe import RECIPES, Force, read_recipe
from boundaries.sets import COLUMNS, BoundarySet
from geo.crs import BRITISH_NATIONAL_GRID, geometries_to_metres, to_metres

SHIPPED: Final = Path(__file__).with_name("data")
SOURCES: Final = SHIPPED / "sources.toml"

_DECIMAL: Final = frozenset({"longitude", "latitude"})
_WHOLE: Final = frozenset(
    {
        "area_m2",
        "employment2025_decile",
        "imd2019_decile",
        "imd2019_rank",
        "imd2025_decile",
        "imd2025_rank",
        "income2025_decile",
        "population",
        "residents",
        "residents_mid2020",
    }
)


def table(name: str) -> pd.DataFrame:
    """A shipped table with texts as texts, figures as figures, and its points in metres too.

    Args:
        name: the file's name without its ending, such as "wards" or "lsoa_2021".
    """
    read = pd.read_csv(SHIPPED / f"{name}.csv", dtype=str, keep_default_na=False)
    kinds = {column: "int64" for column in read.columns if column in _WHOLE}
    kinds |= {column: "float64" for column in read.columns if column in _DECIMAL}
    typed = read.astype(kinds)
    if not set(typed.columns) >= _DECIMAL:
        return typed
    easting_m, northing_m = to_metres(typed["longitude"], typed["latitude"])
    return typed.assign(easting_m=easting_m, northing_m=northing_m)


def shipped_sets() -> tuple[Force, BoundarySet, BoundarySet]:
    """The force whose ground we ship, with its NPAs and districts."""
    about = tomllib.loads((SHIPPED / "ground.toml").read_text(encoding="utf-8"))
    force = read_recipe(RECIPES / about["recipe"]).force
    sources = {source.id: source for source in read_sources(SOURCES)}

    def read(name: str) -> BoundarySet:
        content = (SHIPPED / f"{name}.geojson").read_bytes()
        frame = _frame(json.loads(content))
        return BoundarySet(
            id=name,
            title=about["titles"][name],
            frame=frame,
            display=frame,
            detail=about["detail"],
            build_id=f"shipped-{hashlib.sha256(content).hexdigest()[:12]}",
            attribution=sources[name].attribution,
        )

    return force, read("npas"), read("districts")


def _frame(collection: dict[str, Any]) -> gpd.GeoDataFrame:
    rows = [feature["properties"] for feature in collection["features"]]
    shapes = shapely.from_geojson(
        [json.dumps(feature["geometry"]) for feature in collection["features"]]
    )
    frame = gpd.GeoDataFrame(
        {column: [row[column] for row in rows] for column in COLUMNS[:-1]},
        geometry=geometries_to_metres(shapes),
        crs=BRITISH_NATIONAL_GRID,
    )
    for column in ("date_from", "date_to"):
        days = [date.fromisoformat(row[column]) if row[column] else None for row in rows]
        frame[column] = np.array(days, dtype=object)
    return frame
