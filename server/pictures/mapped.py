"""The map of a picture: its ground, its records, and the part that is drawn larger beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from boundaries.levels import GENERAL_TO_ZOOM
from server.pictures.cuts import drawn_cuts
from server.pictures.frame import Frame
from server.pictures.ground import OUTSIDE_COLOUR, areas_m, drawn_ground
from server.pictures.inset import INSET, LABEL_PX, Inset, Lettered, lettered, with_inset
from server.pictures.key import NOTHING
from server.pictures.letters import width_px
from server.pictures.markers import Marker, markers
from server.pictures.names import placed_in_boxes
from server.pictures.north import north_arrow
from server.pictures.numbers import NumberedPlace, drawn_numbers, numbered_places
from server.pictures.picture import Picture
from server.pictures.records import Records, drawn_areas
from server.pictures.scale import scale_bar
from server.pictures.scene import (
    INK,
    LINE,
    PAPER,
    SOFT_INK,
    Box,
    Group,
    Item,
    Paint,
    Text,
    box_path,
)

NO_LAYER: Final = "No layer is switched on."
NOTHING_IN_VIEW: Final = "Nothing to show in this part of the map."

INSET_NUMBERS: Final = "numbers of the inset"

_NOTICE_PX: Final = 18
_NOTICE_AT_PX: Final = 40
_WINDOW: Final = Paint(stroke=INK, stroke_px=1.5)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnMap:
    """A map with what its key needs to know; ``larger`` is the inset, drawn, if there is one."""

    items: tuple[Item, ...]
    frame: Frame
    records: tuple[Records, ...]
    markers: tuple[Marker, ...]
    places: tuple[NumberedPlace, ...]
    notice: str
    lettered: Lettered
    inset: Inset | None = None
    larger: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What a frame is lettered over; ``below`` and ``above`` the names and numbers."""

    below: tuple[Item, ...]
    cut_names: tuple[Item, ...]
    above: tuple[Item, ...]
    taken: list[Box]


def drawn_map(
    picture: Picture,
    width_px: float,
    height_px: float,
    north: bool,
    inset_px: tuple[float, float] | None = None,
) -> DrawnMap:
    """The map in a width and height, with an inset of a width and height where one is wanted.

    An inset is drawn where numbers would be hard to read or to follow, and nowhere else.
    """
    frame = (
        Frame.at(picture.view, width_px, height_px)
        if picture.view
        else Frame.around(areas_m(picture.ground.districts, GENERAL_TO_ZOOM), width_px, height_px)
    )
    records = tuple(Records.of(view, frame) for view in picture.layers)
    shown = tuple(markers([layer for layer in records if not layer.numbers], frame))
    places = tuple(place for layer in records for place in numbered_places(layer, frame))
    covers = [box for marker in shown for box in (marker.box, marker.badge) if box]

    def name(
        part: Frame, held: Sequence[NumberedPlace], taken: Sequence[Box]
    ) -> tuple[list[Item], list[Box]]:
        names = drawn_ground(picture.ground, picture.ground_on, part).names
        named = [each for each in names if each.essential or not each.dot or not places]
        return placed_in_boxes(named, part, taken, [*covers, *(place.box for place in held)])

    notice = _notice(records, frame)
    parts = _parts(picture, frame, places, notice, north)
    whole = lettered(frame, places, parts.taken, name)
    inset, main = None, whole
    if inset_px and whole.crowded:

        def taken(part: Frame, held: Sequence[NumberedPlace]) -> list[Box]:
            return _parts(picture, part, held, "", north and part == frame).taken

        main, inset = with_inset(whole, inset_px, taken, name)
        parts = _parts(picture, frame, [each.place for each in main.numbers], "", north)
    drawn = tuple(item for marker in shown for item in marker.items())
    return DrawnMap(
        _items(parts, main, drawn, inset),
        frame,
        records,
        shown,
        places,
        notice,
        main,
        inset,
        _larger(picture, inset),
    )


def _parts(
    picture: Picture,
    frame: Frame,
    places: Sequence[NumberedPlace],
    notice: str,
    north: bool,
    whose: str = "",
) -> _Parts:
    ground = drawn_ground(picture.ground, picture.ground_on, frame)
    records = [Records.of(view, frame) for view in picture.layers]
    areas = [
        Group(tuple(drawn_areas(layer, frame)), name=f"areas of {layer.view.layer.id}")
        for layer in sorted(records, key=lambda layer: layer.few_areas)
    ]
    edges, cut_names, cut_boxes = drawn_cuts(picture.layers, frame)
    arrow, arrow_box = north_arrow(frame)
    covers = [*(place.box for place in places), *[arrow_box] * north]
    scale, scale_box = scale_bar(frame, covers)
    said, said_box = _said(notice, frame)
    outside = box_path(frame.box, Paint(OUTSIDE_COLOUR))
    below = Group(
        (outside, *ground.items, *areas, *edges), clip=frame.box, name=f"ground and areas{whose}"
    )
    above = Group((*scale, *said, *(arrow if north else ())), name=f"scale{whose}")
    taken = [scale_box, *cut_boxes, *[said_box] * bool(said), *[arrow_box] * north]
    return _Parts((below,), tuple(cut_names), (above,), taken)


def _items(
    parts: _Parts, main: Lettered, shown: tuple[Item, ...], inset: Inset | None
) -> tuple[Item, ...]:
    """The map from below to above."""
    elsewhere = _inside(inset) if inset else ()
    window = _framed(inset) if inset else ()
    return (
        *parts.below,
        Group((*main.names, *parts.cut_names), name="names"),
        Group(shown, name="markers"),
        Group(drawn_numbers(main.numbers, elsewhere), name="numbers"),
        Group(window, name="frame of the inset"),
        *parts.above,
        box_path(main.frame.box, Paint(stroke=LINE)),
    )


def _larger(picture: Picture, inset: Inset | None) -> tuple[Item, ...]:
    """The inset, with a scale of its own."""
    if inset is None:
        return ()
    part = inset.lettered
    places = [each.place for each in part.numbers]
    parts = _parts(picture, part.frame, places, "", False, " of the inset")
    return (
        *parts.below,
        Group((*part.names, *parts.cut_names), name="names of the inset"),
        Group(drawn_numbers(part.numbers), clip=part.frame.box, name=INSET_NUMBERS),
        *parts.above,
        box_path(part.frame.box, _WINDOW),
    )


def _framed(inset: Inset) -> tuple[Item, ...]:
    """The edge of the inset on the map, with its name."""
    left, _, right, bottom = inset.label
    x, y = (left + right) / 2, bottom - LABEL_PX / 3
    text = Text((INSET,), x, y, LABEL_PX, bold=True, anchor="middle", halo=True)
    return box_path(inset.window, _WINDOW), text


def _inside(inset: Inset) -> tuple[NumberedPlace, ...]:
    """The places of an inset where they lie on the map."""
    left, top, _, _ = inset.window
    return tuple(
        replace(each.place, x=left + each.place.x / inset.times, y=top + each.place.y / inset.times)
        for each in inset.lettered.numbers
    )


def _notice(records: tuple[Records, ...], frame: Frame) -> str:
    """Why the map has nothing on its ground; empty if it has something."""
    if not records:
        return NO_LAYER
    if not any(len(layer) for layer in records):
        return NOTHING
    return "" if any(layer.any_in(frame) for layer in records) else NOTHING_IN_VIEW


def _said(notice: str, frame: Frame) -> tuple[list[Item], Box]:
    """A notice at the top of the map, and its box."""
    half = width_px(notice, _NOTICE_PX, bold=True) / 2 + 16
    x, y = frame.width_px / 2, _NOTICE_AT_PX
    box = x - half, y - 22, x + half, y + 22
    if not notice:
        return [], box
    text = Text((notice,), x, y + 6, _NOTICE_PX, bold=True, anchor="middle")
    return [box_path(box, Paint(PAPER, stroke=SOFT_INK, stroke_px=1.5)), text], box
