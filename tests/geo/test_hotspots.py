"""Gi* against published numbers, esda, relations that must hold, and simulated ground."""

from __future__ import annotations

import esda
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import DistanceBand, fill_diagonal

from geo.errors import InvalidValue
from geo.grid import HexGrid
from geo.hotspots import ANALYTIC, PERMUTATION, RATES, HotSpots, Significance, hot_spots
from geo.neighbours import Neighbours, within_band

POINTS_M = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
VALUES = [2, 3, 3.2, 5, 8, 7]
G_STAR = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
HOT_RATIO = 3.0
"""How much more a planted hot spot has than the ground around it."""

seeds = st.integers(0, 2**32 - 1)


def block_of_cells(side: int, band_m: float = 1000) -> Neighbours:
    q, r = np.meshgrid(np.arange(side), np.arange(side))
    return within_band(HexGrid(1000).centres(np.column_stack((q.ravel(), r.ravel()))), band_m)


def random_ground(seed: int, places: int = 80) -> tuple[np.ndarray, np.ndarray, float]:
    random = np.random.default_rng(seed)
    return random.uniform(0, 1e4, (places, 2)), random.poisson(4, places) * 1.0, 2500.0


def test_the_published_scores() -> None:
    found = hot_spots(VALUES, within_band(POINTS_M, 15))
    np.testing.assert_allclose(found.z, G_STAR, atol=5e-9)
    assert found.neighbours.tolist() == [2, 3, 1, 3, 4, 1]


@pytest.mark.parametrize("seed", range(8))
def test_the_scores_are_those_of_esda(seed: int) -> None:
    points_m, values, band_m = random_ground(seed)
    weights = fill_diagonal(DistanceBand(points_m, band_m, binary=True, silence_warnings=True), 1.0)
    theirs = esda.G_Local(values, weights, transform="B", star=True, permutations=0)
    ours = hot_spots(values, within_band(points_m, band_m))
    np.testing.assert_allclose(ours.z, theirs.Zs, atol=1e-10)
    np.testing.assert_allclose(np.minimum(ours.p / 2, 0.5), theirs.p_norm, atol=1e-10)


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
@pytest.mark.parametrize("seed", range(4))
def test_the_permuted_tails_are_those_of_esda_but_for_chance(seed: int) -> None:
    points_m, values, band_m = random_ground(seed)
    weights = fill_diagonal(DistanceBand(points_m, band_m, binary=True, silence_warnings=True), 1.0)
    theirs = esda.G_Local(values, weights, transform="B", star=True, permutations=4999, seed=seed)
    ours = hot_spots(values, within_band(points_m, band_m), Significance("permutation", 4999, 1))
    agreed = ours.p < 1  # elsewhere the place's own value points the other way
    gap = np.abs(ours.p / 2 - theirs.p_sim)[agreed]
    spread = np.sqrt(theirs.p_sim * (1 - theirs.p_sim) * 2 / 5000)[agreed]
    assert agreed.mean() > 0.7
    assert (gap < 5 * spread + 1e-3).all()


@given(seeds)
def test_neither_the_order_of_rows_nor_units_nor_the_origin_matter(seed: int) -> None:
    points_m, values, band_m = random_ground(seed)
    order = np.random.default_rng(seed + 1).permutation(len(values))
    for test in (ANALYTIC, Significance("permutation", 99, 7)):
        one = hot_spots(values, within_band(points_m, band_m), test)
        other = hot_spots(
            (values * 12 + 5)[order], within_band(points_m[order] / 4, band_m / 4), test
        )
        np.testing.assert_allclose(other.z, one.z[order], atol=1e-9)
        np.testing.assert_allclose(other.p, one.p[order], atol=1e-9)
        np.testing.assert_array_equal(other.classes, one.classes[order])


@given(seeds, st.floats(100, 9000), st.floats(1, 4))
def test_a_wider_band_has_all_neighbours_of_a_narrower_one(
    seed: int, band_m: float, wider: float
) -> None:
    points_m, values, _ = random_ground(seed)
    narrow, wide = within_band(points_m, band_m), within_band(points_m, band_m * wider)
    assert (wide.matrix - narrow.matrix).min() >= 0
    assert (wide.sums(values) >= narrow.sums(values)).all()


def test_the_band_counts_the_six_cells_around_and_then_the_eighteen() -> None:
    for band_m, around in ((1000, 6), (1999, 12 + 0), (2000, 18)):
        near = block_of_cells(15, band_m)
        assert near.counts.max() == around, band_m


def test_classes_are_told_by_the_rate_of_false_discoveries() -> None:
    values = np.random.default_rng(2).poisson(3, 900).astype(float)
    values[400:410] += 30
    found = hot_spots(values, block_of_cells(30))
    for number, rate in enumerate(RATES, start=1):
        np.testing.assert_array_equal(found.classes >= number, found.named(rate))
        np.testing.assert_array_equal(found.classes <= -number, found.named(rate, hot=False))
    assert (found.classes == 3).any()


def test_where_nothing_differs_nothing_stands_out() -> None:
    near = block_of_cells(12)
    for test in (ANALYTIC, PERMUTATION):
        for value in (0.0, 7.1):
            found = hot_spots(np.full(near.size, value), near, test)
            assert not found.z.any()
            assert (found.p == 1).all()
            assert not found.classes.any()


def test_few_places_and_few_events_are_not_enough_to_read() -> None:
    assert not hot_spots(VALUES, within_band(POINTS_M, 15)).enough
    near = block_of_cells(10)
    assert hot_spots(np.ones(100), near).enough
    assert not hot_spots(np.ones(100) / 2, near).enough


def _false_alarms(test: Significance, rounds: int, seed: int) -> float:
    """In what part of simulations without hot spots any place is named at 5%."""
    near, random = block_of_cells(20), np.random.default_rng(seed)
    return float(
        np.mean(
            [
                bool(
                    (hot_spots(random.normal(10, 3, near.size), near, test).adjusted <= 0.05).any()
                )
                for _ in range(rounds)
            ]
        )
    )


def test_without_hot_spots_false_alarms_come_at_most_at_the_stated_rate() -> None:
    rounds = 400
    bound = 0.05 + 3 * np.sqrt(0.05 * 0.95 / rounds)
    assert _false_alarms(ANALYTIC, rounds, 1) <= bound
    assert _false_alarms(Significance("permutation", 9999, 5), 60, 2) <= 0.15


@pytest.mark.parametrize("test", [ANALYTIC, PERMUTATION])
def test_one_test_alone_is_wrong_as_often_as_it_says(test: Significance) -> None:
    near, random = block_of_cells(24, 2000), np.random.default_rng(8)
    inner = near.counts == near.counts.max()
    p = [hot_spots(random.normal(0, 1, near.size), near, test).p[inner] for _ in range(60)]
    for level in (0.05, 0.2):
        wrong = float((np.concatenate(p) <= level).mean())
        least = 0.3 * level if test is PERMUTATION else 0.75 * level
        assert least <= wrong <= 1.25 * level


def planted(random: np.random.Generator, near: Neighbours) -> tuple[HotSpots, np.ndarray]:
    """Ground with a mean of 4 in each cell, three times as many in seven cells that touch."""
    centre = int(np.argmin(np.hypot(*(near.points_m - near.points_m.mean(axis=0)).T)))
    hot = near.matrix[[centre]].toarray()[0] > 0
    hot[centre] = True
    counts = random.poisson(np.where(hot, 4 * HOT_RATIO, 4)).astype(float)
    return hot_spots(counts, near), hot


def test_planted_hot_spots_are_found_with_the_stated_power() -> None:
    near, random = block_of_cells(25), np.random.default_rng(3)
    rounds = [planted(random, near) for _ in range(200)]
    middle = [found.named(0.05)[hot].any() for found, hot in rounds]
    touching = [
        (hot | (near.sums(hot.astype(float)) > 0))[found.named(0.05)].all() for found, hot in rounds
    ]
    cells = [found.named(0.05)[hot].mean() for found, hot in rounds]
    assert np.mean(middle) >= 0.99
    assert np.mean(cells) >= 0.6
    assert np.mean(touching) >= 0.8


def test_what_cannot_be_reckoned_is_refused_in_words() -> None:
    near = within_band(POINTS_M, 15)
    with pytest.raises(InvalidValue, match="for each of 6 places"):
        hot_spots([1, 2], near)
    with pytest.raises(InvalidValue, match="1 of 6 have none"):
        hot_spots([1, 2, 3, 4, 5, float("nan")], near)
    with pytest.raises(InvalidValue, match="99 permutations"):
        hot_spots(VALUES, near, Significance("permutation", 9, 1))
    with pytest.raises(InvalidValue, match="above 0 metres"):
        within_band(POINTS_M, 0)
    with pytest.raises(InvalidValue, match="position"):
        within_band([(1, float("inf"))], 10)


def test_equal_seeds_give_equal_answers_and_the_least_p_is_said() -> None:
    values = np.random.default_rng(4).poisson(3, 400).astype(float)
    near = block_of_cells(20)
    one, two = (hot_spots(values, near, PERMUTATION) for _ in range(2))
    np.testing.assert_array_equal(one.p, two.p)
    other = hot_spots(values, near, Significance("permutation", 999, 1))
    assert (one.p != other.p).any()
    assert PERMUTATION.least_p == pytest.approx(0.002)
    assert one.p.min() >= PERMUTATION.least_p
