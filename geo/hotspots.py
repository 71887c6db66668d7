"""Hot and cold spots: where a place and its neighbours together have more, or less, than chance.

Gi* (Getis and Ord 1992, Ord and Getis 1995) with binary weights in a distance band: the sum over a
place and its neighbours, less what as many places have on average, in standard deviations.
Significance comes from the normal distribution or from conditional permutation, and is held to a
false discovery rate, as every place is a test. The result keeps every decision, so that it can be
said in words.

Sums of few small counts are skewed, and the normal distribution then calls too many places hot: on
900 cells with nothing to find, tested at 5%, it names some in about 5% of maps where cells hold 20
events on average, in 15% where they hold 2, in 38% where they hold half an event, and in 84% where
they hold a tenth. `HotSpots.normal_holds` says whether it can be read; permutation always can. But
permutation has a least p-value, so that of many places none may be named with too few draws:
`permutations_for` tells how many are needed.

What is found: seven cells that touch and hold three times as many as the 618 around them, 12 events
where others have 4, are found at 5% in nearly every map; twice as many in about six of ten by
permutation and in eight of ten analytically, the middle cell first. Permutation tests the
neighbours alone and so names fewer of the seven.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from geo.conditional_permutation import Observed, neighbour_tails, two_sided_p
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
TIMES: Final = 4
FEWEST_PLACES: Final = 30
FEWEST_EVENTS: Final = 60
"""With fewer places or events than these nothing should be read into the result."""
MOST_SKEW: Final = 0.15
"""Up to which skewness of a neighbourhood's sum the normal distribution is near enough."""
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

    def fewest_named(self, places: int, rate: float) -> int:
        """How many places must have the least p-value before any is named at a rate."""
        return max(1, math.ceil(self.least_p * places / rate - ROUNDING))


ANALYTIC: Final = Significance("analytic")
PERMUTATION: Final = Significance("permutation", PERMUTATIONS, SEED)


def permutations_for(places: int, rate: float, times: int = TIMES) -> Significance:
    """Permutation with as many draws as let one place alone be named at a false discovery rate.

    With just so many, whether a place is named hangs on the one or two highest draws: the rate of
    false alarms is as stated over all seeds, but with one seed may be several times as high or low.
    Several times as many draws steady it: four times make it right to a half, ten to a third.

    Args:
        places: how many are tested.
        rate: the false discovery rate.
        times: how many times as many draws are made as are needed at least.

    >>> enough = permutations_for(3000, 0.05, times=1)
    >>> enough.permutations, enough.fewest_named(3000, 0.05), PERMUTATION.fewest_named(3000, 0.05)
    (119999, 1, 120)

    Raises:
        InvalidValue: a rate that is not between 0 and 1, no places, or times below 1.
    """
    if not 0 < rate < 1 or places < 1 or times < 1:
        raise InvalidValue(
            "A rate between 0 and 1, one place or more and once as many draws or more are needed; "
            f"given {rate!r}, {places} and {times}."
        )
    needed = math.ceil(2 * places * times / rate - ROUNDING) - 1
    return Significance("permutation", max(PERMUTATIONS, needed), SEED)


@dataclass(frozen=True, slots=True, eq=False)
class HotSpots:
    """Gi* of each place, in the order of the places; its arrays cannot be written to.

    ``z`` is the analytic score, 0 where the values do not vary; ``p`` is two-sided by the test.
    By permutation a place keeps its own value, so that ``p`` is of its neighbours alone.
    ``adjusted`` is the lowest false discovery rate at which a place is still named. ``classes`` is
    3, 2 and 1 for hot spots at rates of 1%, 5% and 10%, negative for cold ones, 0 for the rest.
    ``skewness`` is that of a middle neighbourhood's sum if the values lay at random.
    """

    band_m: float
    test: Significance
    rates: tuple[float, ...]
    values: FloatArray
    neighbours: IntArray
    z: FloatArray
    p: FloatArray
    adjusted: FloatArray
    classes: IntArray
    skewness: float

    @property
    def places(self) -> int:
        """How many places were tested."""
        return len(self.z)

    @property
    def enough(self) -> bool:
        """Whether there are places and events enough for the result to be read at all."""
        return self.places >= FEWEST_PLACES and float(self.values.sum()) >= FEWEST_EVENTS

    @property
    def normal_holds(self) -> bool:
        """Whether the normal distribution is near enough for analytic p-values to be read."""
        return abs(self.skewness) <= MOST_SKEW

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
        InvalidValue: a value is missing, there is not one for each place, or a number of
            permutations that cannot be made.
    """
    x = checked_values(values, near)
    z = g_star(x, near)
    p = permuted_p(x, z, near, test) if test.method == "permutation" else two_sided_normal(z)
    adjusted = adjusted_p(p)
    strength = sum((adjusted <= rate).astype(np.int64) for rate in RATES)
    classes = strength * np.sign(z).astype(np.int64)
    counts = near.counts
    for array in (x, counts, z, p, adjusted, classes):
        array.setflags(write=False)
    skewness = _skewness(x, counts)
    return HotSpots(near.band_m, test, RATES, x, counts, z, p, adjusted, classes, skewness)


def g_star(values: FloatArray, near: Neighbours) -> FloatArray:
    """The z-scores of Gi* with binary weights, each place counting as its own neighbour.

    Of a table with a row for each month, every place in every month is held against all of them
    together, its neighbours being those of the same month. A score is 0 where it is not defined:
    where no value differs, or all places are neighbours of one.
    """
    size = values.size
    centred = centred_values(values)
    variance = float((centred**2).sum()) / max(size, 1)
    weight = near.counts + 1.0
    spread = variance * weight * (size - weight) / max(size - 1, 1)
    above = centred + near.sums(centred.T).T
    scores = np.divide(above, np.sqrt(spread), out=np.zeros(values.shape), where=spread > 0)
    return np.where(np.abs(scores) < ROUNDING, 0.0, scores)


def centred_values(values: FloatArray) -> FloatArray:
    """Values less their mean; all 0 where they differ by rounding alone."""
    if not values.size:
        return values
    centred = values - values.mean()
    differ = float(np.abs(centred).max()) > 1e-12 * float(np.abs(values).max())
    return centred if differ else np.zeros_like(centred)


def two_sided_normal(z: FloatArray) -> FloatArray:
    """Two-sided p-values of standard normal scores."""
    return np.asarray(np.minimum(2 * norm.sf(np.abs(z)), 1.0))


def permuted_p(x: FloatArray, z: FloatArray, near: Neighbours, test: Significance) -> FloatArray:
    """Pseudo p-values; 1 where the neighbours stand out one way and Gi* says the other.

    Of a table with a row for each month the values are drawn from all months and places.
    """
    at_least, at_most = neighbour_tails(observed(x, near), test.permutations, test.seed)
    against = np.where(at_least <= at_most, z.ravel() <= 0, z.ravel() >= 0)
    p = np.where(against, 1.0, two_sided_p(at_least, at_most, test.permutations))
    return np.asarray(p.reshape(x.shape))


def observed(x: FloatArray, near: Neighbours) -> Observed:
    """Values and the sums of their neighbours, of one row or of a row for each month."""
    months = x.size // max(near.size, 1)
    east, north = (np.tile(each, months) for each in near.points_m.T)
    month = np.repeat(np.arange(months, dtype=np.float64), near.size)
    return Observed(
        x.ravel(), near.sums(x.T).T.ravel(), np.tile(near.counts, months), (month, north, east)
    )


def _skewness(x: FloatArray, counts: IntArray) -> float:
    """The skewness of a sum over the middle place and its neighbours, if the values lay at random.

    Of m values drawn without replacement from n, the variance is that of all values times
    m (n - m) / (n - 1), the third moment times m (n - m) (n - 2m) / ((n - 1) (n - 2)).
    """
    n, centred = x.size, centred_values(x)
    variance = float((centred**2).mean()) if n else 0.0
    m = float(np.median(counts)) + 1 if n else 0.0
    if n < 3 or variance == 0 or m >= n:
        return 0.0
    second = m * (n - m) / (n - 1)
    third = second * (n - 2 * m) / (n - 2)
    values_skew = float((centred**3).mean()) / variance**1.5
    return float(values_skew * third / second**1.5)


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
