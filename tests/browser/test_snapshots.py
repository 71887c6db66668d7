"""How each view looks at three widths, beside a picture of how it looked when it was last accepted.

The pictures are halved, blurred and compared square by square, so that another way of smoothing
letters does not matter, and a legend that is gone does. Accept what has changed on purpose:

    pytest tests/browser/test_snapshots.py --accept-snapshots
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Page

from tests.browser.conftest import Visit, Visitor, visiting
from tests.browser.pages import ACCOUNTS, HEIGHT, MAPS, PAINTED, WIDTHS, open_page, slug

pytestmark = pytest.mark.browser

KEPT = Path(__file__).with_name("snapshots")
LETTERS = KEPT / "letters.json"
COMMAND = "pytest tests/browser/test_snapshots.py --accept-snapshots"
VIEWS_OF_MAPS = (*MAPS, "/maps/visits/compare", *ACCOUNTS)
VIEWS = (
    *VIEWS_OF_MAPS,
    "/maps/visits/print",
    "/places?q=lei",
    "/about-the-data",
    "/accessibility",
    "/nowhere",
)
POINT_LAYERS = ("visits", "sites", "people_zones")
COLOURS = 32
BLUR_PX = 4
SQUARE_PX = 40
MOST_OFF = 10.0
"""The greatest mean difference of a colour, of 255, in any square that is still the same view.

A second run of the same browser differs by 0, letters smoothed in another way by up to 4, all moved
by two pixels by up to 5; a legend that is gone by 20, a line more by 24, a moved map by 60.
"""

Pictures = dict[str, Image.Image]


NAME_THE_HOST = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const {currentNode: node} = walker;
        node.textContent = node.textContent.replaceAll(location.host, "127.0.0.1:8000");
    }
}"""
CHANGES = {
    "a legend is gone": "document.querySelector('.legend').style.visibility = 'hidden'",
    "the map has moved": "map_area.panBy([40, 0], {animate: false})",
    "the names are gone": "map_area.getPane('labels').style.display = 'none'",
    "a class has another colour": "document.querySelector('.leaflet-areas-pane path')"
    ".setAttribute('fill', '#ffffff')",
    "the buttons are gone": "document.querySelector('.map-moves').style.visibility = 'hidden'",
    "a line is broken": "document.querySelector('.map').style.marginBottom = '24px'",
}


@pytest.fixture(scope="module")
def photographing(chromium, live_url) -> Iterator[Visit]:
    """One visit for all pictures, without motion."""
    with visiting(chromium, live_url, reduced_motion="reduce", locale="en-GB") as visit:
        yield visit


@pytest.fixture
def camera(photographing) -> Visitor:
    return photographing.visitor


@pytest.fixture(scope="module")
def accepting(request) -> bool:
    return bool(request.config.getoption("--accept-snapshots", default=False))


def letters(page: Page) -> dict[str, float]:
    """How wide the typeface runs on this machine: another one breaks lines elsewhere."""
    return page.evaluate(
        """() => {
            const pen = document.createElement("canvas").getContext("2d");
            const width = style => {
                pen.font = `${style} 100px Arial, Helvetica, sans-serif`;
                return Math.round(pen.measureText("Neighbourhood Policing Area 0123456789").width);
            };
            return {plain: width("normal"), bold: width("bold")};
        }"""
    )


def small(page: Page) -> Image.Image:
    """A picture of the window as it is now: half its size, in few colours."""
    page.evaluate(PAINTED)
    seen = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    half = seen.resize((seen.width // 2, seen.height // 2), Image.Resampling.BOX)
    return half.quantize(COLOURS, dither=Image.Dither.NONE)


def taken(visitor: Visitor, path: str, width: int) -> Pictures:
    """Pictures of a view by name: its beginning and, where it has one, its map with the legends."""
    page = visitor.page
    page.set_viewport_size({"width": width, "height": HEIGHT})
    open_page(visitor, path)
    page.evaluate(NAME_THE_HOST)
    pictures = {f"{slug(path)}-{width}": small(page)}
    if page.locator("[data-map]").count():
        page.locator("[data-map]").first.evaluate("map => map.scrollIntoView()")
        pictures[f"{slug(path)}-map-{width}"] = small(page)
    return pictures


def blurred(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB").filter(ImageFilter.GaussianBlur(BLUR_PX)), dtype=float)


def difference(one: Image.Image, other: Image.Image) -> np.ndarray:
    return np.abs(blurred(one) - blurred(other)).max(axis=2)


def off_by(one: Image.Image, other: Image.Image) -> float:
    """The mean difference in the square where two pictures differ most."""
    if one.size != other.size:
        return 255.0
    off = difference(one, other)
    off = np.pad(off, [(0, -size % SQUARE_PX) for size in off.shape], mode="reflect")
    rows, columns = (size // SQUARE_PX for size in off.shape)
    return float(off.reshape(rows, SQUARE_PX, columns, SQUARE_PX).mean(axis=(1, 3)).max())


def file_of(name: str) -> Path:
    return KEPT / f"{name}.png"


def accept(pictures: Pictures, drawn_with: dict[str, float]) -> None:
    KEPT.mkdir(exist_ok=True)
    for name, picture in pictures.items():
        picture.save(file_of(name), optimize=True)
    LETTERS.write_text(json.dumps(drawn_with) + "\n", encoding="utf-8")


def complaint(name: str, now: Image.Image, folder: Path) -> str:
    """What is wrong with a picture, if anything; it and the difference are kept to be seen."""
    if not file_of(name).is_file():
        return f"there is no picture {name} yet"
    was = Image.open(file_of(name))
    off = off_by(was, now)
    if off <= MOST_OFF:
        return ""
    now.save(folder / f"{name}.png")
    if was.size == now.size:
        inverted = 255 - difference(was, now).clip(0, 255).astype("uint8")
        Image.fromarray(inverted).save(folder / f"{name}-difference.png")
    return f"{name} is off by {off:.1f}, of {MOST_OFF} allowed; see {folder}"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", VIEWS)
def test_a_view_looks_as_it_was_accepted(camera, accepting, tmp_path, path, width):
    pictures = taken(camera, path, width)
    drawn_with = letters(camera.page)
    if accepting:
        accept(pictures, drawn_with)
        return
    if LETTERS.is_file() and json.loads(LETTERS.read_text(encoding="utf-8")) != drawn_with:
        pytest.skip("the pictures were drawn with another typeface than this machine has for Arial")
    said = [complaint(name, picture, tmp_path) for name, picture in pictures.items()]
    assert not any(said), "\n".join([*filter(None, said), f"If it is meant so: {COMMAND}"])


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_a_reader_would_see_is_found(camera, change):
    before = taken(camera, "/maps/street-safe", 1280)["maps-street-safe-map-1280"]
    assert off_by(before, small(camera.page)) < MOST_OFF / 4
    camera.page.evaluate(CHANGES[change])
    assert off_by(before, small(camera.page)) > MOST_OFF * 1.5


@pytest.mark.parametrize("aside", [(1, 0), (0, 1), (1, 1)])
def test_a_view_that_is_a_little_aside_is_the_same(camera, aside):
    now = taken(camera, "/maps/street-safe", 1280)["maps-street-safe-map-1280"]
    moved = Image.new("RGB", now.size, "white")
    moved.paste(now.convert("RGB"), aside)
    assert 0 < off_by(now, moved) < MOST_OFF


def groups_where_one_is_late(visitor: Visitor, late: str) -> list[list[str]]:
    """Which records share a marker, when the records of one layer come after all others."""
    page, waiting = visitor.page, []
    address = f"**/api/layers/{late}.geojson*"
    page.route(address, lambda route: waiting.append(route))
    page.goto(visitor.home + "/maps/all")
    page.wait_for_function(
        "others => others.every(id => patchmap.points(map_area).records.has(id))",
        arg=[layer_id for layer_id in POINT_LAYERS if layer_id != late],
    )
    waiting[0].continue_()
    visitor.settle()
    page.unroute(address)
    return page.evaluate(
        "patchmap.points(map_area).groups.map(({records}) => records.map(patchmap.recordKey))"
    )


def test_a_map_is_the_same_whichever_layer_comes_over_the_line_first(visitor):
    """Records that share a marker must not be those that happened to come together."""
    groups = [groups_where_one_is_late(visitor, late) for late in POINT_LAYERS]
    assert len(groups[0]) > 10
    assert groups[0] == groups[1] == groups[2]


def test_every_picture_is_of_a_view(accepting):
    names = {f"{slug(path)}-{width}" for path in VIEWS for width in WIDTHS}
    names |= {f"{slug(path)}-map-{width}" for path in VIEWS_OF_MAPS for width in WIDTHS}
    expected = {file_of(name) for name in names}
    if accepting:
        for picture in set(KEPT.glob("*.png")) - expected:
            picture.unlink()
    assert set(KEPT.glob("*.png")) == expected
    assert sum(picture.stat().st_size for picture in expected) < 25_000 * len(expected)
