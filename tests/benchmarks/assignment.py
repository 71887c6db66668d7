"""A million points in the NPAs: our index beside ``geopandas.sjoin``.

The points of the join are made beforehand; the time of our index includes building it.
"""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np

from boundaries.ground import load_ground
from geo.assign import AreaIndex
from tests.benchmarks.timing import Comparison, best

POINTS: Final = 1_000_000
SEED: Final = 20200311


def compare() -> Comparison:
    """Time both and check that every label is the same."""
    areas = load_ground(None).npas.frame[["code", "geometry"]]
    west, south, east, north = areas.total_bounds
    rng = np.random.default_rng(SEED)
    easting_m = rng.uniform(west, east, POINTS)
    northing_m = rng.uniform(south, north, POINTS)

    def ours() -> np.ndarray[Any, Any]:
        index = AreaIndex.build(areas["code"].tolist(), areas.geometry.to_numpy())
        return index.codes_at(easting_m, northing_m)

    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(easting_m, northing_m), crs=areas.crs)

    def theirs() -> gpd.GeoDataFrame:
        return points.sjoin(areas, how="left", predicate="intersects")

    our_labels, ours_s = best(ours)
    joined, peer_s = best(theirs)
    their_labels = joined.groupby(level=0)["code"].min().fillna("").to_numpy(dtype=object)
    differing = int((our_labels != their_labels).sum())
    return Comparison(
        f"{POINTS:,} points assigned to {len(areas)} NPAs, index built anew",
        "geopandas.sjoin",
        ours_s,
        peer_s,
        f"{differing:,} labels differ",
    )
