"""The estate of a force of which no small area is held: nothing fails, nobody is made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from boundaries.ground import load_ground
from layers.registry import REGISTRY
from layers.workspace import Workspace
from tests.server.conftest import AsStaff, MakeApp, ReadPage

ALL = "All of the force area"
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
    for path in ("/estate/siting?p=1", "/estate/what-if?homes=Oakham:300"):
        refused = client.get(path)
        assert refused.status_code == 400
        assert "No small area with residents is held" in refused.text


def test_residents_that_are_not_held_are_not_none(client: FlaskClient) -> None:
    answer = client.get("/estate/report/areas.csv?as_of=2024-06-30")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 9
    assert {row["residents"] for row in rows} == {""}
    assert {row["within_5000_m"] for row in rows} == {""}


def test_the_api_answers_null_as_its_document_says(client: FlaskClient) -> None:
    schemas = client.get("/api/openapi.json").get_json()["components"]
    for path, name in (
        ("/api/estate/coverage", "coverage_figures"),
        ("/api/estate/what-if?opens=Oakham", "what_if"),
    ):
        answer = client.get(path).get_json()
        rule = {"$ref": f"#/components/schemas/{name}", "components": schemas}
        Draft202012Validator(rule).validate(answer)
        assert figures_in(answer["total"]) == {None}
        assert "is not known: no small area is held" in answer["caption"][0]
    answer = client.get("/api/estate/coverage").get_json()
    assert len(answer["npas"]) == 9
    assert [row["npa_code"] for row in answer["npas"]] == sorted(load_ground(None).npa_codes)
    assert figures_in(answer["npas"]) == {None}
    assert set(answer["by"]) == {"part", "district", "decile", "setting"}
    bands = client.get("/api/estate/coverage/bands.geojson").get_json()["features"]
    assert [band["properties"]["residents"] for band in bands] == [None]


def figures_in(value: Any) -> set[float | None]:
    """Every number of residents or metres in an answer, but the thresholds, once."""
    if isinstance(value, dict):
        thresholds = ("distance_m", "minutes")
        value = [
            each for name, each in value.items() if name not in thresholds or isinstance(each, list)
        ]
    if isinstance(value, list):
        return set().union(*map(figures_in, value))
    return set() if isinstance(value, bool | str) else {value}


def test_pages_say_that_residents_are_not_known(client: FlaskClient, read_page: ReadPage) -> None:
    for path in ("/estate/coverage", "/estate/what-if?opens=Oakham"):
        rows = [row for row in read_page(client.get(path).text).rows if row[0] == ALL]
        assert rows
        assert {text for row in rows for text in row[1:]} <= {"Not known", "0.00", "0"}, rows
