"""In, possibly in or out of a period: by what is known of a record's dates, never by guess."""

from __future__ import annotations

import pytest

from geo.dates import DateInterval
from layers.view import View
from tests.layers.desk import Desk

VISITS = (
    "visit_id,date,place,visit_type,latitude,longitude,date_basis\n"
    "day,2022-04-10,A,event,52.598,-1.080,stated\n"
    "month,2022-04,A,event,52.598,-1.080,stated-month\n"
    "guess,2022-04,A,event,52.598,-1.080,inferred-month\n"
    "year,2022,A,event,52.598,-1.080,stated\n"
)
SITES = (
    "site_id,name,site_type,opened,closed,status\n"
    "always,A,other,,,open\n"
    "dated,A,other,2010-03,2019-06,closed\n"
    "lost,A,other,2010-03-01,,closed\n"
    "doubt,A,other,,,unknown\n"
    "plan,A,other,2030,,planned\n"
)


def members(view: View, key: str) -> dict[str, str]:
    return dict(zip(view.records[key], view.records["in_period"], strict=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9999-12", "December 9999"),
        ("9999", "January 9999 to December 9999"),
        ("0001-01", "January 1"),
        ("2024-02", "February 2024"),
    ],
)
def test_months_are_said_to_the_ends_of_the_calendar(text: str, words: str):
    assert DateInterval.parse(text).in_words() == words


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2022", "2022", {"day": "in", "month": "in", "guess": "in", "year": "in"}),
        ("2022-04", "2022-04", {"day": "in", "month": "in", "guess": "possibly", "year": "poss"}),
        ("2022-02", "2022-06", {"day": "in", "month": "in", "guess": "in", "year": "poss"}),
        ("2022-04-10", "2022-04-10", {"day": "in", "month": "p", "guess": "p", "year": "p"}),
        ("2022-01", "2022-04-15", {"day": "in", "month": "p", "guess": "p", "year": "p"}),
        ("2022-04-11", "2022-06-29", {"month": "p", "guess": "p", "year": "p"}),
        ("2022-06", "2022-06", {"guess": "p", "year": "p"}),
        ("2022-07", "2022-08", {"year": "p"}),
        ("2023", "2023", {}),
    ],
)
def test_visits_are_in_possibly_in_or_out(
    desk: Desk, first: str, last: str, expected: dict[str, str]
):
    desk.take("visits", "a.csv", VISITS)
    view = desk.view("visits", from_=first, to=last)
    wanted = {name: "in" if word == "in" else "possibly" for name, word in expected.items()}
    assert members(view, "visit_id") == wanted
    possibly = sum(word == "possibly" for word in wanted.values())
    assert (view.counts.surely, view.counts.possibly) == (len(wanted) - possibly, possibly)
    both = view.by_npa[["surely", "possibly"]].sum()
    assert both.tolist() == [view.counts.surely, view.counts.possibly]
    assert (f"{possibly} more may lie in the period" in " ".join(view.caption)) == (possibly > 0)


def test_an_inferred_month_is_widened_by_its_stated_doubt(desk: Desk):
    desk.take("visits", "a.csv", VISITS)
    records = desk.view("visits", from_="2021", to="2023").records.set_index("visit_id")
    bounds = {
        name: tuple(str(row[side].date()) for side in ("date_from", "date_to"))
        for name, row in records.iterrows()
    }
    assert bounds["month"] == ("2022-04-01", "2022-04-30")
    assert bounds["guess"] == ("2022-02-01", "2022-06-30")
    assert bounds["year"] == ("2022-01-01", "2022-12-31")


def test_the_default_period_ends_with_the_last_date_before_any_doubt(desk: Desk):
    desk.take("visits", "a.csv", VISITS.replace("year,2022,", "year,2021,"))
    view = desk.view("visits")
    assert view.query.params() == [("from", "2021-05-01"), ("to", "2022-04-30")]
    assert view.caption[0].endswith("(the twelve months that end with the last dated record).")
    asked = desk.view("visits", as_of="2022-04-30")
    assert asked.query.params() == view.query.params()
    assert asked.caption == view.caption
    other = desk.view("visits", as_of="2022-03-31")
    assert "last dated record" not in other.caption[0]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2005", {"always": "in", "doubt": "p"}),
        ("2010-03-15", {"always": "in", "dated": "p", "lost": "p", "doubt": "p"}),
        ("2015", {"always": "in", "dated": "in", "lost": "p", "doubt": "p"}),
        ("2019-06-15", {"always": "in", "dated": "p", "lost": "p", "doubt": "p"}),
        ("2020", {"always": "in", "lost": "p", "doubt": "p"}),
        ("2031", {"always": "in", "lost": "p", "doubt": "p", "plan": "p"}),
    ],
)
def test_a_closed_station_still_explains_a_past_map(desk: Desk, day: str, expected: dict[str, str]):
    desk.take("sites", "a.csv", SITES)
    view = desk.view("sites", as_of=day)
    wanted = {name: "in" if word == "in" else "possibly" for name, word in expected.items()}
    assert members(view, "site_id") == wanted


def test_a_zone_stands_from_its_start_to_its_end(desk: Desk):
    outline = '"POLYGON ((-1.08 52.59,-1.07 52.59,-1.07 52.60,-1.08 52.59))"'
    desk.take(
        "people_zones",
        "a.csv",
        f"zone_id,version,name,starts,ends,wkt\nz,1,Z,2018,2020-05-31,{outline}\n"
        f"z,2,Z,2020-06-01,,{outline}\n",
    )
    stood = {
        day: members(desk.view("people_zones", as_of=day), "version")
        for day in ("2017", "2018-05-05", "2020-05-31", "2020-06-01")
    }
    assert stood == {
        "2017": {},
        "2018-05-05": {1: "possibly"},
        "2020-05-31": {1: "in"},
        "2020-06-01": {2: "in"},
    }


def test_before_there_were_npas_a_record_has_none_and_says_so(desk: Desk):
    desk.take("visits", "a.csv", VISITS.replace("2022", "2019").replace("guess,2019", "guess,2022"))
    view = desk.view("visits", from_="2019", to="2022")
    places = dict(zip(view.records["visit_id"], view.records["npa_name"], strict=True))
    assert places["day"] == places["month"] == "No NPA before 11 March 2020"
    assert places["guess"] == "Wigston and Harborough"
    assert desk.by_npa(view)["No NPA before 11 March 2020"] == 3
    assert view.counts.outside == 0


def test_a_site_has_no_npa_on_a_day_before_them(desk: Desk):
    desk.take(
        "sites",
        "a.csv",
        "site_id,name,site_type,latitude,longitude,commanding_npa\nS,A,other,52.598,-1.08,NH\n",
    )
    now, before = desk.view("sites"), desk.view("sites", as_of="2019")
    assert now.records["standing_npa"].tolist() == ["NA"]
    assert any("A stands in Wigston and Harborough and is" in said for said in now.caption)
    assert before.records["npa_name"].tolist() == ["No NPA before 11 March 2020"]
    assert not any("stands in" in said for said in before.caption)


def test_of_crime_and_outside_and_nowhere(desk: Desk):
    desk.take(
        "crime",
        "a.csv",
        "Month,Longitude,Latitude,Crime type\n2022-01,-1.08,52.598,Drugs\n2022-01,,,Drugs\n"
        "2022-01,-2.5,53.5,Drugs\n2022-02,-1.08,52.598,Drugs\n",
    )
    view = desk.view("crime", from_="2022-01-10", to="2022-02-28")
    assert (view.counts.surely, view.counts.possibly) == (1, 3)
    assert (view.counts.unlocated, view.counts.outside) == (1, 1)
    assert "The cells hold 2:" in " ".join(view.caption)
    assert view.records["records"].sum() == 2
    assert desk.view("crime", npa="outside", from_="2022").counts.surely == 1
    gap = desk.view("crime", from_="2021-11", to="2022-02")
    assert "No records are held for November 2021 to December 2021; that is not zero crime." in (
        gap.caption
    )
