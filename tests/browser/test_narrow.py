"""On a narrow screen: what moves sideways shows that it does, and what matters stays in sight."""

from __future__ import annotations

import numpy as np
import pytest

from tests.browser.pages import open_page
from tests.browser.test_everyone import CRIME_CELL, DARK, FORCED, SMALL, picture, window

pytestmark = pytest.mark.browser

EDGE_PX = 4


def edge(page, selector: str, side: str) -> np.ndarray:
    """The paper of a table's frame above its words, beside its left or right edge."""
    frame = page.locator(selector)
    frame.evaluate("frame => frame.scrollIntoView()")
    box = frame.bounding_box()
    x = box["x"] if side == "left" else box["x"] + box["width"] - EDGE_PX
    clip = {"x": x, "y": max(0, box["y"]), "width": EDGE_PX, "height": 2}
    return picture(page, clip=clip)


@pytest.mark.parametrize("visitor", [SMALL, SMALL | DARK], ids=["light", "dark"], indirect=True)
def test_a_table_shows_at_which_edges_there_is_more(visitor):
    page, frame = visitor.page, "#sources ~ .table-region"
    open_page(visitor, "/about-the-data")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")

    def shaded(side: str) -> bool:
        return bool(np.abs(edge(page, frame, side) - np.array(paper, dtype=int)).max() > 40)

    assert (shaded("left"), shaded("right")) == (False, True)
    page.locator(frame).evaluate("frame => frame.scrollBy(200, 0)")
    assert shaded("left")
    page.locator(frame).evaluate("frame => frame.scrollBy(9999, 0)")
    assert not shaded("right")


@window(**SMALL, **FORCED)
def test_in_forced_colours_a_line_closes_a_table(visitor):
    open_page(visitor, "/")
    styles = visitor.page.locator(".table-region").evaluate_all(
        "all => all.map(frame => getComputedStyle(frame).borderRightStyle)"
    )
    assert set(styles) == {"solid"}


@window(**SMALL)
@pytest.mark.parametrize("path", ["/", "/maps/visits/compare"])
def test_the_areas_stay_beside_their_figures(visitor, path):
    open_page(visitor, path)
    region = visitor.page.locator(".table-region:has(.figures)").first
    region.evaluate("region => region.scrollBy(9999, 0)")
    left = region.bounding_box()["x"]
    for name in region.locator("tbody th").all():
        box = name.bounding_box()
        assert box["x"] == pytest.approx(left, abs=1)
        assert box["width"] < 130


@window(**SMALL)
def test_the_difference_is_seen_first(visitor):
    open_page(visitor, "/maps/visits/compare")
    region = visitor.page.locator(".table-region:has(.figures)")
    box = region.bounding_box()
    difference = region.get_by_role("columnheader", name="Difference").bounding_box()
    assert difference["x"] + difference["width"] <= box["x"] + box["width"]


@window(**SMALL)
@pytest.mark.parametrize("path", ["/maps/all", "/about-the-data", "/maps/crime/compare"])
def test_the_page_one_is_on_is_in_view_in_the_navigation(visitor, path):
    open_page(visitor, path)
    box = visitor.page.locator(".site-nav [aria-current]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 321


@pytest.mark.parametrize("visitor", [SMALL, {}], ids=["320px", "1280px"], indirect=True)
def test_words_in_the_table_of_a_cell_are_whole(visitor):
    open_page(visitor, CRIME_CELL)
    page = visitor.page
    page.locator(".map").focus()
    page.keyboard.press("Enter")
    page.locator(".cell-figures summary").click()
    page.locator(".cell-figures table").first.wait_for()
    broken = page.locator(".cell-figures :is(thead th, td)").evaluate_all(
        """all => all.filter(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return range.getClientRects().length > 1;
        }).map(cell => cell.textContent)"""
    )
    assert broken == []
