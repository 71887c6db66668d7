"""How near people are to sites: who is served within what distance or time, and who is not.

People stand at the points of small areas. Each goes to the site that costs least, of equal ones
to the lower number. Residents are counted within and outside each threshold, in all and by any
grouping. Mean, median and 90th percentile are of residents who have a way to some site; those who
have none are counted beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from geo.costs import CostMatrix, FloatArray, Measure, counts, points
from geo.errors import InvalidValue
from geo.weighted import IntArray, weighted_mean, weighted_quantiles

QUANTILES = (0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Served:
    """Residents of one group by how near they are; ``within`` has a number for each threshold.

    Costs are in the measure of the matrix, and ``None`` where no resident has a way.
    """

    residents: float
    within: tuple[float, ...]
    outside: tuple[float, ...]
    no_way: float
    mean: float | None
    median: float | None
    percentile_90: float | None

    @property
    def shares(self) -> tuple[float, ...] | None:
        """The part of the residents within each threshold; ``None`` where nobody lives."""
        if not self.residents:
            return None
        return tuple(within / self.residents for within in self.within)


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Who is served: the nearest site of each demand point, and residents in all and by group.

    ``nearest`` is the number of the site and ``cost`` what it takes to get there: -1 and infinite
    where there is no way. ``groups`` has, by the name of the grouping, each label's residents.
    """

    measure: Measure
    thresholds: tuple[float, ...]
    nearest: IntArray
    cost: FloatArray
    total: Served
    groups: Mapping[str, Mapping[str, Served]]


@dataclass(frozen=True, slots=True, eq=False)
class _Grouping:
    labels: tuple[str, ...]
    number: IntArray


class People:
    """Residents at demand points with what they are grouped by, made ready for many answers."""

    def __init__(
        self,
        residents: npt.ArrayLike,
        thresholds: Sequence[float],
        groupings: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Take the residents, the costs that count as near, and labels by name of the grouping.

        Raises:
            InvalidValue: residents that are not known, labels that do not fit them, or a
                threshold below 0.
        """
        number = len(np.asarray(residents))
        self.residents = counts(residents, number, "Residents of demand points")
        self.thresholds = tuple(float(one) for one in thresholds)
        if not all(one >= 0 for one in self.thresholds):
            raise InvalidValue(f"Thresholds of 0 or more are needed; given {self.thresholds}.")
        self._all = _Grouping(("",), np.zeros(number, dtype=np.int64))
        self._groupings = {
            name: _grouping(name, labels, number) for name, labels in (groupings or {}).items()
        }

    def served(self, costs: CostMatrix) -> Coverage:
        """Who is served by the sites of a matrix; without a site all are outside.

        Raises:
            InvalidValue: the matrix is of other demand points.
        """
        if costs.people != len(self.residents):
            raise InvalidValue(
                f"Costs from {len(self.residents)} demand points are needed; given {costs.people}."
            )
        cost, nearest = _nearest(costs.values)
        thresholds = np.array(self.thresholds)[:, None]
        within = (cost <= thresholds) & np.isfinite(cost)
        groups = {
            name: dict(zip(each.labels, self._by(each, cost, within), strict=True))
            for name, each in self._groupings.items()
        }
        total = self._by(self._all, cost, within)[0]
        return Coverage(costs.measure, self.thresholds, nearest, cost, total, groups)

    def sums(self, grouping: str, values: FloatArray) -> dict[str, float]:
        """Values of the demand points added up by the labels of a grouping."""
        each = self._groupings[grouping]
        added = np.bincount(each.number, values, minlength=len(each.labels))
        return dict(zip(each.labels, added.tolist(), strict=True))

    def _by(
        self, grouping: _Grouping, cost: FloatArray, within: npt.NDArray[np.bool_]
    ) -> list[Served]:
        number, groups, people = grouping.number, len(grouping.labels), self.residents
        inside = [np.bincount(number * 2 + near, people, 2 * groups) for near in within]
        split = np.array(inside).reshape(len(within), groups, 2)
        way = np.isfinite(cost)
        costs, weights, of = cost[way], people[way], number[way]
        means = weighted_mean(costs, weights, of, groups)
        medians, nineties = weighted_quantiles(costs, weights, QUANTILES, of, groups)
        residents = np.bincount(number, people, groups)
        no_way = np.bincount(number, people * ~way, groups)
        return [
            Served(
                float(residents[group]),
                tuple(split[:, group, 1].tolist()),
                tuple(split[:, group, 0].tolist()),
                float(no_way[group]),
                _known(means[group]),
                _known(medians[group]),
                _known(nineties[group]),
            )
            for group in range(groups)
        ]


def nearest_m(people_m: npt.ArrayLike, places_m: npt.ArrayLike) -> FloatArray:
    """The straight-line distance in metres from each point to the nearest place.

    Args:
        people_m: eastings and northings in EPSG:27700, as an ``(n, 2)`` array.
        places_m: the same of the places; where there is none, every distance is infinite.

    >>> nearest_m([[0, 0], [3, 4]], [[0, 0], [30, 0]]).tolist()
    [0.0, 5.0]

    Raises:
        InvalidValue: not pairs of finite coordinates.
    """
    people, places = points(people_m), points(places_m)
    if not len(places):
        return np.full(len(people), np.inf)
    distance_m, _ = cKDTree(places).query(people)
    return np.asarray(distance_m, dtype=np.float64)


def _nearest(values: FloatArray) -> tuple[FloatArray, IntArray]:
    people, sites = values.shape
    if not sites:
        return np.full(people, np.inf), np.full(people, -1, dtype=np.int64)
    nearest = values.argmin(axis=1).astype(np.int64)
    cost: FloatArray = values[np.arange(people), nearest]
    nearest[~np.isfinite(cost)] = -1
    return cost, nearest


def _grouping(name: str, labels: Sequence[str], number: int) -> _Grouping:
    if len(labels) != number:
        raise InvalidValue(
            f"The grouping {name!r} needs a label for each of {number} demand points; given "
            f"{len(labels)}."
        )
    known, of = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    return _Grouping(tuple(known.tolist()), of.astype(np.int64).reshape(-1))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
