"""The cells that cover an area, and how much of each lies in it.

What is recorded stops at the edge of a force area, so a cell that lies half outside seems half as
busy as it is. Cells of which most lies outside are therefore no part of an analysis; those kept are
kept whole, never moved or cut, and say how much of their ground is inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import InvalidValue
from geo.grid import CellRange, FloatArray, IntArray

LEAST_SHARE: Final = 0.5


class Grid(Protocol):
    """Hexagons or squares with a fixed origin, in metres of EPSG:27700."""

    @property
    def area_m2(self) -> float:
        """Area of one cell."""

    @property
    def touch_m(self) -> float:
        """The distance between the centres of cells that touch."""

    def around(self, west_m: float, south_m: float, east_m: float, north_m: float) -> CellRange:
        """A range that holds every cell which a box may touch."""

    def cell_ids(self, cells: npt.ArrayLike, /) -> npt.NDArray[np.str_]:
        """The lasting names of cells."""

    def centres(self, cells: npt.ArrayLike, /) -> FloatArray:
        """The cells' centres."""

    def polygons(self, cells: npt.ArrayLike, /) -> npt.NDArray[Any]:
        """The cells' outlines."""


@dataclass(frozen=True, slots=True, eq=False)
class AreaCells:
    """The cells of an area in order of their numbers, their centres, and the part inside."""

    grid: Grid
    cells: IntArray
    centres_m: FloatArray
    share: FloatArray

    def counted(self, cells: IntArray, counts: npt.ArrayLike) -> tuple[FloatArray, float]:
        """Counts of any cells put into these, 0 where there are none, and those left out."""
        span = np.int64(2**31)
        ours, theirs = (pairs[:, 0] * span + pairs[:, 1] for pairs in (self.cells, cells))
        count = np.asarray(counts, dtype=np.float64)
        place = np.searchsorted(ours, theirs)
        known = place < len(ours)
        known[known] = ours[place[known]] == theirs[known]
        summed = np.bincount(place[known], count[known], minlength=len(ours))
        return np.asarray(summed, dtype=np.float64), float(count[~known].sum())


def cells_over(grid: Grid, area: Any, least_share: float = LEAST_SHARE) -> AreaCells:
    """The cells of which at least so much lies in an area.

    Args:
        grid: hexagons or squares.
        area: a polygon in EPSG:27700.
        least_share: from which part inside on a cell is kept.

    Raises:
        InvalidValue: an empty area, or a share that is not above 0 and at most 1.
    """
    if not 0 < least_share <= 1 or shapely.is_empty(area):
        raise InvalidValue(
            f"An area that is not empty and a share above 0, at most 1, are needed; given "
            f"{least_share!r}."
        )
    asked = grid.around(*shapely.bounds(area))
    q, r = np.meshgrid(
        np.arange(asked.q_from, asked.q_to + 1),
        np.arange(asked.r_from, asked.r_to + 1),
        indexing="ij",
    )
    cells = np.column_stack((q.ravel(), r.ravel())).astype(np.int64)
    outlines = grid.polygons(cells)
    shapely.prepare(area)
    touched = shapely.intersects(area, outlines)
    cells, outlines = cells[touched], outlines[touched]
    share = np.ones(len(cells))
    edge = ~shapely.contains(area, outlines)
    share[edge] = shapely.area(shapely.intersection(area, outlines[edge])) / grid.area_m2
    kept = share >= least_share
    return AreaCells(grid, cells[kept], grid.centres(cells[kept]), share[kept])
