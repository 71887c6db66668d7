"""Where to go next: days of visits that keep a commitment and then reach the most need.

A *day* has a main place and up to ``stops - 1`` other places of the same area, each within
``travel_m`` of the main place and with less need about it. A small area is *reached* when a place
visited lies within ``reach_m`` of its point, however often. The plan is an integer program: the
days that areas lack in any run of months come first, the need reached second (maximal covering:
Church and ReVelle 1974, Papers of the Regional Science Association 32), an even spread of each
area's days over the months third. Distances are straight lines in metres of EPSG:27700.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

import numpy as np
from scipy.optimize import OptimizeResult

from geo.plan_program import TIME_LIMIT_REACHED, NoPlan, Program, spread_over_months
from geo.plan_task import IntArray, PlanTask

__all__ = ["DayProposal", "NoPlan", "Plan", "PlanTask", "plan_days"]

GAP: Final = 0.005
TIME_LIMIT_S: Final = 25.0


@dataclass(frozen=True, slots=True)
class DayProposal:
    """A day: its places by number, the main one first, its area and its month by number."""

    places: tuple[int, ...]
    area: int
    month: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The days of a plan in order of month, the neediest of an area first.

    ``reached`` is the need reached, ``bound`` what no plan can exceed that lacks as little;
    ``lacking`` is the sum over areas and months of the days that the run of months which ends
    there still lacks, the least there is when ``proven``.
    """

    days: tuple[DayProposal, ...]
    reached: float
    bound: float
    lacking: int
    proven: bool

    @property
    def gap(self) -> float:
        """How much more need, as a part of what is reached, a better plan could at most reach."""
        return max(self.bound - self.reached, 0.0) / self.reached if self.reached else 0.0


def plan_days(task: PlanTask, gap: float = GAP, time_limit_s: float = TIME_LIMIT_S) -> Plan:
    """The plan that lacks the fewest days and, of those, reaches the most need.

    Args:
        task: places, need, months and what is lacking.
        gap: the solver stops when the need reached is proven to be within this part of the best.
        time_limit_s: the solver stops after this time in all with the best plan found so far.

    Raises:
        NoPlan: there are fewer places than days, or the time was too short to find any plan.
    """
    ends = monotonic() + time_limit_s

    def left_s(least_s: float) -> float:
        return max(ends - monotonic(), least_s)

    model = Program(task)
    fewest = model.fewest_lacking(left_s(0))
    lacking = round(fewest.fun) if task.lacking.size else 0
    found = model.most_reached(lacking, gap, left_s(1))
    chosen = np.round(found.x).astype(np.int64)
    days = model.days_of(chosen)
    counts = np.bincount([area for _, area in days], minlength=len(task.lacking))
    try:
        months = spread_over_months(task, counts, lacking, left_s(1))
    except NoPlan:
        months = model.months_of(chosen)
    return _plan(task, days, months, -found.mip_dual_bound * model.scale, lacking, fewest)


def _plan(
    task: PlanTask,
    days: Sequence[tuple[tuple[int, ...], int]],
    months: IntArray,
    bound: float,
    lacking: int,
    fewest: OptimizeResult,
) -> Plan:
    reach = task.reached_from()
    worth = {
        places: float(task.need[reach[:, list(places)].sum(axis=1) > 0].sum()) for places, _ in days
    }
    free = {area: list(np.repeat(np.arange(len(row)), row)) for area, row in enumerate(months)}
    proposals = [
        DayProposal(places, area, int(free[area].pop(0)))
        for places, area in sorted(days, key=lambda day: (-worth[day[0]], day[0]))
    ]
    visited = [place for places, _ in days for place in places]
    reached = float(task.need[reach[:, visited].sum(axis=1) > 0].sum())
    proven = fewest.status != TIME_LIMIT_REACHED
    ordered = tuple(sorted(proposals, key=lambda day: (day.month, -worth[day.places])))
    return Plan(ordered, reached, max(bound, reached), lacking, proven)
