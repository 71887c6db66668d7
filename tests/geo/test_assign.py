from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.assign import AreaIndex
from geo.errors import InvalidFrame

SIDE_M = 100.0


def lattice(columns: int, rows: int) -> tuple[list[str], list[shapely.Polygon]]:
    """Squares whose codes do not follow their order, so that "the lower code" means something."""
    codes, squares = [], []
    for row in range(rows):
        for column in range(columns):
            codes.append(f"C{(row * columns + column) * 7 % (columns * rows):02d}")
            west, south = column * SIDE_M, row * SIDE_M
            squares.append(shapely.box(west, south, west + SIDE_M, south + SIDE_M))
    return codes, squares


def wheel(spokes: int, radius_m: float = 5_000.0) -> gpd.GeoDataFrame:
    """Slices of a disc with ragged rims, and a hole in the middle of the first."""
    turns = np.linspace(0, 2 * np.pi, spokes * 12 + 1)[:-1]
    ragged = radius_m * (1 + 0.2 * np.sin(turns * 31))
    rim = np.column_stack((ragged * np.cos(turns), ragged * np.sin(turns)))
    rim = np.vstack((rim, rim[:1]))
    slices = [
        shapely.Polygon(np.vstack(([[0, 0]], rim[n * 12 : n * 12 + 13]))) for n in range(spokes)
    ]
    centre = slices[0].representative_point()
    slices[0] = slices[0].difference(centre.buffer(radius_m / 20))
    return gpd.GeoDataFrame(
        {"code": [f"S{n}" for n in range(spokes)]}, geometry=slices, crs="EPSG:27700"
    )


def joined_codes(areas: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=areas.crs)
    joined = points.sjoin(areas, how="left", predicate="intersects")
    return joined.groupby(level=0)["code"].min().fillna("").to_numpy(dtype=object)


def test_labels_equal_those_of_a_spatial_join() -> None:
    areas = wheel(9)
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-7_000, 7_000, (2, 40_000))
    index = AreaIndex.build(areas["code"].tolist(), areas.geometry.to_numpy())
    found = index.codes_at(x, y)
    assert np.array_equal(found, joined_codes(areas, x, y))
    assert (found == "").any()
    assert set(found) == {*areas["code"], ""}


def test_every_vertex_of_an_area_belongs_to_the_lowest_code_that_touches_it() -> None:
    areas = wheel(7)
    x, y = shapely.get_coordinates(areas.geometry.to_numpy()).T
    index = AreaIndex.build(areas["code"].tolist(), areas.geometry.to_numpy())
    assert np.array_equal(index.codes_at(x, y), joined_codes(areas, x, y))


def lower_code_by_brute_force(
    codes: list[str], areas: list[shapely.Polygon], x: np.ndarray, y: np.ndarray
) -> list[str]:
    found = np.full(x.shape, "", dtype=object)
    for code, area in sorted(zip(codes, areas, strict=True), reverse=True):
        found[shapely.intersects_xy(area, x, y)] = code
    return found.tolist()


def test_a_small_area_inside_a_larger_one_keeps_its_ground_if_its_code_is_lower() -> None:
    """The small area lies within one cell of the lattice, which the large one holds whole."""
    large, small = shapely.box(0, 0, 12_800, 12_800), shapely.box(6_420, 6_420, 6_440, 6_440)
    assert AreaIndex.build(["B", "A"], [large, small]).codes_at(6_430, 6_430).tolist() == ["A"]
    assert AreaIndex.build(["A", "B"], [large, small]).codes_at(6_430, 6_430).tolist() == ["A"]


corners = st.tuples(st.integers(0, 12), st.integers(0, 12))
triangles = (
    st.tuples(corners, corners, corners).map(shapely.Polygon).filter(lambda area: area.area > 0)
)


@settings(deadline=None, max_examples=50)
@given(
    areas=st.lists(triangles, min_size=1, max_size=4),
    codes=st.permutations(["A", "B", "C", "D"]),
    seed=st.integers(0, 1_000),
)
def test_where_areas_overlap_a_point_goes_to_the_lowest_code_that_reaches_it(
    areas: list[shapely.Polygon], codes: list[str], seed: int
) -> None:
    x, y = np.random.default_rng(seed).uniform(-1, 13, (2, 500))
    corner_x, corner_y = np.meshgrid(np.arange(13.0), np.arange(13.0))
    x, y = np.append(x, corner_x), np.append(y, corner_y)
    codes = codes[: len(areas)]
    found = AreaIndex.build(codes, areas).codes_at(x, y)
    assert found.tolist() == lower_code_by_brute_force(codes, areas, x, y)


quarter_steps = st.integers(-2, 18).map(lambda step: step * SIDE_M / 4)


@settings(deadline=None)
@given(easting_m=quarter_steps, northing_m=quarter_steps)
def test_a_point_on_a_shared_edge_goes_to_the_lower_code(
    easting_m: float, northing_m: float
) -> None:
    codes, squares = lattice(4, 4)
    touching = [
        code
        for code, square in zip(codes, squares, strict=True)
        if square.intersects(shapely.Point(easting_m, northing_m))
    ]
    found = AreaIndex.build(codes, squares).codes_at(easting_m, northing_m)
    assert found.tolist() == [min(touching, default="")]


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_coordinates_that_are_not_finite_lie_outside(odd: float) -> None:
    index = AreaIndex.build(*lattice(2, 2))
    assert index.locate([odd, 50.0, 50.0], [50.0, odd, 50.0]).tolist()[:2] == [-1, -1]
    assert index.codes_at([odd], [odd]).tolist() == [""]


def test_the_order_of_the_areas_changes_nothing() -> None:
    codes, squares = lattice(3, 3)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-10, 310, (2, 500))
    forward = AreaIndex.build(codes, squares)
    backward = AreaIndex.build(codes[::-1], squares[::-1])
    assert forward.codes == backward.codes == tuple(sorted(codes))
    assert np.array_equal(forward.locate(x, y), backward.locate(x, y))


def test_no_points_give_no_labels() -> None:
    assert AreaIndex.build(*lattice(1, 1)).codes_at([], []).tolist() == []


@pytest.mark.parametrize(
    ("codes", "areas", "reason"),
    [
        (["A"], [shapely.box(0, 0, 1, 1)] * 2, "One code for each area"),
        ([], [], "at least one area"),
        (["A", "A"], [shapely.box(0, 0, 1, 1)] * 2, "a code of its own"),
        (["A"], [shapely.Point(0, 0)], "Polygons are needed"),
        (["A"], [shapely.Polygon()], "Polygons are needed"),
    ],
)
def test_unusable_areas_are_refused(codes: list[str], areas: list[object], reason: str) -> None:
    with pytest.raises(InvalidFrame, match=reason):
        AreaIndex.build(codes, areas)
