"""Crime records counted in hexagonal cells."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import BRITISH_NATIONAL_GRID
from geo.grid import HexGrid
from layers.crime_intake import ASB, CRIME_TYPES

SEPARATOR: Final = "\t"


def crime_cells(inside: gpd.GeoDataFrame, grid: HexGrid, monthly: bool) -> gpd.GeoDataFrame:
    """One row a cell, or a cell and month: ``records`` add up to the rows of ``inside``.

    ``inside`` has points in EPSG:27700. A cell's NPA and most common type are those of most of its
    records, in a tie the one that comes first in the alphabet.
    """
    counts = _counted(inside, grid, monthly)
    pairs = counts[["q", "r"]].to_numpy(dtype=np.int64)
    table: dict[str, Any] = {
        "cell_id": grid.cell_ids(pairs) if len(pairs) else [],
        "npa_code": counts["npa_code"],
        "npa_name": counts["npa_name"],
        "date_from": counts["date_from"],
        "date_to": counts["date_to"],
        "records": counts["records"],
        "crimes": counts["records"] - counts["anti_social_behaviour"],
        "anti_social_behaviour": counts["anti_social_behaviour"],
        "most_common": counts["crime_type"].map(dict(CRIME_TYPES)),
        "in_period": counts["possibly"].map({True: "possibly", False: "in"}),
    }
    outlines: Any = grid.polygons(pairs) if len(pairs) else []
    return gpd.GeoDataFrame(table, geometry=outlines, crs=BRITISH_NATIONAL_GRID)


def _counted(inside: gpd.GeoDataFrame, grid: HexGrid, monthly: bool) -> pd.DataFrame:
    qr = grid.locate(inside.geometry.x.to_numpy(), inside.geometry.y.to_numpy())
    keys = pd.DataFrame({"q": qr[:, 0], "r": qr[:, 1]}, index=inside.index)
    if monthly:
        keys["month"] = inside["date_from"]
    group = list(keys.columns)
    table = keys.assign(
        npa=inside["npa_code"] + SEPARATOR + inside["npa_name"],
        crime_type=inside["crime_type"],
        asb=(inside["crime_type"] == ASB).astype(int),
        date_from=inside["date_from"],
        date_to=inside["date_to"],
        possibly=inside["in_period"] == "possibly",
    )
    counts = (
        table.groupby(group, sort=True)
        .agg(
            records=("asb", "size"),
            anti_social_behaviour=("asb", "sum"),
            date_from=("date_from", "min"),
            date_to=("date_to", "max"),
            possibly=("possibly", "any"),
        )
        .reset_index()
    )
    counts["crime_type"] = _most_common(table, group, "crime_type")
    places = [text.split(SEPARATOR) for text in _most_common(table, group, "npa")]
    counts["npa_code"] = [code for code, _ in places]
    counts["npa_name"] = [name for _, name in places]
    return counts


def _most_common(table: pd.DataFrame, group: list[str], column: str) -> np.ndarray[Any, Any]:
    sizes = table.groupby([*group, column], sort=True).size().rename("n").reset_index()
    best = sizes.sort_values("n", ascending=False, kind="stable").drop_duplicates(group)
    return best.sort_values(group)[column].to_numpy()
