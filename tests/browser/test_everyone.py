"""By keyboard, by thumb, without motion, in forced colours, without JavaScript: for everyone."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.pages import (
    COMPARISONS,
    MAPS,
    PAINTED,
    asked,
    checked,
    open_page,
    stand_still,
)

pytestmark = pytest.mark.browser

CALM = {"reduced_motion": "reduce"}
ENLARGED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
SMALL = {"viewport": {"width": 320, "height": 640}}
NO_SCRIPT = {"java_script_enabled": False}
FORCED = {"forced_colors": "active"}
DARK = {"color_scheme": "dark"}
BY_THUMB = (
    ".map-toolbar, .map-moves, .timeline-buttons, .leaflet-control-zoom, .map-controls,"
    " .in-view > summary"
)
THUMB_PX = 44
RING_PX = 8
SEEN_CHANGE = 60
MOST_STOPS = 300
CRIME_CELL = "/maps/crime?view=11.75/52.63000/-1.13000"


def window(**options) -> pytest.MarkDecorator:
    """A test's kind of window."""
    return pytest.mark.parametrize("visitor", [options], ids=["-".join(options)], indirect=True)


def picture(page: Page, **options) -> np.ndarray:
    """What is seen now, as numbers."""
    shot = Image.open(io.BytesIO(page.screenshot(**options))).convert("RGB")
    return np.asarray(shot, dtype=np.int16)


def focused(page: Page, expression: str):
    return page.evaluate(f"(element => {expression})(document.activeElement)")


# Targets


@window(**PHONE)
@pytest.mark.parametrize("path", MAPS + COMPARISONS)
def test_on_a_phone_what_is_pressed_is_large_enough_for_a_thumb(visitor, path):
    open_page(visitor, path)
    assert checked(visitor.page, "tooWide", "smallTargets", "crowdedMarkers") == []
    assert asked(visitor.page, "smallTargets", BY_THUMB, THUMB_PX) == []


@pytest.mark.parametrize("visitor", [SMALL, {}], ids=["320px", "1280px"], indirect=True)
@pytest.mark.parametrize("path", ["/maps/visits", "/maps/crime"])
def test_all_that_can_be_opened_is_large_enough_too(visitor, path):
    open_page(visitor, path)
    page = visitor.page
    page.get_by_role("button", name="Draw an area").click()
    page.get_by_role("searchbox", name="Find a place").or_(
        page.get_by_role("combobox", name="Find a place")
    ).fill("lei")
    page.locator(".place-option").first.wait_for()
    page.locator("details").evaluate_all("all => all.forEach(it => { it.open = true; })")
    page.locator("[data-listed]").first.wait_for()
    assert checked(page, "tooWide", "smallTargets") == []
    assert visitor.axe_findings() == []


# Focus

STOP = f"""async () => {{
    await ({PAINTED})();
    const stop = document.activeElement;
    return stop === document.body ? [null, []]
        : [stop.dataset.stop ?? stop.outerHTML.slice(0, 80), checks.focusFaults()];
}}"""
"""What has the focus, once that has been painted, and what is wrong with it."""


def tab_through(page: Page) -> tuple[set[str], list[str]]:
    """Press Tab until the page ends: the stops that were reached, and what was wrong with them."""
    reached, faults = set(), []
    before = None
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop, wrong = page.evaluate(STOP)
        if stop is None:
            break
        if stop in reached and stop != before:
            break  # the parts of a date are stops within one field; anything else is a new round
        if stop != before:
            faults += wrong
        reached.add(stop)
        before = stop
    return reached, faults


@pytest.mark.parametrize(
    "visitor", [CALM, CALM | SMALL, CALM | FORCED], ids=["1280px", "320px", "forced"], indirect=True
)
@pytest.mark.parametrize("path", ["/", "/maps/visits", "/maps/crime", "/maps/street-safe"])
def test_tab_reaches_everything_and_the_focus_is_always_seen(visitor, path):
    open_page(visitor, path)
    names = asked(visitor.page, "numberReachable")
    reached, faults = tab_through(visitor.page)
    assert faults == []
    assert [name for index, name in enumerate(names) if str(index) not in reached] == []
    assert len(names) > 40


def ring_px(page: Page) -> float:
    """How many pixels change with the focus for each pixel of the way around what has it."""
    box = focused(
        page,
        """(({left, top, right, bottom}) => [
            Math.max(0, left), Math.max(0, top), Math.min(innerWidth, right),
            Math.min(innerHeight, bottom)])(element.getBoundingClientRect())""",
    )
    left, top, right, bottom = box
    clip = {"x": max(0, left - RING_PX), "y": max(0, top - RING_PX)}
    clip |= {"width": right + RING_PX - clip["x"], "height": bottom + RING_PX - clip["y"]}
    with_focus = picture(page, clip=clip)
    holder = page.evaluate_handle("document.activeElement")
    holder.evaluate("element => element.blur()")
    page.evaluate(PAINTED)
    changed = np.abs(picture(page, clip=clip) - with_focus).max(axis=2) > SEEN_CHANGE
    holder.evaluate("element => element.focus({preventScroll: true})")
    return changed.sum() / (2 * (right - left + bottom - top))


@pytest.mark.parametrize(
    "visitor",
    [CALM, CALM | FORCED, CALM | SMALL | DARK],
    ids=["light", "forced", "320px dark"],
    indirect=True,
)
def test_the_focus_changes_what_is_seen_all_around_what_has_it(visitor):
    """A line of one pixel at least, as is measured on the screen."""
    open_page(visitor, "/maps/visits")
    asked(visitor.page, "numberReachable")
    rings = {}
    for _ in range(MOST_STOPS):
        visitor.page.keyboard.press("Tab")
        visitor.page.evaluate(PAINTED)
        if focused(visitor.page, "element === document.body"):
            break
        stop = focused(visitor.page, "element.dataset.stop")
        if stop not in rings:
            rings[stop] = ring_px(visitor.page)
    assert len(rings) > 40
    assert min(rings.values()) >= 1


def test_a_focus_that_is_not_shown_or_covered_is_found(visitor):
    open_page(visitor, "/maps/visits")
    visitor.page.keyboard.press("Tab")
    visitor.page.wait_for_timeout(200)
    assert asked(visitor.page, "focusFaults") == []
    visitor.page.evaluate("document.activeElement.style.cssText = 'outline: 0; box-shadow: none'")
    assert ["no focus" in fault for fault in asked(visitor.page, "focusFaults")] == [True]
    visitor.page.evaluate("document.activeElement.style.cssText = 'top: -9rem; transition: none'")
    assert ["out of sight" in fault for fault in asked(visitor.page, "focusFaults")] == [True]


@pytest.mark.parametrize("tool", ["Measure", "Draw an area"])
@window(**CALM, **ENLARGED)
def test_at_400_per_cent_the_map_is_not_covered_by_its_own_tools(visitor, tool):
    open_page(visitor, "/maps/visits")
    visitor.page.get_by_role("button", name=tool).focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.evaluate(PAINTED)
    assert focused(visitor.page, "element.matches('.map')")
    assert asked(visitor.page, "focusFaults") == []
    for name in ("Add point at the crosshair", "Undo last point", "Cancel (Esc)"):
        visitor.page.get_by_role("button", name=name).focus()
        visitor.page.evaluate(PAINTED)
        assert asked(visitor.page, "focusFaults") == []


# Esc

ESCAPES = {
    "a marker's popup": ("/maps/visits", ".map-marker", "Enter", ".leaflet-popup"),
    "an area's popup": ("/maps/street-safe", "path[tabindex='0']", "Enter", ".leaflet-popup"),
    "a cell's popup": (CRIME_CELL, ".map", "Enter", ".leaflet-popup"),
    "measuring": ("/maps/visits", "[data-tool=measure]", "Enter", ".map-panel"),
    "drawing": ("/maps/crime", "[data-tool=area]", "Enter", ".map-panel"),
    "places": ("/maps/visits", ".place-search input", "m", ".place-options"),
}


@pytest.mark.parametrize("what", ESCAPES)
def test_escape_closes_what_a_key_opened_and_the_focus_is_where_it_was(visitor, what):
    path, selector, key, opened = ESCAPES[what]
    open_page(visitor, path)
    visitor.page.locator(selector).first.focus()
    before = visitor.page.evaluate_handle("document.activeElement")
    visitor.page.keyboard.press(key)
    if what == "places":
        visitor.page.keyboard.type("elton")
    part = visitor.page.locator(opened).first
    part.wait_for()
    if "popup" in what:
        assert focused(visitor.page, "element.matches('.popup')")
    visitor.page.keyboard.press("Escape")
    part.wait_for(state="hidden")
    assert visitor.page.evaluate("before => before === document.activeElement", before)


# Motion


@window(**CALM)
@pytest.mark.parametrize("path", ["/maps/visits", "/maps/crime"])
def test_nothing_moves_by_itself_where_motion_is_not_wanted(visitor, path):
    page = visitor.page
    page.goto(visitor.home + path)
    assert asked(page, "motion") == []
    visitor.settle()
    for name in ("Zoom in", "Move the map east", "Zoom out", "Reset view"):
        page.get_by_role("button", name=name).click()
        assert asked(page, "motion") == []
    page.locator(".map").focus()
    page.keyboard.press("ArrowLeft")
    assert asked(page, "motion") == []
    page.get_by_role("combobox", name="Find a place").fill("melton mowbray")
    page.locator(".place-option").first.click()
    assert asked(page, "motion") == []
    assert page.evaluate("map_area._animatingZoom || map_area._flyToFrame") in (None, False)


def test_motion_is_found_where_it_is_wanted(visitor):
    open_page(visitor, "/maps/visits")
    visitor.page.get_by_role("button", name="Zoom in").click()
    assert any("would move" in fault for fault in asked(visitor.page, "motion"))


@pytest.mark.parametrize("path", ["/maps/visits", "/maps/crime?month=2022-05"])
def test_months_do_not_play_until_they_are_told_to(visitor, path):
    visitor.page.clock.install()
    open_page(visitor, path)
    visitor.page.clock.run_for(5_000)
    stand_still(visitor.page)
    before = visitor.page.get_by_role("slider").input_value()
    asked_before = len(visitor.requests)
    visitor.page.clock.run_for(600_000)
    stand_still(visitor.page)
    assert visitor.page.get_by_role("button", name="Play").is_visible()
    assert visitor.page.get_by_role("slider").input_value() == before
    assert len(visitor.requests) == asked_before


# Forced colours


@pytest.mark.parametrize("path", MAPS)
def test_forced_colours_leave_what_a_map_and_its_legend_mean_by_colour(visitor, path):
    open_page(visitor, path)
    page = visitor.page
    shown = {"clip": page.locator(".map").bounding_box(), "full_page": True}
    told, seen = asked(page, "colours"), picture(page, **shown)
    page.emulate_media(forced_colors="active")
    stand_still(page)
    assert len(told) > 10
    assert asked(page, "colours") == told
    shown["clip"] = page.locator(".map").bounding_box()
    changed = np.abs(picture(page, **shown) - seen).max(axis=2) > 60
    assert changed.mean() < 0.01


# Without JavaScript


@window(**NO_SCRIPT)
@pytest.mark.parametrize("path", MAPS + COMPARISONS)
def test_without_javascript_there_are_words_figures_and_a_picture(visitor, path):
    page = visitor.page
    page.goto(visitor.home + path)
    assert page.locator(".caption p").first.is_visible()
    assert page.locator("main table:visible").count()
    assert page.locator("main form:visible button[type=submit]").count()
    pictures = page.locator(".map-picture img, .compare-picture")
    assert pictures.count() == (2 if path in COMPARISONS else 1)
    for index in range(pictures.count()):
        pictures.nth(index).scroll_into_view_if_needed()
        assert len(pictures.nth(index).get_attribute("alt")) > 40
    page.wait_for_load_state("networkidle")
    sizes = pictures.evaluate_all("all => all.map(it => [it.naturalWidth, it.clientWidth])")
    assert all(natural > 0 and shown > 200 for natural, shown in sizes)
    assert not page.locator(".map").first.is_visible()


@window(**NO_SCRIPT)
@pytest.mark.parametrize("path", MAPS + COMPARISONS)
def test_without_javascript_no_control_is_shown_that_does_nothing(visitor, path):
    visitor.page.goto(visitor.home + path)
    idle = visitor.page.evaluate(
        """() => [...document.querySelectorAll(
            "button, input:not([type=hidden]), select, a[href='#'], [role=button]")]
            .filter(element => element.checkVisibility())
            .filter(element => !element.form || element.type === "button")
            .map(element => element.outerHTML)"""
    )
    assert idle == []
    ids = set(visitor.page.locator("[id]").evaluate_all("all => all.map(it => it.id)"))
    within = visitor.page.locator("a[href^='#']:visible").evaluate_all(
        "all => all.map(link => link.hash.slice(1))"
    )
    assert set(within) <= ids
