"""Points as markers: records that would cover each other share one, as in the browser's map."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely

from layers.spec import StyleClass
from server.pictures.frame import Frame
from server.pictures.letters import width_px
from server.pictures.records import Records
from server.pictures.scene import INK, PAPER, Box, Item, Paint, Text
from server.pictures.symbols import MARKER_PX, marker, pill

TARGET_PX: Final = 28
APART_PX: Final = 32
SEVERAL_KINDS: Final = StyleClass("Several kinds", PAPER, "circle")

_COUNT_PX: Final = 11
_BADGE_PX: Final = 17
_BADGE_OUT_PX: Final = (8, 6)


@dataclass(slots=True)
class Marker:
    """Records drawn as one around the first of them, in pixels of the frame."""

    x: float
    y: float
    styles: list[StyleClass] = field(default_factory=list)
    sure: int = 0

    @property
    def mixed(self) -> bool:
        """Whether its records are of several classes."""
        return any(style != self.styles[0] for style in self.styles)

    @property
    def faint(self) -> bool:
        """Whether all of its records may lie in the period or not."""
        return not self.sure

    @property
    def box(self) -> Box:
        """What the symbol covers."""
        half = TARGET_PX / 2
        return self.x - half, self.y - half, self.x + half, self.y + half

    @property
    def badge(self) -> Box | None:
        """Where the number of records stands beside the symbol, if it does."""
        count = len(self.styles)
        if count == 1 or self.mixed:
            return None
        width = max(_BADGE_PX, width_px(str(count), _COUNT_PX, bold=True) + 8)
        right, top = self.box[2] + _BADGE_OUT_PX[0], self.box[1] - _BADGE_OUT_PX[1]
        return right - width, top, right, top + _BADGE_PX

    def items(self) -> list[Item]:
        """The marker's symbol, and the number of its records if there are several."""
        count = len(self.styles)
        style = SEVERAL_KINDS if self.mixed else self.styles[0]
        size_px = TARGET_PX if count > 1 else MARKER_PX
        symbol = marker(style, self.x, self.y, size_px, self.faint)
        if count == 1:
            return [symbol]
        if self.badge is None:
            return [symbol, _number(count, self.x, self.y)]
        left, top, right, bottom = self.badge
        number = _number(count, (left + right) / 2, (top + bottom) / 2)
        return [symbol, pill(self.badge, Paint(PAPER, stroke=INK)), number]


def markers(layers: list[Records], frame: Frame) -> list[Marker]:
    """The markers in the frame of the points of all layers, and of areas too small to be seen.

    Where the frame lies does not change which records share a marker, only its zoom does.
    """
    corner = frame.origin_px
    squares: dict[tuple[int, int], list[Marker]] = {}
    groups: list[Marker] = []
    for records in layers:
        for index in _marked(records):
            x, y = _middle(records, index)
            column = math.floor((x + corner[0]) / APART_PX)
            row = math.floor((y + corner[1]) / APART_PX)
            near = _nearest(squares, column, row, x, y)
            if near is None:
                near = Marker(x, y)
                groups.append(near)
                squares.setdefault((column, row), []).append(near)
            near.styles.append(records.styles[index])
            near.sure += not records.doubtful[index]
    return [group for group in groups if frame.shows(group.x, group.y)]


def _marked(records: Records) -> list[int]:
    bounds = shapely.bounds(records.shapes)
    sizes = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    small = ~records.points & (sizes < TARGET_PX) & records.few_areas
    return np.flatnonzero(records.points | small).tolist()


def _middle(records: Records, index: int) -> tuple[float, float]:
    left, top, right, bottom = shapely.bounds(records.shapes[index]).tolist()
    return (left + right) / 2, (top + bottom) / 2


def _nearest(
    squares: dict[tuple[int, int], list[Marker]], column: int, row: int, x: float, y: float
) -> Marker | None:
    """The nearest marker that is too close for another at the place, the first of equals."""
    around = [
        group
        for across in (-1, 0, 1)
        for down in (-1, 0, 1)
        for group in squares.get((column + across, row + down), ())
    ]
    near = [(math.hypot(group.x - x, group.y - y), group) for group in around]
    return min(
        ((distance, group) for distance, group in near if distance < APART_PX),
        key=lambda pair: pair[0],
        default=(0, None),
    )[1]


def _number(count: int, x: float, y: float) -> Text:
    return Text((str(count),), x, y + 4, _COUNT_PX, bold=True, anchor="middle")
