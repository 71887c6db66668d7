"""One month at a time: the slider, its buttons and its play, by mouse and by keyboard."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.browser

SUMMER = "/maps/visits?from=2024-06&to=2024-09"
MISSING = "/maps/crime?from=2022-09&to=2022-12"
WIDTHS = [
    pytest.param({"viewport": {"width": width, "height": 900}}, id=f"{width}px")
    for width in (320, 768, 1280)
]


def slider(visitor):
    return visitor.page.get_by_role("slider", name="Month")


def button(visitor, name):
    return visitor.page.get_by_role("button", name=name, exact=True)


def said_value(visitor) -> str:
    return slider(visitor).get_attribute("aria-valuetext")


def steps(visitor) -> list[dict[str, str]]:
    return json.loads(visitor.page.locator("[data-timeline]").get_attribute("data-timeline"))[
        "steps"
    ]


def caption(visitor) -> str:
    return visitor.page.locator(".map-main .caption").first.inner_text()


def month_of_address(visitor) -> list[str]:
    visitor.page.wait_for_timeout(500)
    return parse_qs(urlsplit(visitor.page.url).query).get("month", [])


def wait_for_caption(visitor, text: str) -> None:
    visitor.page.wait_for_function(
        "text => document.querySelector('.map-main .caption').innerText.includes(text)", arg=text
    )


def wait_for_said(visitor, text: str) -> None:
    """Wait until those who hear the page were told so."""
    visitor.page.wait_for_function(
        "text => document.querySelector('[data-timeline-part=said]').textContent.includes(text)",
        arg=text,
    )


def shown_records(visitor) -> int:
    counts = visitor.page.locator(".map-marker").evaluate_all(
        "all => all.map(marker => Number(marker.dataset.count))"
    )
    return sum(counts)


def counted(words: str) -> int:
    """The records that a month's words speak of, surely and possibly."""
    return sum(int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", words))


def test_the_slider_shows_one_month_on_map_and_in_words(visitor):
    visitor.open(SUMMER)
    whole = caption(visitor)
    assert said_value(visitor).startswith("All months: ")
    slider(visitor).focus()
    for step in steps(visitor):
        visitor.page.keyboard.press("ArrowRight")
        assert said_value(visitor) == f"{step['title']}: {step['words']}"
        wait_for_caption(visitor, f", {step['title']}.")
        visitor.page.wait_for_function(
            """expected => [...document.querySelectorAll('.map-marker')]
                .reduce((sum, marker) => sum + Number(marker.dataset.count), 0) === expected""",
            arg=counted(step["words"]),
        )
    assert month_of_address(visitor) == ["2024-09"]
    visitor.page.keyboard.press("Home")
    visitor.page.wait_for_function(
        "text => document.querySelector('.map-main .caption').innerText === text", arg=whole
    )
    assert month_of_address(visitor) == []
    assert shown_records(visitor) == counted(said_value(visitor))


def test_the_buttons_step_say_where_they_stand_and_lead_back(visitor):
    visitor.open(SUMMER)
    assert button(visitor, "Previous month").get_attribute("aria-disabled") == "true"
    button(visitor, "Previous month").click(force=True)
    assert said_value(visitor).startswith("All months")
    button(visitor, "Next month").click()
    said = visitor.page.locator("[data-timeline-part=said]")
    first, second, *_ = steps(visitor)
    wait_for_said(visitor, f"Now {first['title']}: {first['words']}.")
    button(visitor, "Next month").click()
    assert said_value(visitor).startswith(second["title"])
    button(visitor, "Previous month").click()
    assert said_value(visitor).startswith(first["title"])
    button(visitor, "All months").click()
    assert said_value(visitor).startswith("All months")
    wait_for_said(visitor, "All months")
    assert said.get_attribute("role") == "status"


def test_a_month_that_is_not_held_says_that_this_is_not_zero(visitor):
    visitor.open(MISSING)
    slider(visitor).focus()
    visitor.page.keyboard.press("End")
    not_held = "no records are held, that is not zero"
    assert said_value(visitor) == f"December 2022: {not_held}"
    assert visitor.page.locator("output").inner_text() == f"December 2022: {not_held}"
    wait_for_caption(visitor, "No records are held for December 2022; that is not zero crime.")
    visitor.page.locator(".map-not-held").first.wait_for()
    assert "No records held: not zero" in legend(visitor)
    assert visitor.page.locator(".timeline-missing").count() == 2
    assert visitor.page.locator(".timeline-bar").count() == 2
    assert "hatched" in visitor.page.locator("#timeline-says").inner_text()
    visitor.page.get_by_text("Records per month as a table").click()
    row = visitor.page.get_by_role("row", name="November 2022")
    assert not_held in row.inner_text()


def test_the_month_of_the_address_is_shown_again(visitor):
    visitor.open(f"{SUMMER}&month=2024-08")
    wait_for_caption(visitor, ", August 2024.")
    assert said_value(visitor).startswith("August 2024")
    assert month_of_address(visitor) == ["2024-08"]


OPEN_CELL = "/maps/crime?view=10.75/52.68593/-1.01270&month=2021-11&open=crime:h1000_q287_r354"


def test_a_month_and_an_open_cell_of_the_address_are_shown_together(visitor):
    visitor.open(OPEN_CELL)
    wait_for_caption(visitor, "November 2021")
    visitor.page.wait_for_timeout(1000)
    assert "h1000_q287_r354" in visitor.page.locator(".leaflet-popup .popup").inner_text()
    query = parse_qs(urlsplit(visitor.page.url).query)
    assert query["open"] == ["crime:h1000_q287_r354"]
    assert query["month"] == ["2021-11"]
    tiles = [address for address in visitor.requests if "/tiles/" in address]
    assert tiles
    assert len(tiles) == len(set(tiles))
    assert all("from=2021-11-01&to=2021-11-30" in address for address in tiles)


def test_a_month_and_an_open_visit_of_the_address_are_shown_together(visitor):
    visitor.open(f"{SUMMER}&month=2024-08")
    wait_for_caption(visitor, ", August 2024.")
    key = visitor.page.locator(".map-marker").first.get_attribute("data-record")
    visitor.requests.clear()
    visitor.open(f"{SUMMER}&month=2024-08&open={key}")
    wait_for_caption(visitor, ", August 2024.")
    visitor.page.wait_for_timeout(1000)
    assert visitor.page.locator(".leaflet-popup .popup").is_visible()
    assert parse_qs(urlsplit(visitor.page.url).query)["open"] == [key]
    asked = [address for address in visitor.requests if "visits.geojson" in address]
    assert len(asked) == 1
    assert "from=2024-08-01" in asked[0]


def test_a_month_outside_the_page_s_period_is_said_and_let_go(visitor):
    visitor.open(f"{SUMMER}&month=2019-02")
    assert "February 2019 is not in the period" in visitor.page.locator("output").inner_text()
    assert said_value(visitor).startswith("All months")
    assert month_of_address(visitor) == []


def legend(visitor) -> str:
    return visitor.page.locator(".legends > .legend").first.inner_text()


def test_the_classes_are_the_same_for_every_month_and_come_back(visitor):
    visitor.open("/maps/crime?from=2022-05&to=2022-07")
    whole = legend(visitor)
    button(visitor, "Next month").click()
    wait_for_caption(visitor, ", May 2022.")
    month = legend(visitor)
    assert month != whole
    assert "in one month" in month
    button(visitor, "Next month").click()
    wait_for_caption(visitor, ", June 2022.")
    assert legend(visitor) == month
    assert visitor.page.locator(".legends > .legend").first.locator("svg").count() > 2
    button(visitor, "All months").click()
    wait_for_caption(visitor, "May 2022 to July 2022")
    assert legend(visitor) == whole


def test_play_goes_to_the_last_month_and_stops_there(visitor):
    visitor.open("/maps/visits?from=2024-08&to=2024-09")
    status = visitor.page.locator("#map-status")
    button(visitor, "Play").focus()
    visitor.page.keyboard.press("Space")
    button(visitor, "Pause").wait_for()
    assert status.get_attribute("aria-live") == "off"
    assert visitor.page.locator("[data-timeline-part=said]").inner_text() == ""
    button(visitor, "Play").wait_for()
    assert said_value(visitor).startswith("September 2024")
    assert (
        visitor.page.locator("[data-timeline-part=said]")
        .inner_text()
        .startswith("The last month. September 2024")
    )
    assert status.get_attribute("aria-live") == "polite"
    assert button(visitor, "Play").evaluate("element => element === document.activeElement")


@pytest.mark.parametrize(
    "visitor", [pytest.param({"reduced_motion": "reduce"}, id="reduced motion")], indirect=True
)
def test_with_reduced_motion_nothing_plays_by_itself_and_play_still_works(visitor):
    visitor.open("/maps/visits?from=2024-08&to=2024-09&month=2024-08")
    wait_for_caption(visitor, ", August 2024.")
    visitor.page.wait_for_timeout(2000)
    assert said_value(visitor).startswith("August 2024")
    button(visitor, "Play").click()
    button(visitor, "Play").wait_for()
    assert said_value(visitor).startswith("September 2024")


def test_a_step_waits_until_the_map_has_drawn_the_one_before(visitor):
    held = []
    visitor.open(SUMMER)
    visitor.page.route("**/api/layers/visits.geojson*", lambda route: held.append(route))
    button(visitor, "Play").click()
    visitor.page.wait_for_timeout(4000)
    assert said_value(visitor).startswith("June 2024")
    assert len(held) == 1
    held.pop().continue_()
    visitor.page.locator("#timeline-month[aria-valuetext^=July]").wait_for()
    visitor.page.keyboard.press("Escape")
    for route in held:
        route.continue_()


def stop_by_escape(visitor):
    visitor.page.keyboard.press("Escape")


def stop_by_another_control(visitor):
    visitor.page.get_by_role("checkbox", name="Districts").click()


def stop_by_pausing(visitor):
    button(visitor, "Pause").click()


def stop_by_leaving(visitor):
    visitor.page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", {value: true, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )


@pytest.mark.parametrize(
    "stop", [stop_by_escape, stop_by_another_control, stop_by_pausing, stop_by_leaving]
)
def test_play_stops_when_it_is_told_to(visitor, stop):
    visitor.open(SUMMER)
    button(visitor, "Play").click()
    wait_for_caption(visitor, ", June 2024.")
    stop(visitor)
    button(visitor, "Play").wait_for()
    stopped_at = said_value(visitor)
    assert (
        stopped_at.split(":")[0] in visitor.page.locator("[data-timeline-part=said]").inner_text()
    )
    visitor.page.wait_for_timeout(2500)
    assert said_value(visitor) == stopped_at


@pytest.mark.parametrize("key", ["PageDown", "ArrowDown", "End", "Space"])
def test_keys_that_scroll_the_page_do_not_stop_the_play(visitor, key):
    visitor.open(SUMMER)
    button(visitor, "Play").click()
    visitor.page.evaluate("document.activeElement.blur()")
    visitor.page.keyboard.press(key)
    visitor.page.wait_for_timeout(200)
    assert button(visitor, "Pause").is_visible()
    visitor.page.keyboard.press("Escape")
    button(visitor, "Play").wait_for()


def test_the_same_keys_stop_the_play_in_the_timeline(visitor):
    visitor.open(SUMMER)
    button(visitor, "Play").click()
    slider(visitor).focus()
    visitor.page.keyboard.press("ArrowRight")
    button(visitor, "Play").wait_for()


def test_scrolling_by_touch_does_not_stop_the_play(visitor):
    visitor.open(SUMMER)
    button(visitor, "Play").click()
    heading = visitor.page.locator("h1")
    heading.dispatch_event("pointerdown", {"pointerType": "touch"})
    heading.dispatch_event("pointercancel", {"pointerType": "touch"})
    assert button(visitor, "Pause").is_visible()
    visitor.page.keyboard.press("Escape")


SEEN_AT_ONCE = [
    pytest.param({"viewport": {"width": 1280, "height": 900}}, True, id="1280px"),
    pytest.param({"viewport": {"width": 390, "height": 780}, "has_touch": True}, False, id="390px"),
]


@pytest.mark.parametrize(("visitor", "legend_too"), SEEN_AT_ONCE, indirect=["visitor"])
@pytest.mark.parametrize("path", ["/maps/crime", "/maps/visits"])
def test_map_and_play_are_seen_at_once_and_the_legend_where_there_is_room(
    visitor, legend_too, path
):
    visitor.open(path)
    visitor.page.locator(".map").evaluate("map => map.scrollIntoView({block: 'start'})")
    parts = [visitor.page.locator(".map"), button(visitor, "Play")]
    if legend_too:
        parts += [slider(visitor), visitor.page.locator(".legends .legend-list li").first]
    for part in parts:
        box = part.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= visitor.page.viewport_size["height"]


def test_what_cannot_be_loaded_is_said_and_the_play_stops(visitor):
    visitor.open(SUMMER)
    visitor.page.route("**/api/layers/visits.geojson*", lambda route: route.fulfill(status=503))
    button(visitor, "Play").click()
    wait_for_said(visitor, "June 2024 could not be loaded whole.")
    button(visitor, "Play").wait_for()
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()


@pytest.mark.parametrize(
    "path",
    ["/", "/maps/street-safe", "/maps/estate", "/maps/all", "/maps/visits?from=2024-08&to=2024-08"],
)
def test_there_is_no_slider_where_there_are_no_months_to_step_through(visitor, path):
    visitor.open(path)
    assert visitor.page.get_by_role("slider").count() == 0


@pytest.mark.parametrize("visitor", WIDTHS, indirect=True)
@pytest.mark.parametrize("path", [f"{SUMMER}&month=2024-08", f"{MISSING}&month=2022-11"])
def test_a_month_fits_every_width_and_is_accessible(visitor, path):
    visitor.open(path)
    wait_for_caption(visitor, "2024." if "visits" in path else "November 2022")
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.page.evaluate(too_wide) == 0
    heights = visitor.page.locator(".timeline button, .timeline input").evaluate_all(
        "all => all.map(element => element.getBoundingClientRect().height)"
    )
    assert min(heights) >= 24
    assert visitor.axe_findings() == []


@pytest.mark.parametrize("visitor", WIDTHS, indirect=True)
def test_the_slider_s_thumb_stands_under_the_bar_of_its_month(visitor):
    visitor.open(f"{SUMMER}&month=2024-08")
    wait_for_caption(visitor, ", August 2024.")
    bar = visitor.page.locator("[data-timeline-part=chosen]").bounding_box()
    middle_of_bar = bar["x"] + bar["width"] / 2
    middle_of_thumb = slider(visitor).evaluate(
        """element => {
            const box = element.getBoundingClientRect(), thumb = 28;
            const share = (element.value - element.min) / (element.max - element.min);
            return box.left + thumb / 2 + share * (box.width - thumb);
        }"""
    )
    assert abs(middle_of_bar - middle_of_thumb) < 2


@pytest.mark.parametrize(
    "visitor", [pytest.param({"java_script_enabled": False}, id="no script")], indirect=True
)
def test_without_javascript_the_months_are_a_chart_and_a_table(visitor):
    visitor.page.goto(visitor.home + MISSING)
    assert visitor.page.get_by_role("img", name="Records per month").is_visible()
    assert visitor.page.get_by_role("slider").count() == 0
    visitor.page.get_by_text("Records per month as a table").click()
    assert "not zero" in visitor.page.get_by_role("row", name="December 2022").inner_text()
