"""The densest tile: ours, PostGIS with the same cells, and `mapbox_vector_tile` on the raw points.

Ours is timed three ways: a tile of a query that nobody asked before, made from the counts of the
months; the same as a request to the app, from reading the address to the response; and a tile of a
map whose page has been answered, which is only cut from it. Counts per month are held, as on a
server that has answered anything since its start. Nothing is taken from the tiles that are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import mapbox_vector_tile
import numpy as np
import numpy.typing as npt
import shapely
from flask import Flask

from geo.crs import metres_to_mercator
from geo.grid import HexGrid
from geo.mercator import EXTENT, Tile
from layers.answer import answer, read_query
from layers.audience import Audience
from layers.cell_tiles import CellTiles, tile_of
from layers.crime import DEFAULT_CELL_M
from layers.query import LayerQuery
from layers.registry import REGISTRY
from server.services import EXTENSION, Services
from tests.benchmarks import postgis
from tests.benchmarks.document import Section, table
from tests.benchmarks.needs import Lacking
from tests.benchmarks.points import MONTHS, TYPES, MadePoints
from tests.benchmarks.postgis import PostGis
from tests.benchmarks.scratch import Clock, Scratch, open_app, points_of
from tests.benchmarks.tile_sql import TileRequest
from tests.benchmarks.timing import kilobytes, medians, milliseconds, ratio_words

RECORDS: Final = 1_000_000
ZOOMS: Final = (8, 11, 14)
ROUNDS: Final = 9
MONTH: Final = MONTHS.index("2024-06")
KIND: Final = TYPES.index("violent-crime")
NO_FILTER: Final = "none"
FILTERS: Final[tuple[tuple[str, int | None, int | None], ...]] = (
    (NO_FILTER, None, None),
    ("a month", MONTH, None),
    ("a type", None, KIND),
    ("both", MONTH, KIND),
)
OURS: Final = ("tile", "request", "tile of a map")
ANEW, REQUEST, OF_MAP = OURS
RAW, BINNED, KEPT = "mapbox_vector_tile", "PostGIS", "PostGIS, kept counts"
WARM: Final = (
    "Warm, analysed, 1 GB of shared buffers, parallel as by default, one connection on the same "
    "machine; its times include the way to the client."
)
MAKERS: Final = (*OURS, BINNED, KEPT, RAW)

Run = Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Measured:
    """One tile with one filter: times in seconds and sizes in bytes by who made it."""

    zoom: int
    filtered_by: str
    points: int
    times_s: dict[str, float]
    sizes: dict[str, int]
    agreement: str


def measure(scratch: Scratch) -> Section:
    """Time the densest tile of each zoom, with and without filters, and compare the counts."""
    points = points_of(RECORDS)
    clock = Clock()
    with (
        open_app(scratch.filled(RECORDS), clock) as app,
        _postgis(points) as (server, server_words),
    ):
        ours = Ours(app, clock)
        raw = RawPoints(points)
        measured = [
            _measured(replace(raw.densest(zoom), month=month, kind=kind), name, ours, raw, server)
            for zoom in ZOOMS
            for name, month, kind in FILTERS
        ]
    return _section(measured, server_words)


class Ours:
    """Our tiles, each way of asking for them."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self._app, self._clock = app, clock
        self._client = app.test_client()
        self._layer = REGISTRY.get("crime")
        self._services: Services = app.extensions[EXTENSION]
        self._client.get("/maps/crime")

    def runs(self, tile: TileRequest) -> dict[str, Run]:
        """What to time, by name."""
        wanted, query = Tile(tile.zoom, tile.x, tile.y), self._query(tile)
        layer, workspace = self._layer, self._services.workspace
        cells = CellTiles.of(answer(layer, workspace, query, self._services.today))

        def anew() -> bytes:
            self._clock.next_day()
            return tile_of(layer, workspace, query, wanted, self._services.today)

        return {
            ANEW: anew,
            REQUEST: lambda: self._request(tile),
            OF_MAP: lambda: cells.tile(wanted),
        }

    def _query(self, tile: TileRequest) -> LayerQuery:
        workspace, today = self._services.workspace, self._services.today
        return read_query(self._layer, workspace, _params(tile), Audience.PUBLIC, today)

    def _request(self, tile: TileRequest) -> bytes:
        self._clock.next_day()
        path = f"/api/layers/crime/tiles/{tile.zoom}/{tile.x}/{tile.y}.mvt"
        response = self._client.get(path, query_string=_params(tile))
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status}.")
        return bytes(response.data)


class RawPoints:
    """The points in EPSG:3857, as one who encodes them as they are would hold them."""

    def __init__(self, points: MadePoints) -> None:
        self._points = points
        self._x_m, self._y_m = metres_to_mercator(points.easting_m, points.northing_m)

    def densest(self, zoom: int) -> TileRequest:
        """The tile with most points; of equals, any."""
        west, _, _, north = Tile(zoom, 0, 0).bounds
        side_m = EXTENT / Tile(zoom, 0, 0).units_per_m
        columns = ((self._x_m - west) // side_m).astype(int)
        rows = ((north - self._y_m) // side_m).astype(int)
        numbers, counts = np.unique(columns * 2**zoom + rows, return_counts=True)
        x, y = divmod(int(numbers[counts.argmax()]), 2**zoom)
        return TileRequest(zoom, x, y)

    def chosen(self, tile: TileRequest) -> npt.NDArray[np.intp]:
        """The positions of the points within the tile that pass its filter."""
        west, south, east, north = Tile(tile.zoom, tile.x, tile.y).bounds
        kept = (self._x_m >= west) & (self._x_m < east)
        kept &= (self._y_m > south) & (self._y_m <= north)
        if tile.month is not None:
            kept &= self._points.month == tile.month
        if tile.kind is not None:
            kept &= self._points.kind == tile.kind
        return np.flatnonzero(kept)

    def run(self, tile: TileRequest) -> Run:
        """Encoding the points of the tile with month and type; choosing them is not timed."""
        chosen = self.chosen(tile)
        geometries = shapely.points(self._x_m[chosen], self._y_m[chosen])
        features = [
            {"geometry": point, "properties": {"month": MONTHS[month], "crime_type": TYPES[kind]}}
            for point, month, kind in zip(
                geometries,
                self._points.month[chosen].tolist(),
                self._points.kind[chosen].tolist(),
                strict=True,
            )
        ]
        layer = {"name": "crime", "features": features}
        bounds = Tile(tile.zoom, tile.x, tile.y).bounds
        options = {"quantize_bounds": bounds, "extents": EXTENT}
        return lambda: bytes(mapbox_vector_tile.encode([layer], default_options=options))


@contextmanager
def _postgis(points: MadePoints) -> Iterator[tuple[PostGis | None, str]]:
    try:
        with postgis.running(HexGrid(DEFAULT_CELL_M)) as server:
            server.load(points)
            yield server, f"{server.version}. {WARM}"
    except Lacking as lacking:
        yield None, f"PostGIS was left out: {lacking}"


def _measured(
    tile: TileRequest, filtered_by: str, ours: Ours, raw: RawPoints, server: PostGis | None
) -> Measured:
    runs = {**ours.runs(tile), RAW: raw.run(tile)}
    if server:
        runs |= {BINNED: lambda: server.binned(tile), KEPT: lambda: server.from_counts(tile)}
    made: dict[str, bytes] = {}

    def keeping(name: str, run: Run) -> Callable[[], None]:
        def kept() -> None:
            made[name] = run()

        return kept

    times_s = medians({name: keeping(name, run) for name, run in runs.items()}, ROUNDS)
    return Measured(
        tile.zoom,
        filtered_by,
        len(raw.chosen(tile)),
        times_s,
        {name: len(content) for name, content in made.items()},
        _agreement(made),
    )


def _agreement(made: dict[str, bytes]) -> str:
    """How many cells all of ours and of PostGIS have, and in how many a figure differs."""
    cells = {name: _cells(made[name]) for name in (ANEW, REQUEST, BINNED, KEPT) if name in made}
    mine = cells[ANEW]
    counted = Counter(cell for theirs in cells.values() for cell in mine.keys() & theirs.keys())
    shared = sum(times == len(cells) for times in counted.values())
    differing = {
        cell
        for theirs in cells.values()
        for cell in mine.keys() | theirs.keys()
        if mine.get(cell) != theirs.get(cell)
    }
    return f"{shared:,} cells, {len(differing)} differ"


def _cells(content: bytes) -> dict[str, tuple[Any, ...]]:
    names = ("records", "crimes", "anti_social_behaviour", "most_common")
    decoded = mapbox_vector_tile.decode(content)
    features = decoded["crime"]["features"] if decoded else []
    rows = [feature["properties"] for feature in features]
    return {row["cell_id"]: tuple(row[name] for name in names) for row in rows}


def _params(tile: TileRequest) -> dict[str, list[str]]:
    first, last = (MONTHS[0], MONTHS[-1]) if tile.month is None else (MONTHS[tile.month],) * 2
    kinds = [] if tile.kind is None else [TYPES[tile.kind]]
    return {"from": [first], "to": [last], "type": kinds}


def _section(measured: list[Measured], server_words: str) -> Section:
    made_by = [name for name in MAKERS if name in measured[0].times_s]
    peers = [name for name in made_by if name not in OURS]
    pairs = [(peer, mine) for peer in peers for mine in OURS]
    times = [
        [
            *_asked(each),
            f"{each.points:,}",
            *(milliseconds(each.times_s[name]) for name in made_by),
            each.agreement,
        ]
        for each in measured
    ]
    ratios = [
        [
            *_asked(each),
            *(ratio_words(each.times_s[peer], each.times_s[mine]) for peer, mine in pairs),
        ]
        for each in measured
    ]
    sizes = [
        [*_asked(each), *(kilobytes(each.sizes[name]) for name in (ANEW, *peers))]
        for each in measured
        if each.filtered_by == NO_FILTER
    ]
    asked = ("zoom", "filter")
    return Section(
        "tiles",
        "One vector tile of a million points",
        f"""The densest tile at three zooms, with no filter, a month, a type, and both, out of
{RECORDS:,} points in {len(MONTHS)} months, in milliseconds: medians of {ROUNDS} rounds in turns.
Ours and PostGIS make the same hexagons, {DEFAULT_CELL_M:,} metres wide, with the same counts, which
is checked; `{RAW}` encodes the points as they are.""",
        (
            table((*asked, "points", *(f"{name} (ms)" for name in made_by), "counts"), times),
            "How many times as long each peer takes:",
            table((*asked, *(f"{peer} / our {mine}" for peer, mine in pairs)), ratios),
            "How large the tiles are, not compressed:",
            table((*asked, *(f"{name} (kB)" for name in ("ours", *peers))), sizes),
        ),
        (
            f"*{ANEW}*, *{REQUEST}* and *{OF_MAP}* are ours. The first belongs to a query that "
            "nobody asked before: the counts of its months are added up for the cells near it. The "
            "request is the same through the app, the address read, without HTTP. The last is the "
            "rule: the page of the map was answered, and the tile is cut from its view. Nothing "
            "comes from tiles that are kept, as it would when one is asked for twice.",
            "Ours adds up counts per month, cell, type and area, made once after an import; *As "
            f"points grow* has the time for that. *{BINNED}* counts points for each tile, and "
            f"*{KEPT}* reads a table of counts per cell, month and type, and ready hexagons. "
            "Neither names areas and dates, as ours does.",
            server_words,
            f"For `{RAW}` the points of the tile are chosen and made into features beforehand. "
            "What takes more than five seconds is timed once.",
        ),
    )


def _asked(each: Measured) -> tuple[str, str]:
    return str(each.zoom), each.filtered_by
