"""Every layer takes CSV and GeoJSON; what it gives out, it takes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import pytest
import shapely

from layers import output
from layers.answer import answer
from layers.audience import Audience
from layers.query import everything
from layers.registry import REGISTRY
from tests.layers.desk import TODAY, Desk

REGISTERS = ("visits", "sites", "street_safe", "people_zones")
CRIME_HEADER = "Crime ID,Month,Longitude,Latitude,LSOA code,Crime type"
CRIME_ROWS = ("abc,2022-01,-1.13,52.63,E01013600,Drugs", ",2022-01,,,,Anti-social behaviour")


def exported(desk: Desk, layer_id: str, ending: str) -> str | bytes:
    layer = REGISTRY.get(layer_id)
    view = answer(layer, desk.workspace, everything(layer.spec, Audience.STAFF), TODAY)
    return output.geojson(view) if ending == "geojson" else output.csv_text(view)


def content(desk: Desk, layer_id: str) -> list[dict[str, Any]]:
    """What the store holds of a layer's records, in order of id, positions to a millimetre."""
    frame = desk.workspace.store.frame(REGISTRY.get(layer_id).spec.schemas[0])
    frame = frame.assign(geometry=shapely.set_precision(frame.geometry.to_numpy(), 0.001))
    texts = frame.to_wkt()
    return texts.astype(object).where(texts.notna(), None).to_dict("records")


@pytest.mark.parametrize("ending", ["csv", "geojson"])
@pytest.mark.parametrize("layer", REGISTERS)
def test_an_export_comes_back_as_it_was(demo: Desk, desk: Desk, layer: str, ending: str):
    report = desk.take(layer, f"a.{ending}", exported(demo, layer, ending))
    assert (report.rejected, report.added) == (0, report.rows)
    assert content(desk, layer) == content(demo, layer)
    assert len(content(desk, layer)) > 2


@pytest.mark.parametrize("ending", ["csv", "geojson"])
@pytest.mark.parametrize("layer", REGISTERS)
def test_the_same_file_again_changes_nothing_and_says_so(
    demo: Desk, desk: Desk, layer: str, ending: str
):
    file = exported(demo, layer, ending)
    first = desk.take(layer, f"a.{ending}", file)
    version = REGISTRY.get(layer).version(desk.workspace)
    second = desk.take(layer, f"a.{ending}", file)
    assert (second.unchanged, second.added, second.updated) == (first.rows, 0, 0)
    assert "nothing changed" in second.text()
    assert "nothing changed" not in first.text()
    assert REGISTRY.get(layer).version(desk.workspace) == version
    assert desk.workspace.store.history(REGISTRY.get(layer).spec.schemas[0]) == []


@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_npas_come_back_as_they_were(demo: Desk, desk: Desk, ending: str):
    file = exported(demo, "npas", ending)
    before = desk.workspace.ground.npas.frame
    report = desk.take("npas", f"a.{ending}", file)
    assert (report.rejected, report.unchanged) == (0, 9)
    moved = desk.workspace.ground.npas.frame
    assert list(moved["code"]) == list(before["code"])
    assert "NA" in set(moved["code"])


def crime_features() -> dict[str, object]:
    names = CRIME_HEADER.split(",")
    members = []
    for row in CRIME_ROWS:
        cells = dict(zip(names, row.split(","), strict=True))
        longitude, latitude = cells.pop("Longitude"), cells.pop("Latitude")
        point = [float(longitude), float(latitude)] if longitude else None
        geometry = {"type": "Point", "coordinates": point} if point else None
        members.append({"type": "Feature", "properties": cells, "geometry": geometry})
    return {"type": "FeatureCollection", "features": members}


def test_crime_is_the_same_from_csv_and_geojson(desk: Desk):
    text = "\n".join([CRIME_HEADER, *CRIME_ROWS])
    first = desk.take("crime", "a.csv", text)
    assert (first.rows, first.added) == (2, 2)
    second = desk.take("crime", "a.geojson", crime_features())
    assert second.unchanged == 2
    assert "nothing changed" in second.text()
    view = desk.view("crime")
    assert (view.counts.surely, view.counts.unlocated) == (2, 1)
    assert view.records["crimes"].tolist() == [1]


@pytest.mark.real_data
def test_a_real_file_of_crime_again_changes_nothing(desk: Desk, shared_data):
    path = shared_data / "crime" / "2020-04-leicestershire-street.csv.gz"
    first = desk.take_file("crime", path)
    version = desk.workspace.crime.version()
    second = desk.take_file("crime", path)
    assert first.rows == first.added == second.unchanged > 5000
    assert desk.workspace.crime.version() == version


def test_projects_are_told_from_sites_by_their_columns(desk: Desk):
    sites = desk.take("sites", "s.csv", "site_id,name,site_type\nS1,Wigston,police-station\n")
    projects = desk.take("sites", "p.csv", 'project_id,project,budget_gbp\nP1,Roof,"1,000"\n')
    assert (sites.part, projects.part) == ("sites", "capital_projects")
    held = desk.workspace.store.frame(REGISTRY.get("sites").spec.schemas[1])
    assert held["budget_gbp"].tolist() == [1000.0]
    assert held["visibility"].tolist() == ["staff"]


def test_positions_come_as_columns_wkt_or_geometry_alike(desk: Desk):
    head = "visit_id,date,place,visit_type"
    cells = "V1,2022-01-05,Oadby,event"
    desk.take("visits", "a.csv", f"{head},Longitude,LAT\n{cells},-1.0805,52.5968\n")
    by_wkt = desk.take("visits", "b.csv", f"{head},WKT\n{cells},POINT (-1.0805 52.5968)\n")
    properties = dict(zip(head.split(","), cells.split(","), strict=True))
    point = {"type": "Point", "coordinates": [-1.0805, 52.5968]}
    member = {"type": "Feature", "properties": properties, "geometry": point}
    by_geometry = desk.take(
        "visits", "c.geojson", {"type": "FeatureCollection", "features": [member]}
    )
    assert (by_wkt.unchanged, by_geometry.unchanged) == (1, 1)
    assert desk.view("visits").records["npa_code"].tolist() == ["NA"]


def test_columns_that_a_layer_has_no_use_for_are_named(desk: Desk):
    report = desk.take("visits", "a.csv", "visit_id,date,place,visit_type,mood\nV1,2022,A,event,x")
    assert report.notes == ("Columns that stops do not have were left: mood.",)


def test_a_field_of_the_very_name_comes_before_an_alias(desk: Desk):
    head = "visit_id,date,place,visit_type,npa_code,stated_npa"
    desk.take("visits", "a.csv", f"{head}\nV1,2022,A,event,NL,NA\n")
    frame: gpd.GeoDataFrame = desk.workspace.store.frame(REGISTRY.get("visits").spec.schemas[0])
    assert frame["stated_npa"].tolist() == ["NA"]
    alias = replace(REGISTRY.get("visits").spec.schemas[0])
    assert alias.header_map(["npa_code"])["stated_npa"] == "npa_code"


@pytest.mark.parametrize("layer", ["visits", "crime"])
def test_a_column_without_a_name_stands_for_nothing(desk: Desk, layer: str):
    head, cells = {
        "visits": ("visit_id,date,place,visit_type", "V1,2022-01-05,Oadby,event"),
        "crime": ("Month,Crime type", "2022-01,Drugs"),
    }[layer]
    report = desk.take(layer, "a.csv", f",{head}\n52,{cells}\n")
    assert (report.added, report.rejected) == (1, 0)
    if layer == "crime":
        held = desk.workspace.crime.read("2022-01")
        assert held[["crime_id", "lsoa_code", "outcome"]].to_numpy().tolist() == [["", "", ""]]


def test_crime_has_its_position_under_the_short_names_too(desk: Desk):
    desk.take("crime", "a.csv", "Month,Crime type,lon,lat\n2022-01,Drugs,-1.13,52.63\n")
    assert desk.view("crime").counts.unlocated == 0
