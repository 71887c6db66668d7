"""Positions of rows: columns, WKT or GeoJSON geometry in WGS84, made into EPSG:27700."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
import shapely

from geo.crs import geometries_to_degrees, geometries_to_metres
from geo.errors import InvalidValue
from layers.files import RawRow, RawTable
from layers.schema import Field, Schema, slugify

LONGITUDE_NAMES: Final = ("longitude", "lon", "lng")
LATITUDE_NAMES: Final = ("latitude", "lat")
WKT_NAME: Final = "wkt"
UK_LONGITUDE: Final = (-9.0, 2.5)
UK_LATITUDE: Final = (49.0, 61.5)
POSITION_DECIMALS: Final = 6
"""Of a degree: a tenth of a metre, finer than any source here."""
POSITION_FIELDS: Final = (
    Field("longitude", "Longitude", "number"),
    Field("latitude", "Latitude", "number"),
)
"""A point as a form or a history shows it, in WGS84 degrees."""
_POLYGONS: Final = ("Polygon", "MultiPolygon")

Refuse = Callable[[int, str, str, str], None]


def position_columns(header: list[str]) -> set[str]:
    """The columns of a file that say where a row lies."""
    names = (*LONGITUDE_NAMES, *LATITUDE_NAMES, WKT_NAME)
    return {column for column in header if slugify(column) in names}


@lru_cache(maxsize=64)
def column_named(header: tuple[str, ...], *names: str) -> str:
    """The column of a header that has the first of these names; empty where none has."""
    by_slug = {slugify(column): column for column in header}
    return next((by_slug[name] for name in names if name in by_slug), "")


def positions(schema: Schema, table: RawTable, refuse: Refuse) -> list[shapely.Geometry | None]:
    """The geometry of each row in EPSG:27700, or None.

    ``refuse(row, column, value, reason)`` is called for a row whose position cannot be used.
    """
    if schema.position == "none":
        return [None] * len(table.rows)
    in_degrees = [_in_degrees(schema, row, table, refuse) for row in table.rows]
    present = [index for index, geometry in enumerate(in_degrees) if geometry is not None]
    result: list[shapely.Geometry | None] = [None] * len(in_degrees)
    if present:
        metric = geometries_to_metres(np.array([in_degrees[i] for i in present], dtype=object))
        for index, geometry in zip(present, metric, strict=True):
            result[index] = geometry
    return result


def _in_degrees(
    schema: Schema, row: RawRow, table: RawTable, refuse: Refuse
) -> shapely.Geometry | None:
    column = "geometry"
    try:
        if table.has_geometry:
            geometry = row.geometry
        elif wkt := column_named(table.header, WKT_NAME):
            column = wkt
            text = row.cells.get(wkt, "").strip()
            geometry = shapely.from_wkt(text) if text else None
        else:
            column = "longitude, latitude"
            geometry = _point(row, table)
        return _checked(schema, geometry)
    except (InvalidValue, shapely.errors.ShapelyError) as error:
        refuse(row.number, column, position_text(row, table)[:80], str(error))
        return None


def typed_fields(schema: Schema) -> tuple[Field, ...]:
    """The fields of a record as somebody types it in: those stored, and where it lies."""
    return (*schema.stored, *(POSITION_FIELDS if schema.position.startswith("point") else ()))


def degrees_of(point: shapely.Geometry | None) -> dict[str, float | None]:
    """A point in EPSG:27700 as its longitude and latitude; None for both without one."""
    if point is None:
        return {field.name: None for field in POSITION_FIELDS}
    (there,) = geometries_to_degrees(np.array([point], dtype=object))
    place = (round(there.x, POSITION_DECIMALS), round(there.y, POSITION_DECIMALS))
    return {field.name: value for field, value in zip(POSITION_FIELDS, place, strict=True)}


def position_text(row: RawRow, table: RawTable) -> str:
    """The position of a row as its file gives it, to be shown beside what is wrong with it."""
    if table.has_geometry:
        return row.geometry.wkt if row.geometry else ""
    if wkt := column_named(table.header, WKT_NAME):
        return row.cells.get(wkt, "")
    return ", ".join(ordinates(row, table))


def ordinates(row: RawRow, table: RawTable) -> tuple[str, str]:
    """Longitude and latitude of a row of columns, as text; empty where the file has none."""
    longitude = column_named(table.header, *LONGITUDE_NAMES)
    latitude = column_named(table.header, *LATITUDE_NAMES)
    if not longitude or not latitude:
        return "", ""
    return row.cells.get(longitude, "").strip(), row.cells.get(latitude, "").strip()


def _point(row: RawRow, table: RawTable) -> shapely.Point | None:
    longitude, latitude = ordinates(row, table)
    if not longitude and not latitude:
        return None
    try:
        return shapely.Point(float(longitude), float(latitude))
    except ValueError as error:
        raise InvalidValue("Longitude and latitude must both be numbers of degrees.") from error


def _checked(schema: Schema, geometry: shapely.Geometry | None) -> shapely.Geometry | None:
    if geometry is None or (geometry.is_empty and not shapely.get_num_coordinates(geometry)):
        if schema.position.endswith("-required"):
            raise InvalidValue(f"A position is needed for each {schema.singular}; there is none.")
        return None
    kinds = _POLYGONS if schema.position.startswith("polygon") else ("Point",)
    if geometry.geom_type not in kinds:
        raise InvalidValue(f"A {kinds[0]} is needed; given a {geometry.geom_type}.")
    west, south, east, north = geometry.bounds
    if not (
        UK_LONGITUDE[0] <= west <= east <= UK_LONGITUDE[1]
        and UK_LATITUDE[0] <= south <= north <= UK_LATITUDE[1]
    ):
        raise InvalidValue(
            "The position lies outside the United Kingdom. Check that longitude and latitude are "
            "degrees and not exchanged."
        )
    if not geometry.is_valid:
        raise InvalidValue(f"The outline is not valid: {shapely.is_valid_reason(geometry)}.")
    return shapely.transform(geometry, lambda xy: np.round(xy, POSITION_DECIMALS))
