"""The planner: what it proposes and why, and what becomes of a proposal."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import Counter
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from layers import programme
from layers.files import RawRow, RawTable
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import StaffLink
from server.app import create_app
from server.services import Services
from server.settings import Settings
from server.visits.plan.asked import PARTS, plan_asked
from server.visits.plan.dates import bank_holiday, why_not
from server.visits.plan.planner import Planned, plan_of
from tests.server.conftest import Browser

PAGE = "/visits/plan"
YEAR = "from=2025-04-01&to=2026-03-31"
SHORT = f"{YEAR}&days=9&stops=2"
NOW = datetime(2025, 3, 31, 9)


@pytest.fixture
def own(demo_path: Path, tmp_path: Path):
    """A workspace like the demonstration's, to be written to."""
    shutil.copytree(demo_path, tmp_path / "workspace")
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    yield workspace
    workspace.close()


@pytest.fixture
def office(own, make_app, as_staff) -> FlaskClient:
    """A browser of staff over the workspace that can be written to."""
    return as_staff(make_app(own))


@pytest.fixture(scope="module")
def year_app(demo: Workspace) -> Flask:
    """An app over the demonstration on the last day of March 2025."""
    return create_app(Settings(demo.path), demo, lambda: NOW, StaffLink())


@pytest.fixture(scope="module")
def year(year_app: Flask) -> Planned:
    """The plan of the year to March 2026, with what is asked by default."""
    asked = plan_asked({"from": ["2025-04-01"], "to": ["2026-03-31"]}, NOW.date())
    return plan_of(year_app.extensions["patchmap"], asked)


@pytest.fixture(scope="module")
def year_page(year_app: Flask) -> str:
    """The same plan as staff see it."""
    client = Browser(year_app)
    client.get(f"/staff/{year_app.extensions['patchmap'].staff_link.token}")
    answered = client.get(f"{PAGE}?{YEAR}")
    assert answered.status_code == 200
    return unescape(answered.text)


def token_of(html: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', html)[1]


def proposals_in(html: str) -> list[tuple[str, str]]:
    """Day and places of each proposal, as its form has them."""
    found = re.findall(
        r'name="day" value="([^"]+)"><input type="hidden" name="places" value="([^"]+)"', html
    )
    return [(day, unescape(places)) for day, places in found]


def answered(client: FlaskClient, query: str, path: str, **fields: str):
    page = client.get(f"{PAGE}?{query}").text
    return client.post(f"{PAGE}/{path}?{query}", data={"csrf_token": token_of(page), **fields})


def agree(client: FlaskClient, query: str, number: int = 0, on: str = "") -> tuple[str, str]:
    day, places = proposals_in(client.get(f"{PAGE}?{query}").text)[number]
    reply = answered(
        client, query, "proposals", day=day, places=places, on=on or day, answer="agree"
    )
    assert reply.status_code == 303, reply.text
    return on or day, places


def test_south_leicester_leads_as_of_the_end_of_march_2025(year, year_page):
    assert "South Leicester (approximate) leads where to go next" in year_page
    assert year.npas[0].code == "NS"
    assert (year.npas[0].lacks, year.npas[0].standing.last) == (2, None)
    assert year.proposals[0].npa == "NS"
    assert "are a sample from public pages, not a log" in year_page


def test_a_year_is_planned_to_a_proven_gap_and_says_it(year, year_page):
    assert len(year.proposals) == 39
    assert year.plan.gap <= 0.01
    assert year.plan.proven
    assert re.search(r"the solver has proven it|the gap to the bound which the solver", year_page)


def test_every_area_has_its_two_days_in_the_year(year, year_page):
    days = Counter(proposal.npa for proposal in year.proposals)
    assert set(days) == {"NC", "NE", "NS", "NW", "NA", "NH", "NL", "NN", "NR"}
    assert min(days.values()) >= 2
    assert year.still_lacking == ()
    assert "every NPA has had its two days" in year_page


def test_days_are_working_days_of_their_own(year):
    dates = [proposal.date for proposal in year.proposals]
    assert len(set(dates)) == 39
    assert all(day.weekday() < 5 and not bank_holiday(day) for day in dates)
    assert dates == sorted(dates)
    by_month = Counter(day.isoformat()[:7] for day in dates)
    assert max(by_month.values()) - min(by_month.values()) <= 1


def test_each_proposal_says_why_there_and_why_then(year_page):
    assert "lacked two days of its commitment" in year_page
    assert "residents live within 2 kilometres of its stops" in year_page
    assert year_page.count("An estimate: straight lines made longer") > 20


def test_bank_holidays_and_dates_of_the_offices_own_are_left_out():
    asked = plan_asked({"without": ["2025-03-25..2025-05-01, 2025-06"]}, NOW.date())
    assert why_not(date(2025, 4, 30), asked.usable) == (
        "it lies in 25 March 2025 to 1 May 2025, which is left out"
    )
    assert why_not(date(2025, 6, 30), asked.usable)
    assert why_not(date(2025, 5, 26), asked.usable) == (
        "it is a bank holiday (Spring Bank Holiday)"
    )
    assert why_not(date(2025, 5, 24), asked.usable) == "it is a Saturday"
    assert why_not(date(2025, 5, 27), asked.usable) == ""


@pytest.mark.parametrize(
    ("part", "leads"), [("deprivation", "NE"), ("zone", "NN"), ("residents", "NH")]
)
def test_a_weight_moves_the_need(demo, part, leads):
    """Each part alone: where it is deprived, where zones are, and where most people live."""
    have = Services(demo, REGISTRY, Settings(demo.path), lambda: NOW)
    weights = {f"weight_{name}": ["1" if name == part else "0"] for name in PARTS}
    asked = plan_asked(
        {"from": ["2025-04-01"], "days": ["2"], "stops": ["1"], **weights}, NOW.date()
    )
    planned = plan_of(have, asked)
    most = max(planned.npas, key=lambda npa: npa.need)
    alone = max(planned.npas, key=lambda npa: dict(npa.parts)[part])
    assert most.code == alone.code == leads


def test_too_few_days_give_the_least_bad_plan_and_say_what_is_missing(staff):
    page = unescape(staff.get(f"{PAGE}?from=2027-04-01&to=2028-03-31&days=5&stops=1").text)
    assert "The commitment cannot be kept with these days: at the end" in page
    assert len(proposals_in(page)) == 5


def test_days_for_which_there_is_no_date_are_said(staff):
    page = unescape(
        staff.get(f"{PAGE}?from=2025-04-01&to=2025-04-30&days=9&weekday=mon&stops=1").text
    )
    assert "6 of the 9 days cannot be placed" in page  # 21 April is a bank holiday
    assert len(proposals_in(page)) == 3


def test_a_proposal_that_is_agreed_is_kept_and_planned_around(office, own):
    day, places = agree(office, SHORT)
    held = programme.held(own, programme.PLANNED_STOPS)
    assert list(held["date"]) == [day] * len(places.split("; "))
    assert set(held["place"]) == set(places.split("; "))
    assert set(held["status"]) == {"planned"}
    page = unescape(office.get(f"{PAGE}?{SHORT}").text)
    assert "8 days are proposed and 1 agreed" in page
    assert day not in [one for one, _ in proposals_in(page)]
    assert not {place for _, more in proposals_in(page) for place in more.split("; ")} & set(
        places.split("; ")
    )


def test_a_day_that_is_agreed_counts_for_the_commitment(office):
    """Of South Leicester's two days one is agreed, so that one is proposed."""
    agree(office, SHORT)
    page = unescape(office.get(f"{PAGE}?{SHORT}").text)
    assert page.count(": South Leicester (approximate)</h3>") == 1


def test_a_day_is_moved_with_its_conflicts_shown_and_its_past_kept(office, own):
    day, _ = agree(office, SHORT)
    reply = answered(office, SHORT, "days", day=day, visitor="PCC", on="2025-05-26", answer="move")
    assert reply.status_code == 303
    page = unescape(office.get(f"{PAGE}?{SHORT}").text)
    assert "Monday 26 May 2025" in page
    assert "The date cannot be used: it is a bank holiday (Spring Bank Holiday)." in page
    history = own.store.history(programme.PLANNED_STOPS)
    assert {row["content"]["date"] for row in history} == {day}


def test_two_days_on_one_date_are_a_conflict(office):
    day, _ = agree(office, SHORT)
    agree(office, SHORT, on=day)
    day_twice = unescape(office.get(f"{PAGE}?{SHORT}").text)
    assert day_twice.count("<h3>") >= 2
    assert "1 agreed" in day_twice  # one visitor on one date is one day


def test_a_day_that_is_called_off_is_no_longer_agreed(office, own):
    day, places = agree(office, SHORT)
    answered(office, SHORT, "days", day=day, visitor="PCC", answer="call-off")
    assert set(programme.held(own, programme.PLANNED_STOPS)["status"]) == {"cancelled"}
    page = unescape(office.get(f"{PAGE}?{SHORT}").text)
    assert "9 days are proposed and 0 agreed" in page
    assert places in [more for _, more in proposals_in(page)]


def test_what_is_declined_is_not_proposed_again_until_it_is_allowed(office, own):
    day, places = proposals_in(office.get(f"{PAGE}?{SHORT}").text)[0]
    answered(office, SHORT, "proposals", day=day, places=places, on=day, answer="decline")
    page = unescape(office.get(f"{PAGE}?{SHORT}").text)
    proposed = {place for _, more in proposals_in(page) for place in more.split("; ")}
    assert not proposed & set(places.split("; "))
    for plan_id in programme.held(own, programme.PLANNED_STOPS)["plan_id"]:
        answered(office, SHORT, "declined", plan_id=plan_id)
    again = proposals_in(office.get(f"{PAGE}?{SHORT}").text)
    assert (day, places) in again


def test_an_answer_to_a_plan_that_has_changed_changes_nothing(office, own):
    reply = answered(
        office, SHORT, "proposals", day="2025-04-07", places="Nowhere", on="2025-04-07"
    )
    assert reply.status_code == 400
    assert "Nothing was changed; look at the plan again." in unescape(reply.text)
    assert programme.held(own, programme.PLANNED_STOPS).empty


@pytest.mark.parametrize("path", ["proposals", "days", "declined"])
def test_a_form_without_its_token_changes_nothing(office, own, path):
    day, places = proposals_in(office.get(f"{PAGE}?{SHORT}").text)[0]
    fields = {"day": day, "places": places, "on": day, "answer": "agree"}
    assert office.post(f"{PAGE}/{path}?{SHORT}", data=fields).status_code == 400
    assert programme.held(own, programme.PLANNED_STOPS).empty


def test_the_diary_holds_every_agreed_day(office):
    day, places = agree(office, SHORT)
    reply = office.get(f"{PAGE}/days.ics?{SHORT}")
    assert reply.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(reply.data).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == day
    assert sorted(str(event["location"]).split("; ")) == sorted(places.split("; "))
    assert "South Leicester" in event["summary"]
    assert "estimate" in event["description"] or len(places.split("; ")) == 1


def test_map_table_and_export_hold_the_same_stops(office):
    day, places = agree(office, SHORT)
    rows = list(csv.DictReader(io.StringIO(office.get(f"{PAGE}/stops.csv?{SHORT}").text)))
    features = json.loads(office.get(f"{PAGE}/stops.geojson?{SHORT}").data)["features"]
    assert [row["stop"] for row in rows] == [one["properties"]["stop"] for one in features]
    agreed = {row["place"] for row in rows if row["state"] == "agreed"}
    assert agreed == set(places.split("; "))
    proposed = {(row["date"], row["place"]) for row in rows if row["state"] == "proposed"}
    shown = proposals_in(office.get(f"{PAGE}?{SHORT}").text)
    assert proposed == {(one, place) for one, more in shown for place in more.split("; ")}
    assert {row["npa_code"] for row in rows if row["date"] == day} == {"NS"}


def test_the_offices_own_list_can_be_chosen_from(office, own):
    places = ((f"C{n}", f"Stand {n}", str(-1.13 + n / 100), "52.60") for n in range(3))
    header = ("place_id", "name", "longitude", "latitude")
    rows = tuple(
        RawRow(number, dict(zip(header, cells, strict=True)))
        for number, cells in enumerate(places, start=1)
    )
    table = RawTable("own.csv", header, rows, has_geometry=False)
    programme.take(table, programme.CANDIDATES, own, Intake(NOW))
    page = office.get(f"{PAGE}?{YEAR}&days=2&places=own").text
    names = {place for _, more in proposals_in(page) for place in more.split("; ")}
    assert names
    assert all(name.startswith("Stand ") for name in names)


def test_without_places_there_is_no_plan_and_a_sentence(office):
    page = office.get(f"{PAGE}?{YEAR}&days=2&places=own")
    assert page.status_code == 200
    assert "2 of the 2 days cannot be placed" in unescape(page.text)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("days=no", "days must be a whole number from 1 to 120"),
        ("days=121", "days must be a whole number"),
        ("weight_crime=11", "weight_crime must be a number from 0 to 10"),
        ("weight_crime=nan", "weight_crime must be a number"),
        ("without=Christmas", "Dates that cannot be used are needed as YYYY-MM-DD"),
        ("without=2025-05-02..2025-05-01", "Dates that cannot be used"),
        ("weekday=someday", "weekday must be one of mon"),
        ("reach_m=7", "reach_m must be one of 1000"),
        ("from=2025-04&to=2025-01", "A period must end on or after the day it begins"),
        ("from=2025-04&to=2028-04", "A period of at most 24 months"),
        ("colour=blue", "The planner can be asked for by from, to"),
        ("&".join(f"weight_{part}=0" for part in PARTS), "above 0"),
    ],
)
def test_what_cannot_be_used_is_said_and_loses_nothing(staff, query, says):
    page = staff.get(f"{PAGE}?stops=4&{query}")
    assert page.status_code == 400
    assert says in unescape(page.text)
    assert 'name="stops" type="number" value="4"' in page.text


def test_what_is_asked_comes_back_from_its_own_address():
    params = {
        "from": ["2025-04-01"],
        "to": ["2025-09-30"],
        "days": ["12"],
        "stops": ["2"],
        "reach_m": ["1000"],
        "travel_m": ["4000"],
        "rested_months": ["0"],
        "places": ["wards"],
        "weekday": ["tue", "sat"],
        "bank_holidays": ["used"],
        "without": ["2025-05-01..2025-05-09, 2025-06-03"],
        "weight_zone": ["2.5"],
    }
    asked = plan_asked(params, NOW.date())
    again: dict[str, list[str]] = {}
    for name, value in asked.params():
        again.setdefault(name, []).append(value)
    assert plan_asked(again, NOW.date()) == asked
    assert asked.usable.weekdays == ("tue", "sat")
