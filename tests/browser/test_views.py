"""Every page at every width and in every colour, enlarged and spread: axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Visit, Visitor, visiting
from tests.browser.pages import (
    PAGES,
    WIDTHS,
    checked,
    open_page,
    resize,
    stand_still,
)

pytestmark = pytest.mark.browser

LAYOUT = ("tooWide", "sidewaysFrames", "clippedText", "overlappingText")
TARGETS = ("smallTargets", "crowdedMarkers")
SPREAD = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
        p { margin-bottom: 2em !important; }
    `);
    document.adoptedStyleSheets = [sheet];
}"""  # noqa: E501
"""The spacing of text that WCAG 1.4.12 says a reader may ask for."""

PLANTED = {
    "tooWide": ("h1", "width: 2000px"),
    "clippedText": (".caption", "height: 9px; overflow: hidden"),
    "overlappingText": ("h1", "margin: 0 0 -4rem"),
    "smallTargets": (".filters button", "min-height: 0; height: 23px"),
    "crowdedMarkers": (".map-marker", "transform: none; left: 9px; top: 9px"),
    "sidewaysFrames": (".legends", "width: 9px; overflow: auto"),
    "unmarkedControls": (".filters button", "border: 0"),
    "cellsTooWide": (".table-region caption", "max-width: none; width: 2000px"),
}
"""For each check where on a map's page, and by which style, a fault is made that it has to find."""


@pytest.fixture(scope="module", params=PAGES)
def opening(chromium, live_url, request) -> Iterator[Visit]:
    """A page that is loaded once and then looked at in many ways."""
    with visiting(chromium, live_url, lambda visitor: open_page(visitor, request.param)) as visit:
        yield visit


@pytest.fixture
def opened(opening) -> Visitor:
    return opening.visitor


@pytest.fixture
def colours(opened) -> Iterator[Visitor]:
    """The page, to be seen in other colours, which are put back."""
    yield opened
    opened.page.emulate_media(color_scheme="light", forced_colors="none")


# In an order in which a page seldom has to take another size.


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_fits_its_width_and_is_accessible(opened, width):
    resize(opened.page, width)
    assert opened.page.locator("h1").count() == 1
    assert checked(opened.page, *LAYOUT, *TARGETS) == []
    assert opened.axe_findings() == []


@pytest.mark.parametrize("width", [1280, 320])
def test_dark_colours_are_accessible_too(colours, width):
    resize(colours.page, width)
    colours.page.emulate_media(color_scheme="dark")
    assert colours.axe_findings() == []


def test_on_a_phone_every_cell_and_caption_can_be_seen_whole(opened):
    resize(opened.page, 320)
    assert checked(opened.page, "cellsTooWide") == []


@pytest.mark.parametrize("width", [320, 1280])
def test_forced_colours_are_accessible_too(colours, width):
    resize(colours.page, width)
    colours.page.emulate_media(forced_colors="active")
    assert checked(colours.page, "unmarkedControls") == []
    assert colours.axe_findings() == []


@pytest.mark.parametrize("width", [1280, 320])
def test_text_spread_as_a_reader_wants_it_loses_nothing(opened, width):
    resize(opened.page, width)
    opened.page.evaluate(SPREAD)
    stand_still(opened.page)
    faults = checked(opened.page, *LAYOUT, "smallTargets")
    opened.page.evaluate("() => { document.adoptedStyleSheets = []; }")
    assert faults == []


def test_a_page_enlarged_to_400_per_cent_is_read_in_one_direction(opened):
    """A window of 1280 by 1024 pixels, of which each is then four by four."""
    session = opened.page.context.new_cdp_session(opened.page)
    resize(opened.page, 320, 256)
    enlarged = {"width": 320, "height": 256, "deviceScaleFactor": 4, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", enlarged)
    stand_still(opened.page)
    assert opened.page.evaluate("devicePixelRatio") == 4
    faults = checked(opened.page, *LAYOUT)
    stuck = opened.page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter(element => {
            const {position, top, bottom} = getComputedStyle(element);
            const stays = position === "sticky" && (top !== "auto" || bottom !== "auto");
            return (stays || position === "fixed")
                && element.getBoundingClientRect().height > innerHeight / 2;
        }).length"""
    )
    session.detach()
    resize(opened.page, 1280)
    assert faults == []
    assert stuck == 0


@pytest.mark.parametrize("check", PLANTED)
def test_each_check_finds_a_fault_that_was_planted(visitor, check):
    open_page(visitor, "/maps/visits")
    assert checked(visitor.page, check) == []
    selector, style = PLANTED[check]
    visitor.page.locator(selector).evaluate_all(
        "(all, style) => all.forEach(element => { element.style.cssText = style; })", style
    )
    assert checked(visitor.page, check) != []


def test_axe_finds_a_fault_that_was_planted(visitor):
    open_page(visitor, "/accessibility")
    visitor.page.evaluate("document.querySelector('main p').style.color = '#999999'")
    assert any(found.startswith("color-contrast") for found in visitor.axe_findings())


@pytest.mark.parametrize("path", ["/", "/maps/all"])
def test_a_map_reads_as_a_place_without_a_basemap(visitor, path):
    visitor.open(path)
    names = visitor.page.locator(".map-label").all_text_contents()
    assert {"Charnwood", "Melton and Rutland", "Leicester"} <= set(names)
    assert visitor.page.locator(".leaflet-tile").count() == 0


def test_city_areas_are_named_as_approximate_once_there_is_room(visitor):
    visitor.open("/maps/people-zones")
    visitor.page.evaluate("map_area.setView([52.635, -1.13], 12.5, {animate: false})")
    names = visitor.page.locator(".map-area-name").all_text_contents()
    assert {"West Leicester (approximate)", "East Leicester (approximate)"} <= set(names)
    dashed = visitor.page.locator(".leaflet-npas-pane path[stroke-dasharray]")
    assert dashed.count() == 4


def test_the_first_thing_a_keyboard_reaches_leads_to_the_content(visitor):
    visitor.open("/maps/visits")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(
    "visitor", [pytest.param({"java_script_enabled": False}, id="no script")], indirect=True
)
def test_the_form_and_the_figures_work_without_javascript(visitor):
    visitor.page.goto(visitor.home + "/maps/visits")
    visitor.page.get_by_label("Wigston and Harborough").check()
    visitor.page.get_by_role("button", name="Show").click()
    assert "npa=NA" in visitor.page.url
    assert visitor.page.locator("[data-total=surely]").is_visible()
