"""The tools of a map: measure, draw an area, full screen, pass on, and the view for paper."""

from __future__ import annotations

import json
import math
import random
import re
from itertools import pairwise
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from shapely.geometry import Point, Polygon, shape

pytestmark = pytest.mark.browser

MILE_M = 1609.344
# Around Leicester: corners well inside the ground, none of them on a marker.
CORNERS = ((52.70, -1.25), (52.70, -1.00), (52.55, -1.00), (52.55, -1.25))


def haversine_m(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The length of a great circle between two places in degrees of latitude and longitude."""
    (lat1, lon1), (lat2, lon2) = (
        [math.radians(part) for part in place] for place in (first, second)
    )
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(half))


def said_lengths(text: str) -> list[tuple[float, float]]:
    """Every length in a text, in kilometres and in miles."""
    found = re.findall(r"about ([\d,.]+) km \(([\d,.]+) miles\)", text)
    return [(float(km.replace(",", "")), float(miles.replace(",", ""))) for km, miles in found]


def button(visitor, name: str):
    return visitor.page.get_by_role("button", name=name, exact=True)


def panel(visitor):
    return visitor.page.locator("[data-tool-panel=panel]")


def said(visitor) -> str:
    return visitor.page.locator("[data-tool-panel=said]").inner_text()


def wait_until_said(visitor, text: str) -> None:
    visitor.page.wait_for_function(
        "text => document.querySelector('[data-tool-panel=said]').textContent.includes(text)",
        arg=text,
    )


def press_map(visitor, place: tuple[float, float]) -> tuple[float, float]:
    """Click the pixel of a place, and answer with the place of that pixel."""
    x, y, latitude, longitude = visitor.page.evaluate(
        """place => {
            const box = map_area.getContainer().getBoundingClientRect();
            const pixel = map_area.latLngToContainerPoint(place).round();
            const {lat, lng} = map_area.containerPointToLatLng(pixel);
            const border = map_area.getContainer().clientLeft;
            return [box.x + border + pixel.x, box.y + border + pixel.y, lat, lng];
        }""",
        list(place),
    )
    visitor.page.mouse.click(x, y)
    return latitude, longitude


def centre(visitor) -> tuple[float, float]:
    latitude, longitude = visitor.page.evaluate(
        "() => { const {lat, lng} = map_area.getCenter(); return [lat, lng]; }"
    )
    return latitude, longitude


def move_to(visitor, place: tuple[float, float]) -> None:
    visitor.page.evaluate("place => map_area.panTo(place, {animate: false})", list(place))


def pan(visitor, arrow: str) -> None:
    """Press an arrow key on the map and wait until it has come to rest."""
    visitor.page.evaluate(
        "() => { window.rests = false; map_area.once('moveend', () => { window.rests = true; }); }"
    )
    visitor.page.keyboard.press(arrow)
    visitor.page.wait_for_function("() => window.rests")


def answer(visitor, path: str, **params: str):
    with urlopen(f"{visitor.home}{path}?{urlencode(params)}") as response:
        return json.load(response)


def active(visitor) -> str:
    return visitor.page.evaluate(
        "() => document.activeElement.id || document.activeElement.textContent.trim()"
    )


def drawn_area(visitor) -> str:
    """The area in the link that the panel offers, as the address has it."""
    link = visitor.page.get_by_role("link", name="Show only this area")
    return parse_qs(urlsplit(link.get_attribute("href")).query)["area"][0]


def polygon(area: str) -> Polygon:
    return Polygon([tuple(map(float, corner.split(","))) for corner in area.split()])


def draw(visitor, corners=CORNERS) -> None:
    button(visitor, "Draw an area").click()
    for corner in corners:
        press_map(visitor, corner)
    button(visitor, "Finish").click()
    wait_until_said(visitor, "The figures of the area are below.")


def test_a_line_is_measured_by_mouse(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Measure").click()
    assert button(visitor, "Measure").get_attribute("aria-pressed") == "true"
    places = [press_map(visitor, place) for place in ((52.63, -1.13), (52.77, -1.20), (52.6, -0.8))]
    legs = [haversine_m(*pair) for pair in pairwise(places)]
    (so_far,) = said_lengths(said(visitor))
    assert so_far[0] == pytest.approx(sum(legs) / 1000, abs=0.06)
    button(visitor, "Finish").click()
    (total,) = said_lengths(said(visitor))
    assert total[0] == pytest.approx(sum(legs) / 1000, abs=0.06)
    assert total[1] == pytest.approx(sum(legs) / MILE_M, abs=0.06)
    listed = said_lengths(visitor.page.locator(".map-panel-list").inner_text())
    assert [km for km, _ in listed] == pytest.approx([leg / 1000 for leg in legs], abs=0.06)
    assert visitor.page.locator(".sketch-point").all_inner_texts() == ["1", "2", "3"]
    assert visitor.page.evaluate("patchmap.mode") is None
    button(visitor, "Close").click()
    assert visitor.page.locator(".sketch-point, .leaflet-sketch-pane path").count() == 0


def test_a_line_is_measured_by_keyboard_alone(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Measure").focus()
    keys = visitor.page.keyboard
    keys.press("Enter")
    assert active(visitor) == "map_area"
    places = []
    for arrow in ("ArrowLeft", "ArrowUp", "ArrowRight"):
        pan(visitor, arrow)
        places.append(centre(visitor))
        keys.press("Enter")
    assert len(set(places)) == 3
    assert said(visitor).startswith("Point 3:")
    keys.press("Backspace")
    assert said(visitor).startswith("Point 2:")
    (length,) = said_lengths(said(visitor))
    assert length[0] == pytest.approx(haversine_m(*places[:2]) / 1000, abs=0.06)
    assert visitor.page.locator(".leaflet-popup").count() == 0
    button(visitor, "Finish").focus()
    keys.press("Enter")
    assert active(visitor) == "map-panel-title"
    assert said(visitor).startswith("In all about")
    keys.press("Escape")
    assert active(visitor) == "Measure"
    assert button(visitor, "Measure").get_attribute("aria-pressed") == "false"
    assert panel(visitor).is_hidden()


def test_the_button_for_the_crosshair_needs_no_key_and_no_dragging(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Measure").click()
    for place in ((52.6, -1.2), (52.7, -1.1)):
        move_to(visitor, place)
        button(visitor, "Add point at the crosshair").click()
    (length,) = said_lengths(said(visitor))
    assert length[0] == pytest.approx(haversine_m((52.6, -1.2), (52.7, -1.1)) / 1000, abs=0.1)


def test_a_press_on_a_marker_places_a_point_and_opens_nothing(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Measure").click()
    marker = visitor.page.locator(".map-marker").first
    marker.click()
    assert said(visitor) == "Point 1 is placed."
    marker_by_key = visitor.page.locator(".map-marker").last
    marker_by_key.focus()
    visitor.page.keyboard.press("Enter")
    assert said(visitor).startswith("Point 2:")
    box = marker_by_key.bounding_box()
    point = visitor.page.locator(".sketch-point").last.bounding_box()
    assert box["x"] + box["width"] / 2 == pytest.approx(point["x"] + point["width"] / 2, abs=2)
    assert visitor.page.locator(".leaflet-popup").count() == 0
    visitor.page.keyboard.press("Escape")
    assert panel(visitor).is_hidden()
    visitor.page.locator(".map-marker").first.click()
    visitor.page.locator(".leaflet-popup").wait_for()


def test_points_are_taken_back_and_cleared(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Measure").click()
    button(visitor, "Undo last point").click()
    assert said(visitor) == "There is no point to take away."
    button(visitor, "Finish").click()
    assert said(visitor) == "A line needs two points."
    for place in CORNERS[:3]:
        press_map(visitor, place)
    press_map(visitor, CORNERS[0])
    assert said(visitor) == "There is a point at this place already. Choose another place."
    button(visitor, "Undo last point").click()
    assert visitor.page.locator(".sketch-point").count() == 2
    button(visitor, "Clear").click()
    assert visitor.page.locator(".sketch-point").count() == 0
    assert said(visitor) == "Press the map where the line begins."
    button(visitor, "Cancel (Esc)").click()
    assert panel(visitor).is_hidden()
    assert active(visitor) == "Measure"


def test_a_double_click_ends_a_line(visitor):
    visitor.open("/maps/visits")
    zoom = visitor.page.evaluate("map_area.getZoom()")
    button(visitor, "Measure").click()
    press_map(visitor, CORNERS[0])
    box = visitor.page.locator(".map").bounding_box()
    visitor.page.mouse.dblclick(box["x"] + 300, box["y"] + 300)
    assert said(visitor).startswith("In all about")
    assert visitor.page.evaluate("map_area.getZoom()") == zoom


def test_dragging_the_map_places_no_point(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Measure").click()
    box = visitor.page.locator(".map").bounding_box()
    before = centre(visitor)
    mouse = visitor.page.mouse
    mouse.move(box["x"] + 300, box["y"] + 300)
    mouse.down()
    mouse.move(box["x"] + 400, box["y"] + 380, steps=8)
    mouse.up()
    assert centre(visitor) != before
    assert visitor.page.locator(".sketch-point").count() == 0


def test_a_drawn_area_has_the_figures_of_the_api_and_of_counting(visitor):
    visitor.open("/maps/visits?from=2021-04&to=2024-09")
    draw(visitor)
    area = drawn_area(visitor)
    query = {"from": "2021-04-01", "to": "2024-09-30"}
    told = answer(visitor, "/api/layers/visits/figures", area=area, **query)
    section = visitor.page.locator("[data-tool-panel=result] [data-layer=visits]")
    for sentence in told["sentences"]:
        assert sentence in section.inner_text()
    everything = answer(visitor, "/api/layers/visits.geojson", **query)["features"]
    drawn = polygon(area)
    inside = [
        feature["properties"]["in_period"]
        for feature in everything
        if feature["geometry"] and drawn.contains(Point(feature["geometry"]["coordinates"]))
    ]
    assert 0 < len(inside) < len(everything)
    assert told["counts"]["surely"] == inside.count("in")
    assert told["counts"]["possibly"] == inside.count("possibly")
    assert section.get_by_role("table").count() == 1
    link = section.get_by_role("link", name="CSV")
    with urlopen(visitor.home + link.get_attribute("href")) as response:
        assert len(response.read().decode().splitlines()) == 1 + len(inside)


def test_a_drawn_area_counts_crime_in_whole_cells(visitor):
    visitor.open("/maps/crime")
    draw(visitor)
    area = drawn_area(visitor)
    text = visitor.page.locator("[data-tool-panel=result] [data-layer=crime]").inner_text()
    cells = answer(visitor, "/api/layers/crime.geojson", **{"from": "2021-11", "to": "2022-10"})
    drawn = polygon(area)
    inside = sum(
        feature["properties"]["records"]
        for feature in cells["features"]
        if drawn.contains(shape(feature["geometry"]).centroid)
    )
    assert text.splitlines()[2].startswith(f"{inside:,} records") or f"\n{inside:,} records" in text
    assert "whole cells: those whose centre lies in it" in text


def test_the_size_of_a_drawn_area_is_right(visitor):
    visitor.open("/maps/visits")
    draw(visitor)
    text = visitor.page.locator("[data-tool-panel=result]").inner_text()
    square_km = float(re.search(r"about ([\d,.]+) square kilometres", text).group(1))
    south_north = math.sin(math.radians(52.70)) - math.sin(math.radians(52.55))
    expected = 6371.0088**2 * math.radians(0.25) * south_north
    assert square_km == pytest.approx(expected, rel=0.01)


def test_an_area_is_drawn_by_keyboard_alone(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Draw an area").focus()
    keys = visitor.page.keyboard
    keys.press("Enter")
    corners = []
    for arrow in ("ArrowUp", "ArrowRight", "ArrowDown"):
        pan(visitor, arrow)
        corners.append(centre(visitor))
        keys.press("Enter")
    button(visitor, "Finish").focus()
    keys.press("Enter")
    wait_until_said(visitor, "The figures of the area are below.")
    expected = " ".join(f"{longitude:.5f},{latitude:.5f}" for latitude, longitude in corners)
    assert drawn_area(visitor) == expected


def test_an_area_closes_at_its_first_corner(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Draw an area").click()
    for corner in (*CORNERS, CORNERS[0]):
        press_map(visitor, corner)
    wait_until_said(visitor, "The figures of the area are below.")
    assert len(drawn_area(visitor).split()) == 4


def test_an_area_that_crosses_itself_is_refused(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Draw an area").click()
    first, second, third, fourth = CORNERS
    for corner in (first, third, second):
        press_map(visitor, corner)
    press_map(visitor, fourth)
    assert said(visitor).startswith("A side of the area would cross or touch another")
    assert visitor.page.locator(".sketch-point").count() == 3
    button(visitor, "Clear").click()
    for corner in (first, second, (52.62, -1.20), (52.67, -0.90)):
        press_map(visitor, corner)
    assert said(visitor) == "4 corners are placed."
    button(visitor, "Finish").click()
    assert said(visitor).startswith("The last side would cross or touch another")
    assert visitor.page.evaluate("patchmap.mode") == "area"
    assert not visitor.fetched("/api/layers/visits/figures")


def test_edges_that_cross_or_touch_are_found_as_the_server_finds_them(visitor):
    visitor.open("/maps/visits")
    dice = random.Random(20221)
    rings = []
    while len(rings) < 600:
        span = dice.choice((3, 6, 1000))
        corners = [
            (dice.randint(0, span), dice.randint(0, span)) for _ in range(dice.randint(3, 7))
        ]
        if len(set(corners)) == len(corners):
            rings.append([(round(-1 + x / 100, 5), round(52 + y / 100, 5)) for x, y in corners])
    crosses = visitor.page.evaluate(
        """rings => rings.map(ring => patchmap.crossesItself(
            ring.map(([lng, lat]) => L.latLng(lat, lng)), true))""",
        rings,
    )
    # On the coarse grids corners lie on edges: there a shift of a hair decides, so whole steps do.
    steps = [[(round((x + 1) * 100), round((y - 52) * 100)) for x, y in ring] for ring in rings]
    expected = [not Polygon(ring).is_valid for ring in steps]
    assert 100 < sum(expected) < 500
    wrong = [
        ring for ring, *both in zip(steps, crosses, expected, strict=True) if both[0] != both[1]
    ]
    assert wrong == []


def test_an_area_in_the_address_restores_everything(visitor):
    visitor.open("/maps/visits?from=2021-04&to=2024-09")
    visitor.page.get_by_role("checkbox", name="Districts").uncheck()
    button(visitor, "Zoom in").click()
    visitor.page.wait_for_function("() => new URLSearchParams(location.search).has('view')")
    draw(visitor)
    area = drawn_area(visitor)
    told = visitor.page.locator("[data-tool-panel=result] [data-layer=visits] p").first.inner_text()
    zoom, at = visitor.page.evaluate("map_area.getZoom()"), centre(visitor)
    visitor.page.get_by_role("link", name="Show only this area").click()
    visitor.page.wait_for_url("**area=**")
    visitor.settle()
    query = parse_qs(urlsplit(visitor.page.url).query)
    assert query["area"] == [area]
    assert query["from"] == ["2021-04"]
    assert visitor.page.locator(".caption[data-layer=visits] p").first.inner_text() == told
    assert visitor.page.evaluate("map_area.getZoom()") == zoom
    assert centre(visitor) == pytest.approx(at, abs=1e-4)
    assert not visitor.page.get_by_role("checkbox", name="Districts").is_checked()
    assert visitor.page.locator(".map-drawn-name").inner_text() == "Area drawn"
    outline = visitor.page.evaluate(
        """() => {
            const found = [];
            map_area.eachLayer(layer => layer.options.pane === 'drawn-area' && layer.getLatLngs
                && found.push(layer.getLatLngs()[0].map(({lat, lng}) => [lng, lat])));
            return found[0];
        }"""
    )
    assert Polygon(outline).equals_exact(polygon(area), 1e-9)
    visitor.page.get_by_label("Wigston and Harborough").check()
    button(visitor, "Show").click()
    visitor.page.wait_for_url("**npa=NA**")
    assert parse_qs(urlsplit(visitor.page.url).query)["area"] == [area]
    visitor.page.get_by_role("link", name="Remove the area").click()
    visitor.page.wait_for_url(lambda url: "area=" not in url)
    assert parse_qs(urlsplit(visitor.page.url).query)["npa"] == ["NA"]
    visitor.settle()
    assert visitor.page.locator(".map-drawn-name").count() == 0


def test_fixed_counts_are_not_asked_for_an_area(visitor):
    visitor.open("/maps/street-safe")
    button(visitor, "Draw an area").click()
    for corner in CORNERS:
        press_map(visitor, corner)
    button(visitor, "Finish").click()
    wait_until_said(visitor, "The figures of the area are below.")
    assert "fixed counts, which cannot be had of a drawn area" in panel(visitor).inner_text()
    assert visitor.page.get_by_role("link", name="Show only this area").count() == 0
    assert not any("area=" in address for address in visitor.requests)


def test_figures_that_cannot_be_loaded_say_so(visitor):
    visitor.open("/maps/visits")
    visitor.page.route("**/figures*area=*", lambda route: route.fulfill(status=503, body="{}"))
    draw(visitor)
    assert "could not be loaded" in panel(visitor).inner_text()
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()


def test_no_layer_with_figures_says_so(visitor):
    visitor.open("/maps/visits")
    visitor.page.get_by_role("checkbox", name="Community visits").uncheck()
    button(visitor, "Draw an area").click()
    for corner in CORNERS:
        press_map(visitor, corner)
    button(visitor, "Finish").click()
    assert said(visitor).startswith("No layer with figures is switched on.")


def address_of(visitor) -> dict[str, list[str]]:
    visitor.page.wait_for_timeout(500)
    return parse_qs(urlsplit(visitor.page.url).query)


def test_a_drawn_area_is_in_the_address_and_comes_back_with_its_figures(visitor):
    visitor.open("/maps/visits?from=2021-04&to=2024-09")
    draw(visitor)
    area = drawn_area(visitor)
    told = visitor.page.locator("[data-tool-panel=result]").inner_text()
    assert address_of(visitor)["draw"] == [area]
    visitor.open(visitor.page.url.removeprefix(visitor.home))
    wait_until_said(visitor, "The figures of the area are below.")
    assert visitor.page.locator("[data-tool-panel=result]").inner_text() == told
    assert visitor.page.locator(".sketch-point").count() == 4
    assert visitor.page.evaluate("patchmap.mode") is None
    assert visitor.page.evaluate("document.activeElement === document.body && scrollY === 0")
    link = visitor.page.get_by_role("link", name="Show only this area")
    visitor.page.evaluate("map_area.setView([52.55, -1.05], 11, {animate: false})")
    query = parse_qs(urlsplit(link.get_attribute("href")).query)
    assert "draw" not in query
    assert query["view"] == ["11/52.55000/-1.05000"]
    button(visitor, "Close").click()
    assert "draw" not in address_of(visitor)


def test_a_measured_line_is_in_the_address_and_comes_back_with_its_length(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Measure").click()
    for place in CORNERS[:3]:
        press_map(visitor, place)
    assert "measure" not in address_of(visitor)
    button(visitor, "Finish").click()
    length = said(visitor)
    assert len(address_of(visitor)["measure"][0].split()) == 3
    visitor.open(visitor.page.url.removeprefix(visitor.home))
    assert said(visitor) == length
    assert button(visitor, "Measure").get_attribute("aria-pressed") == "true"
    assert visitor.page.locator(".sketch-point").count() == 3
    button(visitor, "Measure again").click()
    assert "measure" not in address_of(visitor)


def test_what_is_drawn_outlives_another_choice(visitor):
    area = "-1.25000,52.70000 -1.00000,52.70000 -1.00000,52.55000"
    visitor.open(f"/maps/visits?{urlencode({'draw': area})}")
    wait_until_said(visitor, "The figures of the area are below.")
    visitor.page.get_by_label("Wigston and Harborough").check()
    button(visitor, "Show").click()
    visitor.page.wait_for_url("**npa=NA**")
    assert address_of(visitor)["draw"] == [area]
    visitor.settle()
    wait_until_said(visitor, "The figures of the area are below.")


WINDOWS = [
    pytest.param({"viewport": {"width": 1280, "height": 900}}, id="1280px"),
    pytest.param({"viewport": {"width": 390, "height": 780}, "has_touch": True}, id="390px"),
]


@pytest.mark.parametrize("visitor", WINDOWS, indirect=True)
@pytest.mark.parametrize("tool", ["Measure", "Draw an area"])
def test_the_map_stays_in_view_when_a_tool_has_finished(visitor, tool):
    visitor.open("/maps/crime")
    button(visitor, tool).click()
    for place in ((52.75, -1.25), (52.75, -1.00), (52.60, -1.00)):
        press_map(visitor, place)
        visitor.page.wait_for_timeout(550)
    button(visitor, "Finish").click()
    assert active(visitor) == "map-panel-title"
    height = visitor.page.viewport_size["height"]
    box = visitor.page.locator(".map").bounding_box()
    seen = min(height, box["y"] + box["height"]) - max(0, box["y"])
    assert seen > 0.9 * box["height"]
    title = visitor.page.locator("#map-panel-title").bounding_box()
    assert 0 <= title["y"] <= height - title["height"]


@pytest.mark.parametrize("visitor", WINDOWS, indirect=True)
@pytest.mark.parametrize("native", [True, False], ids=["by the browser", "by our style"])
def test_the_way_out_of_full_screen_is_seen_wherever_the_frame_is_scrolled(visitor, native):
    visitor.open("/maps/crime")
    if not native:
        visitor.page.evaluate("document.getElementById('map-frame').requestFullscreen = undefined")
    button(visitor, "Full screen").click()
    leave = button(visitor, "Leave full screen")
    leave.wait_for()
    visitor.page.wait_for_timeout(500)
    assert active(visitor) == "Leave full screen"
    assert button(visitor, "Full screen").is_hidden()
    frame = visitor.page.locator("#map-frame")
    for top in (None, 0, 5000):
        if top is not None:
            frame.evaluate("(it, top) => it.scrollTo(0, top)", top)
        box, window = leave.bounding_box(), visitor.page.evaluate("[innerWidth, innerHeight]")
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= window[0]
        assert box["y"] + box["height"] <= window[1]
    leave.click()
    button(visitor, "Full screen").wait_for()
    assert active(visitor) == "Full screen"


@pytest.mark.parametrize("native", [True, False], ids=["by the browser", "by our style"])
def test_full_screen_both_ways(visitor, native):
    visitor.open("/maps/all")
    if not native:
        visitor.page.evaluate("document.getElementById('map-frame').requestFullscreen = undefined")
    before = visitor.page.locator(".map").bounding_box()["height"]
    full = button(visitor, "Full screen")
    full.focus()
    visitor.page.keyboard.press("Enter")
    leave = button(visitor, "Leave full screen")
    leave.wait_for()
    assert active(visitor) == "Leave full screen"
    assert visitor.page.locator(".map").bounding_box()["height"] > before
    assert visitor.page.locator(".legends").is_visible()
    assert visitor.axe_findings() == []
    visitor.page.get_by_role("checkbox", name="Districts").uncheck()
    button(visitor, "Measure").click()
    press_map(visitor, CORNERS[0])
    assert said(visitor) == "Point 1 is placed."
    visitor.page.keyboard.press("Escape")
    assert panel(visitor).is_hidden()
    leave.click()
    full.wait_for()
    assert active(visitor) == "Full screen"
    assert visitor.page.locator(".map").bounding_box()["height"] == before
    assert visitor.page.locator("[inert]").count() == 0


def test_escape_leaves_full_screen_by_our_style(visitor):
    visitor.open("/maps/visits")
    visitor.page.evaluate("document.getElementById('map-frame').requestFullscreen = undefined")
    button(visitor, "Full screen").click()
    assert visitor.page.locator("header[inert]").count() == 1
    visitor.page.locator(".map-marker").first.click()
    visitor.page.locator(".leaflet-popup").wait_for()
    visitor.page.keyboard.press("Escape")
    visitor.page.locator(".leaflet-popup").wait_for(state="detached")
    assert button(visitor, "Leave full screen").is_visible()
    visitor.page.keyboard.press("Escape")
    button(visitor, "Full screen").wait_for()
    assert visitor.page.locator("[inert]").count() == 0


def test_the_link_is_copied_with_all_that_the_page_shows(visitor):
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open("/maps/visits?npa=NA")
    visitor.page.evaluate("map_area.setView([52.55, -1.05], 11, {animate: false})")
    button(visitor, "Copy link").click()
    visitor.page.get_by_text("The link to this view is copied.").wait_for()
    copied = urlsplit(visitor.page.evaluate("navigator.clipboard.readText()"))
    assert parse_qs(copied.query) == {"npa": ["NA"], "view": ["11/52.55000/-1.05000"]}
    visitor.open(f"{copied.path}?{copied.query}")
    assert centre(visitor) == pytest.approx((52.55, -1.05))
    assert visitor.page.evaluate("map_area.getZoom()") == 11


def test_a_link_that_cannot_be_copied_is_offered_in_a_field(visitor):
    visitor.page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )
    visitor.open("/maps/visits?npa=NA")
    button(visitor, "Copy link").click()
    field = visitor.page.get_by_label("Link to this view")
    field.wait_for()
    assert field.input_value() == f"{visitor.home}/maps/visits?npa=NA"
    selected = visitor.page.evaluate("document.getSelection().toString()")
    assert active(visitor) == "map-address"
    assert selected in ("", field.input_value())
    assert field.evaluate("it => it.selectionEnd - it.selectionStart") == len(field.input_value())
    visitor.page.locator("summary", has_text="Picture").click()
    button(visitor, "Copy picture").click()
    visitor.page.get_by_text("The picture could not be copied.").wait_for()


def test_escape_closes_the_pictures_and_what_was_said_of_them_goes(visitor):
    visitor.page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
    )
    visitor.open("/maps/visits")
    menu = visitor.page.locator("summary", has_text="Picture")
    menu.click()
    button(visitor, "Copy picture").click()
    visitor.page.get_by_text("The picture could not be copied.").wait_for()
    visitor.page.keyboard.press("Escape")
    assert visitor.page.get_by_role("link", name="Download as SVG").is_hidden()
    assert menu.evaluate("it => it === document.activeElement")
    visitor.page.wait_for_function(
        "() => document.getElementById('map-tools-said').textContent === ''"
    )


def test_what_was_said_of_a_link_goes_once_the_map_shows_something_else(visitor):
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open("/maps/visits")
    button(visitor, "Copy link").click()
    visitor.page.get_by_text("The link to this view is copied.").wait_for()
    visitor.page.evaluate("map_area.setView([52.55, -1.05], 11, {animate: false})")
    assert visitor.page.locator("#map-tools-said").inner_text() == ""


def test_pictures_follow_the_view_and_can_be_copied(visitor):
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.open("/maps/visits")
    visitor.page.evaluate("map_area.setView([52.55, -1.05], 11, {animate: false})")
    visitor.page.locator("summary", has_text="Picture").click()
    for name, kind in (("Download as SVG", "svg"), ("Download as PNG", "png")):
        link = visitor.page.get_by_role("link", name=name)
        address = urlsplit(link.get_attribute("href"))
        assert address.path == f"/maps/visits/picture.{kind}"
        assert parse_qs(address.query)["view"] == ["11/52.55000/-1.05000"]
        with visitor.page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == f"visits-map.{kind}"
    button(visitor, "Copy picture").click()
    visitor.page.get_by_text("The picture is copied.").wait_for()
    kinds = visitor.page.evaluate(
        "async () => (await navigator.clipboard.read()).flatMap(item => item.types)"
    )
    assert kinds == ["image/png"]


@pytest.mark.parametrize(
    "visitor",
    [
        pytest.param({"viewport": {"width": width, "height": 700}, "color_scheme": scheme}, id=name)
        for width, scheme, name in (
            (320, "light", "320px"),
            (768, "dark", "768px dark"),
            (1280, "light", "1280px"),
        )
    ],
    indirect=True,
)
def test_the_tools_fit_and_are_accessible(visitor):
    visitor.open("/maps/visits")
    visitor.page.locator("summary", has_text="Picture").click()
    button(visitor, "Draw an area").click()
    assert visitor.axe_findings() == []
    sizes = visitor.page.locator(
        ".map-tools button, .map-tools a, .map-tools summary, .map-panel button, .map-panel summary"
    ).evaluate_all(
        """all => all.filter(it => it.checkVisibility()).map(it => {
            const box = it.getBoundingClientRect();
            return [it.textContent.trim(), box.width, box.height];
        })"""
    )
    assert len(sizes) > 10
    assert [size for size in sizes if min(size[1:]) < 24] == []
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.page.evaluate(too_wide) == 0
    map_box = visitor.page.locator(".map").bounding_box()
    x, y = map_box["x"] + map_box["width"] / 2, map_box["y"]
    for step_x, step_y in ((0, 40), (60, 110), (-60, 110)):
        visitor.page.mouse.click(x + step_x, y + step_y)
    button(visitor, "Finish").click()
    wait_until_said(visitor, "The figures of the area are below.")
    assert visitor.axe_findings() == []
    assert visitor.page.evaluate(too_wide) == 0


@pytest.mark.parametrize(
    "visitor",
    [pytest.param({"viewport": {"width": 320, "height": 640}, "has_touch": True}, id="phone")],
    indirect=True,
)
def test_a_thumb_draws_an_area(visitor):
    visitor.open("/maps/visits")
    button(visitor, "Draw an area").tap()
    box = visitor.page.locator(".map").bounding_box()
    for x, y in ((110, 80), (220, 80), (220, 180)):
        visitor.page.wait_for_timeout(550)
        visitor.page.touchscreen.tap(box["x"] + x, box["y"] + y)
    assert said(visitor) == "3 corners are placed."
    finish = button(visitor, "Finish")
    assert finish.bounding_box()["y"] + finish.bounding_box()["height"] <= 640
    finish.tap()
    wait_until_said(visitor, "The figures of the area are below.")


@pytest.mark.parametrize(
    "visitor", [pytest.param({"java_script_enabled": False}, id="no script")], indirect=True
)
@pytest.mark.parametrize("path", ["/", "/maps/visits?npa=NA", "/maps/crime", "/maps/all"])
def test_a_page_without_javascript_shows_the_picture_of_its_map(visitor, path):
    visitor.page.goto(visitor.home + path)
    picture = visitor.page.locator(".map-picture img")
    assert picture.is_visible()
    assert picture.bounding_box()["height"] > 200
    assert visitor.fetched("/maps/")
    assert visitor.page.locator(".map").is_hidden()
    assert button(visitor, "Measure").is_hidden()
    visitor.page.locator("summary", has_text="Picture").click()
    assert visitor.page.get_by_role("link", name="Download as SVG").is_visible()
    assert visitor.page.get_by_role("button", name="Copy picture").is_hidden()


def test_the_view_for_paper_prints(visitor):
    visitor.open("/maps/visits?npa=NA")
    visitor.page.evaluate("map_area.setView([52.55, -1.05], 11, {animate: false})")
    visitor.page.get_by_role("link", name="Print view").click()
    visitor.page.wait_for_url("**/maps/visits/print?**")
    query = parse_qs(urlsplit(visitor.page.url).query)
    assert query == {"npa": ["NA"], "view": ["11/52.55000/-1.05000"]}
    assert visitor.page.locator(".paper-map").evaluate("it => it.complete && it.naturalWidth > 0")
    assert visitor.axe_findings() == []
    visitor.page.evaluate("window.print = () => { window.printed = true; }")
    button(visitor, "Print this page").click()
    assert visitor.page.evaluate("window.printed") is True
    visitor.page.get_by_role("link", name="Back to the map").click()
    visitor.page.wait_for_url("**/maps/visits?**")
    visitor.settle()
    assert centre(visitor) == pytest.approx((52.55, -1.05))


@pytest.mark.parametrize("path", ["/maps/visits/print", "/maps/crime/print", "/maps/all/print"])
@pytest.mark.parametrize(
    "visitor",
    [
        pytest.param({"viewport": {"width": width, "height": 900}}, id=f"{width}px")
        for width in (320, 700)
    ],
    indirect=True,
)
def test_paper_fits_and_leaves_the_navigation_out(visitor, path):
    visitor.open(path)
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.page.evaluate(too_wide) == 0
    assert visitor.axe_findings() == []
    visitor.page.emulate_media(media="print")
    for hidden in (".site-nav", ".paper-actions", ".skip-link"):
        assert visitor.page.locator(hidden).is_hidden()
    assert visitor.page.locator(".paper-map").is_visible()
    heads = visitor.page.locator("thead").evaluate_all(
        "all => all.map(head => getComputedStyle(head).display)"
    )
    assert heads
    assert set(heads) == {"table-header-group"}
