"""Choices of sites beside one another: the next best one, and what each further site brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from geo.errors import InvalidValue
from geo.siting import (
    TIME_LIMIT_S,
    NoSites,
    Problem,
    Siting,
    SitingTask,
    location_set_covering,
    maximal_covering,
    p_centre,
    p_median,
)

CLOSE: Final = 0.02
"""A runner-up is close when it is worse by no more than this part of the best."""


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The best choice that lacks one of the sites of the best, and what each of them is worth.

    ``siting`` is ``None`` where no other choice is possible. ``without`` has, for each site of the
    best that is not required, the value of the best choice that does without it, and ``None``
    where there is none that serves as many people. ``worse`` is how much worse the runner-up is,
    as a part of the best.
    """

    siting: Siting | None
    worse: float | None
    without: tuple[tuple[int, float | None], ...]

    def close(self, share: float = CLOSE) -> bool:
        """Whether the runner-up is worse by no more than this part of the best."""
        return self.worse is not None and self.worse <= share


def runner_up(task: SitingTask, best: Siting, time_limit_s: float = TIME_LIMIT_S) -> RunnerUp:
    """The best of all other choices: the problem is solved again with each chosen site forbidden.

    Any other choice of as many sites lacks one of those chosen, so that the best of these answers
    is the best of all others. A location set covering may have another of more sites.

    Args:
        task: the task that ``best`` answers.
        best: an answer of one of the four problems.
        time_limit_s: for each of the problems solved.
    """
    again = _solve(best.problem, best.within, time_limit_s)
    answers: list[tuple[int, Siting | None]] = []
    for site in best.opened:
        if site not in task.required:
            try:
                other = again(task.without(site), len(best.opened))
            except (NoSites, InvalidValue):
                answers.append((site, None))
            else:
                answers.append((site, other if _as_many(best, other) else None))
    sign = -1.0 if best.problem == "maximal covering" else 1.0
    others = [each for _, each in answers if each is not None]
    found = min(others, key=lambda each: (sign * each.value, each.opened), default=None)
    without = tuple((site, each.value if each else None) for site, each in answers)
    if found is None:
        return RunnerUp(None, None, without)
    apart_by = max(sign * (found.value - best.value), 0.0)
    worse = apart_by / abs(best.value) if best.value else apart_by
    return RunnerUp(found, worse, without)


def trade_off(
    task: SitingTask,
    problem: Problem,
    most: int,
    within: float | None = None,
    time_limit_s: float = TIME_LIMIT_S,
) -> tuple[Siting, ...]:
    """The best choice of each number of sites that is possible, up to ``most``.

    Numbers with which nobody could be served are left out.

    Raises:
        InvalidValue: the problem takes no number of sites, or lacks its ``within``.
    """
    if problem == "location set covering" or (problem == "maximal covering" and within is None):
        raise InvalidValue(
            "A trade-off needs maximal covering with a distance or time, p-median or p-centre; "
            f"given {problem} within {within}."
        )
    least = max(len(task.required), 0 if task.existing else 1)
    answers = []
    for p in range(least, min(most, len(task.required) + len(task.free)) + 1):
        try:
            answers.append(_solve(problem, within, time_limit_s)(task, p))
        except NoSites:
            continue
    return tuple(answers)


def _solve(
    problem: Problem, within: float | None, time_limit_s: float
) -> Callable[[SitingTask, int], Siting]:
    if problem == "p-median":
        return lambda task, p: p_median(task, p, within, time_limit_s)
    if problem == "p-centre":
        return lambda task, p: p_centre(task, p, within, time_limit_s)
    if within is None:
        raise InvalidValue(f"A distance or time is needed for {problem}; given none.")
    if problem == "maximal covering":
        return lambda task, p: maximal_covering(task, p, within, time_limit_s)
    return lambda task, _: location_set_covering(task, within, time_limit_s)


def _as_many(best: Siting, other: Siting) -> bool:
    """Whether another choice serves everyone whom the best serves, where all are to be served."""
    return best.problem == "maximal covering" or other.beyond <= best.beyond
