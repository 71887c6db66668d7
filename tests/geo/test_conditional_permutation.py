"""Permuted tails against a plain loop over every way to draw, and by brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.conditional_permutation import _draws, neighbour_tails, two_sided_p
from geo.neighbours import within_band


@pytest.mark.parametrize("values", [[3, 1, 4, 1, 5, 9], [0, 0, 0, 2, 0, 1]])
def test_tails_come_near_those_of_every_way_to_draw(values: list[float]) -> None:
    near = within_band([(0, 0), (1, 0), (2, 0), (3, 0), (9, 0), (9, 1)], 1)
    x = np.array(values, dtype=float)
    rounds = 40_000
    at_least, at_most = neighbour_tails(x, near, rounds, 11)
    for place in range(near.size):
        others = [number for number in range(near.size) if number != place]
        observed = near.sums(x)[place]
        sums = [x[list(drawn)].sum() for drawn in combinations(others, int(near.counts[place]))]
        for found, wanted in (
            (at_least[place], np.mean([each >= observed for each in sums])),
            (at_most[place], np.mean([each <= observed for each in sums])),
        ):
            assert found / rounds == pytest.approx(wanted, abs=5 * 0.5 / rounds**0.5)


@given(st.integers(0, 2**31), st.integers(2, 60), st.floats(1, 40))
def test_places_are_held_against_draws_that_leave_out_their_own_value(
    seed: int, size: int, band_m: float
) -> None:
    random = np.random.default_rng(seed)
    near = within_band(random.uniform(0, 50, (size, 2)), band_m)
    x = random.integers(0, 6, size).astype(float)
    at_least, at_most = neighbour_tails(x, near, 99, seed)
    wanted = _by_a_loop(x, near, seed)
    np.testing.assert_array_equal((at_least, at_most), wanted)
    p = two_sided_p(at_least, at_most, 99)
    assert ((p >= 0.02) & (p <= 1)).all()


def _by_a_loop(x: np.ndarray, near, seed: int) -> tuple[list[int], list[int]]:
    order = np.lexsort((*near.points_m.T, x))
    draws = _draws(near.size, min(int(near.counts.max(initial=0)) + 1, near.size), 99, seed)
    at_least, at_most = [], []
    for place in range(near.size):
        count = int(near.counts[place])
        sums = []
        for draw in draws:
            others = [order[number] for number in draw if order[number] != place][:count]
            sums.append(x[others].sum())
        observed = near.sums(x)[place]
        at_least.append(sum(each >= observed for each in sums))
        at_most.append(sum(each <= observed for each in sums))
    return at_least, at_most


@given(st.integers(1, 400), st.data())
def test_a_draw_has_no_number_twice(size: int, data: st.DataObject) -> None:
    width = data.draw(st.integers(1, min(size, 20)))
    draws = _draws(size, width, 99, 3)
    assert draws.shape == (99, width)
    assert all(len(set(row)) == width for row in draws.tolist())
    assert draws.min() >= 0
    assert draws.max() < size


def test_every_number_is_drawn_as_often_as_any_other() -> None:
    for size, width in ((500, 7), (12, 7)):
        draws = _draws(size, width, 20_000, 1)
        times = np.bincount(draws.ravel(), minlength=size)
        wanted = 20_000 * width / size
        assert (np.abs(times - wanted) < 5 * wanted**0.5).all()
