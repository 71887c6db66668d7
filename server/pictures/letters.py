"""How wide texts are, and where their lines break.

Texts are measured in DejaVu Sans, which matplotlib brings along and a PNG is set in. The narrower
fonts that an SVG is shown in then have room to spare.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from server.pictures.scene import LEADING, SOFT_INK, Column, Text

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

_EM: Final = 1000
_NO_LETTER: Final = "\ufffd"
_one_at_a_time: Final = Lock()


@cache
def font_file(bold: bool) -> Path:
    """The font's file."""
    # matplotlib takes half a second to import, which a start without a picture need not wait for.
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name


@cache
def _font(bold: bool) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(font_file(bold)))
    font.set_size(_EM, 72)
    return font


@cache
def _advance_em(letter: str, bold: bool) -> float:
    from matplotlib.ft2font import LoadFlags

    letter = letter if _has(letter, bold) else _NO_LETTER
    with _one_at_a_time:  # a font holds the letter it loaded last
        glyph = _font(bold).load_char(ord(letter), LoadFlags.NO_HINTING)
        return glyph.linearHoriAdvance / 65536 / _EM


def in_font(text: str, bold: bool) -> str:
    """The text with a mark for each letter that the font does not have."""
    return "".join(letter if _has(letter, bold) else _NO_LETTER for letter in text)


@cache
def _has(letter: str, bold: bool) -> bool:
    return _font(bold).get_char_index(ord(letter)) > 0


def width_px(text: str, size_px: float, bold: bool = False) -> float:
    """The width of a text in one line."""
    return size_px * sum(_advance_em(letter, bold) for letter in text)


def wrapped(text: str, room_px: float, size_px: float, bold: bool = False) -> tuple[str, ...]:
    """The text in lines no wider than the room; a word that is wider itself is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width_px(longer, size_px, bold) <= room_px:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, room_px, size_px, bold)
        lines += whole
    return (*lines, line) if line else tuple(lines)


def write(
    column: Column,
    text: str,
    size_px: float,
    *,
    bold: bool = False,
    colour: str = SOFT_INK,
    indent_px: float = 0,
    after_px: float = 4,
) -> None:
    """Set a text into a column, in as many lines as it needs."""
    lines = wrapped(text, column.width_px - indent_px, size_px, bold)
    height_px = len(lines) * size_px * LEADING
    placed = Text(lines, indent_px, size_px * 1.05, size_px, bold, colour)
    column.add([placed], height_px + after_px)


def _broken(word: str, room_px: float, size_px: float, bold: bool) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and width_px(parts[-1] + letter, size_px, bold) > room_px:
            parts.append("")
        parts[-1] += letter
    return parts
