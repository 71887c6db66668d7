"""Before anything is imported, each page on visits says so and what to do, and keeps its form."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.registry import REGISTRY
from layers.workspace import Workspace
from tests.server.conftest import AsStaff, Browser, MakeApp

IMPORT = "patchmap import visits FILE.csv"


@pytest.fixture
def app(tmp_path: Path, make_app: MakeApp) -> Iterator[Flask]:
    workspace = Workspace.open(tmp_path, REGISTRY.schemas)
    yield make_app(workspace)
    workspace.close()


@pytest.fixture
def office(app: Flask, as_staff: AsStaff) -> FlaskClient:
    return as_staff(app)


@pytest.mark.parametrize(
    ("path", "says", "control"),
    [
        ("/visits/report", "No visit is held yet", 'name="paper"'),
        ("/visits/plan", "No visit is held yet", 'name="days"'),
        ("/visits/briefing", "Nothing of visits, sites", 'name="place"'),
        ("/visits/commitment", "No visit is held yet", 'name="distance_m"'),
        ("/visits/outcomes", "Nothing that was raised on visits has been", 'name="theme"'),
        ("/visits/records", "Import visits first", 'name="date"'),
    ],
)
def test_staff_are_told_what_is_not_held_and_what_to_do(
    office: FlaskClient, path: str, says: str, control: str
) -> None:
    answer = office.get(path)
    page = unescape(answer.text)
    assert answer.status_code == 200
    assert says in page
    assert control in page
    if "outcomes" not in path and "records" not in path:
        assert IMPORT in page


@pytest.mark.parametrize("path", ["/visits/report", "/visits/commitment", "/visits/outcomes"])
def test_the_public_is_told_too_and_of_no_command(app: Flask, path: str) -> None:
    answer = Browser(app).get(path)
    assert answer.status_code == 200
    assert "<form" in answer.text
    assert IMPORT not in answer.text


def test_what_is_chosen_on_the_page_of_papers_is_kept(office: FlaskClient) -> None:
    page = office.get("/visits/report?paper=annual").text
    assert '<option value="annual" selected>' in page
    assert 'name="from" type="date" value="2026-04-01"' in page


def test_what_cannot_be_used_is_still_refused_with_the_form(office: FlaskClient) -> None:
    answer = office.get("/visits/report?quokka=1")
    assert answer.status_code == 400
    assert "can be asked for by" in answer.text
    assert 'name="paper"' in answer.text


def test_a_period_that_is_asked_for_has_a_paper_that_says_none_is_held(
    office: FlaskClient,
) -> None:
    answer = office.get("/visits/report?from=2024-01-01&to=2024-12-31")
    assert answer.status_code == 200
    assert "The paper as it reads" in answer.text


def test_a_sheet_says_block_by_block_what_is_missing(office: FlaskClient) -> None:
    page = unescape(office.get("/visits/briefing?place=Oakham&date=2024-10-01").text)
    for said in (
        "No month of recorded crime before this day is held. That is not zero crime.",
        "No Street Safe report of Melton and Rutland is held from before the day.",
        "No earlier stop has been recorded yet, of any place.",
    ):
        assert said in page
