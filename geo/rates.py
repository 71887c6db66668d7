"""What small counts can say: limits of a count, and whether it changed from one time to another.

Counts are taken as Poisson: events that come one by one, whatever came before. Recorded crime
comes in bunches, so that true limits are, if anything, wider than these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, chi2, norm

from geo.errors import InvalidValue

Verdict = Literal["more", "fewer", "no clear change", "none"]
"""What can be said of a change: *none* where nothing was counted at either time."""

Method = Literal["exact", "byar"]
"""How the limits of a count are found."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

METHODS: Final[tuple[Method, ...]] = get_args(Method)
LEVEL: Final = 0.95
PER: Final = 1000


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits of what a figure may be, both inclusive; ``high`` may be infinite."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies within the limits."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Change:
    """Two counts, the later as a multiple of the earlier, and the limits of that multiple.

    ``ratio`` compares rates where the exposures differ; it is infinite where nothing was counted
    before, and not a number where nothing was counted at all.
    """

    before: int
    after: int
    ratio: float
    interval: Interval

    @property
    def verdict(self) -> Verdict:
        """Which way it surely went, at the level of the interval."""
        if not self.before + self.after:
            return "none"
        if self.interval.holds(1):
            return "no clear change"
        return "more" if self.interval.low > 1 else "fewer"


def poisson_interval(count: int, level: float = LEVEL) -> Interval:
    """Exact limits of the mean of a Poisson count (Garwood 1936).

    >>> limits = poisson_interval(10)
    >>> round(limits.low, 4), round(limits.high, 4)
    (4.7954, 18.3904)

    Raises:
        InvalidValue: a count below 0, or a level that is not between 0 and 1.
    """
    tail = _tail(level, count)
    low = float(chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return Interval(low, float(chi2.ppf(1 - tail, 2 * count + 2)) / 2)


def byar_interval(count: int, level: float = LEVEL) -> Interval:
    """Byar's approximation to the limits of a Poisson count (Breslow and Day 1987).

    Health and policing tables in Britain give these. They are close to the exact ones from ten
    events on.

    >>> limits = byar_interval(100)
    >>> round(limits.low, 3), round(limits.high, 3)
    (81.362, 121.628)

    Raises:
        InvalidValue: a count below 0, or a level that is not between 0 and 1.
    """
    z = float(norm.ppf(1 - _tail(level, count)))

    def limit(events: int, deviates: float) -> float:
        return events * (1 - 1 / (9 * events) + deviates / (3 * math.sqrt(events))) ** 3

    return Interval(limit(count, -z) if count else 0.0, limit(count + 1, z))


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Counts by area for so many residents, with limits; arrays in the order of the areas.

    All three are not a number where nobody lives: there a count has no rate, which is not zero.
    """

    rate: FloatArray
    low: FloatArray
    high: FloatArray


def rates(
    counts: IntArray,
    residents: IntArray,
    per: float = PER,
    method: Method = "exact",
    level: float = LEVEL,
) -> Rates:
    """Rates of areas with the limits of their counts, residents being taken as known.

    Args:
        counts: what was counted in each area.
        residents: how many live in each.
        per: for how many residents the rates are given.
        method: exact limits, or those of Byar.
        level: how surely the limits hold.

    >>> found = rates(np.array([10]), np.array([2000]))
    >>> [round(float(each[0]), 3) for each in (found.rate, found.low, found.high)]
    [5.0, 2.398, 9.195]

    Raises:
        InvalidValue: a count or a number of residents below 0, arrays of unequal length, or a level
            that is not between 0 and 1.
    """
    if len(counts) != len(residents) or (residents < 0).any():
        raise InvalidValue(
            "Each count needs residents of 0 or more; given "
            f"{len(counts)} counts and {len(residents)} numbers of residents."
        )
    limits = {"exact": poisson_interval, "byar": byar_interval}[method]
    found = {int(count): limits(int(count), level) for count in np.unique(counts)}
    low, high = (
        np.array([getattr(found[int(count)], side) for count in counts], dtype=np.float64)
        for side in ("low", "high")
    )
    scale = np.full(len(counts), np.nan)
    np.divide(per, residents, out=scale, where=residents > 0)
    return Rates(counts * scale, low * scale, high * scale)


def change(
    before: int,
    after: int,
    exposure_before: float = 1,
    exposure_after: float = 1,
    level: float = LEVEL,
) -> Change:
    """How a count changed, with exact limits of the ratio of the two Poisson rates.

    Given the sum of both, the later count is binomial; the limits of its part by Clopper and
    Pearson (1934) are turned into limits of the ratio (Przyborowski and Wilenski 1940). They hold
    at least as often as the level says, however small the counts are.

    Args:
        before: what was counted at the earlier time.
        after: what was counted at the later time.
        exposure_before: for how long, or of how many, was counted: days, months, residents.
        exposure_after: the same of the later time, in the same unit.
        level: how surely the limits hold.

    >>> change(20, 40).verdict, change(4, 8).verdict
    ('more', 'no clear change')

    Raises:
        InvalidValue: a count below 0, an exposure that is not above 0, or a level that is not
            between 0 and 1.
    """
    tail = _tail(level, before, after)
    if not all(math.isfinite(given) and given > 0 for given in (exposure_before, exposure_after)):
        raise InvalidValue(
            "Counts are compared by exposures above 0, such as days; given "
            f"{exposure_before} and {exposure_after}."
        )
    scale = exposure_before / exposure_after
    low = float(beta.ppf(tail, after, before + 1)) if after else 0.0
    high = float(beta.ppf(1 - tail, after + 1, before)) if before else 1.0
    return Change(
        before,
        after,
        scale * _quotient(after, before),
        Interval(scale * _quotient(low, 1 - low), scale * _quotient(high, 1 - high)),
    )


def _quotient(one: float, other: float) -> float:
    if other > 0:
        return one / other
    return math.inf if one else math.nan


def _tail(level: float, *counts: int) -> float:
    """Half of what the level leaves out."""
    if not 0 < level < 1 or any(count < 0 for count in counts):
        raise InvalidValue(
            "Counts of 0 or more and a level between 0 and 1 are needed; given "
            f"{', '.join(map(str, counts))} and {level}."
        )
    return (1 - level) / 2
