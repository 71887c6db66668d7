"""The planner in a browser: it fits, axe finds nothing, and a keyboard agrees and moves days."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from layers.registry import REGISTRY
from layers.workspace import Workspace
from server.access import StaffLink
from server.app import create_app
from server.settings import Settings
from tests.browser.chromium import Chromium
from tests.browser.conftest import NOW, Visitor, one_visit, serving, with_link
from tests.browser.pages import WIDTHS, checked, resize, stand_still
from tests.browser.test_views import LAYOUT, TARGETS

pytestmark = pytest.mark.browser

PLAN = "/visits/plan?from=2025-04-01&to=2026-03-31&days=9&stops=2"


@pytest.fixture
def office(chromium: Chromium, loaded: Workspace, tmp_path: Path):
    """A visit of staff to a copy of the demonstration, which may be changed."""
    shutil.copytree(loaded.path, tmp_path / "workspace")
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    link = StaffLink()
    app = create_app(Settings(workspace.path), workspace, lambda: NOW, link)
    with serving(app) as home, one_visit(chromium, home, with_link(link)) as visitor:
        yield visitor
    workspace.close()


def opened(visitor: Visitor, path: str = PLAN) -> None:
    visitor.page.set_default_timeout(60_000)  # a plan takes its seconds
    visitor.open(path)
    stand_still(visitor.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_accessible(staffed, scheme):
    staffed.page.emulate_media(color_scheme=scheme)
    opened(staffed)
    assert staffed.page.locator("h1").inner_text() == "Where to go next"
    for width in WIDTHS:
        resize(staffed.page, width)
        assert checked(staffed.page, *LAYOUT, *TARGETS, "unmarkedControls") == []
        assert staffed.axe_findings() == []
    staffed.page.emulate_media(color_scheme="light")
    resize(staffed.page, 1280)


def test_every_stop_that_is_proposed_is_on_the_map(staffed):
    opened(staffed)
    listed = staffed.page.locator("#proposed ~ .days .stops li").count()
    assert f"{listed} records on the map" in staffed.page.locator(".map-status").inner_text()


def test_a_day_is_agreed_moved_and_called_off_by_keyboard(office):
    opened(office)
    page = office.page
    first = page.locator("#proposed ~ .days .day").first
    heading = first.locator("h3").inner_text()
    first.get_by_role("button", name="Agree").press("Enter")
    agreed = page.locator("#agreed ~ .days .day")
    expect(agreed).to_have_count(1)
    done = page.get_by_role("status", name="Done")
    expect(done).to_contain_text("Agreed: ")
    expect(page.locator(".confirmation")).to_be_focused()
    for width in WIDTHS:
        resize(page, width)
        assert checked(page, *LAYOUT) == []
        assert office.axe_findings() == []
    assert heading.startswith(agreed.locator("h3").inner_text())
    agreed.get_by_label("Date").fill("2025-05-24")
    agreed.get_by_role("button", name="Move").press("Enter")
    expect(agreed.locator("h3")).to_have_text("Saturday 24 May 2025")
    expect(done).to_contain_text("to Saturday 24 May 2025.")
    expect(agreed.get_by_text("The date cannot be used: it is a Saturday.")).to_be_visible()
    stand_still(page)
    assert office.axe_findings() == []
    agreed.get_by_role("button", name="Call off").press("Enter")
    expect(agreed).to_have_count(0)
    expect(done).to_contain_text("Called off: ")


def test_a_value_that_cannot_be_used_is_said_beside_its_control(staffed):
    opened(staffed)
    page = staffed.page
    page.get_by_label("Days", exact=True).fill("500")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("days must be a whole number from 1 to 120")
    assert page.get_by_label("Days", exact=True).input_value() == "500"
    assert page.get_by_label("Days", exact=True).get_attribute("aria-invalid") == "true"
    assert staffed.axe_findings() == []
    staffed.problems[:] = [text for text in staffed.problems if "status of 400" not in text]
