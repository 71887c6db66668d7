"""Takes the pictures of the docs of a running Patchmap: ``python docs/take_pictures.py URL``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

FOLDER: Final = Path(__file__).with_name("images")
PICTURES: Final = (
    ("home", "/", 1280, 2120, "body"),
    ("visits", "/maps/visits?from=2023-04&to=2025-03", 1280, 1040, "#map-heading"),
    ("crime", "/maps/crime", 1280, 1040, "#map-heading"),
    ("recorded-crime", "/maps/crime?from=2022-01&to=2022-10", 1280, 1040, "#map-heading"),
    ("coverage", "/estate/coverage?as_of=2024-06-30", 1280, 1240, "#map-heading"),
)


def main(home: str) -> None:
    """Take each picture, beginning a little above the element that matters."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, address, width, height, first in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="en-GB")
            page.goto(home + address)
            page.wait_for_load_state("networkidle")
            page.evaluate(
                "id => window.scrollTo(0, document.querySelector(id).offsetTop - 110)", first
            )
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
