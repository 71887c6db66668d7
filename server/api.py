"""The API: the same views as the pages, as GeoJSON, CSV and JSON."""

from __future__ import annotations

from typing import Any, Final

import orjson
from flask import Blueprint, Response

from layers.answer import answer, read_query, version_of
from layers.output import WHOLE, Part, csv_text
from layers.output import geojson as geojson_of
from layers.protocol import Layer
from layers.publication import known_fields, refused_params
from layers.query import LayerQuery
from layers.view import View
from server.access import current_audience
from server.rendered import conditional, rendered
from server.requests import (
    PART_PARAMS,
    given_params,
    part_of_rows,
    query_of,
    refuse_params,
    with_query,
)
from server.services import services

blueprint = Blueprint("api", __name__)

GEOJSON: Final = "application/geo+json"
CSV: Final = "text/csv; charset=utf-8"


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the service is up and its database answers."""
    refuse_params()
    services().workspace.store.version("visits")
    return json_answer({"status": "ok"})


@blueprint.get("/api/layers")
def layers() -> Response:
    """What layers there are, what they hold and how they can be asked."""
    refuse_params()
    return json_answer({"layers": [_described(layer) for layer in services().registry]})


@blueprint.get("/api/layers/<layer_id>.geojson")
def geojson(layer_id: str) -> Response:
    """A layer's view as a GeoJSON FeatureCollection, whole or a part of its rows at a time."""
    layer, part = services().registry.get(layer_id), part_of_rows(given_params())
    query = query_of(layer, given_params(without=PART_PARAMS))

    def make() -> bytes:
        view = _answered(layer, query)
        return geojson_of(view, part, _links(view, part))

    return rendered(("geojson", query, part), version_of_layer(layer), GEOJSON, make)


@blueprint.get("/api/layers/<layer_id>.csv")
def csv(layer_id: str) -> Response:
    """A layer's view as CSV."""
    layer = services().registry.get(layer_id)
    query = query_of(layer, given_params())
    response = rendered(
        ("csv", query),
        version_of_layer(layer),
        CSV,
        lambda: csv_text(_answered(layer, query)).encode(),
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{layer_id}.csv"'
    return response


def _answered(layer: Layer, query: LayerQuery) -> View:
    return answer(layer, services().workspace, query, services().today)


def version_of_layer(layer: Layer) -> str:
    """Changes whenever an answer of the layer may, today."""
    return version_of(layer, services().workspace, services().today)


def _described(layer: Layer) -> dict[str, Any]:
    spec, have = layer.spec, services()
    query = read_query(layer, have.workspace, {}, current_audience(), have.today)
    refused = refused_params(spec.publication, current_audience())
    common = {"from": [], "to": [], "as_of": [], "npa": list(have.workspace.ground.npa_codes)}
    parameters = {
        **common,
        "type": [option.value for option in spec.types],
        "bbox": [],
        "area": [],
        **{own.name: [option.value for option in own.options] for own in spec.own},
    }
    return {
        "id": spec.id,
        "title": spec.title,
        "summary": spec.summary,
        "default_query": query.params(),
        "parameters": {name: v for name, v in parameters.items() if name not in refused},
        "fields": [
            {"name": item.name, "title": item.title, "kind": item.kind}
            for item in known_fields(spec.publication, spec.columns, current_audience())
        ],
        "geojson": f"/api/layers/{spec.id}.geojson",
        "csv": f"/api/layers/{spec.id}.csv",
    }


def _links(view: View, part: Part) -> list[dict[str, str]]:
    """Where this part of a view is and those beside it; none where the whole is asked for."""
    if part == WHOLE:
        return []
    path = f"/api/layers/{view.layer.id}.geojson"
    parts = {"self": part, **part.beside(len(view.records))}
    return [
        {
            "rel": rel,
            "type": GEOJSON,
            "href": with_query(path, [*view.query.params(), *beside.params()]),
        }
        for rel, beside in parts.items()
    ]


def json_answer(value: object) -> Response:
    """The value as JSON, with an ETag."""
    return conditional(Response(orjson.dumps(value), mimetype="application/json"))
