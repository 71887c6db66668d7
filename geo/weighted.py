"""Means and quantiles in which each value counts as often as its weight says, by group."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def weighted_mean(
    values: FloatArray, weights: FloatArray, group: IntArray, groups: int
) -> FloatArray:
    """The mean of each group by number; not a number where the weights add up to 0."""
    total = np.bincount(group, weights, minlength=groups)
    summed = np.bincount(group, values * weights, minlength=groups)
    mean = np.full(groups, np.nan)
    np.divide(summed, total, out=mean, where=total > 0)
    return mean


def weighted_quantiles(
    values: FloatArray,
    weights: FloatArray,
    shares: tuple[float, ...],
    group: IntArray,
    groups: int,
) -> FloatArray:
    """The lowest value of each group at or below which at least each share of its weight lies.

    That is the inverse of the weighted empirical distribution (definition 1 of Hyndman and Fan
    1996, The American Statistician 50(4):361-365): nothing is interpolated, so that it can be said
    of people that half of them live no farther than the median. A row a share, a column a group;
    not a number where a group's weights add up to 0.

    >>> one = np.zeros(3, dtype=np.int64)
    >>> people = np.array([50.0, 40, 10])
    >>> weighted_quantiles(np.array([1.0, 2, 9]), people, (0.5, 0.9, 0.91), one, 1).tolist()
    [[1.0], [2.0], [9.0]]
    """
    found = np.full((len(shares), groups), np.nan)
    counted = np.flatnonzero(weights > 0)
    if not len(counted):
        return found
    order = counted[np.lexsort((values[counted], group[counted]))]
    running = np.cumsum(weights[order])
    ends = np.searchsorted(group[order], np.arange(groups), side="right")
    starts = np.concatenate(([0], ends[:-1]))
    held = ends > starts
    before = np.where(starts > 0, running[starts - 1], 0.0)[held]
    total = running[ends[held] - 1] - before
    slack = 1e-12 * running[-1]
    for row, share in enumerate(shares):
        place = np.searchsorted(running, before + share * total - slack, side="left")
        found[row, held] = values[order[np.clip(place, starts[held], ends[held] - 1)]]
    return found
