"""The planner's form: a control for each thing that can be asked, holding what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from server.visits.plan.asked import (
    PARTS,
    REACHES_M,
    RESTS,
    SOURCES,
    TRAVELS_M,
    WEEKDAYS,
    WEIGHT_PARAM,
    Pair,
)
from server.visits.words import distance_words

DAY_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)


def plan_fields(pairs: Sequence[Pair], refused: str = "") -> list[dict[str, Any]]:
    """The controls, holding these parameters; the one that is ``refused`` is marked."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    fields = [*_when(given), *_days(given), *_from_where(given), *_weights(given)]
    for field in fields:
        field["error"] = refused if refused.startswith(field["name"]) else ""
    return fields


def _when(given: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    return [
        _typed(given, "from", "From", "date"),
        _typed(given, "to", "To", "date"),
        _typed(given, "days", "Days", "number", "All of the period, those already agreed too."),
        _ticked(given, "weekday", "On these days", zip(WEEKDAYS, DAY_NAMES, strict=True)),
        _chosen(
            given,
            "bank_holidays",
            "Bank holidays of England",
            (("left-out", "Left out"), ("used", "Used")),
        ),
        _typed(
            given,
            "without",
            "Not on these dates",
            "text",
            "Such as 2025-12-24 or, for a pre-election period, 2025-03-25..2025-05-01; a comma "
            "between several.",
        ),
    ]


def _days(given: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    return [
        _typed(given, "stops", "Stops a day, at most", "number"),
        _chosen(given, "reach_m", "A place visited reaches", _distances(REACHES_M)),
        _chosen(
            given,
            "travel_m",
            "Stops lie from the main one within",
            _distances(TRAVELS_M),
            "In a straight line.",
        ),
        _chosen(
            given,
            "rested_months",
            "Leave out who was reached in the last",
            [(str(months), f"{months} months" if months else "Nobody") for months in RESTS],
        ),
    ]


def _from_where(given: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    return [_ticked(given, "places", "Choose from", SOURCES.items())]


def _weights(given: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    return [
        _typed(given, f"{WEIGHT_PARAM}{part}", f"Weight: {title}", "number", says)
        for part, (title, says, _) in PARTS.items()
    ]


def _typed(
    given: Mapping[str, list[str]], name: str, label: str, kind: str, hint: str = ""
) -> dict[str, Any]:
    value = " ".join(given.get(name, []))
    return {"name": name, "label": label, "kind": kind, "value": value, "hint": hint}


def _chosen(
    given: Mapping[str, list[str]],
    name: str,
    label: str,
    options: Any,
    hint: str = "",
) -> dict[str, Any]:
    value = (given.get(name) or [""])[0]
    options = list(options)
    return {
        "name": name,
        "label": label,
        "kind": "select",
        "value": value,
        "options": options,
        "hint": hint,
    }


def _ticked(given: Mapping[str, list[str]], name: str, label: str, options: Any) -> dict[str, Any]:
    values = given.get(name, [])
    return {
        "name": name,
        "label": label,
        "kind": "checkboxes",
        "values": values,
        "options": list(options),
        "hint": "",
    }


def _distances(distances_m: Sequence[int]) -> list[tuple[str, str]]:
    return [(str(distance_m), distance_words(distance_m)) for distance_m in distances_m]
