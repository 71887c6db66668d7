"""The parts of the ground that a query is cut to, drawn on the map as the browser draws them."""

from __future__ import annotations

from typing import Final

from layers.drawn_area import BBox, DrawnArea
from layers.view import View
from server.pictures.frame import Frame, mercator
from server.pictures.letters import width_px
from server.pictures.names import SIZE_PX
from server.pictures.scene import PAPER, Box, Item, Paint, Text
from server.pictures.symbols import path_of

COLOUR: Final = "#801650"

_COVER: Final = Paint(stroke=PAPER, stroke_px=6, stroke_opacity=0.9)
_EDGE: Final = Paint(stroke=COLOUR, stroke_px=3, dashes_px=(14, 4, 3, 4))
_ABOVE_PX: Final = 13
_HALF_LINE_PX: Final = 8


def drawn_cuts(views: tuple[View, ...], frame: Frame) -> tuple[list[Item], list[Item], list[Box]]:
    """Everything that any of the views is cut to.

    Returns:
        The edges, their names, and the boxes of the names.
    """
    cuts = dict.fromkeys(cut for view in views for cut in view.query.cuts)
    edges: list[Item] = []
    names: list[Item] = []
    boxes: list[Box] = []
    for cut in cuts:
        (outline,) = frame.cut(frame.pixels(mercator([cut.polygon_m()])))
        if outline.is_empty:
            continue
        edges += [path_of([outline], _COVER), path_of([outline], _EDGE)]
        name, box = _name(cut, outline.bounds, frame)
        names.append(name)
        boxes.append(box)
    return edges, names, boxes


def _name(cut: BBox | DrawnArea, bounds: Box, frame: Frame) -> tuple[Text, Box]:
    """What the part is, above its upper edge or, where that is out of sight, at the map's."""
    words = "Area drawn" if isinstance(cut, DrawnArea) else "Box asked for"
    half = width_px(words, SIZE_PX, bold=True) / 2 + 4
    x = min(max((bounds[0] + bounds[2]) / 2, half), frame.width_px - half)
    y = min(max(bounds[1] - _ABOVE_PX, _ABOVE_PX), frame.height_px - _ABOVE_PX)
    text = Text((words,), x, y + SIZE_PX * 0.36, SIZE_PX, True, COLOUR, "middle", halo=True)
    return text, (x - half, y - _HALF_LINE_PX, x + half, y + _HALF_LINE_PX)
