"""A live Patchmap with the demonstration pack, and a page that fails on what must not happen."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, Request
from werkzeug.serving import WSGIRequestHandler, make_server

from layers.demo import load_demo
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import StaffLink
from server.app import create_app
from server.settings import Settings
from tests.browser.chromium import LIMIT_S, NAMES, BrowserHung, Chromium, limited

PROJECT = Path(__file__).resolve().parents[2]
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NOW = datetime(2024, 10, 1, 12, 0)
CHROMIUM = pytest.StashKey[Chromium]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept-snapshots",
        action="store_true",
        help="keep the pictures of the views as they are now as those to compare with",
    )


def pytest_itemcollected(item: pytest.Item) -> None:
    """A browser that hangs, which is rare, is no fault of ours: such a test is run once more."""
    item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=BrowserHung))


def chromium_of(config: pytest.Config) -> Chromium:
    """The browser of this run, whether or not it has been launched."""
    return config.stash.setdefault(CHROMIUM, Chromium())


def in_time(item: pytest.Item) -> Generator[None, object, object]:
    """Let a part of a test run, but not for ever; ``browser(limit_s=...)`` sets another limit."""
    mark = item.get_closest_marker("browser")
    limit_s = mark.kwargs.get("limit_s", LIMIT_S) if mark else LIMIT_S
    with limited(chromium_of(item.config), limit_s):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from in_time(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from in_time(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from in_time(item))


def skip_or_fail(message: str) -> None:
    """In CI nothing may be missing; elsewhere the tests are skipped by name."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def chromium(pytestconfig: pytest.Config) -> Iterator[Chromium]:
    """What launches the browser, and again when it is gone."""
    if Chromium.path() is None:
        skip_or_fail(f"a browser is needed for these tests, one of {', '.join(NAMES)}")
    if not AXE.is_file():
        skip_or_fail("axe-core is needed in node_modules for these tests")
    chromium = chromium_of(pytestconfig)
    yield chromium
    chromium.close()


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
            self.page.wait_for_function(
                """() => document.querySelector('.map-label') !== null && patchmap.maps.every(
                    (map) => map.getContainer().getAttribute("aria-busy") !== "true"
                        && !patchmap.labels(map).waiting,
                )"""
            )

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


class Visit:
    """A visit that can outlast its browser: then it goes on in another one."""

    def __init__(
        self, chromium: Chromium, home: str, begin: Callable[[Visitor], None], **options: Any
    ) -> None:
        self._chromium, self._home, self._begin = chromium, home, begin
        self._options = {"viewport": {"width": 1280, "height": 900}, **options}
        self._launch = 0
        self._visitor: Visitor | None = None

    @property
    def visitor(self) -> Visitor:
        """The visitor, who has begun, in a browser that is there."""
        browser = self._chromium.running()
        if self._visitor is None or self._launch != self._chromium.launches:
            context = browser.new_context(**self._options)
            context.set_default_timeout(15_000)
            problems = self._visitor.problems if self._visitor else []
            visitor = Visitor(context.new_page(), self._home, problems=problems)
            self._begin(visitor)
            self._visitor, self._launch = visitor, self._chromium.launches
        return self._visitor

    def end(self) -> None:
        """The guard: nothing may have left the host or complained."""
        if self._visitor is None:
            return
        if self._chromium.alive and self._launch == self._chromium.launches:
            self._visitor.page.context.close()
        assert self._visitor.problems == []


@contextmanager
def visiting(
    chromium: Chromium, home: str, begin: Callable[[Visitor], None] = lambda _: None, **options: Any
) -> Iterator[Visit]:
    """A visit that begins in some way, and is guarded."""
    visit = Visit(chromium, home, begin, **options)
    yield visit
    visit.end()


@contextmanager
def one_visit(
    chromium: Chromium, home: str, begin: Callable[[Visitor], None] = lambda _: None, **options: Any
) -> Iterator[Visitor]:
    """A guarded visit of one test."""
    with visiting(chromium, home, begin, **options) as visit:
        yield visit.visitor


def with_link(link: StaffLink) -> Callable[[Visitor], None]:
    """How a visit of staff begins: by the link, which another browser may have used before."""

    def begin(visitor: Visitor) -> None:
        link.used = False
        visitor.page.goto(f"{visitor.home}/staff/{link.token}")

    return begin


@pytest.fixture
def visitor(chromium: Chromium, live_url: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A guarded visit; a test may ask for a window of another kind."""
    with one_visit(chromium, live_url, **getattr(request, "param", {})) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def _staff_visit(chromium: Chromium, loaded: Workspace) -> Iterator[Visit]:
    link = StaffLink()
    app = create_app(Settings(loaded.path), loaded, lambda: NOW, link)
    with serving(app) as home, visiting(chromium, home, with_link(link)) as visit:
        yield visit


@pytest.fixture
def staffed(_staff_visit: Visit) -> Visitor:
    """A visit of staff to the demonstration, the same for all tests."""
    return _staff_visit.visitor
