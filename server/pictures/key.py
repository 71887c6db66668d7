"""The key of a picture: each layer's legend and what is drawn of the ground."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from boundaries.ground import Ground
from layers.spec import Legend
from server.pictures.classes import NOT_CLASSED
from server.pictures.frame import Frame
from server.pictures.ground import APPROXIMATE, DISTRICT, DISTRICTS, OUTLINE, OUTLINES, SETTLEMENTS
from server.pictures.letters import wrapped, write
from server.pictures.markers import SEVERAL_KINDS, Marker
from server.pictures.names import DOT_COLOUR
from server.pictures.numbers import RING_PX, SYMBOL_PX, NumberedPlace
from server.pictures.records import Records
from server.pictures.scene import INK, LEADING, SOFT_INK, Column, Disc, Item, Paint, Path, Text
from server.pictures.symbols import SPRITE_PX, doubtful, swatch

NOTHING: Final = "Nothing to show for this choice."
NOTHING_HERE: Final = "Nothing of this lies in this part of the map."

_HEADING_PX: Final = 15
_LABEL_PX: Final = 14
_NOTE_PX: Final = 12.5
_ROW_PX: Final = 27
_INDENT_PX: Final = SPRITE_PX + 8
_DOUBTFUL: Final = doubtful(
    SEVERAL_KINDS, SPRITE_PX / 2, SPRITE_PX / 2, 1.2 * SYMBOL_PX, 1.2 * RING_PX
)
"""The ring around what may lie in the period, with the symbol that stands for any."""


def legend_column(records: Records, frame: Frame, width_px: float, several: bool) -> Column:
    """The legend of a layer, headed by the layer's title too where there are ``several``."""
    legend, column = _complete(records), Column(width_px)
    if several:
        write(column, records.view.layer.title, _HEADING_PX, bold=True, colour=INK, after_px=1)
        write(column, legend.title, _LABEL_PX, after_px=5)
    else:
        write(column, legend.title, _HEADING_PX, bold=True, colour=INK, after_px=5)
    for style in legend.classes:
        _row(column, swatch(style), style.label)
    for note in (legend.note, _missing(records, frame)):
        if note:
            write(column, note, _NOTE_PX, after_px=3)
    return column


def ground_column(
    ground: Ground,
    on: Collection[str],
    places: Sequence[NumberedPlace],
    width_px: float,
) -> Column:
    """What the lines, dots and rings of the map mean, as far as it has any."""
    column = Column(width_px)
    write(column, "The ground", _HEADING_PX, bold=True, colour=INK, after_px=5)
    if OUTLINES in on:
        _row(column, _line(replace(OUTLINE, stroke_px=2.5)), "Neighbourhood Policing Area (NPA)")
        if ground.approximate_npas:
            dashes = replace(APPROXIMATE, stroke_px=2.5, dashes_px=(6, 3))
            _row(column, _line(dashes), "NPA with an approximate outline")
    if DISTRICTS in on:
        dots = replace(DISTRICT, stroke_px=1.5, dashes_px=(1.5, 3))
        _row(column, _line(dots), "District or unitary council")
    if SETTLEMENTS in on:
        middle = SPRITE_PX / 2
        _row(column, Disc(middle, middle, 3, Paint(DOT_COLOUR)), "Town or village")
    if any(place.faint for place in places):
        _row(column, _DOUBTFUL, "May lie in the period or not")
    return column


def map_notes(
    markers: Sequence[Marker], places: Sequence[NumberedPlace], inset: bool = False
) -> tuple[str, ...]:
    """What the markers and numbers of the map mean, as far as it has any."""
    return (*_marker_notes(markers), *_number_notes(places, inset))


def _complete(records: Records) -> Legend:
    """The legend with a class for what none of its own covers."""
    legend = records.view.legend
    if NOT_CLASSED not in records.styles:
        return legend
    return replace(legend, classes=(*legend.classes, NOT_CLASSED))


def _missing(records: Records, frame: Frame) -> str:
    if not len(records):
        return NOTHING
    return "" if records.any_in(frame) else NOTHING_HERE


def _marker_notes(markers: Sequence[Marker]) -> list[str]:
    notes = []
    if any(len(marker.styles) > 1 for marker in markers):
        notes.append("A number on a marker counts records too close together to be drawn apart.")
    if any(marker.mixed for marker in markers):
        notes.append("A white marker holds records of several kinds.")
    if any(marker.faint for marker in markers):
        notes.append("A pale marker may lie in the period or not.")
    return notes


def _number_notes(places: Sequence[NumberedPlace], inset: bool) -> list[str]:
    notes = []
    if places:
        notes.append("A number stands for one place, in the table too. A line leads to the place.")
    if any(place.mixed for place in places):
        notes.append("A white symbol: visits of several types.")
    if inset:
        notes.append("A small dot in the frame: a place that has its number in the inset.")
    return notes


def _row(column: Column, symbol: Item, label: str) -> None:
    lines = wrapped(label, column.width_px - _INDENT_PX, _LABEL_PX)
    extra = (len(lines) - 1) * _LABEL_PX * LEADING
    text = Text(lines, _INDENT_PX, SPRITE_PX / 2 + _LABEL_PX * 0.36, _LABEL_PX, colour=SOFT_INK)
    column.add([symbol, text], _ROW_PX + extra)


def _line(paint: Paint) -> Path:
    middle = SPRITE_PX / 2
    return Path((np.array([(1, middle), (SPRITE_PX - 1, middle)]),), paint, closed=False)
