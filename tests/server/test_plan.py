"""The planner: what it proposes and why, and what becomes of a proposal."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote_plus, urlsplit

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from layers import programme
from layers.candidates import places_of
from layers.files import RawRow, RawTable
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import StaffLink
from server.app import create_app
from server.records.days import next_days
from server.services import Services
from server.settings import Settings
from server.visits.plan.asked import PARTS, plan_asked
from server.visits.plan.dates import bank_holiday, why_not
from server.visits.plan.need import need_of
from server.visits.plan.planner import Planned, plan_of, stops_held
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
    assert "lacks two days of its commitment" in year_page
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


def test_a_stop_known_by_its_district_reaches_nobody(year_app, year_page):
    """With or without those stops each small area was visited equally lately."""
    have = year_app.extensions["patchmap"]
    asked = plan_asked({"from": ["2025-04-01"], "to": ["2026-03-31"]}, NOW.date())
    stops = stops_held(have)
    wide = stops["location_precision"] == "district"
    assert wide.sum() == 7
    months = need_of(have, asked, stops).months_since
    assert np.array_equal(months, need_of(have, asked, stops[~wide]).months_since)
    assert np.isinf(need_of(have, asked, stops[wide]).months_since).all()
    assert "7 stops that are held are known by the district alone" in year_page


def test_the_json_has_the_figures_of_the_page(office):
    agree(office, SHORT)
    said = office.get(f"/api/visits/plan?{SHORT}").get_json()
    page = unescape(office.get(f"{PAGE}?{SHORT}").text)
    for sentence in said["sentences"]:
        assert f"<p>{sentence}</p>" in page
    assert proposals_in(page) == [
        (one["date"], "; ".join(stop["place"] for stop in one["stops"]))
        for one in said["proposals"]
    ]
    for one in said["proposals"]:
        assert f"<p>{one['why']}</p>" in page
    assert (said["days_proposed"], said["days_agreed"], said["days_not_placed"]) == (8, 1, 0)
    part = 100 * said["need_reached"] / said["need_open"]
    assert f"The proposals reach {part:.1f}% of the need" in page
    assert said["gap"] == pytest.approx(
        (said["need_bound"] - said["need_reached"]) / said["need_reached"], abs=1e-9
    )
    assert said["gap"] <= 0.01
    assert [npa["npa_name"] for npa in said["npas"]] == re.findall(
        r'<th scope="row">([^<]+)</th>', page.split('id="next"')[1].split("</table>")[0]
    )
    (agreed,) = said["agreed"]
    assert agreed["reasons"]
    stops = csv.DictReader(io.StringIO(office.get(f"{PAGE}/stops.csv?{SHORT}").text))
    at = {(row["date"], row["place"]): float(row["longitude"]) for row in stops}
    for one in (*said["proposals"], agreed):
        for stop in one["stops"]:
            assert at[one["date"], stop["place"]] == pytest.approx(stop["longitude"], abs=2e-6)


def test_the_json_says_what_cannot_be_met(staff):
    asked = "from=2027-04-01&to=2028-03-31&days=5&stops=1"
    said = staff.get(f"/api/visits/plan?{asked}").get_json()
    assert said["days_lacking"] > 0
    assert said["least_lacking_proven"] is True
    page = unescape(staff.get(f"{PAGE}?{asked}").text)
    at_end = [one for one in said["still_lacking"] if one["month"] == "2028-03"]
    assert at_end
    for one in at_end:
        assert f"{one['npa_name']} lacks {['none', 'one', 'two'][one['days']]}" in page


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


def test_a_second_day_of_one_visitor_on_one_date_is_refused(office, own):
    day, _ = agree(office, SHORT)
    other, places = proposals_in(office.get(f"{PAGE}?{SHORT}").text)[0]
    reply = answered(office, SHORT, "proposals", day=other, places=places, on=day, answer="agree")
    assert reply.status_code == 409
    assert "is agreed for" in unescape(reply.text)
    assert set(programme.held(own, programme.PLANNED_STOPS)["date"]) == {day}
    agree(office, SHORT)
    reply = answered(office, SHORT, "days", day=day, visitor="PCC", on=other, answer="move")
    assert reply.status_code == 409
    assert sorted(set(programme.held(own, programme.PLANNED_STOPS)["date"])) == sorted([day, other])


def test_a_day_that_is_called_off_is_no_longer_agreed(office, own):
    day, places = agree(office, SHORT)
    answered(office, SHORT, "days", day=day, visitor="PCC", answer="call-off")
    assert set(programme.held(own, programme.PLANNED_STOPS)["status"]) == {"cancelled"}
    page = unescape(office.get(f"{PAGE}?{SHORT}").text)
    assert "9 days are proposed and 0 agreed" in page
    assert places in [more for _, more in proposals_in(page)]


def test_answers_at_once_lose_no_stop(own, make_app, as_staff):
    """Six browsers agree to the same proposal at once: one is taken, and whole."""
    app = make_app(own)
    office = as_staff(app)
    page = office.get(f"{PAGE}?{SHORT}").text
    day, places = proposals_in(page)[0]
    token = token_of(page)
    cookie = office.get_cookie("patchmap_session", domain="127.0.0.1").value
    fields = {"csrf_token": token, "day": day, "places": places, "on": day, "answer": "agree"}

    def post(_: int) -> int:
        browser = Browser(app)
        browser.set_cookie("patchmap_session", cookie, domain="127.0.0.1")
        return browser.post(f"{PAGE}/proposals?{SHORT}", data=fields).status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(post, range(6)))
    assert sorted(statuses) == [303, *[409] * 5]
    assert sorted(programme.held(own, programme.PLANNED_STOPS)["place"]) == sorted(
        places.split("; ")
    )


STOP = {"visitor": "PCC", "visit_type": "community-day", "longitude": "-1.13", "latitude": "52.61"}


def planned(own, **cells: str) -> None:
    """Keep a planned stop in South Leicester, as a file would."""
    cells = {"plan_id": f"X-{len(programme.held(own, programme.PLANNED_STOPS))}", **STOP, **cells}
    table = RawTable("plans.csv", tuple(cells), (RawRow(1, cells),), has_geometry=False)
    report = programme.take(table, programme.PLANNED_STOPS, own, Intake(NOW))
    assert not report.rejected, report.text()


def south(own, query: dict[str, list[str]]) -> tuple[int, list[tuple[str, str, int]]]:
    """How many days the plan proposes in South Leicester, and what is lacking even so."""
    have = Services(own, REGISTRY, Settings(own.path), lambda: NOW)
    made = plan_of(have, plan_asked({"stops": ["1"], "days": ["9"], **query}, NOW.date()))
    return sum(one.npa == "NS" for one in made.proposals), list(made.still_lacking)


def test_a_day_that_was_held_and_recorded_counts_once(own):
    planned(own, date="2025-04-15", place="Aylestone")
    cells = {"visit_id": "W1", "date": "2025-04-15", "place": "Aylestone", **STOP}
    table = RawTable("visits.csv", tuple(cells), (RawRow(1, cells),), has_geometry=False)
    REGISTRY.get("visits").take(table, own, Intake(NOW))
    asked = {"from": ["2025-05-01"], "to": ["2025-07-31"]}
    assert south(own, asked)[0] >= 1


def test_days_agreed_before_the_plan_count_and_are_not_proposed_again(own):
    asked = {"from": ["2025-05-01"], "to": ["2025-07-31"]}
    assert south(own, asked)[0] == 2
    planned(own, date="2025-04-15", place="Aylestone")
    planned(own, date="2025-04-29", place="Saffron")
    assert south(own, asked)[0] == 0


def test_a_stop_whose_day_is_not_settled_is_listed_and_counts_for_nothing(office, own):
    asked = {"from": ["2025-05-01"], "to": ["2025-07-31"]}
    planned(own, date="2025-06", place="Aylestone")
    assert south(own, asked)[0] == 2
    page = unescape(office.get(f"{PAGE}?{SHORT}").text)
    assert "Agreed without a day that is settled, and so not counted: Aylestone, June 2025" in page
    assert b"VEVENT" not in office.get(f"{PAGE}/days.ics?{SHORT}").data


def test_a_stop_without_a_position_is_nowhere_on_the_map(office, own):
    nowhere = {"longitude": "", "latitude": ""}
    planned(own, date="2025-06-10", place="Nowhere hall", **nowhere)
    planned(own, date="2025-06-10", place="Aylestone")
    rows = csv.DictReader(io.StringIO(office.get(f"{PAGE}/stops.csv?{SHORT}").text))
    found = {row["place"]: row for row in rows if row["state"] == "agreed"}
    assert found["Nowhere hall"]["longitude"] == ""
    assert found["Nowhere hall"]["npa_name"] == "No location"
    assert found["Aylestone"]["npa_code"] == "NS"
    assert found["Aylestone"]["longitude"].startswith("-1.13")


def test_a_checklist_moves_with_its_day_and_goes_when_that_is_called_off(office, own):
    planned(own, date="2025-06-10", place="Aylestone")
    cells = {
        "preparation_id": "C1",
        "visit_date": "2025-06-10",
        "place": "Aylestone",
        "kind": "notice",
        "task": "Tell people",
        "due": "2025-05-27",
    }
    table = RawTable("checks.csv", tuple(cells), (RawRow(1, cells),), has_geometry=False)
    programme.take(table, programme.PREPARATIONS, own, Intake(NOW))
    answered(office, SHORT, "days", day="2025-06-10", visitor="PCC", on="2025-06-17", answer="move")
    (item,) = programme.held(own, programme.PREPARATIONS).to_dict("records")
    assert (item["visit_date"], item["due"]) == ("2025-06-17", "2025-06-03")
    day = date(2025, 6, 17)
    assert day in [summary.day for summary in next_days(own, NOW.date())]
    answered(office, SHORT, "days", day="2025-06-17", visitor="PCC", answer="call-off")
    assert day not in [summary.day for summary in next_days(own, NOW.date())]


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "2025-06", "soon"])
def test_a_date_that_cannot_be_is_refused_in_words(office, own, on):
    planned(own, date="2025-06-10", place="Aylestone")
    reply = answered(office, SHORT, "days", day="2025-06-10", visitor="PCC", on=on, answer="move")
    assert reply.status_code == 400
    assert list(programme.held(own, programme.PLANNED_STOPS)["date"]) == ["2025-06-10"]


def test_a_plan_of_long_ago_is_made_and_says_that_it_looks_back(staff):
    page = staff.get(f"{PAGE}?from=1800-01-01&to=1800-03&days=2&stops=1")
    assert page.status_code == 200
    assert "it looks back" in unescape(page.text)


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


def test_what_is_declined_stays_so_in_a_later_plan_and_the_page_says_it(office):
    day, places = proposals_in(office.get(f"{PAGE}?{SHORT}").text)[0]
    answered(office, SHORT, "proposals", day=day, places=places, on=day, answer="decline")
    later = unescape(office.get(f"{PAGE}?from=2026-04-01&to=2027-03-31&days=9&stops=2").text)
    proposed = {place for _, more in proposals_in(later) for place in more.split("; ")}
    assert not proposed & set(places.split("; "))
    assert "are in no plan until they are allowed again" in later


def test_the_reason_of_a_day_that_is_moved_is_of_its_new_date(office, own):
    day, _ = agree(office, SHORT)
    before = set(programme.held(own, programme.PLANNED_STOPS)["reason"])
    assert "this is the first of them, as early as the other areas allow" in " ".join(before)
    planned(own, plan_id="X-1", date=day, place="By invitation", reason="The parish asked")
    answered(office, SHORT, "days", day=day, visitor="PCC", on="2025-09-16", answer="move")
    held = programme.held(own, programme.PLANNED_STOPS)
    assert set(held["date"]) == {"2025-09-16"}
    reasons = set(held["reason"])
    assert "The parish asked" in reasons
    (said,) = reasons - {"The parish asked"}
    assert said.startswith(
        "South Leicester (approximate) has no day of its two in the twelve months before "
        "16 September 2025"
    )
    assert "residents live within 2 kilometres of its stops" in said
    event = unescape(office.get(f"{PAGE}/days.ics?{SHORT}").text).replace("\r\n ", "")
    assert "before 16 September 2025" in event
    assert "this is the first of them" not in event


def test_a_proposal_that_is_agreed_for_another_date_has_a_reason_of_that_date(office, own):
    agree(office, SHORT, on="2025-12-16")
    (said,) = set(programme.held(own, programme.PLANNED_STOPS)["reason"])
    assert "before 16 December 2025" in said


def test_a_town_and_a_ward_that_are_the_same_place_are_not_both_proposed(year, year_app):
    """Nor is the one when the other is agreed."""
    workspace = year_app.extensions["patchmap"].workspace
    places = places_of(workspace, ("settlements", "wards"))
    alike = [{places.names[one], places.names[other]} for one, other in places.alike]
    assert {"Market Harborough", "Market Harborough-Logan (ward, Harborough)"} in alike
    visited = {place for proposal in year.proposals for place in proposal.places}
    assert visited
    assert not [pair for pair in alike if pair <= visited]
    town = places.points_m[places.names.index("Market Harborough")]
    left = places.without(town[None, :]).names
    assert not [name for name in left if name.startswith("Market Harborough")]
    assert len(left) == len(places.names) - 5


def test_what_is_alike_is_a_place_of_the_same_name_nearby(demo):
    """The rule on the whole ground: every ward of a town's name, and few pairs by place alone."""
    places = places_of(demo, ("settlements", "wards"))
    pairs = {
        (places.names[one], places.names[other].partition(" (")[0]) for one, other in places.alike
    }
    for pair in (
        ("Melton Mowbray", "Melton Craven"),
        ("Syston", "Syston"),
        ("Waltham on the Wolds", "Waltham-on-the-Wolds"),
        ("Desford", "Newbold Verdon with Desford and Peckleton"),
    ):
        assert pair in pairs
    for pair in (("Leicester", "Castle"), ("Belgrave", "Rushey Mead"), ("Rothley", "Mountsorrel")):
        assert pair not in pairs
    assert set(places.alike[:, 0]).isdisjoint(places.alike[:, 1])


def test_a_place_of_the_offices_own_stands_for_what_lies_there(own):
    cells = {
        "place_id": "1",
        "name": "Oakham library",
        "longitude": "-0.7333",
        "latitude": "52.6667",
    }
    table = RawTable("own.csv", tuple(cells), (RawRow(1, cells),), has_geometry=False)
    programme.take(table, programme.CANDIDATES, own, Intake(NOW))
    with_own = places_of(own, ("settlements", "own")).names
    assert "Oakham library" in with_own
    assert "Oakham" not in with_own
    assert "Oakham" in places_of(own, ("settlements",)).names


def test_an_answer_to_a_plan_that_has_changed_changes_nothing(office, own):
    reply = answered(
        office, SHORT, "proposals", day="2025-04-07", places="Nowhere", on="2025-04-07"
    )
    assert reply.status_code == 409
    assert "it was made anew since the page was opened" in unescape(reply.text)
    assert "Nothing was changed." in reply.text
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


@pytest.mark.parametrize(
    ("path", "current"),
    [
        (f"{PAGE}?days=x", ["Plan"]),
        ("/visits/commitment", ["Visits"]),
        ("/visits/records", ["Records"]),
    ],
)
def test_one_page_of_the_navigation_is_the_present_one(staff, path, current):
    nav = re.search('<nav class="site-nav".*?</nav>', staff.get(path).text, re.DOTALL)[0]
    assert re.findall(r"<a [^>]*aria-current[^>]*>([^<]+)</a>", nav) == current


def banner(html: str) -> str:
    """What the page says was done."""
    found = re.search(r'<section class="confirmation" role="status".*?</section>', html, re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def test_each_answer_is_confirmed_once_in_words(office):
    """Agree, move, call off, decline and allow again: the page that follows says what was done."""
    day, places = agree(office, SHORT)
    named = places.replace("; ", " and ")
    weekday = f"{date.fromisoformat(day):%A}"
    first = banner(office.get(f"{PAGE}?{SHORT}").text)
    assert first.startswith(f"Done Agreed: {named}, {weekday} ")
    assert banner(office.get(f"{PAGE}?{SHORT}").text) == "", "it is shown once"
    answered(office, SHORT, "days", day=day, visitor="PCC", on="2025-05-26", answer="move")
    said = banner(office.get(f"{PAGE}?{SHORT}").text)
    assert said.startswith(f"Done Moved: {named}, from {weekday} ")
    assert said.endswith(" to Monday 26 May 2025.")
    answered(office, SHORT, "days", day="2025-05-26", visitor="PCC", answer="call-off")
    said = banner(office.get(f"{PAGE}?{SHORT}").text)
    assert said == f"Done Called off: {named}, Monday 26 May 2025."


def test_declining_and_allowing_again_are_confirmed(office, own):
    day, places = proposals_in(office.get(f"{PAGE}?{SHORT}").text)[0]
    answered(office, SHORT, "proposals", day=day, places=places, on=day, answer="decline")
    assert "Declined: " in banner(office.get(f"{PAGE}?{SHORT}").text)
    stop = programme.held(own, programme.PLANNED_STOPS).iloc[0]
    answered(office, SHORT, "declined", plan_id=stop["plan_id"])
    assert f"Allowed again: {stop['place']}" in banner(office.get(f"{PAGE}?{SHORT}").text)
    late = answered(office, SHORT, "declined", plan_id=stop["plan_id"])
    assert late.status_code == 409


def test_a_page_in_another_tab_neither_shows_nor_uses_up_what_was_done(office):
    agree(office, SHORT)
    for other in ("/visits/records", "/visits/followups", "/", "/visits/plan/days.ics"):
        assert banner(office.get(other).text) == ""
    assert "Agreed: " in banner(office.get(f"{PAGE}?{SHORT}").text)


def test_the_address_says_nothing_of_what_was_done(office):
    assert banner(office.get(f"{PAGE}?{SHORT}&done=Agreed").text) == ""
    day, places = proposals_in(office.get(f"{PAGE}?{SHORT}").text)[0]
    reply = answered(office, SHORT, "proposals", day=day, places=places, on=day, answer="agree")
    assert reply.status_code == 303
    assert "done" not in parse_qs(urlsplit(reply.location).query)
    assert "Agreed" not in unquote_plus(reply.location)


def test_a_refused_button_says_that_nothing_was_done_and_leads_back(office):
    reply = answered(office, SHORT, "proposals", day="2025-04-07", places="Nowhere")
    assert "<h1>This could not be done</h1>" in reply.text
    assert "Part of this address" not in reply.text
    back = re.search(r'href="([^"]+)">Back to the page as it is now', reply.text)
    assert office.get(unescape(back[1])).status_code == 200
    assert unescape(back[1]) == f"{PAGE}?{SHORT}"
    assert "Send it again" not in reply.text
    wrong = answered(office, SHORT, "days", day="soon", visitor="PCC", answer="call-off")
    assert wrong.status_code == 400
    assert "<h1>This could not be done</h1>" in wrong.text
    assert "Nothing was changed." in wrong.text


def test_a_button_pressed_twice_is_told_that_it_is_so_already(office):
    page = office.get(f"{PAGE}?{SHORT}").text
    day, places = proposals_in(page)[0]
    sent = {"csrf_token": token_of(page), "day": day, "places": places, "on": day}
    for answer, word in (("agree", "agreed"), ("decline", "declined")):
        day, places = proposals_in(office.get(f"{PAGE}?{SHORT}").text)[0]
        sent |= {"day": day, "places": places, "on": day, "answer": answer}
        assert office.post(f"{PAGE}/proposals?{SHORT}", data=sent).status_code == 303
        again = office.post(f"{PAGE}/proposals?{SHORT}", data=sent)
        assert again.status_code == 409
        assert f": {word} already, for " in unescape(again.text)


def test_a_program_is_told_of_a_refused_button_as_a_problem(office):
    page = office.get(f"{PAGE}?{SHORT}").text
    sent = {"csrf_token": token_of(page), "day": "2025-04-07", "places": "Nowhere"}
    accepted = {"Accept": "application/json"}
    reply = office.post(f"{PAGE}/proposals?{SHORT}", data=sent, headers=accepted)
    assert (reply.status_code, reply.mimetype) == (409, "application/problem+json")
    said = reply.get_json()
    assert (said["title"], said["type"], said["status"]) == (
        "This could not be done",
        "/problems/changed-meanwhile",
        409,
    )


def test_a_button_without_its_token_can_be_pressed_again_for_the_same_plan(office, own):
    day, places = proposals_in(office.get(f"{PAGE}?{SHORT}").text)[0]
    fields = {"day": day, "places": places, "on": day, "answer": "agree"}
    refused = office.post(f"{PAGE}/proposals?{SHORT}", data=fields)
    assert "<h1>This form was not taken</h1>" in refused.text
    action = unescape(re.search(r'method="post" action="([^"]+)"', refused.text)[1])
    assert action == f"{PAGE}/proposals?{SHORT}"
    sent = fields | {"csrf_token": token_of(refused.text)}
    assert office.post(action, data=sent).status_code == 303
    assert len(programme.held(own, programme.PLANNED_STOPS)) == len(places.split("; "))
