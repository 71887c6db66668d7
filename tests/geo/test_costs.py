"""Costs of the way: what they say of themselves, and changes that touch only their own columns."""

from __future__ import annotations

import numpy as np
import pytest

from geo.costs import CostMatrix, straight_lines
from geo.errors import InvalidValue


def test_straight_lines_are_made_longer_and_say_so():
    costs = straight_lines([[0, 0], [3000, 4000]], [[0, 0]], route_factor=1.4)
    assert costs.values.tolist() == [[0.0], [7000.0]]
    assert (costs.measure, costs.method, costs.route_factor) == ("distance_m", "straight line", 1.4)


def test_minutes_say_their_speed_and_stay_minutes():
    costs = straight_lines([[0, 0]], [[0, 3000]], route_factor=1.0).minutes(30)
    assert costs.values.tolist() == [[6.0]]
    assert (costs.measure, costs.speed_kmh, costs.route_factor) == ("minutes", 30.0, 1.0)
    assert costs.minutes(99) is costs


def test_closing_opening_and_moving_keep_the_numbers_of_sites():
    costs = CostMatrix(np.array([[1.0, 2, 3], [4, 5, 6]]), "minutes", "table")
    opened = CostMatrix(np.array([[7.0], [8]]), "minutes", "table")
    after = costs.changed(closed=[1], opened=opened, moved={0: [10.0, np.inf]})
    assert after.values.tolist() == [[10.0, np.inf, 3, 7], [np.inf, np.inf, 6, 8]]
    assert costs.values.tolist() == [[1.0, 2, 3], [4, 5, 6]]
    assert costs.only([2, 0]).values.tolist() == [[3.0, 1], [6, 4]]


def test_a_matrix_cannot_be_written_to_and_keeps_nothing_of_its_source():
    source = np.zeros((1, 1))
    costs = CostMatrix(source, "minutes", "table")
    source[0, 0] = 9
    assert costs.values[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        costs.values[0, 0] = 1


@pytest.mark.parametrize("values", [[[np.nan]], [[-1.0]], [1.0]])
def test_what_is_not_a_cost_is_refused(values):
    with pytest.raises(InvalidValue, match="a row a demand point"):
        CostMatrix(np.array(values), "minutes", "table")


def test_what_does_not_fit_is_refused():
    costs = CostMatrix(np.zeros((2, 3)), "minutes", "table")
    with pytest.raises(InvalidValue, match="numbered from 0 to 2"):
        costs.changed(closed=[3])
    with pytest.raises(InvalidValue, match="numbered from 0 to 2"):
        costs.only([-1])
    with pytest.raises(InvalidValue, match="costs in minutes from 2"):
        costs.changed(opened=straight_lines([[0, 0]] * 2, [[0, 0]]))
    with pytest.raises(InvalidValue, match="moves needs costs from 2"):
        costs.changed(moved={0: [1.0]})
    with pytest.raises(InvalidValue, match="route factor above 0"):
        straight_lines([[0, 0]], [[0, 0]], route_factor=0)
    with pytest.raises(InvalidValue, match="speed in km/h above 0"):
        straight_lines([[0, 0]], [[0, 0]]).minutes(0)
    with pytest.raises(InvalidValue, match="distance_m or minutes"):
        CostMatrix(np.zeros((1, 1)), "hours", "table")  # type: ignore[arg-type]


def test_minutes_at_the_speed_of_each_demand_point():
    costs = straight_lines([[0, 0], [0, 0]], [[6000, 0]], route_factor=1)
    assert costs.minutes([30, 60]).values.tolist() == [[12.0], [6.0]]
    assert costs.minutes([30, 60]).speed_kmh is None


@pytest.mark.parametrize("speeds", [[30], [30, 60, 90], [30, 0], [30, float("nan")]])
def test_speeds_that_do_not_fit_are_refused(speeds):
    costs = straight_lines([[0, 0], [0, 0]], [[6000, 0]])
    with pytest.raises(InvalidValue, match="one for each of 2 demand points"):
        costs.minutes(speeds)
