"""What a change of sites changes for whom: coverage before and after, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.costs import FloatArray
from geo.coverage import Coverage, People, Served
from geo.errors import InvalidValue

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Change:
    """Residents of one group by what changes for them; tuples have a number for each threshold."""

    gained: tuple[float, ...]
    lost: tuple[float, ...]
    nearer: float
    farther: float


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What changes between two sets of sites.

    ``change`` is the cost after less the cost before, of each demand point: infinite where the
    last way is lost, minus infinite where the first is won, 0 where there is none in either.
    ``gained`` and ``lost`` say which demand points come to lie within each threshold (row) or no
    longer do. Points whose nearest site is another at the same cost are neither nearer nor farther.
    """

    before: Coverage
    after: Coverage
    change: FloatArray
    gained: BoolArray
    lost: BoolArray
    total: Change
    groups: Mapping[str, Mapping[str, Change]]

    @property
    def nearer(self) -> BoolArray:
        """Which demand points are nearer to a site than before."""
        return np.asarray(self.change < 0)

    @property
    def farther(self) -> BoolArray:
        """Which demand points are farther from a site than before."""
        return np.asarray(self.change > 0)


def difference(people: People, before: Coverage, after: Coverage) -> Difference:
    """What changes for whom when the sites of one coverage become those of another.

    Raises:
        InvalidValue: the two are in different measures, or of other thresholds or people.
    """
    same = (before.measure, before.thresholds, before.cost.shape)
    if same != (after.measure, after.thresholds, after.cost.shape):
        raise InvalidValue(
            "Two coverages of the same people, measure and thresholds are needed; given "
            f"{before.measure} at {before.thresholds} and {after.measure} at {after.thresholds}."
        )
    both_none = np.isinf(before.cost) & np.isinf(after.cost)
    change = np.subtract(after.cost, before.cost, out=np.zeros_like(after.cost), where=~both_none)
    was, now = _within(before), _within(after)
    gained, lost = now & ~was, was & ~now
    moved = [*gained, *lost, change < 0, change > 0]
    residents = [people.residents * one for one in moved]
    groups: dict[str, dict[str, Change]] = {}
    for name, labels in after.groups.items():
        sums = [people.sums(name, values) for values in residents]
        groups[name] = {label: _change([one[label] for one in sums]) for label in labels}
    total = _change([float(values.sum()) for values in residents])
    return Difference(before, after, change, gained, lost, total, groups)


def worst_served(coverage: Coverage, grouping: str, threshold: int = 0) -> tuple[str, ...]:
    """The labels of a grouping, the least served first.

    Those with the smallest part of their residents within the threshold (by its number) come
    first, of equal ones the one whose residents have the farthest to go on average, then by label.
    Labels that nobody lives in are left out.
    """

    def rank(item: tuple[str, Served]) -> tuple[float, float, str]:
        label, served = item
        share = served.within[threshold] / served.residents
        return share, -(np.inf if served.mean is None else served.mean), label

    lived_in = [item for item in coverage.groups[grouping].items() if item[1].residents]
    return tuple(label for label, _ in sorted(lived_in, key=rank))


def _within(coverage: Coverage) -> BoolArray:
    near = coverage.cost <= np.array(coverage.thresholds)[:, None]
    return np.asarray(near & np.isfinite(coverage.cost))


def _change(values: list[float]) -> Change:
    thresholds = (len(values) - 2) // 2
    return Change(tuple(values[:thresholds]), tuple(values[thresholds:-2]), values[-2], values[-1])
