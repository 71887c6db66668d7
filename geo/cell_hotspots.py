"""Hot spots of events on a grid, from points to clusters, with every decision kept for words.

The band, unless one is stated, reaches the centres of the cells that touch: six neighbours for
hexagons, eight for squares. With the cell itself that is the smallest neighbourhood that has no
gaps, and the number of neighbours that guidance calls for.

Counts of crime are so uneven, a few cells of a city centre holding hundreds of times as many as
most, that against chance those few outweigh everything: other towns then hardly stand out. Of the
square roots of the counts the same test finds towns too. Which of the two was tested is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from geo.area_cells import AreaCells
from geo.clusters import Cluster, clusters_of
from geo.errors import InvalidValue
from geo.hotspots import (
    ANALYTIC,
    FEWEST_EVENTS,
    FEWEST_PLACES,
    RATES,
    FloatArray,
    HotSpots,
    Significance,
    hot_spots,
)
from geo.neighbours import within_band

Measure = Literal["count", "root"]
"""What is tested: events of a cell, or their square root."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided and what came of it, for a caption, a table or an export to say.

    ``left_out_events`` lie in no cell kept; ``left_out_m2`` is the ground of the area without one.
    ``fewest_named`` is how many cells must have the least p-value before any is named.
    """

    grid: str
    cell_m: float
    cell_area_m2: float
    least_share: float
    cells: int
    cells_at_edge: int
    left_out_m2: float
    events: float
    left_out_events: float
    measure: Measure
    band_m: float
    neighbours_from: int
    neighbours_to: int
    method: str
    permutations: int
    seed: int
    least_p: float
    rate: float
    fewest_named: int
    skewness: float
    normal_holds: bool
    enough: bool


@dataclass(frozen=True, slots=True, eq=False)
class CellHotSpots:
    """The cells, events by cell, Gi*, the clusters of cells named, and what was decided."""

    cells: AreaCells
    counts: FloatArray
    spots: HotSpots
    clusters: tuple[Cluster, ...]
    decisions: Decisions


def cell_hot_spots(
    cells: AreaCells,
    points_m: npt.ArrayLike,
    rate: float,
    band_m: float | None = None,
    test: Significance = ANALYTIC,
    measure: Measure = "count",
    events: npt.ArrayLike | None = None,
) -> CellHotSpots:
    """Count events by cell, and find the hot and cold cells and the clusters they make.

    Args:
        cells: the cells of the area.
        points_m: easting and northing of each event in EPSG:27700, an ``(n, 2)`` array.
        rate: the false discovery rate of the clusters, one of 0.10, 0.05 and 0.01.
        band_m: the distance band in metres; that of touching cells unless given.
        test: how significance is found.
        measure: whether events are tested or their square roots.
        events: how many events each point stands for; one unless given.

    Raises:
        InvalidValue: another rate, a point without a position, a band that is not above 0
            metres, or a number of permutations that cannot be made.
    """
    if rate not in RATES:
        raise InvalidValue(f"A rate is one of {', '.join(map(str, RATES))}; given {rate!r}.")
    grid = cells.grid
    points = np.asarray(points_m, dtype=np.float64).reshape(-1, 2)
    each = np.ones(len(points)) if events is None else events
    counts, left_out = cells.counted(grid.locate(*points.T), each)
    touching = within_band(cells.centres_m, grid.touch_m)
    near = touching if band_m is None else within_band(cells.centres_m, band_m)
    spots = hot_spots(np.sqrt(counts) if measure == "root" else counts, near, test)
    clusters = clusters_of(spots.classes, spots.z, counts, touching, RATES.index(rate) + 1)
    total = float(counts.sum())
    counts.setflags(write=False)
    decisions = Decisions(
        grid=grid.shape,
        cell_m=grid.width_m,
        cell_area_m2=grid.area_m2,
        least_share=cells.least_share,
        cells=spots.places,
        cells_at_edge=cells.at_edge,
        left_out_m2=cells.left_out_m2,
        events=total,
        left_out_events=left_out,
        measure=measure,
        band_m=near.band_m,
        neighbours_from=int(near.counts.min(initial=near.size)),
        neighbours_to=int(near.counts.max(initial=0)),
        method=test.method,
        permutations=test.permutations,
        seed=test.seed,
        least_p=test.least_p,
        rate=rate,
        fewest_named=test.fewest_named(spots.places, rate),
        skewness=spots.skewness,
        normal_holds=spots.normal_holds,
        enough=spots.places >= FEWEST_PLACES and total >= FEWEST_EVENTS,
    )
    return CellHotSpots(cells, counts, spots, clusters, decisions)
