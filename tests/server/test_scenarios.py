"""Planned homes and saved scenarios: people are conserved, nothing is kept twice, staff alone."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from boundaries.small_areas import DECILE, DISTRICT, NPA, PlannedHomes, small_areas, with_homes
from geo.crs import to_metres
from geo.route import ROUTE_FACTOR
from layers.estate_registers import SCENARIOS
from layers.registry import REGISTRY
from layers.workspace import Workspace
from tests.server.test_records import hidden, send

WHAT_IF = "/estate/what-if"
API = "/api/estate/what-if"
PAGE = "/estate/scenarios"
RECORDS = "/estate/records/scenarios"
SITING = "/estate/siting"
DAY = "as_of=2024-06-30&distance_m=2000&distance_m=5000"
RESIDENTS = 1_122_017
AT = (52.62, -1.05)
HOMES = f"homes={AT[0]}, {AT[1]}:500&homes=Oadby:300"
CHANGED = f"{WHAT_IF}?{DAY}&closes=S003&opens=Hinckley"


@pytest.fixture
def own(demo_path: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of the demonstration in which a test may write."""
    shutil.copytree(demo_path, tmp_path / "workspace")
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    yield workspace
    workspace.close()


@pytest.fixture
def own_app(own: Workspace, make_app) -> Flask:
    return make_app(own)


@pytest.fixture
def office(own_app: Flask, as_staff) -> FlaskClient:
    return as_staff(own_app)


def held(own: Workspace) -> list[dict]:
    return [dict(row) for row in own.store.held(SCENARIOS, ("name", "query", "note")).values()]


def save(client: FlaskClient, address: str = CHANGED, **typed: str) -> str:
    """Save a scenario; its id."""
    before = ids(client)
    answer = send(client, address, **({"name": "A desk in the west", "note": ""} | typed))
    assert (answer.status_code, answer.headers.get("Location")) == (303, PAGE), answer.text
    (new,) = ids(client) - before
    return new


def ids(client: FlaskClient) -> set[str]:
    return {one["scenario_id"] for one in client.get(f"/api{PAGE}").get_json()["scenarios"]}


def test_homes_add_their_people_to_both_sides(staff: FlaskClient) -> None:
    query = f"{DAY}&{HOMES}&closes=S003&people_a_home=2.5"
    answer = staff.get(f"{API}?{query}").get_json()
    without = staff.get(f"{API}?{DAY}&closes=S003").get_json()
    assert answer["growth"]["residents"] == 2000
    assert answer["total"]["residents"] == RESIDENTS + 2000
    assert without["total"]["residents"] == RESIDENTS
    for by in answer["by"].values():
        assert sum(row["residents"] for row in by) == RESIDENTS + 2000
    for number, metres in enumerate((2000, 5000)):
        for side in ("before", "after"):
            near = sum(
                each["residents"]
                for each in answer["growth"]["homes"]
                if each[f"{side}_m"] <= metres
            )
            plain = without["total"]["distances"][number][side]
            assert answer["total"]["distances"][number][side] == plain + near


def test_new_homes_are_as_near_as_the_nearest_desk(staff: FlaskClient) -> None:
    """By brute force from the positions of the desks that coverage counts."""
    answer = staff.get(f"{API}?{DAY}&{HOMES}&opens=52.6, -1.0").get_json()
    sites = staff.get(f"/api/estate/coverage/sites.geojson?{DAY}").get_json()["features"]
    desks = [
        feature["geometry"]["coordinates"]
        for feature in sites
        if feature["properties"]["gives"] == "yes"
    ]
    desk_m = np.column_stack(to_metres(*np.array(desks).T))
    opened_m = np.column_stack(to_metres([-1.0], [52.6]))
    home_m = np.column_stack(to_metres([AT[1]], [AT[0]]))
    before_m = np.hypot(*(desk_m - home_m).T).min() * ROUTE_FACTOR
    after_m = min(before_m, np.hypot(*(opened_m - home_m).T).min() * ROUTE_FACTOR)
    found = answer["growth"]["homes"][0]
    assert found["before_m"] == pytest.approx(before_m, abs=3)
    assert found["after_m"] == pytest.approx(after_m, abs=3)
    assert found["after_m"] < found["before_m"]


def test_homes_are_grouped_at_their_own_point(own: Workspace) -> None:
    ground = own.ground
    areas = small_areas(ground)
    number = 17
    point_m = tuple(areas.points_m[number] + 1.0)
    grown = with_homes(areas, ground, [PlannedHomes("here", point_m, 12)])
    assert grown.codes[-1] == "homes-1"
    assert grown.residents.tolist() == [*areas.residents.tolist(), 12]
    for grouping, labels in grown.labels.items():
        assert labels[:-1] == areas.labels[grouping]
        assert labels[-1] == areas.labels[grouping][number]
    assert set(grown.labels) >= {NPA, DISTRICT, DECILE}
    assert with_homes(areas, ground, []) is areas


def test_the_page_says_what_homes_add_and_lets_them_go(staff: FlaskClient, read_page) -> None:
    query = f"{DAY}&homes=Oadby:300&homes_at=Syston&homes_number=100&opens=Hinckley"
    page = staff.get(f"{WHAT_IF}?{query}")
    said = " ".join(read_page(page.text).captions[0])
    assert "400 planned homes add 960 residents, at 2.4 people a home" in said
    assert "before and after alike" in said
    assert "within 5 km are" in said
    links = [link for link in read_page(page.text).links() if link.startswith(f"{WHAT_IF}?")]
    left = [parse_qs(urlsplit(link).query).get("homes", []) for link in links]
    assert any(len(homes) == 1 and homes[0].startswith("Syston") for homes in left)
    assert any(len(homes) == 1 and homes[0].startswith("Oadby") for homes in left)
    rows = [row for row in read_page(page.text).rows if row[0].startswith("Syston (")]
    assert rows[0][2:4] == ["100", "240"]


def test_siting_serves_planned_homes(staff: FlaskClient) -> None:
    """A new town draws a site to it that would go elsewhere."""
    query = f"{DAY.partition('&')[0]}&p=1&within_m=2000"
    plain = staff.get(f"/api{SITING}?{query}").get_json()
    grown = staff.get(f"/api{SITING}?{query}&homes=Uppingham:90000").get_json()
    assert grown["best"]["places"] == ["Uppingham"] != plain["best"]["places"]
    assert any("90,000 planned homes add 216,000 residents" in said for said in grown["caption"])
    assert grown["query"][-2] == ["homes", "Uppingham (settlement, Rutland):90000"]
    page = staff.get(f"{SITING}?{query}&homes=Uppingham:90000").text
    assert "90,000 homes are planned at Uppingham" in page
    assert "homes=Uppingham" in page.partition("What would change for whom")[0][-600:]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("homes=Oadby", "must be a place, a colon and a number"),
        ("homes=Oadby:none", "must be a whole number from 1 to 100,000"),
        ("homes=Oadby:0", "must be a whole number from 1 to 100,000"),
        ("homes=Atlantis:20", "must be the whole name of a place"),
        ("homes=51.5,-0.12:20", "is outside it"),
        ("homes_at=Oadby", "belong together"),
        ("homes=Oadby:20&people_a_home=0", "people_a_home must be a number from 0.1 to 10"),
        ("&".join(f"homes=Oadby:{n}" for n in range(1, 22)), "at 20 places; given 21"),
    ],
)
@pytest.mark.parametrize("page", [WHAT_IF, SITING])
def test_what_cannot_be_planned_is_said(staff: FlaskClient, page, query: str, words: str) -> None:
    answer = staff.get(f"{page}?as_of=2024-06-30&{query}")
    assert answer.status_code == 400
    assert words in answer.text


def test_a_scenario_is_saved_listed_and_opened(office: FlaskClient, own: Workspace) -> None:
    name = save(office, f"{CHANGED}&homes=Oadby:300", name="West <b>", note="For the board")
    assert name == "SC-2026-0001"
    (row,) = held(own)
    assert "homes=Oadby" in row["query"]
    page = office.get(PAGE).text
    assert "The scenario “West &lt;b&gt;” was saved." in page
    assert "For the board" in page
    assert "was saved." not in office.get(PAGE).text
    link = re.search(rf'href="({WHAT_IF}\?[^"]+)">Open', page)[1].replace("&amp;", "&")
    opened = office.get(link).text
    assert "Spinney Hill police station closes." in opened
    assert "300 homes are planned at Oadby" in opened


def test_one_form_sent_twice_saves_one_scenario(office: FlaskClient, own: Workspace) -> None:
    sent = hidden(office, CHANGED) | {"name": "Twice", "note": ""}
    for _ in range(2):
        assert office.post(CHANGED, data=sent).status_code == 303
    assert len(held(own)) == 1
    send(office, CHANGED, name="Twice", note="")
    assert len(held(own)) == 2


def test_a_scenario_without_a_name_comes_back_with_its_note(office: FlaskClient, own) -> None:
    answer = send(office, CHANGED, name="  ", note="Do not lose this")
    assert answer.status_code == 400
    assert "Name is needed." in answer.text
    assert "Do not lose this" in answer.text
    assert "Spinney Hill police station closes." in answer.text
    assert held(own) == []
    sent = hidden(office, CHANGED, answer.text) | {"name": "Now", "note": "Do not lose this"}
    assert office.post(CHANGED, data=sent).status_code == 303
    assert office.post(CHANGED, data={"name": "No token"}).status_code == 400


def test_scenarios_are_compared_side_by_side(office: FlaskClient, read_page) -> None:
    first = save(office, f"{WHAT_IF}?{DAY}&closes=S003", name="Close")
    second = save(office, f"{WHAT_IF}?{DAY}&distance_m=8000&opens=Hinckley", name="Open")
    save(office, f"{WHAT_IF}?{DAY}", name="Neither")
    query = f"scenario={first}&scenario={second}"
    page = read_page(office.get(f"{PAGE}?{query}").text)
    cells = {row[0]: row[1:] for row in page.rows}
    figures = office.get(f"/api{PAGE}?{query}").get_json()["scenarios"]
    assert [one["name"] for one in figures] == ["Close", "Open"]
    for place, one in enumerate(figures):
        for count in one["figures"]["total"]["distances"]:
            row = cells[f"Residents within {count['distance_m'] / 1000:g} km"]
            shown = [f"{count[side]:,}" for side in ("before", "after")]
            assert row[2 * place : 2 * place + 2] == shown
        deprived = sum(
            row["distances"][1]["after"]
            for row in one["figures"]["by"]["decile"]
            if row["code"] in ("1", "2", "3")
        )
        assert cells["Of the most deprived three tenths, within 5 km"][2 * place + 1] == (
            f"{deprived:,}"
        )
    assert cells["Residents within 8 km"][:2] == ["Not asked for", "Not asked for"]
    assert cells["Changes of the estate"] == ["0", "1", "0", "1"]
    assert cells["Running cost a year"][0].startswith("Not known at any of")
    assert cells["Residents within 5 km"][0] == cells["Residents within 5 km"][2]
    rows = list(csv.DictReader(io.StringIO(office.get(f"/api{PAGE}.csv?{query}").text)))
    told = {(row["scenario_id"], row["measure"]): row for row in rows}
    assert told[first, "running_cost_gbp"]["after"] == ""
    assert told[first, "within_8000_m"]["after"] == ""
    within = figures[1]["figures"]["total"]["distances"][0]
    assert int(told[second, "within_2000_m"]["after"]) == within["after"]
    every = csv.DictReader(io.StringIO(office.get(f"/api{PAGE}.csv").text))
    assert {row["name"] for row in every} == {"Close", "Open", "Neither"}


def test_what_differs_beside_the_changes_is_said(office: FlaskClient) -> None:
    save(office, f"{WHAT_IF}?{DAY}&closes=S003", name="Then")
    save(office, f"{WHAT_IF}?as_of=2025-01-01&homes=Oadby:10&closes=S003", name="Later")
    query = "&".join(f"scenario={name}" for name in sorted(ids(office)))
    assert "different days and planned homes" in office.get(f"{PAGE}?{query}").text


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (f"{DAY}&closes=S999", "closes must name a site that stands on the day"),
        (f"{DAY}&opens=Atlantis", "opens must be the whole name of a place"),
        (f"{DAY}&nonsense=1", "nonsense"),
        ("as_of=yesterday", "as_of"),
        ("&".join(["closes=S003"] * 300), "can have 200 parameters"),
    ],
)
def test_a_scenario_that_no_longer_stands_says_why(office: FlaskClient, query, why) -> None:
    """It is changed at its record, as one whose site was removed since would read."""
    good = save(office, name="Good")
    answer = send(office, f"{RECORDS}/new", name="Lost", query=query, note="")
    assert answer.status_code == 303, answer.text
    page = office.get(PAGE)
    assert page.status_code == 200
    assert "Can no longer be reckoned" in page.text
    assert why in page.text
    (lost,) = ids(office) - {good}
    compared = office.get(f"{PAGE}?scenario={good}&scenario={lost}")
    assert compared.status_code == 200
    assert "Residents within 5 km" in compared.text
    figures = {one["name"]: one for one in office.get(f"/api{PAGE}").get_json()["scenarios"]}
    assert why in figures["Lost"]["problem"]
    assert figures["Lost"]["figures"] is None
    assert figures["Good"]["problem"] is None
    assert office.get(f"{PAGE}?scenario={lost}").status_code == 200
    assert office.get(f"/api{PAGE}.csv").status_code == 200


def test_a_scenario_is_renamed_and_removed_with_its_history(office: FlaskClient, own) -> None:
    name = save(office)
    (row,) = held(own)
    sent = {"name": "Another name", "query": f"{WHAT_IF}?{row['query']}", "note": ""}
    assert send(office, f"{RECORDS}/{name}", **sent).status_code == 303
    assert [one["name"] for one in held(own)] == ["Another name"]
    assert [one["query"] for one in held(own)] == [row["query"]], "a whole address is cut to it"
    assert "A desk in the west" in office.get(f"{RECORDS}/{name}").text
    assert send(office, f"{RECORDS}/remove/{name}").status_code == 303
    assert ids(office) == set()
    assert "No scenario is saved yet" in office.get(PAGE).text
    assert "Another name" in office.get("/estate/records/changes").text


@pytest.mark.parametrize("query", ["scenario=SC-1999-0001", "other=1"])
def test_a_scenario_that_is_not_held_is_refused(office: FlaskClient, query: str) -> None:
    for path in (PAGE, f"/api{PAGE}", f"/api{PAGE}.csv"):
        assert office.get(f"{path}?{query}").status_code == 400


def test_the_public_is_refused(office: FlaskClient, own_app: Flask) -> None:
    save(office, name="Secret plan")
    public = own_app.test_client()
    for path in (PAGE, f"/api{PAGE}", f"/api{PAGE}.csv", RECORDS, CHANGED):
        answer = public.get(path)
        assert answer.status_code == 403
        assert "Secret plan" not in answer.text
    assert public.post(CHANGED, data={"name": "Mine"}).status_code in (400, 403)
    assert "Secret plan" not in public.get("/api/estate/register").text
