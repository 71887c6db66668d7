"""Outlines by zoom: at every level the areas of one day still meet edge to edge."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.builder import build
from boundaries.ground import load_ground
from boundaries.levels import TOLERANCES_M, level_of, outlines_at
from boundaries.outlines import Outlines, read_outlines
from boundaries.recipe import RECIPES, Recipe, read_recipe
from boundaries.sets import BoundarySet

LEVELS = (9, 11, 13, 99)
SHARE = 0.003
"""How much of its area an outline may gain or lose at any level."""

CORNERS = {
    "a": (0, 0), "b": (4_000, 0), "c": (8_000, 0),
    "d": (0, 4_000), "e": (4_000, 4_000), "f": (8_000, 4_000),
    "g": (0, 8_000), "h": (4_000, 8_000), "i": (8_000, 8_000),
}  # fmt: skip


def wavy_quarters(seed: int, bend_m: float) -> dict[str, shapely.Polygon]:
    """Four areas round a middle, whose shared edges are the same crooked lines."""
    rng = np.random.default_rng(seed)
    edges: dict[tuple[str, str], np.ndarray] = {}

    def edge(start: str, end: str) -> np.ndarray:
        key = (min(start, end), max(start, end))
        if key not in edges:
            line = np.linspace(CORNERS[key[0]], CORNERS[key[1]], 80)
            bends_m = rng.normal(0, bend_m, 80) * np.sin(np.linspace(0, np.pi, 80))
            line[:, int(line[0, 1] == line[-1, 1])] += bends_m.round(3)
            edges[key] = line
        return edges[key] if (start, end) == key else edges[key][::-1]

    def ring(names: str) -> shapely.Polygon:
        corners = pairwise(names + names[0])
        return shapely.Polygon(np.vstack([edge(*pair)[:-1] for pair in corners]))

    return {"SW": ring("abed"), "NW": ring("dehg"), "SE": ring("bcfe"), "NE": ring("efih")}


Row = tuple[str, shapely.Geometry, date | None, date | None]


def areas_of(rows: list[Row]) -> BoundarySet:
    days = [[row[2] for row in rows], [row[3] for row in rows]]
    frame = gpd.GeoDataFrame(
        {
            "code": [row[0] for row in rows],
            "name": [row[0] for row in rows],
            "group": "",
            "approximate": False,
            "note": "",
            "date_from": np.array(days[0], dtype=object),
            "date_to": np.array(days[1], dtype=object),
        },
        geometry=[row[1] for row in rows],
        crs="EPSG:27700",
    )
    return BoundarySet("npas", "Areas", frame, frame, "made up", "made-up", ())


def split_in_2018(seed: int, bend_m: float) -> BoundarySet:
    """A west that is split while the east, which touches it, lives on."""
    quarters = wavy_quarters(seed, bend_m)
    west = shapely.union_all([quarters["SW"], quarters["NW"]])
    east = shapely.union_all([quarters["SE"], quarters["NE"]])
    last, first = date(2018, 3, 31), date(2018, 4, 1)
    return areas_of(
        [
            ("WEST", west, None, last),
            ("EAST", east, None, None),
            ("SW", quarters["SW"], first, None),
            ("NW", quarters["NW"], first, None),
        ]
    )


@pytest.fixture(scope="module")
def built(shared_data: Path) -> dict[str, BoundarySet]:
    """NPAs and districts built from the wards of 2025."""
    wards = read_outlines(shared_data / "boundaries" / "ward_2025.geojson")
    made = build(read_recipe(RECIPES / "leicestershire.toml"), wards)
    return {"npas": made.npas, "districts": made.districts}


@pytest.fixture(
    params=["shipped npas", "shipped districts"]
    + [pytest.param(f"built {name}", marks=pytest.mark.real_data) for name in ("npas", "districts")]
)
def areas(request: pytest.FixtureRequest) -> BoundarySet:
    kind, name = request.param.split()
    if kind == "shipped":
        found: BoundarySet = getattr(load_ground(None), name)
        return found
    sets: dict[str, BoundarySet] = request.getfixturevalue("built")
    return sets[name]


def check_coverage(areas: BoundarySet, level: int) -> None:
    outlines = outlines_at(areas, level)
    assert len(outlines) == len(areas.frame)
    assert shapely.is_valid(outlines).all()
    assert not shapely.is_empty(outlines).any()
    assert set(shapely.get_type_id(outlines)) <= {3, 6}
    for era in areas.eras:
        now = outlines[list(era.rows)]
        assert shapely.coverage_is_valid(now), (level, era.date_from)
        whole = shapely.union_all(now)
        assert whole.area == pytest.approx(shapely.area(now).sum(), rel=1e-9), "none overlap"


@pytest.mark.parametrize("level", LEVELS)
def test_the_areas_of_a_level_meet_edge_to_edge(areas: BoundarySet, level: int):
    check_coverage(areas, level)


def test_lower_levels_have_fewer_corners_and_nearly_the_same_ground(areas: BoundarySet):
    levels = [outlines_at(areas, level) for level in LEVELS]
    corners = [int(shapely.get_num_coordinates(outlines).sum()) for outlines in levels]
    assert corners == sorted(corners)
    exact = shapely.area(levels[-1])
    for outlines in levels:
        assert np.abs(shapely.area(outlines) / exact - 1).max() < SHARE


@pytest.mark.real_data
def test_built_outlines_are_much_lighter_from_far(built: dict[str, BoundarySet]):
    for areas in built.values():
        far, near, closer, best = (
            int(shapely.get_num_coordinates(outlines_at(areas, level)).sum()) for level in LEVELS
        )
        assert far < near < closer < best
        assert far * 2 < best


def test_simplified_edges_stay_near_where_they_were(areas: BoundarySet):
    exact = outlines_at(areas, 99)
    for level, tolerance_m in TOLERANCES_M:
        moved_m = shapely.hausdorff_distance(outlines_at(areas, level), exact)
        assert moved_m.max() < 4 * tolerance_m


def test_the_ends_of_the_scale_are_the_display_and_the_best_outlines(areas: BoundarySet):
    assert list(outlines_at(areas, 9)) == list(areas.display.geometry)
    assert list(outlines_at(areas, 99)) == list(areas.frame.geometry)


def test_the_frames_of_a_set_are_not_changed(areas: BoundarySet):
    before = [shapely.to_wkb(frame.geometry) for frame in (areas.frame, areas.display)]
    for level in LEVELS:
        outlines_at(areas, level)[:] = None
        found = outlines_at(areas, level)
        assert not shapely.is_missing(found).any()
    after = [shapely.to_wkb(frame.geometry) for frame in (areas.frame, areas.display)]
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


def test_every_zoom_has_a_level_and_closer_zooms_never_a_coarser_one():
    levels = [level_of(zoom) for zoom in range(25)]
    assert set(levels) == set(LEVELS)
    assert levels == sorted(levels)
    assert all(level_of(level) == level for level in LEVELS[:-1])
    assert all(zoom <= level for zoom, level in enumerate(levels))
    tolerances = [tolerance_m for _, tolerance_m in TOLERANCES_M]
    assert tolerances == sorted(tolerances, reverse=True)


def test_areas_of_two_eras(recipe: Recipe, outlines: Outlines):
    made = build(recipe, outlines)
    assert len(made.npas.eras) == 2
    for areas in (made.npas, made.districts):
        for level in LEVELS:
            check_coverage(areas, level)
            now = outlines_at(areas, level)
            assert shapely.area(now) == pytest.approx(shapely.area(areas.frame.geometry))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([4.0, 8.0, 30.0]))
def test_an_area_that_outlives_its_neighbours_fits_the_old_and_the_new(seed: int, bend_m: float):
    areas = split_in_2018(seed, bend_m)
    assert [len(era.rows) for era in areas.eras] == [2, 3]
    corners = {}
    for level in (11, 13, 99):
        check_coverage(areas, level)
        west, east, south, north = outlines_at(areas, level)
        shared = shapely.line_merge(shapely.intersection(west, east))
        corners[level] = shapely.get_num_coordinates([shared, west, east, south, north])
        assert shapely.union_all([south, north]).symmetric_difference(west).area < 1e-3
    assert (corners[11] < corners[99]).all(), "the edge that all of them share is simplified too"
    assert (corners[11] <= corners[13]).all()


def ring_round_a_town() -> BoundarySet:
    """A county round a town that is given an island and a suburb of its own later."""
    county = shapely.Point(0, 0).buffer(9_000, quad_segs=40)
    town = shapely.Point(500, 300).buffer(3_000, quad_segs=40)
    suburb = shapely.intersection(town, shapely.box(500, -9_000, 9_000, 9_000))
    island = shapely.Point(20_000, 0).buffer(1_000, quad_segs=20)
    return areas_of(
        [
            ("COUNTY", shapely.union_all([county.difference(town), island]), None, None),
            ("TOWN", town, None, date(2018, 3, 31)),
            ("OLD TOWN", town.difference(suburb), date(2018, 4, 1), None),
            ("SUBURB", suburb, date(2018, 4, 1), None),
        ]
    )


@pytest.mark.parametrize("level", LEVELS)
def test_areas_with_holes_and_islands_keep_them(level: int):
    areas = ring_round_a_town()
    check_coverage(areas, level)
    county, town, *_ = outlines_at(areas, level)
    assert sorted(len(part.interiors) for part in county.geoms) == [0, 1]
    assert county.intersection(town).area == pytest.approx(0, abs=1e-3)
    assert shapely.area(outlines_at(areas, level)) == pytest.approx(
        shapely.area(areas.frame.geometry), rel=0.01
    )


@pytest.mark.parametrize("level", LEVELS)
def test_a_row_that_was_never_in_force_is_a_row_all_the_same(level: int):
    quarters = wavy_quarters(3, 8.0)
    ends_before_it_begins = (date(2020, 1, 1), date(2019, 1, 1))
    areas = areas_of(
        [
            ("SW", quarters["SW"], None, None),
            ("NW", quarters["NW"], None, None),
            ("NEVER", quarters["SE"], *ends_before_it_begins),
        ]
    )
    check_coverage(areas, level)
