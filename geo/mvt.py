"""Polygons as Mapbox Vector Tiles (version 2.1), encoded by numpy for all features at once.

Polygons are given whole, also where they reach over the tile's edge, and none is left out. At low
zooms corners may be rounded to the same unit, which is a sixteenth of a pixel of a tile drawn
256 pixels wide: a repeated corner is sent once, and a polygon left without any area is sent as
the smallest triangle there is, since readers may drop or refuse a ring of no area.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidValue
from geo.mercator import EXTENT
from geo.protobuf import Flags, Rows, field, varint, varints, zigzag

Indices = npt.NDArray[np.int64]
Corners = npt.NDArray[np.int32]

_LAYER: Final = 3
_NAME, _FEATURES, _KEYS, _VALUES = 1, 2, 3, 4
_TAGS, _GEOMETRY = 2, 4
_TEXT: Final = 1
_VERSION_2, _EXTENT, _ID, _IS_POLYGON = b"\x78\x02", b"\x28", b"\x08", b"\x18\x03"
_DOUBLE, _UINT, _SINT, _TRUTH = b"\x19", 0x28, 0x30, 0x38
_MOVE_TO_ONE, _LINE_TO, _CLOSE_PATH = 9, 2, 15
_FARTHEST_UNITS: Final = 2**28


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of texts as whole numbers into a tuple of texts; -1 where there is none."""

    codes: npt.NDArray[np.integer[Any]]
    texts: tuple[str, ...]


Values = npt.NDArray[Any] | Coded


def encode_polygons(
    name: str,
    rings: npt.NDArray[np.integer[Any]],
    ids: npt.NDArray[np.integer[Any]],
    attributes: Mapping[str, Values],
    extent: int = EXTENT,
) -> bytes:
    """One layer of polygons as a vector tile; tiles of several layers are put end to end.

    Args:
        name: the layer's name, which no other layer of the tile may have.
        rings: the corners in tile units, y downwards, ``(polygons, corners, 2)``, not closed
            and wound either way.
        ids: one whole number of 0 or more for each polygon.
        attributes: a column for each name. Whole numbers leave as ``uint``, below 0 as ``sint``,
            others as ``double``, truth values as ``bool``, texts as ``string``. A missing number
            (NaN) and the code -1 mean that the polygon lacks the attribute.
        extent: how many units the tile measures either way.

    Returns:
        The tile; without polygons it is empty, which is a tile without layers.

    Raises:
        InvalidValue: the arrays do not fit together or hold what a tile cannot.
    """
    rings = _checked_rings(rings)
    ids = _checked_ids(ids, len(rings))
    if extent < 1:
        raise InvalidValue(f"A tile measures 1 unit or more either way; given {extent!r}.")
    if not len(rings):
        return b""
    tags, values = _tags_and_values(attributes, len(rings))
    features = (
        Rows.alike(_ID, len(rings))
        + varints(ids[:, None])
        + tags.as_field(_TAGS)
        + Rows.alike(_IS_POLYGON, len(rings))
        + _geometry(rings).as_field(_GEOMETRY)
    )
    parts = (
        _VERSION_2,
        field(_NAME, name.encode()),
        features.as_field(_FEATURES).joined(),
        *(field(_KEYS, key.encode()) for key in attributes),
        values,
        _EXTENT + varint(extent),
    )
    return field(_LAYER, b"".join(parts))


def _geometry(rings: npt.NDArray[np.int32]) -> Rows:
    """The commands of each ring: move to its first corner, line to the others, close."""
    x, y = _clockwise(rings[:, :, 0], rings[:, :, 1])
    right, down = np.diff(x, axis=1, prepend=np.int32(0)), np.diff(y, axis=1, prepend=np.int32(0))
    moves = _moves(x, y, right, down)
    count, corners = x.shape
    words = np.empty((count, 2 * corners + 3), dtype=np.uint32)
    words[:, 0] = _MOVE_TO_ONE
    words[:, 1], words[:, 2] = zigzag(right[:, 0]), zigzag(down[:, 0])
    words[:, 3] = np.count_nonzero(moves, axis=1) << 3 | _LINE_TO
    words[:, 4:-1:2], words[:, 5:-1:2] = zigzag(right[:, 1:]), zigzag(down[:, 1:])
    words[:, -1] = _CLOSE_PATH
    if moves.all():
        return varints(words)
    sent = np.ones(words.shape, dtype=np.bool_)
    sent[:, 4:-1] = np.repeat(moves, 2, axis=1)
    return varints(words, sent)


def _moves(x: Corners, y: Corners, right: Corners, down: Corners) -> Flags:
    """Which corners after the first are lines to somewhere new, before the ring closes."""
    moves: Flags = (right[:, 1:] | down[:, 1:]) != 0
    away: Flags = (x != x[:, :1]) | (y != y[:, :1])
    if not away[:, -1].all():
        moves &= np.logical_or.accumulate(away[:, :0:-1], axis=1)[:, ::-1]
    return moves


def _clockwise(x: Corners, y: Corners) -> tuple[Corners, Corners]:
    """Rings of positive area as the format wants them; those of no area as smallest triangles."""
    right, down = x.astype(np.int64) - x[:, :1], y.astype(np.int64) - y[:, :1]
    doubled_area = np.einsum("ij,ij->i", right[:, :-1], down[:, 1:])
    doubled_area -= np.einsum("ij,ij->i", right[:, 1:], down[:, :-1])
    turned = (doubled_area < 0)[:, None]
    x, y = np.where(turned, x[:, ::-1], x), np.where(turned, y[:, ::-1], y)
    flat = doubled_area == 0
    x[flat, 1:] = x[flat, :1] + 1
    y[flat, 1:] = y[flat, :1] + 1
    y[flat, 1] -= 1
    return x, y


def _tags_and_values(attributes: Mapping[str, Values], count: int) -> tuple[Rows, bytes]:
    """The key and value numbers of each feature, and the layer's table of values.

    Values of a kind are gathered over all columns, so that none is in the table twice.
    """
    texts: dict[str, int] = {}
    columns = [_column(key, values, count, texts) for key, values in attributes.items()]
    words = np.zeros((count, len(columns), 2), dtype=np.uint32)
    words[:, :, 0] = np.arange(len(columns))
    sent = np.ones((count, len(columns)), dtype=np.bool_)
    parts: list[bytes] = []
    start = 0
    for kind, written in _WRITERS.items():
        chosen = [i for i, column in enumerate(columns) if column.kind == kind]
        if chosen:
            sent[:, chosen] = np.column_stack([columns[i].given for i in chosen])
            numbers = np.column_stack([columns[i].numbers for i in chosen])
            distinct, places = _distinct(numbers, sent[:, chosen])
            words[:, chosen, 1] = places + start
            parts.append(written(distinct, tuple(texts)))
            start += len(distinct)
    pairs = words.reshape(count, -1)
    return varints(pairs, np.repeat(sent, 2, axis=1)), b"".join(parts)


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    kind: str
    numbers: npt.NDArray[Any]
    given: Flags


def _column(key: str, values: Values, count: int, texts: dict[str, int]) -> _Column:
    """A column as numbers of one kind; ``texts`` gains the texts that it is the first to use."""
    column = values.codes if isinstance(values, Coded) else values
    if column.shape != (count,):
        raise InvalidValue(
            f"The attribute {key!r} needs one value for each of {count} polygons; given the "
            f"shape {column.shape}."
        )
    if isinstance(values, Coded):
        return _text_column(key, values, texts)
    kind = "i" if column.dtype.kind == "u" else column.dtype.kind
    if kind not in _WRITERS or (column.dtype == np.uint64 and bool((column >> 63).any())):
        raise InvalidValue(
            f"The attribute {key!r} needs numbers or truth values, whole ones within 64 bits "
            f"with a sign; given {column.dtype}. Give texts as Coded."
        )
    given = ~np.isnan(column) if kind == "f" else np.ones(count, dtype=np.bool_)
    return _Column(kind, column.astype(np.float64 if kind == "f" else np.int64), given)


def _text_column(key: str, values: Coded, texts: dict[str, int]) -> _Column:
    codes, last = values.codes, len(values.texts) - 1
    if codes.dtype.kind not in "iu" or codes.min(initial=-1) < -1 or codes.max(initial=-1) > last:
        raise InvalidValue(
            f"The codes of the attribute {key!r} need to be whole numbers from -1 to {last}, one "
            "less than it has texts; given some that are not."
        )
    places = np.array([*(texts.setdefault(text, len(texts)) for text in values.texts), 0])
    return _Column("text", places[codes], codes >= 0)


def _distinct(numbers: npt.NDArray[Any], given: Flags) -> tuple[npt.NDArray[Any], Indices]:
    """The different numbers among those given, ascending, and where each one is among them."""
    if not given.any():
        return numbers.ravel()[:0], np.zeros(numbers.shape, dtype=np.int64)
    numbers = np.where(given, numbers, numbers.flat[given.argmax()])
    low, high = numbers.min(), numbers.max()
    if numbers.dtype == np.int64 and int(high) - int(low) < numbers.size:
        found = np.zeros(int(high) - int(low) + 1, dtype=np.bool_)
        found[numbers - low] = True
        return np.flatnonzero(found) + low, (np.cumsum(found) - 1)[numbers - low]
    distinct, places = np.unique(numbers, return_inverse=True)
    return distinct, places.reshape(numbers.shape)


def _whole_values(numbers: npt.NDArray[Any], _texts: tuple[str, ...]) -> bytes:
    below = numbers < 0
    words = np.where(below, zigzag(numbers), numbers.astype(np.uint64))
    tags = np.where(below, _SINT, _UINT).astype(np.uint64)
    return varints(np.column_stack((tags, words))).as_field(_VALUES).joined()


def _double_values(numbers: npt.NDArray[Any], _texts: tuple[str, ...]) -> bytes:
    doubles = Rows.of(numbers.astype("<f8").view(np.uint8).reshape(-1, 8))
    return (Rows.alike(_DOUBLE, len(numbers)) + doubles).as_field(_VALUES).joined()


def _truth_values(numbers: npt.NDArray[Any], _texts: tuple[str, ...]) -> bytes:
    words = np.column_stack((np.full_like(numbers, _TRUTH), numbers)).astype(np.uint32)
    return varints(words).as_field(_VALUES).joined()


def _text_values(numbers: npt.NDArray[Any], texts: tuple[str, ...]) -> bytes:
    return b"".join(field(_VALUES, field(_TEXT, texts[i].encode())) for i in numbers.tolist())


_WRITERS: Final[Mapping[str, Callable[[npt.NDArray[Any], tuple[str, ...]], bytes]]] = {
    "i": _whole_values,
    "f": _double_values,
    "b": _truth_values,
    "text": _text_values,
}


def _checked_rings(rings: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    if rings.ndim != 3 or rings.shape[1] < 3 or rings.shape[2] != 2 or rings.dtype.kind not in "iu":
        raise InvalidValue(
            "Rings need whole tile units as (polygons, 3 or more corners, 2); given "
            f"{rings.dtype} of the shape {rings.shape}."
        )
    if rings.min(initial=0) < -_FARTHEST_UNITS or rings.max(initial=0) > _FARTHEST_UNITS:
        raise InvalidValue(
            f"Corners need to lie within {_FARTHEST_UNITS} units of the tile; given some that "
            "are farther away. Choose the polygons that touch the tile first."
        )
    return rings.astype(np.int32, copy=False)


def _checked_ids(ids: npt.NDArray[Any], count: int) -> npt.NDArray[np.uint64]:
    if ids.shape != (count,) or ids.dtype.kind not in "iu" or ids.min(initial=0) < 0:
        raise InvalidValue(
            f"Each of {count} polygons needs a whole number of 0 or more as its id; given "
            f"{ids.dtype} of the shape {ids.shape}."
        )
    return ids.astype(np.uint64, copy=False)
