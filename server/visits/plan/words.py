"""The plan in plain words: what it reaches, what it cannot, and why each day is where it is."""

from __future__ import annotations

from datetime import date
from typing import Final

from boundaries.ground import Ground
from geo.dates import DateInterval, day_in_words
from layers.visited import BY_DISTRICT
from server.visits.plan.agreed import AgreedDay
from server.visits.plan.asked import PARTS, PlanAsked
from server.visits.plan.planner import Planned
from server.visits.plan.proposals import Proposal
from server.visits.words import distance_words

NUMBERS: Final = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PROVEN: Final = 0.01


def sentences(planned: Planned, ground: Ground, today: date) -> tuple[str, ...]:
    """What the plan says of itself, what it cannot do first."""
    return (
        *_none_held(planned),
        *_looks_back(planned, today),
        *_too_few(planned),
        *_lacking(planned, ground),
        _reached(planned),
        _bound(planned),
        _leads(planned, ground),
        _counted(planned),
        *_by_district(planned),
    )


def why(proposal: Proposal, ground: Ground, asked: PlanAsked) -> str:
    """Why this place and this date."""
    said = []
    name = ground.npa_label(proposal.npa)
    if proposal.turn <= proposal.lacks:
        lacks = NUMBERS[min(proposal.lacks, 9)]
        said.append(
            f"{name} lacks {lacks} {'day' if proposal.lacks == 1 else 'days'} of its commitment "
            f"when the plan begins; this is the {_ordinal(proposal.turn)} of them, as early as the "
            "other areas allow."
        )
    elif proposal.last is None:
        said.append(f"No visit to {name} is held.")
    else:
        said.append(
            f"It keeps the days in {name} evenly apart; the last visit that is recorded "
            f"was {proposal.last.when()}."
        )
    people = (proposal.residents, proposal.unvisited, proposal.deprived)
    said.append(people_words(*people, asked.reach.reach_m))
    return " ".join(said)


def people_words(residents: int, unvisited: int, deprived: int, reach_m: int) -> str:
    """Who lives near the stops of a day.

    >>> people_words(1200, 300, 0, 2000)
    '1,200 residents live within 2 kilometres of its stops, of them 300 where no visit is held.'
    """
    parts = []
    if unvisited:
        parts.append(f"{unvisited:,} where no visit is held")
    if deprived:
        parts.append(f"{deprived:,} in the most deprived three tenths of England")
    said = f"{residents:,} residents live within {distance_words(reach_m)} of its stops"
    return f"{said}, of them {' and '.join(parts)}." if parts else f"{said}."


def standing_then(npa: str, days: int, on: date) -> str:
    """How an NPA stands before a date that the office has chosen.

    >>> standing_then("Mill", 1, date(2025, 6, 3))
    'Mill has one day of its two in the twelve months before 3 June 2025, agreed days counted in.'
    """
    few = {0: "no day of its two", 1: "one day of its two"}
    has = few.get(days, f"{days:,} days and needs two")
    return (
        f"{npa} has {has} in the twelve months before {day_in_words(on)}, agreed days counted in."
    )


def travel_words(proposal: Proposal) -> str:
    """How long the way between the stops takes, said to be an estimate."""
    if len(proposal.places) == 1:
        return "One stop"
    return f"About {proposal.minutes:.0f} minutes, {proposal.length_m / 1000:.1f} km straight"


def agreed_travel_words(day: AgreedDay) -> str:
    """The travel of an agreed day."""
    if len(day.places) == 1:
        return "One stop"
    if day.minutes is None:
        return "Travel between the stops is not estimated"
    return f"About {day.minutes:.0f} minutes of travel between the stops (estimate)"


def weights_words(asked: PlanAsked) -> str:
    """The weights of the need, as a sentence says them."""
    return ", ".join(f"{PARTS[part][0]} {weight:g}" for part, weight in asked.weights)


def _looks_back(planned: Planned, today: date) -> list[str]:
    if planned.asked.period.date_from > today:
        return []
    return [
        f"The plan begins before today, {day_in_words(today)}: it looks back, and dates that are "
        "over are proposed as well."
    ]


def _none_held(planned: Planned) -> list[str]:
    if planned.visits_held:
        return []
    return [
        "No visit is held yet, so the plan takes it that no area has been visited. Import visits "
        "with the command ‘patchmap import visits FILE.csv’, and it is made of what is known."
    ]


def _too_few(planned: Planned) -> list[str]:
    short = planned.asked.days - planned.fixed - len(planned.proposals)
    if short <= 0:
        return []
    return [
        f"{short:,} of the {planned.asked.days:,} days cannot be placed. Dates that can be used "
        f"besides those agreed: {planned.usable:,}; places to choose from, each of which is "
        f"proposed once: {planned.places:,}."
    ]


def _lacking(planned: Planned, ground: Ground) -> list[str]:
    if not planned.still_lacking:
        return [
            "With these days every NPA has had its two days in the twelve months that end with the "
            "last month of the plan."
        ]
    last = planned.asked.period.months()[-1]
    at_end = [
        f"{ground.npa_label(code)} lacks {NUMBERS[min(lacks, 9)]}"
        for code, month, lacks in planned.still_lacking
        if month == last
    ]
    on_the_way = [
        (month, ground.npa_label(code)) for code, month, _ in planned.still_lacking if month != last
    ]
    said = []
    if at_end:
        said.append(
            f"The commitment cannot be kept with these days: at the end {_and(at_end)}. "
            + (
                "No other plan lacks less."
                if planned.plan.proven
                else "The time was over before it could be proven that no other lacks less."
            )
        )
    used_up = [ground.npa_label(code) for code in planned.used_up]
    if used_up:
        said.append(
            f"No place is left to choose from in {_and(used_up)}: each is proposed once, and not "
            "where a stop is agreed or was declined."
        )
    if on_the_way:
        month, name = max(on_the_way)
        areas = "area lacks" if len(on_the_way) == 1 else "areas lack"
        said.append(
            f"On the way {len(on_the_way)} {areas} days, the last of them, {name}, until the end "
            f"of {DateInterval.parse(month).in_words()}: the days are spread evenly over the "
            "months, those that lack most first."
        )
    return said


def _reached(planned: Planned) -> str:
    reach = planned.asked.reach
    part = 100 * planned.plan.reached / planned.open_need if planned.open_need else 0
    rested = (
        f" that was not within reach of a visit in the {reach.rested_months} months before"
        if reach.rested_months
        else ""
    )
    return (
        f"{len(planned.proposals):,} days are proposed and {planned.fixed:,} agreed. The proposals "
        f"reach {part:.1f}% of the need{rested}, beside what the agreed days reach: small areas "
        f"(LSOAs) whose point lies within {distance_words(reach.reach_m)} of a stop."
    )


def _bound(planned: Planned) -> str:
    if not planned.proposals:
        return "There is nothing to propose."
    gap = planned.plan.gap
    if gap < 5e-5:
        return "No other plan by the same rules reaches more: the solver has proven it."
    proof = "" if gap <= PROVEN else " Its time was over before it could prove more."
    return (
        f"No other plan by the same rules can reach more than {100 * gap:.2f}% more need: that is "
        f"the gap to the bound which the solver has proven.{proof}"
    )


def _leads(planned: Planned, ground: Ground) -> str:
    first = planned.npas[0]
    name = ground.npa_label(first.code)
    if first.lacks:
        return (
            f"{name} leads where to go next: of its two days in the twelve months to "
            f"{day_in_words(planned.asked.begins_after)}, "
            f"{NUMBERS[min(first.standing.window.surely, 9)]} "
            f"{'is' if first.standing.window.surely < 2 else 'are'} held."
        )
    part = 100 * first.open_need / planned.total_need if planned.total_need else 0
    return (
        f"{name} leads where to go next: every area has had its days, and it has the largest part "
        f"of the need that was not reached of late ({part:.0f}% of all)."
    )


def _counted(planned: Planned) -> str:
    months = planned.crime_months
    crime = (
        f"recorded crime of {len(months)} months from {DateInterval.parse(months[0]).in_words()} "
        f"to {DateInterval.parse(months[-1]).in_words()}"
        if months
        else "no recorded crime: none is held from before the plan"
    )
    return (
        "Need is residents times a weighted mean of scores from 0 to 1 (weights: "
        f"{weights_words(planned.asked)}). It rests on {crime}."
    )


def _by_district(planned: Planned) -> list[str]:
    stops = planned.by_district
    if not stops:
        return []
    which = "stop that is held is" if stops == 1 else "stops that are held are"
    return [
        f"{stops:,} {which} {BY_DISTRICT}: a day of an NPA where that is known, and nobody is "
        "taken to have been reached."
    ]


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
