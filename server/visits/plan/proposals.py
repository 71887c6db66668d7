"""Days that are proposed: a date and an order of stops for each, and what speaks for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from geo.dates import DateInterval
from geo.planning import DayProposal, Plan, PlanTask
from geo.rotation import Standing
from geo.route import shortest_route
from geo.schedule import even_dates
from layers.candidates import Places
from server.visits.plan.need import Need


@dataclass(frozen=True, slots=True)
class NpaNeed:
    """How an NPA stands on the day before a plan begins, and its part of the need.

    ``lacks`` is how many days the commitment lacks there, ``open_need`` the need that is not
    within reach of a place visited of late, ``days`` how many days the plan proposes. ``parts`` is
    its part of all need if one thing alone were weighed, by the name of that.
    """

    code: str
    standing: Standing
    lacks: int
    need: float
    open_need: float
    days: int
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day that is proposed: where, when, in which order, and what speaks for it.

    ``places`` and ``points_m`` (EPSG:27700) are in the order of going, ``length_m`` the straight
    lines between them. ``residents`` live within reach of a stop, ``unvisited`` of them where no
    visit is held at all, ``deprived`` of them in the most deprived three tenths of England.
    ``turn`` says which of the plan's days in its NPA this is, from 1.
    """

    date: date
    npa: str
    places: tuple[str, ...]
    ward_codes: tuple[str, ...]
    points_m: tuple[tuple[float, float], ...]
    length_m: float
    minutes: float
    residents: int
    unvisited: int
    deprived: int
    lacks: int
    turn: int
    last: DateInterval | None


@dataclass(frozen=True, slots=True, eq=False)
class Proposing:
    """What proposals are made from."""

    task: PlanTask
    places: Places
    need: Need
    npas: Mapping[int, NpaNeed]
    months: Sequence[str]


def proposals_of(
    plan: Plan, using: Proposing, free: Sequence[date], taken: Collection[date]
) -> tuple[Proposal, ...]:
    """The days of a plan with their dates, in order of date.

    Within a month the areas that lack most come first, then the days as the plan has them.
    """
    reach = using.task.reached_from()
    turns: dict[int, int] = {}
    made = []
    for number, month in enumerate(using.months):
        days = [day for day in plan.days if day.month == number]
        days.sort(key=lambda day: -_lacks(using, day, turns))
        usable = [day for day in free if day.isoformat()[:7] == month]
        held = [day for day in taken if day.isoformat()[:7] == month]
        for day, when in zip(days, even_dates(usable, len(days), held), strict=True):
            turns[day.area] = turns.get(day.area, 0) + 1
            near = reach[:, list(day.places)].sum(axis=1) > 0
            made.append(_proposal(day, when, turns[day.area], using, near))
    return tuple(made)


def _lacks(using: Proposing, day: DayProposal, turns: Mapping[int, int]) -> int:
    return max(using.npas[day.area].lacks - turns.get(day.area, 0), 0)


def _proposal(
    day: DayProposal, when: date, turn: int, using: Proposing, near: npt.NDArray[np.bool_]
) -> Proposal:
    places, need, npa = using.places, using.need, using.npas[day.area]
    route = shortest_route(places.points_m[list(day.places)])
    order = [day.places[number] for number in route.order]

    def people(chosen: npt.NDArray[np.bool_]) -> int:
        return int(need.residents[near & chosen].sum())

    return Proposal(
        when,
        npa.code,
        tuple(places.names[place] for place in order),
        tuple(places.ward_codes[place] for place in order),
        tuple((float(x), float(y)) for x, y in places.points_m[order]),
        route.length_m,
        route.minutes(),
        people(np.ones(len(near), dtype=bool)),
        people(~np.isfinite(need.months_since)),
        people(need.deprived),
        npa.lacks,
        turn,
        npa.standing.last,
    )
