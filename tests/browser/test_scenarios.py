"""Pages on changes of the estate: they fit, axe finds nothing, a keyboard saves and compares."""

from __future__ import annotations

import re
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
from tests.browser.conftest import NOW, one_visit, serving, with_link
from tests.browser.pages import WIDTHS, checked, resize, stand_still
from tests.browser.test_views import LAYOUT, TARGETS

pytestmark = pytest.mark.browser(limit_s=240)

CHANGED = "closes=S003&opens=Hinckley&homes=Oadby:300&homes=Syston:1200"
WHAT_IF = f"/estate/what-if?{CHANGED}"
PAGES = (
    WHAT_IF,
    "/estate/siting?p=2&homes=Oadby:300&homes=Syston:1200",
    "/estate/programme",
    "/estate/scenarios",
)


@pytest.fixture
def office(chromium: Chromium, loaded: Workspace, tmp_path: Path):
    """A visit of staff to a copy of the demonstration, which may be changed."""
    shutil.copytree(loaded.path, tmp_path / "workspace")
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    link = StaffLink()
    app = create_app(Settings(workspace.path), workspace, lambda: NOW, link)
    with serving(app) as home, one_visit(chromium, home, with_link(link)) as visitor:
        visitor.page.set_default_timeout(60_000)  # siting takes its seconds
        yield visitor
    workspace.close()


def faults(visitor) -> list:
    return [
        *checked(visitor.page, *LAYOUT, *TARGETS, "unmarkedControls"),
        *visitor.axe_findings(),
    ]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_accessible(staffed, path, scheme):
    staffed.page.set_default_timeout(60_000)
    staffed.page.emulate_media(color_scheme=scheme)
    staffed.open(path)
    stand_still(staffed.page)
    for width in WIDTHS:
        resize(staffed.page, width)
        assert faults(staffed) == [], f"{path} at {width} px"
    staffed.page.emulate_media(color_scheme="light")
    resize(staffed.page, 1280)


PICKED = re.compile(r"-?\d+\.\d+, -?\d+\.\d+")
CENTRE = """() => {
    const {lat, lng} = patchmap.maps[0].getCenter();
    return [lat, lng].map((value) => Number(value.toFixed(5))).join(", ");
}"""


def opened(visitor, path=WHAT_IF, label="Open a site at"):
    """A page with a button that picks a place for a field, and that field."""
    visitor.open(path)
    stand_still(visitor.page)
    button = visitor.page.get_by_role("button", name=f"Choose on the map: {label}", exact=True)
    return button, visitor.page.get_by_label(label, exact=True)


def test_a_place_is_picked_by_a_click_and_opens_a_site(staffed):
    page = staffed.page
    button, field = opened(staffed)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    panel = page.get_by_role("region", name="Choose a place")
    expect(panel.get_by_role("status")).to_contain_text("Press the map at the place.")
    page.locator("[data-map]").click(position={"x": 120, "y": 150})
    expect(field).to_be_focused()
    expect(field).to_have_value(PICKED)
    assert field.input_value() != page.evaluate(CENTRE)
    expect(panel).to_be_hidden()
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    place = field.input_value()
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator(".changes")).to_contain_text(f"A site opens at {place}")


def test_a_place_is_picked_by_keyboard_alone(staffed):
    page = staffed.page
    button, field = opened(staffed, label="Move it to")
    button.press("Enter")
    before = page.evaluate(CENTRE)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"before => ({CENTRE})() !== before", arg=before)
    page.wait_for_function("() => !patchmap.maps[0]._panAnim?._inProgress")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value(page.evaluate(CENTRE))
    button.press("Enter")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(field).to_have_value(PICKED)
    page.locator("[data-map]").press("Enter")
    expect(page.get_by_role("region", name="Choose a place")).to_be_hidden()


@pytest.mark.parametrize(
    ("path", "label"), [(WHAT_IF, "Open a site at"), ("/estate/siting?p=1", "Plan homes at")]
)
def test_the_crosshair_is_taken_by_a_button_at_every_width(staffed, path, label):
    page = staffed.page
    page.set_default_timeout(60_000)
    button, field = opened(staffed, path, label)
    button.click()
    for width in WIDTHS:
        resize(page, width)
        assert faults(staffed) == [], f"{path} at {width} px"
    panel = page.get_by_role("region", name="Choose a place")
    panel.get_by_role("button", name="Use the place at the crosshair").click()
    expect(field).to_be_focused()
    expect(field).to_have_value(page.evaluate(CENTRE))


def test_scenarios_are_saved_and_compared_by_keyboard(office):
    page = office.page
    for name, path in (("More in the south", WHAT_IF), ("Longest" * 12, "/estate/what-if")):
        office.open(path)
        stand_still(page)
        page.get_by_label("Name").fill(name)
        page.get_by_role("button", name="Save the scenario").press("Enter")
        done = page.get_by_role("status", name="Done")
        expect(done).to_contain_text("was saved.")
        expect(page.locator(".confirmation")).to_be_focused()
    for box in page.get_by_role("checkbox").all():
        box.press("Space")
    page.get_by_role("button", name="Compare those ticked").press("Enter")
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    for width in WIDTHS:
        resize(page, width)
        assert faults(office) == [], f"at {width} px"


def test_a_scenario_without_a_name_says_so_at_the_top(office):
    page = office.page
    office.open(WHAT_IF)
    stand_still(page)
    page.get_by_label("Note").fill("Do not lose this")
    page.get_by_role("button", name="Save the scenario").click()
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("Name is needed.")
    summary.get_by_role("link").click()
    assert page.evaluate("document.activeElement.name") == "name"
    assert page.get_by_label("Note").input_value() == "Do not lose this"
    stand_still(page)
    assert faults(office) == []
    office.problems[:] = [text for text in office.problems if "status of 400" not in text]
