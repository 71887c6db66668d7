"""A scenario as a page, a map and exports; all of it is for staff."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

import orjson
from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as Redirect

from boundaries.small_areas import DECILE, DISTRICT, NPA, PART, SETTING
from geo.dates import day_in_words
from layers.output import csv_text
from layers.output import geojson as geojson_of
from layers.view import View
from server.api import CSV, GEOJSON
from server.confirming import confirmed
from server.estate.coverage.access_words import access_method
from server.estate.coverage.bands import BANDS, bands_view
from server.estate.scenarios.saved import WHAT_IF, empty_form, save
from server.estate.what_if import hours, tables, words
from server.estate.what_if.account import WhatIf, what_if_of
from server.estate.what_if.figures import figures_of
from server.estate.what_if.form import kept, scenario_fields
from server.estate.what_if.scenario import without
from server.estate.what_if.views import CHANGED_SITES, MOVED_AREAS, legends_of, views_of
from server.map_pages import GROUND_LAYERS, computed_layer, script_of
from server.map_state import STATE_PARAMS, MapState
from server.maps import MAP_ELEMENT_ID
from server.page_context import attributions
from server.pictures.drawing import draw
from server.pictures.page import picture_of
from server.pictures.picture import SIZE_PARAM, size_of
from server.records.form import Form
from server.rendered import rendered
from server.requests import given_params, with_query

blueprint = Blueprint("what_if", __name__)

PAGE: Final = WHAT_IF
SAVED: Final = "/estate/scenarios"
API: Final = "/api/estate/what-if"
TITLE: Final = "What if sites changed"
GEOJSON_OF: Final = {
    BANDS.id: f"{API}/bands.geojson",
    MOVED_AREAS.id: f"{API}/areas.geojson",
    CHANGED_SITES.id: f"{API}/sites.geojson",
}
LAYER_IDS: Final = (*GEOJSON_OF, *(ground.id for ground in GROUND_LAYERS))


@blueprint.route(PAGE, methods=["GET", "POST"])
def page() -> str | Redirect | tuple[str, int]:
    """What a scenario changes, the controls that make it, and a form to save it."""
    found = _found()
    if request.method == "GET":
        return _page(found, empty_form())
    tried, form = save(found)
    if tried.state != "saved":
        return _page(found, form), 400
    name = next(control.value for control in form.controls if control.name == "name")
    return confirmed(SAVED, f"The scenario “{name}” was saved.")


def _page(found: WhatIf, form: Form) -> str:
    state = _state()
    pairs = [*found.params(), *state.params()]
    changes = [
        (sentence, with_query(PAGE, [*found.asked.params(), *without(found.scenario, *pair)]))
        for sentence, pair in words.changes_in_words(found)
    ]
    return render_template(
        "what_if.html",
        title=TITLE,
        on=day_in_words(found.asked.as_of),
        sentences=words.sentences(found),
        changes=changes,
        by_npa=tables.change_table(found, NPA),
        estate=tables.estate_table(found),
        hours=hours.hours_table(found),
        access=hours.access_table(found),
        access_method=access_method(found.asked.access),
        growth=tables.growth_table(found),
        others=[tables.change_table(found, name) for name in (DECILE, PART, DISTRICT, SETTING)],
        legends=[
            (layer, legend, state.shows(layer, True)) for layer, legend in legends_of(found).items()
        ],
        filters=scenario_fields(found, found.before.estate),
        kept=kept(found),
        action=request.path,
        map={
            "script_url": with_query(f"{PAGE}/map.js", pairs),
            "element_id": MAP_ELEMENT_ID,
            "picture_url": with_query(f"{PAGE}/picture.svg", pairs),
            "search_fields": [("page", "estate")],
        },
        link=with_query(PAGE, found.params()),
        csv_url=with_query(f"{API}.csv", found.params()),
        json_url=with_query(API, found.params()),
        coverage_url=with_query("/estate/coverage", found.asked.params()),
        saving=form,
        save_url=with_query(PAGE, found.params()),
        saved_url=SAVED,
    )


@blueprint.get(f"{PAGE}/map.js")
def script() -> Response:
    """The script that draws the page's map; it holds no data."""
    found, state = _found(), _state()

    def make() -> bytes:
        layers = tuple(
            computed_layer(
                view, with_query(GEOJSON_OF[view.layer.id], found.params()), switched_on=True
            )
            for view in views_of(found)
        )
        return script_of(TITLE, layers, state).encode()

    return _rendered("script", found, "text/javascript; charset=utf-8", make, state)


@blueprint.get(f"{PAGE}/picture.svg")
def picture() -> Response:
    """The page's map as the server draws it."""
    found, state = _found(), _state()
    size = size_of(given_params())

    def make() -> bytes:
        shown = tuple(view for view in views_of(found) if state.shows(view.layer.id, True))
        return draw(picture_of(TITLE, shown, state), size, "svg")

    return _rendered("picture", found, "image/svg+xml", make, (state, size))


@blueprint.get(API)
def api() -> Response:
    """What the scenario changes, as JSON."""
    found = _found()
    return _rendered("json", found, "application/json", lambda: orjson.dumps(figures_of(found)))


@blueprint.get(f"{API}.csv")
def csv() -> Response:
    """The small areas whose way changes, as CSV."""
    found = _found()
    response = _rendered("csv", found, CSV, lambda: csv_text(_view(found, MOVED_AREAS.id)).encode())
    response.headers["Content-Disposition"] = 'attachment; filename="what-if.csv"'
    return response


@blueprint.get(f"{API}/bands.geojson")
def bands_geojson() -> Response:
    """The ground by its distance from a site after the changes, as GeoJSON."""
    return _geojson(BANDS.id)


@blueprint.get(f"{API}/areas.geojson")
def areas_geojson() -> Response:
    """The small areas whose way changes, as GeoJSON."""
    return _geojson(MOVED_AREAS.id)


@blueprint.get(f"{API}/sites.geojson")
def sites_geojson() -> Response:
    """What becomes of the sites, as GeoJSON."""
    return _geojson(CHANGED_SITES.id)


def _geojson(layer_id: str) -> Response:
    found = _found()
    return _rendered(layer_id, found, GEOJSON, lambda: geojson_of(_view(found, layer_id)))


def _found() -> WhatIf:
    return what_if_of(given_params(without=(*STATE_PARAMS, SIZE_PARAM)))


def _view(found: WhatIf, layer_id: str) -> View:
    views = {view.layer.id: view for view in views_of(found)}
    return views[layer_id] if layer_id in views else bands_view(found.after.coverage)


def _state() -> MapState:
    return MapState.parse(given_params(), LAYER_IDS)


def _rendered(
    kind: str, found: WhatIf, mimetype: str, make: Callable[[], bytes], beside: Hashable = ()
) -> Response:
    key: tuple[Any, ...] = ("what if", kind, found.asked, found.scenario, beside)
    return rendered((*key, tuple(attributions())), found.asked.version(), mimetype, make)
