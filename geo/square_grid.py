"""Squares on the British National Grid, which many published grids are made of.

They are named as hexagons are and answer to the same questions; the cell ``(0, 0)`` has its
south-west corner on the origin of EPSG:27700, so that cells of 1,000 metres are the squares of the
Ordnance Survey's maps. A point on a side that two squares share lies in the one further north-east.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import InvalidValue
from geo.grid import CellRange, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class SquareGrid:
    """A grid of squares with a fixed origin, in metres of EPSG:27700.

    >>> grid = SquareGrid(1000)
    >>> [str(name) for name in grid.cell_ids(grid.locate([458_875.0], [303_906.0]))]
    ['s1000_x458_y303']
    """

    side_m: float = 1000

    def __post_init__(self) -> None:
        if not (math.isfinite(self.side_m) and self.side_m > 0):
            raise InvalidValue(f"A cell needs a side above 0 metres; given {self.side_m!r}.")

    @property
    def shape(self) -> str:
        """What a cell is."""
        return "square"

    @property
    def width_m(self) -> float:
        """How wide a cell is, by which it is named."""
        return self.side_m

    @property
    def area_m2(self) -> float:
        """Area of one cell in square metres."""
        return self.side_m**2

    @property
    def touch_m(self) -> float:
        """The distance between the centres of cells that share at least a corner."""
        return self.side_m * math.sqrt(2)

    def locate(self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike) -> IntArray:
        """The column and row of the cell that holds each point, as an ``(n, 2)`` array.

        Raises:
            InvalidValue: a coordinate is missing or infinite.
        """
        x = np.atleast_1d(np.asarray(easting_m, dtype=np.float64))
        y = np.atleast_1d(np.asarray(northing_m, dtype=np.float64))
        missing = int(np.count_nonzero(~(np.isfinite(x) & np.isfinite(y))))
        if missing:
            raise InvalidValue(
                f"Points need an easting and a northing to fall in a cell; {missing} of {x.size} "
                "have none. Leave those out and count them apart."
            )
        return np.floor(np.column_stack((x, y)) / self.side_m).astype(np.int64)

    def around(self, west_m: float, south_m: float, east_m: float, north_m: float) -> CellRange:
        """The range of cells, columns and rows, that a box in metres touches."""
        (q_from, r_from), (q_to, r_to) = self.locate([west_m, east_m], [south_m, north_m]).tolist()
        return CellRange(q_from, q_to, r_from, r_to)

    def cell_ids(self, cells: npt.ArrayLike) -> npt.NDArray[np.str_]:
        """The lasting names of cells, such as ``s1000_x458_y303``."""
        pairs = np.asarray(cells, dtype=np.int64).tolist()
        return np.array([f"s{self.side_m:g}_x{x}_y{y}" for x, y in pairs], dtype=np.str_)

    def centres(self, cells: npt.ArrayLike) -> FloatArray:
        """Easting and northing in metres of the cells' centres, as an ``(n, 2)`` array."""
        corners = np.asarray(cells, dtype=np.int64).reshape(-1, 2)
        return np.asarray((corners + 0.5) * self.side_m, dtype=np.float64)

    def polygons(self, cells: npt.ArrayLike) -> npt.NDArray[Any]:
        """The cells as shapely polygons in EPSG:27700; neighbours share their corners exactly."""
        west, south = np.asarray(cells, dtype=np.int64).reshape(-1, 2).T
        return np.asarray(
            shapely.box(
                west * self.side_m,
                south * self.side_m,
                (west + 1) * self.side_m,
                (south + 1) * self.side_m,
            ),
            dtype=object,
        )
