"""Where the numbers of places stand, so that each can be read and followed to its place.

A number covers neither another number nor a place, and its line runs through no number and no
line, as far as there is room. Numbers are placed one by one, the most crowded first; those that
are in each other's way are then moved in turn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from server.pictures.collision import crossing, line_between, overlapping, striking, within
from server.pictures.frame import Frame
from server.pictures.letters import width_px
from server.pictures.numbers import SIZE_PX, NumberedPlace, PlacedNumber, line_ends
from server.pictures.scene import Box, FloatArray

_HEIGHT_PX: Final = 16
_DIRECTIONS: Final = 20
_FARTHEST_PX: Final = 100
_STEP_PX: Final = 6
_APART_PX: Final = 1.5
_COVERS_PX: Final = 400
_CROSSES_PX: Final = 200
"""How much farther away a number would rather be than cover something, or cross it by its line:
more than the farthest spot, so that any spot that is clear is taken before one that is not."""

FAR_PX: Final = 60
"""A line longer than this is hard to follow among others."""

_MOVES_WITHOUT_GAIN: Final = 40
_AT_ONCE: Final = 48
_LAYOUTS_KEPT: Final = 256
"""A map that tries every window for its inset has some 70; those of several maps are kept."""


@dataclass(frozen=True, slots=True, eq=False)
class _Spots:
    """Where the number of a place may stand, the best first.

    ``cost_px`` is how far away each is, and what is there before any number.
    """

    place: NumberedPlace
    boxes: FloatArray
    ends: FloatArray
    cost_px: FloatArray

    def at(self, spot: int) -> PlacedNumber:
        left, top, right, bottom = self.boxes[spot].tolist()
        return PlacedNumber(self.place, (left, top, right, bottom))


def placed_numbers(
    places: Sequence[NumberedPlace], frame: Frame, taken: Sequence[Box]
) -> tuple[PlacedNumber, ...]:
    """Where each number stands: as near to its place as there is room.

    ``taken`` are boxes where no number may stand.
    """
    ordered = sorted(places, key=lambda place: place.number)
    return _placed(tuple(ordered), frame, tuple(taken))


def crowded(numbers: Sequence[PlacedNumber], taken: Sequence[Box]) -> tuple[PlacedNumber, ...]:
    """The numbers that are hard to read or to follow: far away, or in the way of something.

    That is a place, another number, the line of one, or what is ``taken``.
    """
    if not numbers:
        return ()
    places = np.array([number.place.box for number in numbers])
    boxes = np.array([number.box for number in numbers])
    lines = np.array([number.leader for number in numbers])
    covers = overlapping(boxes[:, None], places[None]).any(axis=1)
    held = np.array([*taken]).reshape(-1, 4)
    cost = _over(lines, boxes, held) + _each_other(boxes, lines).sum(axis=1)
    far = np.hypot(*(lines[:, 1] - lines[:, 0]).T) > FAR_PX
    return tuple(numbers[index] for index in np.flatnonzero((cost > 0) | far | covers).tolist())


@lru_cache(maxsize=_LAYOUTS_KEPT)
def _placed(
    places: tuple[NumberedPlace, ...], frame: Frame, taken: tuple[Box, ...]
) -> tuple[PlacedNumber, ...]:
    fixed = np.array([*taken, *(place.box for place in places)]).reshape(-1, 4)
    spots = [_spots(place, frame, fixed) for place in places]
    layout = _Layout(np.zeros((len(places), 4)), np.zeros((len(places), 2, 2)), [-1] * len(places))
    order = sorted(range(len(places)), key=lambda index: (-_crowd(places[index], places), index))
    for done, index in enumerate(order):
        layout.put(index, spots[index], _best(spots[index], layout, order[:done]))
    mended = _mended(spots, layout)
    return tuple(each.at(spot) for each, spot in zip(spots, mended, strict=True))


@dataclass(slots=True)
class _Layout:
    """Where numbers stand now: their boxes, their lines and the index of each spot."""

    boxes: FloatArray
    lines: FloatArray
    chosen: list[int]

    def put(self, index: int, spots: _Spots, spot: int) -> None:
        """Move a number."""
        self.boxes[index] = spots.boxes[spot]
        self.lines[index] = ((spots.place.x, spots.place.y), spots.ends[spot])
        self.chosen[index] = spot


def _mended(spots: Sequence[_Spots], layout: _Layout) -> list[int]:
    """Move numbers that are in the way, the one that rested longest first, and keep the best."""
    best, fewest, rested = list(layout.chosen), math.inf, [-1] * len(spots)
    each_other = _each_other(layout.boxes, layout.lines)
    since_best = 0
    while since_best < _MOVES_WITHOUT_GAIN:
        alone = np.array([each.cost_px[at] for each, at in zip(spots, layout.chosen, strict=True)])
        cost = alone + each_other.sum(axis=1)
        since_best += 1
        if cost.sum() < fewest:
            best, fewest, since_best = list(layout.chosen), float(cost.sum()), 0
        wrong = np.flatnonzero(cost >= _CROSSES_PX).tolist()
        if not wrong:
            break
        index = min(wrong, key=lambda each: (rested[each], each))
        rested[index] = max(rested) + 1
        others = [other for other in range(len(spots)) if other != index]
        spot = _best(spots[index], layout, others, layout.chosen[index])
        layout.put(index, spots[index], spot)
        _set_costs(each_other, layout, index)
    return best


def _set_costs(each_other: FloatArray, layout: _Layout, index: int) -> None:
    """Reckon anew what a number that was moved costs the others, and they it."""
    box, line = layout.boxes[index], layout.lines[index]
    each_other[index] = _costs(line, box, layout.lines, layout.boxes)
    each_other[:, index] = _costs(layout.lines, layout.boxes, line, box)
    each_other[index, index] = 0


def _best(mine: _Spots, layout: _Layout, others: Sequence[int], not_again: int = -1) -> int:
    """The spot that costs least, of equals the nearest, and another one than before."""
    start = np.array((mine.place.x, mine.place.y))
    boxes, lines = layout.boxes[list(others)], layout.lines[list(others)]
    best, least = 0, math.inf
    for first in range(0, len(mine.boxes), _AT_ONCE):
        if mine.cost_px[first] >= least:  # they are sorted by it
            break
        some = slice(first, first + _AT_ONCE)
        mine_lines = line_between(start, mine.ends[some, None])
        cost = mine.cost_px[some] + _costs(mine_lines, mine.boxes[some, None], lines, boxes).sum(1)
        if first <= not_again < first + len(cost) and len(mine.boxes) > 1:
            cost[not_again - first] = math.inf
        if cost.min() < least:
            best, least = first + int(np.argmin(cost)), float(cost.min())
    return best


def _crowd(place: NumberedPlace, places: Sequence[NumberedPlace]) -> float:
    """How crowded it is around a place."""
    return sum(1 / (1 + math.dist((place.x, place.y), (o.x, o.y))) for o in places)


def _spots(place: NumberedPlace, frame: Frame, fixed: FloatArray) -> _Spots:
    """Every spot of a number; the place itself where none lies within the frame."""
    away_px, boxes = _around(place, frame)
    if not len(boxes):
        away_px, boxes = np.zeros(1), np.array([_box(place)])
    ends = line_ends(place, boxes)
    cost = away_px + _over(line_between(np.array((place.x, place.y)), ends), boxes, fixed)
    order = np.argsort(cost, kind="stable")
    return _Spots(place, boxes[order], ends[order], cost[order])


def _over(lines: FloatArray, boxes: FloatArray, fixed: FloatArray) -> FloatArray:
    """What each spot covers and crosses of what is there before any number, in pixels."""
    covered = overlapping(_wider(boxes)[:, None], fixed)
    cost = np.asarray(_COVERS_PX * covered.sum(axis=1), dtype=float)
    free = np.flatnonzero(cost == 0)
    clear = lines[free, None]
    struck = striking(clear, fixed) & ~within(clear[..., 0, :], fixed)
    cost[free] += _CROSSES_PX * struck.sum(axis=1)
    return cost


def _each_other(boxes: FloatArray, lines: FloatArray) -> FloatArray:
    """What each number costs beside each of the others: a square table, 0 beside itself."""
    cost = _costs(lines[:, None], boxes[:, None], lines, boxes)
    np.fill_diagonal(cost, 0)
    return cost


def _costs(
    lines: FloatArray, boxes: FloatArray, other_lines: FloatArray, other_boxes: FloatArray
) -> FloatArray:
    """What one number costs beside another, as so many pixels farther away: each by each."""
    covered = overlapping(_wider(boxes), other_boxes)
    struck = striking(lines, _wider(other_boxes)) & ~covered
    through = striking(other_lines, _wider(boxes)) & ~covered
    crosses = struck.astype(float) + through + crossing(lines, other_lines)
    return np.asarray(_COVERS_PX * covered + _CROSSES_PX * crosses, dtype=float)


def _around(place: NumberedPlace, frame: Frame) -> tuple[FloatArray, FloatArray]:
    """Boxes around a place within the frame, to its right before elsewhere, and how far away."""
    nearest = (place.box[3] - place.box[1]) / 2 + _HEIGHT_PX / 2 + _APART_PX
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


def _box(place: NumberedPlace) -> Box:
    half = _half_width(place.number)
    middle = _HEIGHT_PX / 2
    return place.x - half, place.y - middle, place.x + half, place.y + middle


def _wider(boxes: FloatArray) -> FloatArray:
    return np.asarray(boxes + np.array((-_APART_PX, -_APART_PX, _APART_PX, _APART_PX)))
