"""The ground of a picture: areas of policing and of councils, and the places people know."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from boundaries.ground import BoundarySet, Ground
from boundaries.levels import level_of, outlines_at
from server.pictures.frame import Frame, Geometries, mercator
from server.pictures.names import Name
from server.pictures.scene import LINE, PAPER, Item, Paint
from server.pictures.symbols import path_of

OUTLINES: Final = "outlines"
DISTRICTS: Final = "districts"
SETTLEMENTS: Final = "settlements"

OUTSIDE_COLOUR: Final = "#DDE4E8"
OUTLINE: Final = Paint(stroke="#3D3D3D", stroke_px=2)
APPROXIMATE: Final = Paint(stroke="#3D3D3D", stroke_px=2, dashes_px=(7, 5))
DISTRICT: Final = Paint(stroke=LINE, stroke_px=1, dashes_px=(2, 4))

_COVER: Final = Paint(stroke=PAPER, stroke_px=4)
_SMALLEST_PLACE: Final = ((10, 15_000), (11, 5_000), (12, 2_000), (13, 700))
"""Below each zoom, the population from which a place is named."""

_ESSENTIAL_PLACE: Final = 30_000
_SETS_KEPT: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class DrawnGround:
    """What is drawn below the records, and the names that go between them and the markers."""

    items: tuple[Item, ...]
    names: tuple[Name, ...]


def drawn_ground(ground: Ground, on: Collection[str], frame: Frame) -> DrawnGround:
    """The ground in a frame, of which ``on`` names the layers that are switched on."""
    level = level_of(math.floor(frame.zoom))
    items: list[Item] = []
    names: list[Name] = []
    outlines = frame.pixels(areas_m(ground.npas, level))
    approximate = ground.npas.display["approximate"].to_numpy(dtype=bool)
    if OUTLINES in on:
        items.append(path_of(list(frame.cut(outlines)), Paint(PAPER)))
        names += _area_names(ground, shapely.clip_by_rect(outlines, *frame.box))
    if DISTRICTS in on:
        districts = frame.cut(frame.pixels(areas_m(ground.districts, level)))
        items += [path_of([outline], DISTRICT) for outline in _visible(districts)]
    if OUTLINES in on:
        items += _outlines(frame.cut(outlines), approximate)
    if SETTLEMENTS in on:
        names += _places(ground, frame)
    return DrawnGround(tuple(items), tuple(names))


@lru_cache(maxsize=_SETS_KEPT)
def areas_m(areas: BoundarySet, level: int) -> Geometries:
    """The outlines of a set for a level of zooms, in metres of EPSG:3857."""
    return mercator(outlines_at(areas, level))


def _outlines(outlines: Geometries, approximate: npt.NDArray[np.bool_]) -> list[Item]:
    """Approximate ones last: each covers the lines of its neighbours before it is dashed itself."""
    known = [path_of([outline], OUTLINE) for outline in _visible(outlines[~approximate])]
    dashed = [
        path_of([outline], paint)
        for outline in _visible(outlines[approximate])
        for paint in (_COVER, APPROXIMATE)
    ]
    return [*known, *dashed]


def _visible(outlines: Geometries) -> list[shapely.Geometry]:
    return list(outlines[~shapely.is_empty(outlines)])


def _area_names(ground: Ground, outlines: Geometries) -> Iterator[Name]:
    """The names of areas, in the middle of what the frame shows of each."""
    frame = ground.npas.display
    columns = (frame[column] for column in ("name", "code", "approximate"))
    for outline, name, code, approximate in zip(outlines, *columns, strict=True):
        if shapely.is_empty(outline):
            continue
        largest = max(shapely.get_parts(outline), key=shapely.area)
        mark = " (approximate)" if approximate else ""
        yield Name(
            x=largest.centroid.x,
            y=largest.centroid.y,
            texts=(name + mark, code + mark, *[code] * bool(mark)),
            rank=2 if approximate else 0,
            essential=not approximate,
            within=largest.bounds,
            area=largest,
        )


def _places(ground: Ground, frame: Frame) -> list[Name]:
    smallest = next((least for zoom, least in _SMALLEST_PLACE if frame.zoom < zoom), 0)
    places = ground.settlements[ground.settlements["population"] >= smallest]
    places = places.sort_values("population", ascending=False, kind="stable")
    positions = frame.points(places["easting_m"], places["northing_m"])
    return [
        Name(
            x=x,
            y=y,
            texts=(name,),
            rank=1 + 1 / (1 + population / 1000),
            essential=population >= _ESSENTIAL_PLACE,
            dot=True,
        )
        for (x, y), name, population in zip(
            positions.tolist(), places["name"], places["population"], strict=True
        )
    ]
