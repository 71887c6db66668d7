"""The order of stops is the shortest there is, and its travel an estimate by a stated rule."""

from __future__ import annotations

import numpy as np
import pytest

from geo.errors import InvalidValue
from geo.route import MOST_PLACES, Route, shortest_route


def test_the_way_does_not_turn_back():
    assert shortest_route([[0, 0], [9000, 0], [3000, 0], [6000, 0]]).order == (0, 2, 3, 1)


@pytest.mark.parametrize("seed", range(10))
def test_no_exchange_of_two_places_makes_it_shorter(seed):
    points = np.random.default_rng(seed).uniform(0, 10_000, (6, 2))
    route = shortest_route(points)

    def length(order):
        return np.hypot(*np.diff(points[list(order)], axis=0).T).sum()

    assert route.length_m == pytest.approx(length(route.order))
    for one in range(6):
        for other in range(one):
            changed = list(route.order)
            changed[one], changed[other] = changed[other], changed[one]
            assert length(changed) >= route.length_m - 1e-6


def test_travel_is_the_straight_line_made_longer_at_one_speed():
    assert Route((0, 1), 10_000).minutes(route_factor=1.2, speed_kmh=60) == pytest.approx(12)


def test_one_place_is_no_way():
    assert shortest_route([[4, 5]]) == Route((0,), 0.0)


@pytest.mark.parametrize("places", [0, MOST_PLACES + 1])
def test_too_many_places_are_refused(places):
    with pytest.raises(InvalidValue, match="1 to 8 places"):
        shortest_route(np.zeros((places, 2)))
