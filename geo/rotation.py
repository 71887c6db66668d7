"""A round of visits: whom it has reached, when an area is due again, and how even the round is.

A *day* of visits is known by the interval in which it lies. What surely lies in a period counts;
what possibly does is counted beside it and never added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from geo.dates import DateInterval, shift_months
from geo.errors import InvalidValue

State = Literal["met", "due", "possibly", "overdue"]
"""How an area stands: *due* is met but not for long; *possibly* hangs on a date in doubt."""

NOTICE_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Commitment:
    """So many days in any run of so many months, and how long before it lapses notice is given."""

    days: int = 2
    months: int = 12
    notice_days: int = NOTICE_DAYS

    def __post_init__(self) -> None:
        if self.days < 1 or self.months < 1 or self.notice_days < 0:
            raise InvalidValue(
                "A commitment needs at least 1 day in at least 1 month, and notice of 0 days or "
                f"more; given {self.days} in {self.months} with {self.notice_days}."
            )

    def window(self, day: date) -> DateInterval:
        """The run of months that ends with a day."""
        return DateInterval(shift_months(day, -self.months) + timedelta(days=1), day)


@dataclass(frozen=True, slots=True)
class Tally:
    """Days of visits in a period: those that surely lie in it, and beside them those that may."""

    surely: int
    possibly: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How one area stands to a commitment on a day.

    ``last`` is the latest day of visits that surely was; ``needed_by`` the date by which another is
    needed for the commitment to hold, in the past where it has lapsed, None where it never held.
    """

    window: Tally
    last: DateInterval | None
    needed_by: date | None
    state: State


def tally(days: Sequence[DateInterval], period: DateInterval) -> Tally:
    """How many days of visits lie in a period, surely and possibly.

    >>> tally([DateInterval.parse("2024-05-03"), DateInterval.parse("2024-03")],
    ...       DateInterval(date(2024, 3, 15), date(2025, 3, 14)))
    Tally(surely=1, possibly=1)
    """
    members = [day.membership(period) for day in days]
    return Tally(members.count("in"), members.count("possibly"))


def standing(days: Sequence[DateInterval], on: date, commitment: Commitment) -> Standing:
    """How an area with these days of visits stands on a day; later visits are not looked at.

    A day in doubt is taken at its earliest, so that a date by which another is needed is never
    too late.
    """
    window = tally(days, commitment.window(on))
    past = sorted(day for day in days if day.date_to <= on)
    last = max(past, key=lambda day: (day.date_to, day.date_from), default=None)
    needed_by = None
    if len(past) >= commitment.days:
        needed_by = shift_months(past[-commitment.days].date_from, commitment.months)
    return Standing(window, last, needed_by, _state(window, needed_by, on, commitment))


def _state(window: Tally, needed_by: date | None, on: date, commitment: Commitment) -> State:
    if window.surely < commitment.days:
        enough = window.surely + window.possibly >= commitment.days
        return "possibly" if enough else "overdue"
    soon = on + timedelta(days=commitment.notice_days)
    return "due" if needed_by is not None and needed_by <= soon else "met"


def longest_gap(days: Sequence[DateInterval], period: DateInterval) -> DateInterval | None:
    """The longest run of days of a period in which an area surely had no visit that is known.

    A visit in doubt may end a gap on any of its days, so it ends it on the first. None where no
    day of the period is without one; of equal runs the first.
    """
    taken = [
        DateInterval(max(day.date_from, period.date_from), min(day.date_to, period.date_to))
        for day in sorted(days)
        if day.membership(period) != "out"
    ]
    one = timedelta(days=1)
    gaps, begins = [], period.date_from
    for day in taken:
        if begins < day.date_from:
            gaps.append(DateInterval(begins, day.date_from - one))
        begins = max(begins, day.date_to + one)
    if begins <= period.date_to:
        gaps.append(DateInterval(begins, period.date_to))
    return max(gaps, key=lambda gap: gap.date_to - gap.date_from, default=None)


def largest_remainder(weights: npt.ArrayLike, total: int) -> npt.NDArray[np.int64]:
    """Share a whole number out by weight: whole parts first, then the largest remainders.

    The method of Hamilton. Of equal remainders the earlier is served first, so that the answer
    depends on nothing but the order given. Nothing is shared out where no weight is above 0.

    >>> largest_remainder([47_000, 16_000, 15_800, 12_000, 6_100, 3_100], 10).tolist()
    [5, 2, 1, 1, 1, 0]

    Raises:
        InvalidValue: a weight is below 0 or not a number, or the total is below 0.
    """
    shares = np.asarray(weights, dtype=float)
    if total < 0 or shares.ndim != 1 or not np.all(np.isfinite(shares) & (shares >= 0)):
        raise InvalidValue(
            "Weights of 0 or more in one row, and a total of 0 or more, are needed to share it "
            f"out; given {weights!r} and {total}."
        )
    if not shares.sum():
        return np.zeros(len(shares), dtype=np.int64)
    exact = shares * (total / shares.sum())
    whole: npt.NDArray[np.int64] = np.floor(exact + 1e-9).astype(np.int64)
    left = total - int(whole.sum())
    whole[np.argsort(-np.round(exact - whole, 9), kind="stable")[:left]] += 1
    return whole


def gini(values: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """How unevenly something is spread over groups of people: 0 even, towards 1 all on one.

    Half the mean difference between two people drawn at random, as a part of the mean: the
    coefficient of Gini (1912) of ``values / weights``, each as often as its weight.

    Args:
        values: what each group has, such as days of visits.
        weights: how large each group is, such as its residents; a group of 0 is left out.

    Returns:
        The coefficient; NaN where nothing is there to be spread, or nobody to have it.

    >>> gini([2, 2], [100, 100])
    0.0
    >>> gini([4, 0], [100, 100])
    0.5

    Raises:
        InvalidValue: the lengths differ, or something is below 0 or not a number.
    """
    amounts, people = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    both = np.concatenate((amounts.ravel(), people.ravel()))
    if amounts.shape != people.shape or not np.all(np.isfinite(both) & (both >= 0)):
        raise InvalidValue(
            "A value and a weight of 0 or more are needed for each group; given "
            f"{amounts.tolist()} and {people.tolist()}."
        )
    amounts, people = amounts[people > 0], people[people > 0]
    if not amounts.sum():
        return float("nan")
    order = np.argsort(amounts / people, kind="stable")
    share = people[order] / people.sum()
    held = np.cumsum(amounts[order]) / amounts.sum()
    before = np.concatenate(([0.0], held[:-1]))
    return float(1 - np.sum(share * (held + before)))
