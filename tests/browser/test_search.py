"""Search for a place: a combobox by keyboard alone, by pointer, and a form without JavaScript."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

pytestmark = pytest.mark.browser

NO_SCRIPT = [pytest.param({"java_script_enabled": False}, id="no script")]
STILL = [pytest.param({"reduced_motion": "reduce"}, id="reduced motion")]
LOOKS = [
    pytest.param({"viewport": {"width": 320, "height": 700}}, id="320px"),
    pytest.param({"color_scheme": "dark"}, id="dark"),
    pytest.param({"forced_colors": "active"}, id="forced colours"),
]
LEAST_TARGET_PX = 24


def box(visitor):
    return visitor.page.get_by_role("combobox", name="Find a place")


def options(visitor):
    return visitor.page.get_by_role("option")


def status(visitor) -> str:
    return visitor.page.locator(".place-search-status").inner_text()


def type_in(visitor, text: str):
    """Type into the field and wait for the answer, which the status then says."""
    field = box(visitor)
    visitor.page.locator(".place-search-status").evaluate("said => { said.textContent = '' }")
    field.focus()
    visitor.page.keyboard.press("ControlOrMeta+a")
    with visitor.page.expect_response("**/api/places?*"):
        visitor.page.keyboard.type(text)
    visitor.page.wait_for_function(
        "() => document.querySelector('.place-search-status').textContent !== ''"
    )
    return field


def active(visitor) -> str:
    """The text of the option that the field names as active; empty without one."""
    return visitor.page.evaluate(
        """() => {
            const id = document.activeElement.getAttribute("aria-activedescendant");
            return id ? document.getElementById(id).textContent : "";
        }"""
    )


def centre(visitor) -> tuple[float, float]:
    lat, lng = visitor.page.evaluate("[map_area.getCenter().lat, map_area.getCenter().lng]")
    return round(lat, 3), round(lng, 3)


def wait_for_centre(visitor, latitude: float, longitude: float) -> None:
    visitor.page.wait_for_function(
        """([lat, lng]) => Math.abs(map_area.getCenter().lat - lat) < 0.002
            && Math.abs(map_area.getCenter().lng - lng) < 0.002""",
        arg=[latitude, longitude],
    )


def has_focus(locator) -> bool:
    return locator.evaluate("element => element === document.activeElement")


def test_a_place_is_found_and_gone_to_by_keyboard_alone(visitor):
    visitor.open("/maps/visits?npa=NA")
    field = type_in(visitor, "oadb")
    assert field.get_attribute("aria-expanded") == "true"
    listed = visitor.page.locator(f"#{field.get_attribute('aria-controls')}")
    assert listed.get_attribute("role") == "listbox"
    assert options(visitor).count() == 7
    assert status(visitor) == "7 places match."
    assert active(visitor) == ""
    visitor.page.keyboard.press("ArrowDown")
    assert active(visitor) == "Oadby (settlement, Oadby and Wigston)"
    visitor.page.keyboard.press("ArrowDown")
    assert active(visitor) == "Oadby and Wigston (district)"
    assert options(visitor).nth(1).get_attribute("aria-selected") == "true"
    assert visitor.page.locator("[role=option][aria-selected=true]").count() == 1
    visitor.page.keyboard.press("End")
    assert active(visitor).startswith("Oadby Woodlands")
    visitor.page.keyboard.press("ArrowDown")
    assert active(visitor).startswith("Oadby (")
    visitor.page.keyboard.press("ArrowUp")
    assert active(visitor).startswith("Oadby Woodlands")
    visitor.page.keyboard.press("Home")
    assert active(visitor).startswith("Oadby (")
    assert has_focus(field)
    visitor.page.keyboard.press("Enter")
    wait_for_centre(visitor, 52.60621, -1.08354)
    assert status(visitor) == "Map moved to Oadby (settlement, Oadby and Wigston)."
    assert field.input_value() == "Oadby"
    assert field.get_attribute("aria-expanded") == "false"
    assert has_focus(visitor.page.locator("#map_area"))
    assert visitor.page.locator(".place-marker-name").inner_text() == "Oadby"
    visitor.page.wait_for_url(re.compile("npa=NA.*view=13/52"))


def test_escape_closes_the_list_first_and_keeps_focus_and_text(visitor):
    visitor.open("/maps/visits")
    field = type_in(visitor, "oadb")
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert (field.input_value(), has_focus(field), active(visitor)) == ("oadb", True, "")
    visitor.page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-expanded") == "true"
    assert active(visitor).startswith("Oadby (")


def test_home_and_end_move_in_the_text_while_no_option_is_active(visitor):
    visitor.open("/maps/visits")
    field = type_in(visitor, "oadb")
    visitor.page.keyboard.press("Home")
    assert active(visitor) == ""
    assert field.evaluate("element => element.selectionStart") == 0
    visitor.page.keyboard.press("End")
    assert field.evaluate("element => element.selectionStart") == 4


def test_enter_without_a_choice_never_guesses(visitor):
    visitor.open("/maps/visits?npa=NA")
    before = centre(visitor)
    type_in(visitor, "oadby")
    assert centre(visitor) == before
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/places?*")
    assert "npa=NA" in visitor.page.url
    visitor.page.get_by_role("link", name="Oadby (settlement, Oadby and Wigston)").click()
    visitor.settle()
    assert "/maps/visits?npa=NA" in visitor.page.url
    assert centre(visitor) == (52.606, -1.084)


def test_leaving_the_field_closes_the_list_and_chooses_nothing(visitor):
    visitor.open("/maps/visits")
    before = centre(visitor)
    field = type_in(visitor, "oadb")
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Tab")
    assert has_focus(visitor.page.get_by_role("button", name="Find", exact=True))
    assert field.get_attribute("aria-expanded") == "false"
    assert (field.input_value(), centre(visitor)) == ("oadb", before)


def test_a_click_chooses_and_an_area_is_shown_whole(visitor):
    visitor.open("/maps/visits")
    type_in(visitor, "charnwood")
    options(visitor).filter(has_text="(district)").click()
    visitor.page.wait_for_function(
        """() => map_area.getZoom() > 9.5
            && map_area.getBounds().contains([[52.65, -1.35], [52.80, -1.03]])"""
    )
    assert status(visitor) == "Map moved to Charnwood (district)."
    assert has_focus(visitor.page.locator("#map_area"))


def test_a_near_spelling_is_offered_under_a_heading_of_its_own(visitor):
    visitor.open("/maps/visits")
    type_in(visitor, "Hinkley")
    assert status(visitor) == "No place has this name. Did you mean one of these?"
    group = visitor.page.get_by_role("group", name="Did you mean")
    assert group.get_by_role("option").first.inner_text().startswith("Hinckley")
    assert visitor.axe_findings() == []


def test_nothing_found_says_so_and_opens_nothing(visitor):
    visitor.open("/maps/visits")
    field = type_in(visitor, "zqxzqx")
    assert status(visitor) == "No place has this name."
    assert (field.get_attribute("aria-expanded"), options(visitor).count()) == ("false", 0)


def test_places_of_a_former_text_cannot_be_chosen_while_an_answer_is_on_its_way(visitor):
    visitor.open("/maps/visits")
    field = type_in(visitor, "oadby")
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Enter")
    visitor.page.route("**/api/places?*", lambda _route: None)
    field.focus()
    visitor.page.keyboard.press("ControlOrMeta+a")
    visitor.page.keyboard.type("hinckley")
    visitor.page.keyboard.press("ArrowDown")
    assert (active(visitor), field.get_attribute("aria-expanded")) == ("", "false")
    assert field.input_value() == "hinckley"


def test_one_mark_at_a_time_and_none_once_the_field_is_empty(visitor):
    visitor.open("/maps/visits")
    marks = visitor.page.locator(".place-marker-name")
    for typed, name in (("oadby", "Oadby"), ("hinckley", "Hinckley")):
        type_in(visitor, typed)
        visitor.page.keyboard.press("ArrowDown")
        visitor.page.keyboard.press("Enter")
        assert marks.all_inner_texts() == [name]
    box(visitor).focus()
    visitor.page.keyboard.press("ControlOrMeta+a")
    visitor.page.keyboard.press("Delete")
    assert marks.count() == 0
    assert status(visitor) == ""


def test_a_search_that_fails_says_so_and_the_form_still_works(visitor):
    visitor.open("/maps/visits")
    visitor.page.route("**/api/places?*", lambda route: route.fulfill(status=503))
    type_in(visitor, "oadby")
    assert status(visitor).startswith("Places could not be searched just now.")
    assert options(visitor).count() == 0
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()
    visitor.page.get_by_role("button", name="Find", exact=True).click()
    visitor.page.wait_for_url("**/places?*q=oadby*")
    assert visitor.page.get_by_role("link", name="Oadby (settlement").count() == 1


TYPE_AT_ONCE = """(input, text) => {
    for (let length = 1; length <= text.length; length += 1) {
        input.value = text.slice(0, length);
        input.dispatchEvent(new Event("input", { bubbles: true }));
    }
}"""


def test_typing_fast_asks_once_and_an_old_answer_never_replaces_a_newer(visitor):
    visitor.open("/maps/visits")
    asked = []

    def answer(route):
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    visitor.page.route("**/api/places?*", answer)
    field = box(visitor)
    field.focus()
    with visitor.page.expect_request("**/api/places?*") as first:
        field.evaluate(TYPE_AT_ONCE, "hinckley")
    assert "q=hinckley&" in first.value.url
    with visitor.page.expect_event("requestfailed", lambda given: given == first.value):
        field.evaluate(TYPE_AT_ONCE, "oadby")
    options(visitor).first.wait_for()
    assert [route.request.url.partition("q=")[2] for route in asked] == [
        "hinckley&limit=8",
        "oadby&limit=8",
    ]
    assert options(visitor).first.inner_text().startswith("Oadby")
    assert status(visitor) == "7 places match."


def test_names_from_an_answer_are_never_read_as_markup(visitor):
    hostile = '<img src="https://elsewhere.example/x.png" onerror="window.hit = true">'
    place = {
        "name": hostile, "kind": "site", "kind_in_words": "police site", "where": "",
        "longitude": -1.1, "latitude": 52.6, "bounds": None, "zoom": 14,
        "label": f"{hostile} (police site)",
    }  # fmt: skip
    body = {"query": "x", "places": [place], "near": [], "note": "1 place matches."}
    visitor.open("/maps/visits")
    visitor.page.route("**/api/places?*", lambda route: route.fulfill(json=body))
    type_in(visitor, "oadby")
    assert hostile in options(visitor).first.inner_text()
    options(visitor).first.click()
    assert visitor.page.locator(".place-marker-name").inner_text() == hostile
    assert visitor.page.locator(".place-search img, .place-marker img").count() == 0
    assert visitor.page.evaluate("window.hit") is None


@pytest.mark.parametrize("visitor", STILL, indirect=True)
def test_without_motion_the_map_is_there_at_once(visitor):
    visitor.open("/maps/visits")
    type_in(visitor, "oadby")
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.evaluate(
        "() => { map_area.on('move', () => { window.moves = (window.moves ?? 0) + 1; }); }"
    )
    visitor.page.keyboard.press("Enter")
    assert centre(visitor) == (52.606, -1.084)
    assert visitor.page.evaluate("window.moves") <= 2


@pytest.mark.parametrize("visitor", LOOKS, indirect=True)
def test_the_open_list_fits_is_accessible_and_easy_to_hit(visitor):
    visitor.open("/maps/visits")
    type_in(visitor, "oadb")
    visitor.page.keyboard.press("ArrowDown")
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.page.evaluate(too_wide) == 0
    assert visitor.axe_findings() == []
    for part in (*options(visitor).all(), box(visitor),
                 visitor.page.get_by_role("button", name="Find", exact=True)):  # fmt: skip
        size = part.bounding_box()
        assert min(size["width"], size["height"]) >= LEAST_TARGET_PX
    shown, other = (options(visitor).nth(index) for index in (0, 1))
    looks = """element => {
        const { backgroundColor, outlineStyle, borderLeftColor } = getComputedStyle(element);
        return `${backgroundColor} ${outlineStyle} ${borderLeftColor}`;
    }"""
    assert shown.evaluate(looks) != other.evaluate(looks)


@pytest.mark.parametrize("visitor", LOOKS, indirect=True)
@pytest.mark.parametrize("path", ["/places", "/places?q=st&page=visits", "/places?q=Hinkley"])
def test_the_page_of_places_fits_and_is_accessible(visitor, path):
    visitor.open(path)
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.page.evaluate(too_wide) == 0
    assert visitor.axe_findings() == []
    for link in visitor.page.locator(".place-list a").all():
        assert link.bounding_box()["height"] >= LEAST_TARGET_PX


@pytest.mark.parametrize("visitor", NO_SCRIPT, indirect=True)
def test_without_javascript_the_form_leads_to_the_map_at_the_place(visitor):
    visitor.page.goto(visitor.home + "/maps/visits?npa=NA")
    assert visitor.page.get_by_role("combobox", name="Find a place").count() == 0
    visitor.page.get_by_role("searchbox", name="Find a place").fill("oadby")
    visitor.page.get_by_role("button", name="Find", exact=True).click()
    assert "7 places match." in visitor.page.locator("main").inner_text()
    visitor.page.get_by_role("link", name="Oadby (settlement, Oadby and Wigston)").click()
    assert re.search(
        r"/maps/visits\?npa=NA&view=13(/|%2F)52\.60621(/|%2F)-1\.08354", visitor.page.url
    )
    assert visitor.page.get_by_label("Wigston and Harborough").is_checked()


@pytest.mark.parametrize("visitor", NO_SCRIPT, indirect=True)
def test_without_javascript_the_keyboard_is_enough(visitor):
    visitor.page.goto(visitor.home + "/places?page=crime")
    visitor.page.get_by_role("searchbox", name="Find a place").focus()
    visitor.page.keyboard.type("Hinkley")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert "Did you mean one of these?" in visitor.page.locator("main").inner_text()
    visitor.page.get_by_role("button", name="Find", exact=True).focus()
    visitor.page.keyboard.press("Tab")
    assert has_focus(visitor.page.locator(".place-list a").first)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert "/maps/crime?view=13" in visitor.page.url


OADBY = "Oadby (settlement, Oadby and Wigston)"


def place_of_address(visitor) -> list[str]:
    visitor.page.wait_for_timeout(500)
    return parse_qs(urlsplit(visitor.page.url).query).get("place", [])


@pytest.mark.parametrize("visitor", STILL, indirect=True)
def test_a_found_place_is_in_the_address_and_comes_back_with_its_mark(visitor):
    visitor.open("/maps/visits")
    type_in(visitor, "oadb")
    visitor.page.keyboard.press("ArrowDown")
    visitor.page.keyboard.press("Enter")
    assert place_of_address(visitor) == [OADBY]
    visitor.page.evaluate("map_area.setView([52.62, -1.08], 12, {animate: false})")
    visitor.page.wait_for_timeout(500)
    visitor.open(visitor.page.url.removeprefix(visitor.home))
    mark = visitor.page.locator(".place-marker-name")
    mark.wait_for()
    assert mark.inner_text() == "Oadby"
    assert centre(visitor) == (52.62, -1.08)
    assert status(visitor) == f"The map marks {OADBY}."
    assert box(visitor).input_value() == "Oadby"
    box(visitor).fill("")
    mark.wait_for(state="detached")
    assert place_of_address(visitor) == []


def test_a_link_from_the_page_of_places_marks_the_place(visitor):
    visitor.open("/places?q=oadby&page=visits")
    visitor.page.get_by_role("link", name=OADBY).click()
    visitor.settle()
    visitor.page.locator(".place-marker-name", has_text="Oadby").wait_for()
    assert centre(visitor) == (52.606, -1.084)


def test_an_address_marks_no_place_that_the_search_does_not_know(visitor):
    visitor.open("/maps/visits?place=Call+01234+for+a+prize+(ward)")
    visitor.page.get_by_text("The place of this link cannot be found here.").wait_for()
    assert visitor.page.locator(".place-marker").count() == 0
    assert place_of_address(visitor) == []


def test_a_place_that_cannot_be_asked_for_is_said(visitor):
    visitor.page.route("**/api/places?*", lambda route: route.fulfill(status=503))
    visitor.open(f"/maps/visits?{urlencode({'place': OADBY})}")
    visitor.page.get_by_text("The place of this link could not be loaded.").wait_for()
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()
