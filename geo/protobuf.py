"""Protocol buffers written by numpy: one message a row, all rows at once.

A protocol buffer is a message of fields, some of them messages again, each of those led by its
length. It is made of varints: whole numbers of one to ten bytes, seven bits to the byte, the
lowest first. Here a message of many like ones is one row of a table of bytes, as wide as the
longest needs; a second table says which bytes are sent. Lengths are sums along the rows, fields
are put side by side, and the stream is what remains when the bytes that are not sent fall away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.unsignedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Lengths = npt.NDArray[np.int64]

_LED_BY_LENGTH: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A message a row: blocks of bytes side by side, which of them are sent, and how many."""

    blocks: tuple[tuple[Bytes, Flags], ...]
    lengths: Lengths

    @classmethod
    def of(cls, table: Bytes, sent: Flags | None = None) -> Rows:
        """Rows of one table of bytes; all of them are sent unless told otherwise."""
        flags = np.ones(table.shape, dtype=np.bool_) if sent is None else sent
        return cls(((table, flags),), flags.sum(axis=1, dtype=np.int64))

    @classmethod
    def alike(cls, message: bytes, count: int) -> Rows:
        """The same bytes in each of ``count`` rows."""
        return cls.of(np.tile(np.frombuffer(message, dtype=np.uint8), (count, 1)))

    def __add__(self, other: Rows) -> Rows:
        """Each row with the other's row behind it."""
        return Rows(self.blocks + other.blocks, self.lengths + other.lengths)

    def as_field(self, number: int) -> Rows:
        """Each message as a field led by its length; an empty one is left out."""
        head = np.column_stack(
            (np.full_like(self.lengths, number << 3 | _LED_BY_LENGTH), self.lengths)
        )
        sent = np.repeat((self.lengths > 0)[:, None], 2, axis=1)
        return varints(head.astype(np.uint32), sent) + self

    def joined(self) -> bytes:
        """The bytes sent, row after row."""
        tables, flags = zip(*self.blocks, strict=True)
        return np.compress(np.hstack(flags).ravel(), np.hstack(tables).ravel()).tobytes()


def zigzag(numbers: npt.NDArray[np.signedinteger[Any]]) -> Words:
    """Signed whole numbers of 32 or 64 bits as unsigned ones, small where they are near 0.

    >>> zigzag(np.array([0, -1, 1, -2])).tolist()
    [0, 1, 2, 3]
    """
    size = numbers.itemsize
    folded: Words = ((numbers << 1) ^ (numbers >> (8 * size - 1))).view(f"u{size}")
    return folded


def varint(number: int) -> bytes:
    """One whole number of 0 or more.

    >>> varint(300)
    b'\\xac\\x02'
    """
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def field(number: int, message: bytes) -> bytes:
    """One message or text as a field led by its length."""
    return bytes((number << 3 | _LED_BY_LENGTH,)) + varint(len(message)) + message


def varints(words: Words, sent: Flags | None = None) -> Rows:
    """The varints of a table of unsigned words, row by row; words not ``sent`` take no bytes.

    >>> varints(np.array([[1, 300]], dtype=np.uint32)).joined()
    b'\\x01\\xac\\x02'
    """
    largest = int(words.max(initial=0))
    width = max(1, -(-largest.bit_length() // 7))
    words = words.astype(np.min_scalar_type(largest), copy=False)
    table = np.empty((*words.shape, width), dtype=np.uint8)
    needed = np.ones(table.shape, dtype=np.bool_)
    for place in range(width):
        rest = words >> 7 * place
        table[:, :, place] = rest.astype(np.uint8) & 127
        if place:
            needed[:, :, place] = rest > 0
    table[:, :, :-1] |= needed[:, :, 1:].view(np.uint8) << 7
    shape = (len(words), words.shape[1] * width)
    flags = needed.reshape(shape)
    if sent is not None:
        flags &= np.repeat(sent, width, axis=1)
    return Rows.of(table.reshape(shape), flags)
