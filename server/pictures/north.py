"""An arrow to the north, for maps on paper."""

from __future__ import annotations

from typing import Final

import numpy as np

from server.pictures.frame import Frame
from server.pictures.scene import INK, PAPER, Box, Item, Paint, Path, Text, box_path

_WIDTH_PX: Final = 26
_HEIGHT_PX: Final = 44
_INSET_PX: Final = 10
_LETTER_PX: Final = 13


def north_arrow(frame: Frame) -> tuple[list[Item], Box]:
    """An arrow in the frame's north-eastern corner.

    Web Mercator has north at the top everywhere, so the arrow is upright.

    Returns:
        What to draw, and the box that it fills.
    """
    right, top = frame.width_px - _INSET_PX, float(_INSET_PX)
    left, bottom = right - _WIDTH_PX, top + _HEIGHT_PX
    middle = (left + right) / 2
    head = np.array(
        [
            (middle, top + 18),
            (middle + 8, bottom - 3),
            (middle, bottom - 9),
            (middle - 8, bottom - 3),
        ]
    )
    return [
        box_path((left, top, right, bottom), Paint(PAPER, 0.9)),
        Path((head,), Paint(INK)),
        Text(("N",), middle, top + 14, _LETTER_PX, bold=True, anchor="middle"),
    ], (left, top, right, bottom)
