"""Where sites should be: four problems of location, the best choice proven, and the next best.

- *Maximal covering*: ``p`` sites with the most people within a distance or time (Church and
  ReVelle 1974, Papers of the Regional Science Association 32:101-118).
- *p-median*: ``p`` sites with the least mean cost (Hakimi 1964, Operations Research 12:450-459;
  ReVelle and Swain 1970, Geographical Analysis 2:30-42).
- *p-centre*: ``p`` sites with the least cost for whoever has the farthest to go (Hakimi 1965,
  Operations Research 13:462-475).
- *Location set covering*: the fewest sites that have everyone within a distance or time (Toregas
  and others 1971, Operations Research 19:1363-1373).

Each is made smaller by steps that lose no best choice, built by spopt and solved by HiGHS. The
p-centre is found as the least cost at which a location set covering needs no more than ``p`` sites
(Minieka 1970, SIAM Review 12:138-139).
"""

from __future__ import annotations

from time import monotonic
from typing import Final

import numpy as np

from geo.costs import FloatArray
from geo.errors import InvalidValue
from geo.siting_cover import BoolArray, apart, greedy, merged_rows, reduced, useful_columns
from geo.siting_median import narrowed
from geo.siting_model import cover_all, cover_most, least_cost
from geo.siting_task import NoSites, Problem, Siting, SitingTask, filled, judged

__all__ = [
    "NoSites",
    "Problem",
    "Siting",
    "SitingTask",
    "location_set_covering",
    "maximal_covering",
    "p_centre",
    "p_median",
]

TIME_LIMIT_S: Final = 30.0


def maximal_covering(
    task: SitingTask, p: int, within: float, time_limit_s: float = TIME_LIMIT_S
) -> Siting:
    """The ``p`` sites that have the most people within a cost, counting those of existing sites.

    Raises:
        InvalidValue: ``p`` is not possible, or ``within`` below 0.
        NoSites: none was found in the time.
    """
    number, covered = task.choices(p), _Covered(task, within)
    held = float(task.demand[covered.settled].sum())
    picked, bound = [], held
    if number and covered.left.any():
        rows, weights = merged_rows(covered.by_free, task.demand[covered.left])
        useful = useful_columns(rows)
        if number < len(useful):
            solved = cover_most(rows[:, useful], weights, number, time_limit_s)
            picked, bound = list(solved.chosen), held + solved.bound
        else:
            picked, bound = list(range(len(useful))), held + float(weights.sum())
        picked = task.free[useful[picked]].tolist()
    chosen = (*task.required, *filled(task, picked, number))
    return judged(task, "maximal covering", chosen, bound, within, covered.beyond)


def p_median(
    task: SitingTask, p: int, within: float | None = None, time_limit_s: float = TIME_LIMIT_S
) -> Siting:
    """The ``p`` sites that, with existing ones, make the mean cost of all people least.

    Args:
        task: people without a way to any site that may be open are left out and counted.
        p: how many sites open.
        within: if given, the people within it are counted too.
        time_limit_s: after so long the best choice found stands, with the bound that is proven.

    Raises:
        InvalidValue: ``p`` is not possible.
        NoSites: no ``p`` sites serve everyone who has a way, or none was found in the time.
    """
    number = task.choices(p)
    rows, costs, base = _ways(task)
    picked, bound = _median(costs, base, task.demand[rows], number, time_limit_s)
    chosen = (*task.required, *task.free[picked])
    beyond = float(task.demand[~rows].sum())
    return judged(task, "p-median", chosen, bound, within, beyond)


def p_centre(
    task: SitingTask, p: int, within: float | None = None, time_limit_s: float = TIME_LIMIT_S
) -> Siting:
    """The ``p`` sites that, with existing ones, make the largest cost of anyone least.

    Sites that this leaves open to choose are those that shorten people's ways the most.

    Args:
        task: people without a way to any site that may be open are left out and counted.
        p: how many sites open.
        within: if given, the people within it are counted too.
        time_limit_s: after so long the best choice found stands, with the bound that is proven.

    Raises:
        InvalidValue: ``p`` is not possible.
        NoSites: no ``p`` sites serve everyone who has a way, or none was found in the time.
    """
    ends = monotonic() + time_limit_s
    number = task.choices(p)
    rows, costs, base = _ways(task)
    best = np.minimum(costs.min(axis=1, initial=np.inf), base)
    least = float(best.max(initial=0.0))
    steps = np.unique(np.column_stack((costs, base)))
    steps = steps[np.isfinite(steps) & (steps >= least)]
    low, high, proven, picked = 0, len(steps), len(steps), None
    while low < high:
        middle = (low + high) // 2
        covers = costs[base > steps[middle]] <= steps[middle]
        found, sure = _at_most(covers, number, ends - monotonic())
        if found is not None:
            high, picked = middle, found
        else:
            low, proven = middle + 1, proven if sure else min(proven, middle)
    if picked is None:
        raise NoSites(
            f"No {p} sites serve everyone who has a way to one. Open more of them or exclude fewer."
        )
    chosen = (*task.required, *filled(task, task.free[picked].tolist(), number))
    bound = float(steps[min(low, proven)])
    return judged(task, "p-centre", chosen, bound, within, float(task.demand[~rows].sum()))


def location_set_covering(
    task: SitingTask, within: float, time_limit_s: float = TIME_LIMIT_S
) -> Siting:
    """The fewest sites that, with existing ones, have everyone within a cost who can be.

    Raises:
        InvalidValue: ``within`` is below 0.
        NoSites: none was found in the time.
    """
    covered = _Covered(task, within)
    picked, bound = _fewest(covered.by_free, time_limit_s)
    chosen = (*task.required, *task.free[picked])
    least = bound + len(task.required)
    return judged(task, "location set covering", chosen, least, within, covered.beyond)


class _Covered:
    """Which rows are covered by fixed sites, which are left that free ones cover, and by which."""

    def __init__(self, task: SitingTask, within: float) -> None:
        if not within >= 0:
            raise InvalidValue(f"A distance or time of 0 or more is needed; given {within!r}.")
        covers = (task.costs.values <= within) & np.isfinite(task.costs.values)
        self.settled = covers[:, list(task.fixed)].any(axis=1)
        self.left = ~self.settled & covers[:, task.free].any(axis=1) & (task.demand > 0)
        self.by_free: BoolArray = covers[np.ix_(self.left, task.free)]
        self.beyond = float(task.demand[~self.settled & ~self.left].sum())


def _ways(task: SitingTask) -> tuple[BoolArray, FloatArray, FloatArray]:
    """Rows that can be served, their costs to each free site, and to the nearest fixed one."""
    rows = task.served()
    if not rows.any():
        raise NoSites("Nobody has a way to any of the sites. Allow others, or check the costs.")
    costs = task.costs.values[rows]
    return rows, costs[:, task.free], costs[:, list(task.fixed)].min(axis=1, initial=np.inf)


def _median(
    costs: FloatArray, base: FloatArray, weights: FloatArray, number: int, time_limit_s: float
) -> tuple[list[int], float]:
    share = weights / weights.sum()
    if not number:
        if np.isinf(base).any():
            raise NoSites("The sites that are fixed do not serve everyone. Open more of them.")
        return [], float(base @ share)
    left = narrowed(costs * share[:, None], base * share, number)
    if left.bound >= left.value * (1 - 1e-9):
        return list(left.choice), left.value
    table = left.costs if np.isinf(base).all() else np.column_stack((left.costs, base * share))
    fixed = list(range(len(left.columns), table.shape[1]))
    try:
        solved = least_cost(table, number + len(fixed), fixed, time_limit_s)
    except NoSites:
        if np.isinf(left.value):
            raise
        return list(left.choice), left.bound
    picked = [int(left.columns[each]) for each in solved.chosen if each not in fixed]
    value = np.minimum(costs[:, picked].min(axis=1), base) @ share
    better = picked if value <= left.value else list(left.choice)
    return better, max(solved.bound, left.bound)


def _at_most(covers: BoolArray, number: int, time_limit_s: float) -> tuple[list[int] | None, bool]:
    """So many columns at most that cover every row, if found, and whether that is sure."""
    if not covers.any(axis=1).all() or apart(covers) > number:
        return None, True
    quick = greedy(covers)
    if len(quick) <= number:
        return quick, True
    picked, least = _fewest(covers, time_limit_s)
    return (picked, True) if len(picked) <= number else (None, least > number)


def _fewest(covers: BoolArray, time_limit_s: float) -> tuple[list[int], float]:
    """The fewest columns found that cover every row, and the least number there can be."""
    if not len(covers):
        return [], 0.0
    rows, columns = reduced(covers)
    picked, least = greedy(rows), float(apart(rows))
    if len(picked) > least:
        try:
            solved = cover_all(rows, time_limit_s)
        except NoSites:
            return columns[picked].tolist(), least
        least = max(least, float(np.ceil(solved.bound - 1e-6)))
        picked = min(picked, list(solved.chosen), key=len)
    return columns[picked].tolist(), least
