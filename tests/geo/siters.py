"""Every choice of sites there is, to hold the programs against."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from geo.siting import SitingTask


def figures(task: SitingTask, opened, within: float) -> dict[str, float]:
    """What a choice does, one demand point at a time."""
    sites = [*task.existing, *opened]
    covered = worst = total = people = 0.0
    unserved = 0
    for row, demand in zip(task.costs.values, task.demand, strict=True):
        if not demand or not any(np.isfinite(row[j]) for j in _allowed(task)):
            continue
        cost = min(row[j] for j in sites)
        unserved += not np.isfinite(cost)
        covered += demand if np.isfinite(cost) and cost <= within else 0
        total, people, worst = total + demand * cost, people + demand, max(worst, cost)
    return {
        "maximal covering": covered,
        "p-median": np.inf if unserved else total / people,
        "p-centre": np.inf if unserved else worst,
    }


def choices(task: SitingTask, p: int):
    """Each set of ``p`` new sites that keeps the rules."""
    free = [site for site in _allowed(task) if site not in (*task.existing, *task.required)]
    for more in combinations(free, p - len(task.required)):
        yield tuple(sorted((*task.required, *more)))


def ranked(task: SitingTask, problem: str, p: int, within: float) -> list[tuple[float, tuple]]:
    """The value of each choice, the best first."""
    sign = -1 if problem == "maximal covering" else 1
    found = [(figures(task, opened, within)[problem], opened) for opened in choices(task, p)]
    return sorted(found, key=lambda one: sign * one[0])


def fewest(task: SitingTask, within: float) -> int:
    """The least number of new sites that cover all whom any allowed site covers."""
    covers = task.costs.values <= within
    coverable = covers[:, list(_allowed(task))].any(axis=1) & (task.demand > 0)
    p = len(task.required)
    while True:
        for opened in choices(task, p):
            if covers[:, [*task.existing, *opened]].any(axis=1)[coverable].all():
                return p
        p += 1


def _allowed(task: SitingTask) -> list[int]:
    return [site for site in range(task.costs.sites) if site not in task.excluded]
