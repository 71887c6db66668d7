"""Good choices of columns: the next best each time, then exchanged while that helps.

Exchanges are tried all at once (Teitz and Bart 1968, Operations Research 16(5):955-961): what a
swap costs is what the new column saves everyone, less what those who lose their column pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from geo.costs import FloatArray

_SLACK: Final = 1e-9


class Exchange:
    """Weighted costs of rows by columns, and ``base``, what each row costs without any column."""

    def __init__(self, costs: FloatArray, base: FloatArray) -> None:
        both = np.column_stack((costs, base))
        way = np.isfinite(both)
        self.endless = float(both.max(axis=1, initial=0.0, where=way).sum()) + 1.0
        """More than any choice costs that serves every row; what a row without a way counts."""
        both = np.where(way, both, self.endless)
        self._costs, self._base = both[:, :-1], both[:, -1]

    def value(self, chosen: Sequence[int]) -> float:
        """What all rows cost by the columns chosen."""
        cheapest = self._costs[:, list(chosen)].min(axis=1, initial=np.inf)
        return float(np.minimum(cheapest, self._base).sum())

    def added(self, p: int) -> tuple[int, ...]:
        """``p`` columns, each the one that costs least beside those before it."""
        chosen: list[int] = []
        now = self._base
        for _ in range(p):
            then = np.minimum(self._costs, now[:, None])
            total = then.sum(axis=0)
            total[chosen] = np.inf
            chosen.append(int(total.argmin()))
            now = then[:, chosen[-1]]
        return tuple(chosen)

    def improved(self, chosen: Sequence[int]) -> tuple[tuple[int, ...], float]:
        """The choice after the best swaps, one at a time, until none helps, and what it costs."""
        held, value = list(chosen), self.value(chosen)
        while True:
            totals = self._swapped(held)
            place, column = np.unravel_index(int(totals.argmin()), totals.shape)
            swapped = [*held[:place], int(column), *held[place + 1 :]]
            better = self.value(swapped)
            if better >= value - _SLACK * value:
                return tuple(held), value
            held, value = swapped, better

    def _swapped(self, held: list[int]) -> FloatArray:
        """What all rows cost when a column (column) takes the place of one chosen (row)."""
        among = np.column_stack((self._costs[:, held], self._base))
        rows = np.arange(len(among))
        by = among.argmin(axis=1)
        first = among[rows, by].copy()
        among[rows, by] = np.inf
        among[:, -1] = self._base
        kept = np.minimum(self._costs, first[:, None])
        lost = np.minimum(self._costs, among.min(axis=1)[:, None]) - kept
        pays = np.array([lost[by == place].sum(axis=0) for place in range(len(held))])
        totals: FloatArray = kept.sum(axis=0)[None, :] + pays
        return totals
