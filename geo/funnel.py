"""A funnel plot: how far the rate of an area may lie from that of all by chance alone.

Limits narrow as the number that is expected grows. Counts of crime vary more than chance would have
it, for reasons that no figure here holds; how much more is measured, and the limits are widened by
it (Spiegelhalter 2005, Funnel plots for comparing institutional performance, Statistics in Medicine
24, 1185-1202).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import norm, poisson

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]

Standing = Literal["above", "below", "within", "no residents"]

INNER: Final = 0.95
OUTER: Final = 0.998
WINSORISED: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Lower and upper limits of a count, for each number that is expected."""

    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """Areas against the rate of all of them.

    ``target`` is that rate, a resident. ``dispersion`` is by how many times the variance exceeds
    that of chance, 1 where it surely does not. ``standing`` is of each area against the limits at
    99.8%, widened by it; ``by_chance_alone`` against those that are not widened.
    """

    target: float
    expected: FloatArray
    dispersion: float
    standing: tuple[Standing, ...]
    by_chance_alone: tuple[Standing, ...]


def exact_limits(expected: FloatArray, level: float) -> Limits:
    """Limits of a Poisson count about its mean, made smooth between whole numbers.

    A count has only whole values, at none of which the tail is just what is asked for; the limit is
    interpolated between the two nearest, as in the appendix of Spiegelhalter (2005).

    Raises:
        InvalidValue: an expected number that is not above 0, or a level not between 0 and 1.
    """
    if not 0 < level < 1 or not (expected > 0).all():
        raise InvalidValue(
            f"Expected numbers above 0 and a level between 0 and 1 are needed; given {level}."
        )
    tail = (1 - level) / 2
    return Limits(_quantile(tail, expected), _quantile(1 - tail, expected))


def widened_limits(expected: FloatArray, level: float, dispersion: float) -> Limits:
    """Limits for counts that vary more than by chance; the exact ones where they do not."""
    if dispersion <= 1:
        return exact_limits(expected, level)
    reach = float(norm.ppf((1 + level) / 2)) * np.sqrt(dispersion)
    root = np.sqrt(expected)
    return Limits(np.maximum(root - reach / 2, 0) ** 2, (root + reach / 2) ** 2)


def dispersion_of(counts: FloatArray, expected: FloatArray) -> float:
    """By how many times the variance of counts exceeds that of chance.

    It is the mean of squared deviates on the scale of square roots, the outermost tenth on each
    side drawn in, so that the few areas that stand out do not make every limit wide. It is 1 unless
    it exceeds what chance would give by two standard errors.
    """
    number = len(counts)
    if number < 2:
        return 1.0
    deviates = 2 * (np.sqrt(counts) - np.sqrt(expected))
    low, high = np.quantile(deviates, [WINSORISED, 1 - WINSORISED])
    found = float(np.mean(np.clip(deviates, low, high) ** 2))
    return found if found > 1 + 2 * math.sqrt(2 / number) else 1.0


def funnel(counts: npt.ArrayLike, residents: npt.ArrayLike) -> Funnel:
    """Where each area stands against the rate of all.

    Raises:
        InvalidValue: the arrays do not fit, or a value is below 0.
    """
    events, people = (np.asarray(each, dtype=np.float64) for each in (counts, residents))
    if events.shape != people.shape or (events < 0).any() or (people < 0).any():
        raise InvalidValue(
            "Counts and residents of 0 or more are needed, one of each for an area; given "
            f"{events.shape} counts and {people.shape} numbers of residents."
        )
    everybody = float(people.sum())
    target = float(events[people > 0].sum()) / everybody if everybody else math.nan
    expected = target * people
    compared = np.flatnonzero(expected > 0)
    dispersion = dispersion_of(events[compared], expected[compared])
    return Funnel(
        target,
        expected,
        dispersion,
        _standings(events, people, expected, dispersion),
        _standings(events, people, expected, 1),
    )


def _standings(
    events: FloatArray, people: FloatArray, expected: FloatArray, dispersion: float
) -> tuple[Standing, ...]:
    standing = np.where(people > 0, "within", "no residents").astype(object)
    compared = np.flatnonzero(expected > 0)
    if len(compared):
        limits = widened_limits(expected[compared], OUTER, dispersion)
        standing[compared[events[compared] > limits.high]] = "above"
        standing[compared[events[compared] < limits.low]] = "below"
    return tuple(standing)


def _quantile(share: float, mean: FloatArray) -> FloatArray:
    whole = poisson.ppf(share, mean)
    upto, before = poisson.cdf(whole, mean), poisson.cdf(whole - 1, mean)
    found: FloatArray = whole - (upto - share) / (upto - before)
    return np.maximum(found, 0)
