"""Days of visits: the checklist before, what is recorded after, and what of it is published."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers import programme
from layers.checklist import (
    COUNCILLOR_DAYS_BEFORE,
    NOTICE_DAYS_BEFORE,
    SURVEY_DAYS_BEFORE,
    stops_of,
)
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from tests.server.conftest import NOW, Browser
from tests.server.test_records import hidden, send

DAY = "2026-12-08"
DAY_PAGE = f"/visits/days/{DAY}"
OUTCOMES = "/visits/outcomes"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    yield made
    made.close()


@pytest.fixture
def app(workspace: Workspace, make_app) -> Flask:
    return make_app(workspace)


def take(workspace: Workspace, name: str, text: str) -> None:
    file = workspace.path / f"{name}.csv"
    file.write_text(text)
    report = REGISTRY.taker(name)(read_table(file), workspace, Intake(NOW))
    assert not report.rejected, report.text()


def two_wards(workspace: Workspace) -> list[dict]:
    """Two wards that no other is named like, far from each other in the list."""
    wards = workspace.ground.wards.drop_duplicates("name", keep=False)
    return [dict(wards.iloc[number]) for number in (3, 90)]


@pytest.fixture
def planned(workspace: Workspace) -> list[dict]:
    """A day with three stops in two wards, one of them by position, and four councillors."""
    one, other = two_wards(workspace)
    elsewhere = workspace.ground.wards.drop_duplicates("name", keep=False)["code"].iloc[50]
    take(
        workspace,
        "planned_stops",
        "plan_id,date,place,ward_code,longitude,latitude,status\n"
        f"PL1,{DAY},The hall,{one['code']},,,planned\n"
        f"PL2,{DAY},The green,,{other['longitude']},{other['latitude']},planned\n"
        f"PL3,{DAY},{other['name']},,,,planned\n"
        f"PL4,{DAY},Called off,{one['code']},,,cancelled\n"
        f"PL5,2026-12-09,Another day,{one['code']},,,planned\n",
    )
    take(
        workspace,
        "councillors",
        "name,council,ward,ward_code,email\n"
        f"A. Lee,Borough,Any name,{one['code']},lee@council.example\n"
        f"B. Poe,Borough,{other['name'].upper()},,\n"
        f"C. Low,County,{other['name']} and beyond,,\n"
        f"D. Roe,Borough,Elsewhere,{elsewhere},\n",
    )
    return [one, other]


def items(workspace: Workspace) -> list[dict]:
    return list(programme.held(workspace, programme.PREPARATIONS).to_dict("records"))


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_the_stops_of_a_day_are_in_their_wards(workspace: Workspace, planned: list[dict]) -> None:
    one, other = planned
    found = [(stop.place, stop.ward_code) for stop in stops_of(workspace, date(2026, 12, 8))]
    assert found == [
        ("The hall", one["code"]),
        ("The green", other["code"]),
        (other["name"], other["code"]),
    ]


def test_the_usual_checklist_has_the_councillors_notices_and_surveys(
    staff: FlaskClient, workspace: Workspace, planned: list[dict]
) -> None:
    assert "Make the usual checklist (8 items)" in staff.get(DAY_PAGE).text
    assert send(staff, DAY_PAGE, usual="1").status_code == 303
    made = items(workspace)
    asked = {(row["councillor_id"], row["place"]) for row in made if row["kind"] == "councillor"}
    other = planned[1]["name"]
    assert {code.rpartition("-")[2] for code, _ in asked} == {"lee", "poe"}
    assert {place for _, place in asked} == {"The hall", "The green"}
    places = {"The hall", "The green", other}
    for kind in ("notice", "survey"):
        assert {row["place"] for row in made if row["kind"] == kind} == places
    due = {row["kind"]: (date(2026, 12, 8) - date.fromisoformat(row["due"])).days for row in made}
    assert due == {
        "councillor": COUNCILLOR_DAYS_BEFORE,
        "notice": NOTICE_DAYS_BEFORE,
        "survey": SURVEY_DAYS_BEFORE,
    }
    assert sorted(row["preparation_id"] for row in made)[0] == "P-2026-0001"
    page = staff.get(DAY_PAGE).text
    assert "8 items were added" in page
    assert "lee@council.example" in page
    assert 'name="usual"' not in page, "nothing is missing any more"
    again = staff.post(DAY_PAGE, data=hidden(staff, DAY_PAGE) | {"usual": "1"})
    assert again.status_code == 303
    assert len(items(workspace)) == 8, "the list is not made twice"


@pytest.mark.usefixtures("planned")
def test_an_item_is_marked_done_and_an_answer_is_recorded(
    staff: FlaskClient, workspace: Workspace
) -> None:
    send(staff, DAY_PAGE, usual="1")
    first = next(row for row in items(workspace) if row["kind"] == "councillor")
    assert "Late" in words(staff.get(DAY_PAGE).text), "councillors were due before today"
    assert "Not asked yet" in staff.get(DAY_PAGE).text
    assert send(staff, DAY_PAGE, done=first["preparation_id"]).status_code == 303
    page = staff.get(DAY_PAGE).text
    assert "was marked as done today" in page
    assert "22 November 2026" in page
    assert "Not answered yet" in page
    assert "1 of 8 done" in page
    send(staff, DAY_PAGE, done=first["preparation_id"])
    assert "was done already, on 22 November 2026" in staff.get(DAY_PAGE).text
    history = workspace.store.history(programme.PREPARATIONS)
    assert [row["content"]["done"] for row in history] == [""]
    gone = send(staff, DAY_PAGE, done="P-1999-0001")
    assert gone.status_code == 409
    assert "this one is no longer on it" in gone.text
    assert f'href="{DAY_PAGE}">Back to the page as it is now' in gone.text
    assert "Send it again" not in gone.text


def test_a_ward_without_a_councillor_is_named(
    staff: FlaskClient, workspace: Workspace, planned: list[dict]
) -> None:
    take(workspace, "planned_stops", f"plan_id,date,place\nPL9,{DAY},Nowhere known\n")
    page = words(staff.get(DAY_PAGE).text)
    assert "No councillor is held of these wards" in page
    assert "Nowhere known (its ward is not known)" in page
    assert planned[0]["name"] not in page[page.index("No councillor is held") :][:120]


def test_after_a_visit_its_stop_opens_a_form_that_is_filled_in(
    staff: FlaskClient, workspace: Workspace
) -> None:
    visits = "visit_id,date,place,visit_type,latitude,longitude\nV7,2026-11-10,Ash & Elm,event,,\n"
    take(workspace, "visits", visits)
    overview = staff.get("/visits/records").text
    assert 'href="/visits/days/2026-11-10"' in overview
    page = staff.get("/visits/days/2026-11-10").text
    (link,) = re.findall(r'href="(/visits/records/issues_raised/new\?[^"]*place[^"]*)"', page)
    form = staff.get(link.replace("&amp;", "&")).text
    for value in ("2026-11-10", "Ash &amp; Elm", "V7"):
        assert f'value="{value}"' in form
    saved = send(staff, "/visits/records/issues_raised/new", date="2026-11-10", place="Ash & Elm",
                 visit_id="V7", theme="drugs", issue="Needles in the park", status="open",
                 visibility="staff", referred_to="council")  # fmt: skip
    assert saved.status_code == 303
    assert "Needles in the park" in staff.get("/visits/days/2026-11-10").text
    assert "add another of the same day and place" in staff.get(
        saved.headers["Location"]).text.lower()  # fmt: skip


def test_a_stop_that_is_not_held_is_warned_of(staff: FlaskClient) -> None:
    typed = {"date": "2026-11-10", "place": "A", "visit_id": "V99", "theme": "drugs",
             "issue": "Needles", "status": "open", "visibility": "public"}  # fmt: skip
    warned = send(staff, "/visits/records/issues_raised/new", **typed)
    assert warned.status_code == 400
    assert "No stop of this id is held" in warned.text


@pytest.mark.usefixtures("planned")
def test_a_day_to_come_asks_for_no_record_yet(staff: FlaskClient) -> None:
    page = staff.get(DAY_PAGE).text
    assert "Record what was raised" not in page
    assert f'href="{DAY_PAGE}"' in staff.get("/visits/records").text


def test_a_day_is_opened_by_its_date(staff: FlaskClient) -> None:
    assert staff.get("/visits/days?date=2026-12-08").headers["Location"] == DAY_PAGE
    assert staff.get("/visits/days").headers["Location"] == "/visits/records"
    assert staff.get("/visits/days?date=tomorrow").status_code == 400
    assert staff.get("/visits/days?day=2026-12-08").status_code == 400
    assert "No stop of this day is held" in staff.get(DAY_PAGE).text


ISSUES = """issue_id,visit_id,date,place,theme,issue,status,outcome,visibility
I1,,2025-05-01,Ash,drugs,Needles,closed,More bins,public
I2,,2026-11-21,Elm,other,Noise,open,,public
I3,,2026-11-22,Oak,other,Of today,open,,public
I4,,2026-11-01,Oak,other,Of staff,open,,staff
I5,,2026-11,Oak,other,Of a month that goes on,open,,public
"""


def published(client: FlaskClient, query: str = "") -> list[str]:
    text = client.get(f"/api/visits/outcomes.csv?{query}").text
    return [row["issue_id"] for row in csv.DictReader(io.StringIO(text, newline=""))]


def test_what_is_published_is_public_past_and_the_same_for_everyone(
    app: Flask, staff: FlaskClient, workspace: Workspace, clock
) -> None:
    public = Browser(app)
    assert "has been published here yet" in public.get(OUTCOMES).text
    take(workspace, "issues_raised", ISSUES)
    assert published(public) == ["I2"], "the twelve months that end with the last"
    assert published(public, "from=2020") == ["I2", "I1"]
    assert published(staff, "from=2020") == ["I2", "I1"]
    page = public.get(f"{OUTCOMES}?from=2020").text
    assert "2 published issues" in page
    assert "Not all that was raised is here" in page
    for word in ("Of today", "Of staff", "Of a month"):
        assert word not in staff.get(f"{OUTCOMES}?from=2020").text
    assert published(public, "from=2020&theme=drugs") == ["I1"]
    assert published(public, "from=2020&status=open&status=closed&theme=other") == ["I2"]
    for query in ("npa=NR", "visibility=staff", "theme=pub", "bbox=0,0,1,1"):
        assert public.get(f"{OUTCOMES}?{query}").status_code == 400
    clock.advance(24)
    assert published(public) == ["I3", "I2"], "a day later"


def test_what_is_no_longer_public_is_gone_at_once(
    app: Flask, staff: FlaskClient, workspace: Workspace
) -> None:
    take(workspace, "issues_raised", ISSUES)
    public = Browser(app)
    assert published(public) == ["I2"]
    address = "/visits/records/issues_raised/I2"
    typed = {"date": "2026-11-21", "place": "Elm", "theme": "other", "issue": "Noise",
             "status": "open", "referred_to": "nobody"}  # fmt: skip
    assert send(staff, address, **typed, visibility="staff").status_code == 303
    assert published(public, "from=2020") == ["I1"]


def test_an_issue_is_published_no_sooner_than_its_stop(app: Flask, workspace: Workspace) -> None:
    stop = "visit_id,date,place,visit_type,visibility\nV1,2026-11-01,Ash,event,"
    take(workspace, "visits", f"{stop}staff\n")
    take(workspace, "issues_raised",
         "issue_id,visit_id,date,place,theme,issue,visibility\n"
         "I1,V1,2026-11-01,Ash,drugs,Needles,public\n")  # fmt: skip
    public = Browser(app)
    assert published(public) == []
    take(workspace, "visits", f"{stop}public\n")
    assert published(public) == ["I1"]
