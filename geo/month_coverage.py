"""Which months of a series are held, missing, partial or outlying, by a rule that is stated.

A month that is not held has no count: it is never read as zero. What a month should hold is told by
the months around it, as a median, so that an odd month does not bend what is expected of others:

- The level is the median of the daily counts of the months within `REACH` on either side, of which
  `LEAST_AROUND` must be held; else nothing is expected of the month.
- The season is the median of how far the same month of other years lay from its level, if
  `LEAST_YEARS` of them are held; else it is left out.
- A month is *outlying* if it lies farther from what is expected than `DEVIATES` times the spread of
  all months: the median absolute deviation of logarithms, made comparable with a standard deviation
  (Iglewicz and Hoaglin 1993), and not below what chance gives a count of that size.
- One that is outlying and holds fewer than `PART` of what is expected is *partial*: so large a part
  lacks that some of its records are more likely missing than never made. So is one that has nothing
  of a type of which the other months have `USUAL` records or more, by their median.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

from geo.dates import days_in_month
from geo.errors import InvalidValue

Standing = Literal["held", "missing", "partial", "outlying"]

REACH: Final = 6
LEAST_AROUND: Final = 5
LEAST_YEARS: Final = 2
DEVIATES: Final = 3.5
PART: Final = 0.6
LEAST_SPREAD: Final = 0.03
"""Recorded crime of a whole force area varies at least so much from month to month."""
USUAL: Final = 30
_TO_DEVIATION: Final = 1.4826


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """A month, ``YYYY-MM``, and how its count compares with what is expected of it.

    ``count`` is None where the month is missing, ``expected`` where too few months are held
    around it. ``seasonal``: what is expected follows the same month of other years. ``deviates``
    is how far it lies from that, in spreads.
    """

    month: str
    count: int | None
    standing: Standing
    expected: float | None = None
    seasonal: bool = False
    deviates: float | None = None


def month_standings(counts: Mapping[str, int], months: Sequence[str]) -> tuple[MonthStanding, ...]:
    """How each month stands, judged by all months that are held.

    Args:
        counts: the count of each month that is held, by ``YYYY-MM``.
        months: the months to tell of, in whatever order; those without a count are missing.

    Raises:
        InvalidValue: a count below 0.
    """
    if any(count < 0 for count in counts.values()):
        raise InvalidValue(f"Counts of 0 or more are needed; given {min(counts.values())}.")
    daily = {_number(month): _daily(month, count) for month, count in counts.items()}
    levels = {number: _level(daily, number) for number in daily}
    apart = {number: daily[number] - level for number, level in levels.items() if level is not None}
    seasons = {number: _season(apart, number) for number in apart}
    residuals = {number: apart[number] - (seasons[number] or 0) for number in apart}
    spread = _spread(list(residuals.values()))
    return tuple(_standing(month, counts, levels, seasons, residuals, spread) for month in months)


def types_lacking(by_month: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[str, ...]]:
    """The types of which a held month has nothing though the other months have many.

    Args:
        by_month: the count of each type in each month that is held; a type left out is 0.

    Returns:
        By month the types that lack, in order; months that lack none are left out.
    """
    kinds = sorted({kind for counts in by_month.values() for kind in counts})
    found = {}
    for month, counts in by_month.items():
        others = [held for other, held in by_month.items() if other != month]
        lacking = tuple(
            kind
            for kind in kinds
            if not counts.get(kind, 0)
            and others
            and median(held.get(kind, 0) for held in others) >= USUAL
        )
        if lacking:
            found[month] = lacking
    return found


def _standing(
    month: str,
    counts: Mapping[str, int],
    levels: Mapping[int, float | None],
    seasons: Mapping[int, float | None],
    residuals: Mapping[int, float],
    spread: float,
) -> MonthStanding:
    if month not in counts:
        return MonthStanding(month, None, "missing")
    number, count = _number(month), counts[month]
    level = levels[number]
    if level is None:
        return MonthStanding(month, count, "held")
    season = seasons[number]
    expected = math.exp(level + (season or 0)) * _days(month)
    scale = max(spread, math.sqrt(1 / max(expected, 1)))
    deviates = residuals[number] / scale
    standing: Standing = "held"
    if abs(deviates) > DEVIATES:
        standing = "partial" if count < PART * expected else "outlying"
    return MonthStanding(month, count, standing, expected, season is not None, deviates)


def _level(daily: Mapping[int, float], number: int) -> float | None:
    around = [
        daily[other]
        for other in range(number - REACH, number + REACH + 1)
        if other != number and other in daily
    ]
    return median(around) if len(around) >= LEAST_AROUND else None


def _season(apart: Mapping[int, float], number: int) -> float | None:
    others = [
        value for other, value in apart.items() if other != number and not (other - number) % 12
    ]
    return median(others) if len(others) >= LEAST_YEARS else None


def _spread(residuals: Sequence[float]) -> float:
    if not residuals:
        return LEAST_SPREAD
    middle = median(residuals)
    return max(LEAST_SPREAD, _TO_DEVIATION * median(abs(each - middle) for each in residuals))


def _daily(month: str, count: int) -> float:
    """The logarithm of the count of a day; half a record more keeps that of nothing finite."""
    return math.log((count + 0.5) / _days(month))


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


def _days(month: str) -> int:
    return days_in_month(int(month[:4]), int(month[5:]))
