"""Kernel density: no point is lost at the edge, and even ground stays even."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.area_cells import cells_over
from geo.errors import InvalidValue
from geo.grid import HexGrid
from geo.kernel_density import kernel_density

AREA = shapely.box(0, 0, 20_000, 12_000)


@given(st.integers(0, 2**31), st.floats(600, 6000), st.sampled_from([500, 1000]))
def test_the_densities_add_up_to_the_points(seed: int, bandwidth_m: float, width: int) -> None:
    random = np.random.default_rng(seed)
    covered = cells_over(HexGrid(width), AREA)
    points_m = random.uniform((0, 0), (20_000, 12_000), (50, 2))
    weights = random.integers(0, 9, 50)
    area_m2 = covered.grid.area_m2
    found = kernel_density(points_m, covered.centres_m, area_m2, bandwidth_m, weights)
    assert found.points.sum() + found.outside == pytest.approx(weights.sum())
    assert (found.per_km2 * area_m2 / 1e6).sum() == pytest.approx(found.points.sum())
    if bandwidth_m > width * 0.8:
        assert found.outside == 0


def test_even_ground_is_not_emptier_at_the_edge() -> None:
    covered = cells_over(HexGrid(500), AREA)
    found = kernel_density(covered.centres_m, covered.centres_m, covered.grid.area_m2, 2000)
    x, y = covered.centres_m.T
    edge = (x < 1500) | (x > 18_500) | (y < 1500) | (y > 10_500)
    assert found.points[edge].mean() == pytest.approx(1, abs=0.03)
    assert found.points[~edge].mean() == pytest.approx(1, abs=0.03)


def test_the_kernel_is_the_quartic_one() -> None:
    cells_m = [(0, 0), (500, 0), (999, 0), (1000, 0), (2000, 0)]
    found = kernel_density([(0, 0)], cells_m, 1e6, 1000)
    wanted = np.array([1, (1 - 0.25) ** 2, (1 - 0.999**2) ** 2, 0, 0])
    np.testing.assert_allclose(found.points, wanted / wanted.sum())


def test_points_beyond_every_cell_are_counted_apart() -> None:
    found = kernel_density([(0, 0), (9000, 0)], [(0, 0)], 1e6, 1000, [2, 3])
    assert (found.points.tolist(), found.outside) == ([2.0], 3.0)
    assert kernel_density(np.zeros((0, 2)), [(0, 0)], 1e6, 1000).points.tolist() == [0.0]


def test_what_cannot_be_reckoned_is_refused_in_words() -> None:
    for bandwidth_m in (0, -1, float("nan")):
        with pytest.raises(InvalidValue, match="bandwidth above 0"):
            kernel_density([(0, 0)], [(0, 0)], 1e6, bandwidth_m)
    with pytest.raises(InvalidValue, match="weight of 0 or more"):
        kernel_density([(0, 0)], [(0, 0)], 1e6, 10, [-1])
    with pytest.raises(InvalidValue, match="position"):
        kernel_density([(0, float("nan"))], [(0, 0)], 1e6, 10)
