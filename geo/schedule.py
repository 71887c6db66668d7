"""From months to dates: how many days each month takes, and on which dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.errors import InvalidValue


def quotas(usable: Sequence[int], fixed: Sequence[int], days: int) -> tuple[int, ...]:
    """How many of so many days each month takes, so that no month is fuller than it must be.

    One day after another goes to the month with the fewest days for its usable dates, those
    ``fixed`` counted in, the earlier of equals. No month takes more than its usable dates, so
    that the sum is less than ``days`` where there are not enough.

    >>> quotas([20, 10, 0], [0, 1, 0], 5)
    (4, 1, 0)

    Raises:
        InvalidValue: the lengths differ, or something is below 0.
    """
    if len(usable) != len(fixed) or min((*usable, *fixed, days)) < 0:
        raise InvalidValue(
            "A number of usable dates and of fixed days, each 0 or more, is needed for every "
            f"month; given {list(usable)}, {list(fixed)} and {days} days."
        )
    taken = [0] * len(usable)
    for _ in range(min(days, sum(usable))):
        month = min(
            (number for number, dates in enumerate(usable) if taken[number] < dates),
            key=lambda number: (fixed[number] + taken[number] + 1) / usable[number],
        )
        taken[month] += 1
    return tuple(taken)


def even_dates(usable: Sequence[date], days: int, taken: Sequence[date] = ()) -> tuple[date, ...]:
    """So many of the usable dates, in order, as evenly spread as they and those ``taken`` allow.

    Dates and those taken are matched to points that cut the month from the first usable date to
    the last into equal parts, so that the squares of the distances in days add up to the least.

    >>> even_dates([date(2025, 4, day) for day in range(1, 31)], 3)
    (datetime.date(2025, 4, 6), datetime.date(2025, 4, 15), datetime.date(2025, 4, 25))

    Raises:
        InvalidValue: there are fewer usable dates than days.
    """
    free = sorted(set(usable) - set(taken))
    if days > len(free):
        raise InvalidValue(
            f"Fewer days, or more dates, are needed: {days} days do not fit on {len(free)} dates."
        )
    if not days:
        return ()
    first = min((*free, *taken)).toordinal()
    length = max((*free, *taken)).toordinal() - first
    points = first + length * (np.arange(days + len(taken)) + 0.5) / (days + len(taken))
    held = np.array([day.toordinal() for day in taken])
    if len(held):
        occupied, _ = linear_sum_assignment((points[:, None] - held[None, :]) ** 2)
        points = np.delete(points, occupied)
    ordinals = np.array([day.toordinal() for day in free])
    _, chosen = linear_sum_assignment((points[:, None] - ordinals[None, :]) ** 2)
    return tuple(free[number] for number in sorted(chosen))
