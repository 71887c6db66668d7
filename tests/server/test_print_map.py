"""The map for paper, its charts and its code: what they show, and that it can be read in print."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.levels import GENERAL_TO_ZOOM
from layers.registry import REGISTRY
from layers.spec import StyleClass
from layers.workspace import Workspace
from server.papers.charts import columns_chart, paired_bars_chart
from server.papers.paper import Paper
from server.papers.qr import MODULE_PX, QUIET_MODULES, qr_scene
from server.pictures.frame import Frame
from server.pictures.ground import areas_m
from server.pictures.numbers import NumberedPlace, PlacedNumber, numbered_places, placed_numbers
from server.pictures.picture import PRINTED
from server.pictures.png import PAPER_DPI
from server.pictures.records import NUMBER_COLUMN, Records
from server.pictures.scene import Group, Item, Path, Scene, Text, overlap
from server.pictures.svg import svg
from tests.server.papers import Wanted, made

SVG = "{http://www.w3.org/2000/svg}"
STYLE = StyleClass("A visit", "#12436D", "circle")
FRAME = Frame(9.0, -120_000.0, 6_900_000.0, 640.0, 520.0)
HALF_A_PAGE = 128 / 175
"""How much smaller the map is on A5 across, within margins, than at its own width of 175 mm."""


@pytest.fixture(scope="module")
def paper(demo: Workspace) -> Iterator[Paper]:
    """The paper of 2024, which has visits in doubt and of several types."""
    with made(demo, Wanted(date_from="2024-01", date_to="2024-12")) as paper:
        yield paper


@pytest.fixture(scope="module")
def drawn(paper: Paper) -> ET.Element:
    """Its map alone, as SVG read back."""
    figure = paper.figure("map")
    assert figure is not None
    assert figure.alone is not None
    return ET.fromstring(svg(figure.alone))


def part(drawing: ET.Element, name: str) -> ET.Element:
    (found,) = (each for each in drawing.iter(f"{SVG}g") if each.get("data-part") == name)
    return found


def texts(element: ET.Element) -> list[str]:
    return [
        " ".join(line.text or "" for line in text)
        for text in element.iter(f"{SVG}text")
        if not text.get("aria-hidden")
    ]


def items(scene: Scene | Group) -> Iterator[Item]:
    for item in scene.items:
        yield item
        if isinstance(item, Group):
            yield from items(item)


def test_the_map_alone_has_all_that_a_map_needs(drawn: ET.Element, paper: Paper) -> None:
    said = texts(drawn)
    places = paper.data[0][1].records[NUMBER_COLUMN].dropna().nunique()
    assert sorted(map(int, texts(part(drawn, "numbers")))) == list(range(1, places + 1))
    assert said.count("OFFICIAL") == 2
    assert said[0] == said[-1] == "OFFICIAL", "it stands at head and foot"
    assert "N" in texts(part(drawn, "scale"))
    assert any(words.endswith("km") for words in texts(part(drawn, "scale")))
    assert {"Community day", "Surgery", "The ground"} <= set(texts(part(drawn, "key")))
    caption = " ".join(texts(part(drawn, "caption")))
    assert "47 stops, January 2024 to December 2024." in caption
    assert "Contains OS data © Crown copyright" in caption
    drawn_as_code = {text for text in texts(part(drawn, "names")) if len(text) == 2}
    assert drawn_as_code, "one name at least does not fit"
    named = re.search(r"its code stands: (.*?)\.", caption)[1].split("; ")
    assert {words.split(" is ")[0] for words in named} == drawn_as_code


def test_letters_of_the_map_can_be_read_at_half_a_page(drawn: ET.Element) -> None:
    sizes_pt = [
        float(text.get("font-size", "")) * 72 / 96 * HALF_A_PAGE
        for text in drawn.iter(f"{SVG}text")
    ]
    assert min(sizes_pt) >= 6


def test_types_of_visit_are_told_apart_without_colour(paper: Paper) -> None:
    shapes = [style.shape for style in paper.data[0][1].legend.classes]
    assert len(set(shapes)) == len(shapes) == 5


@pytest.mark.parametrize(
    "period", [("2024-04", "2025-03"), ("2024-01", "2024-12"), ("2015", "2025")]
)
def test_numbers_of_the_real_visits_cover_nothing(demo: Workspace, period: tuple[str, str]) -> None:
    frame = Frame.around(areas_m(demo.ground.districts, GENERAL_TO_ZOOM), 643, 520)
    with made(demo, Wanted(date_from=period[0], date_to=period[1])) as paper:
        places = numbered_places(Records.of(paper.data[0][1], frame), frame)
    assert len(places) >= 40
    numbers = placed_numbers(places, frame, [])
    assert_clear(numbers, frame)
    assert max(math.dist(*number.leader) for number in numbers) < 130


def assert_clear(numbers: tuple[PlacedNumber, ...], frame: Frame) -> None:
    for one, other in combinations(numbers, 2):
        assert not overlap(one.box, other.box), (one.place.number, other.place.number)
    for number in numbers:
        assert number.box[0] >= 0
        assert number.box[1] >= 0
        assert number.box[2] <= frame.width_px
        assert number.box[3] <= frame.height_px
        for other in numbers:
            assert not overlap(number.box, other.place.box)


PLACES = st.lists(
    st.tuples(st.integers(40, 600), st.integers(40, 480)), min_size=1, max_size=25, unique=True
)


@given(PLACES)
@settings(max_examples=40)
def test_numbers_cover_neither_each_other_nor_a_place(points: list[tuple[int, int]]) -> None:
    places = [
        NumberedPlace(number, float(x), float(y), (STYLE,), False)
        for number, (x, y) in enumerate(points, start=1)
    ]
    taken = [(10.0, 470.0, 200.0, 510.0)]
    numbers = placed_numbers(places, FRAME, taken)
    assert [number.place for number in numbers] == places
    assert_clear(numbers, FRAME)
    assert not [number for number in numbers if overlap(number.box, taken[0])]
    assert placed_numbers(list(reversed(places)), FRAME, taken) == numbers


def test_a_number_stands_next_to_a_lonely_place() -> None:
    place = NumberedPlace(7, 300.0, 200.0, (STYLE,), False)
    (number,) = placed_numbers([place], FRAME, [])
    assert number.box[0] > place.box[2] - 1
    assert number.box[0] - place.x < 12
    assert number.leader[0] == (place.x, place.y)


def test_a_view_without_numbers_has_no_numbered_place(paper: Paper) -> None:
    records = Records.of(paper.data[1][1], FRAME)
    assert len(records) == 9
    assert numbered_places(records, FRAME) == ()


def test_a_paper_of_the_map_is_of_the_size_that_is_stated() -> None:
    assert PRINTED.width_px / 96 * 25.4 == pytest.approx(175, abs=0.5)
    assert PAPER_DPI == 300


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30))
def test_columns_are_as_high_as_their_values(values: list[int]) -> None:
    labels = [f"M {number}" for number in range(len(values))]
    scene = columns_chart("A title", "Days", "Month", labels, values)
    heights = [
        float(np.ptp(item.rings[0][:, 1]))
        for item in items(scene)
        if isinstance(item, Path) and item.paint.fill
    ]
    tall = [value for value in values if value]
    assert len(heights) == len(tall)
    assert all(
        height / max(heights) == pytest.approx(value / max(tall))
        for height, value in zip(heights, tall, strict=True)
    )
    shown = [item for item in items(scene) if isinstance(item, Text)]
    assert shown[0].lines == ("Days",)
    assert shown[-1].lines == ("Month",)
    assert all(0 <= text.y <= scene.height_px for text in shown)


def test_paired_bars_are_told_apart_without_colour_and_say_their_figures() -> None:
    rows = [("One area", 3, 1), ("Another area with a very long name indeed", 0, 12)]
    scene = paired_bars_chart("A title", "Days", ("Days had", "Days due"), rows)
    said = " ".join(line for item in items(scene) if isinstance(item, Text) for line in item.lines)
    for words in ("Days had", "Days due", "One area", "very long name", "12", "Days"):
        assert words in said
    hatchings = [item for item in items(scene) if isinstance(item, Path) and not item.closed]
    filled = [i for i in items(scene) if isinstance(i, Path) and i.paint.fill == "#12436D"]
    assert len(filled) == 2, "one in the key and one of a value above 0"
    assert hatchings


def test_the_code_is_that_of_the_address() -> None:
    url = "https://maps.example.org/visits/commitment?from=2024-04-01&to=2025-03-31"
    scene = qr_scene(url)
    side = round(scene.width_px / MODULE_PX)
    modules = np.zeros((side, side), dtype=int)
    for item in items(scene):
        assert isinstance(item, Path)
        left, top = (item.rings[0].min(axis=0) / MODULE_PX).astype(int)
        right, bottom = (item.rings[0].max(axis=0) / MODULE_PX).astype(int)
        modules[top:bottom, left:right] = 1
    expected = np.array([list(row) for row in segno.make(url, error="m", micro=False).matrix])
    inner = slice(QUIET_MODULES, side - QUIET_MODULES)
    assert (modules[inner, inner] == expected).all()
    assert modules.sum() == expected.sum(), "nothing is in the quiet margin"
    assert re.fullmatch(rf"Leads to {re.escape(url)}", scene.description)


def test_the_layers_that_are_numbered_are_the_visits_of_papers_alone() -> None:
    names = [field.name for layer in REGISTRY for field in layer.spec.columns]
    assert NUMBER_COLUMN not in names
