"""The crime page with a million points beside folium's page with the same points, in Chromium.

Each round begins with a new browser that holds nothing. Times are the page's own, told by a watcher
within it and said to its console: what drives the browser runs nothing in the page while one is
taken. A view is drawn when every tile is painted, or folium's clusters are there, and the
frame with them is done. A click is answered when the popup of the cell is open, or folium has
zoomed in, and that frame is done.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import numpy as np

from geo.crs import to_degrees
from geo.grid import HexGrid
from layers.crime import COUNTS
from tests.benchmarks.document import Section, table
from tests.benchmarks.folium_page import make_page
from tests.benchmarks.needs import Lacking, free_port, program
from tests.benchmarks.points import MONTHS, MadePoints
from tests.benchmarks.scratch import Scratch, points_of
from tests.benchmarks.servers import serving, serving_ours
from tests.benchmarks.timing import kilobytes, ratio_words
from tests.browser.chromium import ARGUMENTS as LEAN

RECORDS: Final = 1_000_000
ROUNDS: Final = 9
WIDTH_PX, HEIGHT_PX = 1280, 800
WAIT_MS: Final = 300_000
ARGUMENTS: Final = (*LEAN, "--enable-precise-memory-info")
"""For both sides: the browser does without what it loads for itself beside any page."""
PATH: Final = f"/maps/crime?from={MONTHS[0]}&to={MONTHS[-1]}"
WATCH: Final = """({drawn, answered}) => {
  let drawnAt, clickedAt, answeredAt;
  const done = (tell) => requestAnimationFrame(() => setTimeout(() => tell(performance.now())));
  document.addEventListener("mousedown", ({timeStamp}) => { clickedAt = timeStamp; }, true);
  const look = () => {
    if (!drawnAt && document.querySelector(drawn)) done((now) => {
      if (!drawnAt) console.log("drawn", drawnAt = now);
    });
    if (clickedAt && !answeredAt && document.querySelector(answered)) done((now) => {
      if (!answeredAt) console.log("answered", (answeredAt = now) - clickedAt);
    });
  };
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
}"""
OURS: Final = {"drawn": "#map_area[data-tiles='painted']", "answered": ".leaflet-popup .popup"}
THEIRS: Final = {"drawn": ".marker-cluster", "answered": "[data-zoomed]"}
PLACE: Final = """([latitude, longitude]) => {
  const at = map_area.latLngToContainerPoint([latitude, longitude]);
  const box = map_area.getContainer().getBoundingClientRect();
  return [box.x + at.x, box.y + at.y];
}"""
LISTEN: Final = """() => {
  const name = Object.keys(window).find((key) => key.startsWith("map_"));
  window[name].once("zoomend", () => { document.body.dataset.zoomed = ""; });
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: seconds until drawn and from a click to its answer, bytes received, heap.

    ``busy_s`` is for how long a processor worked on the page's main thread.
    """

    drawn_s: float
    click_s: float
    busy_s: float
    received: int
    requests: int
    heap: int

    @property
    def answered_s(self) -> float:
        """Until drawn and a click answered, without the time between for pointing and clicking."""
        return self.drawn_s + self.click_s


def measure(scratch: Scratch) -> Section:
    """Visit both pages in turns, and ours once before, when the server has just started."""
    chromium = program("chromium", "chromium-browser", "google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Lacking("playwright is not installed.") from error
    points = points_of(RECORDS)
    folder = scratch.folder / "folium"
    make_page(points, folder)
    workspace = scratch.filled(RECORDS)
    shutil.rmtree(workspace / COUNTS, ignore_errors=True)
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.folium_page", str(folder), str(port)]
    with sync_playwright() as playwright, serving(command, port, "/leaflet.css") as theirs:
        visitor = Visitor(playwright.chromium, chromium)
        place = _busiest(points)
        with serving_ours(workspace) as origin:
            after_import = visitor.ours(origin, place)
        with serving_ours(workspace) as origin:
            after_start = visitor.ours(origin, place)
            rounds = [(visitor.ours(origin, place), visitor.theirs(theirs)) for _ in range(ROUNDS)]
        version = visitor.version
    ours, peer = (_middle(list(visits)) for visits in zip(*rounds, strict=True))
    size = (folder / "index.html").stat().st_size
    return _section(ours, peer, after_import, after_start, size, version)


class Visitor:
    """Visits pages, each with a new browser."""

    def __init__(self, chromium: Any, path: str) -> None:
        self._chromium, self._path = chromium, path
        self.version = ""

    def ours(self, origin: str, place: tuple[float, float]) -> Visit:
        """Our crime page, and a click on the cell at a latitude and longitude."""
        with self._page(OURS) as (page, received):
            with _told(page, "drawn") as drawn:
                page.goto(origin + PATH, wait_until="commit")
            page.locator("#map_area").scroll_into_view_if_needed()
            at = page.evaluate(PLACE, list(place))
            with _told(page, "answered") as answered:
                page.mouse.click(*at)
            return received.visit(page, _seconds(drawn), _seconds(answered))

    def theirs(self, origin: str) -> Visit:
        """folium's page, and a click on a cluster."""
        with self._page(THEIRS) as (page, received):
            with _told(page, "drawn") as drawn:
                page.goto(origin + "/", wait_until="commit", timeout=WAIT_MS)
            page.evaluate(LISTEN)
            box = page.locator(".marker-cluster").first.bounding_box()
            with _told(page, "answered") as answered:
                page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            return received.visit(page, _seconds(drawn), _seconds(answered))

    @contextmanager
    def _page(self, signs: dict[str, str]) -> Iterator[tuple[Any, _Received]]:
        browser = self._chromium.launch(executable_path=self._path, args=list(ARGUMENTS))
        try:
            self.version = f"Chromium {browser.version}"
            page = browser.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX})
            page.set_default_timeout(WAIT_MS)
            page.add_init_script(f"({WATCH})({json.dumps(signs)})")
            yield page, _Received(page)
        finally:
            browser.close()


class _Received:
    """Counts what comes over the wire, headers and all, as it was sent."""

    def __init__(self, page: Any) -> None:
        self._session = page.context.new_cdp_session(page)
        self._sizes: list[int] = []
        self._session.on(
            "Network.loadingFinished", lambda event: self._sizes.append(event["encodedDataLength"])
        )
        self._session.send("Network.enable")
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def visit(self, page: Any, drawn_s: float, click_s: float) -> Visit:
        """The visit once the click is answered, with the heap after it was tidied."""
        told = self._session.send("Performance.getMetrics")["metrics"]
        busy_s = next(each["value"] for each in told if each["name"] == "TaskDuration")
        page.wait_for_timeout(500)
        received, requests = sum(self._sizes), len(self._sizes)
        self._session.send("HeapProfiler.collectGarbage")
        heap = self._session.send("Runtime.getHeapUsage")["usedSize"]
        return Visit(drawn_s, click_s, busy_s, int(received), requests, int(heap))


def _told(page: Any, name: str) -> Any:
    """What comes to be the watcher's message of ``name``, once the block is done."""
    return page.expect_console_message(
        lambda message: message.text.startswith(name), timeout=WAIT_MS
    )


def _seconds(told: Any) -> float:
    """The seconds that a message of the watcher tells, in milliseconds."""
    return float(told.value.text.split()[1]) / 1000


def _busiest(points: MadePoints) -> tuple[float, float]:
    """Latitude and longitude of the centre of the cell with most points."""
    grid = HexGrid()
    cells, counts = np.unique(
        grid.locate(points.easting_m, points.northing_m), axis=0, return_counts=True
    )
    longitude, latitude = to_degrees(*grid.centres(cells[[counts.argmax()]])[0])
    return float(np.squeeze(latitude)), float(np.squeeze(longitude))


def _middle(visits: list[Visit]) -> Visit:
    return Visit(
        median(visit.drawn_s for visit in visits),
        median(visit.click_s for visit in visits),
        median(visit.busy_s for visit in visits),
        int(median(visit.received for visit in visits)),
        int(median(visit.requests for visit in visits)),
        int(median(visit.heap for visit in visits)),
    )


def _section(
    ours: Visit, peer: Visit, after_import: Visit, after_start: Visit, size: int, version: str
) -> Section:
    def seconds(value: float) -> str:
        return f"{value:.2f}"

    rows = [
        [
            "received (kB)",
            kilobytes(ours.received),
            kilobytes(peer.received),
            ratio_words(peer.received, ours.received),
        ],
        ["requests", str(ours.requests), str(peer.requests), ""],
        [
            "until all of the view is drawn (s)",
            seconds(ours.drawn_s),
            seconds(peer.drawn_s),
            ratio_words(peer.drawn_s, ours.drawn_s),
        ],
        [
            "from a click to its answer (s)",
            seconds(ours.click_s),
            seconds(peer.click_s),
            ratio_words(peer.click_s, ours.click_s),
        ],
        [
            "both together (s)",
            seconds(ours.answered_s),
            seconds(peer.answered_s),
            ratio_words(peer.answered_s, ours.answered_s),
        ],
        [
            "processor time of the page's main thread in that (s)",
            seconds(ours.busy_s),
            seconds(peer.busy_s),
            ratio_words(peer.busy_s, ours.busy_s),
        ],
        [
            "JavaScript heap afterwards (MB)",
            f"{ours.heap / 1e6:.1f}",
            f"{peer.heap / 1e6:.1f}",
            ratio_words(peer.heap, ours.heap),
        ],
    ]
    return Section(
        "browser",
        "A million points in the browser",
        f"""The crime page with {RECORDS:,} points of {len(MONTHS)} months beside folium's
`FastMarkerCluster` with the same points: medians of {ROUNDS} rounds in turns, in {version}, in a
window of {WIDTH_PX} by {HEIGHT_PX} pixels. The browser is new and holds nothing in every round; the
servers have answered before.""",
        (
            table(("", "ours", "folium", "folium / ours"), rows),
            f"The first visit of all after an import took {after_import.answered_s:.2f} s, all "
            f"months being counted; the first after a new start {after_start.answered_s:.2f} s.",
        ),
        (
            f"folium's page is {size / 1e6:.1f} MB before compression. It is served compressed as "
            "ours is, was compressed beforehand, and links only Leaflet and the cluster plug-in, "
            "from the same host; its points are in the order of their months, as files have them.",
            "What a click answers differs: ours opens a popup with the counts of a cell, folium's "
            "zooms in on a cluster; its markers say nothing.",
            "Server, browser and the program that drives it share the machine. Ours is work of "
            "several processes, folium's of one: where a machine has other work too, ours waits "
            "more. Processor time tells how much is done, whatever else the machine does.",
        ),
    )
