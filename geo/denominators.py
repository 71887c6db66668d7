"""Where residents are the wrong measure of those to whom crime can happen, such as city centres.

A rate per 1,000 residents says little of a place that is full of people who live elsewhere. Where
the people who work in an area are known, residents are the wrong denominator if more work than
live there. Where they are not, what is recorded gives a hint: thefts from shops and from people who
are out happen to places and passers-by, so an area with far more of these for each resident than
the whole has many people about who do not live there.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidValue
from geo.rates import poisson_interval

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

TIMES: Final = 5.0
"""How many times the rate of the whole marks an area as one of visitors."""


def more_work_than_live(residents: IntArray, workplace_population: IntArray) -> BoolArray:
    """Which areas have more people at work than residents.

    Raises:
        InvalidValue: the arrays are of unequal length.
    """
    _require_equal(residents, workplace_population)
    return np.asarray(workplace_population > residents)


def drawn_by_visitors(
    residents: IntArray, visitor_crimes: IntArray, times: float = TIMES
) -> BoolArray:
    """Which areas surely have many times the rate of the whole of crimes against visitors.

    An area is marked only if the lower exact limit of its count (95%) exceeds ``times`` what the
    rate of all areas would give it, so that hardly one is marked by chance; one in which nobody
    lives is marked if anything was counted.

    Args:
        residents: how many live in each area.
        visitor_crimes: how many thefts from shops and from the person were counted there.
        times: how many times the rate of the whole is too many.

    Raises:
        InvalidValue: the arrays are of unequal length, or a count is below 0.
    """
    _require_equal(residents, visitor_crimes)
    everybody = int(residents.sum())
    if not everybody:
        return np.asarray(visitor_crimes > 0)
    low = np.array([poisson_interval(int(count)).low for count in visitor_crimes])
    return np.asarray(low > times * residents * (visitor_crimes.sum() / everybody))


def _require_equal(residents: IntArray, others: IntArray) -> None:
    if len(residents) != len(others):
        raise InvalidValue(
            f"Two figures of each area are needed; given {len(residents)} and {len(others)}."
        )
