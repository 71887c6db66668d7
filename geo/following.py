"""Whether events of one kind follow those of another, near in place and soon after.

The pairs of a first and a second event that are near and soon are counted, as Knox (1964) counted
pairs of cases, and the same with the second *before* the first. Chance is what the days of the
second events give when they are dealt anew among their places: each place keeps how many it has,
each day likewise, so that neither a busy place nor a busy month makes a pair. What follows is not
thereby caused: both kinds may answer to something that comes and goes.

Knox, E. G. (1964), The detection of space-time interactions, Applied Statistics 13, 25-30.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PERMUTATIONS: Final = 999
_CELLS_AT_ONCE: Final = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Events of one kind: ``points_m`` (n by 2) in EPSG:27700, the number of each one's day, and
    the id of the report that told of it, so that none is paired with itself."""

    points_m: FloatArray
    days: IntArray
    reports: npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Pairs:
    """How many pairs there are, how many chance gives on average, and how rarely so many or more.

    ``p_value`` counts what was found among the permutations: it is never 0.
    """

    found: int
    by_chance: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Following:
    """Near pairs in which the second came after the first, and before it; days apart, not the same.

    ``order_p_value`` is of *after less before*: how rarely chance favours that order so much or
    more. Only where it is low too does one kind follow the other, rather than both come together.
    """

    radius_m: float
    within_days: int
    near: int
    after: Pairs
    before: Pairs
    order_p_value: float
    permutations: int


def following(
    first: Events,
    second: Events,
    radius_m: float,
    within_days: int,
    *,
    seed: int,
    permutations: int = PERMUTATIONS,
) -> Following:
    """Whether the second kind follows the first within a radius and a number of days.

    Args:
        first: what is thought to come before.
        second: what is thought to follow; its days are dealt anew.
        radius_m: how far apart a pair may be, in metres.
        within_days: how many days apart at most; at least one.
        seed: of the permutations, so that the same events give the same answer.
        permutations: how many times days are dealt anew.

    Raises:
        InvalidValue: a radius, a number of days or of permutations that is not above 0.
    """
    if not (radius_m > 0 and within_days > 0 and permutations > 0):
        raise InvalidValue(
            "A radius, days and permutations above 0 are needed; given "
            f"{radius_m} m, {within_days} days and {permutations}."
        )
    one, other = _near(first, second, radius_m)
    start = first.days[one]
    after, before = _counted(start, second.days[other][None], within_days)
    rng = np.random.default_rng(seed)
    dealt = [
        _counted(start, days[:, other], within_days)
        for days in _dealt(rng, second.days, permutations, len(other))
    ]
    after_dealt, before_dealt = (np.concatenate(side) for side in zip(*dealt, strict=True))
    return Following(
        radius_m,
        within_days,
        len(one),
        _pairs(int(after[0]), after_dealt),
        _pairs(int(before[0]), before_dealt),
        _p_value(int(after[0] - before[0]), after_dealt - before_dealt),
        permutations,
    )


def _near(first: Events, second: Events, radius_m: float) -> tuple[IntArray, IntArray]:
    """The positions of both of each near pair, those of one report left out."""
    if not len(first.days) or not len(second.days):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    trees = cKDTree(first.points_m), cKDTree(second.points_m)
    found = trees[0].sparse_distance_matrix(trees[1], radius_m, output_type="ndarray")
    one, other = found["i"].astype(np.int64), found["j"].astype(np.int64)
    apart = first.reports[one] != second.reports[other]
    return one[apart], other[apart]


def _dealt(
    rng: np.random.Generator, days: IntArray, permutations: int, pairs: int
) -> list[IntArray]:
    """The days dealt anew, a row each time, in blocks that keep memory within bounds."""
    rows = max(1, _CELLS_AT_ONCE // max(pairs, len(days), 1))
    sizes = [min(rows, permutations - done) for done in range(0, permutations, rows)]
    return [rng.permuted(np.tile(days, (size, 1)), axis=1) for size in sizes]


def _counted(start: IntArray, days: IntArray, within_days: int) -> tuple[IntArray, IntArray]:
    """How many of the pairs come soon after and soon before, for each row of days."""
    later = days - start
    after = (later > 0) & (later <= within_days)
    before = (later < 0) & (later >= -within_days)
    return after.sum(axis=1), before.sum(axis=1)


def _pairs(found: int, dealt: IntArray) -> Pairs:
    return Pairs(found, float(dealt.mean()), _p_value(found, dealt))


def _p_value(found: int, dealt: IntArray) -> float:
    return (1 + int((dealt >= found).sum())) / (1 + len(dealt))
