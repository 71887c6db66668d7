"""The form of a scenario: which sites close, where one opens, what moves or changes its access
or hours."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd

from layers.schema import in_words
from layers.site_schema import ACCESS
from server.estate.coverage.form import coverage_fields
from server.estate.growth import HOMES, growth_fields
from server.estate.what_if.account import WhatIf
from server.estate.what_if.scenario import (
    ACCESS_PARAM,
    ACCESS_SITE,
    ACCESS_TO,
    CLOSE,
    HOURS,
    HOURS_SITE,
    HOURS_TO,
    MOVE,
    MOVE_SITE,
    MOVE_TO,
    NEW_HOURS,
    OPEN,
    Pair,
)

AS_OSM: Final = "As OpenStreetMap writes them: Mo-Fr 09:00-17:00; Sa 10:00-12:00."


def scenario_fields(found: WhatIf, estate: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """The controls for one more change of each kind, then those of coverage."""
    sites = sorted(zip(estate["site_id"], estate["name"], strict=True), key=lambda site: site[1])
    standing = [site for site in sites if site[0] not in found.scenario.closed]
    none = ("", "No site")
    return [
        {
            "name": OPEN,
            "label": "Open a site at",
            "kind": "text",
            "value": "",
            "picks": True,
            "hint": "A town, village, ward, site or postcode by its whole name, or a latitude and "
            "a longitude.",
        },
        {
            "name": CLOSE,
            "label": "Close",
            "kind": "select",
            "value": "",
            "options": [none, *standing],
            "hint": "",
        },
        _select(MOVE_SITE, "Move", [none, *standing]),
        {
            "name": MOVE_TO,
            "label": "Move it to",
            "kind": "text",
            "value": "",
            "picks": True,
            "hint": "",
        },
        _select(ACCESS_SITE, "Change public access of", [none, *standing]),
        _select(
            ACCESS_TO,
            "Change it to",
            [("", "No change"), *((access, in_words(access)) for access in ACCESS)],
        ),
        _select(HOURS_SITE, "Change the hours of", [none, *standing]),
        {"name": HOURS_TO, "label": "Change them to", "kind": "text", "value": "", "hint": AS_OSM},
        {
            "name": NEW_HOURS,
            "label": "Hours of sites that open",
            "kind": "text",
            "value": found.scenario.new_hours,
            "hint": "Left blank, they are not known.",
        },
        *growth_fields(found.scenario.growth),
        *coverage_fields(found.asked),
    ]


def kept(found: WhatIf) -> list[Pair]:
    """The changes that are made already, which the form keeps."""
    made = (CLOSE, OPEN, MOVE, ACCESS_PARAM, HOURS, HOMES)
    return [pair for pair in found.scenario.params() if pair[0] in made]


def _select(name: str, label: str, options: list[Pair]) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "kind": "select",
        "value": "",
        "options": options,
        "hint": "",
    }
