"""Coverage as a page, a map, its picture, exports and an answer for programs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

import orjson
from flask import Blueprint, Response, render_template, request

from boundaries.small_areas import DECILE, DISTRICT, NPA, PART, SETTING
from layers.output import csv_text
from layers.output import geojson as geojson_of
from server.api import CSV, GEOJSON
from server.estate.coverage import access_words, tables, words
from server.estate.coverage.account import coverage_account
from server.estate.coverage.asked import RESPONSE, USUAL, Asked, Usual, asked
from server.estate.coverage.bands import BANDS, bands_view, has_bands
from server.estate.coverage.figures import figures_of
from server.estate.coverage.form import coverage_fields
from server.estate.coverage.views import AREAS, SITES, areas_view, sites_view, views_of
from server.map_pages import GROUND_LAYERS, computed_layer, script_of
from server.map_state import STATE_PARAMS, MapState
from server.maps import MAP_ELEMENT_ID
from server.page_context import attributions
from server.pictures.drawing import draw
from server.pictures.page import picture_of
from server.pictures.picture import SIZE_PARAM, size_of
from server.rendered import rendered
from server.requests import given_params, with_query

blueprint = Blueprint("coverage", __name__)

PAGE: Final = "/estate/coverage"
RESPONSE_PAGE: Final = "/estate/response"
API: Final = "/api/estate/coverage"
TITLE: Final = "Who lives how near to a police site"
RESPONSE_TITLE: Final = "How near residents are to response officers"
GEOJSON_OF: Final = {
    BANDS.id: f"{API}/bands.geojson",
    AREAS.id: f"{API}.geojson",
    SITES.id: f"{API}/sites.geojson",
}
LAYER_IDS: Final = (*GEOJSON_OF, *(ground.id for ground in GROUND_LAYERS))


@blueprint.get(PAGE)
def page() -> str:
    """How near residents are to the sites that give a service."""
    return _page(TITLE, _asked())


@blueprint.get(RESPONSE_PAGE)
def response() -> str:
    """How near residents are to where response officers are based."""
    return _page(RESPONSE_TITLE, _asked(RESPONSE))


def _page(title: str, what: Asked) -> str:
    state = _state()
    account = coverage_account(what)
    pairs = [*what.params(), *state.params()]
    return render_template(
        "coverage.html",
        title=title,
        sentences=words.sentences(account),
        by_npa=tables.area_table(account, NPA),
        minutes=[tables.minutes_table(account, name) for name in (NPA, PART)],
        others=[tables.area_table(account, name) for name in (PART, DISTRICT, DECILE, SETTING)],
        access_method=access_words.access_method(what.access),
        sites=tables.site_table(account),
        farthest=tables.farthest_table(account),
        legends=[
            (view.layer.id, view.legend, _shown(state, view.layer.id, what))
            for view in views_of(account)
        ],
        filters=coverage_fields(what),
        action=request.path,
        map={
            "script_url": with_query(f"{PAGE}/map.js", pairs),
            "element_id": MAP_ELEMENT_ID,
            "picture_url": with_query(f"{PAGE}/picture.svg", pairs),
            "search_fields": [("page", AREAS.page)],
        },
        csv_url=with_query(f"{API}.csv", what.params()),
        geojson_url=with_query(f"{API}.geojson", what.params()),
        json_url=with_query(API, what.params()),
        what_if_url=with_query("/estate/what-if", what.params()),
        response_url=RESPONSE_PAGE,
    )


@blueprint.get(f"{PAGE}/map.js")
def script() -> Response:
    """The script that draws the page's map; it holds no data."""
    what, state = _asked(), _state()

    def make() -> bytes:
        layers = tuple(
            computed_layer(
                view,
                with_query(GEOJSON_OF[view.layer.id], what.params()),
                switched_on=_shown(MapState(), view.layer.id, what),
            )
            for view in views_of(coverage_account(what))
        )
        return script_of(TITLE, layers, state).encode()

    return _rendered("script", what, "text/javascript; charset=utf-8", make, state)


@blueprint.get(f"{PAGE}/picture.svg")
def picture() -> Response:
    """The page's map as the server draws it."""
    what, state = _asked(), _state()
    size = size_of(given_params())

    def make() -> bytes:
        views = views_of(coverage_account(what))
        shown = tuple(view for view in views if _shown(state, view.layer.id, what))
        return draw(picture_of(TITLE, shown, state), size, "svg")

    return _rendered("picture", what, "image/svg+xml", make, (state, size))


@blueprint.get(API)
def api() -> Response:
    """Residents within and outside each threshold, in all and by area, as JSON."""
    what = asked(given_params())
    return _rendered(
        "json", what, "application/json", lambda: orjson.dumps(figures_of(coverage_account(what)))
    )


@blueprint.get(f"{API}.geojson")
def geojson() -> Response:
    """The small areas with their nearest site as a GeoJSON FeatureCollection."""
    what = asked(given_params())
    return _rendered(
        "geojson", what, GEOJSON, lambda: geojson_of(areas_view(coverage_account(what)))
    )


@blueprint.get(f"{API}/bands.geojson")
def bands_geojson() -> Response:
    """The ground by its distance from a site as a GeoJSON FeatureCollection."""
    what = asked(given_params())
    return _rendered("bands", what, GEOJSON, lambda: geojson_of(bands_view(coverage_account(what))))


@blueprint.get(f"{API}/sites.geojson")
def sites_geojson() -> Response:
    """The sites that are counted as a GeoJSON FeatureCollection."""
    what = asked(given_params())
    return _rendered("sites", what, GEOJSON, lambda: geojson_of(sites_view(coverage_account(what))))


@blueprint.get(f"{API}.csv")
def csv() -> Response:
    """The small areas with their nearest site as CSV."""
    what = asked(given_params())
    response = _rendered(
        "csv", what, CSV, lambda: csv_text(areas_view(coverage_account(what))).encode()
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{AREAS.id}.csv"'
    return response


def _asked(usual: Usual = USUAL) -> Asked:
    return asked(given_params(without=(*STATE_PARAMS, SIZE_PARAM)), usual)


def _state() -> MapState:
    return MapState.parse(given_params(), LAYER_IDS)


def _shown(state: MapState, layer_id: str, what: Asked) -> bool:
    """Whether a layer is on: at first the small areas are only where there are no bands."""
    return state.shows(layer_id, layer_id != AREAS.id or not has_bands(what.ways))


def _rendered(
    kind: str, what: Asked, mimetype: str, make: Callable[[], bytes], beside: Hashable = ()
) -> Response:
    key: Sequence[Any] = ("coverage", kind, what, beside, tuple(attributions()))
    return rendered(tuple(key), what.version(), mimetype, make)
