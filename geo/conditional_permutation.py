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

from typing import Final

import numpy as np
import numpy.typing as npt

from geo.errors import InvalidValue
from geo.neighbours import Neighbours

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TIE: Final = 1e-12
"""By what part of all values two sums may differ by rounding and still be equal."""


def neighbour_tails(
    values: FloatArray, near: Neighbours, permutations: int, seed: int
) -> tuple[IntArray, IntArray]:
    """How many of the permuted sums of neighbours are at least, and at most, the one observed.

    Args:
        values: one finite number for each place.
        near: the neighbours of each place.
        permutations: how many times values are drawn.
        seed: of the random numbers; equal seeds give equal answers.

    Raises:
        InvalidValue: fewer than 99 permutations.
    """
    if permutations < 99:
        raise InvalidValue(f"At least 99 permutations are needed; given {permutations}.")
    order = np.lexsort((*near.points_m.T, values))
    rank = np.empty(near.size, dtype=np.int64)
    rank[order] = np.arange(near.size)
    ranked = values[order]
    tie = TIE * float(np.abs(values).sum())
    counts, observed = near.counts, near.sums(values)
    most = int(counts.max(initial=0))
    draws = _draws(near.size, min(most + 1, near.size), permutations, seed)
    cumulative = np.cumsum(ranked[draws], axis=1)
    at_least = np.full(near.size, permutations, dtype=np.int64)
    at_most = at_least.copy()
    for count in np.unique(counts[counts > 0]):
        having = np.flatnonzero(counts == count)
        at_least[having], at_most[having] = _tails(
            observed[having], rank[having], ranked, draws, cumulative[:, count - 1], count, tie
        )
    return at_least, at_most


def two_sided_p(at_least: IntArray, at_most: IntArray, permutations: int) -> FloatArray:
    """Two-sided pseudo p-values: twice the smaller tail, the observed value counted in.

    The least that can be had is 2 / (permutations + 1).
    """
    smaller = np.minimum(at_least, at_most) + 1
    return np.minimum(2 * smaller / (permutations + 1), 1.0)


def _tails(
    observed: FloatArray,
    rank: IntArray,
    ranked: FloatArray,
    draws: IntArray,
    sums: FloatArray,
    count: int,
    tie: float,
) -> tuple[IntArray, IntArray]:
    """The tails of places with ``count`` neighbours; their own values are put right one by one."""
    low, high = observed - tie, observed + tie
    ordered = np.sort(sums)
    at_least = len(sums) - np.searchsorted(ordered, low, side="left")
    at_most = np.searchsorted(ordered, high, side="right")
    place_of = np.full(len(ranked), -1, dtype=np.int64)
    place_of[rank] = np.arange(len(rank))
    draw, column = np.nonzero(place_of[draws[:, :count]] >= 0)
    if not len(draw):
        return at_least, at_most
    own = draws[draw, column]
    place, before = place_of[own], sums[draw]
    after = before - ranked[own] + ranked[draws[draw, count]]
    at_least += _net(after >= low[place], before >= low[place], place, len(rank))
    at_most += _net(after <= high[place], before <= high[place], place, len(rank))
    return at_least, at_most


def _net(
    now: npt.NDArray[np.bool_], before: npt.NDArray[np.bool_], place: IntArray, places: int
) -> IntArray:
    """By how much the count of each place changes."""
    change = now.astype(np.int64) - before.astype(np.int64)
    return np.bincount(place, weights=change, minlength=places).astype(np.int64)


def _draws(size: int, width: int, permutations: int, seed: int) -> IntArray:
    """In each row so many different numbers below ``size``, in random order."""
    random = np.random.default_rng(seed)
    if width * width > size:
        every = np.tile(np.arange(size), (permutations, 1))
        return np.asarray(random.permuted(every, axis=1)[:, :width], dtype=np.int64)
    draws = random.integers(size, size=(permutations, width))
    while True:
        twice = np.flatnonzero((np.diff(np.sort(draws, axis=1), axis=1) == 0).any(axis=1))
        if not len(twice):
            return draws
        draws[twice] = random.integers(size, size=(len(twice), width))
