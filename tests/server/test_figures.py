"""Figures of the API: what the page says, and what a cell of the map holds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.requests import MAP_PAGES
from tests.server.conftest import NOW, Browser, MakeApp, ReadPage

PAGE_OF = {spec.layer_ids[0]: spec.page for spec in MAP_PAGES if spec.own_params}
CITY = "area=-1.2,52.58 -1.05,52.6 -1.08,52.69 -1.19,52.68"
QUERIES = (
    ("visits", ""),
    ("visits", "from=2020&to=2025&type=surgery&npa=NC&npa=NA"),
    ("visits", f"from=2020&to=2025&{CITY}"),
    ("sites", "public_access=unknown"),
    ("people_zones", "from=2022&to=2023"),
    ("street_safe", ""),
    ("street_safe", "from=2022-02&to=2023-05&npa=NC&npa=NS"),
    ("crime", ""),
    ("crime", "from=2021-03&to=2021-04&by=month&cell_m=2000"),
    ("crime", f"type=crime&{CITY}"),
    ("crime", "from=1999&to=1999"),
    ("crime", "from=2022-10-15&to=2022-11-20&npa=NL"),
)
HEAD = "Crime ID,Month,Longitude,Latitude,Crime type\n"


def whole(text: str) -> int:
    return int(text.replace(",", ""))


def first_number(sentence: str) -> int:
    found = re.match(r"(?:At least )?([\d,]+) ", sentence)
    return whole(found[1]) if found else 0


@pytest.mark.parametrize("who", ["public", "staff"])
@pytest.mark.parametrize(("layer", "query"), QUERIES)
def test_figures_are_those_of_the_page_and_the_download(
    request: pytest.FixtureRequest, read_page: ReadPage, who: str, layer: str, query: str
) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    answer = client.get(f"/api/layers/{layer}/figures?{query}")
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    figures = answer.get_json()
    page = read_page(client.get(f"/maps/{PAGE_OF[layer]}?{query}").text)
    assert figures["sentences"] == page.captions[0]
    counts, by_npa = figures["counts"], figures["by_npa"]
    assert counts["surely"] == first_number(figures["sentences"][0])
    assert page.totals.get("surely") == (counts["surely"] if counts["held"] else None)
    assert counts["possibly"] == page.totals.get("possibly", 0)
    assert sum(row["surely"] for row in by_npa) == counts["surely"]
    assert sum(row["possibly"] for row in by_npa) == counts["possibly"]
    assert set(figures["gaps"]) <= set(figures["sentences"])
    document = client.get(f"/api/layers/{layer}.geojson?{query}").get_json()
    assert figures["query"] == document["query"]
    assert figures["sentences"] == document["caption"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"/api/layers/{layer}.csv?{query}").text)))
    matched = counts["surely"] + counts["possibly"]
    if layer == "crime":
        drawn = sum(int(row["records"]) for row in rows)
        assert drawn == matched - counts["unlocated"] - counts["outside"]
    elif layer != "street_safe" or who == "staff":
        assert len(rows) == matched


@pytest.mark.parametrize(("layer", "query"), QUERIES)
def test_the_tables_and_the_legend_are_the_page_s(
    public: FlaskClient, read_page: ReadPage, layer: str, query: str
) -> None:
    figures = public.get(f"/api/layers/{layer}/figures?{query}").get_json()
    address = f"/maps/{PAGE_OF[layer]}?{query}"
    text = public.get(address).text
    rows = read_page(text).rows
    for table in figures["tables"]:
        for row in table["rows"]:
            assert row in rows
    assert figures["title"] == REGISTRY.get(layer).spec.title
    drawn = query.replace("by=month&", "")  # a map adds a cell's months up
    classes = public.get(f"/api/layers/{layer}/figures?{drawn}").get_json()["legend"]["classes"]
    assert classes
    script = public.get(address.replace("?", "/map.js?", 1)).text
    for item in classes:
        assert f'"label": "{item["label"]}"' in script


@pytest.mark.parametrize("who", ["public", "staff"])
def test_what_figures_cannot_be_asked_for_is_refused(
    request: pytest.FixtureRequest, who: str
) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    for path, status in (
        ("/api/layers/nothing/figures", 404),
        ("/api/layers/crime/figures?v=1", 400),
        ("/api/layers/crime/figures?limit=1", 400),
        ("/api/layers/visits/figures?cell_m=500", 400),
        ("/api/layers/visits/figures?area=1", 400),
    ):
        answer = client.get(path)
        assert answer.status_code == status, path
        assert answer.content_type == "application/problem+json"
    refused = client.get(f"/api/layers/street_safe/figures?{CITY}").status_code
    assert refused == {"public": 400, "staff": 200}[who]


def cells_of(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    """The cells of a view, the busiest first."""
    features = client.get(f"/api/layers/crime.geojson?{query}").get_json()["features"]
    return [item["properties"] for item in features]


def by_type(figures: dict[str, Any]) -> dict[str, int]:
    return {row["type"]: whole(row["records"]) for row in figures["by_type"]}


@pytest.mark.parametrize("who", ["public", "staff"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2022-10&to=2022-10&cell_m=500",
        "cell_m=2000&type=crime",
        "npa=NC",
        "type=robbery&type=anti-social-behaviour&from=2021-01&to=2022-03",
        "from=2022-10-10&to=2022-10-20",
        CITY,
    ],
)
def test_a_cell_holds_what_the_map_shows_of_it(
    request: pytest.FixtureRequest, who: str, query: str
) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    shown = cells_of(client, query)
    for cell in (*shown[:2], shown[len(shown) // 2], shown[-1]):
        answer = client.get(f"/api/layers/crime/cells/{cell['cell_id']}?{query}")
        assert answer.status_code == 200, answer.text
        figures = answer.get_json()
        assert figures["cell_id"] == cell["cell_id"]
        assert figures["npa_name"] == cell["npa_name"]
        assert figures["npa_approximate"] is cell["npa_approximate"]
        types = by_type(figures)
        all_crimes = types.pop("All crimes")
        asb = types["Anti-social behaviour (not crimes)"]
        assert sum(types.values()) == cell["records"]
        assert (all_crimes, asb) == (cell["crimes"], cell["anti_social_behaviour"])
        assert sum(month["records"] for month in figures["by_month"]) == cell["records"]
        assert all(month["held"] for month in figures["by_month"])
        said = " ".join(figures["sentences"])
        assert f"in the cell {cell['cell_id']}" in said
        assert f"The cells hold {cell['records']:,}: " in said


def test_cells_together_hold_what_the_view_holds(public: FlaskClient) -> None:
    query = "npa=NC&from=2022-08&to=2022-10&cell_m=2000"
    shown = cells_of(public, query)
    held = [
        public.get(f"/api/layers/crime/cells/{cell['cell_id']}?{query}").get_json()
        for cell in shown
    ]
    view = public.get(f"/api/layers/crime/figures?{query}").get_json()
    located = view["counts"]["surely"] - view["counts"]["unlocated"] - view["counts"]["outside"]
    assert 5 < len(held) < 40
    assert sum(by_type(figures)["All crimes"] for figures in held) == sum(
        cell["crimes"] for cell in shown
    )
    assert sum(month["records"] for figures in held for month in figures["by_month"]) == located


@pytest.mark.parametrize("who", ["public", "staff"])
@pytest.mark.parametrize("name", ["h1000_q0_r0", "h500_q9999999_r-9999999", "h2000_q100_r150"])
def test_an_empty_cell_is_zero_and_says_so(
    request: pytest.FixtureRequest, who: str, name: str
) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    answer = client.get(f"/api/layers/crime/cells/{name}")
    assert answer.status_code == 200
    figures = answer.get_json()
    assert (figures["cell_id"], figures["npa_name"]) == (name, "")
    assert set(by_type(figures).values()) == {0}
    assert {month["records"] for month in figures["by_month"]} == {0}
    assert len(figures["by_month"]) == 12
    assert figures["sentences"][0].startswith("No records, ")
    assert f"in the cell {name}." in figures["sentences"][0]


def test_a_cell_of_months_that_are_not_held_is_not_zero(public: FlaskClient) -> None:
    (cell, *_) = cells_of(public, "")
    figures = public.get(
        f"/api/layers/crime/cells/{cell['cell_id']}?from=2020-10&to=2020-12"
    ).get_json()
    assert [month["held"] for month in figures["by_month"]] == [False, True, True]
    assert figures["by_month"][0]["records"] == 0
    assert "No records are held for October 2020; that is not zero crime." in figures["sentences"]


@pytest.mark.parametrize("who", ["public", "staff"])
def test_cells_too_fine_to_show_are_refused_to_everyone(
    request: pytest.FixtureRequest, who: str
) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    for name in ("h10_q45888_r30390", "h1_q1_r1", "h499_q1_r1", "h500.5_q1_r1", "h999999_q0_r0"):
        answer = client.get(f"/api/layers/crime/cells/{name}")
        assert answer.status_code == 404, name
        assert "Cells are 500, 1,000, 2,000 metres wide" in answer.get_json()["detail"]
        assert "records" not in answer.text


@pytest.mark.parametrize("who", ["public", "staff"])
def test_what_is_no_cell_is_not_found_in_words(request: pytest.FixtureRequest, who: str) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    for name in ("x", "h1000", "h1000_q1", "h1000_q01_r1", "h1000_q1_r1_", "h1000.0_q1_r1"):
        answer = client.get(f"/api/layers/crime/cells/{name}")
        assert answer.status_code == 404, name
        assert "A cell is named by its width and place" in answer.get_json()["detail"]
    answer = client.get("/api/layers/visits/cells/h1000_q283_r351")
    assert answer.status_code == 404
    assert "A layer counted in cells is needed, one of crime" in answer.get_json()["detail"]


@pytest.mark.parametrize("query", ["by=month", "colour=blue", "cell_m=500", "npa=XX", "v=1"])
def test_what_a_cell_cannot_be_asked_for_is_refused(public: FlaskClient, query: str) -> None:
    answer = public.get(f"/api/layers/crime/cells/h1000_q283_r351?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.get_json()["detail"]
    assert public.get("/api/layers/crime/cells/h1000_q283_r351?cell_m=1000").status_code == 200


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with one month, a record of which has no place."""
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    path = tmp_path / "crime.csv"
    path.write_text(
        HEAD + ",2022-01,-1.13,52.63,Drugs\n,2022-01,,,Drugs\n,2022-01,-1.13,52.63,Robbery\n"
    )
    REGISTRY.get("crime").take(read_table(path), workspace, Intake(NOW))
    yield workspace
    workspace.close()


def test_what_has_no_place_is_in_no_cell(small: Workspace, make_app: MakeApp) -> None:
    client = Browser(make_app(small))
    (cell,) = cells_of(client, "")
    figures = client.get(f"/api/layers/crime/cells/{cell['cell_id']}").get_json()
    assert by_type(figures) == {
        "Drugs": 1, "Robbery": 1, "All crimes": 2, "Anti-social behaviour (not crimes)": 0
    }  # fmt: skip
    nowhere = client.get("/api/layers/crime/cells/h1000_q0_r0").get_json()
    assert set(by_type(nowhere).values()) == {0}, "though its place is where the unplaced are put"
