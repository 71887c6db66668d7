"""Whether a series goes up or down: the test of Mann (1945) and Kendall, with ties.

It counts the pairs of times of which the later is higher, less those of which it is lower, and asks
how often chance orders a series so. It needs no straight line and no normal distribution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """The trend of each series: the score, in standard deviations, and its two-sided p-value."""

    score: npt.NDArray[np.int64]
    z: FloatArray
    p: FloatArray


def mann_kendall(series: npt.ArrayLike) -> Trend:
    """The trend of each column of a table whose rows are times in order.

    The variance allows for ties and the score is drawn one nearer to 0, as it is a whole number.

    >>> trend = mann_kendall([[1], [2], [3], [4], [5]])
    >>> int(trend.score[0]), round(float(trend.z[0]), 3)
    (10, 2.205)

    Raises:
        InvalidValue: no table of finite numbers.
    """
    table = np.asarray(series, dtype=np.float64)
    if table.ndim != 2 or not np.isfinite(table).all():
        raise InvalidValue(
            "A trend needs a table of finite numbers, a row for each time; given the shape "
            f"{table.shape}. Leave out times of which nothing is held."
        )
    times, places = table.shape
    score = np.zeros(places, dtype=np.int64)
    for lag in range(1, times):
        score += np.sign(table[lag:] - table[:-lag]).sum(axis=0).astype(np.int64)
    spread = (times * (times - 1) * (2 * times + 5) - _ties(table)) / 18
    nearer = score - np.sign(score)
    z = np.divide(nearer, np.sqrt(spread), out=np.zeros(places), where=spread > 0)
    return Trend(score, z, np.minimum(2 * norm.sf(np.abs(z)), 1.0))


def _ties(table: FloatArray) -> FloatArray:
    """What ties take from the variance: for each group of t equal values t (t - 1) (2t + 5)."""
    times, places = table.shape
    if not table.size:
        return np.zeros(places)
    ordered = np.sort(table, axis=0)
    starts = np.vstack((np.ones((1, places), dtype=bool), np.diff(ordered, axis=0) > 0))
    group = np.cumsum(starts.T.ravel()) - 1
    sizes = np.bincount(group).astype(np.float64)
    column = np.repeat(np.arange(places), times)[np.flatnonzero(starts.T.ravel())]
    taken = np.bincount(column, sizes * (sizes - 1) * (2 * sizes + 5), minlength=places)
    return np.asarray(taken, dtype=np.float64)
