"""Run the comparisons and write ``docs/performance.md``: ``python -m tests.benchmarks [SECTION]``.

Without a section all are run. One alone replaces only its own part of the document.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from tests.benchmarks import (
    boundaries_http,
    browser_view,
    coverage,
    growth,
    hotspots,
    parts,
    planning,
    siting,
    tiles_peers,
    what_if,
)
from tests.benchmarks.document import Section, write
from tests.benchmarks.needs import Lacking
from tests.benchmarks.scratch import Scratch, scratch

SECTIONS: Final[dict[str, tuple[str, Callable[[Scratch], Section]]]] = {
    "browser": ("A million points in the browser", browser_view.measure),
    "tiles": ("One vector tile of a million points", tiles_peers.measure),
    "boundaries": ("Boundary GeoJSON over HTTP", boundaries_http.measure),
    "growth": ("As points grow", growth.measure),
    "parts": ("Single steps", parts.measure),
    "planning": ("A year of visits", planning.measure),
    "coverage": ("A change of sites", coverage.measure),
    "what_if": ("A scenario asked of the app", what_if.measure),
    "siting": ("Where sites should be", siting.measure),
    "hotspots": ("Hot spots by permutation", hotspots.measure),
}


def main(names: list[str]) -> None:
    """Measure the sections named, or all; each is written as soon as it is done."""
    unknown = sorted(set(names) - set(SECTIONS))
    if unknown:
        raise SystemExit(
            f"Sections are {', '.join(SECTIONS)}; given {', '.join(unknown)}. Name some or none."
        )
    with scratch() as shared:
        for name in names or list(SECTIONS):
            title, measure = SECTIONS[name]
            print(f"Measuring: {title}", flush=True)
            try:
                section = measure(shared)
            except Lacking as lacking:
                section = Section(name, title, f"Not measured: {lacking}", ())
            write(section, list(SECTIONS))
            print(section.text(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
