"""Pages of errors and of explanations: they fit, axe finds nothing, and one can go on from them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

REFUSED = "/maps/visits?from=yesterday&to=2022-05&npa=NR&npa=QQ&quokka=1"
ERRORS = {
    REFUSED: 400,
    "/layers/sites?type=pub&status=open": 400,
    "/leave-staff": 403,
    "/nowhere": 404,
}
EXPLANATIONS = ("/api", "/accessibility", "/problems/bad-query", "/problems/data-unreadable")
LOOKS = [
    pytest.param({"viewport": {"width": width, "height": 900}, "color_scheme": scheme},
                 id=f"{width}px {scheme}")
    for width, scheme in ((320, "light"), (1280, "light"), (320, "dark"))
]  # fmt: skip
TOO_SMALL = """() => [...document.querySelectorAll(
    'main a, footer a, main button, main select, main input:not([type=hidden])')].filter(
    element => {
        const box = element.getBoundingClientRect();
        const inText = getComputedStyle(element).display === 'inline';
        return box.width && !inText && (box.height < 24 || box.width < 24);
    }).map(element => element.outerHTML)"""


def faults(visitor) -> list[str]:
    page: Page = visitor.page
    wide = page.evaluate("document.documentElement.scrollWidth > document.body.clientWidth")
    return [*visitor.axe_findings(), *page.evaluate(TOO_SMALL), *["too wide"] * wide]


def forget_refusals(visitor) -> None:
    """The browser's console says of a refused page that it was refused."""
    said = r"console error: Failed to load resource: the server responded with a status of 40[034]"
    visitor.problems[:] = [text for text in visitor.problems if not re.match(said, text)]


@pytest.mark.parametrize("visitor", LOOKS, indirect=True)
@pytest.mark.parametrize("path", ERRORS)
def test_an_error_is_a_page_like_others(visitor, path: str) -> None:
    answer = visitor.page.goto(visitor.home + path)
    assert answer.status == ERRORS[path]
    forget_refusals(visitor)
    assert visitor.page.title().startswith("Error: ")
    assert visitor.page.locator("h1").count() == 1
    assert faults(visitor) == []


@pytest.mark.parametrize("visitor", LOOKS, indirect=True)
@pytest.mark.parametrize("path", EXPLANATIONS)
def test_an_explanation_fits_and_is_accessible(visitor, path: str) -> None:
    visitor.open(path)
    assert faults(visitor) == []


def test_from_a_refusal_one_goes_on_by_keyboard(visitor) -> None:
    page: Page = visitor.page
    page.goto(visitor.home + REFUSED)
    forget_refusals(visitor)
    page.get_by_role("link", name="A date is needed").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("From", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("given 'yesterday'"))
    areas = page.get_by_role("group", name="Neighbourhood Policing Area (NPA)")
    expect(areas).to_have_accessible_description(re.compile("given 'QQ'"))
    expect(page.get_by_label("Melton and Rutland")).to_be_checked()
    field.fill("2022-01-01")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"from=2022-01-01.*npa=NR"))
    assert not page.title().startswith("Error")


def test_from_a_missing_page_a_place_is_found(visitor) -> None:
    visitor.page.goto(visitor.home + "/nowhere")
    forget_refusals(visitor)
    visitor.page.get_by_role("searchbox", name="Find a place").fill("melton")
    visitor.page.get_by_role("button", name="Find").click()
    visitor.page.wait_for_url(re.compile("/places"))
    assert visitor.page.get_by_role("link", name="Melton Mowbray").count()
