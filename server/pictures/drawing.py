"""A picture as a file."""

from __future__ import annotations

from typing import Literal

from server.pictures.compose import compose
from server.pictures.picture import Picture, Size
from server.pictures.png import png
from server.pictures.svg import svg

Format = Literal["svg", "png"]


def draw(picture: Picture, size: Size, format_: Format) -> bytes:
    """The picture in a size and format: the same bytes for the same picture."""
    scene = compose(picture, size)
    return svg(scene) if format_ == "svg" else png(scene)
