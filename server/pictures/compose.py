"""A picture laid out: title, map, key, caption and attribution, none covering another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from server.pictures.inset import INSET
from server.pictures.key import ground_column, legend_column, map_notes
from server.pictures.letters import write
from server.pictures.mapped import DrawnMap, drawn_map
from server.pictures.picture import Picture, Size
from server.pictures.scene import INK, Column, Group, Item, Scene, Text

MARGIN_PX: Final = 24
HOW_TO_READ: Final = "North is at the top. The scale is right at the middle of the map."
HOW_TO_READ_INSET: Final = (
    "North is at the top. Each scale is right at the middle of its map. Inset: the part in the "
    "frame, larger."
)

_TITLE_PX: Final = 26
_TEXT_PX: Final = 15
_SMALL_PX: Final = 12.5
_BELOW_MAP_PX: Final = 10
_SHORT_PX: Final = 11
_SHORT_TITLE_PX: Final = 20
_MARKING_LINE_PX: Final = 24
_SIDE_PX: Final = 160
"""The width of the legend beside a map that has an inset."""

_INSET_PART: Final = 0.54
"""Of the width that the inset takes, beside the key to the ground."""


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """The map with its key, as from the top of the map; ``map_end_px`` is where a map ends."""

    map_: DrawnMap
    parts: tuple[Group, ...]
    map_end_px: float
    end_px: float


def compose(picture: Picture, size: Size) -> Scene:
    """The picture as a scene."""
    margin = size.margin_px
    inner_px = size.width_px - 2 * margin
    map_px = inner_px - (size.key_px + MARGIN_PX if size.key_px else 0)
    head, words = _head(picture, size, inner_px), _words(picture, size, map_px, HOW_TO_READ)
    marking_px = _MARKING_LINE_PX if picture.marking else 0
    used_px = head.y + words.y + _BELOW_MAP_PX + 2 * (margin + marking_px)
    height_px = max(size.least_map_px, size.height_px - used_px)
    body = _plain(picture, size, map_px, height_px)
    if size.inset_px and body.map_.lettered.crowded:
        body = _with_inset(picture, size, inner_px)
        words = _words_in_short(picture, size, map_px)
    head_at = margin + marking_px
    top = head_at + head.y
    words_at = top + (body.map_end_px if size.key_px else body.end_px)
    end = max(words_at + words.y, top + body.end_px) + marking_px
    return Scene(
        width_px=size.width_px,
        height_px=round(end + margin),
        title=f"{picture.title}. {picture.place}",
        description=" ".join([*picture.notices, body.map_.notice, *picture.caption]).strip(),
        items=(
            *_marking(picture.marking, size.width_px, margin),
            head.group((margin, head_at), "heading"),
            *(replace(part, at=(part.at[0] + margin, part.at[1] + top)) for part in body.parts),
            words.group((margin, words_at), "caption"),
            *_marking(picture.marking, size.width_px, end),
        ),
    )


def _plain(picture: Picture, size: Size, map_px: float, height_px: float) -> _Body:
    """The map with its key beside or below it."""
    map_ = drawn_map(picture, map_px, height_px, size.north)
    map_end = height_px + _BELOW_MAP_PX
    key_at = (map_px + MARGIN_PX, 0.0) if size.key_px else (0.0, map_end)
    key, key_px = _key(picture, map_, size.key_px or map_px, key_at)
    return _Body(map_, (Group(map_.items, name="map"), key), map_end, key_at[1] + key_px)


def _with_inset(picture: Picture, size: Size, inner_px: float) -> _Body:
    """The map with its legend beside it, and below it the inset beside the key to the ground.

    What the numbers mean and how to read the maps stands below the legend, what the names of areas
    mean below the key to the ground.
    """
    map_px, inset_width_px = widths_px(inner_px)
    inset_px = inset_width_px, size.inset_px
    map_ = drawn_map(picture, map_px, size.least_map_px, size.north, inset_px)
    several = len(map_.records) > 1
    legends = [legend_column(each, map_.frame, _SIDE_PX, several) for each in map_.records]
    side = Column(_SIDE_PX)
    for legend in legends:
        side.add((legend.group((0, 0), "legend"),), legend.y + 14)
    for note in map_notes(map_.markers, map_.places, inset=True):
        write(side, note, _SHORT_PX)
    write(side, HOW_TO_READ_INSET, _SHORT_PX)
    top = max(size.least_map_px, side.y) + _BELOW_MAP_PX
    titled = Column(inset_px[0])
    write(titled, f"{INSET}: {_times(map_)} times larger", _TEXT_PX, bold=True, colour=INK)
    room_px = inner_px - inset_px[0] - MARGIN_PX / 2
    ground = ground_column(picture.ground, picture.ground_on, map_.places, room_px)
    for sentence in picture.names if size.words else ():
        write(ground, sentence, _SHORT_PX, colour=INK)
    end = top + max(titled.y + size.inset_px + _BELOW_MAP_PX, ground.y)
    keys = (side.group((map_px + MARGIN_PX / 2, 0)),
            ground.group((inset_px[0] + MARGIN_PX / 2, top), "legend"))  # fmt: skip
    parts = (
        Group(map_.items, name="map"),
        titled.group((0, top), "heading of the inset"),
        Group(map_.larger, (0, top + titled.y), name="inset"),
        Group(keys, name="key"),
    )
    return _Body(map_, parts, end, end)


def widths_px(inner_px: float) -> tuple[float, float]:
    """How wide a map that has an inset is, and how wide the inset."""
    return inner_px - _SIDE_PX - MARGIN_PX / 2, round((inner_px - MARGIN_PX / 2) * _INSET_PART)


def _times(map_: DrawnMap) -> str:
    return f"{map_.inset.times:g}" if map_.inset else "1"


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
        title_px = _SHORT_TITLE_PX if size.inset_px else _TITLE_PX
        write(column, picture.title, title_px, bold=True, colour=INK, after_px=2)
        write(column, picture.place, _TEXT_PX, after_px=2)
    for notice in picture.notices:
        write(column, notice, _TEXT_PX, bold=True, colour=INK, after_px=2)
    column.y += 8
    return column


def _words(picture: Picture, size: Size, room_px: float, how_to_read: str) -> Column:
    """The captions and attributions, whole."""
    column = Column(room_px)
    write(column, how_to_read, _SMALL_PX, after_px=8)
    if not size.words:
        return column
    for view in picture.layers:
        if len(picture.layers) > 1:
            write(column, view.layer.title, _TEXT_PX, bold=True, colour=INK, after_px=1)
            write(column, " ".join(view.caption), _TEXT_PX, colour=INK, after_px=8)
            continue
        for sentence in view.caption:
            write(column, sentence, _TEXT_PX, colour=INK, after_px=4)
    for sentence in picture.names:
        write(column, sentence, _TEXT_PX, colour=INK, after_px=4)
    column.y += 6
    for line in picture.attribution:
        write(column, line, _SMALL_PX, after_px=1)
    return column


def _words_in_short(picture: Picture, size: Size, room_px: float) -> Column:
    """The captions and attributions, whole, each as one paragraph in small letters."""
    column = Column(room_px)
    if size.words:
        write(column, " ".join(picture.caption), _SHORT_PX, colour=INK, after_px=6)
        write(column, ". ".join(picture.attribution), _SHORT_PX, after_px=1)
    return column


def _key(
    picture: Picture, map_: DrawnMap, room_px: float, at: tuple[float, float]
) -> tuple[Group, float]:
    """The legends and the key to the ground, in two columns where there is room; its height."""
    across = 2 if room_px >= 500 else 1
    each_px = (room_px - (across - 1) * MARGIN_PX) / across
    several = len(map_.records) > 1
    blocks = [legend_column(records, map_.frame, each_px, several) for records in map_.records]
    if picture.ground_on:
        ground = ground_column(picture.ground, picture.ground_on, map_.places, each_px)
        for note in map_notes(map_.markers, map_.places):
            write(ground, note, _SMALL_PX, after_px=3)
        blocks.append(ground)
    heights = [0.0] * across
    placed_blocks = []
    for block in blocks:
        column = heights.index(min(heights))
        place = column * (each_px + MARGIN_PX), heights[column]
        placed_blocks.append(block.group(place, "legend"))
        heights[column] += block.y + 14
    return Group(tuple(placed_blocks), at, name="key"), max(heights)
