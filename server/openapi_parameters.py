"""The parameters of the API as values: for the OpenAPI document and for its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from geo.mercator import HIGHEST_ZOOM
from layers.audience import Audience
from layers.crime import CELL_SIZES_M
from layers.drawn_area import MOST_CORNERS
from layers.outcomes import SPEC as OUTCOMES
from layers.place_search import DEFAULT_LIMIT, LONGEST_TEXT, MOST_PLACES
from layers.publication import refused_params
from layers.query import OUTSIDE
from layers.registry import REGISTRY
from layers.spec import LayerSpec, Option, OwnParameter
from server.requests import LARGEST, LARGEST_LIMIT, VERSION_PARAM
from server.tiles import DEEPEST_ZOOM
from server.visits.asked import (
    COUNTED,
    DEFAULT_DISTANCE_M,
    DISTANCE_PARAM,
    DISTANCES_M,
    VISITS,
)

_DATE: Final = MappingProxyType(
    {
        "type": "string",
        "pattern": r"^(1[89]|2[01])\d{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$",
        "examples": ["2022-03"],
    }
)
_LONGITUDE: Final = {"type": "number", "minimum": -180, "maximum": 180}
_LATITUDE: Final = {"type": "number", "minimum": -90, "maximum": 90}
_BBOX: Final = MappingProxyType(
    {
        "type": "array",
        "prefixItems": [_LONGITUDE, _LATITUDE, _LONGITUDE, _LATITUDE],
        "items": {"type": "number"},
        "minItems": 4,
        "maxItems": 4,
    }
)
_CELL_ID: Final = rf"^h({'|'.join(str(m) for m in CELL_SIZES_M)})_q-?\d{{1,7}}_r-?\d{{1,7}}$"
_CORNER: Final = r"-?\d{1,3}(\.\d{1,12})?,-?\d{1,2}(\.\d{1,12})?"
_AREA: Final = MappingProxyType(
    {
        "type": "string",
        "pattern": rf"^{_CORNER}( {_CORNER}){{2,{MOST_CORNERS}}}$",
        "examples": ["-1.2,52.6 -1.1,52.6 -1.1,52.7"],
    }
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address.

    ``schema`` is the JSON Schema of one value; where there are ``options`` it is one of them.
    ``kind`` says in words what a value is. A ``repeatable`` one may be given several times.
    """

    name: str
    meaning: str
    kind: str = "one of the values listed"
    schema: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({"type": "string"}))
    options: tuple[Option, ...] = ()
    repeatable: bool = False
    in_path: bool = False
    required: bool = False

    def as_json(self) -> dict[str, Any]:
        """The parameter as OpenAPI says it."""
        schema = dict(self.schema)
        if self.options:
            schema["enum"] = [option.value for option in self.options]
        if self.repeatable:
            schema = {"type": "array", "items": schema}
        said: dict[str, Any] = {
            "name": self.name,
            "in": "path" if self.in_path else "query",
            "description": " ".join([self.meaning, *self._values_in_words()]),
            "required": self.in_path or self.required,
            "schema": schema,
        }
        if schema["type"] == "array":
            said |= {"style": "form", "explode": self.repeatable}
        return said

    def _values_in_words(self) -> list[str]:
        named = [f"{o.value} ({o.label})" for o in self.options if o.label != o.value]
        return [f"Values: {', '.join(named)}."] if named else []


@dataclass(frozen=True, slots=True)
class Scope:
    """What is described, and for whom: the layers, and the areas in use by code and name.

    ``middle`` has values of path parameters, of the middle of the force area, for examples.
    """

    specs: tuple[LayerSpec, ...]
    npa_names: Mapping[str, str]
    audience: Audience
    middle: Mapping[str, str]


FROM: Final = Parameter(
    "from",
    "The period's first day, or the first day of this month or year.",
    "a date: YYYY-MM-DD, YYYY-MM or YYYY",
    _DATE,
)
TO: Final = Parameter(
    "to",
    "The period's last day, or the last day of this month or year. Unless a period is asked for, "
    "it is the twelve months that end with the layer's last dated record.",
    "a date: YYYY-MM-DD, YYYY-MM or YYYY",
    _DATE,
)
AS_OF: Final = Parameter(
    "as_of",
    "What stood on this day; for dated records, what happened up to it. Not with from and to.",
    "a date: YYYY-MM-DD, YYYY-MM or YYYY",
    _DATE,
)
BBOX: Final = Parameter(
    "bbox",
    "Only what touches this box.",
    "west,south,east,north in WGS84 degrees",
    _BBOX,
)
AREA: Final = Parameter(
    "area",
    f"Only what touches this drawn area of 3 to {MOST_CORNERS} corners.",
    "longitude,latitude of each corner in WGS84 degrees, with blanks between corners",
    _AREA,
)
LIMIT: Final = Parameter(
    "limit",
    "At most this many rows; without it, all of them.",
    f"a whole number from 1 to {LARGEST_LIMIT:,}",
    MappingProxyType({"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT}),
)
OFFSET: Final = Parameter(
    "offset",
    "Leaves out this many rows at the beginning.",
    "a whole number from 0",
    MappingProxyType({"type": "integer", "minimum": 0, "maximum": LARGEST}),
)
ZOOM: Final = Parameter(
    "zoom",
    "Outlines as detailed as a map of this zoom shows; without it, the most general. Points have "
    "none.",
    f"a whole number from 0 to {HIGHEST_ZOOM}",
    MappingProxyType({"type": "integer", "minimum": 0, "maximum": HIGHEST_ZOOM}),
)
TILE: Final = tuple(
    Parameter(
        name,
        meaning,
        f"a whole number from 0{upto}",
        MappingProxyType({"type": "integer", "minimum": 0, "maximum": highest}),
        in_path=True,
    )
    for name, meaning, upto, highest in (
        ("z", "Zoom of the tile.", f" to {DEEPEST_ZOOM}", DEEPEST_ZOOM),
        ("x", "Column of the tile, from the west.", "", 2**DEEPEST_ZOOM - 1),
        ("y", "Row of the tile, from the north.", "", 2**DEEPEST_ZOOM - 1),
    )
)
VERSION: Final = Parameter(
    VERSION_PARAM,
    "The version of what is held, as the pages' own scripts give it: an answer to the present one "
    "may be kept for a day.",
    "a short text",
)
CELL: Final = Parameter(
    "cell_id",
    "The cell, as GeoJSON and CSV name it.",
    "the name of a cell",
    MappingProxyType({"type": "string", "pattern": _CELL_ID}),
    in_path=True,
)
PLACE: Final = Parameter(
    "q",
    "Name of a place, or a part of it. Capitals, accents and hyphens make no difference.",
    f"text of at most {LONGEST_TEXT} characters",
    MappingProxyType({"type": "string", "maxLength": LONGEST_TEXT}),
)
PLACES: Final = Parameter(
    "limit",
    f"At most this many places; without it, {DEFAULT_LIMIT}.",
    f"a whole number from 1 to {MOST_PLACES}",
    MappingProxyType({"type": "integer", "minimum": 1, "maximum": MOST_PLACES}),
)


DISTANCE: Final = Parameter(
    DISTANCE_PARAM,
    f"How far a place visited reaches, in metres; without it, {DEFAULT_DISTANCE_M}.",
    options=tuple(Option(str(distance_m), str(distance_m)) for distance_m in DISTANCES_M),
)


def commitment_parameters() -> tuple[Parameter, ...]:
    """Those of the account of visits, which is of whole areas and of the days of a period."""
    spec = REGISTRY.get(VISITS).spec
    own = (own_parameter(parameter, Audience.PUBLIC) for parameter in spec.own)
    last = "The period's last day. Unless a period is asked for, it is the year from April to March"
    period = (FROM, replace(TO, meaning=f"{last} that holds the last visit."))
    counted = f"Only this type; without it, {', '.join(COUNTED)}."
    return (*period, replace(type_parameter(spec), meaning=counted), *own, DISTANCE)


def outcomes_parameters() -> tuple[Parameter, ...]:
    """Those of the published issues, which have no position."""
    own = (own_parameter(parameter, Audience.PUBLIC) for parameter in OUTCOMES.own)
    return (FROM, replace(TO, meaning=TO.meaning.replace("the layer's last", "the last")), *own)


def common_parameters(scope: Scope) -> tuple[Parameter, ...]:
    """Those that mean the same in every layer, whether or not all have them."""
    return (FROM, TO, AS_OF, _npa(scope), BBOX, AREA)


def layer_parameters(spec: LayerSpec, scope: Scope) -> tuple[Parameter, ...]:
    """Those that a query of one layer takes from whoever asks."""
    of_types = (type_parameter(spec),) if spec.types else ()
    own = tuple(own_parameter(parameter, scope.audience) for parameter in spec.own)
    refused = refused_params(spec.publication, scope.audience)
    known = (*common_parameters(scope), *of_types, *own)
    return tuple(parameter for parameter in known if parameter.name not in refused)


def _npa(scope: Scope) -> Parameter:
    areas = tuple(Option(code, name) for code, name in scope.npa_names.items())
    return Parameter(
        "npa",
        "Only what lies in this Neighbourhood Policing Area (NPA).",
        options=(*areas, Option(OUTSIDE, "Outside the force area")),
        repeatable=True,
    )


def type_parameter(spec: LayerSpec) -> Parameter:
    """The types of a layer's records."""
    return Parameter("type", "Only this type.", options=spec.types, repeatable=True)


def own_parameter(parameter: OwnParameter, audience: Audience) -> Parameter:
    """A parameter that one layer alone has."""
    default = parameter.public_default if audience is Audience.PUBLIC else ()
    unless = f" Unless asked: {', '.join(default)}." if default else ""
    return Parameter(
        parameter.name,
        f"{parameter.title}.{unless}",
        options=parameter.options,
        repeatable=parameter.repeatable,
    )
