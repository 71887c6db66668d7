"""Parts of the ground that a query is cut to: a box, or an area that somebody drew."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import shapely

from geo.crs import geometries_to_metres
from layers.errors import BadQuery
from layers.position import UK_LATITUDE, UK_LONGITUDE

MOST_CORNERS: Final = 100
DECIMALS: Final = 5
"""Corners are kept to the fifth decimal of a degree, about a metre."""

_EDGE_POINTS: Final = 32


@dataclass(frozen=True, slots=True)
class BBox:
    """West, south, east and north in WGS84 degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> BBox:
        """Read ``west,south,east,north``.

        Raises:
            BadQuery: not four finite numbers in that order.
        """
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            west = south = east = north = math.nan
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise BadQuery(
                "bbox must be west,south,east,north in degrees, with west below east and south "
                f"below north; given {text!r}."
            )
        return cls(west, south, east, north)

    def __str__(self) -> str:
        return ",".join(f"{side:.15g}" for side in (self.west, self.south, self.east, self.north))

    def polygon_m(self) -> shapely.Geometry:
        """The box in EPSG:27700; its edges follow the lines of longitude and latitude."""
        box = _near(shapely.box(self.west, self.south, self.east, self.north))
        return _metric(box.segmentize(_longest_side(box) / _EDGE_POINTS))


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """A polygon without holes, by its corners: longitude and latitude in WGS84 degrees."""

    corners: tuple[tuple[float, float], ...]

    @classmethod
    def parse(cls, text: str) -> DrawnArea:
        """Read ``lon,lat lon,lat lon,lat ...``; the last corner joins the first.

        Raises:
            BadQuery: fewer than three corners, too many, not numbers, or edges that cross.
        """
        corners = tuple(_corner(pair, text) for pair in text.split())
        if len(corners) > 1 and corners[0] == corners[-1]:
            corners = corners[:-1]
        if not 3 <= len(corners) <= MOST_CORNERS:
            raise BadQuery(
                f"area must have 3 to {MOST_CORNERS} corners, each longitude,latitude in degrees, "
                f"with blanks between them; given {len(corners)}."
            )
        if not shapely.Polygon(corners).is_valid:
            raise BadQuery(
                "area must be drawn so that its edges neither cross nor touch. Move a corner, or "
                "begin again."
            )
        return cls(corners)

    def __str__(self) -> str:
        return " ".join(f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat in self.corners)

    def polygon_m(self) -> shapely.Geometry:
        """The polygon in EPSG:27700."""
        return _metric(_near(shapely.Polygon(self.corners)))


def _near(shape: shapely.Geometry) -> shapely.Geometry:
    """The part of a shape in degrees where positions can be: far from it the grid ends."""
    (west, east), (south, north) = UK_LONGITUDE, UK_LATITUDE
    return shape.intersection(shapely.box(west, south, east, north))


def _longest_side(box: shapely.Geometry) -> float:
    if box.is_empty:
        return 1.0
    west, south, east, north = box.bounds
    return float(max(east - west, north - south)) or 1.0


def _metric(shape: shapely.Geometry) -> shapely.Geometry:
    metric: shapely.Geometry = geometries_to_metres([shape])[0]
    return metric


def _corner(pair: str, text: str) -> tuple[float, float]:
    try:
        longitude, latitude = (round(float(part), DECIMALS) for part in pair.split(","))
    except ValueError:
        longitude = latitude = math.nan
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise BadQuery(
            "area must be corners of longitude,latitude in degrees with blanks between them, such "
            f"as -1.1,52.6 -1.0,52.6 -1.0,52.7; given {text[:60]!r}."
        )
    return longitude, latitude
