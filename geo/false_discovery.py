"""The false discovery rate: when thousands of places are tested, some seem to stand out by chance.

Of a thousand places where nothing is the matter, fifty are "significant at 5%". The method of
Benjamini and Hochberg (1995) keeps the part of false ones among those that are named, on average,
at or below a stated rate. It holds for independent tests and for ones that are positively
dependent, as those of neighbouring places are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]


def adjusted_p(p: npt.ArrayLike) -> FloatArray:
    """For each test the lowest false discovery rate at which it is still named.

    A test is named at a rate exactly if its adjusted p is not above it.

    >>> adjusted_p([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]

    Raises:
        InvalidValue: a p-value that is missing or outside 0 to 1.
    """
    values = _checked(p)
    if not values.size:
        return values
    order = np.argsort(values, kind="stable")
    ranked = values[order] * values.size / np.arange(1, values.size + 1)
    lowest = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    adjusted = np.empty_like(values)
    adjusted[order] = lowest
    return adjusted


def threshold(p: npt.ArrayLike, rate: float) -> float:
    """The largest p-value that is named at a false discovery rate; 0 where none is.

    >>> threshold([0.001, 0.04, 0.03, 0.5], 0.05)
    0.001

    Raises:
        InvalidValue: a p-value or a rate that is missing or outside 0 to 1.
    """
    if not 0 < rate < 1:
        raise InvalidValue(f"A false discovery rate between 0 and 1 is needed; given {rate!r}.")
    values = np.sort(_checked(p))
    named = np.flatnonzero(values * max(values.size, 1) <= rate * np.arange(1, values.size + 1))
    return float(values[named[-1]]) if named.size else 0.0


def _checked(p: npt.ArrayLike) -> FloatArray:
    values = np.array(p, dtype=np.float64).ravel()
    bad = int(np.count_nonzero(~((values >= 0) & (values <= 1))))
    if bad:
        raise InvalidValue(f"P-values lie between 0 and 1; {bad} of {values.size} do not.")
    return values
