"""The map for paper, its charts and its code: what they show, and that it can be read in print."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import segno
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.audience import Audience
from layers.registry import REGISTRY
from layers.spec import StyleClass
from layers.workspace import Workspace
from server.map_pages import GROUND_LAYERS
from server.papers.charts import columns_chart, paired_bars_chart
from server.papers.paper import Paper
from server.papers.qr import MODULE_PX, QUIET_MODULES, qr_scene
from server.pictures.compose import widths_px
from server.pictures.frame import Frame
from server.pictures.inset import lettered, with_inset
from server.pictures.mapped import drawn_map
from server.pictures.numbers import NumberedPlace, PlacedNumber, numbered_places
from server.pictures.picture import PRINTED, PRINTED_IN_PAPER, Picture
from server.pictures.placing import placed_numbers
from server.pictures.png import PAPER_DPI
from server.pictures.records import NUMBER_COLUMN, Records
from server.pictures.scene import INK, Box, Group, Item, Path, Scene, Text, overlap
from server.pictures.svg import svg
from tests.server.papers import Wanted, made

SVG = "{http://www.w3.org/2000/svg}"
STYLE = StyleClass("A visit", "#12436D", "circle")
FRAME = Frame(9.0, -120_000.0, 6_900_000.0, 640.0, 520.0)
HALF_A_PAGE_MM = 125
"""How wide the map is on half a page, within margins."""
PAGE_MM = 297 - 2 * 22
"""How high the text of a paper's page is."""


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
    numbers = [*texts(part(drawn, "numbers")), *texts(part(drawn, "numbers of the inset"))]
    assert sorted(map(int, numbers)) == list(range(1, places + 1))
    assert said.count("OFFICIAL") == 2
    assert said[0] == said[-1] == "OFFICIAL", "it stands at head and foot"
    assert "N" in texts(part(drawn, "scale"))
    assert any(words.endswith("km") for words in texts(part(drawn, "scale")))
    assert {"Community day", "Surgery", "The ground"} <= set(texts(part(drawn, "key")))
    caption = " ".join(texts(part(drawn, "caption")))
    assert "47 stops, January 2024 to December 2024." in caption
    assert "Contains OS data © Crown copyright" in caption
    drawn_as_code = {text for text in names_drawn(drawn) if len(text) == 2}
    assert drawn_as_code, "one name at least does not fit"
    named = re.search(r"its code stands: (.*?)\.", " ".join(texts(part(drawn, "key"))))
    assert named is not None
    assert {words.split(" is ")[0] for words in named[1].split("; ")} == drawn_as_code


def names_drawn(drawing: ET.Element) -> set[str]:
    """The names and codes on map and inset, without what is said of them in brackets."""
    found = [*texts(part(drawing, "names")), *texts(part(drawing, "names of the inset"))]
    return {text.partition(" (")[0] for text in found}


@pytest.mark.parametrize(
    "period", [("2024-04", "2025-03"), ("2024-01", "2024-12"), ("2015", "2025")]
)
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.STAFF])
def test_the_map_alone_fits_on_a_page_and_names_each_area(
    demo: Workspace, period: tuple[str, str], audience: Audience
) -> None:
    wanted = Wanted(date_from=period[0], date_to=period[1], audience=audience)
    with made(demo, wanted) as paper:
        figure = paper.figure("map")
        assert figure is not None
        assert figure.alone is not None
        drawing = ET.fromstring(svg(figure.alone))
    assert "Inset" in texts(part(drawing, "frame of the inset"))
    assert float(drawing.get("height", "")) / 96 * 25.4 <= PAGE_MM
    names = names_drawn(drawing)
    left = re.search(r"no room for the name or code of (.*?)\.", " ".join(texts(drawing)))
    without = {words.partition(" (")[0] for words in left[1].split("; ")} if left else set()
    codes = set()
    for code in demo.ground.npa_codes:
        name = demo.ground.npa_label(code).partition(" (")[0]
        assert {code, name} & names or name in without, name
        assert not (name in without and {code, name} & names), name
        codes |= {code} & names
    assert len(without) <= 1, "nearly each has its place on the map itself"
    said = re.sub(r"\s+", " ", " ".join(texts(drawing)))
    for code in codes:
        assert f"{code} is {demo.ground.npa_label(code)}" in said


def test_letters_of_the_map_can_be_read_at_half_a_page(drawn: ET.Element) -> None:
    def smallest_pt(drawing: ET.Element) -> float:
        width = float(drawn.get("width", ""))
        sizes = [float(text.get("font-size", "")) for text in drawing.iter(f"{SVG}text")]
        return min(sizes) / width * HALF_A_PAGE_MM / 25.4 * 72

    assert smallest_pt(drawn) >= 5.5
    for name in ("numbers", "numbers of the inset", "names", "names of the inset"):
        assert smallest_pt(part(drawn, name)) >= 6


def test_types_of_visit_are_told_apart_without_colour(paper: Paper) -> None:
    shapes = [style.shape for style in paper.data[0][1].legend.classes]
    assert len(set(shapes)) == len(shapes) == 5


@pytest.mark.parametrize(
    "period", [("2024-04", "2025-03"), ("2024-01", "2024-12"), ("2015", "2025")]
)
def test_numbers_of_the_real_visits_can_be_read_and_followed(
    demo: Workspace, period: tuple[str, str]
) -> None:
    """On map and inset as they are drawn; each number stands on one of the two."""
    with made(demo, Wanted(date_from=period[0], date_to=period[1])) as paper:
        view = paper.data[0][1]
        shown = tuple(layer.id for layer in GROUND_LAYERS if layer.switched_on)
        picture = Picture("Places", (view,), demo.ground, shown)
        width, inset_width = widths_px(PRINTED_IN_PAPER.width_px)
        room = inset_width, PRINTED_IN_PAPER.inset_px
        drawn = drawn_map(picture, width, PRINTED_IN_PAPER.least_map_px, True, room)
    assert drawn.inset is not None
    numbers = [each for laid in (drawn.lettered, drawn.inset.lettered) for each in laid.numbers]
    assert sorted(each.place.number for each in numbers) == [p.number for p in drawn.places]
    assert len(numbers) >= 40
    for laid in (drawn.lettered, drawn.inset.lettered):
        assert_clear(laid.numbers, laid.frame)
        assert_followed(laid.numbers)
    window = shapely.box(*drawn.inset.window)
    assert window.area < drawn.frame.width_px * drawn.frame.height_px / 9
    inside = {each.place.number for each in drawn.inset.lettered.numbers}
    assert inside == {p.number for p in drawn.places if window.intersects(shapely.Point(p.x, p.y))}


def test_a_dense_town_has_its_numbers_in_an_inset() -> None:
    """Places drawn at random, half of them close together: the layout before could not do it."""
    random = np.random.default_rng(20240401)
    points = [
        *random.normal((330, 210), 24, (24, 2)),
        *random.uniform((60, 60), (420, 340), (16, 2)),
    ]
    places = [
        NumberedPlace(number, float(x), float(y), (STYLE,), False)
        for number, (x, y) in enumerate(points, start=1)
    ]
    frame = replace(FRAME, width_px=460.0, height_px=400.0)
    whole = lettered(frame, places, [], no_names)
    assert whole.crowded, "there is no need of an inset otherwise"
    main, inset = with_inset(whole, (330.0, 280.0), lambda *_: [], no_names)
    assert len(main.numbers) + len(inset.lettered.numbers) == len(places)
    dense = {each.place.number for each in inset.lettered.numbers}
    assert len(dense & set(range(1, 25))) > 0.8 * len(dense)
    for laid in (main, inset.lettered):
        assert_clear(laid.numbers, laid.frame)
        assert_followed(laid.numbers)
    assert not [each for each in main.numbers if overlap(each.box, inset.window)]


def test_the_inset_is_drawn_where_its_frame_stands() -> None:
    places = [NumberedPlace(1, 100.0, 80.0, (STYLE,), False)]
    places += [
        NumberedPlace(n, 300.0 + 3 * n, 200.0 + n % 3, (STYLE,), False) for n in range(2, 20)
    ]
    whole = lettered(FRAME, places, [], no_names)
    _, inset = with_inset(whole, (330.0, 280.0), lambda *_: [], no_names)
    part = inset.lettered.frame
    assert part.px_per_m == pytest.approx(FRAME.px_per_m * inset.times)
    left, top, right, bottom = inset.window
    assert (part.width_px, part.height_px) == pytest.approx(
        ((right - left) * inset.times, (bottom - top) * inset.times)
    )
    metres = FRAME.centre_x_m + ((left + right) / 2 - FRAME.width_px / 2) / FRAME.px_per_m
    assert part.centre_x_m == pytest.approx(metres)
    held = {each.number: each for each in places}
    for each in inset.lettered.numbers:
        on_map = held[each.place.number]
        assert each.place.x / inset.times + left == pytest.approx(on_map.x)
        assert each.place.y / inset.times + top == pytest.approx(on_map.y)


def test_few_places_have_no_inset(demo: Workspace) -> None:
    with made(demo, Wanted(date_from="2023-01", date_to="2023-01")) as paper:
        figure = paper.figure("map")
    assert figure is not None
    assert "Inset" not in figure.alternative
    assert not [i for i in items(figure.scene) if isinstance(i, Group) and i.name == "inset"]


def test_the_inset_is_named_in_caption_and_alternative_text(
    paper: Paper, drawn: ET.Element
) -> None:
    figure = paper.figure("map")
    assert figure is not None
    inside = sorted(map(int, texts(part(drawn, "numbers of the inset"))))
    for said in (figure.alternative, figure.source, " ".join(texts(part(drawn, "caption")))):
        words = re.search(r"Inset: the densest part, .*? numbers ([^.]*)\.", said)
        assert words is not None
        if said is not figure.alternative and said is not figure.source:
            assert numbered(words[1]) == inside
    scales = texts(part(drawn, "inset"))
    assert any(words.endswith(("km", " m")) for words in scales), "a scale bar of its own"
    assert "Inset" in texts(part(drawn, "frame of the inset"))


def test_what_may_lie_in_the_period_is_told_apart_without_tone(
    drawn: ET.Element, paper: Paper
) -> None:
    """By a dashed ring, on the map and in the key."""
    numbers = [*part(drawn, "numbers").iter(), *part(drawn, "numbers of the inset").iter()]
    rings = [e for e in numbers if e.tag == f"{SVG}circle" and e.get("stroke-dasharray")]
    placed = paper.data[0][1].records.dropna(subset=[NUMBER_COLUMN])
    doubtful = (placed["in_period"] == "possibly").groupby(placed[NUMBER_COLUMN]).all()
    assert len(rings) == doubtful.sum() > 0
    assert all(ring.get("stroke") == INK for ring in rings)
    key = part(drawn, "key")
    assert any(each.get("stroke-dasharray") for each in key.iter(f"{SVG}circle"))
    assert "May lie in the period or not" in texts(key)


def numbered(words: str) -> list[int]:
    """The numbers that such words as "1 to 3, 7" mean."""
    found: list[int] = []
    for run in words.split(", "):
        first, _, last = run.partition(" to ")
        found += range(int(first), int(last or first) + 1)
    return found


def no_names(*_: object) -> tuple[list[Item], list[Box]]:
    return [], []


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


def assert_followed(numbers: tuple[PlacedNumber, ...]) -> None:
    """No line runs through a number or another line."""
    lines = {each.place.number: shapely.LineString(each.leader) for each in numbers}
    for number in numbers:
        line = lines[number.place.number]
        assert line.length < 110
        for other in numbers:
            if other is not number:
                pair = number.place.number, other.place.number
                assert not line.intersects(shapely.box(*other.box)), pair
                assert not line.crosses(lines[other.place.number]), pair


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


def test_map_alone_and_map_in_a_paper_are_laid_out_alike() -> None:
    assert PRINTED.width_px - 2 * PRINTED.margin_px == PRINTED_IN_PAPER.width_px
    assert (PRINTED.least_map_px, PRINTED.inset_px) == (
        PRINTED_IN_PAPER.least_map_px,
        PRINTED_IN_PAPER.inset_px,
    )


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
