"""The table of the API's routes: what each answers and takes. A new route is one entry here.

A test compares the table with the routes that the app has, and real answers with the schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from layers.audience import Audience
from layers.spec import LayerSpec
from server.api import GEOJSON
from server.openapi_coverage import COVERAGE_ROUTES
from server.openapi_crime import CRIME_ROUTES
from server.openapi_estate import ESTATE_ROUTES
from server.openapi_hot_spots import HOT_SPOTS_ROUTES
from server.openapi_parameters import (
    CELL,
    LIMIT,
    OFFSET,
    PLACE,
    PLACES,
    TILE,
    VERSION,
    ZOOM,
    Parameter,
    Scope,
    commitment_parameters,
    layer_parameters,
    outcomes_parameters,
)
from server.openapi_route import CSV, Operation, Route
from server.openapi_scenarios import CHANGE_ROUTES
from server.openapi_staff import BRIEFING, PLAN
from server.openapi_street_safe import STREET_SAFE_ROUTES
from server.tiles import MVT

GROUND: Final[Mapping[str, tuple[Parameter, ...]]] = MappingProxyType(
    {"npas": (ZOOM,), "districts": (ZOOM,), "settlements": ()}
)
"""The kinds of ground, with the parameters of each."""


ROUTES: Final = (
    Route(
        "/api/layers",
        "layers",
        "The layers",
        "What layers there are, what they hold and how they can be asked.",
        schema="layers",
        example="/api/layers",
    ),
    Route(
        "/api/layers/<layer_id>.geojson",
        "geojson",
        "Records as GeoJSON",
        "A layer's records as a GeoJSON FeatureCollection, with the sentences that say what they "
        "show. With limit the answer links to the rows before and after it.",
        schema="{each}_features",
        example="/api/layers/{each}.geojson?limit=3",
        media_type=GEOJSON,
        each="layers",
        asks_layer=True,
        parameters=(LIMIT, OFFSET),
    ),
    Route(
        "/api/layers/<layer_id>.csv",
        "csv",
        "Records as CSV",
        "A layer's records as a table in UTF-8 with one header row.",
        schema="{each}_rows",
        example="/api/layers/{each}.csv",
        media_type=CSV,
        each="layers",
        asks_layer=True,
    ),
    Route(
        "/api/layers/<layer_id>/figures",
        "figures",
        "Figures and words",
        "What a layer's page says beside its map: sentences, counts, tables and the legend.",
        schema="figures",
        example="/api/layers/{each}/figures",
        each="layers",
        asks_layer=True,
    ),
    Route(
        "/api/layers/<layer_id>/cells/<cell_id>",
        "cell",
        "What a cell holds",
        "One cell of a layer that is counted in cells: its records by type and by month.",
        schema="cell",
        example="/api/layers/{each}/cells/{cell_id}",
        each="cells",
        asks_layer=True,
        parameters=(CELL,),
    ),
    Route(
        "/api/layers/<layer_id>/tiles/<int:z>/<int:x>/<int:y>.mvt",
        "tile",
        "Vector tiles",
        "The cells of a layer as Mapbox Vector Tiles in Web Mercator (EPSG:3857): the same counts "
        "as in GeoJSON. A cell that reaches over the edge of a tile is in both, whole.",
        schema="tile",
        example="/api/layers/{each}/tiles/{z}/{x}/{y}.mvt",
        media_type=MVT,
        each="cells",
        asks_layer=True,
        parameters=(*TILE, VERSION),
    ),
    Route(
        "/api/visits/commitment.geojson",
        "commitment_geojson",
        "The commitment to visit, as GeoJSON",
        "Each Neighbourhood Policing Area with its days of visits, how it stands to the commitment "
        "and by when another day is needed, with the sentences that say what they show. A day "
        "counts in each area in which it had a stop, so that the days of the areas can add up to "
        "more than the days of the period.",
        schema="commitment_features",
        example="/api/visits/commitment.geojson",
        media_type=GEOJSON,
        parameters=commitment_parameters(),
    ),
    Route(
        "/api/visits/commitment.csv",
        "commitment_csv",
        "The commitment to visit, as CSV",
        "The same as a table in UTF-8 with one header row. A day counts in each area in which it "
        "had a stop.",
        schema="commitment_rows",
        example="/api/visits/commitment.csv",
        media_type=CSV,
        parameters=commitment_parameters(),
    ),
    Route(
        "/api/visits/commitment/wards.geojson",
        "wards_geojson",
        "Wards without a stop, as GeoJSON",
        "Each ward without a stop in the period as the point at its centre, with its last visit.",
        schema="wards_without_stop_features",
        example="/api/visits/commitment/wards.geojson",
        media_type=GEOJSON,
        parameters=commitment_parameters(),
    ),
    Route(
        "/api/visits/commitment/wards.csv",
        "wards_csv",
        "Wards without a stop, as CSV",
        "The same as a table in UTF-8 with one header row.",
        schema="wards_without_stop_rows",
        example="/api/visits/commitment/wards.csv",
        media_type=CSV,
        parameters=commitment_parameters(),
    ),
    Route(
        "/api/visits/outcomes.csv",
        "outcomes",
        "What was raised on visits, as CSV",
        "Issues that people raised on visits, whom each was referred to and what came of it, as "
        "far as the office publishes them, as a table in UTF-8 with one header row.",
        schema="outcomes_rows",
        example="/api/visits/outcomes.csv",
        media_type=CSV,
        parameters=outcomes_parameters(),
    ),
    *ESTATE_ROUTES,
    *COVERAGE_ROUTES,
    *CRIME_ROUTES,
    *HOT_SPOTS_ROUTES,
    *CHANGE_ROUTES,
    *STREET_SAFE_ROUTES,
    Route(
        "/api/visits/briefing",
        "briefing",
        "The briefing for a visit",
        "What is held of a place on a day: where it lies, recorded crime against the year before, "
        "Street Safe, People Zones, earlier visits, what was raised and what is planned.",
        schema="briefing",
        example="/api/visits/briefing?place={place}",
        parameters=BRIEFING,
        audience=Audience.STAFF,
    ),
    Route(
        "/api/visits/plan",
        "plan",
        "Where to go next",
        "Days of visits that are proposed and agreed, what they reach, what no plan can exceed, "
        "and what cannot be met.",
        schema="plan",
        example="/api/visits/plan?days=9&stops=1",
        parameters=PLAN,
        audience=Audience.STAFF,
    ),
    Route(
        "/api/places",
        "places",
        "Places by name",
        "Settlements, wards, districts, Neighbourhood Policing Areas and police sites by name, "
        "and postcodes where a file of them was added.",
        schema="places",
        example="/api/places?q=church&limit=3",
        parameters=(PLACE, PLACES),
    ),
    Route(
        "/ground/<name>.geojson",
        "ground",
        "The ground",
        "Outlines and places that maps are drawn over.",
        schema="ground_{each}",
        example="/ground/{each}.geojson",
        media_type=GEOJSON,
        each="ground",
        hole="<name>",
    ),
    Route(
        "/api/openapi.json",
        "openapi",
        "This description",
        "The whole API as an OpenAPI 3.1 document, as whoever asks may use it.",
        schema="document",
        example="/api/openapi.json",
    ),
    Route(
        "/healthz",
        "healthz",
        "Health",
        "Whether the service is up and its database answers.",
        schema="health",
        example="/healthz",
    ),
)


def operations(scope: Scope, routes: tuple[Route, ...] = ROUTES) -> tuple[Operation, ...]:
    """Every address of the API that may be asked for, in the order of the table."""
    mine = (route for route in routes if open_to(route, scope.audience))
    return tuple(found for route in mine for found in operations_of(route, scope))


def open_to(route: Route, audience: Audience) -> bool:
    """Whether an audience may ask for the addresses of a route."""
    return route.audience is Audience.PUBLIC or audience is Audience.STAFF


def operations_of(route: Route, scope: Scope) -> Iterator[Operation]:
    """The addresses of one route."""
    if route.each == "once":
        yield _operation(route, route.title, route.parameters, scope)
    elif route.each == "ground":
        for name, parameters in GROUND.items():
            yield _operation(route, f"{route.title}: {name}", parameters, scope, name)
    else:
        for spec in scope.specs:
            if route.each == "layers" or spec.box_by_cells:
                title = f"{spec.title}: {route.title.lower()}"
                parameters = _layer_parameters(route, spec, scope)
                yield _operation(route, title, parameters, scope, spec.id)


def _layer_parameters(route: Route, spec: LayerSpec, scope: Scope) -> tuple[Parameter, ...]:
    if not route.asks_layer:
        return route.parameters
    left_out = spec.map_adds_up if route.each == "cells" else ()
    asked = (item for item in layer_parameters(spec, scope) if item.name not in left_out)
    return (*route.parameters, *asked)


def _operation(
    route: Route, title: str, parameters: tuple[Parameter, ...], scope: Scope, name: str = ""
) -> Operation:
    filled = replace(route, rule=route.rule.replace(route.hole, name))
    return Operation(
        route=route,
        path=filled.path,
        id=f"{route.id}_{name}" if name else route.id,
        title=title,
        schema=route.schema.format(each=name),
        example=route.example.format(each=name, **scope.middle),
        parameters=parameters,
    )
