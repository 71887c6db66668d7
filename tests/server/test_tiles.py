"""Tiles over HTTP: the cells of the page's own query, kept by the right caches and no longer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from boundaries.builder import build
from boundaries.outlines import read_outlines
from boundaries.recipe import RECIPES, read_recipe
from boundaries.saved import save_build
from geo.crs import metres_to_mercator, to_metres
from geo.mercator import Tile, covering
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from tests.server.conftest import NOW, AsStaff, Browser, Clock, MakeApp

MVT = "application/vnd.mapbox-vector-tile"
FOREVER = "private, max-age=86400, immutable"
BUSY = "/api/layers/crime/tiles/9/254/167.mvt"
HEAD = "Crime ID,Month,Longitude,Latitude,Crime type\n"
DRUGS = ",2022-01,-1.13,52.63,Drugs\n"
ROBBERY = ",2022-01,-1.13,52.63,Robbery\n"
QUERIES = (
    "",
    "from=2022-03&to=2022-03",
    "type=burglary&type=drugs",
    "npa=NA",
    "npa=NC&type=crime&from=2021-02&to=2021-07&cell_m=500",
    "area=-1.2,52.58 -1.05,52.6 -1.08,52.69 -1.19,52.68",
    "area=-1.2,52.58 -1.05,52.6 -1.08,52.69&bbox=-1.15,52.5,-1,52.8&cell_m=2000",
)

MISSING = (
    ("/api/layers/crime/tiles/17/0/0.mvt", ""),
    ("/api/layers/crime/tiles/24/0/0.mvt", ""),
    ("/api/layers/crime/tiles/999999999999999999999/0/0.mvt", ""),
    ("/api/layers/crime/tiles/9/512/0.mvt", ""),
    ("/api/layers/crime/tiles/9/0/512.mvt", ""),
    ("/api/layers/crime/tiles/0/1/0.mvt", ""),
    (f"/api/layers/crime/tiles/16/{10**40}/0.mvt", ""),
    ("/api/layers/crime/tiles/9/-1/0.mvt", ""),
    ("/api/layers/crime/tiles/9/1.5/0.mvt", ""),
    ("/api/layers/crime/tiles/9/254/167.png", ""),
    ("/api/layers/crime/tiles/9/254.mvt", ""),
    ("/api/layers/visits/tiles/9/254/167.mvt", "one of crime; given visits"),
    ("/api/layers/street_safe/tiles/9/254/167.mvt", "one of crime; given street_safe"),
    ("/api/layers/nothing/tiles/9/254/167.mvt", "given 'nothing'"),
)
REFUSED = (
    ("by=month", "Each cell is given once here; leave by out."),
    ("by=cell", "Each cell is given once here; leave by out."),
    ("colour=blue", "given 'colour'"),
    ("v2=1", "given 'v2'"),
    ("from=never", "from: "),
    ("npa=XX", "npa must be one of"),
    ("cell_m=10", "cell_m must be one of 500, 1000, 2000"),
    ("area=1,1", "area must have 3 to 100 corners"),
    ("z=9", "given 'z'"),
)


def tiles_of_the_force(zoom: int) -> list[Tile]:
    """Every tile between the corners of the Midlands."""
    x, y = metres_to_mercator(*to_metres([-1.9, -0.2], [52.2, 53.2]))
    return list(covering((float(x[0]), float(y[0]), float(x[1]), float(y[1])), zoom))


def cells(client: FlaskClient, tile: Tile, query: str = "") -> dict[str, dict[str, Any]]:
    """The properties of the cells of a tile, by name, as another program decodes them."""
    answer = client.get(f"/api/layers/crime/tiles/{tile.zoom}/{tile.x}/{tile.y}.mvt?{query}")
    assert answer.status_code == 200
    assert answer.content_type == MVT
    layers = mapbox_vector_tile.decode(answer.data)
    found = [item["properties"] for item in layers.get("crime", {"features": []})["features"]]
    return {item["cell_id"]: item for item in found}


def tiles_url(client: FlaskClient, query: str = "") -> str:
    """The address template of the tiles, as the page of the map gives it to its script."""
    script = client.get(f"/maps/crime/map.js?{query}").text
    (found,) = re.findall(r'"tiles_url": ("[^"]+")', script)
    return str(orjson.loads(found))


def busy_url(client: FlaskClient, query: str = "") -> str:
    return tiles_url(client, query).format(z=9, x=254, y=167)


@pytest.mark.parametrize("who", ["public", "staff"])
@pytest.mark.parametrize("query", QUERIES)
def test_the_tiles_hold_what_the_page_s_caption_says(
    request: pytest.FixtureRequest, who: str, query: str
) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    found: dict[str, dict[str, Any]] = {}
    for tile in tiles_of_the_force(8):
        for name, properties in cells(client, tile, query).items():
            assert found.setdefault(name, properties) == properties
    figures = client.get(f"/api/layers/crime/figures?{query}").get_json()
    said = re.findall(r"The cells hold ([\d,]+):", " ".join(figures["sentences"]))
    total = sum(properties["records"] for properties in found.values())
    assert [f"{total:,}"] == said
    assert total > 0
    exported = client.get(f"/api/layers/crime.geojson?{query}").get_json()["features"]
    assert found == {item["properties"]["cell_id"]: item["properties"] for item in exported}


def test_the_address_that_the_page_gives_may_be_kept_by_the_public(public: FlaskClient) -> None:
    for query in ("", "npa=NA&type=drugs&from=2022-01&to=2022-03"):
        address = busy_url(public, query)
        answer = public.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == FOREVER
        assert {"Cookie", "Accept-Encoding"} <= set(answer.headers["Vary"].split(", "))
        again = public.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == FOREVER


def test_the_mark_is_no_part_of_the_question(public: FlaskClient) -> None:
    address = busy_url(public)
    plain = address.partition("&v=")[0]
    one, other = public.get(address), public.get(plain)
    assert one.data == other.data != b""
    assert one.headers["ETag"] == other.headers["ETag"]
    assert public.get(BUSY).data == one.data, "and the query is the default one"


@pytest.mark.parametrize("mark", ["", "v=", "v=0123456789ab", "v=stale&v=also", "v=%00"])
def test_without_the_present_mark_an_answer_is_asked_for_again(
    public: FlaskClient, mark: str
) -> None:
    answer = public.get(f"{BUSY}?{mark}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.data


def test_what_staff_are_given_is_kept_by_nobody(public: FlaskClient, staff: FlaskClient) -> None:
    for address in (BUSY, busy_url(staff), busy_url(public), f"{BUSY}?v=stale"):
        answer = staff.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert public.get(busy_url(public)).headers["Cache-Control"] == FOREVER


@pytest.mark.parametrize("who", ["public", "staff"])
def test_a_tile_that_is_not_there_is_404_in_words(request: pytest.FixtureRequest, who: str) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    for path, said in MISSING:
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.content_type == "application/problem+json"
        detail = answer.get_json()["detail"]
        assert said in detail
        assert re.fullmatch(r"[A-Z].+\.", detail)
        assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("who", ["public", "staff"])
def test_what_a_tile_cannot_be_asked_for_is_400(request: pytest.FixtureRequest, who: str) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    mark = tiles_url(client).rpartition("v=")[2]
    for query, said in REFUSED:
        answer = client.get(f"{BUSY}?{query}")
        assert answer.status_code == 400, query
        assert said in answer.get_json()["detail"]
        marked = client.get(f"{BUSY}?{query}&v={mark}")
        assert marked.status_code == 400
        assert "immutable" not in marked.headers["Cache-Control"]


def test_a_tile_without_cells_is_an_empty_tile(public: FlaskClient) -> None:
    answer = public.get("/api/layers/crime/tiles/9/0/0.mvt")
    assert (answer.status_code, answer.data, answer.content_type) == (200, b"", MVT)
    empty = public.get(f"{BUSY}?from=1999&to=1999")
    assert (empty.status_code, empty.data) == (200, b"")


def test_head_has_the_headers_and_no_body(public: FlaskClient, staff: FlaskClient) -> None:
    for client in (public, staff):
        for headers in ({}, {"Accept-Encoding": "br"}):
            got, asked = (ask(BUSY, headers=headers) for ask in (client.get, client.head))
            assert (asked.status_code, asked.data) == (200, b"")
            assert dict(asked.headers) == dict(got.headers)
    assert public.head("/api/layers/crime/tiles/17/0/0.mvt").status_code == 404
    assert public.head(f"{BUSY}?by=month").status_code == 400
    assert public.post(BUSY).status_code == 405


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of its own with two records."""
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    take(workspace, tmp_path, DRUGS * 2)
    yield workspace
    workspace.close()


def take(workspace: Workspace, folder: Path, rows: str) -> None:
    path = folder / "crime.csv"
    path.write_text(HEAD + rows)
    REGISTRY.get("crime").take(read_table(path), workspace, Intake(NOW))


def by_another_process(workspace: Workspace, folder: Path, rows: str) -> None:
    other = Workspace.open(workspace.path, REGISTRY.schemas)
    take(other, folder, rows)
    other.close()


@pytest.mark.parametrize("importing", [take, by_another_process])
def test_after_an_import_tile_etag_and_mark_are_new(
    small: Workspace,
    tmp_path: Path,
    make_app: MakeApp,
    as_staff: AsStaff,
    importing: Callable[[Workspace, Path, str], None],
) -> None:
    app = make_app(small)
    clients = [Browser(app), as_staff(app)]
    held = [(client, busy_url(client), client.get(busy_url(client))) for client in clients]
    importing(small, tmp_path, DRUGS * 2 + ROBBERY)
    for client, address, before in held:
        after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200, "what was kept is not good any more"
        assert after.headers["ETag"] != before.headers["ETag"]
        (cell,) = cells(client, Tile(9, 254, 167)).values()
        assert cell["records"] == 3
        assert "immutable" not in after.headers["Cache-Control"], "the mark is of before"
        assert busy_url(client) != address
    public = clients[0]
    assert public.get(busy_url(public)).headers["Cache-Control"] == FOREVER


def test_an_import_that_changes_nothing_changes_no_address(
    small: Workspace, tmp_path: Path, make_app: MakeApp
) -> None:
    public = Browser(make_app(small))
    address, before = busy_url(public), public.get(BUSY).headers["ETag"]
    by_another_process(small, tmp_path, DRUGS * 2)
    assert busy_url(public) == address
    assert public.get(BUSY).headers["ETag"] == before


@pytest.mark.real_data
def test_rebuilt_areas_are_new_tiles(
    small: Workspace, shared_data: Path, make_app: MakeApp
) -> None:
    public = Browser(make_app(small))
    address = busy_url(public)
    assert public.get(address).headers["Cache-Control"] == FOREVER
    wards = read_outlines(shared_data / "boundaries" / "ward_2025.geojson")
    save_build(small.path, build(read_recipe(RECIPES / "leicestershire.toml"), wards))
    assert public.get(address).headers["Cache-Control"] == "no-cache"
    assert busy_url(public) != address


def test_the_mark_is_new_every_day(demo: Workspace, make_app: MakeApp, clock: Clock) -> None:
    app: Flask = make_app(demo)
    public = Browser(app)
    address = busy_url(public)
    clock.advance(hours=24)
    assert public.get(address).headers["Cache-Control"] == "no-cache"
    assert busy_url(public).rpartition("v=")[0] == address.rpartition("v=")[0]
    assert busy_url(public) != address
