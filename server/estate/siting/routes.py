"""Where to go next as a page, a map and exports; all of it is for staff."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

import orjson
from flask import Blueprint, Response, render_template, request

from geo.siting_task import Siting
from layers.output import csv_text
from layers.output import geojson as geojson_of
from server.api import CSV, GEOJSON
from server.estate.siting import tables, words
from server.estate.siting.answer import Where, version_of, where_next
from server.estate.siting.asked import asked
from server.estate.siting.form import siting_fields
from server.estate.siting.views import LEGEND, PLACES, places_view
from server.map_pages import GROUND_LAYERS, computed_layer, script_of
from server.map_state import STATE_PARAMS, MapState
from server.maps import MAP_ELEMENT_ID
from server.page_context import attributions
from server.pictures.drawing import draw
from server.pictures.page import picture_of
from server.pictures.picture import SIZE_PARAM, size_of
from server.rendered import rendered
from server.requests import given_params, with_query

blueprint = Blueprint("siting", __name__)

PAGE: Final = "/estate/siting"
API: Final = "/api/estate/siting"
TITLE: Final = "Where a site would serve most"
LAYER_IDS: Final = (PLACES.id, *(ground.id for ground in GROUND_LAYERS))


@blueprint.get(PAGE)
def page() -> str:
    """The best places for new sites, and the controls that ask for them."""
    found, state = _found(), _state()
    pairs = [*found.asked.params(), *state.params()]
    return render_template(
        "siting.html",
        title=TITLE,
        sentences=words.sentences(found),
        chosen=tables.chosen_table(found),
        curve=tables.curve_table(found),
        bars=tables.curve_bars(found),
        legend=LEGEND,
        filters=siting_fields(found.asked, request.path),
        action=request.path,
        map={
            "script_url": with_query(f"{PAGE}/map.js", pairs),
            "element_id": MAP_ELEMENT_ID,
            "picture_url": with_query(f"{PAGE}/picture.svg", pairs),
            "search_fields": [("page", PLACES.page)],
        },
        what_if_url=_what_if_url(found),
        csv_url=with_query(f"{API}.csv", found.asked.params()),
        geojson_url=with_query(f"{API}.geojson", found.asked.params()),
        json_url=with_query(API, found.asked.params()),
    )


@blueprint.get(f"{PAGE}/map.js")
def script() -> Response:
    """The script that draws the page's map; it holds no data."""
    found, state = _found(), _state()

    def make() -> bytes:
        layer = computed_layer(
            places_view(found), with_query(f"{API}.geojson", found.asked.params()), switched_on=True
        )
        return script_of(TITLE, (layer,), state).encode()

    return _rendered("script", found, "text/javascript; charset=utf-8", make, state)


@blueprint.get(f"{PAGE}/picture.svg")
def picture() -> Response:
    """The page's map as the server draws it."""
    found, state = _found(), _state()
    size = size_of(given_params())

    def make() -> bytes:
        return draw(picture_of(TITLE, (places_view(found),), state), size, "svg")

    return _rendered("picture", found, "image/svg+xml", make, (state, size))


@blueprint.get(API)
def api() -> Response:
    """The best choice, the next best and the curve, as JSON."""
    found = _found()
    return _rendered("json", found, "application/json", lambda: orjson.dumps(_figures(found)))


@blueprint.get(f"{API}.geojson")
def geojson() -> Response:
    """The places as a GeoJSON FeatureCollection."""
    found = _found()
    return _rendered("geojson", found, GEOJSON, lambda: geojson_of(places_view(found)))


@blueprint.get(f"{API}.csv")
def csv() -> Response:
    """The places as CSV."""
    found = _found()
    response = _rendered("csv", found, CSV, lambda: csv_text(places_view(found)).encode())
    response.headers["Content-Disposition"] = 'attachment; filename="siting.csv"'
    return response


def _figures(found: Where) -> dict[str, Any]:
    second = found.second
    return {
        "query": found.asked.params(),
        "caption": list(words.sentences(found)),
        "candidates": found.candidates.number,
        "best": _siting(found, found.best),
        "next_best": _siting(found, second.siting) if second.siting else None,
        "next_best_is_worse_by": second.worse,
        "curve": [_siting(found, siting) for siting in found.curve],
    }


def _siting(found: Where, siting: Siting) -> dict[str, Any]:
    return {
        "problem": siting.problem,
        "places": [words.name_of_site(found, number) for number in siting.opened],
        "value": siting.value,
        "bound": siting.bound,
        "gap": siting.gap,
        "proven": siting.proven,
        "demand_share": siting.demand_share,
        "point_share": siting.point_share,
        "mean_m": siting.mean,
        "largest_m": siting.largest,
        "beyond": siting.beyond,
    }


def _what_if_url(found: Where) -> str:
    """The scenario in which the places chosen open, by their positions."""
    view = places_view(found)
    chosen = view.records[view.records["choice"] == "chosen"].to_crs(4326).geometry
    opens = [("opens", f"{point.y:.5f}, {point.x:.5f}") for point in chosen]
    return with_query(
        "/estate/what-if", [*found.asked.coverage.params(), *opens, *found.asked.growth.params()]
    )


def _found() -> Where:
    return where_next(asked(given_params(without=(*STATE_PARAMS, SIZE_PARAM))))


def _state() -> MapState:
    return MapState.parse(given_params(), LAYER_IDS)


def _rendered(
    kind: str, found: Where, mimetype: str, make: Callable[[], bytes], beside: Hashable = ()
) -> Response:
    key = ("siting", kind, found.asked, beside, tuple(attributions()))
    return rendered(key, version_of(found.asked), mimetype, make)
