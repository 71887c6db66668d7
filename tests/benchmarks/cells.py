"""A million records counted in hexagons: the crime layer's own cells beside a spatial join.

Both are given the same points; the peer is given the hexagons too. The layer names each cell, its
NPA, its dates and its most common type as well, which the peer does not.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries.ground import Ground, load_ground
from geo.assign import AreaIndex
from geo.grid import HexGrid
from layers.crime_cells import crime_cells
from layers.crime_intake import ASB, CRIME_TYPES
from layers.location import place
from tests.benchmarks.timing import Comparison, best

POINTS: Final = 1_000_000
SEED: Final = 20221001
CELL_M: Final = 1000.0
MONTH: Final = (pd.Timestamp("2022-10-01").as_unit("s"), pd.Timestamp("2022-10-31").as_unit("s"))


def compare() -> Comparison:
    """Time both and check the records and the anti-social behaviour of every cell."""
    inside = _records(load_ground(None))
    grid = HexGrid(CELL_M)

    cells, ours_s = best(lambda: crime_cells(inside, grid, monthly=False))
    hexagons = cells[["cell_id", "geometry"]]

    def theirs() -> pd.DataFrame:
        joined = inside.sjoin(hexagons, how="inner", predicate="within")
        table = pd.DataFrame({"cell_id": joined["cell_id"], "asb": joined["crime_type"] == ASB})
        return table.groupby("cell_id").agg(
            records=("asb", "size"), anti_social_behaviour=("asb", "sum")
        )

    counted, peer_s = best(theirs)
    columns = ["records", "anti_social_behaviour"]
    ours = cells.set_index("cell_id")[columns]
    differing = int((counted.reindex(ours.index, fill_value=0) != ours).to_numpy().sum())
    return Comparison(
        f"{POINTS:,} crime records of a month made into {len(cells):,} hexagons of {CELL_M:g} m",
        "geopandas.sjoin on the same hexagons, then a pandas groupby for two of the counts",
        ours_s,
        peer_s,
        f"{differing:,} counts differ",
    )


def _records(ground: Ground) -> gpd.GeoDataFrame:
    """Records of one month as the layer holds them, spread evenly over the force area."""
    areas = ground.npas.frame
    west, south, east, north = areas.total_bounds
    index = AreaIndex.build(areas["code"].tolist(), areas.geometry.to_numpy())
    rng = np.random.default_rng(SEED)
    points = rng.uniform((west, south), (east, north), (3 * POINTS, 2))
    easting_m, northing_m = points[index.locate(*points.T) >= 0][:POINTS].T
    kinds = np.array([kind for kind, _ in CRIME_TYPES])
    frame = gpd.GeoDataFrame(
        {
            "crime_type": pd.Series(rng.choice(kinds, len(easting_m)), dtype="str"),
            "records": 1,
            "date_from": MONTH[0],
            "date_to": MONTH[1],
            "in_period": "in",
        },
        geometry=gpd.points_from_xy(easting_m, northing_m),
        crs=areas.crs,
    )
    return place(frame, easting_m, northing_m, frame["date_from"], ground)
