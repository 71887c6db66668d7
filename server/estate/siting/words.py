"""Where to go next in plain words: the best places, what they do, how sure that is."""

from __future__ import annotations

from typing import Final

from geo.siting_compare import CLOSE
from geo.siting_task import Problem, Siting
from server.estate.coverage.words import kilometres, metres_in_words
from server.estate.growth import added_in_words
from server.estate.siting.answer import Where

AIMS: Final[dict[Problem, str]] = {
    "maximal covering": "the most residents within the distance",
    "p-median": "the shortest way on average",
    "p-centre": "the shortest way for whoever has the farthest to go",
    "location set covering": "the fewest sites that have everybody within the distance",
}


def sentences(found: Where) -> tuple[str, ...]:
    """The best places, what they do, how surely, and what comes close."""
    return (
        _led(found),
        _does(found),
        *_growth(found),
        _sure(found),
        *_second(found),
        *_beyond(found),
        _method(found),
    )


def name_of_site(found: Where, number: int) -> str:
    """A candidate or an existing site as readers see it."""
    return found.candidates.names[number]


def gap_words(siting: Siting) -> str:
    """How surely nothing does better."""
    return "Proven best" if siting.proven else f"At most {100 * siting.gap:.2g}% from the best"


def _led(found: Where) -> str:
    asked, best = found.asked, found.best
    names = [name_of_site(found, number) for number in best.opened]
    service = asked.coverage.service
    if not names:
        return f"No new site is needed for {AIMS[best.problem]}: those there are have that already."
    beside = ""
    if asked.keeps_existing and found.candidates.existing:
        number = found.candidates.existing
        noun = service.site if number == 1 else service.sites
        beside = f" beside the {number:,} {noun} there {'is' if number == 1 else 'are'}"
    noun = "site" if len(names) == 1 else "sites"
    return f"For {AIMS[best.problem]}, {len(names)} new {noun}{beside}: {_and(names)}."


def _does(found: Where) -> str:
    asked, best = found.asked, found.best
    total = found.areas.residents.sum()
    share = best.demand_share or 0.0
    points = "small areas and places of planned homes" if asked.growth.homes else "small areas"
    said = (
        f"Of {total:,} residents {share * total:,.0f} ({100 * share:.1f}%) would live within "
        f"{kilometres(asked.within_m)} of one, which is {100 * (best.point_share or 0.0):.1f}% of "
        f"the {len(found.areas.codes):,} {points}; the way would be {kilometres(best.mean)} on "
        f"average and {kilometres(best.largest)} for whoever has the farthest to go."
    )
    now = now_of(found)
    if now is None:
        return said
    return f"{said} Now it is {now * total:,.0f} ({100 * now:.1f}%)."


def _growth(found: Where) -> list[str]:
    growth = found.asked.growth
    return [f"{added_in_words(growth)} All figures count them."] if growth.homes else []


def now_of(found: Where) -> float | None:
    """The part of residents near the sites there are; None where the choice is without them."""
    if not found.candidates.existing:
        return None
    costs = found.task.costs.values[:, : found.candidates.existing].min(axis=1)
    near = found.areas.residents[costs <= found.asked.within_m].sum()
    return float(near / found.areas.residents.sum())


def _sure(found: Where) -> str:
    best = found.best
    if best.proven:
        return (
            f"That is the best there is of {found.candidates.number:,} candidate places: the "
            f"program’s bound is {_bound(best)}, which is what was found."
        )
    return (
        f"Of {found.candidates.number:,} candidate places no choice can pass {_bound(best)}; what "
        f"was found is at most {100 * best.gap:.2g}% from that. The time for the search ended."
    )


def _bound(best: Siting) -> str:
    if best.problem == "maximal covering":
        return f"{best.bound:,.0f} residents"
    return (
        f"{best.bound:,.0f} sites"
        if best.problem == "location set covering"
        else (kilometres(best.bound))
    )


def _second(found: Where) -> list[str]:
    second = found.second
    if second.siting is None or second.worse is None:
        return []
    others = [
        name_of_site(found, number)
        for number in second.siting.opened
        if number not in found.best.opened
    ]
    instead = [
        name_of_site(found, number)
        for number in found.best.opened
        if number not in second.siting.opened
    ]
    swap = f"{_and(others) if others else 'no other place'} in place of {_and(instead)}"
    if not second.close():
        return [
            f"The next best choice, {swap}, is {100 * second.worse:.1f}% worse: no other comes "
            f"within {100 * CLOSE:g}%."
        ]
    return [
        f"The next best choice is close, {100 * second.worse:.1f}% worse: {swap}. Between them "
        "other reasons can decide."
    ]


def _beyond(found: Where) -> list[str]:
    if not found.best.beyond:
        return []
    return [
        f"{found.best.beyond:,.0f} residents are beyond the reach of every candidate and every "
        "site."
    ]


def _method(found: Where) -> str:
    return (
        f"Estimated: {metres_in_words(found.asked.coverage.ways)}, from the points of small areas "
        "(LSOA), with residents of the Census 2021. A place is chosen for its distance alone: "
        "cost, buildings and roads are for people to weigh."
    )


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
