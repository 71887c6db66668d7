"""Numbered places: each a symbol where it lies and, beside it, the number a table explains.

A line leads to the number where it stands apart; `server.pictures.placing` says where that is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from layers.spec import StyleClass
from server.pictures.frame import Frame
from server.pictures.markers import SEVERAL_KINDS
from server.pictures.records import Records
from server.pictures.scene import INK, PAPER, Box, Disc, FloatArray, Item, Paint, Path, Text
from server.pictures.symbols import doubtful, marker, pill

SYMBOL_PX: Final = 13
RING_PX: Final = 20
"""Across the ring around a place that may lie in the period or not."""

SIZE_PX: Final = 12
_CORNER_PX: Final = 3
DOT_PX: Final = 2
"""The radius of the dot of a place that another drawing numbers."""

_LEADER: Final = Paint(stroke=INK, stroke_px=1)


@dataclass(frozen=True, slots=True)
class NumberedPlace:
    """A place in pixels of the frame, with its number and the classes of its records."""

    number: int
    x: float
    y: float
    styles: tuple[StyleClass, ...]
    faint: bool

    @property
    def mixed(self) -> bool:
        """Whether its records are of several classes."""
        return any(style != self.styles[0] for style in self.styles)

    @property
    def box(self) -> Box:
        """What its symbol covers."""
        half = (RING_PX if self.faint else SYMBOL_PX) / 2
        return self.x - half, self.y - half, self.x + half, self.y + half

    def symbol(self) -> Item:
        """Its symbol, white where its records are of several classes, ringed where in doubt."""
        style = SEVERAL_KINDS if self.mixed else self.styles[0]
        if self.faint:
            return doubtful(style, self.x, self.y, SYMBOL_PX, RING_PX)
        return marker(style, self.x, self.y, SYMBOL_PX)


@dataclass(frozen=True, slots=True)
class PlacedNumber:
    """Where the number of a place stands."""

    place: NumberedPlace
    box: Box

    @property
    def leader(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The line from the place to the nearest point of its number."""
        ((x, y),) = line_ends(self.place, np.array([self.box])).tolist()
        return (self.place.x, self.place.y), (x, y)

    def items(self) -> tuple[Item, Item]:
        """The number in its frame."""
        left, top, right, bottom = self.box
        words = (str(self.place.number),)
        baseline = (top + bottom) / 2 + SIZE_PX * 0.36
        text = Text(words, (left + right) / 2, baseline, SIZE_PX, bold=True, anchor="middle")
        return pill(self.box, Paint(PAPER, stroke=INK, stroke_px=1)), text


def line_ends(place: NumberedPlace, boxes: FloatArray) -> FloatArray:
    """Where the line from a place ends at each box of its number: at its nearest point.

    Left and right it keeps off the rounded corners.
    """
    left, top, right, bottom = boxes.T
    x = np.minimum(np.maximum(place.x, left + _CORNER_PX), right - _CORNER_PX)
    return np.column_stack((x, np.minimum(np.maximum(place.y, top), bottom)))


def numbered_places(records: Records, frame: Frame) -> tuple[NumberedPlace, ...]:
    """The places of a numbered view that the frame shows, by number; none of any other view.

    A place stands where its first record does.
    """
    if not records.numbers:
        return ()
    places: dict[int, NumberedPlace] = {}
    xy = shapely.get_coordinates(shapely.centroid(records.shapes)).tolist()
    for number, (x, y), style, in_doubt in zip(
        records.numbers, xy, records.styles, records.doubtful.tolist(), strict=True
    ):
        if not frame.shows(x, y):
            continue
        held = places.get(number)
        places[number] = (
            replace(held, styles=(*held.styles, style), faint=held.faint and in_doubt)
            if held
            else NumberedPlace(number, x, y, (style,), in_doubt)
        )
    return tuple(places[number] for number in sorted(places))


def drawn_numbers(
    numbers: Sequence[PlacedNumber], elsewhere: Sequence[NumberedPlace] = ()
) -> tuple[Item, ...]:
    """Lines below, then the symbols of the places, then the numbers.

    Places that are numbered ``elsewhere`` are dots.
    """
    dots = tuple(Disc(place.x, place.y, DOT_PX, Paint(INK)) for place in elsewhere)
    lines = tuple(
        Path((np.array(number.leader),), _LEADER, closed=False)
        for number in numbers
        if math.dist(*number.leader) > SYMBOL_PX / 2
    )
    symbols = tuple(number.place.symbol() for number in numbers)
    return (*dots, *lines, *symbols, *(item for number in numbers for item in number.items()))
