"""The p-median made small before it is solved: sites that no best choice opens are left out.

The assignment of demand points is relaxed (Lagrange) and the relaxation raised step by step. Each
relaxed solution gives a bound, and with it for each site a bound on every choice that opens it;
where that bound is above a choice already in hand, the site is left out (Beasley 1993, European
Journal of Operational Research 65(3):383-399). So is the way from a demand point to a site. What a
relaxed solution opens is where the next choices in hand come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.costs import FloatArray
from geo.siting_exchange import Exchange
from geo.weighted import IntArray

_STEPS: Final = 1000
_PATIENCE: Final = 25
_SHORTEST: Final = 1e-3
_NEAR: Final = 1.1
_SLACK: Final = 1e-9
_SHRINK: Final = 0.8
_FEW: Final = 8
_ENOUGH: Final = 250
_NOW_AND_THEN: Final = 20


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


@dataclass(frozen=True, slots=True, eq=False)
class _Relaxed:
    """A bound, which way to raise it, what it opens, and what opening another one adds to it."""

    bound: float
    slope: FloatArray
    opened: IntArray
    added: FloatArray


def narrowed(costs: FloatArray, base: FloatArray, p: int) -> Remaining:
    """What remains to be decided of the ``p`` columns that cost least in all.

    Args:
        costs: weighted, with a row a demand point; infinite where there is no way.
        base: what each row costs if no column is opened, by the sites that are open in any case;
            infinite where there are none.
        p: 1 or more, and not more than there are columns.
    """
    costs = np.where(costs < base[:, None], costs, np.inf)
    columns = np.arange(costs.shape[1])
    swaps = Exchange(costs, base)
    choice, value = swaps.improved(swaps.added(p))
    if value >= swaps.endless:
        return Remaining(columns, costs, choice, np.inf, -np.inf)
    price = np.minimum(costs[:, list(choice)].min(axis=1), base)
    best, held, stretch, waited, nearest = -np.inf, price, 1.0, 0, np.inf
    possible = np.ones(len(columns), dtype=bool)
    for step in range(_STEPS):
        found = _relaxed(costs, base, price, p)
        opened = columns[found.opened].tolist()
        start = swaps.value(opened)
        if start < nearest or (step % _NOW_AND_THEN == 0 and start < value * _NEAR):
            nearest = min(nearest, start)
            choice, value = min(((choice, value), swaps.improved(opened)), key=lambda one: one[1])
        slack = _SLACK * value
        possible &= found.bound + found.added <= value + slack
        possible |= np.isin(columns, choice)
        waited += 1
        if found.bound > best + slack:
            best, held, waited = found.bound, price, 0
        elif waited >= _PATIENCE:
            stretch, waited = stretch / 2, 0
        steep = float(found.slope @ found.slope)
        few = step >= _ENOUGH and possible.sum() <= p + _FEW
        if not steep or few or value - best <= slack or stretch < _SHORTEST:
            break
        raised = price + stretch * (value - found.bound) / steep * found.slope
        price = np.maximum(raised, 0.0)
        if possible.sum() < _SHRINK * len(columns):
            costs, columns = costs[:, possible], columns[possible]
            possible = np.ones(len(columns), dtype=bool)
    costs, columns = costs[:, possible], columns[possible]
    last = _relaxed(costs, base, held, p)
    dearer = last.bound + last.added + np.maximum(costs - held[:, None], 0.0)
    table = np.where(dearer <= value + _SLACK * value, costs, np.inf)
    return Remaining(columns, table, choice, value, best)


def _relaxed(costs: FloatArray, base: FloatArray, price: FloatArray, p: int) -> _Relaxed:
    saved = np.minimum(costs - price[:, None], 0.0)
    worth = saved.sum(axis=0)
    order = np.argsort(worth, kind="stable")
    opened, last = order[:p], worth[order[p - 1]]
    by_base = np.minimum(base - price, 0.0)
    bound = float(price.sum() + worth[opened].sum() + by_base.sum())
    slope = 1.0 - (saved[:, opened] < 0).sum(axis=1) - (by_base < 0)
    return _Relaxed(bound, slope, opened, np.maximum(worth - last, 0.0))
