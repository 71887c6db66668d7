"""Answers made once and compressed once, the same in every encoding, and nobody else's."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from layers.registry import REGISTRY
from layers.workspace import Workspace
from server import bodies, figures, rendered, tiles
from server.access import ENDPOINTS, StaffLink
from server.app import create_app
from server.bodies import ENTRY_BYTES, Body, kept_bodies
from server.settings import Settings
from tests.server.conftest import AsStaff, Browser, Clock, MakeApp

TILE = "/api/layers/crime/tiles/9/254/167.mvt"
CELL = "/api/layers/crime/cells/h1000_q283_r351"
MADE_ONCE = {
    TILE: "application/vnd.mapbox-vector-tile",
    CELL: "application/json",
    "/api/layers/crime/figures": "application/json",
    "/api/layers/visits.geojson": "application/geo+json",
    "/api/layers/crime.geojson?limit=20&offset=5": "application/geo+json",
    "/api/layers/sites.csv": "text/csv; charset=utf-8",
    "/ground/npas.geojson": "application/geo+json",
    "/ground/districts.geojson?zoom=14": "application/geo+json",
    "/ground/settlements.geojson": "application/geo+json",
    "/visits/report/panel/visits.csv?from=2024-04&to=2025-03": "text/csv; charset=utf-8",
    "/visits/report/panel/data.gpkg?from=2024-04&to=2025-03": "application/geopackage+sqlite3",
    "/visits/report/annual/figures/map.svg": "image/svg+xml",
    "/crime/rates/funnel.svg": "image/svg+xml",
    "/estate/report/areas.csv?as_of=2024-06-30": "text/csv; charset=utf-8",
}
UNPACK = {"": bytes, "identity": bytes, "br": brotli.decompress, "gzip": gzip.decompress}
FOR_STAFF = (
    "/api/visits/briefing?place=Oakham&date=2024-10-01",
    "/api/visits/plan?from=2025-04-01&days=3&stops=1",
    "/api/estate/what-if?closes=S003&opens=Hinckley",
    "/api/estate/what-if.csv?closes=S003",
    "/api/estate/what-if/bands.geojson?closes=S003",
    "/api/estate/what-if/areas.geojson?closes=S003",
    "/api/estate/what-if/sites.geojson?closes=S003",
    "/api/estate/siting?p=1",
    "/api/estate/siting.geojson?p=1",
    "/api/estate/siting.csv?p=1",
    "/api/estate/scenarios",
    "/api/estate/scenarios.csv",
    "/api/street-safe/statistics",
    "/api/street-safe/statistics.csv",
)
API = (
    *(f"/api/layers/{layer}{ending}" for layer in REGISTRY.ids for ending in (
        ".geojson", ".geojson?limit=3", ".csv", "/figures")),
    "/api/layers",
    "/api/layers/sites/figures?public_access=unknown&public_access=none",
    "/api/layers/visits.csv?from=2020&to=2030",
    TILE,
    CELL,
    "/ground/npas.geojson",
    "/ground/npas.geojson?zoom=12",
    "/ground/districts.geojson",
    "/ground/settlements.geojson",
    "/api/visits/commitment.geojson",
    "/api/visits/commitment.csv?from=2023-04&to=2024-03",
    "/api/visits/outcomes.csv",
    "/api/estate/register?as_of=2024-06-30&compare_to=2016",
    "/api/estate/land.csv",
    "/api/estate/projects.csv",
    "/api/estate/section_106.csv",
    "/api/estate/strategy?as_of=2024-06-30",
    "/api/estate/coverage?distance_m=5000&as_of=2024-06-30",
    "/api/estate/coverage.geojson",
    "/api/estate/coverage.csv?service=any",
    "/api/estate/coverage/bands.geojson",
    "/api/estate/coverage/sites.geojson?service=any",
    "/api/estate/nearest?place=Oakham",
    "/api/crime/months",
    "/api/crime/rates?type=burglary",
    "/api/crime/rates.csv?by=lsoa",
    "/api/crime/months.csv?type=burglary",
    "/api/crime/hot-spots?cell_m=2000",
    "/api/crime/hot-spots.geojson?cell_m=2000",
    "/api/crime/hot-spots.csv?cell_m=2000",
    "/api/visits/commitment/wards.geojson",
    "/api/visits/commitment/wards.csv",
    "/api/places?q=leicester",
    "/api/openapi.json",
    "/healthz",
    *FOR_STAFF,
)  # fmt: skip
TOLD_APART = (
    "/api/estate/coverage/sites.geojson?service=any",
    "/api/estate/register?as_of=2024-06-30&compare_to=2016",
    "/api/estate/land.csv",
    "/api/estate/projects.csv",
    "/api/estate/section_106.csv",
    "/api/layers/sites/figures?public_access=unknown&public_access=none",
    "/api/layers/street_safe.geojson",
    "/api/layers/street_safe.csv",
    "/api/layers/street_safe/figures",
    "/api/layers/sites.csv",
    "/api/layers",
    "/api/openapi.json",
)

Alone = dict[str, dict[str, TestResponse]]


def ask(client: FlaskClient, path: str, accept: str = "", etag: str = "") -> TestResponse:
    headers = {"Accept-Encoding": accept} | ({"If-None-Match": etag} if etag else {})
    return client.get(path, headers=headers)


@pytest.fixture(params=["public", "staff"])
def client(request: pytest.FixtureRequest) -> FlaskClient:
    found: FlaskClient = request.getfixturevalue(request.param)
    return found


def test_an_answer_says_the_same_in_every_encoding(client: FlaskClient) -> None:
    for path, kind in MADE_ONCE.items():
        plain = ask(client, path)
        assert (plain.status_code, plain.content_type) == (200, kind), path
        assert "Content-Encoding" not in plain.headers
        assert plain.data
        for accept in ("br", "gzip", "gzip, deflate, br, zstd", "identity"):
            answer = ask(client, path, accept)
            encoding = answer.headers.get("Content-Encoding", "")
            assert encoding == {"br": "br", "gzip": "gzip", "identity": ""}.get(accept, "br")
            assert UNPACK[encoding](answer.data) == plain.data
            assert answer.headers["ETag"] == plain.headers["ETag"]
            assert answer.content_length == len(answer.data)
            assert answer.content_type == kind
            assert not encoding or len(answer.data) < len(plain.data)


def test_an_unchanged_answer_is_not_sent_again_in_any_encoding(client: FlaskClient) -> None:
    for path in MADE_ONCE:
        etag = ask(client, path).headers["ETag"]
        for accept in ("", "identity", "gzip", "br", "gzip, br"):
            for match in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
                answer = ask(client, path, accept, match)
                assert (answer.status_code, answer.data) == (304, b""), path
                assert "Content-Encoding" not in answer.headers
                assert answer.headers["ETag"] == etag
                assert {"Cookie", "Accept-Encoding"} <= set(answer.headers["Vary"].split(", "))
            assert ask(client, path, accept, 'W/"another"').status_code == 200


def test_what_an_answer_depends_on_is_said(client: FlaskClient) -> None:
    for path in MADE_ONCE:
        for accept in ("", "br"):
            vary = ask(client, path, accept).headers["Vary"].split(", ")
            assert {"Cookie", "Accept-Encoding"} <= set(vary), path
            assert len(vary) == len(set(vary))


@pytest.mark.parametrize(
    ("accept", "encodings"),
    [
        ("", {""}),
        ("identity", {""}),
        ("br;q=0, gzip", {"gzip"}),
        ("gzip;q=0, br", {"br"}),
        ("GZIP", {"gzip"}),
        ("x-snappy", {""}),
        ("*", {"br", "gzip", ""}),
        ("*;q=0", {""}),
        ("br;q=0, *", {"gzip", ""}),
        ("nonsense;;q=x,,", {""}),
    ],
)
def test_only_an_encoding_that_is_taken_is_sent(
    public: FlaskClient, accept: str, encodings: set[str]
) -> None:
    for path in MADE_ONCE:
        answer = ask(public, path, accept)
        assert answer.status_code == 200
        encoding = answer.headers.get("Content-Encoding", "")
        assert encoding in encodings
        assert UNPACK[encoding](answer.data) == ask(public, path).data


def test_a_tile_is_plain_for_who_takes_no_encoding_of_ours(public: FlaskClient) -> None:
    for accept in ("br;q=0, gzip;q=0", "deflate", "zstd", "br;q=0, gzip;q=0, *;q=0"):
        answer = ask(public, TILE, accept)
        assert answer.data == ask(public, TILE).data
        assert "Content-Encoding" not in answer.headers


def test_what_is_short_is_sent_as_it_is(public: FlaskClient) -> None:
    answer = ask(public, "/api/layers/crime/tiles/9/0/0.mvt", "br, gzip")
    assert (answer.data, answer.headers.get("Content-Encoding")) == (b"", None)
    longest = rendered.WORTH_COMPRESSING_BYTES
    short = ask(public, "/api/layers/visits.csv?from=1990&to=1990", "br, gzip")
    assert 0 < len(short.data) < longest
    assert "Content-Encoding" not in short.headers


class Counted:
    """A function, and how often it was called."""

    def __init__(self, function: Any) -> None:
        self.function, self.times = function, 0

    def __call__(self, *args: Any) -> Any:
        self.times += 1
        return self.function(*args)


@pytest.fixture
def packing(monkeypatch: pytest.MonkeyPatch) -> dict[str, Counted]:
    """How often each encoding compresses."""
    counted = {name: Counted(pack) for name, pack in rendered._PACK.items()}
    for name, pack in counted.items():
        monkeypatch.setitem(rendered._PACK, name, pack)
    return counted


def test_an_answer_is_made_once_and_compressed_once_for_each_audience(
    app: Flask, as_staff: AsStaff, packing: dict[str, Counted], monkeypatch: pytest.MonkeyPatch
) -> None:
    making = Counted(figures._figures)
    monkeypatch.setattr(figures, "_figures", making)
    path, public = "/api/layers/crime/figures", Browser(app)
    for _ in range(3):
        for accept in ("br", "gzip", "", "gzip, br"):
            assert ask(public, path, accept).status_code == 200
    assert making.times == 1
    assert {name: pack.times for name, pack in packing.items()} == {"br": 1, "gzip": 1}
    staff = as_staff(app)
    for accept in ("br", "br", ""):
        ask(staff, path, accept)
    assert making.times == 2
    assert packing["br"].times == 2
    ask(public, f"{path}?npa=NA", "br")
    assert (making.times, packing["br"].times) == (3, 3)
    for address in (path, f"{path}?npa=NA"):
        ask(public, address, "br")
    assert (making.times, packing["br"].times) == (3, 3)


def test_an_unchanged_answer_is_not_compressed(
    public: FlaskClient, packing: dict[str, Counted]
) -> None:
    etag = ask(public, TILE).headers["ETag"]
    assert ask(public, TILE, "br", etag).status_code == 304
    assert public.head(TILE, headers={"If-None-Match": etag}).status_code == 304
    assert packing["br"].times == 0


def test_the_same_question_put_otherwise_is_made_once(
    public: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    making = Counted(tiles.tile_of)
    monkeypatch.setattr(tiles, "tile_of", making)
    answers = [
        public.get(f"{TILE}?{query}")
        for query in ("npa=NA&npa=NC", "npa=NC&npa=NA", "npa=NC&npa=NA&type=&v=1", "npa=NA&npa=NC")
    ]
    assert len({answer.data for answer in answers}) == 1
    assert making.times == 1


def test_many_who_ask_at_once_are_all_answered_from_one(
    app: Flask, packing: dict[str, Counted]
) -> None:
    def asked(number: int) -> bytes:
        answer = ask(Browser(app), TILE, ("br", "gzip", "")[number % 3])
        assert answer.status_code == 200
        return bytes(UNPACK[answer.headers.get("Content-Encoding", "")](answer.data))

    with ThreadPoolExecutor(6) as threads:
        found = set(threads.map(asked, range(12)))
    assert len(found) == 1
    assert {name: pack.times for name, pack in packing.items()} == {"br": 1, "gzip": 1}


def test_a_failure_is_not_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("not prepared for")

    public = Browser(app)
    with monkeypatch.context() as patched:
        patched.setattr(figures, "_figures", fails)
        assert ask(public, "/api/layers/sites/figures").status_code == 500
    assert ask(public, "/api/layers/sites/figures").status_code == 200


@pytest.fixture(scope="module")
def alone(demo_path: Path) -> Alone:
    """What each audience is answered where the other never asked anything."""
    answers: Alone = {}
    for name in ("staff", "public"):
        workspace = Workspace.open(demo_path, REGISTRY.schemas)
        link = StaffLink()
        app = create_app(Settings(demo_path), workspace, Clock(), link)
        client = Browser(app)
        if name == "staff":
            assert client.get(f"/staff/{link.token}").status_code == 302
        answers[name] = {path: ask(client, path) for path in API}
        workspace.close()
    return answers


@pytest.mark.parametrize("order", ["staff first", "public first"])
def test_no_audience_is_ever_given_the_other_s_answer(
    alone: Alone, demo_path: Path, make_app: MakeApp, as_staff: AsStaff, order: str
) -> None:
    workspace = Workspace.open(demo_path, REGISTRY.schemas)
    app = make_app(workspace)
    clients = {"staff": as_staff(app), "public": Browser(app)}
    names = list(clients) if order == "staff first" else list(clients)[::-1]
    for path in API:
        for name in (*names, *names):
            for accept in ("br", ""):
                answer = ask(clients[name], path, accept)
                wanted = alone[name][path]
                encoding = answer.headers.get("Content-Encoding", "")
                plain = UNPACK[encoding](answer.data)
                assert (answer.status_code, plain) == (wanted.status_code, wanted.data), path
                assert encoding or answer.headers.get("ETag") == wanted.headers.get("ETag")
                assert ("no-store" in answer.headers["Cache-Control"]) is (name == "staff")
    workspace.close()


def test_the_audiences_are_told_apart_where_they_must_be(alone: Alone) -> None:
    for path in API:
        staff, public = alone["staff"][path], alone["public"][path]
        allowed = 403 if path in FOR_STAFF else 200
        assert (staff.status_code, public.status_code) == (200, allowed), path
        if path in TOLD_APART:
            assert staff.data != public.data, path
            assert staff.headers["ETag"] != public.headers["ETag"]


def test_the_mark_of_the_other_audience_s_answer_opens_nothing(
    alone: Alone, app: Flask, as_staff: AsStaff
) -> None:
    clients = {"staff": as_staff(app), "public": Browser(app)}
    for path in TOLD_APART:
        for name, other in (("public", "staff"), ("staff", "public")):
            answer = ask(clients[name], path, etag=alone[other][path].headers["ETag"])
            assert (answer.status_code, answer.data) == (200, alone[name][path].data), path


def test_every_address_of_the_api_was_asked(app: Flask) -> None:
    adapter = app.url_map.bind("127.0.0.1")
    asked = {adapter.match(path.partition("?")[0])[0] for path in API}
    ours = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/ground/", "/healthz"))
    }
    assert asked == ours <= set(ENDPOINTS)


def test_one_browser_that_becomes_staff_and_the_public_again(app: Flask, alone: Alone):
    path = "/api/layers/street_safe.csv"
    client = Browser(app)
    assert ask(client, path).data == alone["public"][path].data
    client.get(f"/staff/{app.extensions['patchmap'].staff_link.token}")
    assert ask(client, path).data == alone["staff"][path].data
    client.get("/leave-staff")
    assert ask(client, path).data == alone["public"][path].data


def test_long_addresses_do_not_fill_the_memory(
    public: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "KEPT_BYTES", 10 * ENTRY_BYTES)
    have, making = public.application.extensions["patchmap"], Counted(figures._cell)
    monkeypatch.setitem(
        public.application.extensions, "patchmap", replace(have, answers=kept_bodies())
    )
    monkeypatch.setattr(figures, "_cell", making)
    corners = " ".join(f"{-1.2 + n / 1000:.5f},{52.6 + n * n / 1e5:.5f}" for n in range(100))
    for _ in range(2):
        for north in (52.7, 52.8):
            path = f"{CELL}?bbox=-1.3,52.5,-1.0,{north}"
            assert ask(public, path).status_code == 200
    assert making.times == 2, "both are kept"
    for _ in range(2):
        for north in (52.7, 52.8):
            path = f"{CELL}?bbox=-1.3,52.5,-1.0,{north}&area={corners}"
            assert ask(public, path).status_code == 200
    assert making.times == 6, "what is read from the addresses does not leave room for both"


def test_empty_answers_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "KEPT_BYTES", 100 * ENTRY_BYTES)
    kept, made = kept_bodies(), []

    def ask_for(number: int) -> None:
        kept.get(("tile", number), "1", lambda: made.append(number) or Body(b"", "nothing"))

    for number in range(300):
        ask_for(number)
    ask_for(299)
    assert len(made) == 300, "the last is kept"
    ask_for(0)
    assert len(made) == 301, "the first is not"


def test_a_mark_is_short_and_of_its_version_alone() -> None:
    marks = {rendered.mark_of(version) for version in ("", "1", "2", "1/2026-11-22/é")}
    assert len(marks) == 4
    assert all(len(mark) == 12 and mark.isalnum() for mark in marks)
    assert rendered.mark_of("1") == rendered.mark_of("1")


def test_a_large_tile_travels_light(public: FlaskClient) -> None:
    plain, packed = ask(public, TILE), ask(public, TILE, "br")
    assert len(packed.data) * 3 < len(plain.data)
