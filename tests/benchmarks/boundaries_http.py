"""Boundary GeoJSON over HTTP: ours beside ``gdf.to_json()`` for each request and beside pygeoapi.

Every server runs under waitress with as many threads, and is asked by wrk over connections that
stay open. The layer is what our own address answers, so that all serve the same areas.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import geopandas as gpd

from tests.benchmarks.document import Section, table
from tests.benchmarks.needs import Lacking, free_port, program
from tests.benchmarks.points import open_workspace
from tests.benchmarks.pygeoapi_peer import PyGeoApi
from tests.benchmarks.scratch import Scratch
from tests.benchmarks.servers import PROJECT, patchmap, serving, serving_ours
from tests.benchmarks.timing import kilobytes, ratio_words

ROUNDS: Final = 3
SECONDS: Final = 3
CONNECTIONS: Final = 4
SMALL_AREAS: Final = PROJECT.parent / "shared" / "data" / "boundaries" / "lsoa_2021.geojson"
PATH: Final = "/ground/npas.geojson"
GZIP: Final = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One address with the headers that it is asked with."""

    server: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Rate:
    """What an address answers: its size in bytes, how many of it a second, and how many fail."""

    asked: Asked
    size: int
    per_s: float
    failed: float

    @property
    def server(self) -> str:
        """Who answers, and what share of requests was refused, if any."""
        said = f" ({self.failed:.0%} of requests failed)" if self.failed else ""
        return self.asked.server + said


def measure(scratch: Scratch) -> Section:
    """Requests a second for the areas of the force, and for 600 and more small areas."""
    wrk = program("wrk")
    notes = [
        f"{CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s in turns, the median; client "
        "and servers share the machine. All ask with `Accept-Encoding: gzip`; the peers send "
        "their answers as they are, which saves them work and costs them bytes.",
        "Ours is made and compressed once and kept until the ground changes; `to_json()` and "
        "pygeoapi make theirs anew for each request, as they do.",
    ]
    pygeoapi = _pygeoapi(scratch.folder / "pygeoapi", notes)
    folder = scratch.folder / "ground"
    open_workspace(folder / "npas").close()
    tables = [_compared("npas", folder, pygeoapi, wrk)]
    if SMALL_AREAS.is_file():
        _take_small_areas(folder / "small-areas")
        tables.append(_compared("small-areas", folder, pygeoapi, wrk))
    else:
        notes.append("The comparison on many areas needs the public files beside the project.")
    return Section(
        "boundaries",
        "Boundary GeoJSON over HTTP",
        "Requests a second for all areas of a layer, outlines and properties.",
        tuple(tables),
        tuple(notes),
    )


def _pygeoapi(folder: Path, notes: list[str]) -> PyGeoApi | None:
    try:
        found = PyGeoApi.installed(folder)
    except Lacking as lacking:
        notes.append(str(lacking))
        return None
    notes.append(f"{found.version}, in an environment of its own, answers without indenting.")
    if "gpkg" not in found.formats:
        notes.append("Its GeoPackage provider was left out: SpatiaLite is not installed here.")
    return found


def _compared(name: str, folder: Path, pygeoapi: PyGeoApi | None, wrk: str) -> str:
    with ExitStack() as servers:
        ours = servers.enter_context(serving_ours(folder / name)) + PATH
        areas = gpd.read_file(BytesIO(_fetched(Asked("ours", ours))[0]))
        file = folder / f"{name}.geojson"
        areas.to_file(file, driver="GeoJSON")
        port = free_port()
        command = [sys.executable, "-m", "tests.benchmarks.to_json_server", str(file), str(port)]
        bare = servers.enter_context(serving(command, port)) + "/areas.geojson"
        known = {**GZIP, "If-None-Match": _fetched(Asked("ours", ours, GZIP))[1]}
        asked = [
            Asked("ours", ours, GZIP),
            Asked("ours, already held by the asker", ours, known, 304),
            Asked("`gdf.to_json()`", bare, GZIP),
        ]
        if pygeoapi:
            urls = servers.enter_context(pygeoapi.serving(areas, folder / f"{name}-pygeoapi"))
            asked += [Asked(f"pygeoapi, {form}", url, GZIP) for form, url in urls.items()]
        return _table(len(areas), _rates(asked, wrk))


def _rates(asked: list[Asked], wrk: str) -> list[Rate]:
    sizes = [len(_fetched(each)[0]) for each in asked]
    rounds = [[_per_s(each, wrk) for each in asked] for _ in range(ROUNDS)]
    return [
        Rate(each, size, *(median(values) for values in zip(*found, strict=True)))
        for each, size, found in zip(asked, sizes, zip(*rounds, strict=True), strict=True)
    ]


def _per_s(asked: Asked, wrk: str) -> tuple[float, float]:
    """Requests answered well a second, and the share of those that were not."""
    headers = [f"--header={name}: {value}" for name, value in asked.headers.items()]
    amount = ["--threads=1", f"--connections={CONNECTIONS}", f"--duration={SECONDS}s"]
    command = [wrk, *amount, *headers, asked.url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    per_s, total = _number(said, r"Requests/sec:\s+([\d.]+)"), _number(said, r"(\d+) requests in")
    failed = _number(said, r"Non-2xx or 3xx responses: (\d+)", 0) / max(total, 1)
    return per_s * (1 - failed), failed


def _number(said: str, pattern: str, otherwise: float | None = None) -> float:
    found = re.search(pattern, said)
    if found:
        return float(found[1])
    if otherwise is None:
        raise RuntimeError(f"wrk was to say {pattern!r}, and said: {said}")
    return otherwise


def _fetched(asked: Asked) -> tuple[bytes, str]:
    """The body as sent and its ETag, once the status is seen to be right."""
    try:
        with urlopen(Request(asked.url, headers=dict(asked.headers))) as answer:
            status, body, etag = answer.status, answer.read(), answer.headers.get("ETag", "")
    except HTTPError as answer:
        status, body, etag = answer.code, b"", ""
    if status != asked.status:
        raise RuntimeError(f"{asked.url} answered {status} in place of {asked.status}.")
    return body, etag


def _take_small_areas(workspace: Path) -> None:
    """Import small areas as if they were NPAs, so that our own address serves that many."""
    read = gpd.read_file(SMALL_AREAS)
    code, name = (next(c for c in read.columns if c.endswith(end)) for end in ("CD", "NM"))
    renamed = read.rename(columns={code: "npa_code", name: "npa_name"})
    file = workspace.with_suffix(".geojson")
    file.write_text(json.dumps(json.loads(renamed[["npa_code", "npa_name", "geometry"]].to_json())))
    open_workspace(workspace).close()
    command = [*patchmap("import", workspace, "npas", str(file))]
    subprocess.run(command, check=True, cwd=PROJECT, capture_output=True)


def _table(areas: int, rates: list[Rate]) -> str:
    best = rates[0].per_s
    rows = [
        [
            rate.server,
            f"{kilobytes(rate.size)}",
            f"{rate.per_s:,.0f}" if rate.per_s >= 10 else f"{rate.per_s:.1f}",
            "" if rate.server.startswith("ours") else ratio_words(best, rate.per_s),
        ]
        for rate in rates
    ]
    header = (f"{areas} areas", "sent (kB)", "requests a second", "ours is so many times as fast")
    return table(header, rows)
