"""The estate in plain words: what is held, missing, met, overdue and not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from geo.dates import DateInterval, day_in_words
from layers.audience import Audience
from layers.estate_money import COMING_DAYS, Project, Section106Item, Sum
from layers.estate_reconciled import Reconciled
from layers.estate_strategy import AimName, State, Strategy
from layers.schema import in_words
from server.phrases import within_sentence

STATES: Final[Mapping[State, str]] = {"met": "Met", "not-met": "Not met", "not-known": "Not known"}
AIMS: Final[Mapping[AimName, str]] = {
    "enquiry_office": "a front enquiry office",
    "public_access": "public access, by calling in or by appointment",
}


def pounds(amount: float | None) -> str:
    """An amount as a reader sees it.

    >>> pounds(1307000.0), pounds(None)
    ('£1,307,000', 'Not known')
    """
    return "Not known" if amount is None else f"£{amount:,.0f}"


def percent_words(percent: float | None) -> str:
    """How far a project is.

    >>> percent_words(60.0), percent_words(None)
    ('60%', 'Not known')
    """
    return "Not known" if percent is None else f"{percent:.0f}%"


def sum_words(total: Sum) -> str:
    """A sum, and of how many records the amount is not known.

    >>> sum_words(Sum(235000.0, 2, 1))
    '£235,000, and 1 not known'
    """
    if not total.known:
        return "Not known" if total.unknown else "£0"
    beside = f", and {total.unknown:,} not known" if total.unknown else ""
    return f"{pounds(total.known_gbp)}{beside}"


def number(value: float) -> str:
    """A figure without needless decimals."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def measure_words(found: Reconciled) -> str:
    """What was counted."""
    unit = {"m2": " (m²)", "count": ""}.get(found.unit, f" ({found.unit})" if found.unit else "")
    return f"{in_words(found.measure)}{unit}"


def held_words(found: Reconciled) -> str:
    """What the register holds of a measure on the day of the published total."""
    counted = found.counted
    if counted is None:
        return "Not counted"
    if counted.unknown:
        least = f"At least {number(counted.surely)}" if counted.surely else "Not known"
        return f"{least}; not known of {counted.unknown:,} sites"
    more = f", {number(counted.possibly)} more possibly" if counted.possibly else ""
    return f"{number(counted.surely)}{more}"


def state_words(found: Reconciled) -> str:
    """How a published total and the register stand to each other."""
    match found.state:
        case "equal":
            return "As published"
        case "missing":
            return f"Missing: at least {number(found.missing)}"
        case "more":
            return f"{number(-found.missing)} more held than published"
        case "not-counted":
            return "The register has no field for it"
        case _:
            return "Not known whether all are held"


def reconciled_sentences(found: Sequence[Reconciled], held: int, audience: Audience) -> list[str]:
    """The published totals and what is held, the premises first."""
    if not found:
        return ["No published total is held, so what is missing from the register is not known."]
    totals = {each.measure: each for each in found}
    said = [f"{held:,} sites are held here, of all times."]
    if audience is Audience.PUBLIC:
        said.append("Sites that are not published are not counted here, so more may be held.")
    premises, locations = totals.get("premises"), totals.get("locations")
    if premises:
        places = ""
        if locations and locations.as_of == premises.as_of:
            places = f" on {number(locations.published)} locations"
        said.append(
            f"The published total is {number(premises.published)} premises{places} "
            f"({DateInterval.parse(premises.as_of).in_words()}). On that day the register has "
            f"{held_words(premises)}: {within_sentence(state_words(premises))}."
        )
    offices = totals.get("neighbourhood-offices")
    if offices:
        said.append(
            f"Beside them {number(offices.published)} neighbourhood offices were published; the "
            f"register has {held_words(offices)}: {within_sentence(state_words(offices))}."
        )
    said.append("A site whose status is not known may have stood; unknown never counts as none.")
    return said


def strategy_sentences(strategy: Strategy) -> list[str]:
    """How the areas stand to each aim, and what cannot be said."""
    total = len(strategy.areas)
    said = []
    for aim, words in AIMS.items():
        found = {state: strategy.areas_in(aim, state) for state in STATES}
        sentence = (
            f"{len(found['met'])} of {total} Neighbourhood Policing Areas (NPAs) had {words} on "
            f"{day_in_words(strategy.day)}"
        )
        without, unknown = found["not-met"], found["not-known"]
        if without:
            sentence += f"; {len(without)} had none: {', '.join(without)}"
        if unknown:
            sentence += f"; of {len(unknown)} it is not known: {', '.join(unknown)}"
        said.append(f"{sentence}.")
    said.append(
        "The register holds every site that was published, so an area without one is told as not "
        "met."
        if strategy.complete
        else "An area is not told as unserved: the register is not known to hold every site, and "
        "the access of some is not known."
    )
    return said


def programme_sentences(projects: Sequence[Project]) -> list[str]:
    """How many projects there are, how they stand and what is not known of them."""
    if not projects:
        return ["No capital project can be shown here."]
    late = [each for each in projects if each.overdue]
    no_day = sum(not each.expected_completion for each in projects)
    unknown = sum(each.percent_complete is None for each in projects)
    said = [
        f"{_counted(len(projects), 'capital project')}; {_none_or(len(late), 'is', 'are')} "
        "past the day of completion and not told as complete."
    ]
    if no_day or unknown:
        said.append(
            f"For {no_day:,} no day of completion is held, and for {unknown:,} it is not known "
            "how far they are; neither counts as nothing done."
        )
    return said


def section_106_sentences(items: Sequence[Section106Item]) -> list[str]:
    """What is held by councils, which deadlines are over or near, and what is not known."""
    if not items:
        return ["No Section 106 item can be shown here."]
    late, near = [each for each in items if each.overdue], [each for each in items if each.coming]
    none = sum(not each.deadline for each in items)
    months = COMING_DAYS * 12 // 365
    said = [
        f"{_counted(len(items), 'Section 106 item')}: {_none_or(len(late), 'is', 'are')} past the "
        f"deadline, and {_none_or(len(near), 'has', 'have')} one within {months} months."
    ]
    if none:
        said.append(f"For {none:,} no deadline is held; that does not mean that there is none.")
    return said


def deadline_words(item: Section106Item) -> str:
    """By when an item is to be spent."""
    if not item.deadline:
        return "Not known"
    return DateInterval.parse(item.deadline).in_words()


def _counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def _none_or(count: int, verb: str, plural: str) -> str:
    return f"{count:,} {plural}" if count > 1 else f"{count or 'none'} {verb}"
