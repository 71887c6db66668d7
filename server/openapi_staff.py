"""The parameters that the API takes from staff alone: of the briefing and of the plan."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from layers.place_search import LONGEST_TEXT
from layers.spec import Option
from server.openapi_parameters import FROM, TO, Parameter
from server.visits.briefing_asked import DATE_PARAM, PLACE_PARAM
from server.visits.plan.asked import (
    DEFAULT_DAYS,
    DEFAULT_REACH_M,
    DEFAULT_REST,
    DEFAULT_STOPS,
    DEFAULT_TRAVEL_M,
    LARGEST_WEIGHT,
    MOST_DAYS,
    MOST_STOPS,
    PARTS,
    REACHES_M,
    RESTS,
    SOURCES,
    TRAVELS_M,
    WEEKDAYS,
    WEIGHT_PARAM,
)


def _one_of(name: str, meaning: str, values: tuple[int, ...]) -> Parameter:
    return Parameter(name, meaning, options=tuple(Option(str(v), str(v)) for v in values))


def _whole(name: str, meaning: str, most: int) -> Parameter:
    schema = MappingProxyType({"type": "integer", "minimum": 1, "maximum": most})
    return Parameter(name, meaning, f"a whole number from 1 to {most}", schema)


BRIEFING: Final = (
    Parameter(
        PLACE_PARAM,
        "A town, village, ward, police site or postcode, by its whole name.",
        f"text of at most {LONGEST_TEXT} characters",
        MappingProxyType({"type": "string", "maxLength": LONGEST_TEXT}),
        required=True,
    ),
    Parameter(
        DATE_PARAM,
        "Day of the visit; without it, today.",
        "a day: YYYY-MM-DD",
        MappingProxyType({"type": "string", "format": "date"}),
    ),
)
PLAN: Final = (
    replace(FROM, meaning="The plan's first day; without it, the first of the next month."),
    replace(TO, meaning="The plan's last day; without it, twelve months are planned."),
    _whole("days", f"Days in all, those agreed too; without it, {DEFAULT_DAYS}.", MOST_DAYS),
    _whole("stops", f"Stops a day, at most; without it, {DEFAULT_STOPS}.", MOST_STOPS),
    _one_of(
        "reach_m",
        f"How far a place visited reaches, in metres; without it, {DEFAULT_REACH_M}.",
        REACHES_M,
    ),
    _one_of(
        "travel_m",
        f"How far stops may lie from the main one, in metres; without it, {DEFAULT_TRAVEL_M}.",
        TRAVELS_M,
    ),
    _one_of(
        "rested_months",
        "Leaves out who was reached in so many months before the plan; without it, "
        f"{DEFAULT_REST}.",
        RESTS,
    ),
    Parameter(
        "places",
        "From what places to choose; without it, towns, villages and wards.",
        options=tuple(Option(name, label) for name, label in SOURCES.items()),
        repeatable=True,
    ),
    Parameter(
        "weekday",
        "Days of the week that can be used; without it, Monday to Friday.",
        options=tuple(Option(day, day) for day in WEEKDAYS),
        repeatable=True,
    ),
    Parameter(
        "bank_holidays",
        "Bank holidays of England.",
        options=(Option("left-out", "Left out"), Option("used", "Used")),
    ),
    Parameter(
        "without",
        "Dates that cannot be used.",
        "dates as YYYY-MM-DD or YYYY-MM-DD..YYYY-MM-DD, with commas between",
    ),
    *(
        Parameter(
            f"{WEIGHT_PARAM}{part}",
            f"Weight of a part of the need: {title}. Without it, {default:g}.",
            f"a number from 0 to {LARGEST_WEIGHT:g}; not all can be 0",
            MappingProxyType({"type": "number", "minimum": 0, "maximum": LARGEST_WEIGHT}),
        )
        for part, (title, _, default) in PARTS.items()
    ),
)
