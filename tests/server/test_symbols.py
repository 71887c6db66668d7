"""Symbols that are told apart by their outline alone, and are the same in page and picture."""

from __future__ import annotations

import io
import re
from itertools import combinations
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from layers.spec import Shape, StyleClass
from server.pictures.png import png
from server.pictures.scene import Scene
from server.pictures.symbols import AREA_SHAPES, SPRITE_PX, marker

SPRITE = Path(__file__).parents[2] / "server" / "templates" / "components" / "shapes.html"
MARKERS = [shape for shape in get_args(Shape) if shape not in AREA_SHAPES]
APART = 0.1
"""Of the square that a symbol fills: as much of it as differs between any two."""


def drawn(shape: Shape) -> np.ndarray:
    """Where a symbol is black, 24 pixels wide and high."""
    middle = SPRITE_PX / 2
    symbol = marker(StyleClass("", "#000000", shape, "value"), middle, middle, SPRITE_PX)
    scene = Scene(SPRITE_PX, SPRITE_PX, "", "", (symbol,))
    return np.asarray(Image.open(io.BytesIO(png(scene))).convert("L")) < 128


@pytest.mark.parametrize(("one", "other"), list(combinations(MARKERS, 2)))
def test_any_two_symbols_differ_without_their_colour(one: Shape, other: Shape) -> None:
    assert (drawn(one) != drawn(other)).mean() > APART


def test_the_page_has_a_symbol_of_every_shape() -> None:
    named = re.findall(r'<symbol id="shape-(\w+)"', SPRITE.read_text(encoding="utf-8"))
    assert sorted(named) == sorted(get_args(Shape))
