"""Crime drawn from vector tiles: what is drawn, what a cell tells, and what happens on the way.

The oracle is the API, and the tiles themselves as another reader than the page's decodes them.
"""

from __future__ import annotations

import io
import re
from contextlib import suppress
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest
from PIL import Image
from playwright.sync_api import Error
from shapely.geometry import Point, shape

pytestmark = pytest.mark.browser

TITLE = "Recorded crime and anti-social behaviour"
TILES = "**/api/layers/crime/tiles/**"
IN_THE_CITY = "view=11.75/52.63000/-1.13000"


class Tiles:
    """The answers to a page's requests for tiles, by ``zoom/column/row``."""

    def __init__(self, page) -> None:
        self.answers = {}
        page.on("response", self.keep)

    def keep(self, response) -> None:
        found = re.search(r"/tiles/(\d+/\d+/\d+)\.mvt$", urlsplit(response.url).path)
        if found and response.status == 200:
            self.answers[found.group(1)] = response

    def cells(self) -> dict[str, dict[str, dict]]:
        """The properties of the cells of each tile."""
        decoded = {}
        for key, response in self.answers.items():
            empty = response.header_value("content-length") == "0"
            layers = mapbox_vector_tile.decode(b"" if empty else response.body())
            features = layers.get("crime", {"features": []})["features"]
            decoded[key] = {item["properties"]["cell_id"]: item["properties"] for item in features}
        return decoded


def open_painted(visitor, path: str) -> None:
    visitor.page.goto(visitor.home + path)
    visitor.page.locator("[data-map][data-tiles='painted'][aria-busy='false']").wait_for()


def status(visitor) -> str:
    """What is said of the layers, once none is loading: cells are shown first, then told of."""
    said = visitor.page.locator("#map-status")
    visitor.page.wait_for_function(
        "() => !document.getElementById('map-status').textContent.includes('loading')"
    )
    return said.inner_text()


def busiest_cell(visitor, query: str = "") -> dict:
    address = f"{visitor.home}/api/layers/crime.geojson?limit=1{query}"
    return visitor.page.request.get(address).json()["features"][0]


def middle_of(visitor, cell: dict) -> dict[str, float]:
    """Where the middle of a cell lies on the map, in pixels."""
    corners = cell["geometry"]["coordinates"][0][:-1]
    longitude, latitude = (sum(axis) / len(corners) for axis in zip(*corners, strict=True))
    return visitor.page.evaluate(
        """([latitude, longitude]) => {
            const {x, y} = map_area.latLngToContainerPoint([latitude, longitude]);
            return {x, y};
        }""",
        [latitude, longitude],
    )


def read_by_page(visitor) -> dict[str, dict[str, dict]]:
    """The properties of the cells of each tile as the page's script holds them."""
    return visitor.page.evaluate(
        """() => Object.fromEntries([...patchmap.layersOf(map_area)
            .find(({options}) => options.id === "crime")._held.entries()]
            .map(([key, {cells}]) => [key, Object.fromEntries(cells.map(
                ({properties}) => [properties.cell_id, {...properties}]))]))"""
    )


def colour_at(visitor, at: dict[str, float]) -> tuple[int, ...]:
    picture = Image.open(io.BytesIO(visitor.page.locator(".map").screenshot()))
    return picture.convert("RGB").getpixel((round(at["x"]), round(at["y"])))


def test_the_tiles_hold_what_the_caption_counts_and_agree_at_their_edges(visitor):
    tiles = Tiles(visitor.page)
    open_painted(visitor, "/maps/crime")
    cells: dict[str, dict] = {}
    shared = 0
    for found in tiles.cells().values():
        for cell_id, properties in found.items():
            shared += cell_id in cells
            assert cells.setdefault(cell_id, properties) == properties
    assert shared > 10
    caption = visitor.page.locator(".caption[data-layer=crime]").inner_text()
    held = re.search(r"The cells hold ([\d,]+)", caption)
    assert held
    assert f"{sum(cell['records'] for cell in cells.values()):,}" == held.group(1)
    assert f"{TITLE}: {len(cells):,} cells in view." in status(visitor)


def zoom_before(key: str) -> str:
    """Where the plane has a tile that the page draws twice as wide."""
    zoom, _, place = key.partition("/")
    return f"{int(zoom) - 1}/{place}"


def test_the_page_reads_tiles_as_another_reader_does(visitor):
    tiles = Tiles(visitor.page)
    open_painted(visitor, f"/maps/crime?{IN_THE_CITY}")
    read = {zoom_before(key): cells for key, cells in read_by_page(visitor).items()}
    assert sum(len(cells) for cells in read.values()) > 200
    assert read == {key: cells for key, cells in tiles.cells().items() if key in read}


def test_the_cells_in_view_are_those_of_the_same_box_in_the_api(visitor):
    open_painted(visitor, f"/maps/crime?{IN_THE_CITY}")
    box = visitor.page.evaluate("map_area.getBounds().toBBoxString()")
    address = f"{visitor.home}/api/layers/crime.geojson?limit=1&bbox={box}"
    matched = visitor.page.request.get(address).json()["numberMatched"]
    assert matched > 50
    assert f"{TITLE}: {matched} cells in view." in status(visitor)


@pytest.mark.parametrize(
    ("view", "at"),
    [
        ("", {"x": 425, "y": 290}),
        ("?view=10.25/52.70/-1.20", {"x": 470, "y": 340}),
        ("?view=12.5/52.63/-1.13", {"x": 470, "y": 340}),
        ("?view=17.5/52.6364/-1.133", {"x": 470, "y": 340}),
    ],
)
def test_a_click_on_a_cell_tells_what_it_holds_at_every_zoom(visitor, view, at):
    open_painted(visitor, f"/maps/crime{view}")
    longitude, latitude = visitor.page.evaluate(
        "({x, y}) => (({lat, lng}) => [lng, lat])(map_area.containerPointToLatLng([x, y]))", at
    )
    near = f"{longitude - 0.02},{latitude - 0.02},{longitude + 0.02},{latitude + 0.02}"
    address = f"{visitor.home}/api/layers/crime.geojson?bbox={near}"
    cell = next(
        item["properties"]
        for item in visitor.page.request.get(address).json()["features"]
        if shape(item["geometry"]).contains(Point(longitude, latitude))
    )
    visitor.page.locator(".map").click(position=at)
    popup = visitor.page.locator(".leaflet-popup .popup")
    labels, values = popup.locator("dt"), popup.locator("dd")
    said = dict(zip(labels.all_inner_texts(), values.all_inner_texts(), strict=True))
    assert said["Cell"] == cell["cell_id"]
    assert said["Records"] == f"{cell['records']:,}"
    assert visitor.page.locator(".map-chosen").count() == 1
    popup.locator("summary").press("Enter")  # a click could fall on it while the map still pans
    table = popup.locator("table", has_text="By month")
    table.wait_for()
    figures = [int(text.replace(",", "")) for text in table.locator("td").all_inner_texts()]
    assert len(figures) == 12
    assert sum(figures) == cell["records"]
    visitor.page.keyboard.press("Escape")
    assert visitor.page.locator(".map-chosen").count() == 0


def test_what_a_cell_holds_says_so_when_it_cannot_be_loaded(visitor):
    visitor.page.route("**/api/layers/crime/cells/**", lambda route: route.fulfill(status=503))
    open_painted(visitor, "/maps/crime")
    visitor.page.locator(".map").click(position=middle_of(visitor, busiest_cell(visitor)))
    visitor.page.locator(".cell-figures summary").press("Enter")  # the map may still be moving
    visitor.page.get_by_text("This could not be loaded.").wait_for()
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()


@pytest.mark.parametrize("visitor", [{}, {"device_scale_factor": 1.5}], indirect=True)
def test_no_seam_shows_where_tiles_meet(visitor):
    """Tiles filled with one colour leave a map of one colour, between whole zooms too."""
    open_painted(visitor, "/maps/crime?view=12/52.63500/-1.13000&on=crime")
    visitor.page.evaluate(
        """() => {
            const paint = patchmap.paintCells;
            patchmap.paintCells = (canvas, ...rest) => {
                paint(canvas, ...rest);
                const pen = canvas.getContext("2d");
                pen.resetTransform();
                pen.fillStyle = "#206020";
                pen.fillRect(0, 0, canvas.width, canvas.height);
            };
        }"""
    )
    for zoom in (12.25, 12.5, 12.75, 13):
        visitor.page.evaluate("zoom => map_area.setZoom(zoom, {animate: false})", zoom)
        visitor.page.locator("[data-map][data-tiles='painted']").wait_for()
        visitor.page.wait_for_timeout(500)
        picture = Image.open(io.BytesIO(visitor.page.locator(".map").screenshot())).convert("RGB")
        ground = picture.crop((100, 20, picture.width - 20, picture.height - 100))
        colours = ground.getcolors()
        assert colours is not None, zoom
        assert len(colours) == 1, (zoom, colours)


def test_another_legend_is_painted_without_asking_again(visitor):
    open_painted(visitor, "/maps/crime")
    at = middle_of(visitor, busiest_cell(visitor))
    before, asked = colour_at(visitor, at), len(visitor.requests)
    visitor.page.evaluate(
        """() => {
            const layer = patchmap.layersOf(map_area).find(({options}) => options.id === "crime");
            const one = {...layer.options.legend.classes.at(-1), colour: "#FF8800", lower: 0};
            layer.setLegend({...layer.options.legend, classes: [one]});
        }"""
    )
    red, green, blue = colour_at(visitor, at)
    assert (red, green, blue) != before
    assert red > green > blue
    assert len(visitor.requests) == asked


def test_another_period_replaces_the_cells_and_null_brings_them_back(visitor):
    open_painted(visitor, "/maps/crime")
    whole = read_by_page(visitor)

    def show(period: str) -> dict[str, dict[str, dict]]:
        visitor.page.evaluate(
            """period => new Promise(resolve => {
                document.addEventListener("patchmap:drawn", resolve, {once: true});
                const isCrime = ({options}) => options.id === "crime";
                patchmap.layersOf(map_area).find(isCrime).setPeriod(period);
            })""",
            {"from": f"{period}-01", "to": f"{period}-28"} if period else None,
        )
        return read_by_page(visitor)

    month = show("2022-02")
    dates = {cell["date_from"] for cells in month.values() for cell in cells.values()}
    assert dates == {"2022-02-01"}
    assert show("") == whole


def test_tiles_that_are_no_longer_wanted_are_given_up(visitor):
    waiting = []
    visitor.page.add_init_script(
        """const ask = window.fetch, asked = window.askedForTiles = [];
        window.fetch = (address, options) => {
            if (String(address).includes("/tiles/")) asked.push(options.signal);
            return ask(address, options);
        };"""
    )
    visitor.page.route(TILES, lambda route: waiting.append(route))
    visitor.page.goto(visitor.home + "/maps/crime")
    visitor.page.locator("[data-map][data-tiles='loading']").wait_for()
    given_up = "() => askedForTiles.map(signal => signal.aborted)"
    asked = visitor.page.evaluate(given_up)
    assert asked
    assert not any(asked)
    assert f"{TITLE}: loading." in visitor.page.locator("#map-status").inner_text()
    visitor.page.get_by_role("checkbox", name=TITLE).uncheck()
    assert visitor.page.evaluate(given_up) == [True] * len(asked)
    assert TITLE not in status(visitor)
    assert visitor.page.locator("[data-map]").get_attribute("data-tiles") is None


def test_a_late_answer_for_another_period_is_not_drawn(visitor):
    open_painted(visitor, "/maps/crime")
    set_period = """([from, to]) => patchmap.layersOf(map_area)
        .find(({options}) => options.id === "crime").setPeriod({from, to})"""
    late = []
    visitor.page.route(f"{TILES}from=2022-01*", lambda route: late.append(route))
    with visitor.page.expect_request(f"{TILES}from=2022-01*"):
        visitor.page.evaluate(set_period, ["2022-01-01", "2022-01-31"])
    visitor.page.evaluate(set_period, ["2022-03-01", "2022-03-31"])
    visitor.page.locator("[data-map][data-tiles='painted']").wait_for()
    assert late
    for route in late:
        with suppress(Error):  # the page gave the request up, as it should
            route.continue_()
    visitor.page.wait_for_timeout(300)
    read = read_by_page(visitor)
    dates = {cell["date_from"] for cells in read.values() for cell in cells.values()}
    assert dates == {"2022-03-01"}


def test_a_tile_that_fails_is_said_and_can_be_tried_again(visitor):
    failed = []

    def fail_first(route) -> None:
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.fulfill(status=503)

    visitor.page.route(TILES, fail_first)
    visitor.page.goto(visitor.home + f"/maps/crime?{IN_THE_CITY}")
    visitor.page.locator("[data-map][data-tiles='failed']").wait_for()
    assert f"{TITLE}: a part of the map could not be loaded." in status(visitor)
    assert any("503" in problem for problem in visitor.problems)
    visitor.problems.clear()
    visitor.page.get_by_role("button", name=f"Try again: {TITLE}").click()
    visitor.page.locator("[data-map][data-tiles='painted']").wait_for()
    assert "cells in view" in status(visitor)
    assert visitor.page.get_by_role("button", name="Try again").count() == 0
    assert visitor.page.locator("[data-map]").evaluate("map => map === document.activeElement")


def test_what_failed_is_hatched_and_said_as_an_error_beside_its_button(visitor):
    open_painted(visitor, "/maps/crime")
    visitor.page.route(TILES, lambda route: route.abort())
    visitor.page.get_by_role("button", name="Next month").click()
    visitor.page.locator("[data-map][data-tiles='failed']").wait_for()
    assert "is hatched; that is not zero" in status(visitor)
    failed = visitor.page.locator("path.map-failed")
    assert failed.count() > 1
    assert failed.first.get_attribute("fill") == "url(#hatching)"
    shown = visitor.page.locator("#map-status")
    assert "map-status-failed" in shown.get_attribute("class")
    mark = shown.evaluate("it => getComputedStyle(it, '::before').content")
    assert "\u26a0" in mark
    again = visitor.page.get_by_role("button", name=f"Try again: {TITLE}")
    below = shown.bounding_box()["y"] + shown.bounding_box()["height"]
    assert 0 <= again.bounding_box()["y"] - below < 24
    assert visitor.axe_findings() == []
    visitor.page.unroute(TILES)
    again.click()
    visitor.page.locator("[data-map][data-tiles='painted']").wait_for()
    assert failed.count() == 0
    assert "map-status-failed" not in shown.get_attribute("class")
    visitor.problems.clear()


def test_a_layer_that_is_switched_off_asks_for_nothing_when_the_map_moves(visitor):
    visitor.open("/maps/all")
    visitor.page.get_by_role("button", name="Zoom in").click()
    visitor.page.wait_for_url(re.compile("view="))
    visitor.page.wait_for_timeout(300)
    assert not visitor.fetched("/api/layers/crime")


def test_a_period_of_which_nothing_is_held_is_not_shown_as_zero(visitor):
    open_painted(visitor, "/maps/crime?from=2019-01&to=2019-02")
    visitor.page.locator("path.map-not-held").first.wait_for()
    assert "No records are held for January 2019 to February 2019" in status(visitor)
    assert "that is not zero" in status(visitor)


def test_outlines_become_finer_as_the_map_comes_nearer_and_not_at_every_step(visitor):
    open_painted(visitor, "/maps/crime")

    def outlines() -> list[str]:
        return [address for address in visitor.requests if address.startswith("/ground/npas")]

    def zoom_to(zoom: float) -> None:
        visitor.page.evaluate("zoom => map_area.setZoom(zoom, {animate: false})", zoom)
        visitor.page.wait_for_timeout(300)

    assert outlines() == ["/ground/npas.geojson?zoom=9"]
    for zoom in (9.5, 10.25, 11, 11.75):
        zoom_to(zoom)
    assert outlines()[1:] == ["/ground/npas.geojson?zoom=11"]
    with visitor.page.expect_response("**/ground/npas.geojson?zoom=13"):
        visitor.page.evaluate("map_area.setZoom(12, {animate: false})")
    assert len(outlines()) == 3
