"""Rates of small areas drawn towards a mean, the more so the fewer live there (Marshall 1991).

The rate of an area with few residents jumps about by chance. Its smoothed rate is a mean of its own
rate and that of all areas, or of the areas around it, weighted by how much the areas truly differ
against how much chance alone would make them differ.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def global_rates(counts: npt.ArrayLike, residents: npt.ArrayLike) -> FloatArray:
    """Rates drawn towards that of all areas together, a resident each.

    Where areas differ no more than by chance all have the mean. Not a number where nobody lives.

    Marshall, R. J. (1991), Mapping disease and mortality rates using empirical Bayes estimators,
    Applied Statistics 40, 283-294.

    Raises:
        InvalidValue: the arrays do not fit, or a value is below 0.
    """
    events, people = _checked(counts, residents)
    smoothed = np.full(len(events), np.nan)
    lived_in = people > 0
    if lived_in.any():
        there = np.flatnonzero(lived_in)
        mean, spread = _moments(events[there], people[there])
        smoothed[there] = _drawn(events[there], people[there], mean, spread)
    return smoothed


def local_rates(
    counts: npt.ArrayLike, residents: npt.ArrayLike, neighbours: Sequence[npt.ArrayLike]
) -> FloatArray:
    """Rates drawn towards that of the area together with its neighbours.

    Args:
        counts: what was counted in each area.
        residents: how many live in each.
        neighbours: for each area the positions of its neighbours, without itself.

    Raises:
        InvalidValue: the arrays do not fit, or a value is below 0.
    """
    events, people = _checked(counts, residents)
    if len(neighbours) != len(events):
        raise InvalidValue(
            f"Neighbours of each of {len(events)} areas are needed; given {len(neighbours)}."
        )
    smoothed = np.full(len(events), np.nan)
    for area in np.flatnonzero(people > 0).tolist():
        around = np.append(np.asarray(neighbours[area], dtype=np.int64), area)
        around = around[people[around] > 0]
        mean, spread = _moments(events[around], people[around])
        smoothed[area] = _drawn(events[[area]], people[[area]], mean, spread)[0]
    return smoothed


def nearest_neighbours(points_m: FloatArray, number: int) -> list[IntArray]:
    """The nearest points of each point, in metres of EPSG:27700, itself left out.

    There are fewer than ``number`` where there are not so many other points.
    """
    if len(points_m) < 2:
        return [np.zeros(0, dtype=np.int64) for _ in points_m]
    _, found = cKDTree(points_m).query(points_m, k=min(number + 1, len(points_m)))
    return [row[row != own][:number].astype(np.int64) for own, row in enumerate(found)]


def _moments(events: FloatArray, people: FloatArray) -> tuple[float, float]:
    """The mean rate, and the variance of true rates about it: what chance does not explain."""
    mean = float(events.sum() / people.sum())
    seen = float((people * (events / people - mean) ** 2).sum() / people.sum())
    return mean, max(0.0, seen - mean / float(people.mean()))


def _drawn(events: FloatArray, people: FloatArray, mean: float, spread: float) -> FloatArray:
    if not spread:
        return np.full(len(events), mean)
    weight = spread / (spread + mean / people)
    drawn: FloatArray = weight * events / people + (1 - weight) * mean
    return drawn


def _checked(counts: npt.ArrayLike, residents: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    events, people = (np.asarray(each, dtype=np.float64) for each in (counts, residents))
    if events.shape != people.shape or events.ndim != 1 or (events < 0).any() or (people < 0).any():
        raise InvalidValue(
            "Counts and residents of 0 or more are needed, one of each for an area; given "
            f"{events.shape} counts and {people.shape} numbers of residents."
        )
    return events, people
