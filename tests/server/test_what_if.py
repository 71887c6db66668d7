"""Scenarios: what changes is what coverage says of the changed estate; only staff see them."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import ReadPage

PAGE = "/estate/what-if"
API = "/api/estate/what-if"
COVERAGE = "/api/estate/coverage"
DAY = "as_of=2024-06-30&distance_m=2000&distance_m=5000"
RESIDENTS = 1_122_017
SCENARIOS = (
    "closes=S003",
    "opens=Hinckley&opens=Loughborough",
    "moves=S026:52.7,-1.07",
    "access=S004:open",
    "closes=S003&closes=S027&opens=Oadby&moves=S026:Syston&access=S004:open",
    "access=S002:none&service=by-appointment",
    "closes=S030&opens=Uppingham&service=neighbourhood-office",
)


def rows_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [answer["total"], *(row for by in answer["by"].values() for row in by)]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_before_is_coverage_and_changes_add_up(staff: FlaskClient, scenario: str) -> None:
    answer = staff.get(f"{API}?{DAY}&{scenario}").get_json()
    service = scenario.partition("service=")[2] or "front-enquiry-office"
    plain = staff.get(f"{COVERAGE}?{DAY}&service={service}").get_json()
    assert [count["before"] for count in answer["total"]["distances"]] == [
        count["within"] for count in plain["total"]["distances"]
    ]
    for row in rows_of(answer):
        for count in row["distances"]:
            assert count["after"] == count["before"] + count["gained"] - count["lost"]
        assert row["nearer"] + row["farther"] <= row["residents"]
    for by in answer["by"].values():
        for side in ("nearer", "farther", "residents"):
            assert sum(row[side] for row in by) == answer["total"][side]


def test_opening_at_a_site_is_the_same_as_opening_its_desk(staff: FlaskClient) -> None:
    """Keyham Lane's access is not known: with a desk there, or one newly beside it."""
    place = quote("Keyham Lane police station (police site, Keyham Lane, Leicester)")
    one, other = (
        staff.get(f"{API}?{DAY}&{scenario}").get_json()
        for scenario in ("access=S004:open", f"opens={place}")
    )
    assert one["total"] == other["total"]
    assert one["total"]["nearer"] > 0
    assert one["total"]["farther"] == 0


def test_closing_all_desks_leaves_nobody_served(staff: FlaskClient) -> None:
    desks = staff.get(f"{COVERAGE}?{DAY}").get_json()["sites"]
    closes = "&".join(f"closes={site['site_id']}" for site in desks if site["gives"] == "yes")
    answer = staff.get(f"{API}?{DAY}&{closes}").get_json()
    assert [count["after"] for count in answer["total"]["distances"]] == [0, 0]
    assert answer["total"]["farther"] == RESIDENTS
    assert answer["total"]["mean_after_m"] is None
    assert len(answer["after"]["without_desk"]) == 9
    assert staff.get(f"{PAGE}?{DAY}&{closes}").status_code == 200


def test_an_empty_scenario_changes_nothing(staff: FlaskClient) -> None:
    answer = staff.get(f"{API}?{DAY}&closes=S003&opens=Oadby").get_json()
    same = staff.get(f"{API}?{DAY}").get_json()
    assert answer["total"]["nearer"] > 0
    assert same["total"]["nearer"] == same["total"]["farther"] == 0
    assert same["before"] == same["after"]


def test_page_names_each_change_with_a_way_back(staff: FlaskClient, read_page: ReadPage) -> None:
    query = f"{DAY}&closes=S003&opens=Hinckley&move_site=S026&move_to=Syston"
    page = staff.get(f"{PAGE}?{query}")
    assert "Spinney Hill police station closes." in page.text
    assert "A site opens at Hinckley (settlement, Hinckley and Bosworth)." in page.text
    assert "Melton Mowbray police station moves to Syston (settlement, Charnwood)." in page.text
    removes = [link for link in read_page(page.text).links() if link.startswith(f"{PAGE}?")]
    without_closing = [link for link in removes if "closes=" not in link]
    assert without_closing
    left = staff.get(without_closing[0]).text
    assert "Spinney Hill police station closes." not in left
    assert "A site opens at Hinckley" in left
    answer = staff.get(f"{API}?{query}").get_json()
    assert read_page(page.text).captions[0] == answer["caption"]
    assert ["moves", "S026:Syston (settlement, Charnwood)"] in answer["query"]


def test_exports_hold_the_areas_whose_way_changes(staff: FlaskClient) -> None:
    query = f"{DAY}&closes=S003&opens=Hinckley"
    answer = staff.get(f"{API}?{query}").get_json()["total"]
    rows = list(csv.DictReader(io.StringIO(staff.get(f"{API}.csv?{query}").text)))
    for change in ("nearer", "farther"):
        residents = sum(int(row["residents"]) for row in rows if row["change"] == change)
        assert residents == answer[change] > 0
    for layer in ("bands", "areas", "sites"):
        found = staff.get(f"{API}/{layer}.geojson?{query}").get_json()
        assert found["features"]
        assert ["opens", "Hinckley (settlement, Hinckley and Bosworth)"] in found["query"]
    becomes = {
        feature["properties"]["site_id"]: feature["properties"]["becomes"]
        for feature in staff.get(f"{API}/sites.geojson?{query}").get_json()["features"]
    }
    assert becomes["S003"] == "ends"
    assert becomes["new-1"] == "new"
    assert becomes["S002"] == "stays"


def test_unknown_costs_are_not_nothing(staff: FlaskClient) -> None:
    answer = staff.get(f"{API}?{DAY}").get_json()["before"]["running_cost_gbp"]
    assert answer["total"] is None
    assert answer["not_known_at"] > 0
    assert "£0" not in staff.get(f"{PAGE}?{DAY}").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("closes=S999", "must name a site that stands on the day"),
        ("moves=S026", "must be a site&#39;s id, a colon and a place"),
        ("moves=S026:Atlantis", "must be the whole name of a place"),
        ("access=S026:sometimes", "access must be one of open"),
        ("closes=S026&moves=S026:Syston", "cannot close and change as well"),
        ("moves=S026:Syston&moves=S026:Oadby", "can be given once for a site"),
        ("move_site=S026", "belong together"),
        ("opens=80.0,10.0", "must be a latitude and a longitude in the United Kingdom"),
        ("opens=Charnwood", "is an area; name a place in it"),
    ],
)
def test_what_cannot_be_done_is_said(staff: FlaskClient, query: str, words: str) -> None:
    answer = staff.get(f"{PAGE}?{DAY}&{query}")
    assert answer.status_code == 400
    assert words in answer.text


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/map.js", API, f"{API}.csv"])
def test_the_public_is_refused(public: FlaskClient, path: str) -> None:
    assert public.get(path).status_code == 403
