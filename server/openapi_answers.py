"""JSON Schemas of the answers that are the same for every layer and audience."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from boundaries.place import PlaceKind
from layers.spec import Shape
from server.openapi_schemas import Schema, count, list_of, object_of, ref, text


def _ground(properties: Mapping[str, Any]) -> dict[str, Any]:
    feature = object_of(
        {
            "type": {"const": "Feature"},
            "geometry": ref("geometry"),
            "properties": object_of(properties),
        }
    )
    return object_of({"type": {"const": "FeatureCollection"}, "features": list_of(feature)})


def _number(description: str) -> dict[str, Any]:
    return {"type": "number", "description": description}


_NPA: Final = {
    "npa_code": text("Code of the Neighbourhood Policing Area (NPA)"),
    "npa_name": text("Its name"),
}

COMMON: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "problem": object_of(
            {
                "type": text(
                    "Address of a page that explains this kind of problem, or about:blank",
                    format="uri-reference",
                ),
                "title": text("The kind of problem in a few words"),
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "detail": text("What was needed, what was given, what to do"),
                "instance": text("The address that was asked for", format="uri-reference"),
                "error_number": text("What the log calls this failure"),
            },
            optional=("error_number",),
        ),
        "geometry": object_of(
            {
                "type": {"enum": ["Point", "Polygon", "MultiPolygon"]},
                "coordinates": {"type": "array", "minItems": 1},
            }
        )
        | {"description": "A GeoJSON geometry (RFC 7946) in WGS84 degrees"},
        "pair": {
            "description": "Name and value of a parameter, as the query was understood",
            "type": "array",
            "items": {"type": "string"},
            "minItems": 2,
            "maxItems": 2,
        },
        "link": object_of(
            {
                "rel": {"enum": ["self", "prev", "next"]},
                "type": text("Media type"),
                "href": text("Relative address", format="uri-reference"),
            }
        ),
        "health": object_of({"status": {"const": "ok"}}),
        "layers": object_of(
            {
                "layers": list_of(
                    object_of(
                        {
                            "id": text("Name of the layer in addresses"),
                            "title": text("Name of the layer for readers"),
                            "summary": text("What it holds"),
                            "default_query": list_of(ref("pair")),
                            "parameters": {
                                "type": "object",
                                "additionalProperties": list_of({"type": "string"}),
                                "description": "Parameters with their values; none: free text",
                            },
                            "fields": list_of(
                                object_of(
                                    {
                                        "name": text("Property in GeoJSON, column in CSV"),
                                        "title": text("What it means"),
                                        "kind": text("What it holds"),
                                    }
                                )
                            ),
                            "geojson": text("Address as GeoJSON", format="uri-reference"),
                            "csv": text("Address as CSV", format="uri-reference"),
                        }
                    )
                )
            }
        ),
        "document": {
            "type": "object",
            "description": "An OpenAPI document",
            "required": ["openapi", "info", "paths"],
        },
        "ground_npas": _ground(
            {
                **_NPA,
                "approximate": {"type": "boolean", "description": "Whether the outline is"},
                "group": text("Larger area that it belongs to"),
            }
        ),
        "ground_districts": _ground(
            {
                "district_code": text("Code of the council's area"),
                "district_name": text("Its name"),
            }
        ),
        "ground_settlements": _ground(
            {"name": text("Name of the town or village"), "population": count("Residents")}
        ),
        "tile": {
            "description": "A Mapbox Vector Tile (version 2.1) with one layer: whole hexagons, "
            "which have the same id and counts in every tile that they reach into",
            "contentMediaType": "application/vnd.mapbox-vector-tile",
        },
        "figures": object_of(
            {
                "title": text("The layer"),
                "query": list_of(ref("pair")),
                "period": text("The period or day in words"),
                "sentences": list_of(text("A sentence that says what is shown or left out")),
                "gaps": list_of(text("What is not held of what was asked; a sentence too")),
                "counts": object_of(
                    {
                        "surely": count("Records known to lie in the period"),
                        "possibly": count("Records that may lie in it"),
                        "unlocated": count("Of both together, those without a position"),
                        "outside": count("Of both together, those outside the force area"),
                        "withheld": count("Figures held back; with any, counts are the least"),
                        "published": {
                            "type": "boolean",
                            "description": "Whether any figure is; if not, 0 says nothing",
                        },
                        "held": {
                            "type": "boolean",
                            "description": "Whether anything of the period is held; if not, 0 "
                            "says nothing, and there are no counts by area or type",
                        },
                    }
                ),
                "by_npa": list_of(
                    object_of(
                        {
                            **_NPA,
                            "surely": count("Records known to lie in the period"),
                            "possibly": count("Records that may lie in it"),
                            "withheld": count("Figures held back of those surely in it"),
                            "withheld_possibly": count("Figures held back of those possibly"),
                        }
                    )
                ),
                "tables": list_of(
                    object_of(
                        {
                            "title": text("What the table counts, with the unit"),
                            "columns": list_of({"type": "string"}),
                            "rows": list_of(list_of({"type": "string"})),
                        }
                    )
                ),
                "legend": ref("legend"),
            }
        ),
        "legend": object_of(
            {
                "title": text("What is classed, with the unit"),
                "property": text("The property that is classed"),
                "classes": list_of(
                    object_of(
                        {
                            "label": text("What is in the class"),
                            "colour": text("Its colour", pattern="^#[0-9A-F]{6}$"),
                            "shape": text("Its shape", enum=list(get_args(Shape))),
                            "value": {"type": ["string", "null"], "description": "Met by this"},
                            "lower": {"type": ["number", "null"], "description": "Met from this"},
                            "upper": {"type": ["number", "null"], "description": "Met up to this"},
                        }
                    )
                ),
                "note": text("What a reader must know beside"),
            }
        ),
        "cell": object_of(
            {
                "cell_id": text("Name of the cell"),
                "npa_name": text("The Neighbourhood Policing Area (NPA) of most of its records"),
                "npa_approximate": {
                    "type": "boolean",
                    "description": "Whether the outline of that area is approximate",
                },
                "sentences": list_of(text("A sentence that says what is shown or left out")),
                "by_type": list_of(
                    object_of({"type": text("Type"), "records": text("Records, as read")})
                ),
                "by_month": list_of(
                    object_of(
                        {
                            "month": text("Month", pattern=r"^\d{4}-\d{2}$"),
                            "records": count("Records that surely or possibly lie in it"),
                            "held": {
                                "type": "boolean",
                                "description": "Whether any record of the month is held; where "
                                "none is, 0 is not a count",
                            },
                        }
                    )
                ),
            }
        ),
        "places": object_of(
            {
                "query": text("What was looked for"),
                "places": list_of(ref("place")),
                "near": list_of(ref("place")),
                "note": text("Whether these match, or are only spelt nearly so"),
            }
        ),
        "place": object_of(
            {
                "name": text("Name of the place"),
                "kind": text("What it is", enum=list(get_args(PlaceKind))),
                "kind_in_words": text("What it is, for readers"),
                "where": text("What tells it from others of its name; may be empty"),
                "longitude": _number("Degrees east (WGS84)"),
                "latitude": _number("Degrees north (WGS84)"),
                "bounds": {
                    "description": "West, south, east and north of an area, in WGS84 degrees",
                    "type": ["array", "null"],
                    "items": {"type": "number"},
                    "minItems": 4,
                    "maxItems": 4,
                },
                "zoom": {"type": "integer", "description": "Map zoom that shows the whole of it"},
                "label": text("Name, kind and where, for a list"),
            }
        ),
    }
)
