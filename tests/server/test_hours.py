"""Hours of sites: changed in a scenario, shared as capacity; what is not known is never zero."""

from __future__ import annotations

import csv
import io
import math
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from boundaries.small_areas import NPA, small_areas
from geo.crs import to_metres
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from tests.server.conftest import MakeApp, ReadPage
from tests.server.test_scenarios import ids, save

COVERAGE = "/api/estate/coverage"
PAGE = "/estate/what-if"
API = "/api/estate/what-if"
DAY = "as_of=2024-06-30&distance_m=5000"
HELD = {
    "S002": ("Mo-Fr 09:00-17:00", 40.0),
    "S003": ("Mo-Sa 10:00-16:00", 36.0),
    "S024": ("Mo,We 10:00-14:30", 9.0),
}
"""Hours of three of six desks; of the others they are not known."""
OTHERS = ("S026", "S027", "S037")
EVERY_DESK = "&".join(f"hours={site}:Mo-Fr 09:00-17:00" for site in (*HELD, *OTHERS))


@pytest.fixture(scope="module")
def with_hours(demo_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The demonstration with the hours of three of its desks."""
    path = tmp_path_factory.mktemp("hours") / "workspace"
    shutil.copytree(demo_path, path)
    workspace = Workspace.open(path, REGISTRY.schemas)
    rows = [
        f'T-{number},{site},2020,hours-changed,"{hours}",public'
        for number, (site, (hours, _)) in enumerate(HELD.items())
    ]
    file = path.parent / "site_history.csv"
    lines = ["event_id,site_id,date,event,hours,visibility", *rows]
    file.write_text("\n".join(lines), encoding="utf-8")
    take = REGISTRY.taker("site_history")
    report = take(read_table(file), workspace, Intake(datetime(2026, 11, 22)))
    assert report.rejected == 0
    yield workspace
    workspace.close()


@pytest.fixture
def office(with_hours: Workspace, make_app: MakeApp, as_staff) -> FlaskClient:
    """A client of staff."""
    return as_staff(make_app(with_hours))


def by_loops(
    client: FlaskClient, workspace: Workspace, hours: dict[str, float], plain: bool
) -> np.ndarray:
    """Weekly hours for each resident by small area, from the sites of the API one by one."""
    areas = small_areas(workspace.ground)
    features = client.get(f"{COVERAGE}/sites.geojson?{DAY}").get_json()["features"]
    desks = [one for one in features if one["properties"]["site_id"] in hours]
    score = np.zeros(len(areas.codes))
    for desk in desks:
        east, north = to_metres(*([value] for value in desk["geometry"]["coordinates"]))
        weights = []
        for (east_m, north_m), urban in zip(areas.points_m, areas.urban, strict=True):
            metres = math.hypot(east_m - east[0], north_m - north[0]) * 1.3
            minutes = metres / 1000 / (30 if urban else 60) * 60
            bands = ((30, 1.0),) if plain else ((10, 1.0), (20, 0.68), (30, 0.22))
            weights.append(next((weight for most, weight in bands if minutes <= most), 0.0))
        asked = sum(
            weight * people for weight, people in zip(weights, areas.residents, strict=True)
        )
        score += np.array(weights) * hours[desk["properties"]["site_id"]] / asked
    return score


@pytest.mark.parametrize("catchment", ["plain", "enhanced"])
def test_hours_are_shared_as_loops_share_them(
    office: FlaskClient, with_hours: Workspace, catchment: str
) -> None:
    hours = {site: week for site, (_, week) in HELD.items()}
    score = by_loops(office, with_hours, hours, catchment == "plain")
    areas = small_areas(with_hours.ground)
    answer = office.get(f"{COVERAGE}?{DAY}&catchment={catchment}&capacity=hours").get_json()
    mean = 100_000 * (score @ areas.residents) / areas.residents.sum()
    assert answer["total"]["hours_for_100000"] == pytest.approx(mean, rel=1e-3)
    assert answer["total"]["sites_for_100000"] is None
    labels = np.array(areas.labels[NPA])
    for row in answer["npas"]:
        chosen = labels == row["npa_code"]
        people = areas.residents[chosen]
        mean = 100_000 * (score[chosen] @ people) / people.sum()
        if row["hours_for_100000"] is None:
            assert mean == 0
            assert row["access_at_least"]
        else:
            assert row["hours_for_100000"] == pytest.approx(mean, rel=1e-3, abs=1e-3)
    held = sum(hours.values())
    assert answer["total"]["hours_for_100000"] == pytest.approx(
        100_000 * held / areas.residents.sum(), rel=1e-3
    )


def test_unknown_hours_are_said_and_not_zero(office: FlaskClient, read_page: ReadPage) -> None:
    query = f"{DAY}&capacity=hours"
    answer = office.get(f"{COVERAGE}?{query}").get_json()
    assert answer["total"]["access_at_least"] is True
    said = " ".join(answer["caption"])
    assert "with hours a week as the capacity of a site: on average at least" in said
    assert "weekly hours of 3 of 6 enquiry desks open to callers are unknown" in said
    known = {site["site_id"]: site["hours_a_week"] for site in answer["sites"]}
    assert known["S024"] == 9.0
    assert all(known[site] is None for site in OTHERS)
    page = office.get(f"/estate/coverage?{query}")
    assert read_page(page.text).captions[0] == answer["caption"]
    assert "Weekly hours in reach for 100,000 residents" in page.text
    assert "At least" in page.text
    rows = list(csv.DictReader(io.StringIO(office.get(f"{COVERAGE}.csv?{query}").text)))
    doubtful = [row for row in rows if row["access_at_least"] == "yes"]
    assert 0 < len(doubtful) < len(rows)
    assert any(row["access"] == "" for row in doubtful)
    assert all(row["access"] for row in rows if row["access_at_least"] == "no")
    mean = sum(float(row["access"] or 0) * int(row["residents"]) for row in rows)
    residents = sum(int(row["residents"]) for row in rows)
    assert mean / residents == pytest.approx(answer["total"]["hours_for_100000"], rel=1e-3)


def test_where_no_hours_are_known_access_is_not_known(public: FlaskClient) -> None:
    """The demonstration holds the hours of no desk."""
    answer = public.get(f"{COVERAGE}?{DAY}&capacity=hours").get_json()
    assert answer["total"]["hours_for_100000"] is None
    assert answer["total"]["access_at_least"] is True
    assert any("The weekly hours of all 6 enquiry desks" in said for said in answer["caption"])
    melton = next(row for row in answer["npas"] if row["npa_code"] == "NR")
    assert melton["hours_for_100000"] is None
    page = public.get(f"/estate/coverage?{DAY}&capacity=hours").text
    assert "0.00" not in page


def test_the_caption_says_which_catchment_was_used(public: FlaskClient) -> None:
    said = {
        (catchment, capacity): " ".join(
            public.get(f"{COVERAGE}?{DAY}&catchment={catchment}&capacity={capacity}").get_json()[
                "caption"
            ]
        )
        for catchment in ("enhanced", "plain")
        for capacity in ("sites", "hours")
    }
    for (catchment, capacity), caption in said.items():
        assert ("(E2SFCA)" in caption) == (catchment == "enhanced")
        assert ("(2SFCA)" in caption) == (catchment == "plain")
        assert ("capacity of 1 a site" in caption) == (capacity == "sites")
    usual = public.get(f"{COVERAGE}?{DAY}").get_json()["caption"]
    assert " ".join(usual) == said["enhanced", "sites"]
    plain = public.get(f"/estate/coverage?{DAY}&catchment=plain").text
    assert "within 30 minutes of it alike" in plain
    assert "Luo and Wang 2003" in plain


def test_a_scenario_changes_hours_and_access(office: FlaskClient, read_page: ReadPage) -> None:
    query = f"{DAY}&capacity=hours&hours=S002:Mo-Su 08:00-20:00&closes=S024"
    answer = office.get(f"{API}?{query}").get_json()
    sites = {one["site_id"]: one for one in answer["hours"]}
    assert sites["S002"]["hours_a_week_before"] == 40
    assert sites["S002"]["hours_a_week_after"] == 84
    assert sites["S002"]["hours_in_words_after"] == "Every day 08:00 to 20:00"
    assert (sites["S024"]["gives_before"], sites["S024"]["gives_after"]) == (True, False)
    assert sites["S024"]["hours_a_week_after"] is None
    sums = [answer[side]["hours_a_week"] for side in ("before", "after")]
    assert sums == [
        {"total": 85.0, "known_at": 3, "not_known_at": 3},
        {"total": 120.0, "known_at": 2, "not_known_at": 3},
    ]
    plain = office.get(f"{COVERAGE}?{DAY}&capacity=hours").get_json()
    before, after = (answer[side]["access"] for side in ("before", "after"))
    assert before["total"]["hours_for_100000"] == plain["total"]["hours_for_100000"]
    assert after["total"]["hours_for_100000"] == pytest.approx(
        before["total"]["hours_for_100000"] * 120 / 85, rel=1e-3
    )
    page = read_page(office.get(f"{PAGE}?{query}").text)
    assert page.captions[0] == answer["caption"]
    rows = {row[0]: row[1:] for row in page.rows}
    name = sites["S002"]["name"]
    assert rows[name] == [
        "Monday to Friday 09:00 to 17:00",
        "Every day 08:00 to 20:00",
        "40",
        "84",
    ]
    assert rows["All enquiry desks open to callers"][2:] == [
        "85 at 3 sites; not known at 3",
        "120 at 2 sites; not known at 3",
    ]
    becomes = {
        one["properties"]["site_id"]: one["properties"]
        for one in office.get(f"{API}/sites.geojson?{query}").get_json()["features"]
    }
    assert becomes["S002"]["becomes"] == "hours"
    assert becomes["S002"]["hours_a_week_after"] == 84
    assert becomes["S003"]["becomes"] == "stays"
    assert becomes["S026"]["hours_a_week_after"] is None


def test_hours_change_no_way_and_no_access_of_sites(office: FlaskClient) -> None:
    answer = office.get(f"{API}?{DAY}&{EVERY_DESK}").get_json()
    assert answer["total"]["nearer"] == answer["total"]["farther"] == 0
    assert answer["before"]["access"] == answer["after"]["access"]
    assert any("so that hours do not change it" in said for said in answer["caption"])
    assert answer["after"]["hours_a_week"] == {"total": 240.0, "known_at": 6, "not_known_at": 0}


def test_hours_that_become_known_are_no_change_of_access(
    staff: FlaskClient, read_page: ReadPage
) -> None:
    """Before, no hours are known: how access changes is not known either."""
    query = f"{DAY}&capacity=hours&{EVERY_DESK}"
    answer = staff.get(f"{API}?{query}").get_json()
    assert answer["before"]["access"]["total"]["hours_for_100000"] is None
    assert answer["after"]["access"]["total"]["hours_for_100000"] > 0
    rows = [row for row in read_page(staff.get(f"{PAGE}?{query}").text).rows if len(row) == 4]
    total = next(row for row in rows if row[0] == "All of the force area")
    assert (total[1], total[3]) == ("Not known", "Not known")


def test_typed_hours_become_one_change_with_a_way_back(
    office: FlaskClient, read_page: ReadPage
) -> None:
    query = f"{DAY}&hours_site=S003&hours_to=Tu 12:00-15:00&opens=Hinckley&new_hours=Mo 09:00-12:00"
    page = office.get(f"{PAGE}?{query}")
    assert (
        "The hours of Spinney Hill police station become: Tuesday 12:00 to 15:00 (3 hours a week)."
        in page.text
    )
    assert "Sites that open have the hours: Monday 09:00 to 12:00 (3 hours a week)." in page.text
    answer = office.get(f"{API}?{query}").get_json()
    assert ["hours", "S003:Tu 12:00-15:00"] in answer["query"]
    new = next(one for one in answer["hours"] if one["site_id"] == "new-1")
    assert (new["gives_before"], new["hours_a_week_after"]) == (False, 3)
    links = [link for link in read_page(page.text).links() if link.startswith(f"{PAGE}?")]
    back = [link for link in links if "hours=S003" not in link and "new_hours" in link]
    assert back
    assert "Spinney Hill police station become" not in office.get(back[0]).text


def test_without_scripts_no_button_picks_a_place(staff: FlaskClient) -> None:
    page = staff.get(PAGE).text
    for name in ("opens", "move_to", "homes_at"):
        assert f'data-picks="filter-{name}" aria-pressed="false" hidden>' in page
        assert f'<input id="filter-{name}" name="{name}" type="text"' in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("hours=S003:nine to five", "hours must be written as OpenStreetMap writes"),
        ("hours=S003", "must be a site&#39;s id, a colon and its hours"),
        ("hours=S999:Mo 09:00-12:00", "must name a site that stands on the day"),
        ("hours=S003:Mo 09:00-12:00&hours=S003:Tu 09:00-12:00", "can be given once for a site"),
        ("hours=S003:Mo 09:00-12:00&closes=S003", "cannot close and change as well"),
        ("hours_site=S003", "belong together"),
        ("new_hours=whenever", "new_hours must be written as OpenStreetMap writes"),
        ("capacity=desks", "capacity must be one of sites, hours"),
        ("catchment=3sfca", "catchment must be one of enhanced, plain"),
        (f"new_hours={'Mo 09:00-12:00;' * 20}", "in at most 200 characters"),
    ],
)
def test_bad_hours_get_a_sentence(office: FlaskClient, query: str, words: str) -> None:
    for path in (PAGE, API):
        answer = office.get(f"{path}?{DAY}&{query}")
        assert answer.status_code == 400
        assert words in answer.text.replace("'", "&#39;")


def test_saved_scenarios_compare_hours(office: FlaskClient, read_page: ReadPage) -> None:
    saved = save(office, f"{PAGE}?{DAY}&capacity=hours&hours=S002:Mo 09:00-17:00", name="Shorter")
    other = save(office, f"{PAGE}?{DAY}&closes=S002", name="Closed")
    query = f"scenario={saved}&scenario={other}"
    assert {saved, other} <= ids(office)
    answer = office.get(f"/estate/scenarios?{query}")
    rows: dict[str, Any] = {row[0]: row[1:] for row in read_page(answer.text).rows}
    assert "different ways of reckoning access" in answer.text
    week = rows["Hours a week of the sites that give the service"]
    assert [cell.partition(" ")[0] for cell in week] == ["85", "45", "85", "53"]
