"""Gi* against published numbers, esda, relations that must hold, and simulated ground."""

from __future__ import annotations

from dataclasses import replace

import esda
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.weights import DistanceBand, fill_diagonal
from scipy.stats import skew

from geo.conditional_permutation import neighbour_tails
from geo.errors import InvalidValue
from geo.grid import HexGrid
from geo.hotspots import (
    ANALYTIC,
    PERMUTATION,
    RATES,
    HotSpots,
    Significance,
    hot_spots,
    observed,
    permutations_for,
)
from geo.neighbours import Neighbours, within_band

POINTS_M = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
VALUES = [2, 3, 3.2, 5, 8, 7]
G_STAR = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]

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


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_the_permuted_tails_are_those_of_esda_but_for_chance(seed: int, whole: bool) -> None:
    """Within five standard errors of two runs of 4,999 draws; esda's lower tail leaves out ties."""
    points_m, values, band_m = random_ground(seed)
    if not whole:
        values = values + np.random.default_rng(seed).random(values.size)
    weights = fill_diagonal(DistanceBand(points_m, band_m, binary=True, silence_warnings=True), 1.0)
    theirs = esda.G_Local(values, weights, transform="B", star=True, permutations=4999, seed=seed)
    near = within_band(points_m, band_m)
    at_least, at_most = neighbour_tails(observed(values, near), 4999, 1)
    directed = (np.minimum(at_least, 4999 - at_least) + 1) / 5000
    spread = np.sqrt(theirs.p_sim * (1 - theirs.p_sim) * 2 / 5000)
    assert (np.abs(directed - theirs.p_sim) < 5 * spread + 1e-3).all()
    ours = hot_spots(values, near, Significance("permutation", 4999, 1))
    tails = np.minimum(2 * (np.minimum(at_least, at_most) + 1) / 5000, 1)
    agreed = ours.p < 1  # elsewhere the place's own value points the other way
    assert agreed.mean() > 0.5
    np.testing.assert_allclose(ours.p[agreed], tails[agreed])


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


def _false_alarms(mean: float, test: Significance, rounds: int) -> float:
    """In what part of simulated maps without hot spots any of 900 places is named at 5%."""
    near, random = block_of_cells(30), np.random.default_rng(1)
    tests = [replace(test, seed=number) for number in range(rounds)]
    maps = [hot_spots(random.poisson(mean, near.size), near, each) for each in tests]
    return float(np.mean([(found.adjusted <= 0.05).any() for found in maps]))


def _bound(rate: float, rounds: int) -> float:
    return rate + 3 * (rate * (1 - rate) / rounds) ** 0.5


@pytest.mark.parametrize("mean", [0.1, 0.5, 4, 20])
def test_without_hot_spots_permutation_gives_false_alarms_at_most_at_the_stated_rate(
    mean: float,
) -> None:
    assert _false_alarms(mean, permutations_for(900, 0.05, 1), 80) <= _bound(0.05, 80)


def test_where_the_normal_distribution_holds_it_gives_false_alarms_at_the_stated_rate() -> None:
    assert _false_alarms(60, ANALYTIC, 400) <= _bound(0.05, 400)
    near = block_of_cells(30)
    assert hot_spots(np.random.default_rng(1).poisson(60, near.size), near).normal_holds


def test_counts_too_sparse_for_the_normal_distribution_are_told_as_such() -> None:
    near = block_of_cells(30)
    for mean, alarms in ((0.1, 0.7), (0.5, 0.3)):
        assert _false_alarms(mean, ANALYTIC, 100) > alarms
        counts = np.random.default_rng(1).poisson(mean, near.size)
        assert not hot_spots(counts, near).normal_holds


def test_the_skewness_is_that_of_sums_drawn_at_random() -> None:
    near, random = block_of_cells(12), np.random.default_rng(3)
    values = random.poisson(0.4, near.size).astype(float)
    inner = near.counts.argmax()
    sums = [random.permutation(values)[: near.counts[inner] + 1].sum() for _ in range(40_000)]
    assert hot_spots(values, near).skewness == pytest.approx(skew(sums), abs=0.07)
    assert hot_spots(np.ones(near.size), near).skewness == 0


def test_so_few_draws_that_no_place_can_be_named_are_told() -> None:
    near = block_of_cells(30)
    values = np.random.default_rng(2).poisson(4, near.size)
    around = [448, *near.matrix[[448]].indices]
    values[around] = 40
    few, enough = PERMUTATION, permutations_for(near.size, 0.05, times=1)
    assert few.fewest_named(near.size, 0.05) == 36
    assert not hot_spots(values, near, few).named(0.05).any()
    assert enough.permutations == 35_999
    assert enough.fewest_named(near.size, 0.05) == 1
    assert permutations_for(near.size, 0.05).permutations == 4 * 36_000 - 1
    assert hot_spots(values, near, enough).named(0.05)[around].all()
    assert ANALYTIC.fewest_named(near.size, 0.05) == 1
    with pytest.raises(InvalidValue, match="rate between 0 and 1"):
        permutations_for(10, 1)


@pytest.mark.parametrize("test", [ANALYTIC, PERMUTATION])
def test_one_test_alone_is_wrong_as_often_as_it_says(test: Significance) -> None:
    near, random = block_of_cells(24, 2000), np.random.default_rng(8)
    inner = near.counts == near.counts.max()
    p = [hot_spots(random.normal(0, 1, near.size), near, test).p[inner] for _ in range(60)]
    for level in (0.05, 0.2):
        wrong = float((np.concatenate(p) <= level).mean())
        least = 0.3 * level if test is PERMUTATION else 0.75 * level
        assert least <= wrong <= 1.25 * level


def planted(
    random: np.random.Generator, near: Neighbours, ratio: float, test: Significance
) -> tuple[HotSpots, np.ndarray]:
    """Ground with a mean of 4 in each cell, more by the ratio in seven cells that touch."""
    centre = int(np.argmin(np.hypot(*(near.points_m - near.points_m.mean(axis=0)).T)))
    hot = near.matrix[[centre]].toarray()[0] > 0
    hot[centre] = True
    counts = random.poisson(np.where(hot, 4 * ratio, 4)).astype(float)
    return hot_spots(counts, near, test), hot


@pytest.mark.parametrize(
    ("test", "ratio", "found_in", "of_cells"),
    [
        (ANALYTIC, 3, 0.99, 0.8),
        (ANALYTIC, 2, 0.65, 0.25),
        (permutations_for(625, 0.05, 1), 3, 0.97, 0.4),
        (permutations_for(625, 0.05, 1), 2, 0.4, 0.05),
    ],
)
def test_planted_hot_spots_are_found_with_the_stated_power(
    test: Significance, ratio: float, found_in: float, of_cells: float
) -> None:
    near, random = block_of_cells(25), np.random.default_rng(3)
    rounds = [planted(random, near, ratio, test) for _ in range(60)]
    named = [(found.named(0.05), hot) for found, hot in rounds]
    assert np.mean([each[hot].any() for each, hot in named]) >= found_in
    assert np.mean([each[hot].mean() for each, hot in named]) >= of_cells
    near_by = [hot | (near.sums(hot.astype(float)) > 0) for _, hot in named]
    false = [(each & ~ground).sum() for (each, _), ground in zip(named, near_by, strict=True)]
    every = [max(1, each.sum()) for each, _ in named]
    assert np.mean(np.divide(false, every)) <= (0.1 if test is ANALYTIC else 0.05)


def test_what_cannot_be_reckoned_is_refused_in_words() -> None:
    near = within_band(POINTS_M, 15)
    with pytest.raises(InvalidValue, match="for each of 6 places"):
        hot_spots([1, 2], near)
    with pytest.raises(InvalidValue, match="1 of 6 have none"):
        hot_spots([1, 2, 3, 4, 5, float("nan")], near)
    with pytest.raises(InvalidValue, match="From 99 to"):
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
    with pytest.raises(ValueError, match="read-only"):
        one.z[0] = 1
