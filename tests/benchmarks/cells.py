"""A million points counted in hexagons: arithmetic on the lattice beside a spatial join."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np

from boundaries.ground import load_ground
from geo.grid import HexGrid
from tests.benchmarks.timing import Comparison, best

POINTS: Final = 1_000_000
SEED: Final = 20221001
CELL_M: Final = 1000.0


def compare() -> Comparison:
    """Time both and check that every cell holds the same number of points."""
    west, south, east, north = load_ground(None).npas.frame.total_bounds
    rng = np.random.default_rng(SEED)
    easting_m = rng.uniform(west, east, POINTS)
    northing_m = rng.uniform(south, north, POINTS)
    grid = HexGrid(CELL_M)
    ones = np.ones((POINTS, 1), dtype=np.int64)

    def ours() -> tuple[Any, Any]:
        return grid.bin_counts(grid.locate(easting_m, northing_m), ones)

    (cells, counts), ours_s = best(ours)
    hexagons = gpd.GeoDataFrame(geometry=grid.polygons(cells), crs="EPSG:27700")
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(easting_m, northing_m), crs=hexagons.crs)

    def theirs() -> np.ndarray[Any, Any]:
        joined = points.sjoin(hexagons, how="inner", predicate="within")
        return np.bincount(joined["index_right"], minlength=len(hexagons))

    their_counts, peer_s = best(theirs)
    differing = int((their_counts != counts[:, 0]).sum())
    return Comparison(
        f"{POINTS:,} points counted in {len(cells):,} hexagons of {CELL_M:g} m",
        "geopandas.sjoin on the same hexagons, given to it",
        ours_s,
        peer_s,
        f"{differing:,} counts differ",
    )
