"""Permuted tails against a plain loop over every way to draw, and by brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import conditional_permutation
from geo.conditional_permutation import _draws, neighbour_tails, two_sided_p
from geo.hotspots import observed as seen
from geo.neighbours import within_band


@pytest.mark.parametrize("values", [[3, 1, 4, 1, 5, 9], [0, 0, 0, 2, 0, 1]])
def test_tails_come_near_those_of_every_way_to_draw(values: list[float]) -> None:
    near = within_band([(0, 0), (1, 0), (2, 0), (3, 0), (9, 0), (9, 1)], 1)
    x = np.array(values, dtype=float)
    rounds = 40_000
    at_least, at_most = neighbour_tails(seen(x, near), rounds, 11)
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
    at_least, at_most = neighbour_tails(seen(x, near), 99, seed)
    wanted = _by_a_loop(x, near, seed)
    np.testing.assert_array_equal((at_least, at_most), wanted)
    p = two_sided_p(at_least, at_most, 99)
    assert ((p >= 0.02) & (p <= 1)).all()


def _by_a_loop(x: np.ndarray, near, seed: int) -> tuple[list[int], list[int]]:
    order = np.lexsort((*near.points_m.T[::-1], x))
    draws = drawn(near.size, min(int(near.counts.max(initial=0)) + 1, near.size), 99, seed)
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


def drawn(size: int, width: int, permutations: int, seed: int) -> np.ndarray:
    return np.concatenate(list(_draws(size, width, permutations, seed)))


@pytest.mark.parametrize(("size", "band_m"), [(40, 20), (400, 3)])
def test_blocks_bound_the_memory_and_all_draws_are_counted(
    monkeypatch: pytest.MonkeyPatch, size: int, band_m: float
) -> None:
    monkeypatch.setattr(conditional_permutation, "BLOCK", 5_000)
    random = np.random.default_rng(2)
    near = within_band(random.uniform(0, 50, (size, 2)), band_m)
    x = random.random(size)
    wide = min(int(near.counts.max()) + 1, size)
    blocks = list(_draws(size, wide, 1_500, 3))
    assert len(blocks) > 1
    assert max(block.size for block in blocks) <= 5_000
    at_least, at_most = neighbour_tails(seen(x, near), 1_500, 3)
    both = (at_least + at_most)[near.counts > 0]
    assert both.min() >= 1_500
    assert both.mean() < 1_510
    assert (at_least[near.counts == 0] == 1_500).all()


@given(st.integers(1, 400), st.data())
def test_a_draw_has_no_number_twice(size: int, data: st.DataObject) -> None:
    width = data.draw(st.integers(1, min(size, 20)))
    draws = drawn(size, width, 99, 3)
    assert draws.shape == (99, width)
    assert all(len(set(row)) == width for row in draws.tolist())
    assert draws.min() >= 0
    assert draws.max() < size


def test_every_number_is_drawn_as_often_as_any_other() -> None:
    for size, width in ((500, 7), (12, 7)):
        draws = drawn(size, width, 20_000, 1)
        times = np.bincount(draws.ravel(), minlength=size)
        wanted = 20_000 * width / size
        assert (np.abs(times - wanted) < 5 * wanted**0.5).all()
