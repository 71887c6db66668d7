"""Where pictures are to be had: beside each page of a map, for the page's own parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response

from layers.audience import Audience
from server.access import current_audience
from server.map_pages import GROUND_LAYERS, state_of
from server.map_state import STATE_PARAMS, MapState
from server.page_context import attributions
from server.pictures.drawing import Format, draw
from server.pictures.months import Params, shown_views
from server.pictures.picture import SIZE_PARAM, Picture, size_of
from server.rendered import rendered
from server.requests import (
    MapPageSpec,
    given_params,
    map_page_spec,
    page_queries,
    page_version,
)
from server.services import services

blueprint = Blueprint("pictures", __name__)

STAFF_NOTICE: Final = "Staff view: not for publication."


@blueprint.get("/maps/<page>/picture.svg")
def as_svg(page: str) -> Response:
    """A page's map as SVG."""
    return _answer(page, "svg", "image/svg+xml")


@blueprint.get("/maps/<page>/picture.png")
def as_png(page: str) -> Response:
    """A page's map as PNG, at two pixels to the CSS pixel."""
    return _answer(page, "png", "image/png")


def _answer(page: str, format_: Format, mimetype: str) -> Response:
    spec = map_page_spec(page)
    size, state = size_of(given_params()), replace(state_of(spec, given_params()), open="")
    params = _query(spec)
    queries, lines = tuple(page_queries(spec, params)), tuple(attributions())

    def make() -> bytes:
        return draw(_picture(spec, params, state, lines), size, format_)

    key = ("picture", spec, format_, size, state, queries, lines)
    response = rendered(key, page_version(spec), mimetype, make)
    response.headers["Content-Disposition"] = f'inline; filename="{page}-map.{format_}"'
    return response


def _query(spec: MapPageSpec) -> Params:
    """The page's parameters without those that split rows which its map shows together."""
    layers = [services().registry.get(layer_id).spec for layer_id in spec.layer_ids]
    split = layers[0].map_adds_up if spec.own_params else ()
    return given_params(without=(*STATE_PARAMS, SIZE_PARAM, *split))


def _picture(
    spec: MapPageSpec, params: Params, state: MapState, attribution: tuple[str, ...]
) -> Picture:
    """What the page's map shows for this request, as its audience may see it."""
    views, notices = shown_views(spec, params, state)
    staff = current_audience() is Audience.STAFF
    return Picture(
        title=spec.title,
        layers=tuple(
            view for view in views if state.shows(view.layer.id, view.layer.id in spec.switched_on)
        ),
        ground=services().workspace.ground,
        ground_on=tuple(
            ground.id for ground in GROUND_LAYERS if state.shows(ground.id, ground.switched_on)
        ),
        view=state.view,
        notices=(*[STAFF_NOTICE] * staff, *notices),
        attribution=attribution,
    )
