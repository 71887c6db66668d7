"""Figures of the API: what a view counts and says, and what one of its cells holds."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

import orjson
from flask import Blueprint, Response

from geo.errors import InvalidValue
from geo.grid import HexGrid
from layers.answer import answer, version_of
from layers.errors import NoSuchCell
from layers.view import View
from server.rendered import rendered
from server.requests import cells_layer, cells_query, given_params, query_of
from server.services import services

blueprint = Blueprint("figures", __name__)

JSON: Final = "application/json"


@blueprint.get("/api/layers/<layer_id>/figures")
def figures(layer_id: str) -> Response:
    """A layer's view in figures and words: what its page says beside the map."""
    have = services()
    layer = have.registry.get(layer_id)
    query = query_of(layer, given_params())

    def make() -> bytes:
        return orjson.dumps(_figures(answer(layer, have.workspace, query, have.today)))

    version = version_of(layer, have.workspace, have.today)
    return rendered(("figures", query), version, JSON, make)


@blueprint.get("/api/layers/<layer_id>/cells/<cell_id>")
def cell(layer_id: str, cell_id: str) -> Response:
    """What one cell of a layer counts, by type and by month."""
    have = services()
    layer = cells_layer(layer_id)
    query = cells_query(layer, given_params())
    query = replace(query, cell=_known_cell(cell_id))
    version = version_of(layer, have.workspace, have.today)

    def make() -> bytes:
        return orjson.dumps(_cell(answer(layer, have.workspace, query, have.today)))

    return rendered(("cell", query), version, JSON, make)


def _known_cell(cell_id: str) -> str:
    try:
        HexGrid.parse(cell_id)
    except InvalidValue as error:
        raise NoSuchCell(str(error)) from error
    return cell_id


def _figures(view: View) -> dict[str, Any]:
    return {
        "title": view.layer.title,
        "query": [[name, value] for name, value in view.query.params()],
        "period": view.query.time_in_words(),
        "sentences": list(view.caption),
        "gaps": list(view.gaps),
        "counts": asdict(view.counts),
        "by_npa": view.by_npa.to_dict("records") if view.counts.held else [],
        "tables": [asdict(table) for table in view.tables],
        "legend": asdict(view.legend),
    }


def _cell(view: View) -> dict[str, Any]:
    by_type = [row for table in view.tables[:1] for row in table.rows]
    return {
        "cell_id": view.query.cell,
        "npa_name": next(iter(view.records["npa_name"]), ""),
        "npa_approximate": bool(view.records["npa_approximate"].any()),
        "sentences": list(view.caption),
        "by_type": [{"type": name, "records": number} for name, number in by_type],
        "by_month": [
            {"month": month.month, "records": month.surely + month.possibly, "held": month.held}
            for month in view.by_month
        ],
    }
