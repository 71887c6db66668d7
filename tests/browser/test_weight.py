"""What a first visit costs on a slow line, and what can be read before the map is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import CDPSession

from tests.browser.pages import COMPARISONS, MAPS, open_page

pytestmark = pytest.mark.browser

MOST_BYTES = 300_000
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}

HAPPENED = """(() => {
    const events = [];
    window.happened = events;
    const once = (name, holds) => holds && !events.includes(name) && events.push(name);
    const look = () => {
        const said = document.querySelector(".map-status")?.textContent ?? "";
        once("words", document.querySelector(".caption p"));
        once("table", document.querySelector("main table tfoot"));
        once("loading is said", said.includes("loading"));
        once("records are drawn", document.querySelector(".map-marker"));
        once("records are told", said.includes("on the map"));
    };
    new MutationObserver(look).observe(document, {childList: true, subtree: true, characterData: true});
    new PerformanceObserver(list => list.getEntries().forEach(({name}) => once(name, true)))
        .observe({type: "paint", buffered: true});
})()"""  # noqa: E501
"""Notes in a page's own life what comes after what."""


@dataclass
class Line:
    """What has come over the line since a page was asked for, with headers, as it was sent."""

    session: CDPSession
    paths: dict[str, str] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._answered)
        self.session.on("Network.dataReceived", self._came)
        self.session.on("Network.loadingFinished", self._finished)

    def _answered(self, event: dict) -> None:
        answer = event["response"]
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        self.paths[event["requestId"]] = answer["url"]
        self.encodings[event["requestId"]] = headers.get("content-encoding", "")
        self.sizes[event["requestId"]] = answer["encodedDataLength"]

    def _came(self, event: dict) -> None:
        """Of an answer that is never read to its end, such as an empty tile, this is all."""
        self.sizes[event["requestId"]] += event["encodedDataLength"]

    def _finished(self, event: dict) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    @property
    def total(self) -> int:
        return sum(self.sizes.values())


@pytest.fixture
def line(visitor) -> Iterator[Line]:
    line = Line(visitor.page.context.new_cdp_session(visitor.page))
    yield line
    line.session.detach()


@pytest.mark.parametrize("visitor", [PHONE, {}], ids=["phone", "desk"], indirect=True)
@pytest.mark.parametrize("path", MAPS + COMPARISONS)
def test_a_first_view_is_light(visitor, line, path, record_property):
    open_page(visitor, path)
    visitor.page.wait_for_load_state("networkidle")
    assert len(line.sizes) >= 8
    scripts = {line.encodings[key] for key, address in line.paths.items() if ".js" in address}
    assert scripts <= {"br", "zstd"}
    record_property("bytes", line.total)
    record_property("requests", len(line.sizes))
    print(f"{path}: {line.total / 1000:.1f} kB in {len(line.sizes)} requests")
    assert line.total < MOST_BYTES


def test_what_comes_over_the_line_is_what_is_counted(visitor, line):
    """A picture cannot be compressed further: what is counted is its bytes and its headers."""
    open_page(visitor, "/accessibility")
    length = visitor.page.evaluate(
        """async () => (await (await fetch("/maps/visits/picture.png")).arrayBuffer()).byteLength"""
    )
    size = next(line.sizes[key] for key, at in line.paths.items() if "picture.png" in at)
    assert 20_000 < length < size < length + 2_000


@pytest.mark.parametrize("visitor", [PHONE], ids=["phone"], indirect=True)
def test_on_a_slow_line_words_and_figures_come_before_the_map(visitor, line):
    line.session.send("Network.emulateNetworkConditions", SLOW)
    visitor.page.add_init_script(HAPPENED)
    visitor.page.set_default_timeout(60_000)
    open_page(visitor, "/maps/visits")
    happened = visitor.page.evaluate("window.happened")
    order = [
        "words",
        "first-contentful-paint",
        "loading is said",
        "records are drawn",
        "records are told",
    ]
    assert [event for event in happened if event in order] == order
    assert happened.index("table") < happened.index("loading is said")
