"""A map in the page of another site: shown to those listed, refused to others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, Frame, Page

from layers.workspace import Workspace
from server.access import StaffLink
from server.app import create_app
from server.settings import Settings
from tests.browser.conftest import NOW, serving

WIDTHS = (320, 900)
REFUSED = "chrome-error://chromewebdata/"
READY = """() => {
    const said = document.querySelector(".map-status")?.textContent ?? "";
    return said !== "" && !said.includes("loading");
}"""


def page_of_a_council(framed: list[str]) -> Flask:
    """A site whose one page has a frame; its address is known once the other server runs."""
    app = Flask("council")

    @app.get("/")
    def page() -> str:
        frames = "".join(
            f'<iframe src="{address}" title="Visits" width="100%" height="900"></iframe>'
            for address in framed
        )
        return f"<!DOCTYPE html><html lang=en><title>Council</title>{frames}"

    return app


@contextmanager
def opened(browser: Browser, **options: object) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 900, "height": 1000}, **options)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def sites(loaded: Workspace) -> Iterator[tuple[str, str, str, StaffLink]]:
    """The addresses of a listed site, another one, and a Patchmap; and its link for staff."""
    framed: list[str] = []
    link = StaffLink()
    with serving(page_of_a_council(framed)) as listed, serving(page_of_a_council(framed)) as other:
        settings = Settings(loaded.path, embed_sites=(listed,))
        with serving(create_app(settings, loaded, lambda: NOW, link)) as home:
            framed.append(f"{home}/embed/visits?from=2023-04-01&to=2024-03-31")
            yield listed, other, home, link


def frame_of(page: Page, site: str) -> Frame:
    page.goto(site)
    page.wait_for_load_state("load")
    (frame,) = page.main_frame.child_frames
    return frame


def test_a_listed_site_shows_the_map(browser: Browser, sites) -> None:
    listed, _, home, _ = sites
    with opened(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        frame = frame_of(page, listed)
        frame.wait_for_function(READY)
        assert frame.locator("h1").inner_text() == "Community visits"
        assert "records on the map" in frame.locator(".map-status").inner_text()
        assert frame.locator(".map-marker").count() > 0
        assert not [url for url in asked if not url.startswith((home, listed))]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 1000})
            page.wait_for_timeout(150)
            assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.context.cookies() == []
        with page.context.expect_page() as whole:
            frame.get_by_role("link", name="The whole page").click()
        assert whole.value.url.startswith(f"{home}/maps/visits?from=2023-04-01")


def test_another_site_is_refused(browser: Browser, sites) -> None:
    _, other, _, _ = sites
    with opened(browser) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        frame = frame_of(page, other)
        page.wait_for_timeout(300)
        assert frame.url == REFUSED
        assert frame.get_by_text("Community visits").count() == 0
        assert any("frame-ancestors" in text for text in said)


def test_a_page_that_is_not_made_for_it_is_refused_to_a_listed_site(
    browser: Browser, loaded: Workspace
) -> None:
    framed: list[str] = []
    with serving(page_of_a_council(framed)) as listed:
        settings = Settings(loaded.path, embed_sites=(listed,))
        with serving(create_app(settings, loaded, lambda: NOW)) as home, opened(browser) as page:
            framed.append(f"{home}/maps/visits")
            frame = frame_of(page, listed)
            page.wait_for_timeout(300)
            assert frame.url == REFUSED


def test_a_frame_in_a_browser_of_staff_shows_what_the_public_sees(browser: Browser, sites) -> None:
    """Both addresses are of one host, so the browser sends its cookie into the frame."""
    listed, _, home, link = sites
    with opened(browser) as page:
        page.goto(f"{home}/staff/{link.token}")
        assert page.get_by_text("Staff view", exact=True).count() == 1
        sent: list[str] = []
        page.on(
            "request",
            lambda request: (
                sent.append(request.all_headers().get("cookie", ""))
                if "/embed/" in request.url
                else None
            ),
        )
        frame = frame_of(page, listed)
        frame.wait_for_function(READY)
        assert any("patchmap_session" in cookie for cookie in sent)
        assert frame.get_by_text("Staff view").count() == 0
        mine = frame.evaluate("fetch('/embed/visits/visits.geojson').then(found => found.text())")
    with opened(browser) as page:
        page.goto(f"{home}/embed/visits")
        theirs = page.evaluate("fetch('/embed/visits/visits.geojson').then(found => found.text())")
    assert mine == theirs


def test_without_scripts_the_frame_has_the_picture(browser: Browser, sites) -> None:
    listed, _, _, _ = sites
    with opened(browser, java_script_enabled=False) as page:
        frame = frame_of(page, listed)
        picture = frame.locator(".map-picture img")
        assert picture.is_visible()
        assert not frame.locator(".map").is_visible()
        assert frame.get_by_role("link", name="The same as a table").is_visible()
