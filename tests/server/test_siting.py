"""Where a site would serve most: proven, the same on page and API, and true by coverage itself."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.candidates import places_of
from layers.files import read_table
from layers.programme import CANDIDATES, take
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.estate.siting.answer import Where, where_next
from server.estate.siting.asked import asked
from tests.server.conftest import NOW, AsStaff, MakeApp, ReadPage

PAGE = "/estate/siting"
API = "/api/estate/siting"
DAY = "as_of=2024-06-30"
RESIDENTS = 1_122_017


def test_the_best_opens_as_many_residents_as_the_scenario_says(staff: FlaskClient) -> None:
    """The program's figure and coverage with those sites are reckoned on different roads."""
    answer = staff.get(f"{API}?{DAY}&p=2").get_json()
    best = answer["best"]
    assert best["proven"]
    assert len(best["places"]) == 2
    opens = "&".join(f"opens={place}" for place in best["places"])
    scenario = staff.get(f"/api/estate/what-if?{DAY}&distance_m=5000&{opens}").get_json()
    after = scenario["total"]["distances"][0]["after"]
    assert after == pytest.approx(best["value"], abs=2)
    assert best["demand_share"] == pytest.approx(best["value"] / RESIDENTS)
    assert best["point_share"] != pytest.approx(best["demand_share"], abs=1e-4)
    assert [len(siting["places"]) for siting in answer["curve"]] == list(range(7))
    values = [siting["value"] for siting in answer["curve"]]
    assert values == sorted(values)


def where(app: Flask, query: str) -> Where:
    with app.test_request_context("/"):
        params: dict[str, list[str]] = {}
        for pair in query.split("&"):
            name, _, value = pair.partition("=")
            params.setdefault(name, []).append(value)
        return where_next(asked(params))


def test_two_sites_are_the_best_of_all_pairs_of_towns(app: Flask) -> None:
    found = where(app, f"{DAY}&p=2&keep=none&within_m=5000")
    near = found.task.costs.values <= 5000
    people = found.task.demand
    best = max(
        float(people @ (near[:, one] | near[:, other]))
        for one, other in combinations(range(near.shape[1]), 2)
    )
    assert found.best.value == best
    second = found.second.siting
    assert second is not None
    assert second.value <= best
    assert set(second.opened) != set(found.best.opened)


def test_required_and_excluded_places_are_kept_to(staff: FlaskClient) -> None:
    plain = staff.get(f"{API}?{DAY}&p=2").get_json()["best"]
    gone, *_ = plain["places"]
    other = staff.get(f"{API}?{DAY}&p=2&excludes={gone}&requires=Oakham").get_json()["best"]
    assert gone not in other["places"]
    assert other["value"] <= plain["value"]


def test_a_place_where_a_site_stands_is_no_candidate(app: Flask, demo: Workspace) -> None:
    found = where(app, f"{DAY}&p=1")
    existing = found.candidates.points_m[: found.candidates.existing]
    rest = found.candidates.points_m[found.candidates.existing :]
    apart = np.hypot(*(existing[:, None] - rest[None, :]).transpose(2, 0, 1))
    assert apart.min() > 300
    assert found.candidates.number < len(places_of(demo, ("settlements",)).names)


@pytest.mark.parametrize("problem", ["p-median", "p-centre", "location-set-covering"])
def test_every_problem_is_answered_and_proven(
    staff: FlaskClient, read_page: ReadPage, problem: str
) -> None:
    query = f"{DAY}&problem={problem}&p=2&within_m=15000"
    answer = staff.get(f"{API}?{query}").get_json()
    assert answer["best"]["proven"]
    page = read_page(staff.get(f"{PAGE}?{query}").text)
    assert page.captions[0] == answer["caption"]
    assert "the program" in " ".join(answer["caption"])
    assert (answer["curve"] == []) == (problem == "location-set-covering")


def test_page_leads_to_the_scenario_of_the_places(staff: FlaskClient, read_page: ReadPage) -> None:
    page = read_page(staff.get(f"{PAGE}?{DAY}&p=2").text)
    (link,) = (link for link in page.links() if link.startswith("/estate/what-if?"))
    assert urlsplit(link).query.count("opens=") == 2
    assert staff.get(link).status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("p=99", "p must be one of 1, 2"),
        ("problem=guess", "problem must be one of maximal-covering"),
        ("candidates=moons", "candidates must be one of"),
        ("candidates=own", "No candidate place is held"),
        ("requires=Oakham&requires=Syston&p=1", "2 places are required and 1 sites open"),
        ("requires=Syston&excludes=Syston", "cannot be required and excluded"),
        ("requires=52.0,-1.0", "must name one of the candidate places"),
        ("distance_m=5000", "Siting can be asked for by"),
    ],
)
def test_what_cannot_be_asked_is_said(staff: FlaskClient, query: str, words: str) -> None:
    answer = staff.get(f"{PAGE}?{DAY}&{query}")
    assert answer.status_code == 400
    assert words in answer.text


def test_an_answer_of_our_own_list_is_not_kept_when_the_list_changes(
    tmp_path: Path, make_app: MakeApp, as_staff: AsStaff
) -> None:
    workspace = Workspace.open(tmp_path / "w", REGISTRY.schemas)
    client = as_staff(make_app(workspace))
    said = []
    for number, name in enumerate(("Here", "There"), start=1):
        file = tmp_path / f"{name}.csv"
        file.write_text(
            f"place_id,name,latitude,longitude\nP{number},{name},52.{5 + number},-1.1\n"
        )
        take(read_table(file), CANDIDATES, workspace, Intake(NOW))
        query = "?candidates=own&p=1&keep=none&within_m=15000"
        said.append(client.get(f"{API}{query}").get_json()["candidates"])
    assert said == [1, 2]
    workspace.close()


@pytest.mark.parametrize("path", [PAGE, API, f"{API}.geojson", f"{API}.csv"])
def test_the_public_is_refused(public: FlaskClient, path: str) -> None:
    assert public.get(path).status_code == 403
