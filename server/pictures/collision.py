"""What boxes and lines do to each other on a sheet, many at once: they overlap, cross or strike.

Boxes are arrays whose last four numbers are left, top, right and bottom; lines are arrays whose
last are a start and an end, x and y of each; all in pixels of the sheet. What comes before may be
of any shapes that fit together. Every function works on one coordinate at a time: reducing over a
last axis of two takes several times as long.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from server.pictures.scene import FloatArray

BoolArray = npt.NDArray[np.bool_]
_Points = tuple[FloatArray, FloatArray]


def line_between(starts: FloatArray, ends: FloatArray) -> FloatArray:
    """Lines from starts to ends, whose last numbers are x and y."""
    shape = np.broadcast_shapes(starts.shape, ends.shape)
    return np.stack((np.broadcast_to(starts, shape), np.broadcast_to(ends, shape)), axis=-2)


def overlapping(one: FloatArray, other: FloatArray) -> BoolArray:
    """Whether boxes share more than an edge."""
    return np.asarray(
        (one[..., 0] < other[..., 2])
        & (other[..., 0] < one[..., 2])
        & (one[..., 1] < other[..., 3])
        & (other[..., 1] < one[..., 3])
    )


def within(points: FloatArray, boxes: FloatArray) -> BoolArray:
    """Whether points lie in boxes, their edges counted as part of them."""
    x, y = points[..., 0], points[..., 1]
    across = (boxes[..., 0] <= x) & (x <= boxes[..., 2])
    return np.asarray(across & (boxes[..., 1] <= y) & (y <= boxes[..., 3]))


def crossing(one: FloatArray, other: FloatArray) -> BoolArray:
    """Whether lines cross, other than by touching."""
    return _cross(*_ends(one), *_ends(other))


def striking(lines: FloatArray, boxes: FloatArray) -> BoolArray:
    """Whether lines run through boxes: across either of their diagonals."""
    start, end = _ends(lines)
    left, top, right, bottom = (boxes[..., side] for side in range(4))
    falling = _cross(start, end, (left, top), (right, bottom))
    return falling | _cross(start, end, (left, bottom), (right, top))


def _ends(lines: FloatArray) -> tuple[_Points, _Points]:
    return (lines[..., 0, 0], lines[..., 0, 1]), (lines[..., 1, 0], lines[..., 1, 1])


def _cross(a: _Points, b: _Points, c: _Points, d: _Points) -> BoolArray:
    """Whether the lines from ``a`` to ``b`` and from ``c`` to ``d`` cross."""
    apart = _side(a, b, c) * _side(a, b, d) < 0
    return np.asarray(apart & (_side(c, d, a) * _side(c, d, b) < 0))


def _side(p: _Points, q: _Points, r: _Points) -> FloatArray:
    """Above or below 0 as ``r`` lies on one or the other side of the line from ``p`` to ``q``."""
    turn = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    return np.asarray(turn)
