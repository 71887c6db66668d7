"""Vector tiles of the layers that are counted in cells, from the same views as their pages."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, request

from geo.errors import InvalidValue
from geo.mercator import Tile
from layers.answer import version_of
from layers.audience import Audience
from layers.cell_tiles import tile_of
from server.access import current_audience
from server.rendered import mark_of, rendered
from server.requests import VERSION_PARAM, cells_layer, cells_query, given_params
from server.services import services

blueprint = Blueprint("tiles", __name__)

MVT: Final = "application/vnd.mapbox-vector-tile"
DEEPEST_ZOOM: Final = 16
KEEP_S: Final = 24 * 60 * 60


@blueprint.get("/api/layers/<layer_id>/tiles/<int:z>/<int:x>/<int:y>.mvt")
def tile(layer_id: str, z: int, x: int, y: int) -> Response:
    """The cells of one tile with their counts; an address with the present version may be kept."""
    layer = cells_layer(layer_id)
    query = cells_query(layer, given_params(without=(VERSION_PARAM,)))
    if z > DEEPEST_ZOOM:
        abort(404)
    try:
        wanted = Tile(z, x, y)
    except InvalidValue:
        abort(404)
    have = services()
    version = version_of(layer, have.workspace, have.today)
    response = rendered(
        ("tile", query, wanted),
        version,
        MVT,
        lambda: tile_of(layer, have.workspace, query, wanted, have.today),
    )
    marked = request.args.get(VERSION_PARAM) == mark_of(version)
    if marked and current_audience() is Audience.PUBLIC:
        response.headers["Cache-Control"] = f"private, max-age={KEEP_S}, immutable"
    return response
