"""Shapes and texts of a picture, in CSS pixels (96 to the inch) with y downwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""
Anchor = Literal["start", "middle", "end"]

INK: Final = "#0B0C0C"
SOFT_INK: Final = "#484C50"
PAPER: Final = "#FFFFFF"
LINE: Final = "#6F777B"
LEADING: Final = 1.35


@dataclass(frozen=True, slots=True)
class Paint:
    """How a shape is filled and outlined; an empty colour leaves either out."""

    fill: str = ""
    fill_opacity: float = 1
    stroke: str = ""
    stroke_px: float = 1
    stroke_opacity: float = 1
    dashes_px: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Rings or lines drawn as one. What any ring goes round is filled; holes run the other way."""

    rings: tuple[FloatArray, ...]
    paint: Paint
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius_px: float
    paint: Paint


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one or more lines; ``y`` is the baseline of the first.

    A ``halo`` of paper keeps it readable on what lies below.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    size_px: float = 14
    bold: bool = False
    colour: str = INK
    anchor: Anchor = "start"
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Items moved together; what lies outside ``clip``, before they are moved, is not drawn."""

    items: tuple[Item, ...]
    at: tuple[float, float] = (0, 0)
    clip: Box | None = None
    name: str = ""


Item: TypeAlias = Path | Disc | Text | Group


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole picture and what it says to those who do not see it."""

    width_px: float
    height_px: float
    title: str
    description: str
    items: tuple[Item, ...]


@dataclass(slots=True)
class Column:
    """Texts and symbols set one below the other in a width; ``y`` is where the next begins."""

    width_px: float
    y: float = 0
    items: list[Item] = field(default_factory=list)

    def add(self, items: Iterable[Item], height_px: float) -> None:
        """Put in what takes up a height, drawn as from the column's own top."""
        self.items.append(Group(tuple(items), (0, self.y)))
        self.y += height_px

    def group(self, at: tuple[float, float], name: str = "") -> Group:
        """The column as it is, at a place."""
        return Group(tuple(self.items), at, name=name)


def box_path(box: Box, paint: Paint) -> Path:
    """A rectangle."""
    left, top, right, bottom = box
    ring = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=float)
    return Path((ring,), paint)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
