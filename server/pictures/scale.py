"""The bar that says how long a length on the ground is, in kilometres and in miles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from server.pictures.frame import Frame
from server.pictures.letters import width_px
from server.pictures.scene import INK, PAPER, Box, Item, Paint, Path, Text, box_path, overlap

MILE_M: Final = 1609.344
LONGEST_PX: Final = 130

_LEAST_PARTS: Final = 5.5
"""A bar is at most so small a part of its map's width."""

_SIZE_PX: Final = 12
_ROW_PX: Final = 18
_INSET_PX: Final = 10
_PADDING_PX: Final = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A length on the ground in words, and its length in a picture."""

    words: str
    length_px: float


def bars(ground_m_per_px: float, longest_px: float = LONGEST_PX) -> tuple[Bar, Bar]:
    """The longest round lengths in metric and in miles for which there is room."""
    longest_m = ground_m_per_px * longest_px
    metres, miles = _round(longest_m), _round(longest_m / MILE_M)
    metric = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    unit = "mile" if miles <= 1 else "miles"
    return (
        Bar(metric, metres / ground_m_per_px),
        Bar(f"{miles:g} {unit}", miles * MILE_M / ground_m_per_px),
    )


def scale_bar(frame: Frame, covers: Sequence[Box] = ()) -> tuple[list[Item], Box]:
    """Both bars in the frame's south-western corner, right at the latitude of its centre.

    They stand in another corner where they would hide less of what ``covers``.

    Returns:
        What to draw, and the box that it fills.
    """
    both = bars(frame.ground_m_per_px, min(LONGEST_PX, frame.width_px / _LEAST_PARTS))
    room = max(bar.length_px + 8 + width_px(bar.words, _SIZE_PX) for bar in both)
    size = room + 2 * _PADDING_PX, len(both) * _ROW_PX + _PADDING_PX
    box = _corner(frame, size, covers)
    left, top = box[:2]
    items: list[Item] = [box_path(box, Paint(PAPER))]
    for row, bar in enumerate(both):
        x, y = left + _PADDING_PX, top + _PADDING_PX / 2 + (row + 0.75) * _ROW_PX
        end = x + bar.length_px
        line = np.array([(x, y - 6), (x, y), (end, y), (end, y - 6)])
        items.append(Path((line,), Paint(stroke=INK, stroke_px=1.5), closed=False))
        items.append(Text((bar.words,), end + 8, y, _SIZE_PX))
    return items, box


def _corner(frame: Frame, size: tuple[float, float], covers: Sequence[Box]) -> Box:
    """The box in the corner in which it hides least."""
    east, south = frame.width_px - _INSET_PX - size[0], frame.height_px - _INSET_PX - size[1]
    corners = [(x, y) for y in (south, _INSET_PX) for x in (_INSET_PX, east)]
    boxes = [(x, y, x + size[0], y + size[1]) for x, y in corners]
    return min(boxes, key=lambda box: sum(overlap(box, cover) for cover in covers))


def _round(length: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is no more than a length."""
    power = 10.0 ** math.floor(math.log10(length))
    return float(max(step for step in (1, 2, 5) if step * power <= length * (1 + 1e-9)) * power)
