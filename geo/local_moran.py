"""Local Moran's I: which places are like their neighbours, and which stand apart from them.

Gi* finds where much comes together; local Moran (Anselin 1995) also tells a high place among low
ones from a cluster. With binary weights the measure of a place is its own deviation from the mean
times the sum of its neighbours' deviations, over the variance. Given its own value, what is
tested is the sum of its neighbours, by permutation or by the exact mean and variance of such sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from geo.conditional_permutation import neighbour_tails, two_sided_p
from geo.false_discovery import adjusted_p
from geo.hotspots import (
    ANALYTIC,
    FloatArray,
    Significance,
    centred_values,
    checked_values,
    observed,
    two_sided_normal,
)
from geo.neighbours import Neighbours

Quadrant = Literal["high-high", "low-high", "low-low", "high-low"]

QUADRANTS: Final[tuple[Quadrant, ...]] = ("high-high", "low-high", "low-low", "high-low")
"""A place's own value first, then that of its neighbours; the number of each is its place here."""


@dataclass(frozen=True, slots=True, eq=False)
class LocalMoran:
    """Local Moran's I of each place; ``quadrant`` indexes `QUADRANTS`; arrays cannot be written to.

    ``z`` is of the sum of the neighbours given the place's own value, positive where it is high.
    """

    band_m: float
    test: Significance
    local_i: FloatArray
    z: FloatArray
    p: FloatArray
    adjusted: FloatArray
    quadrant: npt.NDArray[np.int64]

    def named(self, rate: float, quadrant: Quadrant) -> npt.NDArray[np.bool_]:
        """Which places are of a quadrant and named at a false discovery rate."""
        return np.asarray((self.adjusted <= rate) & (self.quadrant == QUADRANTS.index(quadrant)))


def local_moran(
    values: npt.ArrayLike, near: Neighbours, test: Significance = ANALYTIC
) -> LocalMoran:
    """Local Moran's I with binary weights in a distance band.

    >>> from geo.neighbours import within_band
    >>> line = within_band([(0, 0), (1, 0), (2, 0), (3, 0)], 1)
    >>> local_moran([9, 8, 1, 3], line).local_i.round(2).tolist()
    [0.92, -0.12, -0.19, 0.85]

    Raises:
        InvalidValue: a value is missing, there is not one for each place, or a number of
            permutations that cannot be made.
    """
    x = checked_values(values, near)
    deviation = centred_values(x)
    lag = near.sums(deviation)
    variance = float(deviation @ deviation) / max(near.size, 1)
    local_i = deviation * lag / variance if variance > 0 else np.zeros(near.size)
    z = _conditional_z(deviation, lag, near)
    if test.method == "permutation":
        tails = neighbour_tails(observed(x, near), test.permutations, test.seed)
        p = two_sided_p(*tails, test.permutations)
    else:
        p = two_sided_normal(z)
    high, high_around = deviation > 0, lag > 0
    quadrant = np.select([high & high_around, ~high & high_around, ~high & ~high_around], [0, 1, 2])
    quadrant = np.where(high & ~high_around, 3, quadrant).astype(np.int64)
    adjusted = adjusted_p(p)
    for array in (local_i, z, p, adjusted, quadrant):
        array.setflags(write=False)
    return LocalMoran(near.band_m, test, local_i, z, p, adjusted, quadrant)


def _conditional_z(deviation: FloatArray, lag: FloatArray, near: Neighbours) -> FloatArray:
    """The sum of the neighbours in standard deviations of such sums from all other places."""
    others = near.size - 1
    if others < 2:
        return np.zeros(near.size)
    count = near.counts
    mean = -deviation / others
    square = (float(deviation @ deviation) - deviation**2) / others
    variance = count * (others - count) / (others - 1) * np.maximum(square - mean**2, 0)
    scale = float(np.abs(deviation).max(initial=0))
    defined = variance > (1e-12 * scale) ** 2
    return np.divide(lag - count * mean, np.sqrt(variance), out=np.zeros(near.size), where=defined)
