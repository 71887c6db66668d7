"""Numbered places: each a symbol where it lies and, beside it, the number a table explains.

A number covers neither another number nor a place; a line leads to it where it stands apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from layers.spec import StyleClass
from server.pictures.frame import Frame
from server.pictures.letters import width_px
from server.pictures.markers import SEVERAL_KINDS
from server.pictures.records import Records
from server.pictures.scene import INK, PAPER, Box, FloatArray, Item, Paint, Path, Text
from server.pictures.symbols import marker, pill

SYMBOL_PX: Final = 13
SIZE_PX: Final = 12

_HEIGHT_PX: Final = 16
_DIRECTIONS: Final = 24
_FARTHEST_PX: Final = 150
_STEP_PX: Final = 6
_APART_PX: Final = 1.5
_COVERS_PX: Final = 400
_STRIKES_PX: Final = 60
_CROSSES_PX: Final = 30
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
        half = SYMBOL_PX / 2
        return self.x - half, self.y - half, self.x + half, self.y + half

    def symbol(self) -> Item:
        """Its symbol, white where its records are of several classes."""
        style = SEVERAL_KINDS if self.mixed else self.styles[0]
        return marker(style, self.x, self.y, SYMBOL_PX, self.faint)


@dataclass(frozen=True, slots=True)
class PlacedNumber:
    """Where the number of a place stands."""

    place: NumberedPlace
    box: Box

    @property
    def leader(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The line from the place to the nearest point of its number."""
        left, top, right, bottom = self.box
        x = min(max(self.place.x, left + 3), right - 3)
        y = min(max(self.place.y, top), bottom)
        return (self.place.x, self.place.y), (x, y)

    def items(self) -> tuple[Item, Item]:
        """The number in its frame."""
        left, top, right, bottom = self.box
        words = (str(self.place.number),)
        baseline = (top + bottom) / 2 + SIZE_PX * 0.36
        text = Text(words, (left + right) / 2, baseline, SIZE_PX, bold=True, anchor="middle")
        return pill(self.box, Paint(PAPER, stroke=INK, stroke_px=1)), text


def numbered_places(records: Records, frame: Frame) -> tuple[NumberedPlace, ...]:
    """The places of a numbered view that the frame shows, by number; none of any other view.

    A place stands where its first record does.
    """
    if not records.numbers:
        return ()
    places: dict[int, NumberedPlace] = {}
    xy = shapely.get_coordinates(shapely.centroid(records.shapes)).tolist()
    for number, (x, y), style, doubtful in zip(
        records.numbers, xy, records.styles, records.doubtful.tolist(), strict=True
    ):
        if not frame.shows(x, y):
            continue
        held = places.get(number)
        places[number] = (
            replace(held, styles=(*held.styles, style), faint=held.faint and doubtful)
            if held
            else NumberedPlace(number, x, y, (style,), doubtful)
        )
    return tuple(places[number] for number in sorted(places))


def placed_numbers(
    places: Sequence[NumberedPlace], frame: Frame, taken: Sequence[Box]
) -> tuple[PlacedNumber, ...]:
    """Where each number stands: as near to its place as there is room, the most crowded first.

    ``taken`` are boxes where no number may stand.
    """
    held = [*taken, *(place.box for place in places)]
    done: list[PlacedNumber] = []
    for place in sorted(places, key=lambda place: (-_crowd(place, places), place.number)):
        best = _best(place, frame, held, done)
        held.append(best.box)
        done.append(best)
    return tuple(sorted(done, key=lambda number: number.place.number))


def drawn_numbers(numbers: Sequence[PlacedNumber]) -> tuple[Item, ...]:
    """Lines below, then the symbols of the places, then the numbers."""
    lines = tuple(
        Path((np.array(number.leader),), _LEADER, closed=False)
        for number in numbers
        if math.dist(*number.leader) > SYMBOL_PX / 2
    )
    symbols = tuple(number.place.symbol() for number in numbers)
    return (*lines, *symbols, *(item for number in numbers for item in number.items()))


def _crowd(place: NumberedPlace, places: Sequence[NumberedPlace]) -> float:
    """How crowded it is around a place."""
    return sum(1 / (1 + math.dist((place.x, place.y), (o.x, o.y))) for o in places)


def _best(
    place: NumberedPlace, frame: Frame, held: Sequence[Box], done: Sequence[PlacedNumber]
) -> PlacedNumber:
    """The spot that costs least, of equals the nearest; the place itself where no spot is free."""
    away_px, boxes = _spots(place, frame)
    if not len(boxes):
        return PlacedNumber(place, _box(place, place.x, place.y))
    cost = away_px + _faults(place, boxes, np.array(held), done)
    return PlacedNumber(place, _as_box(boxes[int(np.argmin(cost))]))


def _faults(
    place: NumberedPlace, boxes: FloatArray, held: FloatArray, done: Sequence[PlacedNumber]
) -> FloatArray:
    """What each spot covers and its line runs through, as so many pixels farther away."""
    starts = np.full((len(boxes), 1, 2), (place.x, place.y))
    ends = np.array([PlacedNumber(place, _as_box(box)).leader[1] for box in boxes])[:, None]
    wider = boxes[:, None] + np.array((-_APART_PX, -_APART_PX, _APART_PX, _APART_PX))
    covered = (wider[..., :2] < held[:, 2:]).all(-1) & (held[:, :2] < wider[..., 2:]).all(-1)
    at_home = (held[:, :2] <= starts).all(-1) & (starts <= held[:, 2:]).all(-1)
    struck = _strikes(starts, ends, held[None]) & ~covered & ~at_home
    cost = _COVERS_PX * covered.sum(axis=1) + _STRIKES_PX * struck.sum(axis=1)
    if not done:
        return np.asarray(cost, dtype=float)
    lines = np.array([number.leader for number in done])[None]
    crossed = _cross(starts, ends, lines[..., 0, :], lines[..., 1, :])
    through = _strikes(lines[..., 0, :], lines[..., 1, :], boxes[:, None])
    return np.asarray(
        cost + _CROSSES_PX * crossed.sum(axis=1) + _STRIKES_PX * through.sum(axis=1), dtype=float
    )


def _spots(place: NumberedPlace, frame: Frame) -> tuple[FloatArray, FloatArray]:
    """Boxes around a place within the frame, to its right before elsewhere, and how far away."""
    nearest = SYMBOL_PX / 2 + _HEIGHT_PX / 2 + _APART_PX
    half = _half_width(place.number)
    steps = np.arange(_DIRECTIONS)
    turns = (steps + 1) // 2 * np.where(steps % 2, 1, -1) * 2 * np.pi / _DIRECTIONS
    away, turn = (
        each.ravel()
        for each in np.meshgrid(np.arange(0, _FARTHEST_PX, _STEP_PX), turns, indexing="ij")
    )
    distance = away + nearest
    reach = distance + (half - _HEIGHT_PX / 2) * np.abs(np.cos(turn))
    x, y = place.x + reach * np.cos(turn), place.y + distance * np.sin(turn)
    boxes = np.column_stack((x - half, y - _HEIGHT_PX / 2, x + half, y + _HEIGHT_PX / 2))
    inside = (boxes >= 1).all(axis=1) & (boxes[:, 2:] < (frame.width_px, frame.height_px)).all(
        axis=1
    )
    return away[inside].astype(float), boxes[inside]


def _half_width(number: int) -> float:
    return max(_HEIGHT_PX, width_px(str(number), SIZE_PX, bold=True) + 7) / 2


def _box(place: NumberedPlace, x: float, y: float) -> Box:
    half = _half_width(place.number)
    return x - half, y - _HEIGHT_PX / 2, x + half, y + _HEIGHT_PX / 2


def _as_box(row: FloatArray) -> Box:
    left, top, right, bottom = row.tolist()
    return left, top, right, bottom


def _cross(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether the lines from ``a`` to ``b`` and from ``c`` to ``d`` cross; x and y come last."""

    def side(p: FloatArray, q: FloatArray, r: FloatArray) -> FloatArray:
        one, other = q - p, r - p
        return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])

    return np.asarray((side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0))


def _strikes(start: FloatArray, end: FloatArray, boxes: FloatArray) -> npt.NDArray[np.bool_]:
    """Whether lines run through boxes: across either of their diagonals."""
    left_top, right_bottom = boxes[..., :2], boxes[..., 2:]
    left_bottom, right_top = boxes[..., (0, 3)], boxes[..., (2, 1)]
    return _cross(start, end, left_top, right_bottom) | _cross(start, end, left_bottom, right_top)
