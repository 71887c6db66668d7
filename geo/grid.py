"""Regular hexagons on the British National Grid, so that a cell is the same cell everywhere.

The hexagons stand on a point (pointy-top): two of their flat sides face west and east, and
``across_flats_m`` is the distance between them, which is also the distance between the centres
of neighbours. The cell ``(0, 0)`` is centred on the origin of EPSG:27700, always. Cells are named
by axial coordinates: ``q`` counts eastwards along a row, ``r`` counts rows northwards, each row
half a cell further east than the one below it.

Every vertex lies on a lattice of half a cell width by half a side, and is made from its two whole
numbers on that lattice. Neighbours therefore share their vertices to the last bit.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_RING_HALF_WIDTHS: Final = np.array([0, 1, 1, 0, -1, -1, 0])
_CELL_ID: Final = re.compile(r"h([1-9]\d{0,5}(?:\.\d{1,3})?)_q(-?\d{1,7})_r(-?\d{1,7})", re.ASCII)
_HALF_OF_NUMBERS: Final = 2**25
_RING_HALF_SIDES: Final = np.array([-2, -1, 1, 2, 1, -1, -2])


@dataclass(frozen=True, slots=True)
class CellRange:
    """Cells by their axial coordinates, from and to inclusive."""

    q_from: int
    q_to: int
    r_from: int
    r_to: int

    def holds(self, q: npt.NDArray[Any], r: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of the cells lie in the range."""
        within_q = (q >= self.q_from) & (q <= self.q_to)
        return within_q & (r >= self.r_from) & (r <= self.r_to)


@dataclass(frozen=True, slots=True)
class HexGrid:
    """A grid of regular hexagons with a fixed origin, in metres of EPSG:27700.

    >>> grid = HexGrid(1000)
    >>> [str(name) for name in grid.cell_ids(grid.locate([458_875.0], [303_906.0]))]
    ['h1000_q283_r351']
    """

    across_flats_m: float = 1000

    def __post_init__(self) -> None:
        if not (math.isfinite(self.across_flats_m) and self.across_flats_m > 0):
            raise InvalidValue(
                f"A cell needs a width above 0 metres; given {self.across_flats_m!r}."
            )

    @property
    def shape(self) -> str:
        """What a cell is."""
        return "hexagon"

    @property
    def width_m(self) -> float:
        """How wide a cell is, by which it is named."""
        return self.across_flats_m

    @property
    def side_m(self) -> float:
        """Length of one side in metres."""
        return self.across_flats_m / math.sqrt(3)

    @property
    def area_m2(self) -> float:
        """Area of one cell in square metres."""
        return math.sqrt(3) / 2 * self.across_flats_m**2

    @property
    def touch_m(self) -> float:
        """The distance between the centres of cells that share a side."""
        return self.across_flats_m

    def locate(self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike) -> IntArray:
        """The axial ``(q, r)`` of the cell that holds each point, as an ``(n, 2)`` array.

        Rounds in cube coordinates, so the answer is the cell whose centre is nearest.

        Raises:
            InvalidValue: a coordinate is missing or infinite.
        """
        x = np.atleast_1d(np.asarray(easting_m, dtype=float))
        y = np.atleast_1d(np.asarray(northing_m, dtype=float))
        missing = int(np.count_nonzero(~(np.isfinite(x) & np.isfinite(y))))
        if missing:
            raise InvalidValue(
                f"Points need an easting and a northing to fall in a cell; {missing} of {x.size} "
                "have none. Leave those out and count them apart."
            )
        r = y / (1.5 * self.side_m)
        q = x / self.across_flats_m - r / 2
        return _rounded_to_cells(q, r)

    def around(self, west_m: float, south_m: float, east_m: float, north_m: float) -> CellRange:
        """A range that holds every cell which a box may touch, and some beside it.

        Args:
            west_m, south_m, east_m, north_m: the box in metres of EPSG:27700.
        """
        row_m, width_m = 1.5 * self.side_m, self.across_flats_m
        r_from = math.floor((south_m - self.side_m) / row_m)
        r_to = math.ceil((north_m + self.side_m) / row_m)
        q_from = math.floor((west_m - width_m) / width_m - r_to / 2)
        q_to = math.ceil((east_m + width_m) / width_m - r_from / 2)
        return CellRange(q_from, q_to, r_from, r_to)

    def cell_ids(self, qr: npt.ArrayLike) -> npt.NDArray[np.str_]:
        """The lasting names of cells, such as ``h1000_q123_r-45``."""
        prefix = f"h{self.across_flats_m:g}"
        return np.array([f"{prefix}_q{q}_r{r}" for q, r in _axial(qr).tolist()], dtype=np.str_)

    @classmethod
    def parse(cls, cell_id: str) -> tuple[HexGrid, tuple[int, int]]:
        """The grid and the axial ``(q, r)`` of a cell by its lasting name.

        >>> HexGrid.parse("h1000_q283_r351")
        (HexGrid(across_flats_m=1000.0), (283, 351))

        Raises:
            InvalidValue: the name is not one that `cell_ids` gives.
        """
        found = _CELL_ID.fullmatch(cell_id)
        if found is not None:
            width_m, q, r = found.groups()
            grid, place = cls(float(width_m)), (int(q), int(r))
            if grid.cell_ids([place])[0] == cell_id:
                return grid, place
        raise InvalidValue(
            f"A cell is named by its width and place, such as h1000_q283_r351; given "
            f"{cell_id[:40]!r}."
        )

    def cell_numbers(self, qr: npt.ArrayLike) -> IntArray:
        """A number for each cell of this grid, from 0 and below 2**53, which is always its own."""
        cells = _axial(qr) + _HALF_OF_NUMBERS
        return cells[:, 0] * (2 * _HALF_OF_NUMBERS) + cells[:, 1]

    def centres(self, qr: npt.ArrayLike) -> FloatArray:
        """Easting and northing in metres of the cells' centres, as an ``(n, 2)`` array."""
        half_widths, half_sides = _lattice(_axial(qr))
        return np.column_stack(
            (half_widths * (self.across_flats_m / 2), half_sides * (self.side_m / 2))
        )

    def rings(self, qr: npt.ArrayLike) -> FloatArray:
        """The cells' corners in EPSG:27700, closed, as an ``(n, 7, 2)`` array."""
        half_widths, half_sides = _lattice(_axial(qr))
        x = (half_widths[:, None] + _RING_HALF_WIDTHS) * (self.across_flats_m / 2)
        y = (half_sides[:, None] + _RING_HALF_SIDES) * (self.side_m / 2)
        return np.stack((x, y), axis=2)

    def polygons(self, qr: npt.ArrayLike) -> npt.NDArray[Any]:
        """The cells as shapely polygons in EPSG:27700; neighbours share their vertices exactly."""
        return np.asarray(shapely.polygons(self.rings(qr)), dtype=object)


def _rounded_to_cells(q: FloatArray, r: FloatArray) -> IntArray:
    """Whole axial coordinates of fractional ones; the worst rounded of the three gives way."""
    s = -q - r
    whole_q, whole_r, whole_s = np.rint(q), np.rint(r), np.rint(s)
    error_q, error_r, error_s = abs(whole_q - q), abs(whole_r - r), abs(whole_s - s)
    mend_q = (error_q > error_r) & (error_q > error_s)
    mend_r = ~mend_q & (error_r > error_s)
    return np.column_stack(
        (
            np.where(mend_q, -whole_r - whole_s, whole_q),
            np.where(mend_r, -whole_q - whole_s, whole_r),
        )
    ).astype(np.int64)


def _axial(qr: npt.ArrayLike) -> IntArray:
    cells = np.asarray(qr, dtype=np.int64)
    if cells.ndim != 2 or cells.shape[1] != 2:
        raise InvalidValue(
            f"Cells are needed as (q, r) pairs in an array of two columns; given the shape "
            f"{cells.shape}."
        )
    return cells


def _lattice(cells: IntArray) -> tuple[IntArray, IntArray]:
    """Where the centres lie, in half widths eastwards and half sides northwards."""
    q, r = cells[:, 0], cells[:, 1]
    return 2 * q + r, 3 * r
