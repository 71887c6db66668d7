"""The p-median made small before it is solved: sites that no best choice opens are left out.

The assignment of demand points is relaxed (Lagrange) and the relaxation raised step by step. Each
relaxed solution gives a bound, and with it for each site a bound on every choice that opens or
leaves it; where that bound is above a choice already in hand, the site is settled (Beasley 1993,
European Journal of Operational Research 65(3):383-399). The choice in hand is made by adding sites
and exchanging them while that helps (Teitz and Bart 1968, Operations Research 16(5):955-961).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.costs import FloatArray
from geo.weighted import IntArray

BoolArray = npt.NDArray[np.bool_]

_STEPS: Final = 1000
_PATIENCE: Final = 25
_SHORTEST: Final = 1e-3
_NEAR: Final = 1.1
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Remaining:
    """The columns that some best choice may open, a good choice of ``p``, and a lower bound.

    ``costs`` has those columns alone, infinite where no best choice serves a row from a column.
    """

    columns: IntArray
    costs: FloatArray
    choice: tuple[int, ...]
    value: float
    bound: float


def narrowed(costs: FloatArray, base: FloatArray, p: int) -> Remaining:
    """What remains to be decided of the ``p`` columns that cost least in all.

    Args:
        costs: weighted, with a row a demand point; infinite where there is no way.
        base: what each row costs if no column is opened, by the sites that are open in any case;
            infinite where there are none.
        p: 1 or more, and not more than there are columns.
    """
    costs = np.where(costs < base[:, None], costs, np.inf)
    choice, value = _good_choice(costs, base, p)
    if not np.isfinite(value):
        return Remaining(np.arange(costs.shape[1]), costs, choice, value, -np.inf)
    possible = np.ones(costs.shape[1], dtype=bool)
    price = _served(costs, base, choice)[0]
    best, stretch, waited = -np.inf, 1.0, 0
    held, tried = price, set[tuple[int, ...]]()
    for _ in range(_STEPS):
        bound, slope, opened, worth = _relaxed(costs, base, price, p)
        if opened not in tried:
            tried.add(opened)
            start = float(_served(costs, base, opened)[0].sum())
            if start < value * _NEAR:
                other, better = _exchanged(costs, base, opened)
                choice, value = (other, better) if better < value else (choice, value)
        possible &= bound + worth <= value + _SLACK * abs(value)
        if bound > best + _SLACK * abs(value):
            best, waited, held = bound, 0, price
        else:
            waited += 1
        if waited >= _PATIENCE:
            stretch, waited = stretch / 2, 0
        steep = float(slope @ slope)
        if not steep or value - best <= _SLACK * abs(value) or stretch < _SHORTEST:
            break
        price = np.maximum(price + stretch * (value - bound) / steep * slope, 0.0)
    possible[list(choice)] = True
    bound, _, _, worth = _relaxed(costs, base, held, p)
    dearer = bound + worth + np.maximum(costs - held[:, None], 0.0)
    table = np.where(dearer <= value + _SLACK * abs(value), costs, np.inf)[:, possible]
    return Remaining(np.flatnonzero(possible), table, choice, value, best)


def _good_choice(costs: FloatArray, base: FloatArray, p: int) -> tuple[tuple[int, ...], float]:
    """A choice that serves as many rows as exchanges find, and what it costs, maybe infinite."""
    both = np.column_stack((costs, base))
    way = np.isfinite(both)
    endless = both.max(axis=1, initial=0.0, where=way).sum() + 1.0
    ended = np.where(way, both, endless)
    choice, _ = _exchanged(ended[:, :-1], ended[:, -1], _added(ended[:, :-1], ended[:, -1], p))
    return choice, float(_served(costs, base, choice)[0].sum())


def _relaxed(
    costs: FloatArray, base: FloatArray, price: FloatArray, p: int
) -> tuple[float, FloatArray, tuple[int, ...], FloatArray]:
    """A bound, which way to raise it, what it opens, and what opening each other one adds to it."""
    saved = np.minimum(costs - price[:, None], 0.0)
    worth = saved.sum(axis=0)
    order = np.argsort(worth, kind="stable")
    opened = order[:p]
    by_base = np.minimum(base - price, 0.0)
    bound = float(price.sum() + worth[opened].sum() + by_base.sum())
    slope = 1.0 - (saved[:, opened] < 0).sum(axis=1) - (by_base < 0)
    added = np.maximum(worth - worth[order[p - 1]], 0.0)
    return bound, slope, tuple(sorted(opened.tolist())), added


def _served(
    costs: FloatArray, base: FloatArray, chosen: tuple[int, ...]
) -> tuple[FloatArray, IntArray, FloatArray]:
    """What each row costs, by which of the chosen (-1 by none), and what it costs without that."""
    among = np.column_stack((costs[:, list(chosen)], base))
    by = among.argmin(axis=1)
    first = among[np.arange(len(among)), by]
    among[np.arange(len(among)), by] = np.inf
    by[first >= base] = -1
    return first, by, np.minimum(among.min(axis=1), base)


def _added(costs: FloatArray, base: FloatArray, p: int) -> tuple[int, ...]:
    chosen: list[int] = []
    now = base
    for _ in range(p):
        then = np.minimum(costs, now[:, None])
        total = then.sum(axis=0)
        total[chosen] = np.inf
        best = int(total.argmin())
        chosen.append(best)
        now = then[:, best]
    return tuple(chosen)


def _exchanged(
    costs: FloatArray, base: FloatArray, chosen: tuple[int, ...]
) -> tuple[tuple[int, ...], float]:
    """Swap one column for another, the best such swap each time, until none helps."""
    value = float(_served(costs, base, chosen)[0].sum())
    while True:
        first, by, second = _served(costs, base, chosen)
        totals = np.empty((len(chosen), costs.shape[1]))
        for place in range(len(chosen)):
            rest = np.where(by == place, second, first)
            totals[place] = np.minimum(costs, rest[:, None]).sum(axis=0)
        row, column = np.unravel_index(int(totals.argmin()), totals.shape)
        best = float(totals[row, column])
        if not best < value - _SLACK * abs(value):
            return chosen, value
        swapped = (*chosen[:row], int(column), *chosen[row + 1 :])
        chosen, value = swapped, best
