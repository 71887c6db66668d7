"""Which places lie near each other: all within a distance band, each counting the same.

Weights are binary and a place is no neighbour of its own here; the measures that count it in, such
as Gi*, add it themselves. A band treats hexagons, squares and points alike and can be said in
metres; to find contiguous cells by the edges of their drawn outlines misses some of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ROUNDING: Final = 1e-9
"""By what part a distance may be longer than the band, as centres are rounded numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Places in metres of EPSG:27700, and for each which others lie within ``band_m``.

    ``matrix`` is sparse and symmetric, 1 for each pair of neighbours, with nothing on its diagonal.
    """

    points_m: FloatArray
    band_m: float
    matrix: Any

    @property
    def size(self) -> int:
        """Number of places."""
        return len(self.points_m)

    @property
    def counts(self) -> IntArray:
        """How many neighbours each place has."""
        return np.asarray(np.diff(self.matrix.indptr), dtype=np.int64)

    def sums(self, values: FloatArray) -> FloatArray:
        """What the neighbours of each place have together; of several columns, each by itself."""
        return np.asarray(self.matrix @ values, dtype=np.float64)


def within_band(points_m: npt.ArrayLike, band_m: float) -> Neighbours:
    """The neighbours of each place: those whose distance is at most the band.

    Args:
        points_m: easting and northing of each place, an ``(n, 2)`` array.
        band_m: the distance band in metres.

    >>> within_band([(0, 0), (1000, 0), (3000, 0)], 1000).counts.tolist()
    [1, 1, 0]

    Raises:
        InvalidValue: a place without a position, or a band that is not above 0 metres.
    """
    points = np.array(points_m, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise InvalidValue(
            "Places need an easting and a northing each, in an array of two columns; given the "
            f"shape {points.shape}. Leave out those without a position."
        )
    if not (math.isfinite(band_m) and band_m > 0):
        raise InvalidValue(f"A distance band needs to be above 0 metres; given {band_m!r}.")
    pairs = cKDTree(points).query_pairs(band_m * (1 + ROUNDING), output_type="ndarray")
    rows, columns = np.concatenate((pairs, pairs[:, ::-1])).T
    matrix = csr_array(
        (np.ones(len(rows)), (rows, columns)), shape=(len(points), len(points)), dtype=np.float64
    )
    points.setflags(write=False)
    return Neighbours(points, band_m, matrix)
