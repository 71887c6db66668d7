"""Covering made small before it is solved: rows and columns that decide nothing are left out.

A demand point that is covered whenever another one is need not be looked at when all must be
covered, and a site that covers no more than another one need not be offered: the row and column
dominance of set covering. Neither changes how good the best choice is.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.costs import FloatArray
from geo.weighted import IntArray

BoolArray = npt.NDArray[np.bool_]


def useful_columns(covers: BoolArray) -> IntArray:
    """The columns that cover something no other one covers as well; of equal ones the first."""
    held = covers.astype(np.float32)
    return _kept(held.T @ held == held.sum(axis=0)[:, None])


def decisive_rows(covers: BoolArray) -> IntArray:
    """The rows that are not covered whenever another row is; of equal ones the first."""
    held = covers.astype(np.float32)
    return _kept(held @ held.T == held.sum(axis=1)[None, :])


def merged_rows(covers: BoolArray, weights: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Rows covered by the same columns made one, their weights added up."""
    packed, of = np.unique(np.packbits(covers, axis=1), axis=0, return_inverse=True)
    rows: BoolArray = np.unpackbits(packed, axis=1, count=covers.shape[1]).astype(np.bool_)
    added = np.bincount(of.reshape(-1), weights, minlength=len(rows))
    return rows, added.astype(np.float64)


def reduced(covers: BoolArray) -> tuple[BoolArray, IntArray]:
    """A set covering with nothing left out that matters, and the columns that remain."""
    columns = np.arange(covers.shape[1])
    while True:
        kept = useful_columns(covers)
        rows = decisive_rows(covers[:, kept])
        if len(rows) == len(covers) and len(kept) == len(columns):
            return covers, columns
        covers, columns = covers[np.ix_(rows, kept)], columns[kept]


def greedy(covers: BoolArray) -> list[int]:
    """Columns that cover every row, each time the one that covers the most rows anew."""
    chosen: list[int] = []
    left = covers
    while len(left):
        gain = left.sum(axis=0)
        chosen.append(int(gain.argmax()))
        left = left[~left[:, chosen[-1]]]
    return chosen


def apart(covers: BoolArray) -> int:
    """A number of rows no two of which share a column, so that as many columns are needed."""
    count, open_rows = 0, covers
    while len(open_rows):
        first = open_rows[open_rows.sum(axis=1).argmin()]
        open_rows = open_rows[~(open_rows & first).any(axis=1)]
        count += 1
    return count


def _kept(needless: BoolArray) -> IntArray:
    """What none makes needless, by which one (row) is made so by which other (column)."""
    equal = needless & needless.T
    earlier = np.tri(len(needless), k=-1, dtype=bool)
    return np.flatnonzero(~((needless & ~equal) | (equal & earlier)).any(axis=1))
