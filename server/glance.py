"""The home page: each Neighbourhood Policing Area at a glance, from the layers' own views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from layers.crime import ALL_CRIME
from layers.crime_intake import ASB
from layers.site_schema import ACCESS
from layers.view import View
from server.map_links import map_links
from server.map_pages import script_url
from server.map_state import MapState
from server.maps import MAP_ELEMENT_ID
from server.requests import HOME_PAGE, common_params, view_of, with_query
from server.services import services

FIGURES: Final = (
    "visits",
    "visits_possibly",
    "desks_open",
    "desks_by_appointment",
    "desks_unknown",
    "residents",
    "crimes",
    "anti_social_behaviour",
)


def glance_context(params: Mapping[str, list[str]], state: MapState) -> dict[str, Any]:
    """Everything the home page shows."""
    visits = _view("visits", params)
    crimes = _view("crime", params, type=[ALL_CRIME])
    incidents = _view("crime", params, type=[ASB])
    sites = _view("sites", params, public_access=list(ACCESS), status=["open"])
    areas = _view("npas", params)
    rows = _rows(areas, visits, crimes, incidents, sites, params)
    area_name = services().workspace.ground.force.area_name
    return {
        "title": f"Policing in {area_name}, by neighbourhood",
        "caption": [
            f"{visits.counts.surely:,} stops of community visits are known to lie in "
            f"{visits.query.time_in_words()}, and {visits.counts.possibly:,} more possibly.",
            *_recorded(crimes, incidents),
            *crimes.gaps,
        ],
        "rows": rows,
        "totals": {"name": "All areas"} | {name: _total(rows, name) for name in FIGURES},
        "period_words": {
            "visits": visits.query.time_in_words(),
            "crimes": crimes.query.time_in_words(),
        },
        "map": {
            "script_url": script_url(HOME_PAGE, params, state),
            "element_id": MAP_ELEMENT_ID,
            "links": map_links(HOME_PAGE, params, state, [areas]),
            "heading": "The Neighbourhood Policing Areas",
            "caption": list(areas.caption),
            "legends": [areas.legend],
        },
        "note": _notes(visits),
    }


def _view(layer_id: str, params: Mapping[str, list[str]], **own: list[str]) -> View:
    layer = services().registry.get(layer_id)
    return view_of(layer, common_params(layer, params) | own)


def _rows(
    areas: View,
    visits: View,
    crimes: View,
    incidents: View,
    sites: View,
    params: Mapping[str, list[str]],
) -> list[dict[str, Any]]:
    residents = services().workspace.ground.residents_by_npa()
    desks = pd.crosstab(sites.records["npa_code"], sites.records["public_access"])
    stops = visits.by_npa.set_index("npa_code")
    chosen = [(name, value) for name in ("from", "to") for value in params.get(name, []) if value]

    def desk(code: str, access: str) -> int:
        return int(desks[access].get(code, 0)) if access in desks else 0

    return [
        {
            "code": area.npa_code,
            "name": area.npa_name,
            "approximate": bool(area.approximate),
            "visits": int(stops["surely"].get(area.npa_code, 0)),
            "visits_possibly": int(stops["possibly"].get(area.npa_code, 0)),
            "desks_open": desk(area.npa_code, "open"),
            "desks_by_appointment": desk(area.npa_code, "by-appointment"),
            "desks_unknown": desk(area.npa_code, "unknown"),
            "residents": int(residents[area.npa_code]) if area.npa_code in residents else None,
            "crimes": _matched(crimes, area.npa_code),
            "anti_social_behaviour": _matched(incidents, area.npa_code),
            "map_href": with_query("/maps/all", [*chosen, ("npa", area.npa_code)]),
        }
        for area in areas.records.itertuples(index=False)
    ]


def _recorded(crimes: View, incidents: View) -> list[str]:
    when = crimes.query.time_in_words()
    if crimes.gaps and not (crimes.counts.matched or incidents.counts.matched):
        return []
    return [
        f"{crimes.counts.matched:,} crimes and {incidents.counts.matched:,} incidents of "
        f"anti-social behaviour are held of {when}; those without a location or outside the force "
        "area are in no row below."
    ]


def _total(rows: list[dict[str, Any]], name: str) -> int | None:
    """The sum of a column; None where any of it is not known."""
    figures = [row[name] for row in rows]
    return None if None in figures else sum(figures)


def _matched(view: View, code: str) -> int | None:
    if view.gaps and not view.counts.matched:
        return None
    row = view.by_npa[view.by_npa["npa_code"] == code]
    return int(row["surely"].sum() + row["possibly"].sum())


def _notes(visits: View) -> list[str]:
    notes = [
        "Unknown counts the open sites for which no source says whether the public may call; "
        "it does not mean that there is none.",
        "Residents are those of Census 2021, counted in the area where the point of their small "
        "area (LSOA) lies.",
        "A stop is possibly in the period when its date is not known well enough to say.",
    ]
    if visits.counts.outside:
        notes.append(f"{visits.counts.outside:,} stops lie outside the force area.")
    return notes
