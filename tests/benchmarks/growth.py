"""Time, memory and disk as the points grow from ten thousand to ten million.

Every figure of a size comes from a process of its own, so that memory is its own. Such a process
is ``python -m tests.benchmarks.growth STEP FOLDER RECORDS``, which prints its figures as JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from layers.crime import COUNTS
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake
from tests.benchmarks.document import Section, table
from tests.benchmarks.points import (
    MONTHS,
    fill_workspace,
    month_frames,
    open_workspace,
    write_street_file,
)
from tests.benchmarks.scratch import Clock, Scratch, open_app, points_of
from tests.benchmarks.servers import PROJECT
from tests.benchmarks.tiles_peers import RawPoints
from tests.benchmarks.timing import milliseconds, timed

SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)
ROUNDS: Final = 7
PERIOD: Final = f"from={MONTHS[0]}&to={MONTHS[-1]}"
TILE_ZOOM: Final = 11

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, by which step under which name, and its unit."""

    title: str
    step: str
    name: str
    words: Callable[[float], str]


def _seconds(value: float) -> str:
    return f"{value:,.1f}" if value >= 1 else f"{value:.2f}"


def _megabytes(value: float) -> str:
    return f"{value / 1e6:,.0f}" if value >= 1e7 else f"{value / 1e6:.1f}"


ROWS: Final = (
    Row("rows in the file of one month", "import", "rows", "{:,.0f}".format),
    Row("import of that file (s)", "import", "took_s", _seconds),
    Row("most memory while importing it (MB)", "import", "most_resident", _megabytes),
    Row("all months put into the store (s)", "store", "took_s", _seconds),
    Row("first page after that, all months counted (s)", "counted", "page_s", _seconds),
    Row("first page after a new start (s)", "started", "page_s", _seconds),
    Row("page of another day, nothing kept of it (ms)", "started", "fresh_page_s", milliseconds),
    Row("page asked for again (ms)", "started", "page_again_s", milliseconds),
    Row("densest tile at z11, nothing kept of it (ms)", "started", "fresh_tile_s", milliseconds),
    Row("the same asked for again (ms)", "started", "tile_again_s", milliseconds),
    Row("resident memory of the server then (MB)", "started", "resident", _megabytes),
    Row("most memory while counting (MB)", "counted", "most_resident", _megabytes),
    Row("most memory while storing (MB)", "store", "most_resident", _megabytes),
    Row("records on disk (MB)", "store", "disk", _megabytes),
    Row("counts on disk (MB)", "started", "disk", _megabytes),
)


def measure(scratch: Scratch) -> Section:
    """Each size, each step of it in a process of its own, one after another."""
    columns: list[dict[str, Figures]] = []
    for records in SIZES:
        folder = scratch.folder / f"grown-{records}"
        columns.append({step: _in_a_process(step, folder, records) for step in STEPS})
        shutil.rmtree(folder)
    rows = [
        [row.title, *(row.words(column[row.step][row.name]) for column in columns)] for row in ROWS
    ]
    return Section(
        "growth",
        "As points grow",
        f"""The crime page and its densest tile over all {len(MONTHS)} months, asked of the app in
its process, without HTTP and without compression. Medians of {ROUNDS} rounds, first times once.""",
        (table(("records", *(f"{records:,}" for records in SIZES)), rows),),
        (
            "A month's file is imported as `patchmap import` does it: read, every row checked and "
            "placed, stored. All months are put into the store one at a time, without a file; the "
            "memory for either is that of one month and of the made-up points.",
            "*Nothing kept of it*: counts by month are held, the answer is made anew.",
        ),
    )


def _in_a_process(step: str, folder: Path, records: int) -> Figures:
    command = [sys.executable, "-m", "tests.benchmarks.growth", step, str(folder), str(records)]
    said = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(said.stdout.splitlines()[-1])
    return figures


def _store(folder: Path, records: int) -> Figures:
    points = points_of(records)
    _, took_s = timed(lambda: fill_workspace(folder, points))
    return {"took_s": took_s, "disk": _on_disk(folder / "crime")}


def _import(folder: Path, records: int) -> Figures:
    """Import the file of the last month, as a user would, into a workspace of its own."""
    *_, (month, frame) = month_frames(points_of(records))
    file = folder / f"{month}-street.csv"
    folder.mkdir(parents=True)
    write_street_file(frame, file)
    rows = len(frame)
    del frame
    points_of.cache_clear()
    workspace = open_workspace(folder / "imported")
    layer, intake = REGISTRY.get("crime"), Intake(datetime(2025, 1, 15))
    report, took_s = timed(lambda: layer.take(read_table(file), workspace, intake))
    if report.added != rows:
        raise RuntimeError(f"{rows:,} rows were to be taken; {report.text()}")
    workspace.close()
    shutil.rmtree(folder)
    return {"rows": float(rows), "took_s": took_s}


def _counted(folder: Path, _: int) -> Figures:
    with open_app(folder, Clock()) as app:
        page = app.test_client()
        page_s = timed(lambda: page.get(f"/maps/crime?{PERIOD}").status)[1]
    return {"page_s": page_s}


def _started(folder: Path, records: int) -> Figures:
    clock = Clock()
    tile = RawPoints(points_of(min(records, 100_000))).densest(TILE_ZOOM)
    tile_path = f"/api/layers/crime/tiles/{tile.zoom}/{tile.x}/{tile.y}.mvt?{PERIOD}"
    points_of.cache_clear()
    with open_app(folder, clock) as app:
        client = app.test_client()

        def get(path: str) -> None:
            status = client.get(path).status
            if status != "200 OK":
                raise RuntimeError(f"{path} answered {status}.")

        def again(path: str, fresh: bool) -> float:
            times = []
            for _ in range(ROUNDS):
                if fresh:
                    clock.next_day()
                times.append(timed(lambda: get(path))[1])
            return median(times)

        page = f"/maps/crime?{PERIOD}"
        _, page_s = timed(lambda: get(page))
        return {
            "page_s": page_s,
            "fresh_page_s": again(page, fresh=True),
            "page_again_s": again(page, fresh=False),
            "fresh_tile_s": again(tile_path, fresh=True),
            "tile_again_s": again(tile_path, fresh=False),
            "resident": _memory("VmRSS"),
            "disk": _on_disk(folder / COUNTS),
        }


STEPS: Final[dict[str, Callable[[Path, int], Figures]]] = {
    "import": _import,
    "store": _store,
    "counted": _counted,
    "started": _started,
}


def _on_disk(folder: Path) -> float:
    return float(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))


def _memory(name: str) -> float:
    """A figure of this process's memory in bytes, where the system tells it; else not a number."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
    told = [int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")]
    return float(told[0]) if told else float(np.nan)


def main() -> None:
    """Take one step of one size and print its figures."""
    step, folder, records = sys.argv[1:]
    figures = STEPS[step](Path(folder), int(records))
    print(json.dumps({**figures, "most_resident": _memory("VmHWM")}))


if __name__ == "__main__":
    main()
