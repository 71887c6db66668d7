"""The symbols of legend classes, as the page's own sprite draws them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from layers.spec import Shape, StyleClass
from server.pictures.scene import (
    INK,
    LINE,
    PAPER,
    Box,
    Disc,
    FloatArray,
    Group,
    Item,
    Paint,
    Path,
    box_path,
)

Corners = tuple[tuple[float, float], ...]

SPRITE_PX: Final = 24
MARKER_PX: Final = 20
FAINT: Final = 0.35
"""How opaque the fill is of what may lie in the period or not."""

AREA_SHAPES: Final = ("area", "filled", "dashed", "hatched")
HATCH_APART_PX: Final = 8
HATCH_PX: Final = 2.5


def _arc(radius: float, first_deg: float, last_deg: float, middle_y: float = 12) -> Corners:
    """Corners along a part of a circle."""
    angles = np.radians(np.linspace(first_deg, last_deg, 37))
    x, y = 12 + radius * np.cos(angles), middle_y + radius * np.sin(angles)
    return tuple(zip(x.tolist(), y.tolist(), strict=True))


_RINGS: Final[dict[Shape, tuple[Corners, ...]]] = {
    "square": (((3, 3), (21, 3), (21, 21), (3, 21)),),
    "diamond": (((12, 1.5), (22.5, 12), (12, 22.5), (1.5, 12)),),
    "triangle": (((12, 2), (22.5, 21.5), (1.5, 21.5)),),
    "cross": (
        (
            *((8.5, 2.5), (15.5, 2.5), (15.5, 8.5), (21.5, 8.5), (21.5, 15.5), (15.5, 15.5)),
            *((15.5, 21.5), (8.5, 21.5), (8.5, 15.5), (2.5, 15.5), (2.5, 8.5), (8.5, 8.5)),
        ),
    ),
    "star": (
        (
            *((12, 1.3), (15.1, 8.7), (23, 9.3), (16.9, 14.5), (18.8, 22.3)),
            *((12, 18.1), (5.2, 22.3), (7.1, 14.5), (1, 9.3), (8.9, 8.7)),
        ),
    ),
    "half": (_arc(10.5, 180, 360, middle_y=17.5),),
    "bar": (((1.5, 8), (22.5, 8), (22.5, 16), (1.5, 16)),),
    "ring": (_arc(9.5, 0, 360), _arc(5.5, 360, 0)),
    "down": (((1.5, 2.5), (22.5, 2.5), (12, 22)),),
    "chevron": (((4, 2), (12, 2), (21, 12), (12, 22), (4, 22), (13, 12)),),
    "hourglass": (((3, 2), (21, 2), (14, 12), (21, 22), (3, 22), (10, 12)),),
}
"""The corners of each symbol, in the pixels of its sprite."""


def area_paint(style: StyleClass) -> Paint:
    """How an area of a class is filled and outlined, without its hatching."""
    if style.shape == "hatched":
        return Paint(stroke=style.colour, stroke_px=2, dashes_px=(4, 4))
    if style.shape == "dashed":
        return Paint(style.colour, 0.12, style.colour, 2.5, dashes_px=(7, 5))
    if style.shape == "filled":
        return Paint(style.colour, 0.8, LINE, 0.75)
    return Paint(style.colour, 0.2, style.colour, 3)


def hatched(outline: shapely.Geometry) -> list[Item]:
    """The hatching of a polygon in pixels, without its outline; it hides what lies below."""
    paper = path_of([outline], Paint(PAPER))
    parts = shapely.get_parts(shapely.intersection(_hatching(outline.bounds), outline))
    lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
    strokes = tuple(shapely.get_coordinates(line) for line in lines[~shapely.is_empty(lines)])
    paint = Paint(stroke=LINE, stroke_px=HATCH_PX)
    return [paper, Path(strokes, paint, closed=False)] if strokes else [paper]


def path_of(outlines: list[shapely.Geometry], paint: Paint) -> Path:
    """Polygons, in one part or several, as one path; other geometries are left out."""
    parts = shapely.get_parts(outlines)
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rings = shapely.get_rings(shapely.orient_polygons(polygons[~shapely.is_empty(polygons)]))
    return Path(tuple(shapely.get_coordinates(ring)[:-1] for ring in rings), paint)


def marker(style: StyleClass, x: float, y: float, size_px: float, faint: bool = False) -> Item:
    """The symbol of a class around a place: an area's too, where the area itself is too small."""
    unit_px = size_px / SPRITE_PX
    if style.shape in AREA_SHAPES:
        half = 10 * unit_px, 8 * unit_px
        return Group(_area_symbol(style, (x - half[0], y - half[1], x + half[0], y + half[1])))
    paint = Paint(style.colour, FAINT if faint else 1, INK, 1.5 * unit_px)
    rings = _RINGS.get(style.shape)
    if rings is None:
        return Disc(x, y, 9.5 * unit_px, paint)
    if style.shape == "cross":
        paint = replace(paint, stroke=PAPER, stroke_px=unit_px)
    corners = [(np.array(ring) - SPRITE_PX / 2) * unit_px + (x, y) for ring in rings]
    return Path(tuple(corners), paint)


def doubtful(style: StyleClass, x: float, y: float, size_px: float, ring_px: float) -> Item:
    """The symbol of a class, hollow and in a dashed ring: told apart without colour or tone."""
    hollow = marker(replace(style, colour=PAPER), x, y, size_px)
    if isinstance(hollow, Path) and style.shape == "cross":
        hollow = replace(hollow, paint=replace(hollow.paint, stroke=INK))
    edge_px = ring_px / 14
    ring = Paint(PAPER, 0.85, INK, edge_px, dashes_px=(2.2 * edge_px, 1.6 * edge_px))
    return Group((Disc(x, y, (ring_px - edge_px) / 2, ring), hollow))


def swatch(style: StyleClass) -> Item:
    """The symbol of a class in a legend, 24 pixels wide and high."""
    if style.shape == "filled":
        return Group(_area_symbol(style, (1, 4, 23, 20)))
    middle = SPRITE_PX / 2
    size_px = SPRITE_PX if style.shape in AREA_SHAPES else MARKER_PX
    return marker(style, middle, middle, size_px)


def _area_symbol(style: StyleClass, box: Box) -> tuple[Item, ...]:
    """A box filled as the areas of a class are."""
    edge = box_path(box, area_paint(style))
    if style.shape != "hatched":
        return (edge,)
    return (*hatched(shapely.box(*box)), edge)


def pill(box: Box, paint: Paint) -> Path:
    """A box with round ends."""
    left, top, right, bottom = box
    radius = (bottom - top) / 2
    angles = np.linspace(-np.pi / 2, np.pi / 2, 9)
    round_ = np.column_stack((np.cos(angles), np.sin(angles))) * radius
    middle = (top + bottom) / 2
    ends = np.array([(right - radius, middle), (left + radius, middle)])
    ring: FloatArray = np.vstack((ends[0] + round_, ends[1] - round_))
    return Path((ring,), paint)


def _hatching(bounds: Box) -> shapely.Geometry:
    """Rising lines over a box; in step wherever they are drawn, so that neighbours align."""
    left, top, right, bottom = bounds
    apart = HATCH_APART_PX * np.sqrt(2)
    sums = np.arange(np.floor((left + top) / apart), np.ceil((right + bottom) / apart) + 1) * apart
    ends = [((left, total - left), (right, total - right)) for total in sums.tolist()]
    return shapely.multilinestrings(ends)
