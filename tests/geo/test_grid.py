"""Hexagonal cells: where points fall, what counts add up to, and how cells meet."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from geo.errors import InvalidValue
from geo.grid import HexGrid

NEIGHBOURS = np.array([[1, 0], [0, 1], [-1, 1], [-1, 0], [0, -1], [1, -1]])

coordinates_m = st.floats(-1_000_000, 1_500_000, allow_nan=False)
widths_m = st.sampled_from([250.0, 500.0, 1000.0, 1234.5])


def all_cells(reach: int) -> np.ndarray:
    q, r = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    return np.column_stack((q.ravel(), r.ravel()))


@given(coordinates_m, coordinates_m, widths_m)
def test_every_point_lies_in_its_own_cell(easting_m: float, northing_m: float, width: float):
    grid = HexGrid(width)
    cell = grid.polygons(grid.locate([easting_m], [northing_m]))[0]
    assert shapely.distance(cell, shapely.Point(easting_m, northing_m)) < 1e-6


def test_the_cell_is_the_one_with_the_nearest_centre():
    grid = HexGrid(1000)
    points = np.random.default_rng(3).uniform(-9_000, 9_000, size=(20_000, 2))
    cells = all_cells(25)
    nearest = cells[cKDTree(grid.centres(cells)).query(points)[1]]
    np.testing.assert_array_equal(grid.locate(points[:, 0], points[:, 1]), nearest)


def test_centres_are_found_in_their_own_cells():
    grid, cells = HexGrid(500), all_cells(40)
    centres = grid.centres(cells)
    np.testing.assert_array_equal(grid.locate(centres[:, 0], centres[:, 1]), cells)


@given(st.integers(-2000, 2000), st.integers(-2000, 2000), widths_m)
def test_neighbours_share_two_vertices_to_the_last_bit(q: int, r: int, width: float):
    grid = HexGrid(width)
    here = np.array([[q, r]])
    own, *others = grid.polygons(np.vstack((here, here + NEIGHBOURS)))
    own_vertices = set(shapely.get_coordinates(own).view("c16").ravel().tolist())
    assert len(own_vertices) == 6
    for other in others:
        vertices = set(shapely.get_coordinates(other).view("c16").ravel().tolist())
        assert len(own_vertices & vertices) == 2


def test_cells_cover_the_ground_without_gap_or_overlap():
    grid = HexGrid(1000)
    cells = grid.polygons(all_cells(6))
    assert shapely.coverage_is_valid(cells)
    whole = shapely.coverage_union_all(cells)
    assert len(whole.interiors) == 0
    assert whole.area == pytest.approx(len(cells) * math.sqrt(3) / 2 * 1e6)


def test_size_and_orientation_are_as_stated():
    grid = HexGrid(1000)
    polygon = grid.polygons([[0, 0]])[0]
    west, _, east, _ = polygon.bounds
    assert east - west == 1000
    assert polygon.area == pytest.approx(math.sqrt(3) / 2 * 1e6)
    assert polygon.exterior.is_ccw
    assert grid.centres([[0, 0], [1, 0]]).tolist() == [[0, 0], [1000, 0]]


def test_names_say_size_and_place():
    grid = HexGrid(500)
    assert grid.cell_ids([[123, -45], [0, 7]]).tolist() == ["h500_q123_r-45", "h500_q0_r7"]


@pytest.mark.parametrize("width", [0, -1, math.nan, math.inf])
def test_a_cell_needs_a_width(width: float):
    with pytest.raises(InvalidValue, match="width above 0 metres"):
        HexGrid(width)


def test_points_without_a_place_are_refused_with_their_number():
    with pytest.raises(InvalidValue, match="2 of 3"):
        HexGrid().locate([1.0, math.nan, 3.0], [1.0, 2.0, math.inf])
