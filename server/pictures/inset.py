"""The densest part of a map of numbered places, larger and beside it.

Where numbers cannot all stand clear on the map, the smallest part is drawn larger without which
they can, and in which they then can too. Which part that is follows from the places alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from server.pictures.frame import Frame
from server.pictures.letters import width_px
from server.pictures.numbers import NumberedPlace, PlacedNumber
from server.pictures.placing import crowded, placed_numbers
from server.pictures.scene import Box, Item, overlap

ENLARGED: Final = (8.0, 6.0, 5.0, 4.0, 3.2, 2.6, 2.1, 1.7)
"""How many times larger an inset may be drawn: the most first, so the smallest part is found."""

PARTS_TRIED: Final = 2
"""So many parts of each size are tried, the fullest first."""

MARGIN_PX: Final = 12
"""So much of the inset's edge is left free of its places where the map has room."""

INSET: Final = "Inset"
LABEL_PX: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Lettered:
    """A frame's names and the numbers of its places.

    ``taken`` are the boxes where no number may stand; ``unnamed`` are those that are no names.
    """

    frame: Frame
    names: tuple[Item, ...]
    numbers: tuple[PlacedNumber, ...]
    taken: tuple[Box, ...]
    unnamed: tuple[Box, ...]

    @property
    def crowded(self) -> tuple[PlacedNumber, ...]:
        """The numbers that are hard to read or to follow."""
        return crowded(self.numbers, self.taken)


@dataclass(frozen=True, slots=True, eq=False)
class Inset:
    """A part of a map, its ``window`` and that one's name in pixels of the map, drawn larger."""

    window: Box
    label: Box
    lettered: Lettered
    times: float


Name = Callable[[Frame, Sequence[NumberedPlace], Sequence[Box]], tuple[list[Item], list[Box]]]
"""The names of a frame that has these places and taken boxes, and the boxes of the names."""

Taken = Callable[[Frame, Sequence[NumberedPlace]], list[Box]]
"""Where nothing may stand in a frame that has these places."""


def lettered(
    frame: Frame, places: Sequence[NumberedPlace], taken: Sequence[Box], name: Name
) -> Lettered:
    """Names and numbers where there is room for them: names first unless numbers then suffer."""
    names, boxes = name(frame, places, taken)
    held = (*taken, *boxes)
    first = Lettered(frame, tuple(names), placed_numbers(places, frame, held), held, tuple(taken))
    if not first.crowded:
        return first
    numbers = placed_numbers(places, frame, taken)
    lines = [_around(number) for number in numbers]
    names, boxes = name(frame, places, [*taken, *(number.box for number in numbers), *lines])
    second = Lettered(frame, tuple(names), numbers, (*taken, *boxes), tuple(taken))
    return min((first, second), key=lambda drawn: len(drawn.crowded))


def _around(number: PlacedNumber) -> Box:
    """The box of a number's line."""
    (x, y), (to_x, to_y) = number.leader
    return min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)


def with_inset(
    whole: Lettered, room_px: tuple[float, float], taken: Taken, name: Name
) -> tuple[Lettered, Inset]:
    """The map without the numbers of its densest part, and that part larger.

    Args:
        whole: the map with all its numbers.
        room_px: width and height of the inset.
        taken: where no number may stand in a frame that has these places, names aside.
        name: how names are placed in a frame.
    """
    best: tuple[Lettered, Inset] | None = None
    least = (math.inf, math.inf)
    for times, window in _windows(whole, room_px):
        inside = _places_in(whole, window)
        rest = [each.place for each in whole.numbers if each.place not in inside]
        label = _label_box(window, rest)
        main = lettered(whole.frame, rest, [*taken(whole.frame, rest), window, label], name)
        part, moved = _enlarged(whole.frame, window, times), _moved(inside, window, times)
        dense = lettered(part, moved, taken(part, moved), name)
        wrong = len(main.crowded) + len(dense.crowded), _hidden(main) + _hidden(dense)
        if wrong < least:
            best, least = (main, Inset(window, label, dense, times)), wrong
        if least == (0, 0) or (dense.crowded and not least[0]):
            break
    assert best is not None, "a map whose numbers are crowded has a densest part"
    return best


def _hidden(drawn: Lettered) -> int:
    """How many places are partly hidden or cut off."""
    left, top, right, bottom = drawn.frame.box
    return sum(
        any(overlap(box, other) for other in drawn.unnamed)
        or not (left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom)
        for box in (number.place.box for number in drawn.numbers)
    )


def _label_box(window: Box, places: Sequence[NumberedPlace]) -> Box:
    """Where the name of a window stands: above or below it, where it hides the fewest places."""
    left, top, right, bottom = window
    width, height = width_px(INSET, LABEL_PX, bold=True) + 6, LABEL_PX + 6
    boxes = [
        (x, y, x + width, y + height)
        for y in (top - height, bottom)
        for x in (left, right - width)
        if y >= 0
    ]
    return min(boxes, key=lambda box: sum(overlap(box, place.box) for place in places))


def _windows(whole: Lettered, room_px: tuple[float, float]) -> Iterator[tuple[float, Box]]:
    """The fullest parts of each size, the smallest first, and how much larger each is drawn."""
    tight = {each.place.number for each in whole.crowded}
    for times in ENLARGED:
        size = room_px[0] / times, room_px[1] / times
        inner = size[0] - 2 * MARGIN_PX / times, size[1] - 2 * MARGIN_PX / times
        parts = {
            _centred(whole, _window(whole.frame, each.place.x, each.place.y, inner), size)
            for each in whole.numbers
        }

        def fullness(window: Box) -> tuple[int, int, Box]:
            inside = _places_in(whole, window)
            return -sum(place.number in tight for place in inside), -len(inside), window

        for fullest in sorted(parts, key=fullness)[:PARTS_TRIED]:
            yield times, fullest


def _window(frame: Frame, x: float, y: float, size: tuple[float, float]) -> Box:
    """A window around a place, moved into the frame."""
    left = min(max(x - size[0] / 2, 0), frame.width_px - size[0])
    top = min(max(y - size[1] / 2, 0), frame.height_px - size[1])
    return left, top, left + size[0], top + size[1]


def _centred(whole: Lettered, window: Box, size: tuple[float, float]) -> Box:
    """A window of a size around the places of a smaller one."""
    inside = _places_in(whole, window)
    x, y = [place.x for place in inside], [place.y for place in inside]
    return _window(whole.frame, (min(x) + max(x)) / 2, (min(y) + max(y)) / 2, size)


def _places_in(whole: Lettered, window: Box) -> list[NumberedPlace]:
    left, top, right, bottom = window
    return [
        each.place
        for each in whole.numbers
        if left <= each.place.x <= right and top <= each.place.y <= bottom
    ]


def _enlarged(frame: Frame, window: Box, times: float) -> Frame:
    """The frame of a part drawn larger."""
    left, top, right, bottom = window
    return Frame(
        zoom=frame.zoom + math.log2(times),
        centre_x_m=frame.centre_x_m + ((left + right - frame.width_px) / 2) / frame.px_per_m,
        centre_y_m=frame.centre_y_m - ((top + bottom - frame.height_px) / 2) / frame.px_per_m,
        width_px=(right - left) * times,
        height_px=(bottom - top) * times,
    )


def _moved(places: Sequence[NumberedPlace], window: Box, times: float) -> list[NumberedPlace]:
    """Places of a map as places of its part."""
    return [
        replace(place, x=(place.x - window[0]) * times, y=(place.y - window[1]) * times)
        for place in places
    ]
