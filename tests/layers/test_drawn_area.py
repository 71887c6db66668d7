"""An area that somebody drew: how it is read, what lies in it, and what it must not give away."""

from __future__ import annotations

import csv
import io
import math
import re
from typing import Any

import numpy as np
import orjson
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.crs import to_degrees, to_metres
from geo.grid import HexGrid
from layers import output
from layers.audience import Audience
from layers.drawn_area import DECIMALS, MOST_CORNERS, BBox, DrawnArea
from layers.errors import BadQuery
from layers.view import View
from tests.layers.desk import Desk

SQUARE = "-1.2,52.6 -1.0,52.6 -1.0,52.7 -1.2,52.7"
CITY = "-1.2,52.58 -1.05,52.6 -1.08,52.69 -1.19,52.68"
SIX_YEARS = {"from_": "2020", "to": "2025"}


def ring_of(corners: int, radius: float = 0.05) -> str:
    """A regular polygon round the city."""
    angles = [2 * math.pi * n / corners for n in range(corners)]
    return " ".join(
        f"{-1.13 + radius * math.cos(a):.5f},{52.63 + radius * math.sin(a):.5f}" for a in angles
    )


def polygon_of(text: str) -> shapely.Polygon:
    """The area in metres, made without the code under test."""
    degrees = [tuple(map(float, pair.split(","))) for pair in text.split()]
    return shapely.Polygon(np.column_stack(to_metres(*zip(*degrees, strict=True))))


@st.composite
def areas(draw: st.DrawFn) -> str:
    """A star-shaped polygon somewhere in or near the force area."""
    longitude, latitude = draw(st.floats(-1.6, -0.5)), draw(st.floats(52.4, 52.95))
    number = draw(st.integers(3, 12))
    turns = sorted(draw(st.lists(st.floats(0, 1), min_size=number, max_size=number, unique=True)))
    rays = draw(st.lists(st.floats(0.02, 0.5), min_size=number, max_size=number))
    text = " ".join(
        f"{longitude + ray * math.cos(2 * math.pi * turn):.5f},"
        f"{latitude + 0.6 * ray * math.sin(2 * math.pi * turn):.5f}"
        for turn, ray in zip(turns, rays, strict=True)
    )
    try:
        DrawnArea.parse(text)
    except BadQuery:
        assume(False)
    assume(polygon_of(text).is_valid)
    return text


def held_in_cells(view: View) -> int:
    if not view.counts.matched:
        assert "The cells hold" not in " ".join(view.caption)
        return 0
    (said,) = re.findall(r"The cells hold ([\d,]+):", " ".join(view.caption))
    return int(said.replace(",", ""))


def test_corners_are_read_in_order():
    area = DrawnArea.parse("-1.2,52.6  -1.0,52.6\n-1.0,52.7")
    assert area.corners == ((-1.2, 52.6), (-1.0, 52.6), (-1.0, 52.7))
    assert str(area) == "-1.20000,52.60000 -1.00000,52.60000 -1.00000,52.70000"


def test_a_closing_corner_is_the_first_one():
    closed = f"{SQUARE} -1.2,52.6"
    assert DrawnArea.parse(closed) == DrawnArea.parse(SQUARE)
    assert DrawnArea.parse(f"{SQUARE} -1.200001,52.599999") == DrawnArea.parse(SQUARE)


def test_corners_are_rounded_to_about_a_metre():
    area = DrawnArea.parse("-1.2000049,52.6000049 -1.0,52.6 -1.0,52.7")
    assert area.corners[0] == (-1.2, 52.6)
    assert DrawnArea.parse("-1.200006,52.6 -1.0,52.6 -1.0,52.7").corners[0] == (-1.20001, 52.6)
    east, north = to_metres([-1.13, -1.13 + 10**-DECIMALS], [52.63, 52.63 + 10**-DECIMALS])
    assert 0.5 < np.diff(east)[0] < np.diff(north)[0] < 1.2


@given(areas())
def test_an_area_as_text_is_the_same_area(text: str):
    area = DrawnArea.parse(text)
    assert DrawnArea.parse(str(area)) == area
    assert str(DrawnArea.parse(str(area))) == str(area)
    assert shapely.hausdorff_distance(area.polygon_m(), polygon_of(text)) < 1e-6


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("-1.2,52.6 -1.0,52.7 -1.0,52.6 -1.2,52.7", id="a bow"),
        pytest.param("-1.2,52.6 -1.0,52.6 -1.1,52.6 -1.1,52.7", id="back along itself"),
        pytest.param("-1.5,52.5 -1.25,52.625 -1.0,52.75", id="a line"),
        pytest.param("-1.2,52.6 -1.0,52.6 -1.2,52.6 -1.1,52.7", id="a corner twice"),
        pytest.param("-1.2,52.6 -1.200001,52.6 -1.2,52.600001 -1.3,52.6", id="less than a metre"),
    ],
)
def test_edges_must_neither_cross_nor_touch(text: str):
    with pytest.raises(BadQuery, match="neither cross nor touch"):
        DrawnArea.parse(text)


@pytest.mark.parametrize(
    ("text", "corners"),
    [
        ("-1.2,52.6", 1),
        ("-1.2,52.6 -1.0,52.6", 2),
        ("-1.2,52.6 -1.0,52.6 -1.2,52.6", 2),
        (ring_of(101), 101),
        (ring_of(5000, 0.4), 5000),
    ],
)
def test_too_few_and_too_many_corners_are_counted(text: str, corners: int):
    with pytest.raises(BadQuery, match=f"must have 3 to 100 corners.*given {corners}"):
        DrawnArea.parse(text)


def test_as_many_corners_as_are_allowed_and_a_closing_one():
    text = ring_of(MOST_CORNERS)
    assert len(DrawnArea.parse(text).corners) == MOST_CORNERS
    assert DrawnArea.parse(f"{text} {text.split()[0]}") == DrawnArea.parse(text)


@pytest.mark.parametrize(
    "wrong",
    ["nan,52.6", "-1.1,nan", "inf,52.6", "-1.1,-inf", "-1.1", "-1.1,52.6,0", "-1.1;52.6",
     "east,north", ",", "-1.1,", "-180.1,52.6", "-1.1,90.1", "1e999,1", "-1.1,526", "🦔,🦔"],
)  # fmt: skip
def test_what_is_no_corner_is_refused_in_words(wrong: str):
    with pytest.raises(BadQuery, match=r"such as -1\.1,52\.6 .*; given '") as refused:
        DrawnArea.parse(f"-1.0,52.6 {wrong} -1.0,52.7")
    assert len(str(refused.value)) < 300


def test_what_is_given_is_repeated_only_in_part():
    with pytest.raises(BadQuery) as refused:
        DrawnArea.parse("<script>" * 10_000)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("layer", ["visits", "sites", "people_zones", "npas", "crime"])
def test_swapped_numbers_are_another_place_and_hold_nothing(
    demo: Desk, layer: str, audience: Audience
):
    swapped = " ".join(",".join(reversed(pair.split(","))) for pair in SQUARE.split())
    there = demo.view(layer, audience, area=SQUARE)
    assert there.counts.surely > 0
    nothing = demo.view(layer, audience, area=swapped)
    assert (nothing.counts.matched, len(nothing.records)) == (0, 0)
    assert nothing.caption[0].startswith("No ")


@pytest.mark.parametrize("layer", ["visits", "sites", "people_zones", "npas", "crime"])
def test_areas_as_wide_as_the_world_are_answered(demo: Desk, layer: str):
    for text in ("-180,-90 180,-90 180,90", "-90,-80 90,-80 90,80 -90,80", "0,89 1,90 -1,90"):
        assert demo.view(layer, area=text).caption


def test_an_area_is_given_once_and_a_blank_one_is_none(demo: Desk):
    with pytest.raises(BadQuery, match="area can be given once"):
        demo.view("visits", area=[SQUARE, CITY])
    assert demo.view("visits", area=" ") is demo.view("visits")
    given_area = demo.view("visits", area=CITY).query
    assert ("area", str(DrawnArea.parse(CITY))) in given_area.params()


@settings(max_examples=8, deadline=None)
@given(areas())
def test_stops_and_sites_in_an_area_are_those_whose_point_is(demo: Desk, text: str):
    polygon = polygon_of(text)
    for layer, key, asked in (("visits", "visit_id", SIX_YEARS), ("sites", "site_id", {})):
        for audience in Audience:
            whole = demo.view(layer, audience, **asked).records
            inside = [
                name
                for name, point in zip(whole[key], whole.geometry, strict=True)
                if point is not None and polygon.contains(point)
            ]
            view = demo.view(layer, audience, area=text, **asked)
            assert list(view.records[key]) == inside
            assert view.counts.matched == len(inside)


@settings(max_examples=10, deadline=None)
@given(areas())
def test_outlines_in_an_area_are_those_that_share_ground(demo: Desk, text: str):
    polygon = polygon_of(text)
    whole = demo.view("npas").records
    found = demo.view("npas", area=text).records
    assert list(found["npa_code"]) == list(whole["npa_code"][whole.geometry.intersects(polygon)])


@settings(max_examples=10, deadline=None)
@given(areas(), st.sampled_from(["500", "1000", "2000"]))
def test_crime_in_an_area_is_that_of_whole_cells_by_their_centre(
    demo: Desk, text: str, cell_m: str
):
    polygon = polygon_of(text)
    asked = {"cell_m": cell_m, "from_": "2022-09", "to": "2022-10"}
    whole = demo.view("crime", **asked).records.set_index("cell_id")["records"]
    inside = {
        name: records
        for name, records in whole.items()
        if polygon.contains(shapely.Point(*HexGrid(int(cell_m)).centres([axial(name)])[0]))
    }
    view = demo.view("crime", Audience.PUBLIC, area=text, **asked)
    assert view.records.set_index("cell_id")["records"].to_dict() == inside
    assert held_in_cells(view) == sum(inside.values())
    assert view.counts.unlocated == 0


def axial(name: str) -> tuple[int, int]:
    found = re.fullmatch(r"h\d+_q(-?\d+)_r(-?\d+)", name)
    assert found
    return int(found[1]), int(found[2])


def said_of(view: View) -> tuple[Any, ...]:
    """All that a reader is told, but for the area itself."""
    return (
        view.caption,
        view.counts,
        view.tables,
        view.by_month,
        view.by_npa.to_dict("records"),
        view.legend,
        output.csv_text(view),
        orjson.loads(output.geojson(view))["features"],
    )


@settings(max_examples=15, deadline=None)
@given(areas(), st.integers(0, 11), st.floats(-400, 400), st.floats(-400, 400), st.data())
def test_areas_round_the_same_centres_cannot_be_told_apart(
    demo: Desk, text: str, corner: int, east_m: float, north_m: float, data: st.DataObject
):
    """So no two answers can be subtracted to learn what lies between their edges."""
    pairs = text.split()
    corner %= len(pairs)
    moved = list(map(float, pairs[corner].split(",")))
    x, y = to_metres(*moved)
    longitude, latitude = to_degrees(x + east_m, y + north_m)
    pairs[corner] = f"{longitude:.5f},{latitude:.5f}"
    other = " ".join(pairs)
    try:
        DrawnArea.parse(other)
    except BadQuery:
        assume(False)
    grid = HexGrid(int(data.draw(st.sampled_from(["1000", "2000"]))))
    cells = np.stack(np.meshgrid(np.arange(60, 420), np.arange(120, 420)), axis=2).reshape(-1, 2)
    centres = grid.centres(cells)
    here, there = (
        shapely.contains_xy(polygon_of(area), *centres.T).tolist() for area in (text, other)
    )
    asked = {"cell_m": f"{grid.across_flats_m:g}", "from_": "2022-10", "to": "2022-10"}
    views = [demo.view("crime", Audience.PUBLIC, area=area, **asked) for area in (text, other)]
    if here == there:
        assert said_of(views[0]) == said_of(views[1])
    else:
        moved_cells = set(grid.cell_ids(cells[np.array(here) != np.array(there)]).tolist())
        one, two = ({*zip(v.records["cell_id"], v.records["records"])} for v in views)  # noqa: B905
        assert {name for name, _ in one ^ two} <= moved_cells, "cells come and go whole"


def test_an_edge_moved_between_centres_changes_nothing(demo: Desk):
    nudged = CITY.replace("-1.08,52.69", "-1.0798,52.6901")
    assert nudged != CITY
    one, two = (demo.view("crime", Audience.PUBLIC, area=area) for area in (CITY, nudged))
    assert one.query != two.query
    assert said_of(one) == said_of(two)
    assert one.counts.surely > 10_000


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("extra", [{}, {"type": "crime"}, {"npa": "NC"}, {"by": "month"}])
def test_caption_table_and_exports_of_an_area_agree(
    demo: Desk, audience: Audience, extra: dict[str, str]
):
    view = demo.view("crime", audience, area=CITY, **extra)
    rows = list(csv.DictReader(io.StringIO(output.csv_text(view))))
    features = orjson.loads(output.geojson(view))["features"]
    held = held_in_cells(view)
    assert held == sum(int(row["records"]) for row in rows) > 0
    assert held == sum(feature["properties"]["records"] for feature in features)
    assert held == view.counts.matched - view.counts.outside
    assert view.by_npa["surely"].sum() == view.counts.surely
    types = dict(view.tables[0].rows)
    (asb,) = (value for name, value in types.items() if name.endswith("(not crimes)"))
    counted = sum(int(value.replace(",", "")) for value in (types["All crimes"], asb))
    assert counted == view.counts.matched
    assert "within the area drawn" in view.caption[0]
    assert (
        "The area drawn is filled with whole cells: those whose centre lies in it." in view.caption
    )


@pytest.mark.parametrize("layer", ["visits", "crime"])
def test_an_area_and_a_box_hold_what_lies_in_both(demo: Desk, layer: str):
    box = "-1.14,52.5,-1.0,52.66"
    asked = {"visits": SIX_YEARS, "crime": {}}[layer]
    key = {"visits": "visit_id", "crime": "cell_id"}[layer]
    both, drawn, boxed = (
        demo.view(layer, **cut, **asked)
        for cut in ({"area": CITY, "bbox": box}, {"area": CITY}, {"bbox": box})
    )
    found = {*both.records[key]}
    assert found == {*drawn.records[key]} & {*boxed.records[key]}
    assert 0 < len(found) < min(len(drawn.records), len(boxed.records))
    assert "within the box asked for; within the area drawn" in both.caption[0]
    assert both.query.cuts == (BBox.parse(box), DrawnArea.parse(CITY))


def test_street_safe_can_be_cut_by_staff_and_not_by_the_public(demo: Desk):
    with pytest.raises(BadQuery, match="cannot be filtered by area"):
        demo.view("street_safe", Audience.PUBLIC, area=CITY)
    whole = demo.view("street_safe", from_="2021", to="2023").records
    inside = demo.view("street_safe", from_="2021", to="2023", area=CITY).records
    polygon = polygon_of(CITY)
    assert list(inside["report_id"]) == list(whole["report_id"][whole.within(polygon)])
    assert 0 < len(inside) < len(whole)
