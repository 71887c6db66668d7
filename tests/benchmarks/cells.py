"""A million records counted in hexagons: the crime layer's own way beside a spatial join.

Both are given the same points; the peer is given the hexagons too. Ours also places every record in
its NPA, and names each cell, its NPA, its dates and its most common type, which the peer does not.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries.ground import Ground, load_ground
from geo.assign import AreaIndex
from geo.grid import HexGrid
from layers.crime import DEFAULT_CELL_M
from layers.crime_cells import crime_cells
from layers.crime_counts import count_month, counts_frame
from layers.crime_intake import ASB, CRIME_TYPES
from layers.crime_store import CrimePoints
from tests.benchmarks.timing import Comparison, best

POINTS: Final = 1_000_000
SEED: Final = 20221001
MONTH: Final = "2022-10"


def compare() -> Comparison:
    """Time both and check the records and the anti-social behaviour of every cell."""
    ground, grid = load_ground(None), HexGrid(DEFAULT_CELL_M)
    points = _records(ground)

    def ours() -> gpd.GeoDataFrame:
        counts = counts_frame([count_month(MONTH, points, grid, ground)], ground)
        return crime_cells(counts.assign(in_period="in"), grid, monthly=False).frame()

    cells, ours_s = best(ours)
    hexagons = cells[["cell_id", "geometry"]]
    records = gpd.GeoDataFrame(
        {"asb": points.crime_type == ASB},
        geometry=gpd.points_from_xy(points.easting_m, points.northing_m),
        crs=cells.crs,
    )

    def theirs() -> pd.DataFrame:
        joined = records.sjoin(hexagons, how="inner", predicate="within")
        groups = joined.groupby("cell_id")["asb"]
        return pd.DataFrame({"records": groups.size(), "anti_social_behaviour": groups.sum()})

    counted, peer_s = best(theirs)
    columns = ["records", "anti_social_behaviour"]
    ours_counted = cells.set_index("cell_id")[columns]
    differing = int(
        (counted.reindex(ours_counted.index, fill_value=0) != ours_counted).to_numpy().sum()
    )
    return Comparison(
        f"{POINTS:,} crime records of a month placed in NPAs and made into {len(cells):,} hexagons "
        f"of {DEFAULT_CELL_M:,} m",
        "geopandas.sjoin on the same hexagons, then a pandas groupby for two of the counts",
        ours_s,
        peer_s,
        f"{differing:,} counts differ",
    )


def _records(ground: Ground) -> CrimePoints:
    """Records of one month as the store gives them, spread evenly over the force area."""
    areas = ground.npas.frame
    west, south, east, north = areas.total_bounds
    index = AreaIndex.build(areas["code"].tolist(), areas.geometry.to_numpy())
    rng = np.random.default_rng(SEED)
    points = rng.uniform((west, south), (east, north), (3 * POINTS, 2))
    easting_m, northing_m = points[index.locate(*points.T) >= 0][:POINTS].T
    kinds = [kind for kind, _ in CRIME_TYPES]
    chosen = rng.integers(0, len(kinds), len(easting_m))
    return CrimePoints(easting_m, northing_m, pd.Categorical.from_codes(chosen, pd.Index(kinds)))
