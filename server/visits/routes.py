"""The programme of visits: the account of the commitment as page, map, picture and exports."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

from flask import Blueprint, Response, render_template, request

from geo.dates import day_in_words
from layers.output import csv_text
from layers.output import geojson as geojson_of
from layers.view import View
from server import forms
from server.access import current_audience
from server.api import CSV, GEOJSON, version_of_layer
from server.map_pages import GROUND_LAYERS, computed_layer, script_of
from server.map_state import STATE_PARAMS, MapState
from server.maps import MAP_ELEMENT_ID
from server.page_context import attributions
from server.pictures.drawing import draw
from server.pictures.page import picture_of
from server.pictures.picture import SIZE_PARAM, size_of
from server.rendered import rendered
from server.requests import given_params, with_query
from server.services import services
from server.visits import unvisited as wards
from server.visits import words
from server.visits.account import AreaAccount
from server.visits.account_views import SHOWN_AT_FIRST, account_views
from server.visits.asked import (
    COMMITMENT_PAGE,
    DISTANCE_PARAM,
    DISTANCES_M,
    REPORT_PAGE,
    VISITS,
    Asked,
    NoVisits,
    asked,
    period_params,
    this_year,
)
from server.visits.commitment import LEGEND, SPEC, caption_of, view_of
from server.visits.days_chart import days_chart
from server.visits.nothing_held import nothing_held
from server.visits.tables import area_table, spread_table, standing_table
from server.visits.unvisited import unvisited

blueprint = Blueprint("visits", __name__)

PAGE: Final = COMMITMENT_PAGE
TITLE: Final = "The commitment to visit each area"
API: Final = "/api/visits/commitment"
WARDS_API: Final = f"{API}/wards"
LAYER_IDS: Final = (SPEC.id, wards.SPEC.id, *(ground.id for ground in GROUND_LAYERS))


@blueprint.get(PAGE)
def commitment() -> str:
    """How each area stands to the commitment, how even the visits are, and whom they reach."""
    try:
        what, state = _asked(), _state()
    except NoVisits:
        return nothing_held(TITLE, _fields(asked(this_year())))
    account = what.account()
    query, pairs = what.params(), [*what.params(), *state.params()]
    return render_template(
        "commitment.html",
        title=TITLE,
        sentences=caption_of(what, account),
        legend=LEGEND,
        wards_legend=wards.LEGEND,
        wards_layer=wards.SPEC.id,
        wards_shown=state.shows(wards.SPEC.id, wards.SPEC.id in SHOWN_AT_FIRST),
        chart=days_chart(account),
        standing=standing_table(account),
        spread=spread_table(account),
        districts=area_table(account.districts, "District"),
        wards=area_table(_visited(account.wards), "Ward"),
        unvisited=[ward.name for ward in unvisited(account.wards)],
        without=wards.sentence_of(account),
        in_each_area=words.IN_EACH_AREA,
        shared_out=words.SHARED_OUT,
        period=account.period.in_words(),
        on=day_in_words(account.on),
        distance=words.distance_words(account.distance_m),
        filters=_fields(what),
        action=request.path,
        map={
            "script_url": with_query(f"{PAGE}/map.js", pairs),
            "element_id": MAP_ELEMENT_ID,
            "picture_url": with_query(f"{PAGE}/picture.svg", pairs),
            "search_fields": [("page", SPEC.page), *what.query.params()],
        },
        csv_url=with_query(f"{API}.csv", query),
        geojson_url=with_query(f"{API}.geojson", query),
        report_url=with_query(REPORT_PAGE, period_params(what.period)),
        wards_csv_url=with_query(f"{WARDS_API}.csv", query),
        visits_url=with_query(f"/maps/{SPEC.page}", what.query.params()),
    )


@blueprint.get(f"{PAGE}/map.js")
def script() -> Response:
    """The script that draws the page's map; it holds no data."""
    what, state = _asked(), _state()

    def make() -> bytes:
        layers = tuple(
            computed_layer(
                view,
                with_query(f"{address}.geojson", what.params()),
                switched_on=view.layer.id in SHOWN_AT_FIRST,
            )
            for address, view in zip((API, WARDS_API), account_views(what), strict=True)
        )
        return script_of(SPEC.title, layers, state).encode()

    return _rendered("script", what, "text/javascript; charset=utf-8", make, state)


@blueprint.get(f"{PAGE}/picture.svg")
def picture() -> Response:
    """The page's map as the server draws it."""
    what, state = _asked(), _state()
    size = size_of(given_params())

    def make() -> bytes:
        shown = tuple(
            view
            for view in account_views(what)
            if state.shows(view.layer.id, view.layer.id in SHOWN_AT_FIRST)
        )
        return draw(picture_of(SPEC.title, shown, state), size, "svg")

    return _rendered("picture", what, "image/svg+xml", make, (state, size))


@blueprint.get(f"{API}.geojson")
def geojson() -> Response:
    """The areas with how they stand, as a GeoJSON FeatureCollection."""
    what = _asked()
    return _rendered("geojson", what, GEOJSON, lambda: geojson_of(_view(what)))


@blueprint.get(f"{API}.csv")
def csv() -> Response:
    """The areas with how they stand, as CSV."""
    what = _asked()
    response = _rendered("csv", what, CSV, lambda: csv_text(_view(what)).encode())
    response.headers["Content-Disposition"] = f'attachment; filename="{SPEC.id}.csv"'
    return response


@blueprint.get(f"{WARDS_API}.geojson")
def wards_geojson() -> Response:
    """The wards without a stop, at their centres, as a GeoJSON FeatureCollection."""
    what = _asked()
    return _rendered("wards geojson", what, GEOJSON, lambda: geojson_of(account_views(what)[1]))


@blueprint.get(f"{WARDS_API}.csv")
def wards_csv() -> Response:
    """The wards without a stop as CSV."""
    what = _asked()
    response = _rendered("wards csv", what, CSV, lambda: csv_text(account_views(what)[1]).encode())
    response.headers["Content-Disposition"] = f'attachment; filename="{wards.SPEC.id}.csv"'
    return response


def _asked() -> Asked:
    return asked(given_params(without=(*STATE_PARAMS, SIZE_PARAM)))


def _state() -> MapState:
    return MapState.parse(given_params(), LAYER_IDS)


def _view(what: Asked) -> View:
    return view_of(what, what.account(), current_audience())


def _rendered(
    kind: str, what: Asked, mimetype: str, make: Callable[[], bytes], beside: Hashable = ()
) -> Response:
    version = version_of_layer(services().registry.get(VISITS))
    key = ("commitment", kind, what, beside, tuple(attributions()))
    return rendered(key, version, mimetype, make)


def _visited(areas: Sequence[AreaAccount]) -> list[AreaAccount]:
    return [area for area in areas if area.visits]


def _fields(what: Asked) -> list[dict[str, Any]]:
    """The controls of the layer's page that make sense for whole areas, and the distance."""
    spec = services().registry.get(VISITS).spec
    left_out = ("npa", "bbox", "area")
    fields = [
        field for field in forms.filter_fields(spec, what.query) if field["name"] not in left_out
    ]
    for field in fields:
        if field["name"] == "type":
            field["hint"] = "None ticked means community days, which keep the commitment."
    options = [(str(distance_m), words.distance_words(distance_m)) for distance_m in DISTANCES_M]
    return [
        *fields,
        {
            "name": DISTANCE_PARAM,
            "label": "A place visited reaches",
            "kind": "select",
            "value": str(what.distance_m),
            "options": options,
            "hint": "In a straight line.",
        },
    ]
