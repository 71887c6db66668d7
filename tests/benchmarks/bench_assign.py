"""Points in NPAs: our index against geopandas.sjoin, in the same run.

``python -m tests.benchmarks.bench_assign`` draws a million points over the shipped outlines,
checks that both give every point the same label, and prints the times and their ratio. The
points of the join are made beforehand; the time of our index includes building it.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np

from boundaries.ground import load_ground
from geo.assign import AreaIndex

POINTS: Final = 1_000_000
ROUNDS: Final = 3
SEED: Final = 20200311

_Result = TypeVar("_Result")


def main() -> None:
    """Print the best of a few rounds of each."""
    areas = load_ground(None).npas.frame[["code", "geometry"]]
    west, south, east, north = areas.total_bounds
    rng = np.random.default_rng(SEED)
    easting_m = rng.uniform(west, east, POINTS)
    northing_m = rng.uniform(south, north, POINTS)

    def ours() -> np.ndarray:
        index = AreaIndex.build(areas["code"].tolist(), areas.geometry.to_numpy())
        return index.codes_at(easting_m, northing_m)

    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(easting_m, northing_m), crs=areas.crs)

    def theirs() -> gpd.GeoDataFrame:
        return points.sjoin(areas, how="left", predicate="intersects")

    our_labels, our_time = _best(ours)
    joined, their_time = _best(theirs)
    their_labels = joined.groupby(level=0)["code"].min().fillna("").to_numpy(dtype=object)
    if not np.array_equal(our_labels, their_labels):
        raise SystemExit(f"{int((our_labels != their_labels).sum())} labels differ")
    print(
        f"{POINTS:,} points in {len(areas)} areas: index {our_time:.3f} s (building it included), "
        f"sjoin {their_time:.3f} s, {their_time / our_time:.1f} times as fast; equal labels"
    )


def _best(run: Callable[[], _Result]) -> tuple[_Result, float]:
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        result = run()
        times.append(perf_counter() - begun)
    return result, min(times)


if __name__ == "__main__":
    main()
