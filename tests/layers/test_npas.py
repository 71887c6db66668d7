"""NPAs as a file gives them: taken whole or not at all, and from then on the ground itself."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from geo.crs import to_metres
from geo.errors import PatchmapError
from layers import output
from layers.answer import answer
from layers.audience import Audience
from layers.errors import RejectedRows
from layers.query import everything
from layers.registry import REGISTRY
from tests.layers.desk import TODAY, Desk

NPAS = REGISTRY.get("npas")
VISIT = "visit_id,date,place,visit_type,lon,lat\nV1,2022-03-05,Between,event,-1.05,52.55\n"


def square(west: float, east: float) -> dict[str, Any]:
    south, north = 52.5, 52.6
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def area(code: str, geometry: dict[str, Any], **more: str | None) -> dict[str, Any]:
    named = {"npa_code": code, "npa_name": f"{code} side", "date_from": "2020-03-11", **more}
    return {"type": "Feature", "properties": named, "geometry": geometry}


def collection(*members: dict[str, Any]) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(members)}


def two(edge: float) -> dict[str, object]:
    """Two areas that meet along a meridian."""
    return collection(area("NA", square(-1.2, edge)), area("NB", square(edge, -0.9)))


def placed(desk: Desk) -> list[str]:
    return desk.view("visits").records["npa_code"].tolist()


def test_a_moved_edge_moves_what_lies_beside_it(desk: Desk):
    desk.take("visits", "v.csv", VISIT)
    assert placed(desk) == ["NA"]
    desk.take("npas", "a.geojson", two(-1.0))
    assert placed(desk) == ["NA"]
    before = NPAS.version(desk.workspace)
    report = desk.take("npas", "b.geojson", two(-1.1))
    assert (report.rows, report.updated, report.added) == (2, 2, 0)
    assert placed(desk) == ["NB"]
    assert NPAS.version(desk.workspace) != before
    again = desk.take("npas", "b.geojson", two(-1.1))
    assert again.unchanged == 2
    assert "nothing changed" in again.text()
    assert NPAS.version(desk.workspace) != before


def test_the_moved_edge_of_the_shipped_set_moves_a_point(desk: Desk):
    query = everything(NPAS.spec, Audience.STAFF)
    document = orjson.loads(output.geojson(answer(NPAS, desk.workspace, query, TODAY)))
    by_code = {item["properties"]["npa_code"]: item for item in document["features"]}
    easting_m, northing_m = to_metres(-1.0805, 52.5968)
    ground = desk.workspace.ground
    assert ground.npas.latest_code_at([easting_m], [northing_m]).tolist() == ["NA"]
    corner = square(-1.10, -1.06)
    by_code["NL"]["geometry"] = {
        "type": "MultiPolygon",
        "coordinates": [by_code["NL"]["geometry"]["coordinates"], corner["coordinates"]],
    }
    by_code["NA"]["geometry"] = square(-1.05, -1.0)
    report = desk.take("npas", "a.geojson", document)
    assert (report.updated, report.rejected) == (9, 0)
    ground = desk.workspace.ground
    assert ground.npas.latest_code_at([easting_m], [northing_m]).tolist() == ["NL"]
    assert ground.npas.detail == "outlines given in a.geojson"
    assert ground.npa_codes[4] == "NA"
    assert "Drawn from outlines given in a.geojson." in desk.view("npas").caption


def test_one_rejected_row_refuses_the_whole_set(desk: Desk):
    before = NPAS.version(desk.workspace)
    bow = {"type": "Polygon", "coordinates": [[[-1, 52], [-2, 53], [-1, 53], [-2, 52], [-1, 52]]]}
    document = collection(area("NA", square(-1.2, -1.0)), area("NB", bow))
    report = desk.take("npas", "a.geojson", document)
    assert (report.rows, report.taken, report.rejected) == (2, 0, 2)
    why = {issue.row: issue.reason for issue in report.issues}
    assert why[1] == "A set of areas is taken whole, and another row of it was rejected."
    assert why[2].startswith("The outline is not valid: Self-intersection")
    assert NPAS.version(desk.workspace) == before
    with pytest.raises(RejectedRows):
        desk.take("npas", "a.geojson", document, strict=True)


@pytest.mark.parametrize(
    "more",
    [
        {"date_from": "2022", "date_to": "2021"},
        {"date_from": "soon"},
        {"npa_name": None},
        {"approximate": "perhaps"},
    ],
)
def test_a_row_that_cannot_be_right_leaves_the_ground_as_it_was(
    desk: Desk, more: dict[str, str | None]
):
    before = NPAS.version(desk.workspace)
    report = desk.take("npas", "a.geojson", collection(area("NA", square(-1.2, -1), **more)))
    assert (report.rows, report.rejected) == (1, 1)
    assert NPAS.version(desk.workspace) == before
    assert len(desk.view("npas").records) == 9


def test_one_code_twice_on_a_day_is_refused(desk: Desk):
    before = NPAS.version(desk.workspace)
    twice = collection(
        area("NA", square(-1.2, -1.0)), area("NA", square(-1.0, -0.9), date_from="2021")
    )
    with pytest.raises(PatchmapError):
        desk.take("npas", "a.geojson", twice)
    assert NPAS.version(desk.workspace) == before


def test_areas_that_follow_each_other_hold_each_in_its_time(desk: Desk):
    desk.take(
        "npas",
        "a.geojson",
        collection(
            area("NA", square(-1.2, -1.0), date_from="2018", date_to="2020"),
            area("NB", square(-1.0, -0.9), date_from="2018", date_to="2020"),
            area("NA", square(-1.2, -1.1), date_from="2021"),
            area("NB", square(-1.1, -0.9), date_from="2021"),
        ),
    )
    desk.take("visits", "v.csv", VISIT + "V2,2019-03-05,Between,event,-1.05,52.55\n")
    records = desk.view("visits", from_="2018", to="2022").records
    assert dict(zip(records["visit_id"], records["npa_code"], strict=True)) == {
        "V1": "NB",
        "V2": "NA",
    }
    assert len(desk.view("npas", as_of="2019").records) == 2
    assert len(desk.view("npas", as_of="2017").records) == 0


def test_overlaps_and_gaps_are_taken_and_said(desk: Desk):
    report = desk.take(
        "npas",
        "a.geojson",
        collection(area("NA", square(-1.2, -1.0)), area("NB", square(-1.01, -0.9))),
    )
    assert report.rejected == 0
    assert "Overlaps between NPAs: 1." in report.notes
    assert "m2 lie in one and not the other." in report.notes[-1]


def test_a_stated_code_is_checked_against_the_set_in_use(desk: Desk):
    desk.take("npas", "a.geojson", two(-1.0))
    stated = VISIT.replace(",lat\n", ",lat,npa\n")
    assert desk.take("visits", "v.csv", stated.replace("52.55\n", "52.55,NL\n")).rejected == 1
    assert desk.take("visits", "v.csv", stated.replace("52.55\n", "52.55,NB\n")).warned == 1
    assert desk.take("visits", "v.csv", stated.replace("52.55\n", "52.55,NA\n")).warned == 0
