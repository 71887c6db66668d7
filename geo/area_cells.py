"""The cells that cover an area, and how much of each lies in it.

What is recorded stops at the edge of a force area, so a cell that lies half outside seems half as
busy as it is. Cells of which most lies outside are therefore no part of an analysis; the ground and
the counts that are left out with them are told. Cells kept stay where they are, and say how much of
their ground is inside: the ground of all and what is left out add up to the area.
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
MOST_CELLS: Final = 2_000_000
"""So many cells are looked at and no more, as their number grows with the square of fineness."""


class Grid(Protocol):
    """Hexagons or squares with a fixed origin, in metres of EPSG:27700."""

    @property
    def shape(self) -> str:
        """What a cell is: "hexagon" or "square"."""

    @property
    def width_m(self) -> float:
        """How wide a cell is, by which it is named: across its flats, or along its side."""

    @property
    def area_m2(self) -> float:
        """Area of one cell."""

    @property
    def touch_m(self) -> float:
        """The distance between the centres of cells that touch."""

    def locate(self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike, /) -> IntArray:
        """The cell that holds each point."""

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
    """The cells of an area in order of their numbers, their centres, and the part inside.

    ``left_out_m2`` is the ground of the area in no cell kept. Arrays cannot be written to.
    """

    grid: Grid
    least_share: float
    cells: IntArray
    centres_m: FloatArray
    share: FloatArray
    left_out_m2: float

    @property
    def inside_m2(self) -> FloatArray:
        """The ground of each cell that lies in the area, in square metres."""
        return self.share * self.grid.area_m2

    @property
    def at_edge(self) -> int:
        """How many cells lie partly outside."""
        return int(np.count_nonzero(self.share < 1))

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
        InvalidValue: an empty area, a share that is not above 0 and at most 1, or cells so small
            that the box around the area holds more than two million.
    """
    if not 0 < least_share <= 1 or shapely.is_empty(area):
        raise InvalidValue(
            f"An area that is not empty and a share above 0, at most 1, are needed; given "
            f"{least_share!r}."
        )
    asked = grid.around(*shapely.bounds(area))
    number = (asked.q_to - asked.q_from + 1) * (asked.r_to - asked.r_from + 1)
    if number > MOST_CELLS:
        raise InvalidValue(
            f"At most {MOST_CELLS:,} cells can be laid over an area; given {number:,}. "
            "Ask for larger cells."
        )
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
    share = np.minimum(share, 1.0)
    kept = share >= least_share
    found = cells[kept], grid.centres(cells[kept]), share[kept]
    for array in found:
        array.setflags(write=False)
    return AreaCells(grid, least_share, *found, float(share[~kept].sum() * grid.area_m2))
