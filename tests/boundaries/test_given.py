"""NPAs given as outlines: what becomes of them, and what the report says of their fit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from boundaries.given import given_npas
from boundaries.ground import Ground, load_ground
from boundaries.saved import save_build
from geo.crs import BRITISH_NATIONAL_GRID
from geo.errors import InvalidFrame

WEST_M, SOUTH_M, SIDE_M = 450_000.0, 300_000.0, 5_000.0


@pytest.fixture(scope="module")
def ground() -> Ground:
    return load_ground(None)


def squares(*codes: str, step_m: float = SIDE_M) -> gpd.GeoDataFrame:
    """Squares in a row, each ``step_m`` east of the one before."""
    boxes = [
        shapely.box(west, SOUTH_M, west + SIDE_M, SOUTH_M + SIDE_M)
        for west in WEST_M + step_m * np.arange(len(codes))
    ]
    return gpd.GeoDataFrame(
        {
            "code": list(codes),
            "name": [f"{code} side" for code in codes],
            "group": "",
            "approximate": True,
            "note": "",
            "date_from": np.array([date(2020, 3, 11)] * len(codes), dtype=object),
            "date_to": np.array([None] * len(codes), dtype=object),
        },
        geometry=boxes,
        crs=BRITISH_NATIONAL_GRID,
    )


def codes_at(ground: Ground, *steps: float) -> list[str]:
    east = WEST_M + SIDE_M * np.array(steps)
    return ground.npas.latest_code_at(east, np.full(len(steps), SOUTH_M + 10)).tolist()


def test_the_given_areas_become_the_ground(tmp_path: Path, ground: Ground):
    save_build(tmp_path, given_npas(ground, squares("NA", "NB"), "ours.geojson"))
    made = load_ground(tmp_path)
    assert made.npa_codes == ("NA", "NB")
    assert codes_at(made, 0.5, 1.5, 2.5) == ["NA", "NB", ""]
    assert made.npas.detail == "outlines given in ours.geojson"
    assert made.fingerprint != ground.fingerprint
    assert made.force == ground.force
    assert made.approximate_npas == {"NA", "NB"}


def test_the_districts_stay_as_they_were(tmp_path: Path, ground: Ground):
    save_build(tmp_path, given_npas(ground, squares("NA"), "ours.geojson"))
    made = load_ground(tmp_path)
    assert made.districts.codes == ground.districts.codes
    assert shapely.equals_identical(
        made.districts.frame.geometry.to_numpy(), ground.districts.frame.geometry.to_numpy()
    ).all()
    assert made.districts.attribution == ground.districts.attribution
    assert made.npas.attribution == ()


def test_a_point_on_the_shared_edge_goes_to_the_lower_code(tmp_path: Path, ground: Ground):
    save_build(tmp_path, given_npas(ground, squares("NB", "NA"), "ours.geojson"))
    assert codes_at(load_ground(tmp_path), 1.0) == ["NA"]


def test_areas_that_meet_share_their_generalised_edge(ground: Ground):
    build = given_npas(ground, squares("NA", "NB"), "ours.geojson")
    assert build.report.edges_shared
    assert build.report.complete
    assert (build.report.level, build.report.units_read) == ("npa", 2)
    assert not build.report.edges.overlaps
    display = build.npas.display.geometry.to_numpy()
    assert shapely.is_valid(display).all()
    assert shapely.intersection(*display).length == pytest.approx(SIDE_M)


def test_overlaps_are_reported_with_their_area(ground: Ground):
    report = given_npas(ground, squares("NA", "NB", step_m=4_000.0), "ours.geojson").report
    assert not report.edges_shared
    (overlap,) = report.edges.overlaps
    assert overlap.area_m2 == pytest.approx(1_000 * SIDE_M)
    assert "overlap" in report.as_text().lower()


def test_what_the_areas_leave_of_the_districts_is_reported(ground: Ground):
    edges = given_npas(ground, squares("NA"), "ours.geojson").report.edges
    assert edges.npas_m2 == pytest.approx(SIDE_M**2)
    assert edges.difference_m2 > 1_000 * SIDE_M**2 / 25


def test_a_build_is_named_by_what_it_holds(ground: Ground):
    first = given_npas(ground, squares("NA", "NB"), "one.geojson")
    same = given_npas(ground, squares("NA", "NB"), "two.geojson")
    assert first.npas.build_id == same.npas.build_id
    renamed = squares("NA", "NB").assign(name="Other")
    moved = squares("NA", "NB", step_m=SIDE_M + 1)
    ids = {given_npas(ground, frame, "a").npas.build_id for frame in (renamed, moved)}
    assert len(ids | {first.npas.build_id}) == 3


def test_two_areas_of_one_code_on_one_day_are_refused(ground: Ground):
    with pytest.raises(InvalidFrame, match="code of its own"):
        given_npas(ground, squares("NA", "NA"), "ours.geojson")


def test_an_empty_set_is_refused(ground: Ground):
    with pytest.raises(InvalidFrame):
        given_npas(ground, squares("NA").iloc[:0], "ours.geojson")
