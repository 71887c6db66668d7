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
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_RING_HALF_WIDTHS: Final = np.array([0, 1, 1, 0, -1, -1, 0])
_RING_HALF_SIDES: Final = np.array([-2, -1, 1, 2, 1, -1, -2])


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
    def side_m(self) -> float:
        """Length of one side in metres."""
        return self.across_flats_m / math.sqrt(3)

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

    def cell_ids(self, qr: npt.ArrayLike) -> npt.NDArray[np.str_]:
        """The lasting names of cells, such as ``h1000_q123_r-45``."""
        prefix = f"h{self.across_flats_m:g}"
        return np.array([f"{prefix}_q{q}_r{r}" for q, r in _axial(qr).tolist()], dtype=np.str_)

    def centres(self, qr: npt.ArrayLike) -> FloatArray:
        """Easting and northing in metres of the cells' centres, as an ``(n, 2)`` array."""
        half_widths, half_sides = _lattice(_axial(qr))
        return np.column_stack(
            (half_widths * (self.across_flats_m / 2), half_sides * (self.side_m / 2))
        )

    def polygons(self, qr: npt.ArrayLike) -> npt.NDArray[Any]:
        """The cells as shapely polygons in EPSG:27700; neighbours share their vertices exactly."""
        half_widths, half_sides = _lattice(_axial(qr))
        x = (half_widths[:, None] + _RING_HALF_WIDTHS) * (self.across_flats_m / 2)
        y = (half_sides[:, None] + _RING_HALF_SIDES) * (self.side_m / 2)
        return np.asarray(shapely.polygons(np.stack((x, y), axis=2)), dtype=object)


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
