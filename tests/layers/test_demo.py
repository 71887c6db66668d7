"""The demonstration as it stands in a workspace: each figure computed, none copied."""

from __future__ import annotations

import pytest

from layers.audience import Audience
from layers.demo import is_demo, is_whole, load_demo
from layers.registry import REGISTRY
from layers.workspace import Intake
from tests.layers.desk import AT, Desk

STOPS = {"NA": 25, "NH": 19, "NR": 16, "NE": 10, "NN": 8, "NL": 8, "NC": 5, "NW": 4, "NS": 0}


@pytest.mark.parametrize("audience", list(Audience))
def test_stops_by_npa_are_computed_from_their_points(demo: Desk, audience: Audience):
    view = demo.view("visits", audience, from_="2020", to="2025")
    assert demo.by_npa(view) == STOPS
    assert view.counts.surely == len(view.records) == 95


def test_stops_are_counted_without_the_stated_codes(demo: Desk, desk: Desk):
    frame = demo.workspace.store.frame(REGISTRY.get("visits").spec.schemas[0])
    points = frame.geometry.to_crs("EPSG:4326")
    rows = [
        f"{item.visit_id},{item.date},x,event,{point.x:.6f},{point.y:.6f}"
        for item, point in zip(frame.itertuples(), points, strict=True)
    ]
    desk.take("visits", "a.csv", "\n".join(["visit_id,date,place,visit_type,lon,lat", *rows]))
    assert desk.by_npa(desk.view("visits", from_="2020", to="2025")) == STOPS


def test_braunstone_stands_in_one_npa_and_is_commanded_from_another(demo: Desk):
    view = demo.view("sites")
    (station,) = view.records[view.records["name"].str.startswith("Braunstone")].itertuples()
    assert (station.standing_npa, station.commanding_npa) == ("NW", "NH")
    assert any(
        "Braunstone" in sentence and "West Leicester (approximate) and is commanded" in sentence
        for sentence in view.caption
    )
    assert view.by_npa.set_index("npa_code").loc["NW", "surely"] >= 1


def test_the_pack_holds_what_was_compiled(demo: Desk):
    held = {layer.spec.id: layer.held(demo.workspace) for layer in REGISTRY}
    assert held["visits"] == 95
    assert held["sites"] == 41
    assert held["street_safe"] == 643
    assert held["people_zones"] == 3
    assert held["npas"] == 9
    assert len(demo.workspace.store.frame(REGISTRY.get("sites").spec.schemas[1])) == 15
    reports = demo.workspace.store.frame(REGISTRY.get("street_safe").spec.schemas[0])
    assert sum(len(text.split("; ")) for text in reports["concerns"]) == 1_869
    months = demo.workspace.crime.months()
    assert (len(months), months[0], months[-1]) == (24, "2020-11", "2022-10")


def test_nothing_of_the_pack_was_rejected(demo: Desk):
    assert {row["rejected"] for row in demo.workspace.store.imports()} == {0}
    assert demo.workspace.store.faults() == []
    assert is_demo(demo.workspace)
    assert is_whole(demo.workspace)


def test_every_view_says_what_is_a_sample_or_made_up(demo: Desk):
    said = {
        "visits": "a sample from public pages",
        "street_safe": "is synthetic",
        "crime": "are illustrative",
        "people_zones": "outlines are approximate",
        "npas": "are approximate",
    }
    for layer, words in said.items():
        for audience in Audience:
            assert words in " ".join(demo.view(layer, audience).caption)


def test_people_zones_lie_where_they_are_stated(demo: Desk):
    zones = demo.view("people_zones").records
    assert zones["npa_code"].tolist() == zones["stated_npa"].tolist() == ["NL", "NW", "NN"]
    assert zones["approximate"].all()


def test_loading_the_registers_again_changes_nothing(demo: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("layers.demo._crime_tables", lambda _: ())
    before = [layer.version(demo.workspace) for layer in REGISTRY]
    reports = load_demo(demo.workspace, REGISTRY, Intake(AT), lambda _: None)
    assert [report.unchanged for report in reports] == [report.rows for report in reports]
    assert [layer.version(demo.workspace) for layer in REGISTRY] == before
