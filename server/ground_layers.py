"""The ground that every map is drawn over, as GeoJSON: areas by the zoom, towns and villages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import orjson
import shapely
from flask import Blueprint, Response, abort

from boundaries.ground import Ground
from boundaries.levels import GENERAL_TO_ZOOM, level_of, outlines_at
from boundaries.sets import BoundarySet
from geo.crs import geometries_to_degrees
from server.rendered import rendered
from server.requests import ground_zoom, refuse_params
from server.services import services

blueprint = Blueprint("ground", __name__)

GEOJSON: Final = "application/geo+json"
PROPERTIES: Final[Mapping[str, Mapping[str, str]]] = {
    "npas": {
        "npa_code": "code",
        "npa_name": "name",
        "approximate": "approximate",
        "group": "group",
    },
    "districts": {"district_code": "code", "district_name": "name"},
}
"""For each set of areas the properties of its features and the columns they are read from."""

DECIMALS: Final[Mapping[int, int]] = {GENERAL_TO_ZOOM: 4, 11: 5}
CLOSEST_DECIMALS: Final = 6
"""Decimals of a degree by level: a fraction of a pixel, and the same for both sides of an edge."""


@blueprint.get("/ground/<name>.geojson")
def geojson(name: str) -> Response:
    """Neighbourhood Policing Areas or districts, simplified to a zoom, or settlements."""
    ground = services().workspace.ground
    sets = {"npas": ground.npas, "districts": ground.districts}
    if name == "settlements":
        refuse_params()
        return rendered(
            (name,), ground.fingerprint, GEOJSON, lambda: _settlements(ground), lasting=True
        )
    if name not in sets:
        abort(404)
    level = level_of(ground_zoom(default=GENERAL_TO_ZOOM))
    return rendered(
        (name, level),
        ground.fingerprint,
        GEOJSON,
        lambda: _areas(name, sets[name], level),
        lasting=True,
    )


def _areas(name: str, areas: BoundarySet, level: int) -> bytes:
    columns = PROPERTIES[name]
    values = zip(*(areas.display[column] for column in columns.values()), strict=True)
    properties = [dict(zip(columns, row, strict=True)) for row in values]
    decimals = DECIMALS.get(level, CLOSEST_DECIMALS)
    outlines = geometries_to_degrees(outlines_at(areas, level), decimals)
    return _collection(outlines, properties)


def _settlements(ground: Ground) -> bytes:
    table = ground.settlements.sort_values("population", ascending=False)
    points = shapely.points(table["longitude"].round(5), table["latitude"].round(5))
    properties = [
        {"name": name, "population": int(population)}
        for name, population in zip(table["name"], table["population"], strict=True)
    ]
    return _collection(points, properties)


def _collection(geometries: np.ndarray[Any, Any], properties: list[dict[str, Any]]) -> bytes:
    features = [
        {"type": "Feature", "geometry": orjson.Fragment(text), "properties": values}
        for text, values in zip(shapely.to_geojson(geometries), properties, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})
