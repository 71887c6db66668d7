"""What is to be sited: demand, the costs to candidates, and which of them are settled already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from geo.costs import CostMatrix, FloatArray, counts
from geo.errors import InvalidValue, PatchmapError
from geo.weighted import IntArray

Problem = Literal["maximal covering", "p-median", "p-centre", "location set covering"]


class NoSites(PatchmapError):
    """No choice of sites keeps the rules, or none was found in the time."""


@dataclass(frozen=True, slots=True, eq=False)
class SitingTask:
    """Demand points, candidates, and what is settled before anything is chosen.

    ``costs`` has a column a site and ``demand`` the people of each row. ``existing`` sites are open
    and stay so, beyond the p that are asked for; ``required`` ones are among the p; ``excluded``
    ones are never chosen. Each demand point goes to the site that costs least.

    Raises:
        InvalidValue: demand that is not known or adds up to 0, or a site in two of the lists.
    """

    costs: CostMatrix
    demand: FloatArray
    existing: tuple[int, ...] = ()
    required: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        demand = counts(self.demand, self.costs.people, "Demand of demand points")
        if not demand.sum():
            raise InvalidValue("Demand above 0 is needed somewhere; given none.")
        object.__setattr__(self, "demand", demand)
        lists = [self.existing, self.required, self.excluded]
        settled = [int(site) for each in lists for site in self.costs.numbers(each)]
        twice = sorted({site for site in settled if settled.count(site) > 1})
        if twice:
            raise InvalidValue(
                f"A site is either existing, required or excluded, once; given {twice} twice."
            )

    @property
    def fixed(self) -> tuple[int, ...]:
        """The sites that are open in any case."""
        return (*self.existing, *self.required)

    @property
    def free(self) -> IntArray:
        """The sites that may be chosen and need not be."""
        settled = [*self.fixed, *self.excluded]
        return np.setdiff1d(np.arange(self.costs.sites), np.array(settled, dtype=np.int64))

    def choices(self, p: int) -> int:
        """How many sites are left to choose when ``p`` are to open.

        Raises:
            InvalidValue: fewer than are required, or more than there are.
        """
        required, most = len(self.required), len(self.required) + len(self.free)
        least = required if self.existing else max(required, 1)
        if not least <= p <= most:
            raise InvalidValue(
                f"From {least} to {most} sites can open, as so many are required and allowed; "
                f"given {p}."
            )
        return p - required

    def without(self, site: int) -> SitingTask:
        """The same with one more site excluded."""
        return replace(self, excluded=(*self.excluded, site))

    def served(self) -> npt.NDArray[np.bool_]:
        """Which demand points have people and a way to some site that is or may be open."""
        allowed = np.concatenate((np.array(self.fixed, dtype=np.int64), self.free))
        way = np.isfinite(self.costs.values[:, allowed]).any(axis=1)
        return np.asarray(way & (self.demand > 0))


@dataclass(frozen=True, slots=True)
class Siting:
    """The sites chosen, what they do, and how surely nothing does better.

    ``opened`` are the new sites by number and ``sites`` all that are open. ``value`` is what the
    problem counts: the demand within ``within``, the mean cost, the largest cost, or the number of
    sites that open; ``bound`` is what no choice can pass. ``demand_share`` is the part of people
    within ``within`` and ``point_share`` the part of demand points, which is another figure;
    ``None`` when no ``within`` was given. ``mean`` and ``largest`` are of the people who have a
    way; ``beyond`` are the people whom no choice could serve: those without a way or, when sites
    are to cover everyone, farther than ``within`` from all.
    """

    problem: Problem
    opened: tuple[int, ...]
    sites: tuple[int, ...]
    value: float
    bound: float
    within: float | None
    demand_share: float | None
    point_share: float | None
    mean: float
    largest: float
    beyond: float

    @property
    def gap(self) -> float:
        """How much better another choice could at most be, as a part of the value."""
        apart = abs(self.bound - self.value)
        return apart / abs(self.value) if self.value else apart

    @property
    def proven(self) -> bool:
        """Whether no other choice does better, to within one part in a million."""
        return self.gap <= 1e-6


def judged(
    task: SitingTask,
    problem: Problem,
    chosen: Iterable[int],
    bound: float | None,
    within: float | None,
    beyond: float,
) -> Siting:
    """What a choice of sites does, reckoned anew from the costs and not taken from a solver."""
    sites = tuple(sorted({*task.existing, *(int(site) for site in chosen)}))
    opened = tuple(site for site in sites if site not in task.existing)
    cost = task.costs.values[:, list(sites)].min(axis=1, initial=np.inf)
    way = np.isfinite(cost) & (task.demand > 0)
    near = np.isfinite(cost) & (cost <= (np.inf if within is None else within))
    held = float(task.demand[way].sum())
    mean = float((task.demand[way] * cost[way]).sum() / held) if held else np.nan
    largest = float(cost[way].max()) if held else np.nan
    covered = float(task.demand[near].sum())
    values: dict[Problem, float] = {
        "maximal covering": covered,
        "p-median": mean,
        "p-centre": largest,
        "location set covering": float(len(opened)),
    }
    value = values[problem]
    share = None if within is None else covered / float(task.demand.sum())
    points = None if within is None else float(near.mean())
    return Siting(
        problem,
        opened,
        sites,
        value,
        value if bound is None else bound,
        within,
        share,
        points,
        mean,
        largest,
        beyond,
    )


def filled(task: SitingTask, chosen: Sequence[int], number: int) -> tuple[int, ...]:
    """Further sites until there are so many, each the one that shortens people's ways the most.

    Of equal ones the lower number comes first. What was chosen stays.
    """
    picked = [int(site) for site in chosen]
    while len(picked) < number:
        now = task.costs.values[:, [*task.fixed, *picked]].min(axis=1, initial=np.inf)
        left = np.setdiff1d(task.free, picked)
        then = np.minimum(task.costs.values[:, left], now[:, None])
        lost = task.demand @ ~np.isfinite(then)
        ways = task.demand @ np.where(np.isfinite(then), then, 0.0)
        picked.append(int(left[np.lexsort((left, ways, lost))[0]]))
    return tuple(picked)
