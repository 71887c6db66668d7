"""The API described: as an OpenAPI 3.1 document for programs, as a page for people."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

import numpy as np
import orjson
import shapely
from flask import Blueprint, Response, render_template

from boundaries.ground import Ground
from geo.crs import metres_to_mercator
from geo.grid import HexGrid
from geo.mercator import covering
from layers.answer import npa_names
from layers.audience import Audience
from layers.crime import DEFAULT_CELL_M
from layers.outcomes import SPEC as OUTCOMES
from layers.publication import known_fields
from layers.spec import LayerSpec
from server.access import SESSION_COOKIE, current_audience
from server.crime.hot_spots_view import SPEC as HOT_SPOTS
from server.openapi_answers import COMMON
from server.openapi_coverage import COVERAGE_SPECS
from server.openapi_coverage_answers import CHANGE_SCHEMAS, COVERAGE_SCHEMAS
from server.openapi_crime import CRIME_SCHEMAS
from server.openapi_estate import ESTATE_SCHEMAS
from server.openapi_hot_spots import HOT_SPOTS_SCHEMAS
from server.openapi_parameters import (
    Parameter,
    Scope,
    common_parameters,
    layer_parameters,
)
from server.openapi_route import JSON, Operation, Route
from server.openapi_routes import ROUTES, open_to, operations, operations_of
from server.openapi_scenarios import CHANGE_SPECS
from server.openapi_schemas import layer_schemas, ref
from server.openapi_staff_answers import STAFF_SCHEMAS
from server.openapi_street_safe import STREET_SAFE_SCHEMAS
from server.page_context import SERVICE_NAME
from server.problems import PROBLEMS
from server.rendered import rendered
from server.requests import refuse_params
from server.services import services
from server.visits.commitment import SPEC as COMMITMENT
from server.visits.unvisited import SPEC as WARDS

blueprint = Blueprint("openapi", __name__)

DERIVED: Final = (COMMITMENT, WARDS, OUTCOMES, *COVERAGE_SPECS, HOT_SPOTS)
"""What is answered as records though no layer holds it."""

EXAMPLE_ZOOM: Final = 9

_SCHEMES: Final = {
    "staff": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "The session of a browser that has used the staff link; it lasts for a "
        "working day, on the machine that runs the service.",
    }
}


@blueprint.get("/api/openapi.json")
def document() -> Response:
    """The OpenAPI document, as whoever asks may use the API."""
    refuse_params()
    version = services().workspace.ground.fingerprint
    return rendered(("openapi",), version, JSON, lambda: orjson.dumps(described(current_scope())))


@blueprint.get("/api")
def page() -> str:
    """The API for people: every address, parameter, value and field."""
    refuse_params()
    scope = current_scope()
    shared = common_parameters(scope)
    return render_template(
        "api.html",
        title="The API",
        routes=[_route(route, scope) for route in ROUTES if open_to(route, scope.audience)],
        common=shared,
        layers=[_layer(spec, scope, shared) for spec in (*scope.specs, *_derived(scope.audience))],
        problems=PROBLEMS,
    )


def _route(route: Route, scope: Scope) -> dict[str, Any]:
    """A route with its addresses, and the parameters that are not those of the layers."""
    found = list(operations_of(route, scope))
    every = route.parameters if route.asks_layer else (p for op in found for p in op.parameters)
    return {
        "route": route,
        "operations": found,
        "parameters": list({parameter.name: parameter for parameter in every}.values()),
    }


def _derived(audience: Audience) -> tuple[LayerSpec, ...]:
    return (*DERIVED, *CHANGE_SPECS) if audience is Audience.STAFF else DERIVED


def current_scope() -> Scope:
    """What the API is for whoever asks."""
    have = services()
    specs = tuple(layer.spec for layer in have.registry)
    return Scope(
        specs, npa_names(have.workspace), current_audience(), _middle(have.workspace.ground)
    )


def _middle(ground: Ground) -> dict[str, str]:
    """Where examples are asked for: cell and tile of the area's middle, and its largest town."""
    west, south, east, north = shapely.total_bounds(np.asarray(ground.districts.display.geometry))
    x_m, y_m = np.array([(west + east) / 2]), np.array([(south + north) / 2])
    grid = HexGrid(DEFAULT_CELL_M)
    mercator_x_m, mercator_y_m = metres_to_mercator(x_m, y_m)
    point = (float(mercator_x_m[0]), float(mercator_y_m[0]))
    tile = next(iter(covering((*point, *point), EXAMPLE_ZOOM)))
    (cell_id,) = grid.cell_ids(grid.locate(x_m, y_m))
    return {
        "cell_id": str(cell_id),
        "z": str(tile.zoom),
        "x": str(tile.x),
        "y": str(tile.y),
        "place": quote(str(ground.settlements["name"].iloc[0])),
    }


def described(scope: Scope) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    shared = {parameter.name: parameter for parameter in common_parameters(scope)}
    schemas = {**COMMON, **ESTATE_SCHEMAS, **COVERAGE_SCHEMAS, **CRIME_SCHEMAS, **HOT_SPOTS_SCHEMAS}
    for spec in (*scope.specs, *_derived(scope.audience)):
        schemas |= layer_schemas(spec, scope.audience)
    if scope.audience is Audience.STAFF:
        schemas |= {**STAFF_SCHEMAS, **CHANGE_SCHEMAS, **STREET_SAFE_SCHEMAS}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": SERVICE_NAME,
            "version": version("patchmap"),
            "summary": "Policing geography, visits, estate, reports, zones and crime of one area.",
            "description": _description(scope.audience),
        },
        "externalDocs": {"url": "/api", "description": "The same for people"},
        "servers": [{"url": "/"}],
        "paths": {
            operation.path: {"get": _operation(operation, shared)}
            for operation in operations(scope)
        },
        "components": {
            "schemas": schemas,
            "parameters": {name: parameter.as_json() for name, parameter in shared.items()},
            "responses": _responses(),
            **({"securitySchemes": _SCHEMES} if scope.audience is Audience.STAFF else {}),
        },
    }


def _description(audience: Audience) -> str:
    who = (
        "This document describes the staff view: the public has fewer fields and parameters, and "
        "none of the addresses whose x-audience is staff, which need the session of staff."
        if audience is Audience.STAFF
        else "This document describes what the public may ask for."
    )
    return (
        "Answers are made from the same views as the pages, and carry an ETag. Analysis is in "
        "EPSG:27700 and every position that is given is in WGS84 degrees. Parameters that an "
        f"address does not have are refused. {who}"
    )


def _operation(operation: Operation, shared: dict[str, Parameter]) -> dict[str, Any]:
    for_staff = operation.route.audience is Audience.STAFF
    return {
        "operationId": operation.id,
        "summary": operation.title,
        "description": operation.route.says,
        "x-audience": str(operation.route.audience),
        **({"security": [{name: []} for name in _SCHEMES]} if for_staff else {}),
        "parameters": [_parameter(item, shared) for item in operation.parameters],
        "responses": {
            "200": {
                "description": operation.title,
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {operation.route.media_type: {"schema": ref(operation.schema)}},
            },
            "304": {"description": "Unchanged since the answer whose ETag was given"},
            **({"403": {"$ref": "#/components/responses/not_staff"}} if for_staff else {}),
            "default": {"$ref": "#/components/responses/problem"},
        },
    }


def _parameter(parameter: Parameter, shared: dict[str, Parameter]) -> dict[str, Any]:
    if shared.get(parameter.name) == parameter:
        return {"$ref": f"#/components/parameters/{parameter.name}"}
    return parameter.as_json()


def _responses() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": ref("problem")}}
    return {
        "problem": {
            "description": "The request was not answered, and why (RFC 9457)",
            "content": content,
        },
        "not_staff": {
            "description": "The request did not come from staff (RFC 9457)",
            "content": content,
        },
    }


def _layer(spec: LayerSpec, scope: Scope, shared: tuple[Parameter, ...]) -> dict[str, Any]:
    common = {parameter.name for parameter in shared}
    taken = layer_parameters(spec, scope)
    names = {parameter.name for parameter in taken}
    return {
        "spec": spec,
        "own": [parameter for parameter in taken if parameter.name not in common],
        "refused": sorted(common - names),
        "fields": [
            (field.name, field.title, field.kind)
            for field in known_fields(spec.publication, spec.columns, scope.audience)
        ],
    }
