"""Headers and marks of every answer: nothing inline, nothing from elsewhere, nothing framed."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from layers.registry import REGISTRY
from layers.workspace import Workspace
from server.app import create_app
from server.requests import MAP_PAGES
from server.settings import Settings

PAGES = (
    "/",
    "/about-the-data",
    *(f"/maps/{spec.page}" for spec in MAP_PAGES),
    *(f"/layers/{layer}" for layer in REGISTRY.ids),
    "/nowhere",
    "/maps/visits?from=never",
)
OTHERS = (
    "/maps/visits/map.js",
    "/api/layers",
    "/api/layers/visits.csv",
    "/api/layers/visits.geojson",
    "/api/layers/nothing.csv",
    "/ground/npas.geojson",
    "/healthz",
    "/static/patchmap.css",
    "/static/nothing.css",
    "/leave-staff",
    "/staff/guess",
)


def directives(policy: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_every_answer_is_guarded(public: FlaskClient, path: str) -> None:
    with public.get(path) as answer:
        policy = directives(answer.headers["Content-Security-Policy"])
        assert policy.get("script-src", policy["default-src"]) == ["'self'"]
        assert policy.get("style-src", policy["default-src"]) == ["'self'"]
        assert not re.search("unsafe|nonce|http:|https:", answer.headers["Content-Security-Policy"])
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        assert policy["form-action"] == ["'self'"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "charset=utf-8" in answer.headers["Content-Type"] or "json" in answer.content_type


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_nothing_inline_and_names_no_other_host(
    public: FlaskClient, read_page, path: str
) -> None:
    page = read_page(public.get(path).get_data(as_text=True))
    assert not page.scripts
    for tag, attrs in page.tags:
        assert tag not in ("style", "base", "iframe", "object", "embed"), tag
        assert "style" not in attrs, (tag, attrs)
        assert not [name for name in attrs if name.startswith("on")], (tag, attrs)
        if tag == "script":
            assert attrs["src"].startswith("/")
    assert page.links()
    for link in page.links():
        assert re.match(r"/(?!/)|#", link), link
        if link.startswith("/static/"):
            with public.get(link) as answer:
                assert answer.status_code == 200, link


def test_a_basemap_may_send_images_and_nothing_else(demo: Workspace, clock) -> None:
    tiles = "https://{s}.tiles.example/{z}/{x}/{y}.png?key=1"
    settings = Settings(demo.path, basemap_url=tiles, basemap_attribution="Tiles Example")
    app = create_app(settings, demo, clock)
    headers = app.test_client().get("/healthz").headers
    policy = directives(headers["Content-Security-Policy"])
    assert policy["img-src"] == ["'self'", "data:", "https://*.tiles.example"]
    assert policy["default-src"] == ["'self'"]
