"""The symbols of legend classes, as the page's own sprite draws them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from layers.spec import Shape, StyleClass
from server.pictures.classes import is_count
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

SPRITE_PX: Final = 24
MARKER_PX: Final = 20
FAINT: Final = 0.35
"""How opaque the fill is of what may lie in the period or not."""

AREA_SHAPES: Final = ("area", "dashed", "hatched")
HATCH_APART_PX: Final = 8
HATCH_PX: Final = 2.5

_RINGS: Final[dict[Shape, tuple[tuple[float, float], ...]]] = {
    "square": ((3, 3), (21, 3), (21, 21), (3, 21)),
    "diamond": ((12, 1.5), (22.5, 12), (12, 22.5), (1.5, 12)),
    "triangle": ((12, 2), (22.5, 21.5), (1.5, 21.5)),
    "cross": (
        *((8.5, 2.5), (15.5, 2.5), (15.5, 8.5), (21.5, 8.5), (21.5, 15.5), (15.5, 15.5)),
        *((15.5, 21.5), (8.5, 21.5), (8.5, 15.5), (2.5, 15.5), (2.5, 8.5), (8.5, 8.5)),
    ),
    "hexagon": ((12, 1.5), (21.1, 6.75), (21.1, 17.25), (12, 22.5), (2.9, 17.25), (2.9, 6.75)),
}


def area_paint(style: StyleClass) -> Paint:
    """How an area of a class is filled and outlined, without its hatching."""
    if style.shape == "hatched":
        return Paint(stroke=style.colour, stroke_px=2, dashes_px=(4, 4))
    if style.shape == "dashed":
        return Paint(style.colour, 0.12, style.colour, 2.5, dashes_px=(7, 5))
    if is_count(style):
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
    ring = _RINGS.get(style.shape)
    if ring is None:
        return Disc(x, y, 9.5 * unit_px, paint)
    if style.shape == "cross":
        paint = replace(paint, stroke=PAPER, stroke_px=unit_px)
    corners = (np.array(ring, dtype=float) - SPRITE_PX / 2) * unit_px + (x, y)
    return Path((corners,), paint)


def swatch(style: StyleClass) -> Item:
    """The symbol of a class in a legend, 24 pixels wide and high."""
    if is_count(style):
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
