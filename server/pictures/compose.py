"""A picture laid out: title, map, key, caption and attribution, none covering another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from boundaries.levels import GENERAL_TO_ZOOM
from server.pictures.cuts import drawn_cuts
from server.pictures.frame import Frame
from server.pictures.ground import OUTSIDE_COLOUR, areas_m, drawn_ground
from server.pictures.key import NOTHING, ground_column, legend_column
from server.pictures.letters import width_px, write
from server.pictures.markers import Marker, markers
from server.pictures.names import placed_in_boxes
from server.pictures.north import north_arrow
from server.pictures.numbers import NumberedPlace, drawn_numbers, numbered_places, placed_numbers
from server.pictures.picture import Picture, Size
from server.pictures.records import Records, drawn_areas
from server.pictures.scale import scale_bar
from server.pictures.scene import (
    INK,
    LINE,
    PAPER,
    SOFT_INK,
    Box,
    Column,
    Group,
    Item,
    Paint,
    Scene,
    Text,
    box_path,
)

MARGIN_PX: Final = 24
NO_LAYER: Final = "No layer is switched on."
NOTHING_IN_VIEW: Final = "Nothing to show in this part of the map."
HOW_TO_READ: Final = "North is at the top. The scale is right at the middle of the map."

_TITLE_PX: Final = 26
_TEXT_PX: Final = 15
_SMALL_PX: Final = 12.5
_NOTICE_PX: Final = 18
_NOTICE_AT_PX: Final = 40
_BELOW_MAP_PX: Final = 10
_MARKING_LINE_PX: Final = 24


@dataclass(frozen=True, slots=True, eq=False)
class _Map:
    """A map with what its key needs to know."""

    items: tuple[Item, ...]
    frame: Frame
    records: tuple[Records, ...]
    markers: tuple[Marker, ...]
    places: tuple[NumberedPlace, ...]
    notice: str


def compose(picture: Picture, size: Size) -> Scene:
    """The picture as a scene."""
    margin = size.margin_px
    inner_px = size.width_px - 2 * margin
    map_px = inner_px - (size.key_px + MARGIN_PX if size.key_px else 0)
    head, words = _head(picture, size, inner_px), _words(picture, size, map_px)
    marking_px = _MARKING_LINE_PX if picture.marking else 0
    used_px = head.y + words.y + _BELOW_MAP_PX + 2 * (margin + marking_px)
    height_px = max(size.least_map_px, size.height_px - used_px)
    map_ = _map(picture, map_px, height_px, size.north)
    head_at = margin + marking_px
    top = head_at + head.y
    bottom = top + height_px + _BELOW_MAP_PX
    key_at = (margin + map_px + MARGIN_PX, top) if size.key_px else (margin, bottom)
    key, key_height_px = _key(picture, map_, size.key_px or inner_px, key_at)
    words_at = bottom if size.key_px else bottom + key_height_px
    end = max(words_at + words.y, key_at[1] + key_height_px) + marking_px
    return Scene(
        width_px=size.width_px,
        height_px=round(end + margin),
        title=f"{picture.title}. {picture.place}",
        description=" ".join([*picture.notices, map_.notice, *picture.caption]).strip(),
        items=(
            *_marking(picture.marking, size.width_px, margin),
            head.group((margin, head_at), "heading"),
            Group(map_.items, (margin, top), name="map"),
            key,
            words.group((margin, words_at), "caption"),
            *_marking(picture.marking, size.width_px, end),
        ),
    )


def _marking(marking: str, width_px: float, y: float) -> list[Item]:
    """The marking, centred on a line; nothing where there is none."""
    if not marking:
        return []
    middle = width_px / 2, y + _SMALL_PX / 2
    return [Text((marking,), *middle, _TEXT_PX, bold=True, anchor="middle")]


def _head(picture: Picture, size: Size, room_px: float) -> Column:
    """The title and place, and what must be read with the picture wherever it is shown."""
    column = Column(room_px)
    if size.words:
        write(column, picture.title, _TITLE_PX, bold=True, colour=INK, after_px=2)
        write(column, picture.place, _TEXT_PX, after_px=2)
    for notice in picture.notices:
        write(column, notice, _TEXT_PX, bold=True, colour=INK, after_px=2)
    column.y += 8
    return column


def _words(picture: Picture, size: Size, room_px: float) -> Column:
    """The captions and attributions, whole."""
    column = Column(room_px)
    write(column, HOW_TO_READ, _SMALL_PX, after_px=8)
    if not size.words:
        return column
    for view in picture.layers:
        if len(picture.layers) > 1:
            write(column, view.layer.title, _TEXT_PX, bold=True, colour=INK, after_px=1)
            write(column, " ".join(view.caption), _TEXT_PX, colour=INK, after_px=8)
            continue
        for sentence in view.caption:
            write(column, sentence, _TEXT_PX, colour=INK, after_px=4)
    column.y += 6
    for line in picture.attribution:
        write(column, line, _SMALL_PX, after_px=1)
    return column


def _key(
    picture: Picture, map_: _Map, room_px: float, at: tuple[float, float]
) -> tuple[Group, float]:
    """The legends and the key to the ground, in two columns where there is room; its height."""
    across = 2 if room_px >= 500 else 1
    each_px = (room_px - (across - 1) * MARGIN_PX) / across
    several = len(map_.records) > 1
    blocks = [legend_column(records, map_.frame, each_px, several) for records in map_.records]
    if picture.ground_on:
        blocks.append(
            ground_column(picture.ground, picture.ground_on, map_.markers, map_.places, each_px)
        )
    heights = [0.0] * across
    placed_blocks = []
    for block in blocks:
        column = heights.index(min(heights))
        place = column * (each_px + MARGIN_PX), heights[column]
        placed_blocks.append(block.group(place, "legend"))
        heights[column] += block.y + 14
    return Group(tuple(placed_blocks), at, name="key"), max(heights)


def _map(picture: Picture, width: float, height: float, north: bool) -> _Map:
    frame = (
        Frame.at(picture.view, width, height)
        if picture.view
        else Frame.around(areas_m(picture.ground.districts, GENERAL_TO_ZOOM), width, height)
    )
    records = tuple(Records.of(view, frame) for view in picture.layers)
    ground = drawn_ground(picture.ground, picture.ground_on, frame)
    shown = tuple(markers([layer for layer in records if not layer.numbers], frame))
    areas = [
        Group(tuple(drawn_areas(layer, frame)), name=f"areas of {layer.view.layer.id}")
        for layer in sorted(records, key=lambda layer: layer.few_areas)
    ]
    scale, scale_box = scale_bar(frame)
    notice = _notice(records, frame)
    said, said_box = _said(notice, frame)
    edges, cut_names, cut_boxes = drawn_cuts(picture.layers, frame)
    arrow, arrow_box = north_arrow(frame)
    taken = [scale_box, *cut_boxes, *[said_box] * bool(said), *[arrow_box] * north]
    places = tuple(place for layer in records for place in numbered_places(layer, frame))
    covers = [box for marker in shown for box in (marker.box, marker.badge) if box]
    covers += [place.box for place in places]
    named = [name for name in ground.names if name.essential or not name.dot or not places]
    names, name_boxes = placed_in_boxes(named, frame, taken, covers)
    numbers = placed_numbers(places, frame, [*taken, *name_boxes])
    below = (box_path(frame.box, Paint(OUTSIDE_COLOUR)), *ground.items, *areas, *edges)
    items = (
        Group(below, clip=frame.box, name="ground and areas"),
        Group((*names, *cut_names), name="names"),
        Group(tuple(item for marker in shown for item in marker.items()), name="markers"),
        Group(drawn_numbers(numbers), name="numbers"),
        Group((*scale, *said, *(arrow if north else ())), name="scale"),
        box_path(frame.box, Paint(stroke=LINE)),
    )
    return _Map(items, frame, records, shown, places, notice)


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
