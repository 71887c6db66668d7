"""Pictures of maps: what they say and show, for whom, in which size, and that nothing overlaps."""

from __future__ import annotations

import io
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geo.crs import to_metres
from layers.answer import answer, read_query
from layers.audience import Audience
from layers.files import read_table
from layers.registry import REGISTRY
from layers.spec import Legend, StyleClass
from layers.view import View
from layers.workspace import Intake, Workspace
from server.map_pages import GROUND_LAYERS
from server.map_state import MapView
from server.pictures import ground as picture_ground
from server.pictures.classes import NOT_CLASSED, styles_of
from server.pictures.drawing import draw
from server.pictures.frame import Frame
from server.pictures.letters import width_px, wrapped
from server.pictures.markers import APART_PX, markers
from server.pictures.names import Name, placed
from server.pictures.page import STAFF_NOTICE
from server.pictures.picture import SIZES, Picture
from server.pictures.records import Records
from server.pictures.scale import LONGEST_PX, bars
from server.pictures.scene import LEADING, Box, Scene, Text, overlap
from server.pictures.svg import svg
from server.requests import HOME_PAGE, MAP_PAGES
from tests.server.conftest import NOW, AsStaff, Browser, MakeApp
from tests.server.test_secrets import (
    COMING_VISIT,
    CUSTODY,
    PLANTED,
    POSITIONS,
    PRIVATE_SITE,
    RARE_REPORT,
    STAFF_VISIT,
    WORDS,
)

PAGES = (*MAP_PAGES, HOME_PAGE)
SVG = "{http://www.w3.org/2000/svg}"
EVERYTHING = "on=visits,sites,people_zones,street_safe,crime,npas,outlines,districts,settlements"
CITY = "view=12/52.63000/-1.13000"


@dataclass(frozen=True)
class Said:
    """One text of a picture, its place in the picture and the part of it that it belongs to."""

    words: str
    box: Box
    part: str


class Drawing:
    """An SVG read back."""

    def __init__(self, source: bytes) -> None:
        self.root = ET.fromstring(source)
        self.width = float(self.root.get("width", ""))
        self.height = float(self.root.get("height", ""))
        self.said = list(_texts(self.root, (0, 0), ""))

    def words(self) -> str:
        return "\n".join(each.words for each in self.said)

    def part(self, name: str) -> ET.Element:
        (found,) = (e for e in self.root.iter(f"{SVG}g") if e.get("data-part") == name)
        return found

    def shapes(self, name: str) -> list[dict[str, str]]:
        part = self.part(name)
        return [e.attrib for e in part.iter() if e.tag in (f"{SVG}path", f"{SVG}circle")]


def _texts(element: ET.Element, at: tuple[float, float], part: str) -> Iterator[Said]:
    moved = re.fullmatch(r"translate\((\S+) (\S+)\)", element.get("transform", ""))
    if moved:
        at = at[0] + float(moved[1]), at[1] + float(moved[2])
    part = element.get("data-part", part)
    if element.tag == f"{SVG}text" and not element.get("aria-hidden"):
        yield _said(element, at, part)
    for child in element:
        yield from _texts(child, at, part)


def _said(text: ET.Element, at: tuple[float, float], part: str) -> Said:
    size, bold = float(text.get("font-size", "")), text.get("font-weight") == "bold"
    lines = [(line.text or "", float(line.get("y", "")) + at[1]) for line in text]
    widest = max(width_px(words, size, bold) for words, _ in lines)
    x = float(text[0].get("x", "")) + at[0]
    left = x - widest * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "start")]
    top, bottom = lines[0][1] - 0.75 * size, lines[-1][1] + 0.2 * size
    return Said(" ".join(words for words, _ in lines), (left, top, left + widest, bottom), part)


def drawing(client: FlaskClient, page: str, query: str = "") -> Drawing:
    answered = client.get(f"/maps/{page}/picture.svg?{query}")
    assert answered.status_code == 200, answered.text
    assert answered.mimetype == "image/svg+xml"
    return Drawing(answered.data)


def figures(client: FlaskClient, layer: str, query: str = "") -> dict[str, Any]:
    answered = client.get(f"/api/layers/{layer}/figures?{query}")
    assert answered.status_code == 200, answered.text
    return dict(answered.json or {})


def view_of(
    demo: Workspace, layer: str, audience: Audience = Audience.PUBLIC, **params: str
) -> View:
    found = REGISTRY.get(layer)
    asked = {name: [value] for name, value in params.items()}
    query = read_query(found, demo, asked, audience, NOW.date())
    return answer(found, demo, query, NOW.date())


def picture(demo: Workspace, *layers: str) -> Picture:
    return Picture(
        title="A title",
        layers=tuple(view_of(demo, layer) for layer in layers),
        ground=demo.ground,
        ground_on=tuple(ground.id for ground in GROUND_LAYERS),
        attribution=("A line of attribution",),
    )


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.page)
@pytest.mark.parametrize("audience", ["public", "staff"])
def test_a_picture_says_all_that_its_page_says(
    spec: Any, audience: str, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(audience)
    shown = drawing(client, spec.page)
    said = shown.words()
    assert spec.title in said
    for layer in spec.switched_on:
        told = figures(client, layer)
        for sentence in told["sentences"]:
            assert sentence in said
            assert sentence in (shown.root[1].text or "")
        for entry in told["legend"]["classes"]:
            assert entry["label"] in said
        assert told["legend"]["title"] in said
        assert told["legend"]["note"] in said
    assert "licensed under the Open Government Licence" in said
    assert "NPA with an approximate outline" in said
    assert (STAFF_NOTICE in said) is (audience == "staff")


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.page)
def test_an_svg_needs_nothing_but_itself(public: FlaskClient, spec: Any) -> None:
    answered = public.get(f"/maps/{spec.page}/picture.svg")
    text = answered.text
    root = ET.fromstring(answered.data)
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert spec.title in (root[0].text or "")
    assert root.get("role") == "img"
    assert "style" not in {name for element in root.iter() for name in element.attrib}
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    texts = {"svg", "title", "desc", "text", "tspan"}
    assert tags <= texts | {"g", "rect", "path", "circle", "clipPath"}
    assert re.findall(r"href\S*|url[^\"]*", text) == ["url(#clip-0)"]
    assert len(answered.data) < 300_000


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("page", "query"),
    [(spec.page, "") for spec in PAGES]
    + [("all", EVERYTHING), ("all", f"{EVERYTHING}&{CITY}"), ("visits", "from=1990&to=1991")]
    + [("crime", "month=2022-03"), ("crime", "view=18/52.6345/-1.131"), ("visits", "on=none")]
    + [("crime", "area=-1.2,52.6 -1,52.6 -1.1,52.7&view=7/52.6/-1.1")],
)
def test_no_text_leaves_the_picture_or_covers_another(
    staff: FlaskClient, page: str, query: str, size: str
) -> None:
    shown = drawing(staff, page, f"{query}&size={size}")
    assert shown.width == SIZES[size].width_px
    assert shown.height >= SIZES[size].height_px - 1
    for said in shown.said:
        left, top, right, bottom = said.box
        assert left >= 0, said
        assert top >= 0, said
        assert right <= shown.width, said
        assert bottom <= shown.height, said
    placed_texts = [said for said in shown.said if said.part != "markers"]
    for one, other in combinations(placed_texts, 2):
        assert not overlap(one.box, other.box), f"{one} {other}"


def test_a_long_caption_makes_the_picture_grow(public: FlaskClient) -> None:
    one, all_ = drawing(public, "visits"), drawing(public, "all", EVERYTHING)
    assert all_.height > one.height + 200
    for layer in REGISTRY.ids:
        for sentence in figures(public, layer)["sentences"]:
            assert sentence in all_.words()


@pytest.mark.parametrize("format_", ["svg", "png"])
def test_the_same_picture_is_the_same_bytes(demo: Workspace, format_: Any) -> None:
    what = picture(demo, "crime", "visits")
    first = draw(what, SIZES["phone"], format_)
    with ThreadPoolExecutor(4) as pool:
        others = pool.map(lambda _: draw(what, SIZES["phone"], format_), range(4))
        assert all(other == first for other in others)


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.page)
def test_a_png_is_twice_as_fine_and_says_what_it_is(public: FlaskClient, spec: Any) -> None:
    answered = public.get(f"/maps/{spec.page}/picture.png?size=phone")
    assert answered.mimetype == "image/png"
    assert "Content-Encoding" not in answered.headers
    image: Any = Image.open(io.BytesIO(answered.data))
    shown = drawing(public, spec.page, "size=phone")
    assert image.size == (2 * shown.width, 2 * shown.height)
    assert image.text == {"Title": shown.root[0].text, "Description": shown.root[1].text}
    assert {round(dots) for dots in image.info["dpi"]} == {192}


def test_both_formats_show_the_same(public: FlaskClient) -> None:
    """The colour of each class stands in the PNG where the SVG has its swatch."""
    query = "size=screen"
    key = drawing(public, "crime", query).part("key")
    image = Image.open(io.BytesIO(public.get(f"/maps/crime/picture.png?{query}").data))
    places = list(_swatches(key, (0, 0)))
    assert len(places) >= 5
    for (x, y), colour in places:
        seen = image.getpixel((2 * round(x), 2 * round(y)))
        wanted = [round(0.8 * int(colour[i : i + 2], 16) + 0.2 * 255) for i in (1, 3, 5)]
        assert np.abs(np.array(seen[:3]) - wanted).max() <= 1  # type: ignore[index]


def _swatches(
    element: ET.Element, at: tuple[float, float]
) -> Iterator[tuple[tuple[float, float], str]]:
    moved = re.fullmatch(r"translate\((\S+) (\S+)\)", element.get("transform", ""))
    if moved:
        at = at[0] + float(moved[1]), at[1] + float(moved[2])
    if element.get("fill-opacity") == "0.8":
        yield (at[0] + 12, at[1] + 12), element.get("fill", "")
    for child in element:
        yield from _swatches(child, at)


@pytest.mark.parametrize("zoom", [7, 9.25, 12, 15.5, 18])
@pytest.mark.parametrize("latitude", [50.1, 52.63, 58.9])
def test_the_scale_is_that_of_the_ellipsoid(zoom: float, latitude: float) -> None:
    frame = Frame.at(MapView(zoom, latitude, -1.13), 800, 600)
    step = 360 / (256 * 2**zoom)
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(-1.13, latitude, -1.13 + step, latitude)
    assert frame.centre_latitude == pytest.approx(latitude)
    assert frame.ground_m_per_px == pytest.approx(metres, rel=1e-5)


@pytest.mark.parametrize("zoom", np.arange(7, 18.25, 0.25).tolist())
def test_the_bars_are_as_long_as_they_say(zoom: float) -> None:
    frame = Frame.at(MapView(zoom, 52.63, -1.13), 800, 600)
    units = {"km": 1000, "m": 1, "mile": 1609.344, "miles": 1609.344}
    for bar in bars(frame.ground_m_per_px):
        number, unit = bar.words.split()
        assert bar.length_px * frame.ground_m_per_px == pytest.approx(float(number) * units[unit])
        assert LONGEST_PX / 2.5 - 1 <= bar.length_px <= LONGEST_PX + 1e-6
        assert number.lstrip("0.")[0] in "125"


def test_the_bars_are_drawn_to_their_length(public: FlaskClient) -> None:
    shown = drawing(public, "visits", "view=10/52.63/-1.13")
    metres = Frame.at(MapView(10, 52.63, -1.13), 1, 1).ground_m_per_px
    lines = [shape["d"] for shape in shown.shapes("scale") if shape.get("fill") == "none"]
    words = [each.words for each in shown.said if each.part == "scale"]
    assert words == ["10 km", "5 miles"]
    for line, length_m in zip(lines, (10_000, 5 * 1609.344), strict=True):
        steps = [float(number) for number in re.findall(r"-?[\d.]+", line.partition("l")[2])]
        assert steps[2] == pytest.approx(length_m / metres, abs=0.11)


@pytest.mark.parametrize("zoom", [8, 11.5, 16])
def test_a_view_is_drawn_where_a_browser_draws_it(zoom: float) -> None:
    frame = Frame.at(MapView(zoom, 52.63, -1.13), 850, 600)
    world = 256 * 2**zoom
    for longitude, latitude in ((-1.13, 52.63), (-1.12, 52.635), (-1.2, 52.6)):
        (seen,) = frame.points(*to_metres([longitude], [latitude]))
        merc = [math.asinh(math.tan(math.radians(each))) for each in (latitude, 52.63)]
        across = (longitude + 1.13) / 360 * world
        down = -(merc[0] - merc[1]) / (2 * math.pi) * world
        close = 0.5 / (156543 * 0.6 / 2**zoom)  # half a metre: what crossing datums twice may cost
        assert seen == pytest.approx([425 + across, 300 + down], abs=max(close, 0.01))


@pytest.mark.parametrize("size", SIZES)
def test_without_a_view_the_whole_force_area_is_in_it(public: FlaskClient, size: str) -> None:
    shown = drawing(public, "visits", f"on=districts&size={size}")
    (clip,) = shown.root.iter(f"{SVG}clipPath")
    width, height = (float(clip[0].get(side, "")) for side in ("width", "height"))
    rings = [
        shape["d"] for shape in shown.shapes("ground and areas") if "stroke-dasharray" in shape
    ]
    points = np.vstack([points_of(ring) for ring in rings])
    spare = np.array([width, height]) - points.max(axis=0)
    assert points.min() >= 3
    assert spare.min() >= 3
    assert min(points.min(axis=0).min(), spare.min()) == pytest.approx(4, abs=0.2)


def points_of(path: str) -> np.ndarray[Any, Any]:
    """The corners of the rings of a path of relative steps."""
    rings = []
    for ring in path.split("z"):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", ring)]
        rings.append(np.cumsum(np.array(numbers).reshape(-1, 2), axis=0))
    return np.vstack([ring for ring in rings if len(ring)])


def test_cells_have_the_colour_of_their_count(public: FlaskClient, demo: Workspace) -> None:
    shown = drawing(public, "crime")
    legend = figures(public, "crime")["legend"]["classes"]
    counts = view_of(demo, "crime").records["records"]
    drawn = {
        shape["fill"]: shape["d"].count("M")
        for shape in shown.shapes("areas of crime")
        if shape.get("fill-opacity") == "0.8"
    }
    bounds = [entry["lower"] - 0.5 for entry in legend] + [legend[-1]["upper"]]
    binned = pd.cut(counts, bounds, labels=[entry["colour"] for entry in legend])
    assert drawn == {colour: n for colour, n in binned.value_counts().items() if n}
    assert len(drawn) == 5


def test_months_of_a_cell_are_added_up(public: FlaskClient) -> None:
    one, other = (
        public.get(f"/maps/crime/picture.svg?by={value}").data for value in ("cell", "month")
    )
    assert one == other


def test_what_is_withheld_is_hatched_and_hides_the_ground(
    public: FlaskClient, demo: Workspace
) -> None:
    areas = view_of(demo, "street_safe").records
    areas = areas[~areas.geometry.isna()]
    shapes = drawing(public, "street-safe").shapes("areas of street_safe")
    hatching = [shape for shape in shapes if shape.get("stroke-width") == "2.5"]
    assert len(hatching) == areas["reports"].isna().sum() > 0
    assert all("stroke-opacity" not in shape for shape in hatching)
    covers = [shape for shape in shapes if shape.get("fill") == "#FFFFFF"]
    assert len(covers) == len(hatching)
    assert all("fill-opacity" not in shape for shape in covers)
    counted = [shape for shape in shapes if shape.get("fill-opacity") == "0.8"]
    rings = sum(shape["d"].count("M") for shape in counted)
    assert rings == areas["reports"].notna().sum()


def test_values_fall_into_classes_as_in_the_browser(demo: Workspace) -> None:
    classes = (
        StyleClass("yes", "#111111", "circle", "true"),
        StyleClass("low", "#222222", "area", lower=1, upper=5),
        StyleClass("high", "#333333", "area", lower=6),
        StyleClass("word", "#444444", "square", "NA"),
        StyleClass("none", "#555555", "hatched", ""),
    )
    yes, low, high, word, none = classes
    missing = [(value, none) for value in (None, math.nan, pd.NA, "")]
    numbers = [(0, NOT_CLASSED), (1, low), (5, low), (5.5, NOT_CLASSED), (6, high), (1e9, high)]
    others = [("NA", word), ("other", NOT_CLASSED), (True, yes), (np.bool_(True), yes)]
    view = view_of(demo, "visits")
    for value, style in [*missing, *numbers, *others]:
        records = view.records.head(1).assign(tested=pd.Series([value], dtype=object).to_numpy())
        tested = replace(view, records=records, legend=Legend("", "tested", classes))
        assert styles_of(tested) == [style], value


@pytest.mark.parametrize("layer", ["visits", "sites", "street_safe"])
@pytest.mark.parametrize("zoom", [8, 9.5, 13])
def test_each_point_is_in_one_marker_near_it(demo: Workspace, layer: str, zoom: float) -> None:
    view = view_of(demo, layer, Audience.STAFF)
    frame = Frame.at(MapView(zoom, 52.63, -1.13), 10_000, 10_000)
    records = Records.of(view, frame)
    found = markers([records], frame)
    assert sum(len(marker.styles) for marker in found) == len(records) > 20
    total = sum((Counter(marker.styles) for marker in found), Counter())
    assert total == Counter(records.styles)
    for one, other in combinations(found, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) >= APART_PX
    for shape in records.shapes:
        nearest = min(math.hypot(shape.x - marker.x, shape.y - marker.y) for marker in found)
        assert nearest < APART_PX


def test_moving_the_frame_changes_no_marker(demo: Workspace) -> None:
    view = view_of(demo, "visits")
    seen = []
    for longitude in (-1.13, -1.1234):
        frame = Frame.at(MapView(9.5, 52.63, longitude), 10_000, 10_000)
        found = markers([Records.of(view, frame)], frame)
        west, north = frame.origin_px
        seen.append(sorted((round(m.x + west), round(m.y + north), len(m.styles)) for m in found))
    assert seen[0] == seen[1]


def test_the_public_is_shown_markers_of_what_it_may_see(
    public: FlaskClient, staff: FlaskClient
) -> None:
    counts = {}
    for name, client in (("staff", staff), ("public", public)):
        told = figures(client, "sites")["counts"]
        counts[name] = told["surely"] + told["possibly"] - told["unlocated"]
        shown = drawing(client, "estate")
        assert _records_in_markers(shown) == counts[name]
    assert counts["public"] < counts["staff"]


def _records_in_markers(shown: Drawing) -> int:
    """Single symbols count one; the numbers that stand for several count themselves."""
    numbers = [int(said.words) for said in shown.said if said.part == "markers"]
    badges = {shape["d"] for shape in shown.shapes("markers") if _is_badge(shape)}
    symbols = [shape for shape in shown.shapes("markers") if shape.get("d") not in badges]
    return sum(numbers) + len(symbols) - len(numbers)


def _is_badge(shape: dict[str, str]) -> bool:
    return shape["fill"] == "#FFFFFF" and "d" in shape


def test_what_may_lie_in_the_period_is_pale(staff: FlaskClient) -> None:
    told = figures(staff, "sites")["counts"]
    shown = drawing(staff, "estate", "view=13/52.63/-1.13")
    pale = [shape for shape in shown.shapes("markers") if shape.get("fill-opacity") == "0.35"]
    assert told["possibly"]
    assert pale
    assert "A pale marker may lie in the period or not." in shown.words()
    assert "pale" not in drawing(staff, "visits").words()


def test_an_area_too_small_to_see_has_the_symbol_of_its_class(public: FlaskClient) -> None:
    far, near = drawing(public, "people-zones"), drawing(public, "people-zones", CITY)
    dashes = [shape.get("stroke-dasharray") for shape in far.shapes("markers")]
    assert dashes == ["7 5"] * figures(public, "people_zones")["counts"]["surely"]
    assert not near.shapes("markers")
    assert near.shapes("areas of people_zones")


def test_a_filter_changes_the_picture_as_it_does_the_page(public: FlaskClient) -> None:
    shown = drawing(public, "visits", "npa=NL")
    told = figures(public, "visits", "npa=NL")
    assert told["sentences"][0] in shown.words()
    assert _records_in_markers(shown) == told["counts"]["surely"] - told["counts"]["unlocated"]


@pytest.mark.parametrize(
    ("page", "query", "notice"),
    [
        ("visits", "from=1990&to=1991", "Nothing to show for this choice."),
        ("visits", "view=13/52.9/-0.6", "Nothing to show in this part of the map."),
        ("crime", "view=13/52.9/-0.6", "Nothing to show in this part of the map."),
        ("visits", "on=outlines", "No layer is switched on."),
    ],
)
def test_an_empty_map_says_why(public: FlaskClient, page: str, query: str, notice: str) -> None:
    shown = drawing(public, page, query)
    assert notice in [said.words for said in shown.said if said.part == "scale"]
    assert notice in (shown.root[1].text or "")
    assert notice not in drawing(public, page).words()


def test_a_layer_without_anything_says_so_beside_the_others(public: FlaskClient) -> None:
    shown = drawing(public, "all", "from=2021-01&to=2021-01&on=visits,crime")
    empty = "Nothing to show for this choice."
    assert [said.part for said in shown.said if said.words == empty] == ["legend"]


@pytest.mark.parametrize("layer_on", ["outlines", "districts", "settlements"])
def test_the_ground_can_be_switched_on_part_by_part(public: FlaskClient, layer_on: str) -> None:
    shown = drawing(public, "visits", f"on=visits,{layer_on}")
    lines = {shape.get("stroke-dasharray") for shape in shown.shapes("ground and areas")}
    assert ("7 5" in lines) is (layer_on == "outlines")
    assert ("2 4" in lines) is (layer_on == "districts")
    names = [said.words for said in shown.said if said.part == "names"]
    assert ("Melton and Rutland" in names) is (layer_on == "outlines")
    assert ("Loughborough" in names) is (layer_on == "settlements")
    assert ("Town or village" in shown.words()) is (layer_on == "settlements")


def test_the_ground_has_the_names_that_the_pages_know() -> None:
    ours = (picture_ground.OUTLINES, picture_ground.DISTRICTS, picture_ground.SETTLEMENTS)
    assert ours == tuple(ground.id for ground in GROUND_LAYERS)


def test_a_month_is_shown_by_itself(public: FlaskClient) -> None:
    shown, other = (drawing(public, "crime", f"month={month}") for month in ("2022-03", "2022-08"))
    told = figures(public, "crime", "from=2022-03&to=2022-03")
    for sentence in told["sentences"]:
        assert sentence in shown.words()
    legends = [
        [said.words for said in each.said if said.part == "legend"] for each in (shown, other)
    ]
    assert legends[0] == legends[1]
    assert "Records per cell 1,000 metres wide, in one month" in legends[0]
    monthly = figures(public, "crime", "by=month")["legend"]["classes"]
    assert {entry["label"] for entry in monthly} <= set(legends[0])
    drawn = sum(shape["d"].count("M") for shape in shown.shapes("areas of crime"))
    cells = public.get("/api/layers/crime.geojson?from=2022-03&to=2022-03").json
    assert drawn == len(cells["features"])


def test_a_month_that_is_not_held_is_not_zero(public: FlaskClient) -> None:
    shown = drawing(public, "crime", "from=2020-01&to=2021-01&month=2020-03")
    assert "March 2020: no records are held, that is not zero." in shown.words()


def test_a_month_beyond_the_period_leaves_all_of_it(public: FlaskClient) -> None:
    shown = drawing(public, "crime", "month=2019-03")
    assert "March 2019 is not in the period of this page." in shown.words()
    assert figures(public, "crime")["sentences"][0] in shown.words()
    assert drawing(public, "all", "month=2019-03").words() == drawing(public, "all").words()


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("area=-1.2,52.6 -1.0,52.6 -1.05,52.7", "Area drawn"),
        ("bbox=-1.2,52.6,-1,52.7", "Box asked for"),
    ],
)
def test_what_the_query_is_cut_to_is_drawn(public: FlaskClient, query: str, name: str) -> None:
    shown = drawing(public, "visits", query)
    edges = [
        shape["d"]
        for shape in shown.shapes("ground and areas")
        if shape.get("stroke-dasharray") == "14 4 3 4"
    ]
    assert len(edges) == 1
    assert name in [said.words for said in shown.said if said.part == "names"]
    assert name not in drawing(public, "visits").words()
    assert name not in drawing(public, "visits", f"{query}&view=14/52.4/-0.6").words()


@pytest.mark.parametrize(
    "query", ["size=poster", "size=a4&size=phone", "view=3/0/0", "on=nothing", "page=2", "from=x"]
)
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_what_cannot_be_used_is_refused(public: FlaskClient, query: str, ending: str) -> None:
    assert public.get(f"/maps/visits/picture.{ending}?{query}").status_code == 400


def test_there_is_no_other_picture(public: FlaskClient) -> None:
    assert public.get("/maps/visits/picture.gif").status_code == 404
    assert public.get("/maps/nothing/picture.svg").status_code == 404


def test_an_unchanged_picture_is_not_sent_again(public: FlaskClient, staff: FlaskClient) -> None:
    first = public.get("/maps/estate/picture.svg")
    again = public.get("/maps/estate/picture.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    theirs = staff.get("/maps/estate/picture.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert theirs.status_code == 200
    assert theirs.headers["Cache-Control"] == "private, no-store"
    assert public.get("/maps/estate/picture.svg").data == first.data


def test_a_name_as_a_file(public: FlaskClient) -> None:
    answered = public.get("/maps/street-safe/picture.png")
    assert answered.headers["Content-Disposition"] == 'inline; filename="street-safe-map.png"'


def test_the_size_changes_with_the_app_of_another_day(app: Flask, clock: Any) -> None:
    client = app.test_client()
    before = client.get("/maps/estate/picture.svg").text
    clock.advance(24 * 30)
    after = client.get("/maps/estate/picture.svg").text
    assert "as of 22 November 2026" in before
    assert "as of 22 December 2026" in after


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace whose layers hold places that are not for the public."""
    folder = tmp_path_factory.mktemp("planted")
    workspace = Workspace.open(folder / "workspace", REGISTRY.schemas)
    for layer, name, text in PLANTED:
        (folder / name).write_text(text)
        REGISTRY.taker(layer)(read_table(folder / name), workspace, Intake(NOW))
    yield workspace
    workspace.close()


@pytest.mark.parametrize("page", [spec.page for spec in PAGES])
def test_no_picture_for_the_public_holds_a_secret(
    planted: Workspace, make_app: MakeApp, as_staff: AsStaff, page: str
) -> None:
    app = make_app(planted)
    staff, public = as_staff(app), app.test_client()
    queries = ["", "from=2000&to=2030", "npa=NR"] + [f"{EVERYTHING}&from=2000&to=2030"] * (
        page == "all"
    )
    for query in queries:
        staff.get(f"/maps/{page}/picture.svg?{query}")
        answered = public.get(f"/maps/{page}/picture.svg?{query}")
        assert answered.status_code == 200
        said = f"{answered.headers}\n{answered.text}"
        assert not WORDS.search(said)
        assert not POSITIONS.search(said)


@pytest.mark.parametrize(
    ("page", "period", "place"),
    [
        ("estate", "", PRIVATE_SITE),
        ("estate", "", CUSTODY),
        ("visits", "from=2000&to=2030", STAFF_VISIT),
        ("visits", "from=2000&to=2030", COMING_VISIT),
        ("street-safe", "from=2000&to=2030", RARE_REPORT),
    ],
)
def test_no_picture_for_the_public_marks_a_secret_place(
    planted: Workspace,
    make_app: MakeApp,
    as_staff: AsStaff,
    page: str,
    period: str,
    place: tuple[float, float],
) -> None:
    app = make_app(planted)
    there = f"{period}&view=15/{place[1]}/{place[0]}"
    assert drawing(as_staff(app), page, there).shapes("markers")
    assert not drawing(Browser(app), page, there).shapes("markers")


@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.floats(0, 200), st.text("abc ", min_size=1, max_size=12)),
        max_size=25,
    ),
    st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), max_size=6),
)
def test_names_cover_neither_each_other_nor_what_is_taken(
    places: list[tuple[float, float, str]], covers: list[tuple[float, float]]
) -> None:
    frame = Frame.at(MapView(10, 52.6, -1.1), 300, 200)
    taken = [(0.0, 150.0, 120.0, 200.0)]
    boxes = [(x - 14, y - 14, x + 14, y + 14) for x, y in covers]
    names = [
        Name(x, y, (text,), rank, essential=rank % 2 == 0, dot=rank % 3 > 0)
        for rank, (x, y, text) in enumerate(places)
    ]
    items = placed(names, frame, taken, boxes)
    texts = [item for item in items if isinstance(item, Text)]
    found = [_box_of(text) for text in texts]
    for box in found:
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= 300
        assert box[3] <= 200
        assert not overlap(box, taken[0])
    assert not any(overlap(one, other) for one, other in combinations(found, 2))


def _box_of(text: Text) -> Box:
    wide = width_px(text.lines[0], text.size_px, text.bold)
    left = text.x - wide * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]
    return left, text.y - 0.7 * text.size_px, left + wide, text.y + 0.2 * text.size_px


@given(st.text(max_size=300), st.floats(30, 400))
def test_lines_hold_every_letter_and_keep_to_their_room(text: str, room: float) -> None:
    lines = wrapped(text, room, 12)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_px(line, 12) <= room or len(line) == 1 for line in lines)


def test_a_letter_that_the_font_lacks_is_marked_in_a_png(demo: Workspace) -> None:
    what = replace(picture(demo, "visits"), title="\u4e2d $x^2$ <&")
    assert draw(what, SIZES["phone"], "png")
    assert "\u4e2d $x^2$ &lt;&amp;" in draw(what, SIZES["phone"], "svg").decode()


@given(st.text(max_size=60))
def test_any_text_makes_a_sound_document(text: str) -> None:
    scene = Scene(100, 50, text, text, (Text((text,), 5, 5 * LEADING, halo=True),))
    root = ET.fromstring(svg(scene))
    kept = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    wanted = kept.replace("\r\n", "\n").replace("\r", "\n")
    assert (root[0].text or "") == wanted


def test_few_cells_are_cells_and_never_markers(public: FlaskClient) -> None:
    """A number on a marker counts records; on a cell it would count cells."""
    few = "/maps/crime/picture.svg?npa=NR&type=robbery"
    cells = public.get("/api/layers/crime.geojson?npa=NR&type=robbery").get_json()["features"]
    assert 0 < len(cells) <= 60
    said = [element.text for element in ET.fromstring(public.get(few).data).iter(f"{SVG}text")]
    assert not [text for text in said if text and text.isdigit()]
