"""A live Patchmap with the demonstration pack, and a page that fails on what must not happen."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Request, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from layers.demo import load_demo
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.app import create_app
from server.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NOW = datetime(2024, 10, 1, 12, 0)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-snapshots",
        action="store_true",
        help="keep the pictures of the views as they are now as those to compare with",
    )


def skip_or_fail(message: str) -> None:
    """In CI nothing may be missing; elsewhere the tests are skipped by name."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        skip_or_fail(f"a browser is needed for these tests, one of {', '.join(BROWSERS)}")
    if not AXE.is_file():
        skip_or_fail("axe-core is needed in node_modules for these tests")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield running
        running.close()


class SilentHandler(WSGIRequestHandler):
    """Keeps the access log out of the report of a failed test."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of an app on a port of its own, as long as it is needed."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with the demonstration pack."""
    workspace = Workspace.open(tmp_path_factory.mktemp("workspace"), REGISTRY.schemas)
    load_demo(workspace, REGISTRY, Intake(NOW), lambda _: None)
    yield workspace
    workspace.close()


@pytest.fixture(scope="session")
def live_url(loaded: Workspace) -> Iterator[str]:
    app = create_app(Settings(workspace=loaded.path), loaded, lambda: NOW)
    with serving(app) as address:
        yield address


@dataclass
class Visitor:
    """A browser page that remembers every request, and everything that went wrong."""

    page: Page
    home: str
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._request)
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on(
            "console",
            lambda message: (
                message.type in ("error", "warning")
                and self.problems.append(f"console {message.type}: {message.text}")
            ),
        )

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        self.requests.append(f"{address.path}?{address.query}")
        if address.scheme != "data" and address.netloc != urlsplit(self.home).netloc:
            self.problems.append(f"request off the host: {request.url}")

    def open(self, path: str) -> None:
        """Go to a page and wait until its map, if it has one, has drawn its layers."""
        self.page.goto(self.home + path)
        self.settle()

    def settle(self) -> None:
        """Wait until no layer is loading."""
        self.page.wait_for_load_state("load")
        if self.page.locator("[data-map]").count():
            self.page.wait_for_function(
                """() => [...document.querySelectorAll(".map-status")].every(
                    ({textContent: said}) => said !== "" && !said.includes("loading"),
                )"""
            )
            self.page.wait_for_function("() => document.querySelector('.map-label') !== null")

    def fetched(self, path: str) -> bool:
        """Whether an address beginning so was asked for since the page was opened."""
        return any(address.startswith(path) for address in self.requests)

    def axe_findings(self) -> list[str]:
        """What axe finds against WCAG 2.2 A and AA, once what fades in has faded in."""
        self.page.wait_for_function(
            """() => document.getAnimations().every(({playState, effect}) =>
                playState !== "running" || effect.getComputedTiming().endTime === Infinity)"""
        )
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        result = self.page.evaluate(
            """tags => axe.run(
                document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]},
            )""",
            RULES,
        )
        return [
            f"{finding['id']}: {node['html']}"
            for finding in result["violations"]
            for node in finding["nodes"]
        ]


@contextmanager
def visiting(browser: Browser, home: str, **options: Any) -> Iterator[Visitor]:
    """The guard: after the visit nothing may have left the host or complained."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    context.set_default_timeout(15_000)
    visitor = Visitor(context.new_page(), home)
    yield visitor
    context.close()
    assert visitor.problems == []


@pytest.fixture
def visitor(browser: Browser, live_url: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A guarded visit; a test may ask for a window of another kind."""
    with visiting(browser, live_url, **getattr(request, "param", {})) as visitor:
        yield visitor
