"""What the public may see: no row, field or figure that is for staff, on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from layers import output
from layers.audience import Audience
from layers.publication import Publication, PublicContext, VisibleRows, publish
from layers.registry import REGISTRY
from layers.view import View
from layers.visits import SCHEMA
from tests.layers.desk import TODAY, Desk

PUBLIC, STAFF = Audience.PUBLIC, Audience.STAFF
VISITS = (
    "visit_id,date,place,visit_type,visibility,latitude,longitude\n"
    "past,2025-12-31,Oadby,event,,52.598,-1.080\n"
    "secret,2025-12-30,Planted,event,staff,52.598,-1.080\n"
    "today,2026-01-02,Oadby,event,public,52.598,-1.080\n"
    "soon,2026-01-03,Oadby,event,public,52.598,-1.080\n"
    "month,2026-01,Oadby,event,public,52.598,-1.080\n"
)
SITES = (
    "site_id,name,site_type,visibility,public_access,latitude,longitude\n"
    "S1,Oadby,police-station,,open,52.598,-1.080\n"
    "S2,Planted,police-station,staff,open,52.598,-1.080\n"
    "S3,Planted suite,custody-suite,,open,52.598,-1.080\n"
    "S4,Shown suite,custody-suite,public,open,52.598,-1.080\n"
    "S5,Planted alias,Custody,by-type,open,52.598,-1.080\n"
)
PROJECTS = "project_id,project,visibility\nP1,Planted armoury,\nP2,Front desk,public\n"


def everything_said(view: View) -> str:
    """All that leaves the house of a view."""
    tables = " ".join(str(table) for table in view.tables)
    return " ".join(
        [
            output.geojson(view).decode(),
            output.csv_text(view),
            *view.caption,
            tables,
            view.by_npa.to_csv(),
            str(view.counts),
            str(view.legend),
        ]
    )


def test_visits_are_public_when_past_and_marked_so(desk: Desk):
    desk.take("visits", "a.csv", VISITS)
    ask = {"from_": "2025", "to": "2026"}
    shown = {
        day: set(desk.view("visits", PUBLIC, day, **ask).records["visit_id"])
        for day in (date(2025, 12, 30), TODAY, date(2026, 1, 3), date(2026, 1, 31))
    }
    assert shown[date(2025, 12, 30)] == set()
    assert shown[TODAY] == {"past"}
    assert shown[date(2026, 1, 3)] == {"past", "today"}
    assert shown[date(2026, 1, 31)] == {"past", "today", "soon"}
    assert len(desk.view("visits", STAFF, **ask).records) == 5
    assert "Planted" not in everything_said(desk.view("visits", PUBLIC, **ask))


def test_the_public_period_ends_with_the_last_public_record(desk: Desk):
    desk.take("visits", "a.csv", VISITS)
    assert desk.view("visits", PUBLIC, date(2026, 1, 1)).query.params()[-1] == ("to", "2025-12-31")
    assert desk.view("visits", STAFF, date(2026, 1, 1)).query.params()[-1] == ("to", "2026-01-31")
    none_yet = desk.view("visits", PUBLIC, date(2020, 1, 1))
    assert (none_yet.counts.matched, none_yet.query.params()) == (0, [])


def test_sites_and_projects_for_staff_stay_with_staff(desk: Desk):
    desk.take("sites", "a.csv", SITES)
    desk.take("sites", "p.csv", PROJECTS)
    public = desk.view("sites", PUBLIC)
    assert set(public.records["site_id"]) == {"S1", "S4"}
    assert "Planted" not in everything_said(public)
    assert "Front desk" in everything_said(public)
    staff = everything_said(desk.view("sites", STAFF))
    assert staff.count("Planted") >= 4


@pytest.mark.parametrize("layer", REGISTRY.ids)
def test_no_field_for_staff_is_in_any_public_answer(demo: Desk, layer: str):
    view = demo.view(layer, PUBLIC)
    spec = REGISTRY.get(layer).spec
    hidden = {field.name for schema in spec.schemas for field in schema.fields if field.staff_only}
    assert not hidden & {field.name for field in view.columns}
    assert "visibility" not in everything_said(view).lower()


@pytest.mark.parametrize("layer", REGISTRY.ids)
def test_filters_cannot_bring_back_what_is_held_back(desk: Desk, layer: str):
    desk.take("visits", "a.csv", VISITS)
    desk.take("sites", "a.csv", SITES)
    desk.take("sites", "p.csv", PROJECTS)
    asked: dict[str, dict[str, str | list[str]]] = {
        "visits": {"type": "event", "npa": "NA", "from_": "2025", "bbox": "-2,52,-1,53"},
        "sites": {"type": "custody-suite", "public_access": ["open", "unknown"], "npa": "NA"},
    }
    assert "Planted" not in everything_said(desk.view(layer, PUBLIC, **asked.get(layer, {})))


def test_the_demonstration_keeps_custody_firearms_and_positions_back(demo: Desk):
    sites = everything_said(demo.view("sites", PUBLIC, public_access=["open", "none", "unknown"]))
    assert "custody-suite" not in output.csv_text(demo.view("sites", PUBLIC))
    assert "Firearms" not in sites
    assert "Firearms" in everything_said(demo.view("sites", STAFF))
    reports = demo.view("street_safe", PUBLIC, from_="2021", to="2023")
    assert "SS0001" not in everything_said(reports)
    assert reports.records.geometry.dropna().geom_type.isin(["Polygon", "MultiPolygon"]).all()
    named = {"report_id", "date", "concerns", "kind", "not_reported_reason", "source"}
    assert not named & set(reports.records.columns)


def test_staff_see_all_that_is_held(demo: Desk):
    for layer, count in (("street_safe", 643), ("visits", 95)):
        assert len(demo.view(layer, STAFF, from_="2020", to="2025").records) == count
    sites = demo.workspace.store.frame(REGISTRY.get("sites").spec.schemas[0])
    assert (sites["visibility"] == "staff").any() or (sites["site_type"] == "custody-suite").any()


def test_a_policy_without_a_public_view_is_no_open_door(desk: Desk):
    @dataclass(frozen=True, slots=True)
    class Unheard(Publication):
        """A policy that nobody has written a public view for."""

    desk.take("visits", "a.csv", VISITS)
    held, context = desk.view("visits").records, PublicContext(TODAY, {})
    with pytest.raises(NotImplementedError, match="No public view"):
        publish(Unheard(), held, SCHEMA.fields, PUBLIC, context)
    assert len(publish(VisibleRows(), held, SCHEMA.fields, STAFF, context)) == len(held)
