"""The app over a loaded demonstration workspace, and clients of both audiences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.demo import load_demo
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import StaffLink
from server.app import create_app
from server.settings import Settings
from tests.layers.desk import Desk, open_desk
from tests.server.few_months import HELD, month_file

NOW = datetime(2026, 11, 22, 9, 0)
ORIGIN = "http://127.0.0.1:8000"

MakeApp = Callable[[Workspace], Flask]
AsStaff = Callable[[Flask], FlaskClient]
ReadPage = Callable[[str], "Page"]


class Browser(FlaskClient):
    """A client at the address that `patchmap serve` has by default."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, app.response_class)

    def open(self, *args: Any, **options: Any) -> Any:
        """Ask for a path there, unless the test says where."""
        options.setdefault("base_url", ORIGIN)
        return super().open(*args, **options)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, hours: float) -> None:
        """Move on by some hours."""
        self.now += timedelta(hours=hours)


@dataclass
class Page:
    """What tests look for in a page: every tag, the texts that carry figures."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    captions: list[list[str]] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    title: str = ""
    heading: str = ""
    rows: list[list[str]] = field(default_factory=list)

    def links(self) -> list[str]:
        """Every address that the page names."""
        names = ("href", "src", "action", "srcset", "data", "poster", "formaction")
        return [attrs[name] for _, attrs in self.tags for name in names if name in attrs]


class _Reader(HTMLParser):
    """Reads a page as a browser's parser would see its tags and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._caption_depth = 0
        self._text: list[str] | None = None
        self._total = ""
        self._body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.page.tags.append((tag, given))
        if tag == "div" and (self._caption_depth or given.get("class") == "caption"):
            self._caption_depth += 1
            if self._caption_depth == 1:
                self.page.captions.append([])
        self._body = self._body or tag == "tbody"
        if tag == "tr" and self._body:
            self.page.rows.append([])
        if tag in ("p", "title", "h1", "script", "td", "th"):
            self._text = []
            self._total = given.get("data-total", "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        text = "".join(self._text or []).strip()
        if tag == "p" and self._caption_depth:
            self.page.captions[-1].append(text)
        elif tag == "div" and self._caption_depth:
            self._caption_depth -= 1
        elif tag == "title" and not self.page.title:  # the parts of a drawing have titles too
            self.page.title = text
        elif tag == "h1":
            self.page.heading = text
        elif tag == "script" and text:
            self.page.scripts.append(text)
        elif tag == "td" and self._total:
            self.page.totals[self._total] = int("".join(filter(str.isdigit, text)) or 0)
        if tag in ("td", "th") and self._body and self.page.rows:
            self.page.rows[-1].append(text)
        self._body = self._body and tag != "tbody"
        if tag in ("p", "title", "h1", "script", "td", "th"):
            self._text, self._total = None, ""


@pytest.fixture(scope="session")
def read_page() -> ReadPage:
    """A page's HTML as a `Page`."""

    def read(html: str) -> Page:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        return reader.page

    return read


@pytest.fixture(scope="session")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace that holds the demonstration pack. Read it, never write to it."""
    path = tmp_path_factory.mktemp("demo") / "workspace"
    workspace = Workspace.open(path, REGISTRY.schemas)
    load_demo(workspace, REGISTRY, Intake(NOW), lambda _: None)
    workspace.close()
    return path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Desk]:
    """A desk with a few real months of recorded crime."""
    made = open_desk(tmp_path_factory.mktemp("few"))
    for month in HELD:
        made.take_file("crime", month_file(shared_data, month))
    yield made
    made.workspace.close()


@pytest.fixture
def few(desk: Desk, make_app: MakeApp) -> FlaskClient:
    """A client of everybody over the few months."""
    return make_app(desk.workspace).test_client()


@pytest.fixture(scope="session")
def demo(demo_path: Path) -> Iterator[Workspace]:
    """The demonstration workspace, open."""
    workspace = Workspace.open(demo_path, REGISTRY.schemas)
    yield workspace
    workspace.close()


@pytest.fixture
def clock() -> Clock:
    """The clock of the apps of one test: nine in the morning of a working day."""
    return Clock()


@pytest.fixture
def make_app(clock: Clock) -> MakeApp:
    """An app over a workspace, on its own machine."""

    def make(workspace: Workspace) -> Flask:
        return create_app(Settings(workspace.path), workspace, clock, StaffLink())

    return make


@pytest.fixture
def app(demo: Workspace, make_app: MakeApp) -> Flask:
    """An app over the demonstration workspace."""
    return make_app(demo)


@pytest.fixture
def link(app: Flask) -> StaffLink:
    """The staff link of the app."""
    made: StaffLink = app.extensions["patchmap"].staff_link
    return made


@pytest.fixture
def public(app: Flask) -> FlaskClient:
    """A browser of the public."""
    return Browser(app)


@pytest.fixture
def as_staff() -> AsStaff:
    """A browser of an app that has used its staff link."""

    def open_link(app: Flask) -> FlaskClient:
        client = Browser(app)
        token = app.extensions["patchmap"].staff_link.token
        assert client.get(f"/staff/{token}").status_code == 302
        return client

    return open_link


@pytest.fixture
def staff(app: Flask, as_staff: AsStaff) -> FlaskClient:
    """A browser of staff."""
    return as_staff(app)
