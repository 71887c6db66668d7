"""What a layer says of itself; everything that reads, shows or exports it goes by this value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from layers.publication import Everything, Publication
from layers.schema import Field, Schema

Columns = tuple[Field, ...]
Shape = Literal[
    "circle",
    "square",
    "diamond",
    "triangle",
    "cross",
    "star",
    "half",
    "bar",
    "ring",
    "down",
    "chevron",
    "hourglass",
    "area",
    "filled",
    "dashed",
    "hatched",
]


@dataclass(frozen=True, slots=True)
class StyleClass:
    """One entry of a legend, and how the map draws what falls into it.

    A class is met by its ``value``, or by a number from ``lower`` to ``upper`` (both inclusive,
    None for open). Shape and label carry the meaning with the colour, never the colour alone.
    Through an ``area`` the ground is seen, a ``filled`` one is painted over it.
    """

    label: str
    colour: str
    shape: Shape
    value: str | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Legend:
    """The key to a layer on the map: which property is classed, into what, in which unit."""

    title: str
    property: str
    classes: tuple[StyleClass, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a filter offers, and its words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class OwnParameter:
    """A query parameter of one layer alone.

    ``column`` is the field that is filtered; empty where the layer reads the parameter itself.
    ``default`` is the option that stands where none of a parameter's is given.
    """

    name: str
    title: str
    options: tuple[Option, ...]
    column: str = ""
    repeatable: bool = True
    public_default: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """The constants of a layer.

    ``time``: ``dated`` records happened within an interval of days; ``standing`` ones exist from
    a day until another. ``columns`` are the fields of every answer, in order; ``popup`` names
    those that a popup shows, the first being its heading. The first of ``schemas`` is the layer's
    records, the others are registers kept beside them. ``type_groups`` are values of ``type``
    that stand for several others. ``weight`` names the column that says for how many records a
    row stands; empty where each row is one. With ``box_by_cells`` the layer itself cuts its records
    to a bounding box, by whole cells. ``map_adds_up`` names parameters that split rows which a map
    shows together. ``knows_gaps``: the layer knows of which months it holds nothing, so that none
    counted in the others means none.
    """

    id: str
    page: str
    title: str
    singular: str
    plural: str
    summary: str
    schemas: tuple[Schema, ...]
    columns: tuple[Field, ...]
    popup: tuple[str, ...]
    time: Literal["dated", "standing"]
    publication: Publication = field(default_factory=Everything)
    type_column: str = ""
    types: tuple[Option, ...] = ()
    type_groups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    own: tuple[OwnParameter, ...] = ()
    weight: str = ""
    box_by_cells: bool = False
    map_adds_up: tuple[str, ...] = ()
    knows_gaps: bool = False


NPA_COLUMNS = (
    Field("npa_code", "NPA code", "code", computed=True),
    Field("npa_name", "Neighbourhood Policing Area (NPA)", computed=True),
    Field("npa_approximate", "NPA outline approximate", "boolean", computed=True),
)
DATE_COLUMNS = (
    Field("date_from", "From", "date", computed=True),
    Field("date_to", "To", "date", computed=True),
)
MEMBERSHIP_COLUMN = Field("in_period", "In the period", "choice", computed=True)


def columns_of(schema: Schema, first: Sequence[str], computed: Sequence[Field] = ()) -> Columns:
    """The fields of a schema with the common computed ones between those named and the rest."""
    fields = {field.name: field for field in schema.fields}
    rest = [field for name, field in fields.items() if name not in first]
    ahead = [fields[name] for name in first]
    return (*ahead, *NPA_COLUMNS, *computed, *DATE_COLUMNS, MEMBERSHIP_COLUMN, *rest)
