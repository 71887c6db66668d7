"""One query value behind caption, table, map data and downloads of every page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from flask.testing import FlaskClient

from boundaries.ground import Ground
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.requests import MAP_PAGES

PAGE_OF = {spec.layer_ids[0]: spec.page for spec in MAP_PAGES if spec.own_params}
VIEWS = (
    ("visits", ""),
    ("visits", "from=2021-01&to=2024-12"),
    ("visits", "from=2022-05&to=2023-04&npa=NA&npa=NH"),
    ("visits", "from=2021&to=2026&type=surgery&initiated_by=invitation"),
    ("sites", ""),
    ("sites", "public_access=unknown&as_of=2015-06"),
    ("sites", "public_access=unknown&public_access=open&npa=NA"),
    ("sites", "bbox=-1.2345678,52.6012345,-1.1012345,52.7012345&public_access=unknown"),
    ("people_zones", ""),
    ("people_zones", "from=2022&to=2023&npa=NL"),
    ("street_safe", ""),
    ("street_safe", "from=2022-01&to=2022-06"),
    ("street_safe", "from=2022-02&to=2023-05&npa=NC&npa=NS"),
    ("crime", ""),
    ("crime", "npa=NA&type=burglary&type=drugs"),
    ("crime", "from=2021-03&to=2021-04&by=month&cell_m=2000"),
    ("crime", "type=crime&from=2022-10&to=2022-10&cell_m=500"),
    ("crime", "bbox=-1.2345678,52.6012345,-1.1012345,52.7012345"),
)


def number(text: str) -> int:
    return 0 if text.startswith("No ") else int(re.search(r"\d[\d,]*", text)[0].replace(",", ""))


def first_number_before(words: str, sentences: list[str]) -> int:
    return sum(number(text) for text in sentences if re.match(rf"(At least )?[\d,]+ {words}", text))


def figure(row: dict[str, object], name: str) -> int:
    value = row.get(name)
    return int(value) if value not in (None, "") else 0


@pytest.mark.parametrize(
    ("who", "layer", "query"),
    [("public", *view) for view in VIEWS]
    + [("staff", *view) for view in VIEWS if view[0] in ("visits", "sites", "street_safe")],
)
def test_page_download_and_map_data_tell_the_same(
    request: pytest.FixtureRequest, read_page, who: str, layer: str, query: str
) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    page = read_page(client.get(f"/maps/{PAGE_OF[layer]}?{query}").get_data(as_text=True))
    asked = client.get(f"/api/layers/{layer}.geojson?{query}").get_json()
    assert page.captions[0] == asked["caption"]
    csv_url, geojson_url = (
        next(link for link in page.links() if f"/api/layers/{layer}.{ending}" in link)
        for ending in ("csv", "geojson")
    )
    document = client.get(geojson_url).get_json()
    caption = document["caption"]
    assert document["query"] == asked["query"]
    assert document["features"] == asked["features"]
    assert caption == asked["caption"]
    rows = list(csv.DictReader(io.StringIO(client.get(csv_url).get_data(as_text=True))))
    properties = [feature["properties"] for feature in document["features"]]
    assert len(rows) == len(properties) == document["numberMatched"]

    surely, possibly = number(caption[0]), first_number_before("more may", caption)
    assert page.totals["surely"] == surely
    assert page.totals.get("possibly", 0) == possibly
    for held in (rows, properties):
        if layer == "crime":
            in_cells = next(text for text in caption if text.startswith("The cells hold"))
            shown = sum(figure(row, "records") for row in held)
            assert shown == number(in_cells.removeprefix("The cells hold "))
            lost = first_number_before("of these", caption)
            assert shown + lost == surely + possibly
            parts = ("crimes", "anti_social_behaviour")
            assert shown == sum(figure(row, name) for row in held for name in parts)
        elif layer == "street_safe" and who == "public":
            assert sum(figure(row, "reports") for row in held) == surely
            assert sum(figure(row, "reports_possibly") for row in held) == possibly
        else:
            assert sum(row["in_period"] == "in" for row in held) == surely
            assert sum(row["in_period"] == "possibly" for row in held) == possibly


@pytest.mark.parametrize(("layer", "query"), [*VIEWS[:4], *VIEWS[10:11], *VIEWS[14:15]])
def test_the_table_has_every_row_of_the_download_once(
    public: FlaskClient, read_page, layer: str, query: str
) -> None:
    expected = list(csv.reader(io.StringIO(public.get(f"/api/layers/{layer}.csv?{query}").text)))
    address: str | None = f"/layers/{layer}?{query}"
    found: list[list[str]] = []
    asked = 0
    while address:
        page = read_page(public.get(address).get_data(as_text=True))
        found += page.rows
        asked += 1
        address = next(
            (
                attrs["href"]
                for tag, attrs in page.tags
                if tag == "a" and attrs.get("rel") == "next"
            ),
            None,
        )
    assert len(found) == len(expected) - 1
    assert asked == max(1, -(-len(found) // 50))
    if layer in ("visits", "crime"):
        assert [row[0] for row in found] == [row[0] for row in expected[1:]]


def test_the_home_page_counts_what_the_layers_count(public: FlaskClient, read_page) -> None:
    query = "from=2021-11&to=2022-10"
    layers = public.get("/api/layers").get_json()["layers"]
    codes = next(layer["parameters"]["npa"] for layer in layers if layer["id"] == "npas")
    page = read_page(public.get(f"/?{query}").get_data(as_text=True))

    def by_code(rows: list[list[str]], column: int) -> dict[str, str]:
        return {code: row[column] for row in rows for code in codes if code in row[0].split()[-2:]}

    glance = [row for row in page.rows if len(row) == 9]
    for layer, column, types in (
        ("visits", 1, ""),
        ("crime", 7, "&type=crime"),
        ("crime", 8, "&type=anti-social-behaviour"),
    ):
        whole = read_page(public.get(f"/maps/{layer}?{query}{types}").get_data(as_text=True))
        assert len(by_code(glance, column)) == len(codes)
        areas = [row for row in whole.rows if row[0].split()[-1] in codes]
        assert by_code(glance, column) == by_code(areas, 1)


@pytest.mark.parametrize(
    "path",
    ["/", "/about-the-data", *(f"/maps/{spec.page}" for spec in MAP_PAGES)]
    + [f"/layers/{layer}" for layer in REGISTRY.ids],
)
@pytest.mark.parametrize("who", ["public", "staff"])
def test_every_page_opens_with_its_title(
    request: pytest.FixtureRequest, read_page, path: str, who: str
) -> None:
    answer = request.getfixturevalue(who).get(path)
    page = read_page(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert page.heading
    assert page.title == f"{page.heading} - Patchmap"
    assert ("html", {"lang": "en-GB"}) in page.tags


def test_residents_that_are_not_held_are_not_none(
    public: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Not known" not in public.get("/").get_data(as_text=True)
    nothing = pd.Series(dtype="int64")
    monkeypatch.setattr(Ground, "residents_by_npa", lambda _ground: nothing)
    assert public.get("/").get_data(as_text=True).count("Not known") == 10


def test_the_page_of_the_home_map_is_the_home_page(public: FlaskClient) -> None:
    assert public.get("/maps/home").status_code == 404
    assert public.get("/maps/home/map.js").status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "first"),
    [
        ("1", 200, "Rows 1 to 50 of"),
        ("", 200, "Rows 1 to 50 of"),
        ("2", 200, "Rows 51 to"),
        ("999999", 200, "Rows "),
        ("0", 400, ""),
        ("-1", 400, ""),
        ("abc", 400, ""),
        ("1.5", 400, ""),
        ("9" * 5000, 400, ""),
        ("1&page=2", 400, ""),
    ],
)
def test_pages_of_a_table(public: FlaskClient, asked: str, status: int, first: str) -> None:
    answer = public.get(f"/layers/visits?from=2021&to=2026&page={asked}")
    assert answer.status_code == status
    assert first in answer.get_data(as_text=True)
    if status == 400:
        assert "page must be one whole number from 1" in answer.get_data(as_text=True)


def test_layers_are_described_to_each_audience(public: FlaskClient, staff: FlaskClient) -> None:
    told = {layer["id"]: layer for layer in public.get("/api/layers").get_json()["layers"]}
    assert list(told) == list(REGISTRY.ids)
    for layer in told.values():
        assert public.get(layer["csv"]).status_code == 200
        assert public.get(layer["geojson"]).mimetype == "application/geo+json"
        asked = "&".join(f"{name}={value}" for name, value in layer["default_query"])
        assert public.get(f"{layer['csv']}?{asked}").data == public.get(layer["csv"]).data
        for name, values in layer["parameters"].items():
            for value in values[:2]:
                assert public.get(f"{layer['csv']}?{name}={value}").status_code == 200
    to_staff = {layer["id"]: layer for layer in staff.get("/api/layers").get_json()["layers"]}
    assert "type" not in told["street_safe"]["parameters"]
    assert "type" in to_staff["street_safe"]["parameters"]
    assert "visibility" not in {field["name"] for field in told["sites"]["fields"]}
    assert "visibility" in {field["name"] for field in to_staff["sites"]["fields"]}


def test_healthz_says_ok(public: FlaskClient) -> None:
    assert public.get("/healthz").get_json() == {"status": "ok"}


HOSTILE = ('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
           "{{7*7}}</textarea><!--", "</script><script>alert(2)//")  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace whose every text is an attempt to run as code."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    workspace = Workspace.open(folder / "workspace", REGISTRY.schemas)
    visits = ["visit_id,date,place,latitude,longitude,visitor,visit_type,reason,source"]
    sites = ["site_id,name,site_type,address,latitude,longitude,public_access,status,note,source"]
    for index, text in enumerate(HOSTILE):
        cell = '"' + text.replace('"', '""') + '"'
        named = '"' + f"{index}{text}".replace('"', '""') + '"'
        visits.append(f"{named},2026-05-0{index + 1},{cell},52.6,-1.1,{cell},surgery,{cell},{cell}")
        sites.append(f"{named},{cell},other,{cell},52.6,-1.1,open,open,{cell},{cell}")
    for layer, lines in (("visits", visits), ("sites", sites)):
        file = folder / f"{layer}.csv"
        file.write_text("\n".join(lines))
        report = REGISTRY.get(layer).take(
            read_table(file), workspace, Intake(datetime(2026, 11, 22))
        )
        assert report.added == len(HOSTILE), report.text()
    yield workspace
    workspace.close()


def test_texts_from_files_never_run(hostile: Workspace, make_app, as_staff, read_page) -> None:
    app = make_app(hostile)
    for client in (app.test_client(), as_staff(app)):
        for path in (
            "/maps/visits",
            "/layers/visits",
            "/maps/estate",
            "/layers/sites",
            "/maps/all",
        ):
            html = client.get(path).get_data(as_text=True)
            page = read_page(html)
            assert "alert(1)" in html
            assert not page.scripts
            images = [attrs for tag, attrs in page.tags if tag == "img"]
            assert all(set(attrs) == {"src", "alt"} for attrs in images)  # the map's picture
            assert all(attrs["src"].startswith("/maps/") for attrs in images)
            assert not [link for link in page.links() if "alert" in link]
            assert not re.search(r"<script>|<img (?!src=\"/maps/)|</textarea>|<!--|49</", html)
        for path in ("/maps/visits/map.js", "/maps/all/map.js", "/maps/estate/map.js"):
            script = client.get(path).get_data(as_text=True)
            assert "alert" not in script
            assert "52.6," not in script
            assert "</script" not in script.lower()


def test_an_address_is_never_repeated_as_code(public: FlaskClient) -> None:
    for path in ("/maps/visits", "/maps/all", "/layers/visits", "/"):
        for text in HOSTILE:
            for name in ("npa", "from", text):
                html = public.get(path, query_string={name: text}).get_data(as_text=True)
                assert not re.search(r"<script>|<img|</textarea>|<!--", html)


def test_the_key_of_a_map_is_that_of_what_it_shows_however_the_table_is_split(public):
    """A map adds up the months that ``by=month`` splits in the table."""

    def classes(query: str) -> list[str]:
        script = public.get(f"/maps/crime/map.js?{query}").get_data(as_text=True)
        return re.findall(r'"label": "([\d, to]+)"', script)

    whole = classes("from=2022-01&to=2022-06")
    assert len(whole) > 3
    assert classes("from=2022-01&to=2022-06&by=month") == whole
    page = public.get("/maps/crime?from=2022-01&to=2022-06&by=month").get_data(as_text=True)
    assert all(f"<span>{label}</span>" in page for label in whole)
