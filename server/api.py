"""The API: the same views as the pages, as GeoJSON, CSV and JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import shapely
from flask import Blueprint, Response, abort, request

from boundaries.ground import Ground
from geo.crs import geometries_to_degrees
from layers.answer import read_query
from layers.audience import Audience
from layers.output import csv_text
from layers.output import geojson as geojson_of
from layers.protocol import Layer
from layers.publication import ProtectedCounts
from layers.schema import Field
from server.access import current_audience
from server.requests import given_params, refuse_params, view_of
from server.services import services

blueprint = Blueprint("api", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the service is up and its database answers."""
    refuse_params()
    services().workspace.store.version("visits")
    return _json({"status": "ok"})


@blueprint.get("/api/layers")
def layers() -> Response:
    """What layers there are, what they hold and how they can be asked."""
    refuse_params()
    return _json({"layers": [_described(layer) for layer in services().registry]})


@blueprint.get("/api/layers/<layer_id>.geojson")
def geojson(layer_id: str) -> Response:
    """A layer's view as a GeoJSON FeatureCollection."""
    view = view_of(services().registry.get(layer_id), given_params())
    return _conditional(Response(geojson_of(view), mimetype="application/geo+json"))


@blueprint.get("/api/layers/<layer_id>.csv")
def csv(layer_id: str) -> Response:
    """A layer's view as CSV."""
    view = view_of(services().registry.get(layer_id), given_params())
    response = Response(csv_text(view), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{layer_id}.csv"'
    return _conditional(response)


@blueprint.get("/ground/<name>.geojson")
def ground(name: str) -> Response:
    """The places that every map is drawn over: NPAs, districts and settlements."""
    refuse_params()
    have = services().workspace.ground
    match name:
        case "npas":
            features = _npa_features(have)
        case "districts":
            features = _district_features(have)
        case "settlements":
            features = _settlement_features(have)
        case _:
            abort(404)
    body = orjson.dumps({"type": "FeatureCollection", "features": features})
    return _conditional(Response(body, mimetype="application/geo+json"))


def _described(layer: Layer) -> dict[str, Any]:
    spec, have = layer.spec, services()
    query = read_query(layer, have.workspace, {}, current_audience(), have.today)
    refused = spec.publication.params_refused if current_audience() == "public" else ()
    common = {"from": [], "to": [], "as_of": [], "npa": list(have.workspace.ground.npa_codes)}
    parameters = {
        **common,
        "type": [option.value for option in spec.types],
        "bbox": [],
        **{own.name: [option.value for option in own.options] for own in spec.own},
    }
    only_counts = isinstance(spec.publication, ProtectedCounts)

    def shown(item: Field) -> bool:
        public = current_audience() is Audience.PUBLIC
        return not public or not (item.staff_only or (only_counts and not item.computed))

    return {
        "id": spec.id,
        "title": spec.title,
        "summary": spec.summary,
        "default_query": query.params(),
        "parameters": {name: v for name, v in parameters.items() if name not in refused},
        "fields": [
            {"name": item.name, "title": item.title, "kind": item.kind}
            for item in spec.columns
            if shown(item)
        ],
        "geojson": f"/api/layers/{spec.id}.geojson",
        "csv": f"/api/layers/{spec.id}.csv",
    }


def _npa_features(ground: Ground) -> list[dict[str, Any]]:
    frame = ground.npas.display
    columns = ("code", "name", "approximate", "group")
    properties = [
        dict(zip(("npa_code", "npa_name", "approximate", "group"), values, strict=True))
        for values in frame[list(columns)].itertuples(index=False)
    ]
    return _features(geometries_to_degrees(frame.geometry), properties)


def _district_features(ground: Ground) -> list[dict[str, Any]]:
    frame = ground.districts.display
    properties = [
        {"district_code": code, "district_name": name}
        for code, name in zip(frame["code"], frame["name"], strict=True)
    ]
    return _features(geometries_to_degrees(frame.geometry), properties)


def _settlement_features(ground: Ground) -> list[dict[str, Any]]:
    table = ground.settlements.sort_values("population", ascending=False)
    points = shapely.points(table["longitude"].round(5), table["latitude"].round(5))
    properties = [
        {"name": name, "population": int(population)}
        for name, population in zip(table["name"], table["population"], strict=True)
    ]
    return _features(points, properties)


def _features(
    geometries: np.ndarray[Any, Any], properties: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {"type": "Feature", "geometry": orjson.Fragment(text), "properties": values}
        for text, values in zip(shapely.to_geojson(geometries), properties, strict=True)
    ]


def _json(value: object) -> Response:
    return _conditional(Response(orjson.dumps(value), mimetype="application/json"))


def _conditional(response: Response) -> Response:
    """With an ETag of its content, so that an unchanged answer is not sent again."""
    response.add_etag()
    response.make_conditional(request)
    return response
