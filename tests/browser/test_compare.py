"""Two maps of two periods: they move together, switch together, and fit every reader."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

VISITS = "/maps/visits/compare?from=2023-10&to=2024-09"
CRIME = "/maps/crime/compare?from=2022-03&to=2022-04"
GAP = "/maps/crime/compare?from=2022-09&to=2022-12&with_from=2022-03&with_to=2022-04"
WIDTHS = [
    pytest.param({"viewport": {"width": width, "height": 900}}, id=f"{width}px")
    for width in (320, 768, 1280)
]
NO_SCRIPT = pytest.param({"java_script_enabled": False}, id="no script")


def views(visitor) -> list[tuple[float, float, float]]:
    return visitor.page.evaluate(
        """() => [map_left, map_right].map(map => {
            const {lat, lng} = map.getCenter();
            return [map.getZoom(), lat, lng];
        })"""
    )


def assert_same_view(visitor) -> None:
    left, right = views(visitor)
    assert left[0] == right[0]
    assert left[1:] == pytest.approx(right[1:], abs=2e-3)


def records_on(visitor, side: str) -> int:
    counts = visitor.page.locator(f"#map_{side} .map-marker").evaluate_all(
        "all => all.map(marker => Number(marker.dataset.count))"
    )
    return sum(counts)


@pytest.mark.parametrize(("moved", "other"), [("left", "right"), ("right", "left")])
def test_moving_one_map_moves_the_other(visitor, moved, other):
    visitor.open(VISITS)
    assert_same_view(visitor)
    before = views(visitor)
    visitor.page.locator(f"#map_{moved}").get_by_role("button", name="Zoom in").click()
    visitor.page.wait_for_function(
        "([other, zoom]) => window[other].getZoom() > zoom", arg=[f"map_{other}", before[0][0]]
    )
    visitor.page.locator(f"#map_{moved}").focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.wait_for_timeout(800)
    assert_same_view(visitor)
    assert views(visitor)[0][2] != before[0][2]


def test_the_maps_come_to_rest_after_a_move(visitor):
    visitor.open(VISITS)
    moves = visitor.page.evaluate(
        """async () => {
            let moves = 0;
            [map_left, map_right].forEach(map => map.on("move", () => { moves += 1; }));
            map_left.setView([52.7, -1.0], 11, {animate: false});
            await new Promise(resolve => setTimeout(resolve, 1000));
            return moves;
        }"""
    )
    assert moves == 2
    assert_same_view(visitor)


def test_one_control_switches_the_layers_of_both_maps(visitor):
    visitor.open(VISITS)
    visits = visitor.page.get_by_role("checkbox", name="Community visits")
    assert visits.count() == 1
    assert records_on(visitor, "left")
    assert records_on(visitor, "right")
    visits.uncheck()
    assert records_on(visitor, "left") == records_on(visitor, "right") == 0
    visits.check()
    visitor.page.locator("#map_right .map-marker").first.wait_for()
    assert records_on(visitor, "left") > 0


def test_each_map_shows_the_records_that_its_column_counts(visitor):
    visitor.open(VISITS)
    cells = visitor.page.locator("tfoot td").all_inner_texts()
    earlier, earlier_possibly, later, later_possibly = (int(text) for text in cells[1:5])
    assert records_on(visitor, "left") == earlier + earlier_possibly
    assert records_on(visitor, "right") == later + later_possibly
    headings = visitor.page.locator(".compare-side h3").all_inner_texts()
    assert headings == ["October 2022 to September 2023", "October 2023 to September 2024"]


def test_the_way_back_shows_both_maps_whole_again(visitor):
    visitor.open(VISITS)
    before = views(visitor)
    for side in ("left", "right"):
        visitor.page.evaluate("map_right.setView([52.7, -1.0], 12, {animate: false})")
        part = visitor.page.locator(f"section[aria-labelledby=heading-{side}]")
        part.get_by_role("button", name="Reset view").click()
        assert_same_view(visitor)
        assert views(visitor)[0] == pytest.approx(before[0], abs=2e-3)


def test_an_address_restores_the_view_of_both_maps(visitor):
    visitor.open(f"{VISITS}&view=12/52.63/-1.13&on=visits,outlines")
    left, right = views(visitor)
    assert left[0] == right[0] == 12
    assert_same_view(visitor)
    assert left[1:] == pytest.approx([52.63, -1.13], abs=1e-3)
    for name in ("Districts", "Towns and villages"):
        assert not visitor.page.get_by_role("checkbox", name=name).is_checked()


def test_a_record_of_either_map_is_opened_from_its_list(visitor):
    visitor.open(VISITS)
    for side in ("left", "right"):
        part = visitor.page.locator(f"section[aria-labelledby=heading-{side}]")
        part.get_by_text("List what is in view of the map").click()
        listed = part.locator(".in-view-items button").first
        listed.focus()
        visitor.page.keyboard.press("Enter")
        part.locator(".leaflet-popup").wait_for()
        visitor.page.keyboard.press("Escape")
        part.locator(".leaflet-popup").wait_for(state="detached")
        assert listed.evaluate("element => element === document.activeElement")


def test_the_form_chooses_both_periods(visitor):
    visitor.open(CRIME)
    for label, value in (
        ("Period, from", "2022-05-01"),
        ("Period, to", "2022-05-31"),
        ("Compared with, from", "2022-04-01"),
        ("Compared with, to", "2022-04-30"),
    ):
        visitor.page.get_by_label(label).fill(value)
    visitor.page.get_by_role("button", name="Show").click()
    visitor.page.wait_for_url("**with_to=2022-04-30**")
    visitor.settle()
    headings = visitor.page.locator(".compare-side h3").all_inner_texts()
    assert headings == ["April 2022", "May 2022"]


@pytest.mark.parametrize("visitor", WIDTHS, indirect=True)
@pytest.mark.parametrize("path", [VISITS, CRIME, GAP])
def test_a_comparison_fits_every_width_and_is_accessible(visitor, path):
    visitor.open(path)
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.page.evaluate(too_wide) == 0
    left, right = (
        visitor.page.locator(f"#map_{side}").bounding_box() for side in ("left", "right")
    )
    beside = left["y"] == right["y"]
    assert beside is (visitor.page.viewport_size["width"] >= 960)
    assert visitor.axe_findings() == []


@pytest.mark.parametrize(
    "visitor", [pytest.param({"color_scheme": "dark"}, id="dark")], indirect=True
)
@pytest.mark.parametrize("path", [CRIME, "/maps/crime?month=2022-05"])
def test_dark_colours_of_periods_and_months_are_accessible_too(visitor, path):
    visitor.open(path)
    assert visitor.axe_findings() == []


@pytest.mark.parametrize("visitor", [NO_SCRIPT], indirect=True)
def test_without_javascript_there_are_two_pictures_and_the_table(visitor):
    visitor.page.goto(visitor.home + CRIME)
    pictures = visitor.page.locator(".compare-picture")
    assert pictures.count() == 2
    for number in range(2):
        picture = pictures.nth(number)
        assert picture.is_visible()
        picture.scroll_into_view_if_needed()
        assert picture.bounding_box()["height"] > 100
        assert "records" in picture.get_attribute("alt")
    assert visitor.fetched("/maps/crime/compare/left.svg")
    assert visitor.page.locator("tfoot").is_visible()
