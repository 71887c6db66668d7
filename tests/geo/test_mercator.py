"""Tiles of the Web Mercator plane: where they lie, what covers a box, and shared units."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.crs import metres_to_mercator, to_degrees
from geo.errors import InvalidValue
from geo.mercator import EXTENT, HALF_WORLD_M, HIGHEST_ZOOM, Box, Tile, covering

EARTH_RADIUS_M = 6_378_137.0


@st.composite
def tiles(draw: st.DrawFn, lowest_zoom: int = 0) -> Tile:
    zoom = draw(st.integers(lowest_zoom, HIGHEST_ZOOM))
    place = st.integers(0, 2**zoom - 1)
    return Tile(zoom, draw(place), draw(place))


def to_plane(longitude: float, latitude: float) -> tuple[float, float]:
    """The textbook formula of the spherical Mercator projection."""
    return (
        EARTH_RADIUS_M * math.radians(longitude),
        EARTH_RADIUS_M * math.asinh(math.tan(math.radians(latitude))),
    )


def test_metres_of_the_national_grid_arrive_where_the_formula_puts_their_degrees():
    easting_m, northing_m = np.random.default_rng(5).uniform(100_000, 600_000, (2, 500))
    longitude, latitude = to_degrees(easting_m, northing_m)
    expected = np.array([to_plane(*place) for place in zip(longitude, latitude, strict=True)])
    result = np.column_stack(metres_to_mercator(easting_m, northing_m))
    np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5)


@given(tiles())
def test_a_tile_lies_where_its_column_and_row_say_in_degrees(tile: Tile):
    def north_west(x: int, y: int) -> tuple[float, float]:
        across = 2**tile.zoom
        latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / across))))
        return to_plane(x / across * 360 - 180, latitude)

    west, north = north_west(tile.x, tile.y)
    east, south = north_west(tile.x + 1, tile.y + 1)
    assert tile.bounds == pytest.approx((west, south, east, north), rel=0, abs=1e-6)


@given(tiles())
def test_the_corners_of_a_tile_are_the_ends_of_its_units(tile: Tile):
    west, south, east, north = tile.bounds
    x, y = tile.to_units([west, east], [north, south])
    assert x.tolist() == y.tolist() == [0, EXTENT]
    assert x.dtype == y.dtype == np.int32


@given(tiles(lowest_zoom=1), st.data())
def test_a_vertex_has_the_same_place_in_neighbouring_tiles(tile: Tile, data: st.DataObject):
    last = 2**tile.zoom - 1
    x = data.draw(st.integers(max(tile.x - 1, 0), min(tile.x + 1, last)))
    y = data.draw(st.integers(max(tile.y - 1, 0), min(tile.y + 1, last)))
    across = st.floats(-1, 2, allow_nan=False)
    fractions = np.array(data.draw(st.lists(st.tuples(across, across), min_size=1)))
    side_m = 2 * HALF_WORLD_M / 2**tile.zoom
    x_m = tile.bounds[0] + fractions[:, 0] * side_m
    y_m = tile.bounds[3] - fractions[:, 1] * side_m
    here, there = tile.to_units(x_m, y_m), Tile(tile.zoom, x, y).to_units(x_m, y_m)
    np.testing.assert_array_equal(here[0] - there[0], (x - tile.x) * EXTENT)
    np.testing.assert_array_equal(here[1] - there[1], (y - tile.y) * EXTENT)


@pytest.mark.parametrize("zoom", [8, 14, 20])
def test_positions_between_two_units_go_the_same_way_in_every_tile(zoom: int):
    middle = 2 ** (zoom - 1)
    near, far = Tile(zoom, middle - 3, middle - 5), Tile(zoom, middle - 2, middle - 4)
    halves = np.random.default_rng(zoom).integers(-4096, 8192, (2, 20_000)) + 0.5
    x_m = near.bounds[0] + halves[0] / near.units_per_m
    y_m = near.bounds[3] - halves[1] / near.units_per_m
    for here, there in zip(near.to_units(x_m, y_m), far.to_units(x_m, y_m), strict=True):
        np.testing.assert_array_equal(here - there, EXTENT)


def test_halves_are_rounded_to_even_on_either_side_of_a_border():
    half_m = 0.5 / Tile(0, 0, 0).units_per_m
    for tile in (Tile(1, 0, 0), Tile(1, 1, 1)):
        middle, _ = tile.to_units(np.arange(-3, 4) * half_m, np.zeros(7))
        assert (middle - middle[3]).tolist() == [-3, -2, -1, 0, 1, 2, 3]
    units, _ = Tile(0, 0, 0).to_units(np.arange(-3, 4) * half_m, np.zeros(7))
    assert (units - EXTENT // 2).tolist() == [-2, -1, 0, 0, 0, 1, 2]


@given(tiles())
def test_units_are_as_many_to_the_metre_as_the_tile_is_wide(tile: Tile):
    west, _, east, _ = tile.bounds
    assert tile.units_per_m * (east - west) == pytest.approx(EXTENT, rel=1e-6)


@given(
    st.integers(0, 5),
    st.tuples(*[st.integers(-24_000_000, 24_000_000)] * 4),
)
def test_the_covering_tiles_are_those_that_share_ground_with_the_box(
    zoom: int, ends: tuple[int, int, int, int]
):
    (west, east), (south, north) = sorted(ends[:2]), sorted(ends[2:])
    assume(west < east and south < north)

    def shares_ground(tile: Tile) -> bool:
        bounds = tile.bounds
        return bounds[0] < east and west < bounds[2] and bounds[1] < north and south < bounds[3]

    across = range(2**zoom)
    everywhere = (Tile(zoom, x, y) for y in across for x in across)
    expected = [tile for tile in everywhere if shares_ground(tile)]
    assert list(covering((west, south, east, north), zoom)) == expected


@given(tiles())
def test_a_tile_covers_its_own_inside(tile: Tile):
    west, south, east, north = tile.bounds
    inset = (east - west) / 8
    inside = (west + inset, south + inset, east - inset, north - inset)
    assert list(covering(inside, tile.zoom)) == [tile]


def test_a_point_has_one_tile_and_a_border_belongs_to_the_east_and_south():
    assert list(covering((0.0, 0.0, 0.0, 0.0), 3)) == [Tile(3, 4, 4)]
    assert list(covering((5.0, -5.0, 5.0, -5.0), 1)) == [Tile(1, 1, 1)]


def test_a_box_that_ends_on_a_border_does_not_reach_over_it():
    assert list(covering((-5.0, 0.0, 0.0, 5.0), 1)) == [Tile(1, 0, 0)]
    assert list(covering((0.0, -5.0, 5.0, 0.0), 1)) == [Tile(1, 1, 1)]


def test_a_box_outside_the_world_has_no_tiles():
    beyond_m = 2 * HALF_WORLD_M
    assert list(covering((beyond_m, 0.0, beyond_m + 1, 1.0), 4)) == []


@pytest.mark.parametrize(
    ("zoom", "x", "y"), [(-1, 0, 0), (25, 0, 0), (3, 8, 0), (3, 0, 8), (3, -1, 0), (0, 0, -1)]
)
def test_tiles_that_are_not_there_are_refused(zoom: int, x: int, y: int):
    with pytest.raises(InvalidValue, match="given"):
        Tile(zoom, x, y)


@pytest.mark.parametrize(
    "box", [(1, 0, 0, 1), (0, 1, 1, 0), (math.nan, 0, 1, 1), (0, 0, math.inf, 1)]
)
def test_a_box_the_wrong_way_round_is_refused_before_any_tile_is_asked_for(box: Box):
    with pytest.raises(InvalidValue, match="west not beyond east"):
        covering(box, 3)


def test_a_zoom_that_is_not_offered_has_no_covering():
    with pytest.raises(InvalidValue, match="from 0 to 24"):
        covering((0, 0, 1, 1), 25)


@pytest.mark.parametrize("x_m", [math.nan, math.inf, -HALF_WORLD_M])
def test_positions_without_units_are_refused(x_m: float):
    with pytest.raises(InvalidValue, match="finite metres"):
        Tile(24, 2**24 - 1, 0).to_units([0.0, x_m], [0.0, 0.0])


def test_no_positions_have_no_units():
    x, y = Tile(8, 127, 84).to_units([], [])
    assert x.size == y.size == 0
