"""Hot and cold spots: where a place and its neighbours together have more, or less, than chance.

Gi* (Getis and Ord 1992, Ord and Getis 1995) with binary weights in a distance band: the sum over a
place and its neighbours, less what as many places have on average, in standard deviations.
Significance comes from the normal distribution or from conditional permutation, and is held to a
false discovery rate, as every place is a test. The result keeps every decision, so that it can be
said in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from geo.conditional_permutation import neighbour_tails, two_sided_p
from geo.errors import InvalidValue
from geo.false_discovery import adjusted_p
from geo.neighbours import Neighbours

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

Method = Literal["analytic", "permutation"]

RATES: Final = (0.10, 0.05, 0.01)
"""The false discovery rates at which places are classed, from the weakest evidence on."""
PERMUTATIONS: Final = 999
SEED: Final = 20_221_031
FEWEST_PLACES: Final = 30
FEWEST_EVENTS: Final = 60
"""With fewer places or events than these nothing should be read into the result."""
ROUNDING: Final = 1e-9
"""A score so near 0 is 0 but for rounding, and has no sign."""


@dataclass(frozen=True, slots=True)
class Significance:
    """How significance was found; permutations and seed are 0 where none were made."""

    method: Method
    permutations: int = 0
    seed: int = 0

    @property
    def least_p(self) -> float:
        """The smallest p-value that the method can give."""
        return 2 / (self.permutations + 1) if self.method == "permutation" else 0.0


ANALYTIC: Final = Significance("analytic")
PERMUTATION: Final = Significance("permutation", PERMUTATIONS, SEED)


@dataclass(frozen=True, slots=True, eq=False)
class HotSpots:
    """Gi* of each place, in the order of the places.

    ``z`` is the analytic score, 0 where the values do not vary; ``p`` is two-sided by the test.
    By permutation a place keeps its own value, so that ``p`` is of its neighbours alone.
    ``adjusted`` is the lowest false discovery rate at which a place is still named. ``classes`` is
    3, 2 and 1 for hot spots at rates of 1%, 5% and 10%, negative for cold ones, 0 for the rest.
    """

    band_m: float
    test: Significance
    values: FloatArray
    neighbours: IntArray
    z: FloatArray
    p: FloatArray
    adjusted: FloatArray
    classes: IntArray

    @property
    def places(self) -> int:
        """How many places were tested."""
        return len(self.z)

    @property
    def enough(self) -> bool:
        """Whether there are places and events enough for the result to be read at all."""
        return self.places >= FEWEST_PLACES and float(self.values.sum()) >= FEWEST_EVENTS

    def named(self, rate: float, hot: bool = True) -> npt.NDArray[np.bool_]:
        """Which places are hot spots, or cold ones, at a false discovery rate."""
        right_way = self.z > 0 if hot else self.z < 0
        return np.asarray((self.adjusted <= rate) & right_way)


def hot_spots(values: npt.ArrayLike, near: Neighbours, test: Significance = ANALYTIC) -> HotSpots:
    """Gi* of counts or rates at places.

    Args:
        values: a finite number for each place; 0 where nothing was counted.
        near: the neighbours within the distance band; a place itself always counts too.
        test: how significance is found.

    >>> from geo.neighbours import within_band
    >>> places = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    >>> found = hot_spots([2, 3, 3.2, 5, 8, 7], within_band(places, 15))
    >>> found.z.round(3).tolist()
    [-1.397, -0.289, 0.651, -0.289, 1.235, 2.024]

    Raises:
        InvalidValue: a value is missing, there is not one for each place, or too few permutations.
    """
    x = checked_values(values, near)
    z = g_star(x, near)
    p = _permuted_p(x, z, near, test) if test.method == "permutation" else two_sided_normal(z)
    adjusted = adjusted_p(p)
    strength = sum((adjusted <= rate).astype(np.int64) for rate in RATES)
    return HotSpots(
        near.band_m, test, x, near.counts, z, p, adjusted, strength * np.sign(z).astype(np.int64)
    )


def g_star(values: FloatArray, near: Neighbours) -> FloatArray:
    """The z-scores of Gi* with binary weights, each place counting as its own neighbour.

    Of a table with a row for each month, every place in every month is held against all of them
    together, its neighbours being those of the same month. A score is 0 where it is not defined:
    where no value differs, or all places are neighbours of one.
    """
    size = values.size
    centred = values - values.mean() if size else values
    variance = float((centred**2).sum()) / max(size, 1)
    weight = near.counts + 1.0
    spread = variance * weight * (size - weight) / max(size - 1, 1)
    scale = float(np.abs(values).max(initial=0))
    defined = (spread > 0) & (variance > (1e-12 * scale) ** 2)
    above = centred + near.sums(centred.T).T
    scores = np.divide(above, np.sqrt(spread), out=np.zeros(values.shape), where=defined)
    return np.where(np.abs(scores) < ROUNDING, 0.0, scores)


def two_sided_normal(z: FloatArray) -> FloatArray:
    """Two-sided p-values of standard normal scores."""
    return np.asarray(np.minimum(2 * norm.sf(np.abs(z)), 1.0))


def _permuted_p(x: FloatArray, z: FloatArray, near: Neighbours, test: Significance) -> FloatArray:
    """Pseudo p-values; 1 where the neighbours stand out one way and Gi* says the other."""
    at_least, at_most = neighbour_tails(x, near, test.permutations, test.seed)
    against = np.where(at_least <= at_most, z <= 0, z >= 0)
    return np.where(against, 1.0, two_sided_p(at_least, at_most, test.permutations))


def checked_values(values: npt.ArrayLike, near: Neighbours) -> FloatArray:
    """The values as floats, one for each place, none missing.

    Raises:
        InvalidValue: there are more or fewer, or one is missing or infinite.
    """
    x = np.array(values, dtype=np.float64)
    if x.shape != (near.size,):
        raise InvalidValue(
            f"One value is needed for each of {near.size} places; given the shape {x.shape}."
        )
    missing = int(np.count_nonzero(~np.isfinite(x)))
    if missing:
        raise InvalidValue(
            f"A value is needed for every place; {missing} of {x.size} have none. Leave those "
            "places out, or count 0 where nothing was recorded."
        )
    return x
