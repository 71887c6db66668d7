"""A scene as SVG: texts stay texts, and nothing in it needs a style sheet, a script or a fetch."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from server.pictures.scene import (
    LEADING,
    PAPER,
    Disc,
    FloatArray,
    Group,
    Item,
    Paint,
    Path,
    Scene,
    Text,
)

FONTS: Final = "Arial, Helvetica, DejaVu Sans, sans-serif"
_HALO_PX: Final = 3.5
_NOT_IN_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(scene: Scene) -> bytes:
    """The scene as an SVG document, the same bytes for the same scene."""
    width, height = _number(scene.width_px), _number(scene.height_px)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc" lang="en-GB" '
        f'font-family="{FONTS}" stroke-linejoin="round">\n'
        f'<title id="title">{_escaped(scene.title)}</title>\n'
        f'<desc id="desc">{_escaped(scene.description)}</desc>\n'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>'
    ]
    clips: list[str] = []
    parts += [_item(item, clips) for item in scene.items]
    return ("\n".join([*parts, *clips]) + "\n</svg>\n").encode()


def _item(item: Item, clips: list[str]) -> str:
    match item:
        case Path():
            return f'<path d="{_rings(item)}"{_paint(item.paint)}/>'
        case Disc(x, y, radius_px, paint):
            size = f'cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius_px)}"'
            return f"<circle {size}{_paint(paint)}/>"
        case Text():
            return _text(item)
        case Group():
            return _group(item, clips)


def _group(group: Group, clips: list[str]) -> str:
    attributes = ""
    if group.name:
        attributes += f" data-part={quoteattr(_clean(group.name))}"
    if group.at != (0, 0):
        attributes += f' transform="translate({_number(group.at[0])} {_number(group.at[1])})"'
    if group.clip:
        left, top, right, bottom = group.clip
        name = f"clip-{len(clips)}"
        clips.append(
            f'<clipPath id="{name}"><rect x="{_number(left)}" y="{_number(top)}" '
            f'width="{_number(right - left)}" height="{_number(bottom - top)}"/></clipPath>'
        )
        attributes += f' clip-path="url(#{name})"'
    inner = "\n".join(_item(item, clips) for item in group.items)
    return f"<g{attributes}>\n{inner}\n</g>"


def _text(text: Text) -> str:
    weight = ' font-weight="bold"' if text.bold else ""
    anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
    set_in = f' font-size="{_number(text.size_px)}"{weight}{anchor}'
    lines = [
        f'<tspan x="{_number(text.x)}" y="{_number(text.y + n * text.size_px * LEADING)}">'
        f"{_escaped(line)}</tspan>"
        for n, line in enumerate(text.lines)
    ]
    inner = " ".join(lines)
    drawn = f'<text{set_in} fill="{text.colour}">{inner}</text>'
    if not text.halo:
        return drawn
    halo = f' fill="{PAPER}" stroke="{PAPER}" stroke-width="{_HALO_PX}" aria-hidden="true"'
    return f"<text{set_in}{halo}>{inner}</text>\n{drawn}"


def _paint(paint: Paint) -> str:
    said = f' fill="{paint.fill or "none"}"'
    if paint.fill and paint.fill_opacity != 1:
        said += f' fill-opacity="{_number(paint.fill_opacity, 2)}"'
    if paint.stroke:
        said += f' stroke="{paint.stroke}" stroke-width="{_number(paint.stroke_px, 2)}"'
    if paint.stroke and paint.stroke_opacity != 1:
        said += f' stroke-opacity="{_number(paint.stroke_opacity, 2)}"'
    if paint.dashes_px:
        said += f' stroke-dasharray="{" ".join(_number(px) for px in paint.dashes_px)}"'
    return said


def _rings(path: Path) -> str:
    end = "z" if path.closed else ""
    return "".join(f"{_ring(ring)}{end}" for ring in path.rings)


def _ring(ring: FloatArray) -> str:
    """A line in steps of tenths of a pixel, each step counted from the rounded one before."""
    tenths = np.rint(ring * 10).astype(np.int64)
    steps = np.diff(tenths, axis=0)
    steps = steps[steps.any(axis=1)]
    first = " ".join(_tenths(value) for value in tenths[0].tolist())
    rest = " ".join(_tenths(value) for value in steps.ravel().tolist())
    return f"M{first}l{rest or '0 0'}"


def _tenths(value: int) -> str:
    whole, tenth = divmod(abs(value), 10)
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}"


def _number(value: float, decimals: int = 1) -> str:
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)


def _escaped(text: str) -> str:
    return escape(_clean(text))
