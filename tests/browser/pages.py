"""The pages that every reader may meet, and how they are opened, resized and looked at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

CHECKS = Path(__file__).with_name("checks.js")
MAPS = (
    "/",
    "/maps/visits",
    "/maps/estate",
    "/maps/street-safe",
    "/maps/people-zones",
    "/maps/crime",
    "/maps/all",
)
COMPARISONS = ("/maps/visits/compare", "/maps/crime/compare")
TABLES = (
    "/layers/npas",
    "/layers/visits",
    "/layers/sites",
    "/layers/street_safe",
    "/layers/people_zones",
    "/layers/crime",
)
TEXTS = (
    "/maps/visits/print",
    "/visits/outcomes",
    "/visits/report",
    "/estate/nearest?place=Lutterworth",
    "/estate/report",
    "/places?q=lei",
    "/about-the-data",
    "/accessibility",
    "/api",
    "/problems/bad-query",
)
REFUSED = {"/nowhere": 404, "/maps/visits?npa=QQ&from=yesterday": 400}
ESTATE = (
    "/estate/register?as_of=2024-06-30&compare_to=2016",
    "/estate/programme",
    "/estate/strategy",
)
ACCOUNTS = ("/visits/commitment", "/estate/coverage")
CRIME = (
    "/crime/months?type=violent-crime",
    "/crime/rates",
    "/crime/rates?by=lsoa",
    "/crime/hot-spots",
)
EMBEDDED = ("/embed/visits", "/embed/commitment")
PAGES = (*MAPS, *COMPARISONS, *ACCOUNTS, *CRIME, *ESTATE, *EMBEDDED, *TABLES, *TEXTS, *REFUSED)
PAINTED = """() => new Promise(resolve => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
    setTimeout(resolve, 3000);
})"""
"""Ends when all has been painted, or after three seconds: a browser need not paint at all."""
WIDTHS = (320, 768, 1280)
HEIGHT = 900


def open_page(visitor, path: str) -> None:
    """Open a page and wait until it stands still; of a refusal the browser's console may tell."""
    answer = visitor.page.goto(visitor.home + path)
    assert answer.status == REFUSED.get(path, 200)
    if path in REFUSED:
        said = "console error: Failed to load resource: the server responded with a status of 40"
        visitor.problems[:] = [text for text in visitor.problems if not text.startswith(said)]
    visitor.settle()
    stand_still(visitor.page)


def stand_still(page: Page) -> None:
    """Wait until no map of the page waits for anything, and all has been painted."""
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-map]")].filter(map => map.checkVisibility())
            .every(map => map.getAttribute("aria-busy") === "false"
                && (map.dataset.tiles ?? "painted") === "painted")"""
    )
    page.evaluate(PAINTED)


def resize(page: Page, width: int, height: int = HEIGHT) -> None:
    """Give the window a size and, if it is another one, wait until the page has answered."""
    size = {"width": width, "height": height}
    if page.viewport_size == size:
        return
    page.set_viewport_size(size)
    page.wait_for_timeout(150)
    stand_still(page)


def checked(page: Page, *names: str) -> list[str]:
    """What the named checks of ``checks.js`` find."""
    return [fault for name in names for fault in asked(page, name)]


def asked(page: Page, name: str, *given: Any) -> Any:
    """The answer of one function of ``checks.js``."""
    if not page.evaluate("'checks' in window"):
        page.evaluate(CHECKS.read_text(encoding="utf-8"))
    return page.evaluate("([name, given]) => checks[name](...given)", [name, given])


def slug(path: str) -> str:
    """A page's name as a file may have it."""
    return re.sub(r"\W+", "-", path).strip("-") or "home"
