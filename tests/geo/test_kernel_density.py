"""Kernel density: no point is lost at the edge, and even ground stays even."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
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
    if bandwidth_m > width * 1.6:
        assert found.outside == 0


@given(st.floats(300, 6000), st.floats(1e-3, 0.6))
@settings(max_examples=20)
def test_even_ground_stays_even_to_the_very_edge(bandwidth_m: float, least_share: float) -> None:
    area = shapely.Point(5_000, 3_000).buffer(4_100) - shapely.Point(6_000, 3_000).buffer(1_000)
    covered = cells_over(HexGrid(500), area, least_share)
    found = kernel_density(
        covered.centres_m, covered.centres_m, covered.inside_m2, bandwidth_m, covered.inside_m2
    )
    np.testing.assert_allclose(found.per_km2, 1e6, rtol=1e-4)


def test_a_cell_cut_by_the_edge_is_not_told_to_be_denser() -> None:
    area = shapely.box(137, 71, 9_850, 7_930)
    covered = cells_over(HexGrid(500), area, 1e-3)
    east, north = np.meshgrid(np.arange(187, 9_850, 100.0), np.arange(121, 7_930, 100.0))
    points_m = np.column_stack((east.ravel(), north.ravel()))
    found = kernel_density(points_m, covered.centres_m, covered.inside_m2, 2000)
    assert found.points.sum() == pytest.approx(len(points_m))
    even = len(points_m) / area.area * 1e6
    cut = covered.share < 0.9
    assert cut.sum() > 30
    assert found.per_km2[cut].mean() == pytest.approx(even, rel=0.03)
    assert np.abs(found.per_km2 / even - 1).max() < 0.15


def test_neither_the_order_of_points_nor_their_weights_apart_matter() -> None:
    random = np.random.default_rng(2)
    covered = cells_over(HexGrid(1000), AREA)
    points_m, weights = random.uniform(0, 12_000, (40, 2)), random.integers(1, 4, 40)
    asked = (covered.centres_m, covered.grid.area_m2, 1500.0)
    one = kernel_density(points_m, *asked, weights)
    apart = random.permutation(np.repeat(points_m, weights, axis=0))
    np.testing.assert_allclose(kernel_density(apart, *asked).points, one.points, atol=1e-12)


def test_far_from_the_edge_the_kernel_is_the_quartic_one() -> None:
    covered = cells_over(HexGrid(500), AREA)
    point = np.array((10_040.0, 6_010.0))
    found = kernel_density([point], covered.centres_m, covered.grid.area_m2, 2000)
    distance = np.hypot(*(covered.centres_m - point).T)
    wanted = np.where(distance < 2000, (1 - (distance / 2000) ** 2) ** 2, 0)
    assert (wanted > 0).sum() > 40
    np.testing.assert_allclose(found.points, wanted / wanted.sum(), atol=2e-5)


def test_points_beyond_every_cell_are_counted_apart() -> None:
    found = kernel_density([(0, 0), (9000, 0)], [(0, 0)], 1e6, 1000, [2, 3])
    assert (found.points.tolist(), found.outside) == ([2.0], 3.0)
    assert kernel_density(np.zeros((0, 2)), [(0, 0)], 1e6, 1000).points.tolist() == [0.0]


def test_what_cannot_be_reckoned_is_refused_in_words() -> None:
    for bandwidth_m in (0, -1, float("nan")):
        with pytest.raises(InvalidValue, match="bandwidth above 0 metres"):
            kernel_density([(0, 0)], [(0, 0)], 1e6, bandwidth_m)
    for area_m2 in (0, [1.0, 1.0], float("inf")):
        with pytest.raises(InvalidValue, match="Ground above 0"):
            kernel_density([(0, 0)], [(0, 0)], area_m2, 10)
    with pytest.raises(InvalidValue, match="weight of 0 or more"):
        kernel_density([(0, 0)], [(0, 0)], 1e6, 10, [-1])
    with pytest.raises(InvalidValue, match="position"):
        kernel_density([(0, float("nan"))], [(0, 0)], 1e6, 10)
