"""Hot spots of recorded crime as a page, a map, its picture, exports and an answer for programs."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

import orjson
from flask import Blueprint, Response, render_template, request

from geo.hotspots import RATES
from layers.crime import CELL_SIZES_M
from layers.output import csv_text
from layers.output import geojson as geojson_of
from server.api import CSV, GEOJSON
from server.crime import hot_spots_words as words
from server.crime.coverage_words import event_words
from server.crime.form import fields_of, select
from server.crime.hot_spots import hot_spots_account
from server.crime.hot_spots_asked import (
    CELL_M,
    MEASURE,
    MEASURES,
    RATE,
    HotSpotsAsked,
    hot_spots_asked,
)
from server.crime.hot_spots_view import SPEC, legend_of, view_of
from server.map_pages import GROUND_LAYERS, computed_layer, script_of
from server.map_state import STATE_PARAMS, MapState
from server.maps import MAP_ELEMENT_ID
from server.page_context import attributions
from server.pictures.drawing import draw
from server.pictures.page import picture_of
from server.pictures.picture import SIZE_PARAM, size_of
from server.rendered import rendered
from server.requests import given_params, with_query

blueprint = Blueprint("hot_spots", __name__)

PAGE: Final = "/crime/hot-spots"
API: Final = "/api/crime/hot-spots"
TITLE: Final = "Hot spots of recorded crime"
LAYER_IDS: Final = (SPEC.id, *(ground.id for ground in GROUND_LAYERS))


@blueprint.get(PAGE)
def page() -> str:
    """Where recorded crime stands out from chance, and how that was found."""
    what, state = _asked(), _state()
    account = hot_spots_account(what)
    query, pairs = what.params(), [*what.params(), *state.params()]
    return render_template(
        "crime/hot_spots.html",
        title=TITLE,
        sentences=words.sentences(account),
        method=words.method(account),
        events=[event_words(event) for event in account.events],
        table=words.clusters_table(account),
        legend=legend_of(account),
        layer=SPEC.id,
        shown=state.shows(SPEC.id, True),
        filters=_fields(what),
        action=request.path,
        map={
            "script_url": with_query(f"{PAGE}/map.js", pairs),
            "element_id": MAP_ELEMENT_ID,
            "picture_url": with_query(f"{PAGE}/picture.svg", pairs),
            "search_fields": [("page", SPEC.page)],
        },
        csv_url=with_query(f"{API}.csv", query),
        geojson_url=with_query(f"{API}.geojson", query),
        json_url=with_query(API, query),
    )


@blueprint.get(f"{PAGE}/map.js")
def script() -> Response:
    """The script that draws the page's map; it holds no data."""
    what, state = _asked(), _state()

    def make() -> bytes:
        url = with_query(f"{API}.geojson", what.params())
        layer = computed_layer(view_of(hot_spots_account(what)), url, switched_on=True)
        return script_of(TITLE, (layer,), state).encode()

    return _rendered("script", what, "text/javascript; charset=utf-8", make, state)


@blueprint.get(f"{PAGE}/picture.svg")
def picture() -> Response:
    """The page's map as the server draws it."""
    what, state = _asked(), _state()
    size = size_of(given_params())

    def make() -> bytes:
        shown = (view_of(hot_spots_account(what)),) if state.shows(SPEC.id, True) else ()
        return draw(picture_of(TITLE, shown, state), size, "svg")

    return _rendered("picture", what, "image/svg+xml", make, (state, size))


@blueprint.get(API)
def api() -> Response:
    """The clusters, and every decision, as JSON."""
    what = hot_spots_asked(given_params())
    return _rendered(
        "json",
        what,
        "application/json",
        lambda: orjson.dumps(words.figures_of(hot_spots_account(what))),
    )


@blueprint.get(f"{API}.geojson")
def geojson() -> Response:
    """The hot and the cold cells as a GeoJSON FeatureCollection."""
    what = hot_spots_asked(given_params())
    return _rendered("geojson", what, GEOJSON, lambda: geojson_of(view_of(hot_spots_account(what))))


@blueprint.get(f"{API}.csv")
def csv() -> Response:
    """The hot and the cold cells as CSV."""
    what = hot_spots_asked(given_params())
    response = _rendered(
        "csv", what, CSV, lambda: csv_text(view_of(hot_spots_account(what))).encode()
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{SPEC.id}.csv"'
    return response


def _asked() -> HotSpotsAsked:
    return hot_spots_asked(given_params(without=(*STATE_PARAMS, SIZE_PARAM)))


def _state() -> MapState:
    return MapState.parse(given_params(), LAYER_IDS)


def _fields(what: HotSpotsAsked) -> list[dict[str, Any]]:
    sizes = [(str(size), f"{size:,} metres") for size in CELL_SIZES_M]
    rates = [(f"{rate:g}", f"{rate:.0%}") for rate in sorted(RATES)]
    measures = [(name, words.MEASURES[name].capitalize()) for name in MEASURES]
    return [
        *fields_of(what.of),
        select(CELL_M, "Width of a cell", str(what.cell_m), sizes),
        select(RATE, "False discovery rate", f"{what.rate:g}", rates),
        select(MEASURE, "What is tested", what.measure, measures),
    ]


def _rendered(
    kind: str, what: HotSpotsAsked, mimetype: str, make: Callable[[], bytes], beside: Hashable = ()
) -> Response:
    key = ("hot spots", kind, what, beside, tuple(attributions()))
    return rendered(key, what.of.version(), mimetype, make)
