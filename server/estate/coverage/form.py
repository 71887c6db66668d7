"""The form with which coverage is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from server.estate.coverage.access import CAPACITY, CATCHMENT, REACH_MIN, Capacity, Catchment
from server.estate.coverage.asked import MOST_THRESHOLDS, Asked, By, ways_held
from server.estate.coverage.service import SERVICES

DISTANCES_OFFERED_M: Final = (1000, 2000, 3000, 5000, 8000, 10_000, 15_000)
MINUTES_OFFERED: Final = (5, 10, 15, 20, 30, 45, 60)

BY_IN_WORDS: Final[dict[By, str]] = {
    "straight": "By straight lines, made longer",
    "roads": "Along roads",
    "table": "By a table of minutes",
}

CATCHMENT_IN_WORDS: Final[dict[Catchment, str]] = {
    "enhanced": "The less the farther off (E2SFCA)",
    "plain": f"All within {REACH_MIN:g} minutes alike (2SFCA)",
}
CAPACITY_IN_WORDS: Final[dict[Capacity, str]] = {
    "sites": "1 a site",
    "hours": "Its hours a week",
}


def coverage_fields(what: Asked, new_places: bool = False) -> list[dict[str, Any]]:
    """The controls, holding what is asked; values that are not offered are offered as well.

    With ``new_places``, to which a table knows no way, none is offered.
    """
    most = f"At most {MOST_THRESHOLDS}."
    return [
        {
            "name": "service",
            "label": "Service",
            "kind": "select",
            "value": what.service_id,
            "options": [(service.id, service.title) for service in SERVICES.values()],
            "hint": "",
        },
        {
            "name": "as_of",
            "label": "As of",
            "kind": "date",
            "value": what.as_of.isoformat(),
            "hint": "The sites as they stood on this day.",
        },
        _ticked("distance_m", "Distances", what.distances_m, DISTANCES_OFFERED_M, most, _km),
        _ticked("minutes", "Minutes", what.minutes, MINUTES_OFFERED, most, _minutes),
        *_by(what, new_places),
        _number("route_factor", "A road is longer than a straight line by", what.ways.route_factor),
        _number("urban_kmh", "Speed from urban areas (km/h)", what.ways.urban_kmh),
        _number("rural_kmh", "Speed from rural areas (km/h)", what.ways.rural_kmh),
        _select(
            CATCHMENT,
            "Access counts residents",
            what.access.catchment,
            CATCHMENT_IN_WORDS,
            "Two-step floating catchment area, enhanced or plain.",
        ),
        _select(
            CAPACITY,
            "Capacity of a site",
            what.access.capacity,
            CAPACITY_IN_WORDS,
            "What the residents in reach share.",
        ),
    ]


def _by(what: Asked, new_places: bool) -> list[dict[str, Any]]:
    """How ways are measured, where more than straight lines is held."""
    held = [by for by in ways_held() if not (new_places and by == "table")]
    if len(held) == 1:
        return []
    return [
        {
            "name": "by",
            "label": "Ways are measured",
            "kind": "select",
            "value": what.ways.by,
            "options": [(by, BY_IN_WORDS[by]) for by in held],
            "hint": "Factor and speeds below are for straight lines.",
        }
    ]


def _ticked(
    name: str,
    label: str,
    values: tuple[int, ...],
    offered: tuple[int, ...],
    hint: str,
    words: Any,
) -> dict[str, Any]:
    options = [(str(value), words(value)) for value in sorted({*offered, *values})]
    return {
        "name": name,
        "label": label,
        "kind": "checkboxes",
        "values": [str(value) for value in values],
        "options": options,
        "hint": hint,
    }


def _select(
    name: str, label: str, value: str, options: Mapping[Any, str], hint: str
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "kind": "select",
        "value": value,
        "options": list(options.items()),
        "hint": hint,
    }


def _number(name: str, label: str, value: float) -> dict[str, Any]:
    return {"name": name, "label": label, "kind": "text", "value": f"{value:g}", "hint": ""}


def _km(metres: int) -> str:
    return f"{metres / 1000:g} km"


def _minutes(minutes: int) -> str:
    return f"{minutes} minutes"
