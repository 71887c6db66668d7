"""Where pictures are to be had: beside each page of a map, for the page's own parameters."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response

from server.map_links import switched_on
from server.map_pages import state_of
from server.map_state import STATE_PARAMS, MapState
from server.page_context import attributions
from server.pictures.drawing import Format, draw
from server.pictures.months import Params, shown_views
from server.pictures.page import picture_of
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
    size, params = size_of(given_params()), _query(spec)
    state = replace(state_of(spec, given_params()).without_marks(), open="")
    queries, lines = tuple(page_queries(spec, params)), tuple(attributions())

    def make() -> bytes:
        return draw(_picture(spec, params, state), size, format_)

    key = ("picture", spec, format_, size, state, queries, lines)
    response = rendered(key, page_version(spec), mimetype, make)
    response.headers["Content-Disposition"] = f'inline; filename="{page}-map.{format_}"'
    return response


def _query(spec: MapPageSpec) -> Params:
    """The page's parameters without those that split rows which its map shows together."""
    layers = [services().registry.get(layer_id).spec for layer_id in spec.layer_ids]
    split = layers[0].map_adds_up if spec.own_params else ()
    return given_params(without=(*STATE_PARAMS, SIZE_PARAM, *split))


def _picture(spec: MapPageSpec, params: Params, state: MapState) -> Picture:
    """What the page's map shows for this request."""
    views, notices = shown_views(spec, params, state)
    return picture_of(spec.title, tuple(switched_on(spec, views, state)), state, notices)
