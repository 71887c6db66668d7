"""Tiles of the Web Mercator plane (EPSG:3857): where they lie, and positions within them.

A tile is named by zoom, column ``x`` from the west and row ``y`` from the north, and measures
``EXTENT`` units either way, ``y`` downwards. A position is first rounded to a whole unit of the
whole world at that zoom and only then made relative to a tile. The same vertex therefore gets
the same place in every tile, and shapes drawn from several tiles meet without a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidValue

EXTENT: Final = 4096
HIGHEST_ZOOM: Final = 24
HALF_WORLD_M: Final = math.pi * 6_378_137.0

Box = tuple[float, float, float, float]
FloatArray = npt.NDArray[np.float64]
UnitArray = npt.NDArray[np.int32]

_FARTHEST_UNITS: Final = float(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of the Web Mercator plane.

    >>> Tile(8, 127, 84).bounds[0]
    -156543.03392804042

    Raises:
        InvalidValue: the zoom is not offered, or the column or row is outside the world.
    """

    zoom: int
    x: int
    y: int

    def __post_init__(self) -> None:
        _check_zoom(self.zoom)
        last = 2**self.zoom - 1
        if not (0 <= self.x <= last and 0 <= self.y <= last):
            raise InvalidValue(
                f"At zoom {self.zoom} a tile's column and row lie from 0 to {last}; given "
                f"x={self.x!r}, y={self.y!r}."
            )

    @property
    def bounds(self) -> Box:
        """West, south, east and north in metres of EPSG:3857."""
        side_m = _side_m(self.zoom)
        return (
            self.x * side_m - HALF_WORLD_M,
            HALF_WORLD_M - (self.y + 1) * side_m,
            (self.x + 1) * side_m - HALF_WORLD_M,
            HALF_WORLD_M - self.y * side_m,
        )

    @property
    def units_per_m(self) -> float:
        """Tile units in a metre of EPSG:3857, which is a metre on the ground at the equator."""
        return EXTENT / _side_m(self.zoom)

    def to_units(self, x_m: npt.ArrayLike, y_m: npt.ArrayLike) -> tuple[UnitArray, UnitArray]:
        """Whole tile units, eastwards and downwards, of positions in metres of EPSG:3857.

        Halves are rounded to even. A position outside the tile lies below 0 or above ``EXTENT``;
        in the tile next door its units are exactly ``EXTENT`` more or fewer.

        Raises:
            InvalidValue: a position is missing, infinite, or too far away for 32-bit units.
        """
        x = np.rint((np.asarray(x_m, dtype=float) + HALF_WORLD_M) * self.units_per_m)
        y = np.rint((HALF_WORLD_M - np.asarray(y_m, dtype=float)) * self.units_per_m)
        return _whole(x - self.x * EXTENT), _whole(y - self.y * EXTENT)


def covering(bounds_m: Box, zoom: int) -> Iterator[Tile]:
    """The tiles that a box shares ground with, row by row from the north-west.

    The box is west, south, east and north in metres of EPSG:3857; what lies outside the world
    is left out. A box without width or height, such as a point, has the tile it lies in; on a
    border, the one to the east or south.

    Raises:
        InvalidValue: the box is the wrong way round or not finite, or the zoom is not offered.
    """
    _check_zoom(zoom)
    west_m, south_m, east_m, north_m = bounds_m
    if not (all(map(math.isfinite, bounds_m)) and west_m <= east_m and south_m <= north_m):
        raise InvalidValue(
            "A box needs west, south, east and north in finite metres of EPSG:3857, west not "
            f"beyond east and south not beyond north; given {bounds_m!r}."
        )
    columns = _span(west_m + HALF_WORLD_M, east_m + HALF_WORLD_M, zoom)
    rows = _span(HALF_WORLD_M - north_m, HALF_WORLD_M - south_m, zoom)
    return (Tile(zoom, x, y) for y in rows for x in columns)


def _span(nearest_m: float, farthest_m: float, zoom: int) -> range:
    side_m = _side_m(zoom)
    first = math.floor(nearest_m / side_m)
    last = max(first, math.ceil(farthest_m / side_m) - 1)
    return range(max(first, 0), min(last + 1, 2**zoom))


def _side_m(zoom: int) -> float:
    return 2 * HALF_WORLD_M / (1 << zoom)


def _check_zoom(zoom: int) -> None:
    if not 0 <= zoom <= HIGHEST_ZOOM:
        raise InvalidValue(f"Zooms from 0 to {HIGHEST_ZOOM} are offered; given {zoom!r}.")


def _whole(units: FloatArray) -> UnitArray:
    if not bool((np.abs(units) <= _FARTHEST_UNITS).all()):
        raise InvalidValue(
            "Positions need finite metres of EPSG:3857 near the tile; given some that are "
            "missing or farther away than 32-bit units reach. Choose what lies near it first."
        )
    return units.astype(np.int32)
