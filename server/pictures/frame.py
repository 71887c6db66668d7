"""The part of the ground that a picture's map shows, in Web Mercator as on the screen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import metres_to_mercator
from geo.mercator import HALF_WORLD_M
from server.map_state import MAX_ZOOM, MIN_ZOOM, MapView
from server.pictures.scene import Box, FloatArray

EARTH_RADIUS_M: Final = HALF_WORLD_M / math.pi
ECCENTRICITY_SQUARED: Final = 0.00669437999014
"""Of the WGS84 ellipsoid."""

BEYOND_PX: Final = 60
"""So much of an outline is kept beyond the frame that its cut edges are out of sight."""

_TILE_PX: Final = 256
_PADDING_PX: Final = 4

Geometries = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """A map of a width and height in pixels around a centre in metres of EPSG:3857.

    ``zoom`` is Leaflet's: the world is ``256 * 2**zoom`` pixels wide. Pixels are counted from the
    north-west corner of the frame.
    """

    zoom: float
    centre_x_m: float
    centre_y_m: float
    width_px: float
    height_px: float

    @classmethod
    def at(cls, view: MapView, width_px: float, height_px: float) -> Frame:
        """The frame around a view that a browser shows."""
        x_m = math.radians(view.longitude) * EARTH_RADIUS_M
        y_m = math.asinh(math.tan(math.radians(view.latitude))) * EARTH_RADIUS_M
        return cls(view.zoom, x_m, y_m, width_px, height_px)

    @classmethod
    def around(cls, geometries_m: npt.ArrayLike, width_px: float, height_px: float) -> Frame:
        """The frame that holds all the geometries, in EPSG:3857, and shows them largest."""
        west, south, east, north = shapely.total_bounds(geometries_m).tolist()
        room_px = (width_px - 2 * _PADDING_PX, height_px - 2 * _PADDING_PX)
        px_per_m = min(room_px[0] / (east - west), room_px[1] / (north - south))
        zoom = math.log2(px_per_m * 2 * HALF_WORLD_M / _TILE_PX)
        zoom = min(max(zoom, MIN_ZOOM), MAX_ZOOM)
        return cls(zoom, (west + east) / 2, (south + north) / 2, width_px, height_px)

    @property
    def px_per_m(self) -> float:
        """Pixels in a metre of EPSG:3857."""
        return _TILE_PX * math.exp2(self.zoom) / (2 * HALF_WORLD_M)

    @property
    def centre_latitude(self) -> float:
        """The latitude of the centre in WGS84 degrees."""
        return math.degrees(math.atan(math.sinh(self.centre_y_m / EARTH_RADIUS_M)))

    @property
    def ground_m_per_px(self) -> float:
        """Metres on the ground, from west to east, in a pixel at the centre's latitude.

        Reference: length of a degree of longitude on the ellipsoid.
        """
        latitude = math.radians(self.centre_latitude)
        flattened = math.sqrt(1 - ECCENTRICITY_SQUARED * math.sin(latitude) ** 2)
        return math.cos(latitude) / flattened / self.px_per_m

    @property
    def box(self) -> Box:
        """The frame in its own pixels."""
        return 0, 0, self.width_px, self.height_px

    @property
    def origin_px(self) -> tuple[float, float]:
        """Where the frame's corner lies, in pixels from the north-west corner of the world."""
        return (
            (self.centre_x_m + HALF_WORLD_M) * self.px_per_m - self.width_px / 2,
            (HALF_WORLD_M - self.centre_y_m) * self.px_per_m - self.height_px / 2,
        )

    def points(self, easting_m: npt.ArrayLike, northing_m: npt.ArrayLike) -> FloatArray:
        """Positions in EPSG:27700 as pixels, in an ``(n, 2)`` array."""
        return self._pixels(np.column_stack(metres_to_mercator(easting_m, northing_m)))

    def pixels(self, geometries_m: npt.ArrayLike) -> Geometries:
        """Geometries in EPSG:3857 as pixels, whole."""
        return np.asarray(shapely.transform(np.asarray(geometries_m), self._pixels))

    def cut(self, outlines: npt.ArrayLike) -> Geometries:
        """Outlines in pixels without what lies far beyond the frame; empty where nothing is left.

        Zoomed in far, an outline's distant parts would be too large to draw.
        """
        left, top, right, bottom = -BEYOND_PX, -BEYOND_PX, self.width_px, self.height_px
        cut = shapely.clip_by_rect(outlines, left, top, right + BEYOND_PX, bottom + BEYOND_PX)
        return np.asarray(cut)

    def shows(self, x: float, y: float) -> bool:
        """Whether a position in pixels lies in the frame."""
        return 0 <= x <= self.width_px and 0 <= y <= self.height_px

    def _pixels(self, xy_m: FloatArray) -> FloatArray:
        left, top = self.origin_px
        x = (xy_m[:, 0] + HALF_WORLD_M) * self.px_per_m - left
        y = (HALF_WORLD_M - xy_m[:, 1]) * self.px_per_m - top
        return np.column_stack((x, y))


def mercator(geometries: npt.ArrayLike) -> Geometries:
    """Geometries in EPSG:27700 as EPSG:3857."""

    def transform(xy: FloatArray) -> FloatArray:
        return np.column_stack(metres_to_mercator(xy[:, 0], xy[:, 1]))

    return np.asarray(shapely.transform(np.asarray(geometries, dtype=object), transform))
