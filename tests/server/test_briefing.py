"""The briefing for a visit: its figures against the records themselves, and who may see it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from boundaries.place import Place
from geo.dates import DateInterval
from geo.grid import HexGrid
from layers import programme
from layers.audience import Audience
from layers.crime_change import ComparedMonths, cells_near
from layers.files import read_table
from layers.place_search import named_places
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import StaffLink
from server.app import create_app
from server.settings import Settings
from server.visits.briefing import NEAR_M, Briefing, briefing_of
from server.visits.briefing_words import stop_words
from tests.server.conftest import NOW, AsStaff, MakeApp, ReadPage

PAGE = "/visits/briefing"
PICTURE = f"{PAGE}/picture.svg"
ON = date(2024, 10, 1)
TOWNS = ("Melton Mowbray", "Oakham", "Leicester", "Diseworth")


def place_of(workspace: Workspace, name: str) -> Place:
    sites = REGISTRY.get("sites")
    return named_places(workspace, sites, name, Audience.STAFF, NOW.date())[0]


@pytest.fixture
def brief(app: Flask, demo: Workspace):
    def made(name: str, on: date = ON) -> Briefing:
        with app.test_request_context("/"):
            return briefing_of(place_of(demo, name), on)

    return made


@pytest.mark.parametrize("name", TOWNS)
def test_crime_is_that_of_the_records_themselves(demo: Workspace, brief, name: str) -> None:
    briefing = brief(name)
    assert briefing.crime is not None
    months = briefing.crime.months
    assert months.later.in_words() == "November 2021 to October 2022"
    assert (len(months.compared), months.missing) == (12, ())
    near: dict[str, Counter[str]] = {"now": Counter(), "then": Counter()}
    in_npa: Counter[str] = Counter()
    grid, at_m = HexGrid(1000), np.array(briefing.where.at_m)
    for month in months.both.months():
        year = "now" if month in months.later.months() else "then"
        records = demo.crime.read(month)
        located = records[~records.geometry.isna()]
        x, y = located.geometry.x.to_numpy(), located.geometry.y.to_numpy()
        centres = grid.centres(grid.locate(x, y))
        within = np.hypot(*(centres - at_m).T) <= NEAR_M
        near[year].update(located["crime_type"][within])
        codes = demo.ground.npa_at(x, y, np.datetime64(f"{month}-01"))
        in_npa[year] += int(
            (
                (codes == briefing.where.npa_code)
                & (located["crime_type"] != "anti-social-behaviour")
            ).sum()
        )
    labels = {option.label: option.value for option in REGISTRY.get("crime").spec.types}
    for label, change in briefing.crime.near.by_type:
        assert (change.before, change.after) == (
            near["then"][labels[label]],
            near["now"][labels[label]],
        )
    asb = briefing.crime.near.anti_social_behaviour
    assert (asb.before, asb.after) == tuple(
        near[year]["anti-social-behaviour"] for year in ("then", "now")
    )
    assert briefing.crime.near.crimes.after + asb.after == near["now"].total()
    assert briefing.crime.in_npa is not None
    assert (briefing.crime.in_npa.crimes.before, briefing.crime.in_npa.crimes.after) == (
        in_npa["then"],
        in_npa["now"],
    )


def test_figures_of_one_town(brief) -> None:
    briefing = brief("Oakham")
    where = briefing.where
    assert (where.npa_code, where.commanded_in, where.commanded_npas) == ("NR", "county", 5)
    assert briefing.where.residents == 12_004
    assert briefing.sites.to_callers is not None
    assert round(briefing.sites.to_callers.distance_m) == 641
    crimes = briefing.crime.near.crimes
    assert (crimes.before, crimes.after, crimes.verdict) == (494, 690, "more")
    assert briefing.crime.near.anti_social_behaviour.verdict == "no clear change"
    assert [stop.place for stop in briefing.record.near][:1] == ["Oakham"]


def test_the_city_is_commanded_apart_from_the_counties(brief) -> None:
    where = brief("Castle").where
    assert (where.commanded_in, where.commanded_npas) == ("city", 4)


def test_the_part_that_commands_is_named_as_the_ground_names_it(staff: FlaskClient) -> None:
    page = staff.get(f"{PAGE}?place=Oakham&date=2024-10-01").text
    assert "<dt>Commander&#39;s area</dt><dd>County (5 NPAs)</dd>" in page


def test_street_safe_names_the_area_that_its_reports_are_of(staff: FlaskClient) -> None:
    page = staff.get(f"{PAGE}?place=Oakham&date=2022-10-01").text
    said = page[page.index("Street Safe: where people feel unsafe") :]
    assert re.search(r"<p>Melton and Rutland \(the whole NPA\), [^<]*: [\d,]+ reports?", said)
    page = staff.get(f"{PAGE}?place=Oakham&date=2019-10-01").text
    assert "The place lies in no NPA, and reports are counted by NPA" in page


def test_a_nearer_site_of_unknown_access_is_not_taken_for_open_or_none(brief) -> None:
    sites = brief("Diseworth").sites
    assert sites.to_callers
    assert sites.nearer_unknown
    assert sites.to_callers.access in ("open", "by-appointment")
    assert sites.nearer_unknown.access == "unknown"
    assert sites.nearer_unknown.distance_m < sites.to_callers.distance_m


def test_visits_after_the_day_are_not_among_the_last_ones(brief) -> None:
    for on in (date(2022, 1, 1), ON):
        record = brief("Melton Mowbray", on).record
        assert all(stop.when.date_from < on for stop in (*record.near, *record.in_npa))
        ends = [stop.when.date_to for stop in record.near]
        assert ends == sorted(ends, reverse=True)
    assert brief("Melton Mowbray", date(2020, 1, 1)).record.near == ()


def test_a_stop_known_by_its_district_is_near_no_place(brief) -> None:
    """One stop of Rutland, at a point in the middle of it, stands for the whole county."""
    record = brief("Oakham").record
    (wide,) = (stop for stop in record.in_npa if stop.visit_id == "V0039")
    assert wide.by_district
    assert wide.distance_m is None
    assert "V0039" not in {stop.visit_id for stop in record.near}
    assert stop_words(wide).startswith("13 February 2024, Rutland (county), known by the district")
    assert not any(stop.by_district for stop in record.near)


HELD = [f"{year}-{month:02d}" for year in (2021, 2022) for month in range(1, 13)]


def test_only_months_held_in_both_years_are_compared() -> None:
    held = set(HELD) - {"2021-03", "2022-05"}
    months = ComparedMonths.before(date(2023, 2, 10), held)
    assert months is not None
    assert months.later == DateInterval(date(2022, 1, 1), date(2022, 12, 31))
    assert months.missing == ("2021-03", "2022-05")
    assert "2022-03" not in months.compared
    assert "2022-05" not in months.compared
    assert len(months.compared) == 10


def test_a_month_that_was_not_over_is_not_looked_at() -> None:
    months = ComparedMonths.before(date(2022, 6, 30), HELD)
    assert months is not None
    assert months.later.date_to == date(2022, 5, 31)
    assert ComparedMonths.before(date(2021, 1, 31), HELD) is None


@pytest.mark.parametrize("radius_m", [0.0, 300.0, 2000.0, 5000.0])
def test_cells_near_are_all_those_whose_centre_is(radius_m: float) -> None:
    grid, at_m = HexGrid(1000), (485_757.7, 308_414.4)
    near = {tuple(cell) for cell in cells_near(grid, *at_m, radius_m).tolist()}
    q, r = grid.locate([at_m[0]], [at_m[1]])[0]
    around = np.array([(q + i, r + j) for i in range(-12, 13) for j in range(-12, 13)])
    away = np.hypot(*(grid.centres(around) - at_m).T)
    assert near == {(q, r)} | {tuple(c) for c in around[away <= radius_m].tolist()}


def test_a_missing_month_is_named_and_never_zero(
    tmp_path: Path, make_app: MakeApp, as_staff: AsStaff
) -> None:
    workspace = Workspace.open(tmp_path / "w", REGISTRY.schemas)
    file = tmp_path / "crime.csv"
    months = [f"{year}-{month:02d}" for year in (2021, 2022) for month in (1, 2, 3)]
    rows = [f"{m},-0.7333,52.6667,Burglary" for m in months if m != "2021-02" for _ in range(4)]
    file.write_text("\n".join(["Month,Longitude,Latitude,Crime type", *rows]) + "\n")
    REGISTRY.get("crime").take(read_table(file), workspace, Intake(NOW))
    page = as_staff(make_app(workspace)).get(f"{PAGE}?place=Oakham&date=2022-04-05").text
    workspace.close()
    assert (
        "No records are held for April 2020 to December 2020, February 2021, April 2021 to "
        "December 2021, which is not zero crime"
    ) in page
    assert "2 of 12 months are compared" in page


def test_one_year_alone_is_compared_with_nothing(
    tmp_path: Path, make_app: MakeApp, as_staff: AsStaff
) -> None:
    workspace = Workspace.open(tmp_path / "w", REGISTRY.schemas)
    file = tmp_path / "crime.csv"
    file.write_text("Month,Longitude,Latitude,Crime type\n2022-03,-0.7333,52.6667,Burglary\n")
    REGISTRY.get("crime").take(read_table(file), workspace, Intake(NOW))
    page = as_staff(make_app(workspace)).get(f"{PAGE}?place=Oakham&date=2022-04-05").text
    workspace.close()
    assert "No month is held in both years" in page
    assert "None in either" not in page
    assert "sheet-table" not in page


def test_without_any_crime_none_is_said_to_be_held(
    tmp_path: Path, make_app: MakeApp, as_staff: AsStaff
) -> None:
    workspace = Workspace.open(tmp_path / "w", REGISTRY.schemas)
    page = as_staff(make_app(workspace)).get(f"{PAGE}?place=Oakham&date=2022-04-05").text
    workspace.close()
    assert "That is not zero crime" in page
    assert "No earlier stop has been recorded yet, of any place." in page
    assert "None is held as open to callers or by appointment; unknown is not none" in page


@pytest.fixture
def with_record(tmp_path: Path) -> Workspace:
    """Three stops, one of them staff's own, what was raised at them, and two plans."""
    workspace = Workspace.open(tmp_path / "w", REGISTRY.schemas)

    def take(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    visits = take(
        "visits.csv",
        "visit_id,date,place,latitude,longitude,visitor,visit_type,visibility\n"
        "A1,2024-03-02,Oakham,52.6667,-0.7333,PCC,community-day,staff\n"
        "A2,2024-05-09,Uppingham,52.5900,-0.7220,PCC,community-day,public\n"
        "A3,2024-06-01,Coalville,52.7240,-1.3690,PCC,community-day,public\n",
    )
    REGISTRY.get("visits").take(read_table(visits), workspace, Intake(NOW))
    issues = take(
        "issues.csv",
        "issue_id,visit_id,date,place,theme,issue,referred_to,status,due,outcome\n"
        "I1,A1,2024-03-02,Oakham,road-safety,Speeding by the school,council,open,2024-06-30,\n"
        "I2,A2,2024-05-09,Uppingham,burglary,Sheds broken into,npa-commander,in-hand,2024-12-01,\n"
        "I3,A3,2024-06-01,Coalville,drugs,Dealing in the park,npa-commander,open,2024-06-30,\n"
        "I4,A1,2024-03-02,Oakham,visibility-of-police,Nobody seen,nobody,closed,,Patrols began\n",
    )
    programme.take(read_table(issues), programme.ISSUES, workspace, Intake(NOW))
    plans = take(
        "plans.csv",
        "plan_id,date,starts,place,latitude,longitude,status\n"
        "P1,2024-10-01,10:00,Oakham market,52.6667,-0.7333,planned\n"
        "P2,2024-10-01,14:00,Uppingham school,52.5900,-0.7220,cancelled\n"
        "P3,2024-10-02,09:00,Ketton,52.6270,-0.5540,planned\n",
    )
    programme.take(read_table(plans), programme.PLANNED_STOPS, workspace, Intake(NOW))
    yield workspace
    workspace.close()


def test_what_was_raised_and_what_is_planned(
    with_record: Workspace, make_app: MakeApp, as_staff: AsStaff
) -> None:
    app = make_app(with_record)
    with app.test_request_context("/"):
        record = briefing_of(place_of(with_record, "Oakham"), ON).record
    assert [stop.visit_id for stop in record.near] == ["A1"]
    assert [stop.visit_id for stop in record.in_npa] == ["A2"]
    assert {issue.issue for issue in record.raised_here} == {
        "Speeding by the school",
        "Nobody seen",
    }
    assert [issue.issue for issue in record.open_issues] == [
        "Speeding by the school",
        "Sheds broken into",
    ]
    assert [issue.overdue(ON) for issue in record.open_issues] == [True, False]
    assert [stop.place for stop in record.planned] == ["Oakham market"]
    page = as_staff(app).get(f"{PAGE}?place=Oakham&date=2024-10-01").text
    assert "overdue, due 30 June 2024; referred to: Council" in page
    assert "closed: Patrols began" in page
    assert "Dealing in the park" not in page


@pytest.mark.parametrize("asked", ["place=Oakham&date=2024-10-01", "place=Castle&date=2022-11-15"])
def test_the_json_has_the_figures_of_the_sheet(
    staff: FlaskClient, read_page: ReadPage, asked: str
) -> None:
    """Every row of the table, every fact and every sentence on crime and on Street Safe."""
    said = staff.get(f"/api/visits/briefing?{asked}").get_json()
    html = staff.get(f"{PAGE}?{asked}").text
    shown = unescape(html)
    rows = {row[0]: row[1:] for row in read_page(html).rows}
    assert len(said["crime"]["changes"]) == len(rows) > 10
    for change in said["crime"]["changes"]:
        for part, cells in ((change["near"], 0), (change["in_npa"], 4)):
            counts = [f"{part['after']:,}", f"{part['before']:,}"]
            assert rows[change["type"]][cells : cells + 2] == counts
            low = part["ratio_low"]
            if part["before"] and part["after"]:
                limits = f"{round(100 * (low - 1)):+,}%".replace("-", "\N{MINUS SIGN}")
                assert limits in rows[change["type"]][cells + 2]
    for fact in said["facts"]:
        assert f"<dt>{fact['term']}</dt><dd>{fact['known']}</dd>" in shown
    for sentence in (*said["crime_sentences"], said["street_safe"]["sentence"], said["title"]):
        assert sentence in shown
    assert f"{said['residents_near']:,} within 2 km" in shown
    for stop in said["visits_near"][:3]:
        assert stop["place"] in shown


def test_the_json_of_a_place_without_records_has_nulls_and_no_zero(staff: FlaskClient) -> None:
    said = staff.get("/api/visits/briefing?place=Oakham&date=2015-10-01").get_json()
    assert (said["crime"], said["npa_code"]) == (None, "")
    assert said["street_safe"]["reports"] is None
    assert said["street_safe"]["period"] is None


def test_the_json_holds_issues_and_stops_in_full(
    with_record: Workspace, make_app: MakeApp, as_staff: AsStaff
) -> None:
    office = as_staff(make_app(with_record))
    said = office.get("/api/visits/briefing?place=Oakham&date=2024-10-01").get_json()
    assert [issue["overdue"] for issue in said["open_issues"]] == [True, False]
    assert said["open_issues"][0]["due"] == "2024-06-30"
    assert {issue["outcome"] for issue in said["raised_here"]} == {"", "Patrols began"}
    assert [stop["place"] for stop in said["planned"]] == ["Oakham market"]
    assert said["visits_near"][0]["from"] == said["visits_near"][0]["to"] == "2024-03-02"
    document = office.get("/api/openapi.json").get_json()
    schema = {"$ref": "#/components/schemas/briefing", "components": document["components"]}
    Draft202012Validator(schema).validate(said)


def test_the_sheet_is_for_staff_and_marked(staff: FlaskClient, public: FlaskClient) -> None:
    address = f"{PAGE}?place=Oakham&date=2024-10-01"
    assert public.get(address).status_code == 403
    assert public.get(f"{PICTURE}?place=Oakham").status_code == 403
    page = staff.get(address)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.text.count("OFFICIAL") == 2
    assert "The points of the demonstration are illustrative" in page.text


def test_table_and_picture_say_the_same_of_the_place(
    staff: FlaskClient, read_page: ReadPage
) -> None:
    page = read_page(staff.get(f"{PAGE}?place=Oakham&date=2024-10-01").text)
    crimes = next(row for row in page.rows if row[0] == "All crimes")
    assert crimes[1:5] == ["690", "494", "+40% (+24% to +57%)", "More"]
    (picture,) = (attrs["src"] for tag, attrs in page.tags if tag == "img")
    drawn = staff.get(picture)
    assert drawn.mimetype == "image/svg+xml"
    assert "Cells within 2 km" in drawn.text
    assert "not for publication" in drawn.text
    narrow = staff.get(f"{PICTURE}?place=Oakham&size=narrow").text
    assert re.search(r'width="360', narrow)


def test_without_a_place_the_form_is_shown(staff: FlaskClient) -> None:
    page = staff.get(PAGE).text
    assert 'name="place"' in page
    assert "OFFICIAL" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("place=Oakam", "Did you mean one of these: Oakham (settlement, Rutland)"),
        ("place=Melton+and+Rutland", "is an area; name a place in it"),
        ("place=Nowhere+at+all", "must be the whole name of a place"),
        ("place=Oakham&date=2024-10", "must be a day, such as 2024-10-01"),
        ("place=Oakham&date=soon", "A date is needed"),
        ("place=Oakham&npa=NR", "can be asked for by place and date"),
        ("place=Oakham&place=Ketton", "can be given once"),
        (f"place={'x' * 500}", "at most"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence_and_kept(
    staff: FlaskClient, query: str, said: str
) -> None:
    answered = staff.get(f"{PAGE}?{query}")
    assert answered.status_code == 400
    assert said in answered.text.replace("&#39;", "'")
    if "Oakham&date" in query:
        assert 'value="Oakham"' in answered.text


def test_places_of_one_name_are_told_apart_by_their_labels(
    staff: FlaskClient, demo: Workspace
) -> None:
    names = Counter(place.name for place in _points(demo))
    name = next(name for name, times in sorted(names.items()) if times > 1)
    labels = [place.label for place in _points(demo) if place.name == name]
    page = staff.get(PAGE, query_string={"place": name, "date": "2024-10-01"}).text
    assert "Other places of this name" in page
    for label in labels:
        mine = staff.get(PAGE, query_string={"place": label, "date": "2024-10-01"}).text
        assert label.replace("&", "&amp;").replace("'", "&#39;") in mine
        assert "Other places of this name" not in mine


def _points(workspace: Workspace) -> list[Place]:
    sites = REGISTRY.get("sites")
    names = [*workspace.ground.settlements["name"], *workspace.ground.wards["name"]]
    found = {
        place
        for name in dict.fromkeys(names)
        for place in named_places(
            workspace, sites, name, Audience.STAFF, datetime(2026, 1, 1).date()
        )
    }
    return [place for place in found if place.bounds is None]


def test_events_that_bend_the_figures_are_named(staff):
    """The months to October 2022 against those to October 2021, which lie under restrictions."""
    page = unescape(staff.get("/visits/briefing?place=Oakham&date=2022-11-15").text)
    assert "Events that bend these figures: National lockdowns and restrictions" in page
    assert "East Leicester disorder" not in page, "it is not of Melton and Rutland"
    assert "Nine NPAs replace eight" not in page
    assert "election" not in page, "it bends the number of visits, not recorded crime"


def test_events_of_an_area_are_named_in_that_area(staff):
    page = unescape(staff.get("/visits/briefing?place=Belgrave&date=2022-11-15").text)
    assert "East Leicester disorder (28 August 2022 to 30 September 2022)" in page
    assert "Victoria Park" not in page


def test_the_sheet_has_the_marking_that_is_set(demo: Workspace, clock, as_staff) -> None:
    settings = Settings(demo.path, marking="OFFICIAL-SENSITIVE")
    office = as_staff(create_app(settings, demo, clock, StaffLink()))
    page = office.get(f"{PAGE}?place=Oakham&date=2024-10-01").text
    assert page.count("<strong>OFFICIAL-SENSITIVE</strong>") == 2
