"""The answer to a scenario as the app gives it, another one each time, beside a geopandas loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from os import getloadavg
from pathlib import Path
from time import process_time
from typing import Any, Final
from urllib.parse import urlencode

import geopandas as gpd
import numpy as np
from flask.testing import FlaskClient

from geo.crs import to_degrees
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake
from server.access import StaffLink
from server.app import create_app
from server.settings import Settings
from tests.benchmarks.coverage import THRESHOLDS_M, geopandas_loop
from tests.benchmarks.document import Section, table
from tests.benchmarks.estate import SEED, frame, people, places
from tests.benchmarks.points import open_workspace
from tests.benchmarks.scratch import Clock, Scratch
from tests.benchmarks.timing import milliseconds, ratio_words, timed

SITES: Final = 60
ROUNDS: Final = 60
ORIGIN: Final = "http://127.0.0.1:8000"
SERVICE: Final = "front-enquiry-office"
HEADER: Final = (
    "answer",
    "median (ms)",
    "95th percentile (ms)",
    "processor, median (ms)",
    "processor, 95th percentile (ms)",
    "loop / ours, by processor",
)
LOOP: Final = "geopandas loop"
PATHS: Final = {
    "figures (`/api/estate/what-if`)": "/api/estate/what-if",
    "page (`/estate/what-if`)": "/estate/what-if",
}

Pair = tuple[str, str]


def measure(scratch: Scratch) -> Section:
    """Time the figures and the page of one scenario after another, and the loop in turns."""
    sites_m = places(2 * SITES)
    folder = scratch.folder / "estate"
    _fill(folder, sites_m[:SITES])
    workspace = open_workspace(folder)
    link = StaffLink()
    load_before = getloadavg()[0]
    try:
        client = create_app(Settings(folder), workspace, Clock(), link).test_client()
        _get(client, f"/staff/{link.token}", 302)
        rows, differing = _timed(client, sites_m)
    finally:
        workspace.close()
    return Section(
        "what_if",
        "A scenario asked of the app",
        f"634 small areas, {SITES} enquiry desks, three distances; in each of {ROUNDS} scenarios "
        "two other desks close, one opens and one moves. Asked as staff of the app in this "
        "process, without HTTP, in turns with the loop. Server time of answers that nobody asked "
        "for before.",
        (table(HEADER, rows),),
        (
            "*Processor* is what this process used, whatever else the machine did meanwhile.",
            f"Residents within the distances after the change: {differing} of {ROUNDS} scenarios "
            "differ from the loop’s.",
            "The answer has both sides by NPA, part, district, tenth of deprivation and setting, "
            "in metres and minutes, sure and possible, floating catchments, desks, cost and floor "
            "area; the page has six tables and the key of the map too. The loop reckons metres "
            "alone, before and after, by two groupings.",
            "The estate before is reckoned once and kept, as in use; the first scenario of all is "
            "not counted.",
            f"The load of the machine was {load_before:.1f} before and {getloadavg()[0]:.1f} "
            "after: more than its number of cores means that the process had to wait.",
        ),
    )


def _timed(client: FlaskClient, sites_m: np.ndarray[Any, Any]) -> tuple[list[list[str]], int]:
    points_m, residents, labels = people()
    homes = frame(points_m, residents=residents, **labels)
    before = frame(sites_m[:SITES])
    scenarios = [_scenario(number, sites_m) for number in range(ROUNDS + 1)]
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in (*PATHS, LOOP)}
    differing = 0
    for number, (pairs, after) in enumerate(scenarios):
        query = urlencode([*(("distance_m", f"{m:.0f}") for m in THRESHOLDS_M), *pairs])
        taken = {}
        for place, (name, path) in enumerate(PATHS.items()):
            # another day for each, so that the page finds nothing that the figures left
            asked = f"{path}?{query}&as_of=2025-01-0{place + 1}"
            answer, taken[name] = _both(lambda asked=asked: _get(client, asked, 200))
            if path.startswith("/api"):
                told = [each["after"] for each in answer.get_json()["total"]["distances"]]
        theirs, taken[LOOP] = _both(
            lambda after=after: (geopandas_loop(homes, before), geopandas_loop(homes, after))
        )
        if number:
            differing += told != [round(float(each)) for each in theirs[1]["within"]]
            for name, took in taken.items():
                times[name].append(took)
    loop_s = float(np.median([used for _, used in times[LOOP]]))
    return [_row(name, np.array(taken), loop_s) for name, taken in times.items()], differing


def _row(name: str, taken: np.ndarray[Any, Any], loop_s: float) -> list[str]:
    (took, used), (most_took, most_used) = (np.percentile(taken, part, axis=0) for part in (50, 95))
    figures = (took, most_took, used, most_used)
    return [name, *(milliseconds(float(each)) for each in figures), ratio_words(loop_s, used)]


def _both(run: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """The result, how long it took, and how much of the processor it used, in seconds."""
    begun = process_time()
    result, took_s = timed(run)
    return result, (took_s, process_time() - begun)


def _scenario(number: int, sites_m: np.ndarray[Any, Any]) -> tuple[list[Pair], gpd.GeoDataFrame]:
    """Which sites change, as an address has it, and the sites after that."""
    drawn = np.random.default_rng(SEED + number)
    first, second, moved = drawn.choice(SITES, 3, replace=False)
    opens_m, moves_m = sites_m[SITES + drawn.choice(SITES, 2, replace=False)]
    pairs = [
        ("closes", f"B{first:03}"),
        ("closes", f"B{second:03}"),
        ("opens", _degrees(opens_m)),
        ("moves", f"B{moved:03}:{_degrees(moves_m)}"),
    ]
    kept = [each for at, each in enumerate(sites_m[:SITES]) if at not in (first, second, moved)]
    return pairs, frame(np.vstack([*kept, opens_m, moves_m]))


def _degrees(point_m: np.ndarray[Any, Any]) -> str:
    longitude, latitude = (float(np.squeeze(each)) for each in to_degrees(*point_m))
    return f"{latitude:.5f}, {longitude:.5f}"


def _fill(folder: Path, sites_m: np.ndarray[Any, Any]) -> None:
    longitudes, latitudes = to_degrees(sites_m[:, 0], sites_m[:, 1])
    lines = [
        f"B{number:03},Desk {number},{SERVICE},open,open,public,{longitude:.6f},{latitude:.6f},"
        f"{1000 + number},{200 + number}"
        for number, (longitude, latitude) in enumerate(zip(longitudes, latitudes, strict=True))
    ]
    header = (
        "site_id,name,site_type,public_access,status,visibility,longitude,latitude,"
        "running_cost_gbp,floor_area_m2"
    )
    file = folder.with_suffix(".csv")
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    workspace = open_workspace(folder)
    report = REGISTRY.get("sites").take(read_table(file), workspace, Intake(datetime(2025, 1, 15)))
    workspace.close()
    if report.added != SITES:
        raise RuntimeError(f"{SITES} sites were to be taken; {report.text()}")


def _get(client: FlaskClient, path: str, expected: int) -> Any:
    answer = client.get(path, base_url=ORIGIN)
    if answer.status_code != expected:
        raise RuntimeError(f"{path} answered {answer.status}.")
    return answer
