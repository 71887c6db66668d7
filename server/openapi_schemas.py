"""JSON Schemas of what the API answers, made from the layers' own fields."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from layers.audience import Audience
from layers.publication import ProtectedCounts, known_fields
from layers.schema import LIST_SEPARATOR, Field
from layers.spec import NPA_COLUMNS, LayerSpec

Schema = Mapping[str, Any]

_KINDS: Final[Mapping[str, Any]] = MappingProxyType(
    {"integer": ["integer", "null"], "number": ["number", "null"], "boolean": "boolean"}
)
_PARTIAL_DATE: Final = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"
_COORDINATES: Final = (
    ("longitude", "Longitude of a point (WGS84 degrees)", "number"),
    ("latitude", "Latitude of a point (WGS84 degrees)", "number"),
    ("wkt", "Outline as well-known text (WGS84 degrees), where rows are no points", "string"),
)


def ref(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def object_of(properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """An object that has these properties, but for the optional ones, and no other."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def list_of(items: Schema) -> dict[str, Any]:
    """An array of such items."""
    return {"type": "array", "items": items}


def text(description: str, **more: Any) -> dict[str, Any]:
    """A string that means this."""
    return {"type": "string", "description": description, **more}


def count(description: str) -> dict[str, Any]:
    """A number of things."""
    return {"type": "integer", "minimum": 0, "description": description}


def field_schema(field: Field) -> dict[str, Any]:
    """What one property of a record may hold; text that is not known is empty."""
    if field.kind in _KINDS:
        return {"type": _KINDS[field.kind], "description": field.title}
    if field.kind == "date" and field.computed:
        return {"type": ["string", "null"], "format": "date", "description": field.title}
    if field.kind == "date":
        known = f"{field.title}: a day, a month or a year, as well as it is known"
        return text(known, pattern=_PARTIAL_DATE)
    if field.kind == "choices":
        values = ", ".join(field.choices or field.suggestions)
        return text(f"{field.title}, several with {LIST_SEPARATOR!r} between them: {values}")
    schema = text(field.title)
    if field.choices:
        blank = () if field.required or field.default else ("",)
        schema["enum"] = [*field.choices, *blank]
    elif field.suggestions:
        schema["examples"] = list(field.suggestions)
    return schema


def layer_schemas(spec: LayerSpec, audience: Audience) -> dict[str, Schema]:
    """The schemas of one layer's records, as ``audience`` is answered, by name."""
    fields = known_fields(spec.publication, spec.columns, audience)
    counted = isinstance(spec.publication, ProtectedCounts)
    always = {field.name for field in (NPA_COLUMNS if counted else fields)}
    optional = tuple(field.name for field in fields if field.name not in always)
    properties = {field.name: field_schema(field) for field in fields}
    rows = [
        {"name": name, "description": schema["description"], "type": schema["type"]}
        for name, schema in properties.items()
    ]
    rows += [
        {"name": name, "description": title, "type": kind} for name, title, kind in _COORDINATES
    ]
    return {
        f"{spec.id}_properties": object_of(properties, optional),
        f"{spec.id}_features": _collection(f"{spec.id}_properties") | {"title": spec.title},
        f"{spec.id}_rows": text(
            f"{spec.title} as CSV in UTF-8 with one header row: those of the columns listed here "
            "that the answer has, in this order. Text that begins like a formula has an "
            "apostrophe before it.",
            **{"x-columns": rows},
        ),
    }


def _collection(properties: str) -> dict[str, Any]:
    return object_of(
        {
            "type": {"const": "FeatureCollection"},
            "name": text("The layer"),
            "caption": list_of(text("A sentence that says what is shown or left out")),
            "query": list_of(ref("pair")),
            "numberMatched": count("Number of rows that the query has"),
            "numberReturned": count("Number of rows in this answer"),
            "links": list_of(ref("link")),
            "features": list_of(_feature(properties)),
        },
        optional=("links",),
    )


def _feature(properties: str) -> dict[str, Any]:
    return object_of(
        {
            "type": {"const": "Feature"},
            "geometry": {"anyOf": [ref("geometry"), {"type": "null"}]},
            "properties": ref(properties),
        }
    )
