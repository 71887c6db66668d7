"""Floating catchments: a grid with known figures, loops on random ones, nothing made or lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access import LUO_AND_QI, Band, enhanced_floating_catchment, floating_catchment
from geo.costs import CostMatrix, straight_lines
from geo.errors import InvalidValue

GRID = np.array([(x + 0.5, y + 0.5) for x in range(5) for y in range(5)])
"""Cells of a grid of five by five, by their centres."""


@pytest.mark.parametrize(("catchment", "score"), [(np.inf, 5.0), (0.9, 1.0)])
def test_the_grid_of_five_by_five(catchment, score):
    """Supply of 1 in each cell; five cells, one a row and column, hold one resident each."""
    diagonal = GRID[[0, 6, 12, 18, 24]]
    costs = straight_lines(diagonal, GRID, route_factor=1)
    access = floating_catchment(costs, np.ones(5), np.ones(25), catchment)
    np.testing.assert_allclose(access.score, score)
    assert access.unused == (0 if catchment == np.inf else 20)


def by_loops(values, residents, capacity, bands):
    def weight(cost):
        for band in bands:
            if cost <= band.most and np.isfinite(cost):
                return band.weight
        return 0.0

    people, sites = range(len(residents)), range(len(capacity))
    score = np.zeros(len(residents))
    for j in sites:
        asked = sum(residents[k] * weight(values[k][j]) for k in people)
        for i in people:
            score[i] += weight(values[i][j]) * capacity[j] / asked if asked else 0
    return score


def random_instance(seed):
    rng = np.random.default_rng(seed)
    values = rng.uniform(0, 40, (15, 6)).round()
    values[rng.random(values.shape) < 0.2] = np.inf
    return values, rng.integers(0, 3000, 15).astype(float), rng.uniform(0, 9, 6)


@pytest.mark.parametrize("seed", range(20))
def test_access_is_what_loops_find(seed):
    values, residents, capacity = random_instance(seed)
    costs = CostMatrix(values, "minutes", "table")
    plain = floating_catchment(costs, residents, capacity, 20)
    np.testing.assert_allclose(plain.score, by_loops(values, residents, capacity, [Band(20, 1)]))
    better = enhanced_floating_catchment(costs, residents, capacity)
    np.testing.assert_allclose(better.score, by_loops(values, residents, capacity, LUO_AND_QI))


@given(st.integers(0, 10_000))
def test_residents_times_access_is_the_capacity_in_reach(seed):
    values, residents, capacity = random_instance(seed)
    costs = CostMatrix(values, "minutes", "table")
    for access in (
        floating_catchment(costs, residents, capacity, 12),
        enhanced_floating_catchment(costs, residents, capacity),
    ):
        assert residents @ access.score + access.unused == pytest.approx(capacity.sum())
        assert np.nansum(np.where(np.isnan(access.ratio), capacity, 0)) == access.unused


def test_one_band_of_weight_one_is_the_plain_form():
    values, residents, capacity = random_instance(4)
    costs = CostMatrix(values, "minutes", "table")
    plain = floating_catchment(costs, residents, capacity, 15)
    banded = enhanced_floating_catchment(costs, residents, capacity, [Band(15, 1)])
    assert plain.score.tolist() == banded.score.tolist()


def test_what_does_not_fit_is_refused():
    costs = straight_lines([[0, 0]], [[0, 0]])
    with pytest.raises(InvalidValue, match="are minutes"):
        enhanced_floating_catchment(costs, [1], [1])
    with pytest.raises(InvalidValue, match="Bands are needed that rise"):
        enhanced_floating_catchment(costs, [1], [1], [Band(2, 1), Band(1, 1)])
    with pytest.raises(InvalidValue, match="Capacities of sites are needed"):
        floating_catchment(costs, [1], [np.nan], 1)
    with pytest.raises(InvalidValue, match="Residents of demand points are needed"):
        floating_catchment(costs, [1, 2], [1], 1)
    with pytest.raises(InvalidValue, match="catchment of 0 or more"):
        floating_catchment(costs, [1], [1], -1)
