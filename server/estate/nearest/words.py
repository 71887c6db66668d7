"""The nearest bases in plain words, for a resident."""

from __future__ import annotations

from geo.dates import day_in_words
from geo.route import ROUTE_FACTOR
from server.estate.nearest.found import OPEN, Base, Nearest

METHOD = (
    "Distances are estimated from straight lines, made "
    f"{ROUTE_FACTOR:g} times as long for the roads; they are not measured along roads, so that the "
    "base that is quickest to reach may be another. Where nothing is known of a base, that is "
    "said: it does not mean that one cannot call."
)
METRES_A_MILE = 1609.344
CALLS = "In an emergency call 999. At other times call 101."


def sentences(found: Nearest) -> tuple[str, ...]:
    """The base to call in at, one to book, and those of which it is not known."""
    return (
        *_surely(found),
        *_others(found.others),
        f"This is what is documented on {day_in_words(found.on)}. {METHOD}",
    )


def miles_words(metres: float) -> str:
    """A distance as people say it.

    >>> miles_words(8047), miles_words(300)
    ('about 5.0 miles (8.0 km)', 'less than half a mile')
    """
    miles = metres / METRES_A_MILE
    if miles < 0.5:
        return "less than half a mile"
    return f"about {miles:.1f} miles ({metres / 1000:.1f} km)"


def hours_words(base: Base) -> str:
    """When a base can be gone to, as far as it is known."""
    if base.hours:
        return base.hours
    return "The hours are not known: ask before you go."


def access_words(base: Base) -> str:
    """Whether one can call in."""
    if base.access == OPEN:
        return "You can call in"
    return "You can book an appointment" if base.access == "by-appointment" else "Not known"


def _surely(found: Nearest) -> list[str]:
    said = []
    if found.to_call_in:
        said.append(_said(found.to_call_in, found, "where you can call in"))
    else:
        said.append("No police base is documented at which one can call in.")
    if found.to_book:
        said.append(_said(found.to_book, found, "nearer, where you can book an appointment,"))
    return said


def _said(base: Base, found: Nearest, what: str) -> str:
    first = "The nearest police base" if "nearer" not in what else "One"
    address = f", {base.address}," if base.address else ""
    return (
        f"{first} {what} is {base.name}{address} {miles_words(base.way_m)} from "
        f"{found.place.name}. {hours_words(base)}".removesuffix(".")
        + "."
    )


def _others(others: tuple[Base, ...]) -> list[str]:
    if not others:
        return []
    named = "; ".join(f"{base.name}, {miles_words(base.way_m)}" for base in others)
    return [f"Nearer, but it is not known whether one can call in: {named}."]
