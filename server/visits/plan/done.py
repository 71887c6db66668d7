"""What became of an answer to the plan, in a sentence for whoever gave it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from geo.dates import day_in_words


def agreed(places: Sequence[str], on: date) -> str:
    """A day that was proposed stands.

    >>> agreed(["Mill", "Ash"], date(2026, 12, 3))
    'Agreed: Mill and Ash, Thursday 3 December 2026.'
    """
    return f"Agreed: {named(places)}, {weekday(on)}."


def declined(places: Sequence[str], day: date) -> str:
    """A day that was proposed is not to be."""
    return (
        f"Declined: {named(places)}, proposed for {weekday(day)}. Not proposed again, in this plan "
        "or a later one, until you allow it."
    )


def moved(places: Sequence[str], on: date, to: date) -> str:
    """An agreed day has another date."""
    if to == on:
        return f"Left as it was: {named(places)}, {weekday(on)}."
    return f"Moved: {named(places)}, from {weekday(on)} to {weekday(to)}."


def called_off(places: Sequence[str], on: date) -> str:
    """An agreed day is not to be."""
    return f"Called off: {named(places)}, {weekday(on)}."


def allowed_again(place: str, day: date) -> str:
    """A place that was declined may be proposed again."""
    return f"Allowed again: {place}, declined for {weekday(day)}."


def weekday(day: date) -> str:
    """A day with its weekday."""
    return f"{day:%A} {day_in_words(day)}"


def named(places: Sequence[str]) -> str:
    """Places as a sentence names them."""
    *others, last = places
    return f"{', '.join(others)} and {last}" if others else last
