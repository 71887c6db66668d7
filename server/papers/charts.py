"""Charts of a paper as scenes, in the manner of its maps: bars with titles, axes and units.

A dark bar and a hatched one are told apart without colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from server.pictures.letters import width_px, wrapped
from server.pictures.scene import (
    INK,
    LEADING,
    LINE,
    SOFT_INK,
    Box,
    Item,
    Paint,
    Path,
    Scene,
    Text,
    box_path,
)
from server.pictures.symbols import hatched

COLOUR: Final = "#12436D"
WIDTH_PX: Final = 640
_TEXT_PX: Final = 13
_SMALL_PX: Final = 12
_BAR_PX: Final = 11
_MOST_TICKS: Final = 6
_LABELS_PX: Final = 250


def columns_chart(
    title: str, unit: str, axis: str, labels: Sequence[str], values: Sequence[int]
) -> Scene:
    """Upright bars, one a label, over an axis of time from left to right."""
    left, right, top, bottom = 56.0, WIDTH_PX - 12.0, 40.0, 260.0
    ticks = _ticks(max(values, default=0))
    step = (right - left) / max(len(values), 1)
    items: list[Item] = [Text((unit,), 8, 22, _SMALL_PX, colour=SOFT_INK)]
    for tick in ticks:
        y = bottom - (bottom - top) * tick / ticks[-1]
        items += [_line((left, y), (right, y)), _tick(str(tick), left - 6, y + 4)]
    every = math.ceil(len(labels) / 12)
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        x = left + step * (number + 0.5)
        half = min(step * 0.36, 22)
        height = (bottom - top) * value / ticks[-1]
        if value:
            items.append(box_path((x - half, bottom - height, x + half, bottom), Paint(COLOUR)))
            items.append(_middle(str(value), x, bottom - height - 5, bold=True))
        if number % every == 0:
            for line, words in enumerate(label.split(" ")):
                items.append(_middle(words, x, bottom + 18 + line * 15))
    items.append(_line((left, bottom), (right, bottom), INK))
    items.append(_middle(axis, (left + right) / 2, bottom + 56))
    return Scene(WIDTH_PX, bottom + 66, title, unit, tuple(items))


def paired_bars_chart(
    title: str, unit: str, names: tuple[str, str], rows: Sequence[tuple[str, int, int]]
) -> Scene:
    """For each label two bars to the right: a dark one and, below it, a hatched one."""
    room = max((width_px(label, _TEXT_PX) for label, _, _ in rows), default=0)
    left, right, top = min(room, 220) + 20, WIDTH_PX - 36.0, 74.0
    row_px = 2 * _BAR_PX + 9
    bottom = top + row_px * len(rows)
    ticks = _ticks(max((max(pair) for _, *pair in rows), default=0))
    scale = (right - left) / ticks[-1]
    items: list[Item] = [*_key(names, 14)]
    for tick in ticks:
        x = left + tick * scale
        items += [_line((x, top), (x, bottom)), _middle(str(tick), x, bottom + 17)]
    for number, (label, dark, light) in enumerate(rows):
        y = top + number * row_px + 5
        lines = wrapped(label, left - 12, _TEXT_PX)
        first = y + _BAR_PX + 5 - (len(lines) - 1) * 8
        items.append(Text(lines, left - 8, first, _TEXT_PX, anchor="end"))
        for value, down, filled in ((dark, 0, True), (light, _BAR_PX + 1, False)):
            box = (left, y + down, left + value * scale, y + down + _BAR_PX)
            items += _bar(box, filled) if value else []
            items.append(Text((str(value),), box[2] + 5, box[3] - 2, _SMALL_PX))
    items.append(_line((left, top), (left, bottom), INK))
    items.append(_middle(unit, (left + right) / 2, bottom + 36))
    return Scene(WIDTH_PX, bottom + 48, title, unit, tuple(items))


def progress_chart(title: str, unit: str, rows: Sequence[tuple[str, float | None]]) -> Scene:
    """For each label a frame of 100 per cent, dark as far as it is complete.

    Where that is not known the frame is dashed and says so; it is never drawn as empty.
    """
    left, right, y = _LABELS_PX + 20.0, WIDTH_PX - 84.0, 40.0
    items: list[Item] = [Text((unit,), 8, 22, _SMALL_PX, colour=SOFT_INK)]
    for label, percent in rows:
        lines = wrapped(label, _LABELS_PX, _TEXT_PX)
        items.append(Text(lines, left - 10, y + _BAR_PX, _TEXT_PX, anchor="end"))
        frame, known = (left, y, right, y + _BAR_PX + 3), percent is not None
        dashes = () if known else (4.0, 4.0)
        if percent:
            end = left + (right - left) * percent / 100
            items.append(box_path((left, y, end, y + _BAR_PX + 3), Paint(COLOUR)))
        items.append(box_path(frame, Paint(stroke=INK, stroke_px=1, dashes_px=dashes)))
        said = f"{percent:.0f}%" if known else "Not known"
        items.append(Text((said,), right + 8, y + _BAR_PX + 1, _SMALL_PX))
        y += len(lines) * _TEXT_PX * LEADING + 10
    return Scene(WIDTH_PX, y + 2, title, unit, tuple(items))


def _key(names: tuple[str, str], top: float) -> list[Item]:
    items: list[Item] = []
    for number, name in enumerate(names):
        y = top + number * 22
        items += _bar((8, y, 36, y + _BAR_PX), filled=not number)
        items.append(Text((name,), 44, y + 11, _TEXT_PX))
    return items


def _bar(box: Box, filled: bool) -> list[Item]:
    if filled:
        return [box_path(box, Paint(COLOUR))]
    return [*hatched(shapely.box(*box)), box_path(box, Paint(stroke=INK, stroke_px=1))]


def _ticks(most: int) -> list[int]:
    """Whole numbers from 0 to at least the most, evenly apart."""
    step = next(
        step * 10**power
        for power in range(9)
        for step in (1, 2, 5)
        if most <= (_MOST_TICKS - 1) * step * 10**power
    )
    return list(range(0, max(most, 1) + step, step))


def _line(start: tuple[float, float], end: tuple[float, float], colour: str = LINE) -> Path:
    wide = 1.5 if colour == INK else 0.5
    return Path((np.array([start, end]),), Paint(stroke=colour, stroke_px=wide), closed=False)


def _tick(words: str, x: float, y: float) -> Text:
    return Text((words,), x, y, _SMALL_PX, colour=SOFT_INK, anchor="end")


def _middle(words: str, x: float, y: float, bold: bool = False) -> Text:
    return Text((words,), x, y, _SMALL_PX, bold, INK if bold else SOFT_INK, "middle")
