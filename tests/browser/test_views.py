"""Every view at every width, in light and dark: it loads, fits, and axe finds nothing."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

MAPS = (
    "/",
    "/maps/visits",
    "/maps/estate",
    "/maps/street-safe",
    "/maps/people-zones",
    "/maps/crime",
    "/maps/all",
)
TABLES = (
    "/layers/npas",
    "/layers/visits",
    "/layers/sites",
    "/layers/street_safe",
    "/layers/people_zones",
    "/layers/crime",
    "/about-the-data",
)
WIDTHS = [
    pytest.param({"viewport": {"width": width, "height": 900}}, id=f"{width}px")
    for width in (320, 768, 1280)
]


@pytest.mark.parametrize("visitor", WIDTHS, indirect=True)
@pytest.mark.parametrize("path", MAPS + TABLES)
def test_a_view_loads_fits_its_width_and_is_accessible(visitor, path):
    visitor.open(path)
    assert visitor.page.locator("h1").count() == 1
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.page.evaluate(too_wide) == 0
    assert visitor.axe_findings() == []


@pytest.mark.parametrize(
    "visitor", [pytest.param({"color_scheme": "dark"}, id="dark")], indirect=True
)
@pytest.mark.parametrize("path", ["/", "/maps/all", "/layers/visits", "/about-the-data"])
def test_dark_colours_are_accessible_too(visitor, path):
    visitor.open(path)
    assert visitor.axe_findings() == []


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
