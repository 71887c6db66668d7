"""Embedded maps: the public's view alone whoever asks, and framed by the listed sites alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.errors import InvalidValue
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import StaffLink
from server.app import create_app
from server.embed.maps import PAGES
from server.settings import Settings
from tests.server.conftest import AsStaff, Browser, Clock, MakeApp, ReadPage
from tests.server.test_commitment import VISITS_OF_ALL_KINDS, WITH_STOPS
from tests.server.test_headers import directives

SITES = ("https://www.council.example", "http://intranet.example:8080")
LAYERS = {
    "visits": ("visits",),
    "estate": ("sites",),
    "street-safe": ("street_safe",),
    "people-zones": ("people_zones",),
    "commitment": ("commitment", "wards_without_stop"),
}
ADDRESSES = (
    *(f"/embed/{page}{ending}" for page in PAGES for ending in ("", "/map.js", "/picture.svg")),
    *(f"/embed/{page}/{layer}.geojson" for page, layers in LAYERS.items() for layer in layers),
)


@pytest.fixture
def framed(demo: Workspace, clock: Clock) -> Flask:
    """An app whose maps two sites may frame."""
    return create_app(Settings(demo.path, embed_sites=SITES), demo, clock, StaffLink())


def test_every_map_with_its_layers_is_asked_for() -> None:
    assert set(LAYERS) == set(PAGES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_staff_are_answered_as_the_public(framed: Flask, as_staff: AsStaff, address: str) -> None:
    staff, public = as_staff(framed), Browser(framed)
    for client in (staff, public, staff):  # whatever is kept of the other's answer
        answered = client.get(address)
        assert answered.status_code == 200, answered.text
        assert answered.data == public.get(address).data
        assert "not for publication" not in answered.text
        assert "Staff view" not in answered.text
    assert "Staff view" in staff.get("/maps/visits").text, "the session is a session of staff"


@pytest.mark.parametrize("first", ["public", "staff"])
def test_no_visit_for_staff_or_to_come_is_embedded(
    tmp_path: Path, make_app: MakeApp, as_staff: AsStaff, first: str
) -> None:
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    file = tmp_path / "visits.csv"
    file.write_text(VISITS_OF_ALL_KINDS)
    REGISTRY.get("visits").take(read_table(file), workspace, Intake(datetime(2026, 11, 22)))
    app = make_app(workspace)
    clients = {"public": Browser(app), "staff": as_staff(app)}
    query = "from=2026-01&to=2026-12"
    for who in (first, *({"public", "staff"} - {first})):
        client = clients[who]
        document = client.get(f"/embed/visits/visits.geojson?{query}").get_json()
        assert [each["properties"]["visit_id"] for each in document["features"]] == ["A1"]
        areas = client.get(f"/embed/commitment/commitment.geojson?{query}").get_json()
        assert sum(each["properties"]["stops"] for each in areas["features"]) == 1
        assert WITH_STOPS["public"] in client.get(f"/embed/commitment?{query}").text
        own = client.get(f"/api/layers/visits.geojson?{query}").get_json()
        assert len(own["features"]) == (4 if who == "staff" else 1)
    workspace.close()


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_sets_or_asks_for_a_cookie(framed: Flask, as_staff: AsStaff, address: str) -> None:
    for client in (Browser(framed), as_staff(framed)):
        headers = client.get(address).headers
        assert "Set-Cookie" not in headers
        assert "Cookie" not in headers.get("Vary", "")
        assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("page", [*PAGES, "nothing", "visits?npa=QQ"])
def test_the_listed_sites_may_frame_a_map_and_its_refusals(framed: Flask, page: str) -> None:
    headers = Browser(framed).get(f"/embed/{page}").headers
    policy = directives(headers["Content-Security-Policy"])
    assert policy["frame-ancestors"] == list(SITES)
    assert "X-Frame-Options" not in headers
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "address",
    ["/", "/maps/visits", "/visits/commitment", "/layers/visits", "/embed/visits/map.js",
     "/embed/visits/picture.svg", "/embed/visits/visits.geojson", "/embed", "/embed/visits/x",
     "/visits/briefing", "/maps/visits?npa=QQ", "/api/layers"],
)  # fmt: skip
def test_nothing_else_may_be_framed(framed: Flask, as_staff: AsStaff, address: str) -> None:
    for client in (Browser(framed), as_staff(framed)):
        headers = client.get(address).headers
        policy = directives(headers["Content-Security-Policy"])
        assert policy["frame-ancestors"] == ["'none'"]
        assert headers["X-Frame-Options"] == "DENY"


def test_without_a_listed_site_no_map_may_be_framed_and_the_page_says_how(
    public: FlaskClient, framed: Flask
) -> None:
    answered = public.get("/embed/visits")
    assert answered.headers["X-Frame-Options"] == "DENY"
    assert directives(answered.headers["Content-Security-Policy"])["frame-ancestors"] == ["'none'"]
    said = "whoever runs this copy names those that may"
    assert said in answered.text
    assert said not in Browser(framed).get("/embed/visits").text


@pytest.mark.parametrize(
    "site",
    ["https://*.example", "https://council.example/", "https://council.example/page", "*",
     "council.example", "https://council.example;", "'self'", "data:", "https://",
     "https://council.example:0", "https://a.example,https://b.example"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_at_the_start(site: str) -> None:
    with pytest.raises(InvalidValue, match="PATCHMAP_EMBED_SITES must list origins"):
        Settings.from_env({"PATCHMAP_EMBED_SITES": f"https://www.council.example {site}"})


def test_sites_are_read_from_the_environment() -> None:
    given = "  https://WWW.council.example   http://127.0.0.1:5000 "
    settings = Settings.from_env({"PATCHMAP_EMBED_SITES": given})
    assert settings.embed_sites == ("https://www.council.example", "http://127.0.0.1:5000")
    assert Settings.from_env({}).embed_sites == ()


def figure_of(text: str) -> str:
    found = re.search(r"[\d,]+ (?:stops?|days of visits with [\d,]+ stops?)", text)
    assert found is not None
    return found.group()


@pytest.mark.parametrize(
    ("embed", "full"),
    [("/embed/visits", "/maps/visits"), ("/embed/commitment", "/visits/commitment")],
)
@pytest.mark.parametrize("query", ["", "from=2023-04&to=2024-03", "visitor=PCC&from=2024&to=2024"])
def test_a_map_takes_the_parameters_of_its_page_and_says_the_same(
    public: FlaskClient, read_page: ReadPage, embed: str, full: str, query: str
) -> None:
    small, large = public.get(f"{embed}?{query}").text, public.get(f"{full}?{query}").text
    assert figure_of(small) == figure_of(large)
    page = read_page(small)
    opened = [a for tag, a in page.tags if tag == "a" and a.get("target")]
    assert [a["rel"] for a in opened] == ["noopener", "noopener"]
    assert {a["target"] for a in opened} == {"_blank"}
    whole, table = (a["href"] for a in opened)
    assert figure_of(public.get(whole).text) == figure_of(large)
    assert public.get(table).status_code == 200
    for name, values in parse_qs(query).items():
        if name == "visitor":
            assert parse_qs(urlsplit(whole).query)[name] == values


@pytest.mark.parametrize("page", PAGES)
def test_a_map_has_its_key_its_sources_and_no_navigation(
    public: FlaskClient, read_page: ReadPage, page: str
) -> None:
    text = public.get(f"/embed/{page}").text
    read = read_page(text)
    tags = [tag for tag, _ in read.tags]
    assert "nav" not in tags
    assert "form" not in tags
    assert "header" not in tags
    assert tags.count("h1") == 1
    assert "Contains OS data" in text
    assert "legend-list" in text
    assert not read.scripts
    own = [a["src"] for tag, a in read.tags if tag == "script"]
    assert own[-1].startswith(f"/embed/{page}/map.js")


@pytest.mark.parametrize("page", PAGES)
def test_the_script_fetches_nothing_that_answers_staff_otherwise(
    public: FlaskClient, page: str
) -> None:
    script = public.get(f"/embed/{page}/map.js").text
    fetched = re.findall(r'"url": "([^"?]+)', script)
    assert {path for path in fetched if not path.startswith("/ground/")} == {
        f"/embed/{page}/{layer}.geojson" for layer in LAYERS[page]
    }
    assert "/api/" not in script


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/embed/crime", 404, "one of visits, estate, street-safe, people-zones, commitment"),
        ("/embed/visits?npa=QQ", 400, "npa must be one of"),
        ("/embed/commitment?npa=NA", 400, "given 'npa'"),
        ("/embed/visits?on=everything", 400, "on must be none"),
        ("/embed/visits/sites.geojson", 404, "This map has the layers visits"),
        ("/embed/visits/picture.svg?size=huge", 400, "size can be narrow"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(
    public: FlaskClient, address: str, status: int, said: str
) -> None:
    answered = public.get(address)
    assert answered.status_code == status
    assert said in answered.text.replace("&#39;", "'")
    if "." not in address:
        assert "<nav" not in answered.text


def test_a_layer_that_is_off_is_not_drawn(public: FlaskClient) -> None:
    assert "Type of visit" in public.get("/embed/visits/picture.svg").text
    assert "Type of visit" not in public.get("/embed/visits/picture.svg?on=outlines").text
    narrow = public.get("/embed/visits/picture.svg?size=narrow").text
    assert re.search(r'<svg[^>]* width="360"', narrow)


def test_a_workspace_without_visits_says_so_in_the_frame(tmp_path: Path, make_app: MakeApp) -> None:
    workspace = Workspace.open(tmp_path, REGISTRY.schemas)
    client = Browser(make_app(workspace))
    answered = client.get("/embed/commitment")
    assert (answered.status_code, "No visit is held" in answered.text) == (400, True)
    assert client.get("/embed/visits").status_code == 200
    workspace.close()


def test_settings_stay_frozen_values() -> None:
    settings = replace(Settings(Path("w")), embed_sites=SITES)
    assert hash(settings)
