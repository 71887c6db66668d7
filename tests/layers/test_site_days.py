"""Sites on a day: folded with their history, what is in doubt told as unknown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dates import DateInterval
from layers.audience import Audience
from layers.errors import RejectedRows
from layers.estate import changes_between, estate_between, estate_on
from layers.files import read_table
from layers.registry import REGISTRY
from layers.report import ImportReport
from layers.site_days import value_on
from layers.site_standing import Happening, standing_of, stays_of
from layers.workspace import Intake
from tests.layers.desk import AT, TODAY, Desk

SITES = """site_id,name,site_type,latitude,longitude,public_access,hours,status,opened,closed
A,Alder,police-station,52.598,-1.08,open,Mo-Fr 10:00-16:00,open,,
B,Birch,front-enquiry-office,52.598,-1.08,none,,closed,2015,2020
C,Cedar,other,52.598,-1.08,unknown,,unknown,,
"""
HISTORY = """event_id,site_id,date,event,public_access,hours,longitude,latitude,visibility
E1,A,2014-05,hours-changed,,Mo-Fr 09:00-17:00,,,public
E2,A,2019-03-01,hours-changed,,Mo-Fr 10:00-16:00,,,public
E3,A,2018,access-changed,open,,,,public
E4,B,2015-01-07,opened,open,,,,public
E5,A,2021-06-01,moved,,,-1.08,52.598,public
E6,C,2016-02-01,moved,,,-1.20,52.64,public
E7,A,2027-01-01,closed,,,,,staff
"""


def take(desk: Desk, name: str, content: str, strict: bool = False) -> ImportReport:
    path = desk.write(f"{name}.csv", content)
    return REGISTRY.taker(name)(read_table(path), desk.workspace, Intake(AT, strict))


def refusals(report: ImportReport) -> str:
    return " ".join(issue.reason for issue in report.issues if issue.severity == "rejected")


@pytest.fixture
def estate(desk: Desk) -> Desk:
    take(desk, "sites", SITES)
    take(desk, "site_history", HISTORY)
    return desk


def on(desk: Desk, text: str, audience: Audience = Audience.STAFF):
    day = DateInterval.parse(text).date_to
    return estate_on(desk.workspace, day, audience, TODAY).set_index("site_id")


@pytest.mark.parametrize(
    ("day", "hours", "doubt"),
    [
        ("2014-04-30", "", ""),
        ("2014-05-10", "", "hours"),
        ("2014-05-31", "Mo-Fr 09:00-17:00", ""),
        ("2019-02-28", "Mo-Fr 09:00-17:00", ""),
        ("2019-03-01", "Mo-Fr 10:00-16:00", ""),
        ("2026-01-02", "Mo-Fr 10:00-16:00", ""),
    ],
)
def test_hours_are_those_of_the_day(estate: Desk, day: str, hours: str, doubt: str):
    row = on(estate, day).loc["A"]
    assert row["hours"] == hours
    assert ("hours" in row["in_doubt"].split(", ")) == bool(doubt)


def test_hours_are_told_in_words_and_by_the_week(estate: Desk):
    now, before = on(estate, "2026-01-02").loc["A"], on(estate, "2016").loc["A"]
    assert (now["hours_in_words"], now["hours_a_week"]) == ("Monday to Friday 10:00 to 16:00", 30)
    assert (before["hours_in_words"], before["hours_a_week"]) == (
        "Monday to Friday 09:00 to 17:00",
        40,
    )
    assert on(estate, "2026-01-02")["hours_a_week"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("day", "access"),
    [("2017", "unknown"), ("2018-07-01", "unknown"), ("2018-12-31", "open"), ("2025", "open")],
)
def test_access_before_a_change_is_unknown_not_guessed(estate: Desk, day: str, access: str):
    assert on(estate, day).loc["A", "public_access"] == access


@pytest.mark.parametrize(
    ("day", "in_period", "status", "access"),
    [
        ("2015-01-07", "in", "open", "open"),
        ("2019-12-31", "in", "open", "open"),
        ("2020-05-01", "possibly", "unknown", "unknown"),
    ],
)
def test_a_closed_desk_was_open_in_its_time(
    estate: Desk, day: str, in_period: str, status: str, access: str
):
    row = on(estate, day).loc["B"]
    assert (row["in_period"], row["status"], row["public_access"]) == (in_period, status, access)


def test_an_event_makes_the_opening_precise(estate: Desk):
    assert "B" not in on(estate, "2015-01-06").index
    assert on(estate, "2015-01-07").loc["B", "in_period"] == "in"
    assert "B" not in on(estate, "2021").index


def test_a_site_is_where_it_was(estate: Desk):
    assert on(estate, "2021-05-31").loc["A", "geometry"] is None
    assert on(estate, "2021-06-01").loc["A", "npa_code"] == "NA"
    assert on(estate, "2021-05-31").loc["A", "npa_name"] == "No location"


def test_the_public_is_told_nothing_of_history_for_staff(estate: Desk):
    assert "A" not in on(estate, "2028").index
    assert on(estate, "2028", Audience.PUBLIC).loc["A", "status"] == "open"


def test_the_layer_answers_the_same_as_the_fold(estate: Desk):
    for day in ("2014-05-10", "2016", "2019-03-01", "2021-05-31", "2026-01-02"):
        view = estate.view("sites", as_of=day).records.set_index("site_id")
        folded = on(estate, day)
        for name in ("status", "public_access", "hours", "in_period", "npa_code", "in_doubt"):
            assert view[name].tolist() == folded[name].tolist(), (day, name)


def test_two_days_compared(estate: Desk):
    found = estate_between(estate.workspace, date(2014, 12, 31), date(2024, 1, 1), today=TODAY)
    said = {(each.site_id, each.kind): (each.before, each.after) for each in found}
    assert said[("A", "hours")] == (
        "Monday to Friday 09:00 to 17:00",
        "Monday to Friday 10:00 to 16:00",
    )
    assert said[("A", "not-known")][0].startswith(("Public access: Unknown", "Place:"))
    assert not any(each.site_id in ("B", "C") and each.kind == "opened" for each in found)
    opened = estate_between(estate.workspace, date(2014, 12, 31), date(2016, 1, 1), today=TODAY)
    assert ("B", "opened") in {(each.site_id, each.kind) for each in opened}
    closed = estate_between(estate.workspace, date(2016, 1, 1), date(2024, 1, 1), today=TODAY)
    assert ("B", "closed") in {(each.site_id, each.kind) for each in closed}
    doubtful = estate_between(estate.workspace, date(2016, 1, 1), date(2020, 5, 1), today=TODAY)
    assert ("B", "not-known") in {(each.site_id, each.kind) for each in doubtful}


def test_nothing_changes_within_a_day(estate: Desk):
    frame = estate_on(estate.workspace, date(2018, 7, 1), today=TODAY)
    assert changes_between(frame, frame) == ()


def test_a_move_is_told_with_its_distance(desk: Desk):
    take(desk, "sites", SITES)
    take(
        desk,
        "site_history",
        "event_id,site_id,date,event,longitude,latitude\n"
        "E0,A,2010-01-01,opened,-1.2,52.64\nE1,A,2021-06-01,moved,-1.08,52.598\n",
    )
    found = estate_between(desk.workspace, date(2020, 1, 1), date(2022, 1, 1), today=TODAY)
    (move,) = [each for each in found if each.kind == "moved"]
    assert move.site_id == "A"
    assert move.after == "Wigston and Harborough, 9.4 km away"


@pytest.mark.parametrize("text", ["weekdays", "10-4", "Mo-Fr 25:99-26:00", "M" * 500])
def test_hours_that_cannot_be_read_are_a_row_error(desk: Desk, text: str):
    report = take(desk, "sites", f"site_id,name,site_type,hours\nS,A,other,{text}\n")
    assert report.rejected == 1
    assert "such as Mo-Fr 10:00-16:00" in refusals(report)
    with pytest.raises(RejectedRows):
        take(desk, "sites", f"site_id,name,site_type,hours\nS,A,other,{text}\n", strict=True)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("uprn", "12A", "at most 12 digits"),
        ("running_cost_gbp", "-1", "0 or more"),
        ("private_space", "perhaps", "must be one of yes, no, unknown"),
        ("status", "sold", "for-disposal"),
    ],
)
def test_a_wrong_value_is_a_row_error(desk: Desk, column: str, value: str, words: str):
    report = take(desk, "sites", f"site_id,name,site_type,{column}\nS,A,other,{value}\n")
    assert report.rejected == 1
    assert words in refusals(report)


def test_what_a_site_costs_is_for_staff(desk: Desk):
    take(
        desk,
        "sites",
        "site_id,name,site_type,running_cost_gbp,public_access\nS,A,other,12345,open\n",
    )
    assert "running_cost_gbp" not in desk.view("sites", Audience.PUBLIC).records
    assert desk.view("sites").records["running_cost_gbp"].tolist() == [12345]


def test_a_site_without_a_stated_location_has_one_of_its_own(desk: Desk):
    take(desk, "sites", "site_id,name,site_type,location_id\nS,A,other,\nT,B,other,S\n")
    assert desk.view("sites").records["location_id"].tolist() == ["S", "S"]


def test_a_site_that_closed_and_opened_again_has_two_stays():
    history = [
        Happening(DateInterval.parse(day), kind)
        for day, kind in (("2000", "opened"), ("2010-05-01", "closed"), ("2015-06-01", "opened"))
    ]
    stays = stays_of("", "", history)
    assert [
        (first and first.date_from.year, last and last.date_from.year) for first, last in stays
    ] == [
        (2000, 2010),
        (2015, None),
    ]
    assert standing_of("open", "", "", history, date(2012, 1, 1), TODAY).status == "closed"
    assert standing_of("open", "", "", history, date(2016, 1, 1), TODAY).status == "open"


@pytest.mark.parametrize(
    ("day", "status"),
    [("2022-06-01", "planned"), ("2023-06-01", "open"), ("2025-06-01", "for-disposal")],
)
def test_a_site_goes_from_plan_to_disposal(day: str, status: str):
    history = [
        Happening(DateInterval.parse(when), kind)
        for when, kind in (
            ("2022-01-01", "planned"),
            ("2023-01-01", "opened"),
            ("2025-01-01", "for-disposal"),
        )
    ]
    found = standing_of("for-disposal", "", "", history, date.fromisoformat(day), TODAY)
    assert found.status == status


@given(
    st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.sampled_from("xyz"))),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_with_whole_dates_nothing_is_in_doubt(changes: list[tuple[date, str]], day: date):
    found = sorted((DateInterval(when, when), value) for when, value in changes)
    value, doubtful = value_on(found, "own", "unknown", day, date(2031, 1, 1))
    before = [value for when, value in found if when.date_to <= day]
    assert not doubtful
    if len(before) == len(found):
        assert value == "own"
    else:
        assert value == (before[-1] if before else "unknown")
