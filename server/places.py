"""Search for places: for programs as JSON, for people as a page that needs no script."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, render_template

from boundaries.place import KIND_IN_WORDS, Place
from layers.audience import Audience
from layers.errors import BadQuery, UnknownLayer
from layers.place_search import (
    MOST_PLACES,
    PlaceAnswer,
    PlaceQuery,
    added_postcodes,
    find_places,
    postcode_sentences,
)
from server.access import current_audience
from server.api import json_answer
from server.map_pages import state_of
from server.map_state import STATE_PARAMS, MapView
from server.requests import (
    ALL_PAGE,
    HOME_PAGE,
    MAP_PAGES,
    MapPageSpec,
    given_params,
    map_page_spec,
    page_queries,
    with_query,
)
from server.services import services

blueprint = Blueprint("places", __name__)

SEARCH_PARAMS: Final = ("q", "page")
LEFT_BEHIND: Final = ("view", "open", "place")
"""Of a map's state, what going to a place takes away."""


@blueprint.get("/api/places")
def api() -> Response:
    """Places by name, as JSON."""
    found = _find(PlaceQuery.parse(given_params()))
    return json_answer(
        {
            "query": found.query.text,
            "places": [_as_dict(place) for place in found.places],
            "near": [_as_dict(place) for place in found.near],
            "note": found.note,
        }
    )


@blueprint.get("/places")
def page() -> str:
    """Places by name, as links to a map that keeps what else its address said."""
    params = given_params()
    asked = PlaceQuery.parse({"q": params.get("q", []), "limit": [str(MOST_PLACES)]})
    found = _find(asked)
    spec = _map_page(params.get("page", []))
    kept = _kept(spec, params)
    path = "/" if spec is HOME_PAGE else f"/maps/{spec.page}"
    return render_template(
        "places.html",
        title="Find a place",
        found=found,
        places=_links(found.places, path, kept),
        near=_links(found.near, path, kept),
        map_title=spec.title,
        map_url=with_query(path, kept),
        fields=[("page", spec.page), *kept],
        postcodes=added_postcodes(services().workspace),
        without_postcodes=postcode_sentences(services().workspace),
    )


def _find(query: PlaceQuery) -> PlaceAnswer:
    have = services()
    sites = have.registry.get("sites")
    return find_places(have.workspace, sites, query, current_audience(), have.today)


def _map_page(given: list[str]) -> MapPageSpec:
    """The page of maps to go to; that of all layers unless one is named.

    Raises:
        BadQuery: there is none of that name.
    """
    names = [name.strip() for name in given if name.strip()] or [ALL_PAGE]
    try:
        (spec,) = {map_page_spec(name) for name in names}
    except (UnknownLayer, ValueError) as error:
        known = ", ".join(spec.page for spec in (HOME_PAGE, *MAP_PAGES))
        raise BadQuery(f"page must be one of {known}; given {', '.join(names)!r}.") from error
    return spec


def _kept(spec: MapPageSpec, params: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The parameters of the map's page, which are those that it can be asked for.

    Raises:
        BadQuery: a parameter or value that the page does not have.
    """
    mine = {name: values for name, values in params.items() if name not in SEARCH_PARAMS}
    page_queries(spec, {name: v for name, v in mine.items() if name not in STATE_PARAMS})
    state_of(spec, mine)
    return [
        (name, value)
        for name, values in mine.items()
        for value in values
        if value.strip() and name not in LEFT_BEHIND
    ]


def _links(
    places: tuple[Place, ...], path: str, kept: list[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The address of the map at each place, and the place's label."""
    return [
        (with_query(path, [*kept, ("view", str(_view(place))), *_mark(place)]), place.label)
        for place in places
    ]


def _mark(place: Place) -> list[tuple[str, str]]:
    """What marks a place on the map; no name that the public may not know gets into an address."""
    may_name = place.kind != "site" or current_audience() is Audience.PUBLIC
    return [("place", place.label)] if may_name else []


def _view(place: Place) -> MapView:
    return MapView(float(place.zoom), place.latitude, place.longitude)


def _as_dict(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "kind": place.kind,
        "kind_in_words": KIND_IN_WORDS[place.kind],
        "where": place.where,
        "longitude": place.longitude,
        "latitude": place.latitude,
        "bounds": place.bounds,
        "zoom": place.zoom,
        "label": place.label,
    }
