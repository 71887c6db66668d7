"""The estate summed up and judged: totals, money, strategy; nothing unknown is taken for none."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from layers.audience import Audience
from layers.demo import PACK
from layers.estate import estate_on, held_sites
from layers.estate_money import (
    project_sums,
    projects_of,
    section_106_of,
    section_106_sums,
    total_of,
)
from layers.estate_reconciled import is_complete, reconciled
from layers.estate_registers import GROUP, SECTION_106
from layers.estate_strategy import strategy_on
from layers.files import read_table
from layers.land_list import land_list
from layers.opening_hours import week_of
from layers.registry import REGISTRY
from layers.report import ImportReport
from layers.workspace import Intake, Workspace
from tests.layers.desk import AT, TODAY, Desk

STAFF, PUBLIC = Audience.STAFF, Audience.PUBLIC
HEAD = "site_id,name,site_type,latitude,longitude,public_access,status,location_id,floor_area_m2\n"


def take(desk: Desk, name: str, content: str) -> ImportReport:
    path = desk.write(f"{name}.csv", content)
    return REGISTRY.taker(name)(read_table(path), desk.workspace, Intake(AT))


def totals(desk: Desk, *rows: str) -> dict[str, tuple[str, float]]:
    take(desk, "estate_totals", "\n".join(["measure,value,as_of", *rows]))
    found = reconciled(desk.workspace, STAFF, TODAY)
    return {each.measure: (each.state, each.missing) for each in found}


def test_a_total_is_missing_only_beyond_all_that_may_count(desk: Desk):
    take(
        desk,
        "sites",
        HEAD + "A,A,other,52.598,-1.08,none,open,L,100\nB,B,other,52.598,-1.08,none,unknown,L,\n"
        "C,C,neighbourhood-office,52.598,-1.08,none,open,,5\n",
    )
    assert totals(desk, "premises,1,2025") == {"premises": ("not-known", 0)}
    assert totals(desk, "premises,2,2025-02")["premises"] == ("not-known", 0)
    assert totals(desk, "premises,5,2025-03")["premises"] == ("missing", 3)
    assert totals(desk, "premises,0,2025-04")["premises"] == ("more", -1)
    assert totals(desk, "locations,1,2025-04")["locations"] == ("equal", 0)
    assert totals(desk, "neighbourhood-offices,1,2025-04")["neighbourhood-offices"] == ("equal", 0)
    area = totals(desk, "main-sites-floor-area,500,2025")["main-sites-floor-area"]
    assert area == ("not-known", 0)
    assert totals(desk, "wifi,5,2025")["wifi"] == ("not-counted", 0)


def test_a_register_is_complete_only_when_both_totals_are_equal(desk: Desk):
    take(desk, "sites", HEAD + "A,A,other,52.598,-1.08,none,open,,\n")
    assert not is_complete(reconciled(desk.workspace, STAFF, TODAY))
    totals(desk, "premises,1,2025")
    assert not is_complete(reconciled(desk.workspace, STAFF, TODAY))
    totals(desk, "neighbourhood-offices,0,2025")
    assert is_complete(reconciled(desk.workspace, STAFF, TODAY))
    assert reconciled(desk.workspace, PUBLIC, TODAY) == ()


def test_a_total_is_held_against_the_register_of_its_day(desk: Desk):
    take(
        desk,
        "sites",
        "site_id,name,site_type,status,opened,closed\nA,A,other,closed,2010-01-01,2020-01-01\n",
    )
    assert totals(desk, "premises,1,2015-06-01")["premises"] == ("equal", 0)
    assert totals(desk, "premises,1,2024-06-01")["premises"] == ("missing", 1)


@pytest.mark.parametrize(
    ("access", "kind", "desk_state", "access_state"),
    [
        ("open", "police-station", "met", "met"),
        ("by-appointment", "police-station", "not-met", "met"),
        ("none", "police-station", "not-met", "not-met"),
        ("unknown", "police-station", "not-known", "not-known"),
        ("unknown", "neighbourhood-office", "not-met", "not-known"),
        ("open", "neighbourhood-office", "not-met", "met"),
    ],
)
def test_how_an_area_stands_to_the_strategy(
    desk: Desk, access: str, kind: str, desk_state: str, access_state: str
):
    take(desk, "sites", HEAD + f"A,A,{kind},52.598,-1.08,{access},open,,\n")
    count = "1" if kind == "police-station" else "0"
    other = "0" if kind == "police-station" else "1"
    totals(desk, f"premises,{count},2025", f"neighbourhood-offices,{other},2025")
    areas = {a.npa_code: a for a in strategy_on(desk.workspace, TODAY, STAFF, TODAY).areas}
    assert areas["NA"].enquiry_office.state == desk_state
    assert areas["NA"].public_access.state == access_state
    assert areas["NR"].public_access.state == "not-met"


def test_a_site_that_stood_only_possibly_is_never_surely_a_desk(desk: Desk):
    take(desk, "sites", HEAD + "A,A,police-station,52.598,-1.08,open,unknown,,\n")
    totals(desk, "premises,1,2025", "neighbourhood-offices,0,2025")
    areas = {a.npa_code: a for a in strategy_on(desk.workspace, TODAY, STAFF, TODAY).areas}
    assert areas["NA"].enquiry_office.state == "not-known"
    assert areas["NA"].enquiry_office.not_known == ("A",)


def test_money_that_is_not_known_is_not_nothing(desk: Desk):
    take(
        desk,
        "capital_projects",
        "project_id,project,category,budget_gbp,spend_gbp,percent_complete,expected_completion\n"
        "P1,A,x,100,0,,2025-12\nP2,B,x,,,100,2020\nP3,C,y,50,,,2026-01-02\n",
    )
    projects = projects_of(desk.workspace, STAFF, TODAY)
    assert [(each.project_id, each.days_late) for each in projects] == [
        ("P1", 2), ("P2", 0), ("P3", 0),
    ]  # fmt: skip
    x, y, every = project_sums(projects)
    assert (x.budget, x.spend) == (total_of([100.0, None]), total_of([0.0, None]))
    assert (y.budget.known_gbp, every.budget.known_gbp, every.budget.unknown) == (50, 150, 1)
    assert (every.projects, every.complete, every.overdue) == (3, 1, 1)
    assert projects_of(desk.workspace, PUBLIC, TODAY) == ()


def test_section_106_by_council_with_deadlines(desk: Desk):
    take(
        desk,
        "section_106",
        "item_id,item,council,amount_gbp,deadline,status,deed_of_variation_gbp\n"
        "A,A,Beta,10,2026-01-01,held,\nB,B,Alpha,,2026-12,requested,1300\n"
        "C,C,Beta,5,2020,drawn-down,\nD,D,,1,,unknown,\nE,E,Alpha,2,2026-01-02,agreed,\n",
    )
    items = section_106_of(desk.workspace, STAFF, TODAY)
    assert [each.item_id for each in items] == ["E", "B", "C", "A", "D"]
    assert [each.item_id for each in items if each.overdue] == ["A"]
    assert [each.item_id for each in items if each.coming] == ["E", "B"]
    sums = {each.status: each for each in section_106_sums(items)}
    assert list(sums) == ["held", "requested", "agreed", "drawn-down", "unknown", ""]
    assert (sums[""].amount.known_gbp, sums[""].amount.unknown) == (18, 1)
    assert (sums["requested"].deeds.known_gbp, sums[""].deeds.unknown) == (1300, 4)


@pytest.mark.parametrize(
    ("register", "content", "words"),
    [
        ("section_106", "item_id,item,amount_gbp\nA,A,-5\n", "0 or more"),
        ("section_106", "item_id,item,status\nA,A,lost\n", "must be one of held"),
        ("capital_projects", "project_id,project,percent_complete\nA,A,101\n", "0 to 100"),
        ("site_history", "event_id,site_id,date,event\nA,S,2020,burnt\n", "must be one of opened"),
        ("site_history", "event_id,site_id,date,event,hours\nA,S,2020,hours-changed,all day\n",
         "Mo-Fr 10:00-16:00"),
        ("estate_totals", "measure,value,as_of\npremises,many,2020\n", "must be a number"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_reason(
    desk: Desk, register: str, content: str, words: str
):
    report = take(desk, register, content)
    assert report.rejected == 1
    refused = [issue.reason for issue in report.issues if issue.severity == "rejected"]
    assert any(words in reason for reason in refused)


def test_every_change_is_kept_with_the_value_before(desk: Desk):
    take(desk, "section_106", "item_id,item,status\nA,A,held\n")
    take(desk, "section_106", "item_id,item,status\nA,A,drawn-down\n")
    (before,) = desk.workspace.store.history(SECTION_106)
    assert before["content"]["status"] == "held"
    assert list(GROUP.held(desk.workspace, SECTION_106)["status"]) == ["drawn-down"]


def test_the_pack_holds_41_sites_in_their_states(demo: Desk):
    held = held_sites(demo.workspace, STAFF, TODAY)
    assert len(held) == 41
    on = estate_on(demo.workspace, TODAY, STAFF, TODAY)
    assert on["in_period"].value_counts().to_dict() == {"in": 22, "possibly": 9, "out": 0}
    possibly = on[on["in_period"] == "possibly"]["status"].value_counts().to_dict()
    assert possibly == {"unknown": 6, "planned": 2, "closed": 1}
    gone = held[~held["site_id"].isin(on["site_id"])]
    assert set(gone["status"]) == {"closed"}
    assert len(estate_on(demo.workspace, TODAY, PUBLIC, TODAY)) == 27


def test_the_land_list_has_grid_references_in_whole_metres(demo: Desk):
    table = land_list(estate_on(demo.workspace, TODAY, PUBLIC, TODAY), "2026-01-02")
    assert str(table["easting"].dtype) == "Int64"
    assert table["easting"].between(420_000, 500_000).all()
    assert table["northing"].between(270_000, 350_000).all()
    assert "unknown" not in table.to_csv()


@pytest.mark.parametrize(
    ("hours", "week", "words"),
    [
        ("Mo-Fr 10:00-16:00", 30, "Monday to Friday 10:00 to 16:00"),
        ("24/7", 168, "Every day, all day"),
        ("Sa,Su 22:00-02:00", 8, "Monday 00:00 to 02:00; Saturday 22:00 to 24:00; "
         "Sunday 00:00 to 02:00 and 22:00 to 24:00"),
        ("off", 0, "Closed all week"),
        ('Mo 10:00-12:00 "by appointment"', 2, "Monday 10:00 to 12:00"),
        ("Mo 09:00-12:00,13:00-17:00", 7, "Monday 09:00 to 12:00 and 13:00 to 17:00"),
    ],
)  # fmt: skip
def test_hours_in_words_and_by_the_week(hours: str, week: float, words: str):
    found = week_of(hours, date(2026, 1, 7))
    assert (found.hours, found.in_words()) == (week, words)


def test_a_workspace_of_before_is_given_the_new_columns(tmp_path: Path):
    first = Workspace.open(tmp_path, REGISTRY.schemas)
    REGISTRY.taker("sites")(read_table(PACK / "sites.csv"), first, Intake(datetime(2026, 1, 2)))
    first.close()
    engine = create_engine(f"sqlite:///{tmp_path / 'patchmap.sqlite'}")
    with engine.begin() as connection:
        for name in ("hours", "private_space", "floor_area_m2"):
            connection.execute(text(f"ALTER TABLE sites DROP COLUMN {name}"))
    engine.dispose()
    again = Workspace.open(tmp_path, REGISTRY.schemas)
    assert again.store.faults() == []
    on = estate_on(again, TODAY)
    assert set(on["private_space"]) == {"unknown"}
    assert set(on["hours"]) == {""}
    assert on["floor_area_m2"].isna().all()
    again.close()
