from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from boundaries.builder import build
from boundaries.errors import InvalidRecipe, NothingToBuild
from boundaries.outlines import Outlines, read_outlines
from boundaries.recipe import RECIPES, Recipe, read_recipe
from geo.partition import gaps, overlaps

WEST_M, SOUTH_M = 410_000.0, 1_020_000.0


def reread(tmp_path: Path, wards: gpd.GeoDataFrame) -> Outlines:
    path = tmp_path / "changed.gpkg"
    wards.to_file(path)
    return read_outlines(path)


def test_another_force_is_built_with_its_dates(recipe: Recipe, outlines: Outlines) -> None:
    built = build(recipe, outlines)
    npas = built.npas.frame
    assert npas["code"].tolist() == ["NA", "NA", "MW", "HO"]
    assert npas.area.tolist() == [8e6, 4e6, 4e6, 4e6]
    assert npas["approximate"].tolist() == [False, True, False, False]
    assert built.districts.frame["code"].tolist() == ["S12000901", "S12000902"]
    assert built.districts.frame.area.tolist() == [8e6, 4e6]
    spans = [(era.date_from, era.date_to) for era in built.npas.eras]
    assert spans == [(date(2015, 4, 1), date(2018, 3, 31)), (date(2018, 4, 1), None)]
    assert built.npas.detail == "outlines built from wards_2019.gpkg"


def test_the_same_point_belongs_to_another_npa_on_another_day(
    recipe: Recipe, outlines: Outlines
) -> None:
    npas = build(recipe, outlines).npas
    days = ["2015-03-31", "2015-04-01", "2018-03-31", "2018-04-01", "NaT"]
    found = npas.code_at(WEST_M + 500, SOUTH_M + 500, days)
    assert found.tolist() == ["", "NA", "NA", "MW", ""]
    assert [npas.in_force(date(2015, 3, 31)), npas.in_force(date(2015, 4, 1))] == [False, True]
    assert npas.name("NA") == "Mainland East"
    assert npas.codes == ("NA", "MW", "HO")


def test_a_clean_file_has_nothing_to_report(recipe: Recipe, outlines: Outlines) -> None:
    report = build(recipe, outlines).report
    assert report.complete
    assert (report.edges.gaps, report.edges.overlaps) == ((), ())
    assert report.edges.difference_m2 == 0.0
    assert (report.units_read, report.units_used, report.units_elsewhere) == (3, 3, 0)
    assert report.edges_shared


def test_a_crack_and_an_overlap_are_reported_with_their_areas(
    tmp_path: Path, recipe: Recipe, wards: gpd.GeoDataFrame
) -> None:
    hole = shapely.box(WEST_M + 100, SOUTH_M + 100, WEST_M + 110, SOUTH_M + 120)
    wards.loc[0, "geometry"] = wards.geometry[0].difference(hole)
    wards.loc[1, "geometry"] = shapely.box(WEST_M + 1_995, SOUTH_M, WEST_M + 4_000, SOUTH_M + 2_000)
    report = build(recipe, reread(tmp_path, wards)).report
    assert [gap.area_m2 for gap in report.edges.gaps] == [200.0]
    assert [(o.left, o.right, o.area_m2) for o in report.edges.overlaps] == [("NA", "MW", 1e4)]
    assert not report.edges_shared
    assert "  200.00 m2 at " in report.as_text()
    assert "  10,000.00 m2 between NA and MW" in report.as_text()
    assert "may part" in report.as_text()


def test_units_of_neither_kind_are_counted_apart(
    tmp_path: Path, recipe: Recipe, wards: gpd.GeoDataFrame
) -> None:
    more = wards.iloc[[0, 0]].copy()
    more["WD19CD"] = ["S13000008", "S13000009"]
    more["LAD19CD"] = ["S12000901", "S12000999"]
    more["geometry"] = list(more.geometry.translate(yoff=2_000))
    more.iloc[1, more.columns.get_loc("geometry")] = more.geometry.iloc[1].buffer(-1)
    both = gpd.GeoDataFrame(
        np.vstack((wards.values, more.values)), columns=wards.columns, crs=wards.crs
    ).set_geometry("geometry")
    report = build(recipe, reread(tmp_path, both)).report
    assert report.unused == ("S13000008",)
    assert report.units_elsewhere == 1
    assert report.edges.difference_m2 == pytest.approx(4e6)


def test_a_ward_that_the_file_lacks_is_named(
    tmp_path: Path, recipe: Recipe, wards: gpd.GeoDataFrame
) -> None:
    outlines = reread(tmp_path, wards[wards["WD19CD"] != "S13000001"])
    with pytest.raises(NothingToBuild, match="NPA MW needs S13000001"):
        build(recipe, outlines)
    partly = replace(recipe, npas=tuple(npa for npa in recipe.npas if npa.code != "MW"))
    report = build(partly, outlines).report
    assert [(lack.area, lack.unit) for lack in report.missing] == [("NA", "S13000001")]
    assert not report.complete


def test_from_districts_only_whole_districts_can_be_made(
    tmp_path: Path, recipe: Recipe, wards: gpd.GeoDataFrame
) -> None:
    districts = wards.dissolve("LAD19CD", as_index=False)[["LAD19CD", "LAD19NM", "geometry"]]
    built = build(recipe, reread(tmp_path, districts))
    assert built.npas.codes == ("HO",)
    assert [npa.code for npa in built.report.not_built] == ["NA", "NA", "MW"]
    assert "NPA MW was not made: it is made of wards" in built.report.as_text()
    assert not built.report.complete


def test_outlines_of_elsewhere_make_nothing(outlines: Outlines) -> None:
    with pytest.raises(NothingToBuild, match="district codes of Leicester"):
        build(read_recipe(RECIPES / "leicestershire.toml"), outlines)


def test_a_ward_inside_another_npas_district_is_refused(recipe: Recipe, outlines: Outlines) -> None:
    npas = [*recipe.npas[:2], replace(recipe.npas[2], wards=("S13000003",)), recipe.npas[3]]
    with pytest.raises(InvalidRecipe, match="S13000003 falls to MW and HO"):
        build(replace(recipe, npas=tuple(npas)), outlines)


def test_the_report_is_fit_for_json(recipe: Recipe, outlines: Outlines) -> None:
    report = build(recipe, outlines).report
    assert json.loads(json.dumps(report.as_dict()))["edges"]["npas_m2"] == 12e6


def test_the_id_follows_the_content(recipe: Recipe, outlines: Outlines) -> None:
    first, again = build(recipe, outlines), build(recipe, outlines)
    assert first.npas.build_id == again.npas.build_id
    renamed = replace(recipe, npas=(replace(recipe.npas[0], name="Other"), *recipe.npas[1:]))
    assert build(renamed, outlines).npas.build_id != first.npas.build_id


@pytest.mark.real_data
def test_real_wards_leave_no_gap_and_no_overlap(shared_data: Path) -> None:
    outlines = read_outlines(shared_data / "boundaries" / "ward_2025.geojson")
    built = build(read_recipe(RECIPES / "leicestershire.toml"), outlines)
    edges = built.report.edges
    assert built.report.complete
    assert all(gap.area_m2 <= 1 for gap in edges.gaps)
    assert all(overlap.area_m2 <= 1 for overlap in edges.overlaps)
    assert edges.difference_m2 <= 1
    assert built.report.unused == ()
    for areas in (built.npas, built.districts):
        assert shapely.coverage_is_valid(areas.display.geometry.to_numpy())
        assert areas.display.geometry.is_valid.all()
        assert gaps(areas.display).empty
        assert overlaps(areas.display).empty
    drawn_apart = shapely.symmetric_difference(
        built.npas.display.union_all(), built.districts.display.union_all()
    )
    assert drawn_apart.area <= 1
