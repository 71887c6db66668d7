"""Names on the ground that cover neither each other nor a marker: the most important first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import shapely

from server.pictures.frame import Frame
from server.pictures.letters import width_px
from server.pictures.scene import Anchor, Box, Disc, Item, Paint, Text, overlap

SIZE_PX: Final = 13
AREA_COLOUR: Final = "#12436D"
PLACE_COLOUR: Final = "#33393D"
DOT_COLOUR: Final = "#3D3D3D"

_PADDING_PX: Final = 3
_HEIGHT_PX: Final = 16
_DOT_PX: Final = 7
_DOT_RADIUS_PX: Final = 2.5
_FARTHER_PX: Final = 11
_ASIDE_PX: Final = 28


@dataclass(frozen=True, slots=True)
class Name:
    """A name for a place in pixels of the frame, in ``texts`` from long to short.

    ``within`` is the box in which an area's name must stay, ``area`` its outline: a name that moves
    aside keeps its middle in it. Lower ``rank`` goes first. An
    ``essential`` one may stand partly under a marker rather than be left out. ``dot`` marks a
    place that is a point.
    """

    x: float
    y: float
    texts: tuple[str, ...]
    rank: float
    essential: bool
    within: Box | None = None
    area: shapely.Geometry | None = None
    dot: bool = False


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a text may stand: its box, and which end of it is next to the place."""

    text: str
    box: Box
    anchor: Anchor

    def letters(self, bold: bool, colour: str) -> Text:
        left, top, right, bottom = self.box
        x = {
            "start": left + _PADDING_PX,
            "middle": (left + right) / 2,
            "end": right - _PADDING_PX,
        }[self.anchor]
        y = (top + bottom) / 2 + SIZE_PX * 0.36
        return Text((self.text,), x, y, SIZE_PX, bold, colour, self.anchor, halo=True)


def placed(
    names: Sequence[Name], frame: Frame, taken: Sequence[Box], covers: Sequence[Box]
) -> list[Item]:
    """The names for which there is room, whole within the frame.

    ``taken`` are boxes where no name may stand; ``covers`` are those of markers, drawn on top.
    """
    return placed_in_boxes(names, frame, taken, covers)[0]


def placed_in_boxes(
    names: Sequence[Name], frame: Frame, taken: Sequence[Box], covers: Sequence[Box]
) -> tuple[list[Item], list[Box]]:
    """As `placed`, and the boxes that the names and their dots fill."""
    held = list(taken)
    items: list[Item] = []
    for name in sorted(names, key=lambda name: name.rank):
        spot = _best(name, frame, held, covers)
        if spot is None:
            continue
        held.append(spot.box)
        if name.dot:
            items.append(Disc(name.x, name.y, _DOT_RADIUS_PX, Paint(DOT_COLOUR)))
            held.append(_around(name.x, name.y, _DOT_RADIUS_PX))
        items.append(spot.letters(not name.dot, PLACE_COLOUR if name.dot else AREA_COLOUR))
    return items, held[len(taken) :]


def _best(name: Name, frame: Frame, held: Sequence[Box], covers: Sequence[Box]) -> _Spot | None:
    if not frame.shows(name.x, name.y):
        return None
    hidden = any(_inside(_around(name.x, name.y, 0), cover) for cover in covers)
    free = [
        (sum(_shared_px(spot.box, cover) for cover in covers), spot)
        for spot in _spots(name, hidden and name.essential)
        if _inside(spot.box, frame.box)
        and (name.within is None or _inside(spot.box, name.within))
        and (name.area is None or spot.anchor == "middle" or _in_area(spot.box, name.area))
        and not any(overlap(spot.box, other) for other in held)
    ]
    lost, best = min(free, key=lambda pair: pair[0], default=(0, None))
    return best if lost == 0 or name.essential else None


def _spots(name: Name, aloof: bool) -> Iterator[_Spot]:
    """Where each text may stand, best first; ``aloof``: also beside a marker on the place."""
    for text in name.texts:
        half = width_px(text, SIZE_PX, bold=not name.dot) / 2
        for across, down in _beside(half, aloof) if name.dot else _across():
            x, y = name.x + across, name.y + down
            sides = x - half - _PADDING_PX, x + half + _PADDING_PX
            box = sides[0], y - _HEIGHT_PX / 2, sides[1], y + _HEIGHT_PX / 2
            yield _Spot(text, box, "start" if across > 0 else "end" if across < 0 else "middle")


def _across() -> Iterator[tuple[float, float]]:
    """Steps from the middle of an area, up and down, then aside."""
    for across in (0, -_ASIDE_PX, _ASIDE_PX, -2 * _ASIDE_PX, 2 * _ASIDE_PX):
        for lines in (0, -1, 1, -2, 2):
            yield across, lines * (_HEIGHT_PX + _PADDING_PX)


def _in_area(box: Box, area: shapely.Geometry) -> bool:
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return bool(shapely.contains_xy(area, *middle))


def _beside(half: float, aloof: bool) -> Iterator[tuple[float, float]]:
    """Steps around a dot, to its sides first."""
    for more in (0, _FARTHER_PX) if aloof else (0,):
        side, near = half + _DOT_PX + more, _HEIGHT_PX + _PADDING_PX + more
        yield from ((side, 0), (-side, 0), (0, -near), (0, near))
        corner, low = half + _PADDING_PX + more, _HEIGHT_PX * 0.7 + more
        yield from ((corner, -low), (corner, low), (-corner, -low), (-corner, low))


def _around(x: float, y: float, reach_px: float) -> Box:
    return x - reach_px, y - reach_px, x + reach_px, y + reach_px


def _inside(box: Box, room: Box) -> bool:
    return box[0] >= room[0] and box[1] >= room[1] and box[2] <= room[2] and box[3] <= room[3]


def _shared_px(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(across, 0) * max(down, 0)
