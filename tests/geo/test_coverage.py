"""Distances to the nearest place, against looking at every pair."""

from __future__ import annotations

import numpy as np
import pytest

from geo.coverage import nearest_m
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
