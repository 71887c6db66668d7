"""Statistical disclosure control for small counts in tables with published totals.

No count below the threshold is published, 0 included: to the public "fewer than 5" covers 0 to 4.
That alone is not enough, because a reader who knows a total subtracts. So further values are
withheld until no withheld value can be worked out, and none below the threshold can be shown to be
below it. The terms are those of Hundepool et al., *Statistical Disclosure Control* (Wiley, 2012),
chapter 4: primary and secondary suppression, and the audit of feasible intervals. The threshold is
a setting; 5 is a common choice in British public statistics.

The reader is taken to know every published value, how the values add up, and that no count is
negative. The audit asks, by linear programming, for the lowest and the highest value that each
withheld count could then have. The equations of a two-way table are those of a flow in a network,
so these bounds are whole numbers and a table of whole numbers reaches them.

What this does not guard against: a second table over other rows, areas or dates that differ by a
little from those of the first. Publish fixed breakdowns, and protect each combination once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from geo.errors import InvalidValue

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

DEFAULT_THRESHOLD: Final = 5


@dataclass(frozen=True, slots=True)
class MarginTable:
    """Counts with their totals, flattened, and the equations that every reader knows.

    ``values`` holds the counts and the totals. Each row of ``equations`` is one line of the table:
    1 for its members, -1 for its total, 0 elsewhere; the row times the values is 0. ``is_total``
    marks the totals.
    """

    values: IntArray
    equations: IntArray
    is_total: BoolArray


@dataclass(frozen=True, slots=True)
class Protected:
    """What of a two-way table may be published (True) and what is withheld (False)."""

    cells: BoolArray
    row_totals: BoolArray
    col_totals: BoolArray
    total: bool

    @property
    def published(self) -> BoolArray:
        """The masks as one table with its totals in the last row and column."""
        body = np.column_stack((self.cells, self.row_totals))
        return np.vstack((body, np.append(self.col_totals, self.total)))


@dataclass(frozen=True, slots=True)
class ProtectedLine:
    """What of one line of counts may be published (True) and what is withheld (False)."""

    cells: BoolArray
    total: bool


def protect(counts: npt.ArrayLike, threshold: int = DEFAULT_THRESHOLD) -> Protected:
    """Decide what of a two-way table, with its row, column and grand totals, may be published.

    Of the values that could be withheld to shield another, the smallest goes first, and a count
    before a total. The same counts give the same answer. An empty table publishes nothing.

    Raises:
        InvalidValue: the counts are not whole numbers of 0 and more in rows and columns, or the
            threshold is below 1.
    """
    table = two_way_table(counts)
    rows, columns = np.shape(counts)
    published = _published(table, _checked_threshold(threshold)).reshape(rows + 1, columns + 1)
    return Protected(
        cells=published[:-1, :-1],
        row_totals=published[:-1, -1],
        col_totals=published[-1, :-1],
        total=bool(published[-1, -1]),
    )


def protect_line(counts: npt.ArrayLike, threshold: int = DEFAULT_THRESHOLD) -> ProtectedLine:
    """Decide what of a single line of counts, with its total, may be published.

    >>> protect_line([3, 9, 40]).cells.tolist()
    [False, False, True]
    """
    published = _published(one_way_table(counts), _checked_threshold(threshold))
    return ProtectedLine(cells=published[:-1], total=bool(published[-1]))


def two_way_table(counts: npt.ArrayLike) -> MarginTable:
    """Counts in rows and columns, with totals as the last row and column, flattened row by row."""
    cells = _checked_counts(counts, dimensions=2)
    body = np.column_stack((cells, cells.sum(axis=1)))
    whole = np.vstack((body, body.sum(axis=0)))
    rows, columns = whole.shape
    position = np.arange(whole.size).reshape(whole.shape)
    equations = np.zeros((rows + columns, whole.size), dtype=np.int64)
    for number, line in enumerate([*position, *position.T]):
        equations[number, line[:-1]] = 1
        equations[number, line[-1]] = -1
    is_total = np.zeros(whole.shape, dtype=bool)
    is_total[-1, :] = is_total[:, -1] = True
    return MarginTable(whole.ravel(), equations, is_total.ravel())


def one_way_table(counts: npt.ArrayLike) -> MarginTable:
    """One line of counts, followed by its total."""
    cells = _checked_counts(counts, dimensions=1)
    equation = np.append(np.ones(len(cells), dtype=np.int64), -1)
    is_total = np.append(np.zeros(len(cells), dtype=bool), True)
    return MarginTable(np.append(cells, cells.sum()), equation[None, :], is_total)


def feasible_interval(
    table: MarginTable, published: npt.ArrayLike, position: int
) -> tuple[float, float]:
    """The lowest and the highest value that a reader must think possible at ``position``.

    ``published`` says, for each of ``table.values``, whether the reader sees it. The upper bound is
    ``inf`` where nothing published limits the value.

    >>> table = two_way_table([[3, 9], [8, 20]])
    >>> feasible_interval(table, [False, False, True, False, False, True, True, True, True], 0)
    (0.0, 11.0)
    """
    seen = np.asarray(published, dtype=bool).ravel()
    if seen[position]:
        value = float(table.values[position])
        return value, value
    low = _extreme(table, seen, position, highest=False)[position]
    high = _extreme(table, seen, position, highest=True)[position]
    return float(low), math.inf if high > table.values.sum() else float(high)


def _published(table: MarginTable, threshold: int) -> BoolArray:
    """Withhold small values, then what else the lines and the audit ask for, until all is safe."""
    published = table.values >= threshold
    if not published.any():
        return published
    while True:
        _withhold_along_lines(table, published, threshold)
        exposed = next(_exposed(table, published, threshold), None)
        if exposed is None:
            return _with_the_needless_restored(table, published, threshold)
        published[_shield(table, published, exposed)] = False


def _with_the_needless_restored(
    table: MarginTable, published: BoolArray, threshold: int
) -> BoolArray:
    """Publish again what later steps made it needless to withhold: the greatest loss first."""
    shielding = np.flatnonzero(~published & (table.values >= threshold))
    for position in reversed(_by_loss(table, published, shielding)):
        trial = published.copy()
        trial[position] = True
        gives_away = any(_gives_away(table, trial, line, threshold) for line in table.equations)
        if not gives_away and next(_exposed(table, trial, threshold), None) is None:
            published = trial
    return published


def _withhold_along_lines(table: MarginTable, published: BoolArray, threshold: int) -> None:
    """Give every line no withheld value or several, whose known sum is not itself small."""
    changed = True
    while changed:
        changed = False
        for line in table.equations:
            if _gives_away(table, published, line, threshold):
                candidates = np.flatnonzero((line != 0) & published)
                published[_by_loss(table, published, candidates)[0]] = False
                changed = True


def _gives_away(table: MarginTable, published: BoolArray, line: IntArray, threshold: int) -> bool:
    withheld = np.flatnonzero((line != 0) & ~published)
    if len(withheld) <= 1:
        return len(withheld) == 1
    total_is_seen = bool(published[line < 0].all())
    return total_is_seen and int(table.values[withheld].sum()) < threshold


def _by_loss(table: MarginTable, published: BoolArray, candidates: IntArray) -> list[int]:
    """The values in the order in which they are best withheld: counts before totals, then by loss.

    A value that crosses a line with nothing withheld yet will need a companion there, so that
    companion, the smallest it can be, is part of the loss.
    """

    def loss(position: int) -> tuple[bool, int, int, int]:
        companions = 0
        for line in table.equations[table.equations[:, position] != 0]:
            others = line != 0
            others[position] = False
            if published[others].all() and others.any():
                companions += int(table.values[others].min())
        value = int(table.values[position])
        return bool(table.is_total[position]), value + companions, value, position

    return sorted((int(position) for position in candidates), key=loss)


def _shield(table: MarginTable, published: BoolArray, exposed: int) -> int:
    """The value whose withholding widens the interval of one exposed, at the least loss.

    Where no single value does, it is the one of the least loss in the lines of the exposed.
    """
    candidates = _by_loss(table, published, np.flatnonzero(published))
    known = _width(table, published, exposed)
    for position in candidates:
        trial = published.copy()
        trial[position] = False
        if _width(table, trial, exposed) > known:
            return position
    own_lines = table.equations[table.equations[:, exposed] != 0]
    near = (own_lines != 0).any(axis=0)
    return next((position for position in candidates if near[position]), candidates[0])


def _width(table: MarginTable, published: BoolArray, position: int) -> float:
    low, high = feasible_interval(table, published, position)
    return high - low


def _exposed(table: MarginTable, published: BoolArray, threshold: int) -> Iterator[int]:
    """Withheld values that a reader could still work out, or show to lie below the threshold.

    Each table found on the way that fits what is published clears all the values at once whose
    safety it proves, which leaves few to be asked about.
    """
    small = table.values < threshold
    doubtful = ~published
    for position in np.flatnonzero(~published):
        if not doubtful[position]:
            continue
        for highest in (True, False):
            other = _extreme(table, published, int(position), highest=highest, beyond=threshold)
            doubtful &= ~((other != table.values) & (~small | (other >= threshold)))
            if not doubtful[position] or small[position]:
                break
        if doubtful[position]:
            yield int(position)


def _extreme(
    table: MarginTable, seen: BoolArray, position: int, *, highest: bool, beyond: int = 1
) -> IntArray:
    """A whole table that fits what is seen, with the value at ``position`` at its extreme.

    What is seen limits a value by at most the sum of all values, if it limits it at all. The bound
    set here is twice that and ``beyond``, so a value above the sum is one without a limit.
    """
    hidden = np.flatnonzero(~seen)
    aim = np.where(hidden == position, -1.0 if highest else 1.0, 0.0)
    needed = -(table.equations[:, seen] @ table.values[seen])
    bound = 2 * (int(table.values.sum()) + beyond)
    solution = linprog(
        aim, A_eq=table.equations[:, hidden], b_eq=needed, bounds=(0, bound), method="highs"
    )
    whole = table.values.copy()
    whole[hidden] = np.rint(solution.x).astype(np.int64)
    return whole


def _checked_counts(counts: npt.ArrayLike, dimensions: int) -> IntArray:
    array = np.asarray(counts)
    empty = array.size == 0
    if array.ndim != dimensions or not (empty or array.dtype.kind in "iu") or (array < 0).any():
        raise InvalidValue(
            f"Counts are needed as whole numbers of 0 and more in {dimensions} dimension(s); given "
            f"{array.dtype} in the shape {array.shape}."
        )
    return array.astype(np.int64)


def _checked_threshold(threshold: int) -> int:
    if threshold < 1:
        raise InvalidValue(
            f"The smallest count that may be published must be 1 or more; given {threshold}."
        )
    return threshold
