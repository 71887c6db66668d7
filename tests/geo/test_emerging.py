"""How hot spots emerge: each category by a made-up series, trends by hand, chance alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from geo.emerging import CATEGORIES, categories_of, emerging_hot_spots
from geo.errors import InvalidValue
from geo.hotspots import ANALYTIC, Significance, hot_spots, permutations_for
from geo.mann_kendall import mann_kendall
from geo.neighbours import within_band

H, C, N = 1, -1, 0
SERIES: dict[str, tuple[list[int], float]] = {
    "new": ([N] * 11 + [H], 0),
    "consecutive": ([N] * 8 + [H] * 4, 2),
    "intensifying": ([H] * 12, 2.5),
    "persistent": ([N] + [H] * 11, 0.5),
    "diminishing": ([H] * 12, -2.5),
    "sporadic": ([N, H, N, N, H, H, N, N, N, N, N, H], 0),
    "oscillating": ([C, N, H, N, N, H, N, C, N, N, H, H], 0),
    "historical": ([H] * 11 + [N], 0),
    "none": ([H, H, N, H, N, N, H, N, H, N, N, N], 0),
}


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("side", [1, -1])
def test_each_category_by_a_series(category: str, side: int) -> None:
    states, trend_z = SERIES[category]
    p = 0.01 if abs(trend_z) > 1.96 else 0.4
    found, sides = categories_of(
        side * np.array([states]).T, np.array([side * trend_z]), np.array([p])
    )
    assert CATEGORIES[found[0]] == category
    assert sides[0] == (0 if category == "none" else side)


@pytest.mark.parametrize(
    ("months", "hot", "category"),
    [(10, 9, "persistent"), (20, 18, "persistent"), (20, 17, "sporadic"), (11, 9, "sporadic")],
)
def test_nearly_always_is_nine_months_of_ten(months: int, hot: int, category: str) -> None:
    states = np.array([[H] + [N] * (months - hot) + [H] * (hot - 1)]).T
    found, _ = categories_of(states, np.zeros(1), np.ones(1))
    assert CATEGORIES[found[0]] == category


def test_a_run_at_the_end_is_consecutive_even_after_cold_months() -> None:
    found, _ = categories_of(np.array([[C] * 3 + [N] * 6 + [H] * 3]).T, np.zeros(1), np.ones(1))
    assert CATEGORIES[found[0]] == "consecutive"


def test_the_last_month_settles_whether_a_place_is_told_as_hot_or_cold() -> None:
    states = np.array([[H] * 18 + [N, C], [C] * 18 + [N, H]]).T
    found, sides = categories_of(states, np.zeros(2), np.ones(2))
    assert [CATEGORIES[number] for number in found] == ["new", "new"]
    assert sides.tolist() == [-1, 1]


def grid(side: int) -> np.ndarray:
    x, y = np.meshgrid(np.arange(side) * 1000.0, np.arange(side) * 1000.0)
    return np.column_stack((x.ravel(), y.ravel()))


def test_planted_series_are_given_their_category() -> None:
    points_m = grid(24)
    near, random = within_band(points_m, 1500), np.random.default_rng(6)
    means = np.full((24, near.size), 5.0)
    planted = {
        "new": (100, np.r_[[5.0] * 23, 30]),
        "consecutive": (112, np.r_[[5.0] * 18, [30] * 6]),
        "intensifying": (300, np.linspace(25, 70, 24)),
        "persistent": (312, np.full(24, 40.0)),
        "diminishing": (490, np.linspace(70, 25, 24)),
        "historical": (502, np.r_[[40.0] * 23, 5]),
    }
    for centre, series in planted.values():
        means[:, near.matrix[[centre]].indices] = series[:, None]
        means[:, centre] = series
    found = emerging_hot_spots(random.poisson(means), near)
    assert {name: CATEGORIES[found.category[at]] for name, (at, _) in planted.items()} == {
        name: name for name in planted
    }


@pytest.mark.parametrize("mean", [0.3, 5])
def test_without_hot_spots_few_places_are_given_a_category(mean: float) -> None:
    near, random = within_band(grid(12), 1500), np.random.default_rng(7)
    test = permutations_for(144 * 12, 0.05, times=1)
    alarms = [
        (emerging_hot_spots(random.poisson(mean, (12, 144)), near, test=test).side != 0).any()
        for _ in range(60)
    ]
    assert np.mean(alarms) <= 0.05 + 3 * (0.05 * 0.95 / 60) ** 0.5


def test_sparse_months_by_the_normal_distribution_give_false_alarms() -> None:
    near, random = within_band(grid(12), 1500), np.random.default_rng(7)
    alarms = [
        (emerging_hot_spots(random.poisson(0.1, (12, 144)), near, test=ANALYTIC).states != 0).any()
        for _ in range(60)
    ]
    assert np.mean(alarms) > 0.5


def test_permuted_months_are_those_of_one_long_row_of_places() -> None:
    points_m, counts = grid(5), np.random.default_rng(2).poisson(2, (10, 25)).astype(float)
    apart = np.concatenate([points_m + np.array((0, 1e6 * month)) for month in range(10)])
    test = Significance("permutation", 999, 4)
    found = emerging_hot_spots(counts, within_band(points_m, 1500), 0.3, test)
    wanted = hot_spots(counts.ravel(), within_band(apart, 1500), test)
    np.testing.assert_allclose(found.z.ravel(), wanted.z, atol=1e-12)
    signs = np.where(wanted.adjusted <= 0.3, np.sign(wanted.z), 0)
    np.testing.assert_array_equal(found.states.ravel(), signs)
    assert (found.months, found.places, found.test) == (10, 25, test)


@given(st.integers(0, 2**31))
def test_neither_the_order_of_places_nor_units_change_a_category(seed: int) -> None:
    random = np.random.default_rng(seed)
    points_m, counts = grid(6), random.poisson(np.linspace(1, 6, 36), (12, 36))
    order = random.permutation(36)
    test = Significance("permutation", 199, 4)
    one = emerging_hot_spots(counts, within_band(points_m, 1500), 0.2, test)
    other = emerging_hot_spots(
        counts[:, order] * 3 + 1, within_band(points_m[order] / 2, 750), 0.2, test
    )
    np.testing.assert_array_equal(other.category, one.category[order])
    np.testing.assert_array_equal(other.side, one.side[order])


def test_a_rise_everywhere_shows_as_a_rise() -> None:
    near = within_band(grid(12), 1500)
    rising = np.linspace(10, 20, 12)[:, None] * np.ones(near.size)
    assert (emerging_hot_spots(rising, near).trend_p < 0.05).all()


def test_a_trend_by_hand_and_by_scipy() -> None:
    series = np.array([2.0, 2, 3, 1, 4, 4, 4, 5, 6, 5])
    trend = mann_kendall(series[:, None])
    score = sum(np.sign(series[j] - series[i]) for i in range(10) for j in range(i + 1, 10))
    ties = 2 * (2 * 1 * 9) + 3 * 2 * 11
    spread = (10 * 9 * 25 - ties) / 18
    assert (ties, round(spread, 3)) == (102, 119.333)
    assert trend.score[0] == score == 32
    assert trend.z[0] == pytest.approx(31 / spread**0.5)
    random = np.random.default_rng(5)
    table = random.integers(0, 6, (14, 30)).astype(float)
    pairs = 14 * 13 / 2
    for column, found in zip(table.T, mann_kendall(table).score, strict=True):
        equal = sum(n * (n - 1) / 2 for n in np.unique(column, return_counts=True)[1])
        tau = kendalltau(np.arange(14), column).statistic
        assert found == pytest.approx(tau * (pairs * (pairs - equal)) ** 0.5)


def test_a_trend_of_nothing_is_none_and_chance_is_told_at_its_rate() -> None:
    assert mann_kendall(np.ones((12, 3))).p.tolist() == [1, 1, 1]
    p = mann_kendall(np.random.default_rng(9).normal(size=(24, 20_000))).p
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.008)


def test_too_few_months_and_missing_counts_are_refused() -> None:
    near = within_band(grid(3), 1500)
    with pytest.raises(InvalidValue, match="At least 10 months"):
        emerging_hot_spots(np.ones((9, 9)), near)
    with pytest.raises(InvalidValue, match="none missing"):
        emerging_hot_spots(np.full((12, 9), np.nan), near)
    with pytest.raises(InvalidValue, match="rate between 0 and 1"):
        emerging_hot_spots(np.ones((12, 9)), near, 0)
    with pytest.raises(InvalidValue, match="row of 9 counts"):
        emerging_hot_spots(np.ones((12, 8)), near)
