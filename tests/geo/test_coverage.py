"""Who is near a site, against looking at every pair; nobody is lost between within and outside."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.costs import CostMatrix, straight_lines
from geo.coverage import Coverage, People, nearest_m
from geo.errors import InvalidValue


def test_the_nearest_place_is_the_nearest_of_all():
    rng = np.random.default_rng(7)
    people, places = rng.uniform(0, 50_000, (500, 2)), rng.uniform(0, 50_000, (40, 2))
    every = np.hypot(*(people[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    np.testing.assert_allclose(nearest_m(people, places), every.min(axis=1))


def test_without_a_place_nobody_is_near_one():
    assert np.isinf(nearest_m([[1.0, 2.0]], [])).all()
    assert nearest_m([], [[1.0, 2.0]]).shape == (0,)


@pytest.mark.parametrize("points", [[[np.nan, 1.0]], [1.0, 2.0], [[1.0, 2.0, 3.0]]])
def test_what_has_no_position_is_refused(points):
    with pytest.raises(InvalidValue, match="no position"):
        nearest_m(points, [[0.0, 0.0]])


COSTS = arrays.arrays(
    float,
    st.tuples(st.integers(1, 12), st.integers(0, 6)),
    elements=st.one_of(st.floats(0, 1e5), st.just(np.inf)),
)


def metres(values) -> CostMatrix:
    return CostMatrix(np.asarray(values, dtype=float), "distance_m", "table")


@given(COSTS, st.lists(st.floats(0, 2e5), max_size=3), st.randoms(use_true_random=False))
def test_within_and_outside_are_everyone(values, thresholds, random):
    residents = [float(random.randrange(5000)) for _ in values]
    labels = [random.choice("abc") for _ in values]
    covered = People(residents, thresholds, {"area": labels}).served(metres(values))
    for served in [covered.total, *covered.groups["area"].values()]:
        for within, outside in zip(served.within, served.outside, strict=True):
            assert within + outside == served.residents
            assert outside >= served.no_way
    for row in range(len(thresholds)):
        parts = covered.groups["area"].values()
        assert sum(served.within[row] for served in parts) == covered.total.within[row]
    assert covered.total.residents == sum(residents)


def by_loops(values, residents, threshold):
    """Nearest site, residents within and residents without a way, one demand point at a time."""
    nearest, within, no_way = [], 0.0, 0.0
    for row, people in zip(values, residents, strict=True):
        best = min(range(len(row)), key=lambda site: (row[site], site))
        nearest.append(best if np.isfinite(row[best]) else -1)
        within += people if row[best] <= threshold else 0
        no_way += 0 if np.isfinite(row[best]) else people
    return nearest, within, no_way


def quantile_by_hand(costs, residents, share):
    """Count people off, the nearest first, until the share is reached."""
    everyone = sorted(c for c, n in zip(costs, residents, strict=True) for _ in range(int(n)))
    return everyone[int(np.ceil(share * len(everyone) - 1e-9)) - 1]


@pytest.mark.parametrize("seed", range(20))
def test_coverage_is_what_loops_find(seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 12, (40, 5)) * 500.0
    values[rng.random(values.shape) < 0.3] = np.inf
    residents = rng.integers(0, 30, 40).astype(float)
    labels = rng.choice(["north", "south", "none"], 40)
    covered = People(residents, [1000], {"side": labels}).served(metres(values))
    nearest, within, no_way = by_loops(values, residents, 1000)
    assert covered.nearest.tolist() == nearest
    assert (covered.total.within, covered.total.no_way) == ((within,), no_way)
    for label, served in covered.groups["side"].items():
        mine = labels == label
        way = mine & np.isfinite(covered.cost)
        costs, people = covered.cost[way], residents[way]
        assert served.within == (by_loops(values[mine], residents[mine], 1000)[1],)
        assert served.mean == pytest.approx((costs * people).sum() / people.sum())
        assert served.median == quantile_by_hand(costs, people, 0.5)
        assert served.percentile_90 == quantile_by_hand(costs, people, 0.9)


def test_of_sites_equally_near_the_lower_number_counts():
    assert People([1], [1]).served(metres([[7, 5, 5]])).nearest.tolist() == [1]


def test_without_sites_all_are_outside_and_nothing_is_known_of_the_way():
    covered = People([10, 20], [5000], {"area": ["a", "b"]}).served(
        straight_lines([[0, 0]] * 2, [])
    )
    total = covered.total
    assert (total.within, total.outside, total.no_way) == ((0.0,), (30.0,), 30.0)
    assert (total.mean, total.median, total.percentile_90) == (None, None, None)
    assert covered.groups["area"]["b"].outside == (20.0,)
    assert covered.nearest.tolist() == [-1, -1]


def test_without_a_way_nobody_is_within_even_an_endless_threshold():
    assert People([10], [np.inf]).served(metres([[np.inf]])).total.within == (0.0,)


def test_a_group_in_which_nobody_lives_has_no_share():
    covered = People([0, 5], [100], {"area": ["a", "b"]}).served(metres([[1], [1]]))
    assert covered.groups["area"]["a"].shares is None
    assert covered.groups["area"]["a"].mean is None
    assert covered.groups["area"]["b"].shares == (1.0,)


@pytest.mark.parametrize("residents", [[1, np.nan], [1, -1], [[1, 2]]])
def test_residents_that_are_not_known_are_refused(residents):
    with pytest.raises(InvalidValue, match="known numbers of 0 or more"):
        People(residents, [1000])


def test_what_does_not_fit_the_people_is_refused():
    with pytest.raises(InvalidValue, match="a label for each of 2"):
        People([1, 2], [1000], {"area": ["a"]})
    with pytest.raises(InvalidValue, match="from 2 demand points"):
        People([1, 2], [1000]).served(metres([[1]]))
    with pytest.raises(InvalidValue, match="Thresholds of 0 or more"):
        People([1], [np.nan])


@given(COSTS, st.floats(0.1, 10))
def test_the_unit_of_cost_moves_nobody(values, factor):
    people = People(np.arange(len(values)), [5000.0])
    scaled = People(np.arange(len(values)), [5000.0 * factor])
    one: Coverage = people.served(metres(values))
    other = scaled.served(metres(values * factor))
    near = np.isclose(one.cost, 5000.0)
    if not near.any():
        assert one.total.within == other.total.within
