"""Hexagonal cells: where points fall, what counts add up to, and how cells meet."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import example, given
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


@given(st.integers(-9_999_999, 9_999_999), st.integers(-9_999_999, 9_999_999), widths_m)
def test_a_name_is_read_as_the_cell_that_bears_it(q: int, r: int, width: float):
    (name,) = HexGrid(width).cell_ids([(q, r)])
    assert HexGrid.parse(str(name)) == (HexGrid(width), (q, r))


@given(coordinates_m, coordinates_m, st.sampled_from([500.0, 1000.0, 2000.0]))
def test_the_name_of_a_point_s_cell_leads_back_to_the_point(
    easting_m: float, northing_m: float, width: float
):
    grid = HexGrid(width)
    (name,) = grid.cell_ids(grid.locate([easting_m], [northing_m]))
    read, place = HexGrid.parse(str(name))
    (centre,) = read.centres([place])
    assert math.dist(centre, (easting_m, northing_m)) <= width / math.sqrt(3) + 1e-6


far_cells = st.tuples(*[st.integers(-(2**25), 2**25 - 1)] * 2)


@given(st.lists(far_cells, min_size=1, max_size=40, unique=True))
@example([(0, 2**25 - 1), (1, -1)])
@example([(-(2**25), -(2**25)), (2**25 - 1, 2**25 - 1)])
def test_every_cell_has_a_number_of_its_own(cells: list[tuple[int, int]]):
    numbers = HexGrid(500).cell_numbers(cells)
    assert len(set(numbers.tolist())) == len(cells)
    assert 0 <= numbers.min() <= numbers.max() < 2**53


@pytest.mark.parametrize(
    "junk",
    ["", "h", "1000_q1_r1", "h1000", "h1000_q1", "h1000_r1_q1", "H1000_q1_r1", "h1000_Q1_R1",
     "h1000_q1_r1 ", " h1000_q1_r1", "h1000_q1_r1\n", "h1000 _q1_r1", "h1000_q1_r1_s1",
     "h0_q1_r1", "h-1000_q1_r1", "h1e3_q1_r1", "hnan_q1_r1", "hinf_q1_r1", "h_q1_r1",
     "h1000_q1.5_r1", "h1000_q_r", "h1000_q--1_r1", "h1000_q+1_r1", "h1000_q1_r12345678",
     "h1000_q1_r1/..", "h1000_q1_r1%00", "h\uff11000_q1_r1", "h1000_q\u0661_r1", "x" * 999],
)  # fmt: skip
def test_what_is_no_name_is_refused(junk: str):
    with pytest.raises(InvalidValue, match=r"such as h1000_q283_r351; given") as refused:
        HexGrid.parse(junk)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "name", ["h01000_q1_r1", "h1000.0_q1_r1", "h1000_q01_r1", "h1000_q-0_r1", "h1000_q1_r-007"]
)
def test_a_cell_has_one_name_only(name: str):
    with pytest.raises(InvalidValue):
        HexGrid.parse(name)


@given(st.text(max_size=30) | st.from_regex(r"h\d{1,7}(\.\d{1,4})?_q-?\d{1,8}_r-?\d{1,8}"))
def test_a_text_is_the_name_of_a_cell_or_refused(text: str):
    try:
        grid, place = HexGrid.parse(text)
    except InvalidValue:
        return
    assert grid.cell_ids([place]).tolist() == [text]


def test_points_without_a_place_are_refused_with_their_number():
    with pytest.raises(InvalidValue, match="2 of 3"):
        HexGrid().locate([1.0, math.nan, 3.0], [1.0, 2.0, math.inf])
