"""The integer program of a plan of visits, as matrices for HiGHS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from geo.errors import PatchmapError
from geo.plan_task import FloatArray, IntArray, PlanTask

TIME_LIMIT_REACHED: Final = 1
"""What HiGHS answers when its time is over."""

_MONTHS_GAP: Final = 1e-3


class NoPlan(PatchmapError):
    """The solver ended without any plan."""


class Program:
    """Columns: main places, companions, small areas reached, days by area and month, lacking."""

    def __init__(self, task: PlanTask) -> None:
        self.task = task
        self.main, self.other = task.companions()
        self.reached_from = task.reached_from()
        self.scale = float(task.need.sum()) or 1.0
        areas, months = task.lacking.shape
        sizes = (len(task.place_area), len(self.main), len(task.need), areas * months)
        self.places, self.pairs, self.people, self.cells = sizes

    def fewest_lacking(self, time_limit_s: float) -> OptimizeResult:
        """The least number of days lacking that the quota and the places allow."""
        task, cells = self.task, self.cells
        held = task.most_places()
        most = LinearConstraint(
            sparse.hstack([_by_area(task), sparse.csr_array((len(held), cells))]), -np.inf, held
        )
        cost = np.concatenate((np.zeros(cells), np.ones(cells)))
        return _solved(cost, np.ones(2 * cells), [most, *_month_rules(task, 0)], 0.0, time_limit_s)

    def most_reached(self, lacking: int, gap: float, time_limit_s: float) -> OptimizeResult:
        """The most need that is reached by a plan which lacks so few days."""
        task = self.task
        before = self.places + self.pairs + self.people
        cost = np.zeros(before + 2 * self.cells)
        cost[self.places + self.pairs : before] = -task.need / self.scale
        whole = np.ones(len(cost))
        whole[self.places + self.pairs : before] = 0
        upper = np.full(len(cost), np.inf)
        upper[:before] = 1
        rules = [*self._place_rules(), *_month_rules(task, before), self._cap(before, lacking)]
        return _solved(cost, whole, rules, gap, time_limit_s, upper)

    def months_of(self, chosen: IntArray) -> IntArray:
        """Days by area and month as the solution has them, however uneven."""
        before = self.places + self.pairs + self.people
        days: IntArray = chosen[before : before + self.cells].reshape(self.task.lacking.shape)
        return days

    def days_of(self, chosen: IntArray) -> list[tuple[tuple[int, ...], int]]:
        """The days of a solution: places, the main one first, and area.

        A further stop is left out where it reaches nobody whom the others do not.
        """
        mains = np.flatnonzero(chosen[: self.places])
        taken = np.flatnonzero(chosen[self.places : self.places + self.pairs])
        times = self.reached_from[:, [*mains, *self.other[taken]]].sum(axis=1)
        stops: dict[int, list[int]] = {int(main): [int(main)] for main in mains}
        for pair in taken:
            column = self.reached_from[:, [self.other[pair]]].toarray().ravel()
            adds = bool(self.task.need[(column > 0) & (times == 1)].any())
            if adds:
                stops[int(self.main[pair])].append(int(self.other[pair]))
            else:
                times = times - column
        return [(tuple(mine), int(self.task.place_area[main])) for main, mine in stops.items()]

    def _place_rules(self) -> list[LinearConstraint]:
        """How main places, companions and small areas reached hang together."""
        task, places, pairs = self.task, self.places, self.pairs
        rest = 2 * self.cells
        each = np.arange(pairs)
        to_main = sparse.csr_array((np.ones(pairs), (each, self.main)), shape=(pairs, places))
        to_other = sparse.csr_array((np.ones(pairs), (each, self.other)), shape=(pairs, places))
        one = sparse.eye_array
        blank = sparse.csr_array
        with_main = [-to_main, one(pairs), blank((pairs, self.people + rest))]
        few = [-(task.stops - 1) * one(places), to_main.T, blank((places, self.people + rest))]
        visited = sparse.hstack(
            [one(places), to_other.T, blank((places, self.people + rest))], format="csr"
        )
        first, second = task.alike.T
        reach = self.reached_from
        reached = [-reach, -(reach @ to_other.T), one(self.people), blank((self.people, rest))]
        areas = len(task.lacking)
        in_area = sparse.csr_array(
            (np.ones(places), (task.place_area, np.arange(places))), shape=(areas, places)
        )
        gap = blank((areas, pairs + self.people))
        counted = [in_area, gap, -_by_area(task), blank((areas, self.cells))]
        rules = [
            LinearConstraint(visited, -np.inf, 1),
            LinearConstraint(visited[first] + visited[second], -np.inf, 1),
            LinearConstraint(sparse.hstack(reached), -np.inf, 0),
            LinearConstraint(sparse.hstack(counted), 0, 0),
        ]
        if pairs:
            rules.append(LinearConstraint(sparse.hstack(with_main), -np.inf, 0))
            rules.append(LinearConstraint(sparse.hstack(few), -np.inf, 0))
        return rules

    def _cap(self, before: int, lacking: int) -> LinearConstraint:
        row = np.concatenate((np.zeros(before + self.cells), np.ones(self.cells)))
        return LinearConstraint(sparse.csr_array(row[None, :]), -np.inf, lacking)


def _by_area(task: PlanTask) -> sparse.csr_array:
    """Adds the days by area and month up to days by area."""
    areas, months = task.lacking.shape
    return sparse.csr_array(sparse.kron(sparse.eye_array(areas), np.ones((1, months))))


def _month_rules(task: PlanTask, before: int) -> list[LinearConstraint]:
    """Every month takes its quota; a run of months lacks what it is short of. After so many columns
    come days by area and month, then what is lacking by area and month."""
    areas, months = task.lacking.shape
    cells = areas * months
    by_month = sparse.kron(np.ones((1, areas)), sparse.eye_array(months))
    month = np.arange(months)
    back = month[:, None] - month[None, :]
    run = sparse.csr_array(((back >= 0) & (back < task.window_months)).astype(float))
    runs = sparse.kron(sparse.eye_array(areas), run)
    blank = sparse.csr_array
    quota = [blank((months, before)), by_month, blank((months, cells))]
    met = [blank((cells, before)), runs, sparse.eye_array(cells)]
    return [
        LinearConstraint(sparse.hstack(quota), task.quota, task.quota),
        LinearConstraint(sparse.hstack(met), task.lacking.ravel(), np.inf),
    ]


def spread_over_months(
    task: PlanTask, counts: IntArray, lacking: int, time_limit_s: float
) -> IntArray:
    """Days by area and month: few areas lack more than a day, then all as even as the rules allow.

    Uneven is how far an area's days up to each month are from its share of all days up to then.
    After days and lacking come that distance, above and below, and what is lacking beyond a day.
    """
    areas, months = task.lacking.shape
    cells = areas * months
    one, blank = sparse.eye_array(cells), sparse.csr_array((cells, cells))

    def wide(rule: LinearConstraint) -> LinearConstraint:
        rest = sparse.csr_array((rule.A.shape[0], 3 * cells))
        return LinearConstraint(sparse.hstack([rule.A, rest]), rule.lb, rule.ub)

    up_to = task.days * sparse.kron(sparse.eye_array(areas), np.tril(np.ones((months, months))))
    even = np.outer(counts, np.cumsum(task.quota)).ravel()
    distance = sparse.hstack([up_to, blank, one, -one, blank])
    beyond_one = sparse.hstack([blank, one, blank, blank, -one])
    by_area = sparse.hstack([_by_area(task), sparse.csr_array((areas, 4 * cells))])
    all_lacking = np.repeat((0.0, 1.0, 0.0), (cells, cells, 3 * cells))[None, :]
    rules = [
        *(wide(rule) for rule in _month_rules(task, 0)),
        LinearConstraint(distance, even, even),
        LinearConstraint(beyond_one, -np.inf, 1),
        LinearConstraint(by_area, counts, counts),
        LinearConstraint(sparse.csr_array(all_lacking), -np.inf, lacking),
    ]
    cost = np.repeat((0.0, 0.0, 1.0, 1.0, float(max(task.days, 1) ** 2)), cells)
    whole = np.repeat((1.0, 1.0, 0.0, 0.0, 0.0), cells)
    found = _solved(cost, whole, rules, _MONTHS_GAP, time_limit_s)
    days: IntArray = np.round(found.x[:cells]).astype(np.int64).reshape(areas, months)
    return days


def _solved(
    cost: FloatArray,
    whole: FloatArray,
    rules: Sequence[LinearConstraint],
    gap: float,
    time_limit_s: float,
    upper: FloatArray | None = None,
) -> OptimizeResult:
    """The solution; HiGHS' presolve at times misses one that is there, so it is asked twice."""
    options = {"mip_rel_gap": gap, "time_limit": time_limit_s}
    bounds = Bounds(0, np.inf if upper is None else upper)
    for presolve in (True, False):
        found = milp(
            cost,
            integrality=whole,
            bounds=bounds,
            constraints=rules,
            options={**options, "presolve": presolve},
        )
        if found.x is not None or found.status == TIME_LIMIT_REACHED:
            break
    if found.x is None:
        why = "the time was too short" if found.status == TIME_LIMIT_REACHED else found.message
        raise NoPlan(
            f"No plan was found: {why}. Plan fewer days than there are places, allow more of them, "
            "or give it more time."
        )
    return found
