"""The estate of a force of which no small area is held: nothing fails, nobody is made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from layers.registry import REGISTRY
from layers.workspace import Workspace
from tests.server.conftest import AsStaff, MakeApp

PAGES = (
    "/estate/coverage",
    "/estate/response",
    "/estate/nearest?place=Oakham",
    "/estate/what-if?opens=Oakham",
    "/estate/scenarios",
    "/estate/report",
    "/estate/coverage/picture.svg",
    "/api/estate/coverage",
    "/api/estate/coverage.csv",
    "/api/estate/coverage/bands.geojson",
    "/api/estate/what-if?opens=Oakham",
)


@pytest.fixture
def client(
    tmp_path: Path, make_app: MakeApp, as_staff: AsStaff, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FlaskClient]:
    workspace = Workspace.open(tmp_path / "w", REGISTRY.schemas)
    held = workspace.ground.small_areas
    none = {vintage: table.iloc[:0] for vintage, table in held.items()}
    workspace.ground = replace(workspace.ground, small_areas=none, fingerprint="none held")
    monkeypatch.setattr(Workspace, "refresh", lambda _: None)
    yield as_staff(make_app(workspace))
    workspace.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_answered(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_what_is_not_held_is_said(client: FlaskClient) -> None:
    assert "is not known: no small area is held" in client.get("/estate/coverage").text
    refused = client.get("/estate/siting?p=1")
    assert refused.status_code == 400
    assert "No small area with residents is held" in refused.text


def test_residents_that_are_not_held_are_not_none(client: FlaskClient) -> None:
    answer = client.get("/estate/report/areas.csv?as_of=2024-06-30")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 9
    assert {row["residents"] for row in rows} == {""}
    assert {row["within_5000_m"] for row in rows} == {""}
