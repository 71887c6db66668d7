"""The forms with which figures of recorded crime are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.crime.asked import KINDS, Asked
from server.forms import date_field


def fields_of(asked: Asked) -> list[dict[str, Any]]:
    """The controls of a page, holding what was asked."""
    period = asked.period
    first, last = (period.date_from.isoformat(), period.date_to.isoformat()) if period else ("", "")
    fields: list[dict[str, Any]] = [
        select("type", "Type", asked.kind, list(KINDS.items())),
        date_field("from", "From", first, "Whole months are counted."),
        date_field("to", "To", last, ""),
    ]
    if "by" in asked.names:
        areas = [
            ("npa", "Neighbourhood Policing Areas (NPA)"),
            ("lsoa", "Small areas (LSOA 2021)"),
        ]
        limits = [("exact", "Exact (Garwood)"), ("byar", "Byar’s approximation")]
        fields += [
            select("by", "Areas", asked.by, areas),
            select("interval", "Limits", asked.method, limits),
        ]
    return fields


def select(name: str, label: str, value: str, options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A control that offers some values, one of them chosen."""
    return {
        "name": name,
        "label": label,
        "kind": "select",
        "value": value,
        "options": list(options),
        "hint": "",
    }
