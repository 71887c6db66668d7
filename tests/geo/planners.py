"""Planners to hold the program against: every plan there is, and the next best day each time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np

from geo.planning import PlanTask


def lacking_of(task: PlanTask, days) -> int:
    """What is lacking with so many days by area and month, added up over areas and months."""
    areas, months = task.lacking.shape
    total = 0
    for area in range(areas):
        for month in range(months):
            first = max(0, month - task.window_months + 1)
            total += max(0, int(task.lacking[area, month]) - sum(days[area][first : month + 1]))
    return total


def reached_of(task: PlanTask, visited) -> float:
    """The need about places visited, each small area once."""
    total = 0.0
    for point, need in zip(task.people_m, task.need, strict=True):
        near = any(np.hypot(*(task.places_m[p] - point)) <= task.reach_m for p in visited)
        total += need if near else 0.0
    return total


def best_by_force(task: PlanTask) -> tuple[int, float]:
    """The least that can be lacking, and with it the most need that can be reached."""
    held = [_most_of(task, area) for area in range(len(task.lacking))]
    ways = [days for days in _months(task) if np.all(np.sum(days, axis=1) <= held)]
    least = min(lacking_of(task, days) for days in ways)
    counts = {tuple(np.sum(days, axis=1)) for days in ways if lacking_of(task, days) == least}
    best = 0.0
    for mains in combinations(range(len(task.place_area)), task.days):
        in_area = np.bincount(task.place_area[list(mains)], minlength=len(task.lacking))
        if tuple(in_area) in counts:
            best = max([best, *(reached_of(task, visited) for visited in _stops(task, mains))])
    return least, best


def apart(task: PlanTask, visited) -> bool:
    """Whether no two of these places are alike."""
    return not any({int(one), int(other)} <= set(visited) for one, other in task.alike)


def _most_of(task: PlanTask, area: int) -> int:
    """The most places of an area that can be in one plan: every choice of them tried."""
    mine = np.flatnonzero(task.place_area == area).tolist()
    sizes = (size for size in range(len(mine), -1, -1))
    return next(
        size for size in sizes if any(apart(task, some) for some in combinations(mine, size))
    )


def next_best(task: PlanTask) -> tuple[int, float]:
    """Month by month, a day where most is lacking, at the places that reach the most anew."""
    days = np.zeros(task.lacking.shape, dtype=int)
    apart = task.people_m[:, None] - task.places_m[None, :]
    near = np.hypot(*apart.transpose(2, 0, 1)) <= task.reach_m
    left, free, partners = task.need.copy(), np.ones(len(task.place_area), bool), _partners(task)

    def visit(among: np.ndarray) -> int:
        gains = np.where(among, left @ near, -1.0)
        best = int(gains.argmax())
        left[near[:, best]] = 0.0
        free[best] = False
        for one, other in ((0, 1), (1, 0)):
            free[task.alike[task.alike[:, one] == best, other]] = False
        return best

    for month in np.repeat(np.arange(len(task.quota)), task.quota):
        first = max(0, month - task.window_months + 1)
        short = task.lacking[:, month] - days[:, first : month + 1].sum(axis=1)
        wants = np.maximum(short, 0)[task.place_area]
        main = visit(free & (wants == wants[free].max()))
        days[task.place_area[main], month] += 1
        for _ in range(task.stops - 1):
            beside = np.zeros(len(free), dtype=bool)
            beside[partners[main]] = True
            if (beside & free).any():
                visit(beside & free)
    return lacking_of(task, days), float(task.need.sum() - left.sum())


def _months(task: PlanTask) -> Iterator[np.ndarray]:
    areas = len(task.lacking)
    by_month = [
        [c for c in product(range(quota + 1), repeat=areas) if sum(c) == quota]
        for quota in task.quota
    ]
    for way in product(*by_month):
        yield np.array(way).T.reshape(areas, len(task.quota))


def _partners(task: PlanTask) -> dict[int, list[int]]:
    main, other = task.companions()
    return {
        place: [int(o) for m, o in zip(main, other, strict=True) if m == place]
        for place in range(len(task.place_area))
    }


def _stops(task: PlanTask, mains) -> Iterator[set[int]]:
    partners = _partners(task)
    choices = [
        [
            set(more)
            for size in range(task.stops)
            for more in combinations([p for p in partners[m] if p not in mains], size)
        ]
        for m in mains
    ]
    for chosen in product(*choices):
        everything = [place for more in chosen for place in more]
        if len(everything) == len(set(everything)) and apart(task, {*mains, *everything}):
            yield {*mains, *everything}
