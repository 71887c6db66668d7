"""Coordinate reference systems: the only module that imports pyproj.

Analysis is done on the British National Grid (EPSG:27700, metres), GeoJSON leaves in WGS84,
tiles in Web Mercator (EPSG:3857).
Without the OSTN15 grid, which the pyproj wheels do not carry, PROJ falls back to a Helmert
transformation that EPSG states as accurate to about 2 metres.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import InvalidFrame

BRITISH_NATIONAL_GRID: Final = "EPSG:27700"
WGS84: Final = "OGC:CRS84"
WEB_MERCATOR: Final = "EPSG:3857"

FloatArray = npt.NDArray[np.float64]


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_metres(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Easting and northing in metres (EPSG:27700) of WGS84 degrees."""
    easting_m, northing_m = _transformer(WGS84, BRITISH_NATIONAL_GRID).transform(
        np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    )
    return np.asarray(easting_m), np.asarray(northing_m)


def to_degrees(
    easting_m: npt.ArrayLike, northing_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude in WGS84 degrees of metres on the British National Grid."""
    longitude, latitude = _transformer(BRITISH_NATIONAL_GRID, WGS84).transform(
        np.asarray(easting_m, dtype=float), np.asarray(northing_m, dtype=float)
    )
    return np.asarray(longitude), np.asarray(latitude)


def metres_to_mercator(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Web Mercator metres (EPSG:3857) of eastings and northings in metres of EPSG:27700.

    Mercator metres are for drawing only: in Great Britain they are 1.5 to 2 times too long.
    """
    mercator_x, mercator_y = _transformer(BRITISH_NATIONAL_GRID, WEB_MERCATOR).transform(
        np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    )
    return np.asarray(mercator_x), np.asarray(mercator_y)


def mercator_to_metres(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Easting and northing in metres of EPSG:27700 of Web Mercator metres (EPSG:3857)."""
    easting_m, northing_m = _transformer(WEB_MERCATOR, BRITISH_NATIONAL_GRID).transform(
        np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    )
    return np.asarray(easting_m), np.asarray(northing_m)


def geometries_to_degrees(geometries: npt.ArrayLike, decimals: int = 6) -> npt.NDArray[Any]:
    """Geometries in EPSG:27700 as WGS84, rounded as RFC 7946 advises (6 decimals: 0.1 m)."""

    def transform(xy: FloatArray) -> FloatArray:
        degrees: FloatArray = np.column_stack(to_degrees(xy[:, 0], xy[:, 1])).round(decimals)
        return degrees

    return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), transform))


def geometries_to_metres(geometries: npt.ArrayLike) -> npt.NDArray[Any]:
    """Geometries in WGS84 degrees as EPSG:27700 metres."""

    def transform(xy: FloatArray) -> FloatArray:
        return np.column_stack(to_metres(xy[:, 0], xy[:, 1]))

    return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), transform))


def is_metric(crs: object) -> bool:
    """Whether a coordinate reference system is the British National Grid."""
    return _parsed(crs) == CRS(BRITISH_NATIONAL_GRID)


def _parsed(crs: object) -> CRS | None:
    try:
        return CRS.from_user_input(crs) if crs is not None else None
    except CRSError as error:
        raise InvalidFrame(
            f"A known coordinate reference system is needed; given {crs!r}."
        ) from error


def stated_accuracy_m() -> float:
    """The accuracy in metres that PROJ states for the operation it uses on this machine."""
    transformer = _transformer(WGS84, BRITISH_NATIONAL_GRID)
    transformer.transform(-2.0, 53.0)
    return float(transformer.get_last_used_operation().accuracy)
