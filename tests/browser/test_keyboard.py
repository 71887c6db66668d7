"""Every record by keyboard: markers in order, the cross at the centre, the list of the view."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

CRIME = "Recorded crime and anti-social behaviour"
IN_THE_CITY = "view=11.75/52.63000/-1.13000"


def focused(visitor, expression: str):
    return visitor.page.evaluate(f"(element => {expression})(document.activeElement)")


def tab_until(visitor, expression: str, most: int = 80) -> None:
    """Press Tab until an expression holds of the focused element."""
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        if focused(visitor, expression):
            return
    pytest.fail(f"{most} presses of Tab did not reach {expression}")


def open_painted(visitor, path: str) -> None:
    visitor.page.goto(visitor.home + path)
    visitor.page.locator("[data-map][data-tiles='painted'][aria-busy='false']").wait_for()


def open_list(visitor) -> None:
    visitor.page.locator(".in-view > summary").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.locator("[data-listed]").first.wait_for()


def listed(visitor) -> list[str]:
    return visitor.page.locator("[data-listed]").evaluate_all(
        "all => all.map(button => button.dataset.listed)"
    )


def api(visitor, path: str) -> dict:
    return visitor.page.request.get(visitor.home + path).json()


def reading_order(features: list[dict]) -> list[str]:
    """Ids of visits from north to south, then from west to east."""

    def place(item: dict) -> tuple[float, float]:
        longitude, latitude = item["geometry"]["coordinates"]
        return -latitude, longitude

    ordered = sorted(features, key=place)
    return [f"visits:{item['properties']['visit_id']}" for item in ordered]


def test_a_visit_is_reached_opened_and_left_by_keyboard_alone(visitor):
    visitor.open("/maps/visits")
    visitor.page.keyboard.press("Tab")
    assert focused(visitor, "element.textContent") == "Skip to main content"
    visitor.page.keyboard.press("Enter")
    tab_until(visitor, "element.closest('.leaflet-control-layers') !== null")
    tab_until(visitor, "element.matches('.map')")
    tab_until(visitor, "element.matches('.map-marker')", most=1)
    key, name = focused(visitor, "[element.dataset.record, element.getAttribute('aria-label')]")
    assert re.match(r"\d+ records: .* and \d+ more$", name)
    visitor.page.keyboard.press("Enter")
    popup = visitor.page.locator(".leaflet-popup .popup")
    popup.wait_for()
    assert focused(visitor, "element.matches('.popup')")
    visitor.page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert focused(visitor, "element.dataset.record") == key


def test_tab_goes_through_the_markers_in_view_from_north_to_south_and_no_others(visitor):
    visitor.open(f"/maps/visits?{IN_THE_CITY}")
    markers = visitor.page.evaluate(
        """() => patchmap.points(map_area).groups.map(({latlng, marker}) => ({
            lat: latlng.lat, record: marker.getElement().dataset.record,
            inView: map_area.getBounds().contains(latlng)}))"""
    )
    expected = [marker["record"] for marker in markers if marker["inView"]]
    assert 3 < len(expected) < len(markers)
    assert [marker["lat"] for marker in markers] == sorted(
        (marker["lat"] for marker in markers), reverse=True
    )
    visitor.page.locator(".map").focus()
    reached = []
    for _ in expected:
        visitor.page.keyboard.press("Tab")
        reached.append(focused(visitor, "element.dataset.record"))
    assert reached == expected
    visitor.page.keyboard.press("Tab")
    assert focused(visitor, "element.closest('.leaflet-control') !== null")


@pytest.mark.parametrize(
    "visitor",
    [pytest.param({"viewport": {"width": 1280, "height": 1200}}, id="high")],
    indirect=True,
)
def test_areas_are_reached_by_tab_only_while_they_are_in_view(visitor):
    visitor.open("/maps/street-safe")
    areas = visitor.page.locator("path[role=button]")
    assert set(areas.evaluate_all("all => all.map(area => area.tabIndex)")) == {0}
    visitor.page.evaluate("map_area.setView([52.63, -1.13], 14, {animate: false})")
    reachable = areas.evaluate_all("all => all.filter(area => area.tabIndex === 0).length")
    assert 0 < reachable < areas.count()


def test_the_focus_stays_with_a_record_while_the_map_zooms(visitor):
    visitor.open("/maps/visits")
    marker = visitor.page.locator(".map-marker:not([data-count='1'])").first
    key = marker.get_attribute("data-record")
    marker.focus()
    for zoom in (11, 13, 9.75):
        visitor.page.evaluate("zoom => map_area.setZoom(zoom, {animate: false})", zoom)
        holder = focused(
            visitor,
            """patchmap.points(map_area).groups.find(({marker}) => marker.getElement() === element)
                ?.records.map(patchmap.recordKey)""",
        )
        assert key in holder


def test_the_focus_goes_to_the_map_when_its_record_is_gone(visitor):
    visitor.open("/maps/visits")
    visitor.page.locator(".map-marker").first.focus()
    visitor.page.evaluate(
        """() => patchmap.layersOf(map_area).find(({options}) => options.id === "visits")
            .setPeriod({from: "1999-01-01", to: "1999-01-31"})"""
    )
    visitor.page.wait_for_function("() => !document.querySelector('.map-marker')")
    assert focused(visitor, "element.matches('.map')")


def test_enter_opens_the_cell_under_the_cross(visitor):
    open_painted(visitor, f"/maps/crime?{IN_THE_CITY}")
    cross = visitor.page.locator(".map-crosshair")
    assert not cross.is_visible()
    visitor.page.locator(".map").focus()
    visitor.page.keyboard.press("ArrowDown")
    assert cross.is_visible()
    visitor.page.wait_for_timeout(500)
    centre = visitor.page.evaluate("(({lat, lng}) => [lng, lat])(map_area.getCenter())")
    visitor.page.keyboard.press("Enter")
    popup = visitor.page.locator(".leaflet-popup .popup")
    cell_id = popup.locator("dt:text-is('Cell') + dd").inner_text()
    west, south, east, north = (
        centre[0] - 0.01,
        centre[1] - 0.006,
        centre[0] + 0.01,
        centre[1] + 0.006,
    )
    found = api(visitor, f"/api/layers/crime.geojson?bbox={west},{south},{east},{north}")
    nearest = min(
        found["features"],
        key=lambda item: sum(
            ((corner[axis] - centre[axis]) * (0.61, 1)[axis]) ** 2
            for corner in item["geometry"]["coordinates"][0][:-1]
            for axis in (0, 1)
        ),
    )
    assert cell_id == nearest["properties"]["cell_id"]
    visitor.page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert focused(visitor, "element.matches('.map')")


def test_enter_opens_the_marker_near_the_cross_and_gives_the_focus_back_to_the_map(visitor):
    visitor.open("/maps/visits")
    at = visitor.page.evaluate(
        """() => {
            const {latlng} = patchmap.points(map_area).groups[0];
            const near = map_area.project(latlng, 14).add([15, 10]);
            const {lat, lng} = map_area.unproject(near, 14);
            return `14/${lat}/${lng}`;
        }"""
    )
    visitor.open(f"/maps/visits?view={at}")
    visitor.page.locator(".map").focus()
    visitor.page.keyboard.press("Enter")
    popup = visitor.page.locator(".leaflet-popup .popup")
    popup.wait_for()
    visitor.page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert focused(visitor, "element.matches('.map')")


def test_enter_opens_the_area_under_the_cross(visitor):
    visitor.open("/maps/street-safe?view=12/52.77000/-1.20000")
    visitor.page.locator(".map").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.locator(".leaflet-popup").get_by_role("heading", name="Charnwood").wait_for()


def test_where_nothing_lies_under_the_cross_the_status_says_what_place_it_is(visitor):
    visitor.open("/maps/visits?view=13/52.76000/-0.88600")
    visitor.page.locator(".map").focus()
    visitor.page.keyboard.press("Enter")
    status = visitor.page.locator("#map-status")
    assert "Nothing of the layers shown lies here: near Melton Mowbray, in Melton and Rutland." in (
        status.inner_text()
    )
    visitor.page.keyboard.press("ArrowUp")
    visitor.page.wait_for_timeout(300)
    assert "lies here" not in status.inner_text()


def test_the_keys_of_the_map_are_told_beside_it_and_to_those_who_hear_it(visitor):
    visitor.open("/maps/visits")
    described = visitor.page.locator(".map").get_attribute("aria-describedby")
    hint = visitor.page.locator(f"#{described}")
    assert hint.is_visible()
    assert "Enter opens what lies under the cross" in hint.inner_text()


def test_the_list_holds_every_record_in_view_in_reading_order(visitor):
    visitor.open("/maps/visits")
    query = re.search(r"/api/layers/visits\.geojson\?\S*", "\n".join(visitor.requests))
    assert query
    features = [item for item in api(visitor, query.group())["features"] if item["geometry"]]
    open_list(visitor)
    sizes = [len(listed(visitor))]
    more = visitor.page.get_by_role("button", name=re.compile("Show the next"))
    while more.count():
        shown = len(listed(visitor))
        more.focus()
        visitor.page.keyboard.press("Enter")
        visitor.page.wait_for_function(
            "shown => document.querySelectorAll('[data-listed]').length > shown", arg=shown
        )
        assert focused(visitor, "element.dataset.listed") == listed(visitor)[shown]
        sizes.append(len(listed(visitor)) - shown)
    assert sizes[0] == 20
    assert listed(visitor) == reading_order(features)
    assert f"{len(features)} in view." in visitor.page.locator(".in-view .hint").inner_text()


def test_the_list_follows_the_map(visitor):
    visitor.open("/maps/visits")
    open_list(visitor)
    told = visitor.page.locator(".in-view section .hint")
    before = told.inner_text()
    visitor.page.evaluate("map_area.setView([52.63, -1.13], 12, {animate: false})")
    visitor.page.wait_for_function(
        "before => document.querySelector('.in-view section .hint').textContent !== before",
        arg=before,
    )
    box = visitor.page.evaluate("map_area.getBounds().toBBoxString()")
    inside = api(visitor, f"/api/layers/visits.geojson?bbox={box}")["features"]
    assert listed(visitor) == reading_order(inside)[:20]
    assert told.inner_text().startswith(f"{len(inside)} in view.")
    status = visitor.page.locator("#map-status")
    visitor.page.wait_for_function(
        "() => document.getElementById('map-status').textContent.includes('of them in view')"
    )
    assert f"{len(inside)} of them in view" in status.inner_text()


def test_a_listed_record_opens_on_the_map_and_the_focus_comes_back_to_it(visitor):
    visitor.open("/maps/visits")
    open_list(visitor)
    button = visitor.page.locator("[data-listed]").nth(4)
    name, key = button.inner_text(), button.get_attribute("data-listed")
    button.focus()
    visitor.page.keyboard.press("Enter")
    popup = visitor.page.locator(".leaflet-popup .popup")
    popup.wait_for()
    assert focused(visitor, "element.matches('.popup')")
    assert popup.get_attribute("aria-label") == name
    assert visitor.page.locator(".map").evaluate(
        """map => {
            const {top, bottom} = map.getBoundingClientRect();
            return bottom > 0 && top < innerHeight;
        }"""
    )
    visitor.page.wait_for_timeout(1500)
    visitor.page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert focused(visitor, "element.dataset.listed") == key


def test_a_cell_is_reached_through_the_list_the_busiest_first(visitor):
    open_painted(visitor, "/maps/crime")
    assert not visitor.fetched("/api/layers/crime.geojson")
    open_list(visitor)
    assert len(listed(visitor)) == 20
    counts = [
        int(re.search(r"([\d,]+) records", text).group(1).replace(",", ""))
        for text in visitor.page.locator("[data-listed]").all_inner_texts()
    ]
    assert counts == sorted(counts, reverse=True)
    first = listed(visitor)[0]
    top = api(visitor, "/api/layers/crime.geojson?limit=1")["features"][0]["properties"]
    assert first == f"crime:{top['cell_id']}"
    visitor.page.keyboard.press("Tab")
    assert focused(visitor, "element.dataset.listed") == first
    visitor.page.keyboard.press("Enter")
    popup = visitor.page.locator(".leaflet-popup .popup")
    popup.wait_for()
    assert popup.locator("dt:text-is('Cell') + dd").inner_text() == top["cell_id"]
    assert visitor.page.locator(".map-chosen").count() == 1
    assert visitor.axe_findings() == []
    visitor.page.wait_for_timeout(1500)
    visitor.page.keyboard.press("Escape")
    assert focused(visitor, "element.dataset.listed") == first


def test_a_list_that_cannot_be_loaded_says_so_and_can_be_tried_again(visitor):
    open_painted(visitor, "/maps/crime")
    address = "**/api/layers/crime.geojson*"
    visitor.page.route(address, lambda route: route.fulfill(status=503))
    visitor.page.locator(".in-view > summary").click()
    visitor.page.get_by_text("The list could not be loaded.").wait_for()
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()
    visitor.page.unroute(address)
    visitor.page.locator(".in-view").get_by_role("button", name="Try again").click()
    visitor.page.locator("[data-listed]").first.wait_for()
    assert len(listed(visitor)) == 20


def test_the_map_and_its_markers_can_be_skipped(visitor):
    visitor.open("/maps/visits")
    skip = visitor.page.get_by_role("link", name="Skip the map")
    skip.focus()
    assert skip.bounding_box()["height"] >= 24
    visitor.page.keyboard.press("Enter")
    tab_until(visitor, "element.matches('.in-view > summary')", most=1)


@pytest.mark.parametrize(
    "visitor", [{"viewport": {"width": 320, "height": 640}, "has_touch": True}], indirect=True
)
def test_on_a_phone_all_that_can_be_hit_is_large_enough_and_nothing_runs_over(visitor):
    open_painted(visitor, "/maps/all?on=visits,sites,crime,outlines")
    open_list(visitor)
    assert visitor.axe_findings() == []
    visitor.page.locator(".map-marker").first.click()
    visitor.page.locator(".leaflet-popup").wait_for()
    small = visitor.page.evaluate(
        """() => [...document.querySelectorAll(
            '.map-main :is(button, summary, input, a:not(p a, .leaflet-control-attribution a))')]
            .filter(element => element.checkVisibility() && !element.matches('.map-skip'))
            .map(element => ({box: element.getBoundingClientRect(), html: element.outerHTML}))
            .filter(({box}) => box.width < 24 || box.height < 24)
            .map(({html}) => html.slice(0, 90))"""
    )
    assert small == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("visitor", [{"reduced_motion": "reduce"}], indirect=True)
def test_nothing_moves_while_the_map_loads_where_motion_is_not_wanted(visitor):
    waiting = []
    visitor.page.route("**/api/layers/visits.geojson*", lambda route: waiting.append(route))
    visitor.page.goto(visitor.home + "/maps/visits")
    busy = visitor.page.locator(".map[aria-busy='true']")
    busy.wait_for()
    bar = "map => (style => [style.height, style.animationName])(getComputedStyle(map, '::after'))"
    assert busy.evaluate(bar) == ["4px", "none"]
    assert visitor.page.evaluate(
        """() => {
            const before = map_area.getCenter().lng;
            document.querySelector("[aria-label='Move the map east']").click();
            return map_area.getCenter().lng > before && map_area._panAnim?._inProgress !== true;
        }"""
    )


@pytest.mark.parametrize(
    ("side", "axis", "sign"),
    [("north", "lat", 1), ("south", "lat", -1), ("east", "lng", 1), ("west", "lng", -1)],
)
def test_the_map_moves_without_dragging(visitor, side, axis, sign):
    visitor.open(f"/maps/visits?{IN_THE_CITY}")
    before = visitor.page.evaluate("({...map_area.getCenter()})")
    visitor.page.get_by_role("button", name=f"Move the map {side}").click()
    visitor.page.wait_for_timeout(700)
    after = visitor.page.evaluate("({...map_area.getCenter()})")
    assert (after[axis] - before[axis]) * sign > 0.01
    other = {"lat": "lng", "lng": "lat"}[axis]
    assert abs(after[other] - before[other]) < 0.001
