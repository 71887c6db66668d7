"""How often chance alone would give a place such neighbours: conditional permutation.

A place keeps its own value, and its neighbours' values are drawn from those of all other places
without replacement (Anselin 1995). Every place is held against the same draws, as the reference
program for such measures does too. For all places with equally many neighbours the drawn sums are
then the same, but for the few draws in which a place meets its own value; there a spare value of
the same draw takes its place, which leaves each draw as likely as any other. So the sums are made
once for each number of neighbours, not once for each place, and the answer is exact all the same.

Values are drawn by their rank, ties by position, so that the order of the rows changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidValue

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FEWEST: Final = 99
MOST: Final = 9_999_999
TIE: Final = 1e-12
"""By what part of all values two sums may differ by rounding and still be equal."""
BLOCK: Final = 2_000_000
"""How many drawn values are held at a time, which bounds the memory whatever is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """What is held against chance: values, and what the neighbours of each have together.

    ``ties_by`` orders equal values: one or more keys for each value, such as its position.
    """

    values: FloatArray
    sums: FloatArray
    counts: IntArray
    ties_by: tuple[npt.NDArray[np.float64], ...]


def neighbour_tails(seen: Observed, permutations: int, seed: int) -> tuple[IntArray, IntArray]:
    """How many of the permuted sums of neighbours are at least, and at most, the one observed.

    Args:
        seen: values, the sums of their neighbours, and how many neighbours each has.
        permutations: how many times values are drawn.
        seed: of the random numbers; equal seeds give equal answers.

    Raises:
        InvalidValue: fewer than 99 permutations, or more than 9,999,999.
    """
    if not FEWEST <= permutations <= MOST:
        raise InvalidValue(
            f"From {FEWEST} to {MOST:,} permutations can be made; given {permutations}."
        )
    size = seen.values.size
    order = np.lexsort((*seen.ties_by, seen.values))
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size)
    ranked = seen.values[order]
    slack = TIE * float(np.abs(ranked).sum())
    low, high = seen.sums - slack, seen.sums + slack
    groups = [_Group.of(int(count), seen, rank, low, high) for count in _counts_of(seen)]
    at_least = np.zeros(size, dtype=np.int64)
    at_most = np.zeros(size, dtype=np.int64)
    without = seen.counts == 0
    at_least[without] = at_most[without] = permutations
    width = min(int(seen.counts.max(initial=0)) + 1, size)
    for draws in _draws(size, width, permutations, seed) if groups else ():
        cumulative = np.cumsum(ranked[draws], axis=1)
        for group in groups:
            group.add(at_least, at_most, ranked, draws, cumulative[:, group.count - 1])
    return at_least, at_most


def two_sided_p(at_least: IntArray, at_most: IntArray, permutations: int) -> FloatArray:
    """Two-sided pseudo p-values: twice the smaller tail, the observed value counted in.

    The least that can be had is 2 / (permutations + 1).
    """
    smaller = np.minimum(at_least, at_most) + 1
    return np.minimum(2 * smaller / (permutations + 1), 1.0)


def _counts_of(seen: Observed) -> IntArray:
    return np.unique(seen.counts[seen.counts > 0])


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """The places with ``count`` neighbours, and who of them has the value of each rank."""

    count: int
    places: IntArray
    low: FloatArray
    high: FloatArray
    of_rank: IntArray

    @classmethod
    def of(
        cls, count: int, seen: Observed, rank: IntArray, low: FloatArray, high: FloatArray
    ) -> _Group:
        places = np.flatnonzero(seen.counts == count)
        of_rank = np.full(seen.values.size, -1, dtype=np.int64)
        of_rank[rank[places]] = np.arange(places.size)
        return cls(count, places, low[places], high[places], of_rank)

    def add(
        self,
        at_least: IntArray,
        at_most: IntArray,
        ranked: FloatArray,
        draws: IntArray,
        sums: FloatArray,
    ) -> None:
        """Add the tails of these draws; where a place met its own value, by the spare one."""
        ordered = np.sort(sums)
        at_least[self.places] += len(sums) - np.searchsorted(ordered, self.low, side="left")
        at_most[self.places] += np.searchsorted(ordered, self.high, side="right")
        draw, column = np.nonzero(self.of_rank[draws[:, : self.count]] >= 0)
        own = draws[draw, column]
        place, before = self.of_rank[own], sums[draw]
        after = before - ranked[own] + ranked[draws[draw, self.count]]
        low, high = self.low[place], self.high[place]
        at_least[self.places] += _net(after >= low, before >= low, place, self.places.size)
        at_most[self.places] += _net(after <= high, before <= high, place, self.places.size)


def _net(
    now: npt.NDArray[np.bool_], before: npt.NDArray[np.bool_], place: IntArray, places: int
) -> IntArray:
    """By how much the count of each place changes."""
    change = now.astype(np.int64) - before.astype(np.int64)
    return np.bincount(place, weights=change, minlength=places).astype(np.int64)


def _draws(size: int, width: int, permutations: int, seed: int) -> Iterator[IntArray]:
    """Block by block, in each row so many different numbers below ``size``, in random order."""
    random = np.random.default_rng(seed)
    shuffled = width * width > size
    rows = max(1, BLOCK // (size if shuffled else width))
    for begin in range(0, permutations, rows):
        block = min(rows, permutations - begin)
        if shuffled:
            every = np.tile(np.arange(size), (block, 1))
            yield np.asarray(random.permuted(every, axis=1)[:, :width], dtype=np.int64)
        else:
            yield _without_repeats(random, size, (block, width))


def _without_repeats(random: np.random.Generator, size: int, shape: tuple[int, int]) -> IntArray:
    """Rows drawn with replacement, those that hold a number twice drawn anew until none does."""
    draws = random.integers(size, size=shape)
    doubtful = np.arange(shape[0])
    while True:
        ordered = np.sort(draws[doubtful], axis=1)
        doubtful = doubtful[(np.diff(ordered, axis=1) == 0).any(axis=1)]
        if not len(doubtful):
            return draws
        draws[doubtful] = random.integers(size, size=(len(doubtful), shape[1]))
