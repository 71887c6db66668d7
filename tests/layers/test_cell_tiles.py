"""Cells as vector tiles: over all tiles the same cells and counts as the view they are cut from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import mapbox_vector_tile
import numpy as np
import orjson
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from geo.mercator import EXTENT, HALF_WORLD_M, Tile, covering
from layers import output
from layers.answer import version_of
from layers.audience import Audience
from layers.cell_tiles import CellTiles, tile_of
from layers.registry import REGISTRY
from layers.view import View
from layers.workspace import Workspace
from tests.layers.desk import TODAY, Desk

DEEPEST_ZOOM = 16
CITY = "-1.2,52.58 -1.05,52.6 -1.08,52.69 -1.19,52.68"
ASKED: list[dict[str, Any]] = [
    {"from_": "2022-03", "to": "2022-03"},
    {"from_": "2022-03-10", "to": "2022-05"},
    {"type": "burglary"},
    {"type": ["crime", "drugs"], "from_": "2021-01", "to": "2021-06"},
    {"npa": "NA"},
    {"npa": ["NC", "NR"], "type": "vehicle-crime"},
    {"area": CITY},
    {"area": CITY, "bbox": "-1.15,52.5,-1,52.8", "npa": "NC", "type": "robbery"},
    {"cell_m": "500", "npa": "NC"},
    {"cell_m": "2000"},
]


def decoded(content: bytes) -> list[dict[str, Any]]:
    """The features of a tile as another program reads them."""
    layers = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    assert set(layers) <= {"crime"}
    return layers["crime"]["features"] if layers else []


def counts_in(content: bytes) -> dict[str, int]:
    """Only the name and count of each cell of a tile."""
    message = vector_tile_pb2.tile()
    message.ParseFromString(content)
    found: dict[str, int] = {}
    for layer in message.layers:
        keys = list(layer.keys)
        name, records = keys.index("cell_id"), keys.index("records")
        for feature in layer.features:
            tags = dict(zip(feature.tags[::2], feature.tags[1::2], strict=True))
            found[layer.values[tags[name]].string_value] = layer.values[tags[records]].uint_value
    assert len(found) == sum(len(layer.features) for layer in message.layers)
    return found


def held_in_cells(view: View) -> int:
    (said,) = re.findall(r"The cells hold ([\d,]+):", " ".join(view.caption))
    return int(said.replace(",", ""))


def reach(tiles: CellTiles) -> tuple[float, float, float, float]:
    """West, south, east and north of all cells, in metres of EPSG:3857."""
    return (tiles.x_m.min(), tiles.y_m.min(), tiles.x_m.max(), tiles.y_m.max())


def all_counts(view: View, zoom: int) -> dict[str, int]:
    """The cells of all tiles of a zoom, each of which says the same of a cell."""
    tiles = CellTiles.of(view)
    found: dict[str, int] = {}
    for tile in covering(reach(tiles), zoom):
        for name, records in counts_in(tiles.tile(tile)).items():
            assert found.setdefault(name, records) == records
    return found


@dataclass(frozen=True)
class Cut:
    """A view, its cells, and their outlines in metres of EPSG:3857."""

    view: View
    tiles: CellTiles
    outlines: np.ndarray

    def sharing(self, tile: Tile) -> set[str]:
        """The cells that share ground with a tile, by shapely; a millimetre is no ground."""
        shared = shapely.area(shapely.intersection(self.outlines, shapely.box(*tile.bounds)))
        return set(self.view.records["cell_id"][shared > 1e-3])

    def near(self, tile: Tile) -> set[str]:
        """The cells whose bounding box touches a tile."""
        touching = shapely.intersects(shapely.envelope(self.outlines), shapely.box(*tile.bounds))
        return set(self.view.records["cell_id"][touching])


@pytest.fixture(scope="module")
def cut(demo: Desk) -> Cut:
    view = demo.view("crime", Audience.PUBLIC)
    tiles = CellTiles.of(view)
    return Cut(view, tiles, shapely.polygons(np.stack((tiles.x_m, tiles.y_m), axis=2)))


@pytest.mark.parametrize("zoom", [0, 5, 8, 11, 14])
def test_all_tiles_of_a_zoom_hold_the_cells_of_the_view_and_their_counts(cut: Cut, zoom: int):
    held = dict(zip(cut.view.records["cell_id"], cut.view.records["records"], strict=True))
    found = all_counts(cut.view, zoom)
    assert found == held
    assert sum(found.values()) == held_in_cells(cut.view) > 100_000


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_cell_is_in_every_tile_that_it_shares_ground_with(cut: Cut, data: st.DataObject):
    cell = data.draw(st.integers(0, len(cut.outlines) - 1))
    corner = data.draw(st.integers(0, 5))
    zoom = data.draw(st.integers(0, DEEPEST_ZOOM))
    x, y = cut.tiles.x_m[cell, corner], cut.tiles.y_m[cell, corner]
    (middle,) = covering((x, y, x, y), zoom)
    last = 2**zoom - 1
    across, down = (data.draw(st.sampled_from([-1, 0, 0, 1])) for _ in "xy")
    tile = Tile(zoom, *(min(max(at, 0), last) for at in (middle.x + across, middle.y + down)))
    given_in = set(counts_in(cut.tiles.tile(tile)))
    assert cut.sharing(tile) <= given_in <= cut.near(tile)


def world(tile: Tile, feature: Mapping[str, Any]) -> list[tuple[int, int]]:
    """A feature's corners in units of the whole world at the tile's zoom, in a fixed order."""
    (ring,) = feature["geometry"]["coordinates"]
    return sorted((x + EXTENT * tile.x, y + EXTENT * tile.y) for x, y in ring[:-1])


@pytest.mark.parametrize("zoom", [8, 11])
def test_a_cell_is_the_same_in_all_its_tiles_and_where_the_view_has_it(cut: Cut, zoom: int):
    features = orjson.loads(output.geojson(cut.view))["features"]
    exported = {item["properties"]["cell_id"]: item["properties"] for item in features}
    units = EXTENT * 2**zoom / (2 * HALF_WORLD_M)
    places = np.stack(
        ((cut.tiles.x_m + HALF_WORLD_M) * units, (HALF_WORLD_M - cut.tiles.y_m) * units), axis=2
    )
    row_of = {name: row for row, name in enumerate(cut.view.records["cell_id"])}
    seen: dict[str, tuple[int, list[tuple[int, int]]]] = {}
    again = 0
    for tile in covering(reach(cut.tiles), zoom):
        for feature in decoded(cut.tiles.tile(tile)):
            name = feature["properties"]["cell_id"]
            assert feature["properties"] == exported[name]
            corners = world(tile, feature)
            again += name in seen
            assert seen.setdefault(name, (feature["id"], corners)) == (feature["id"], corners)
            true, drawn = np.sort(places[row_of[name]], axis=0), np.sort(corners, axis=0)
            assert np.abs(true - drawn).max() <= 0.5 + 1e-6
    assert set(seen) == set(exported)
    assert again > 20, "cells that reach into several tiles were met"
    assert len({number for number, _ in seen.values()}) == len(seen)


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("asked", ASKED, ids=lambda item: "-".join(item))
def test_filters_reach_the_tiles(demo: Desk, asked: dict[str, Any], audience: Audience):
    view = demo.view("crime", audience, **asked)
    found = all_counts(view, 9)
    assert found == dict(zip(view.records["cell_id"], view.records["records"], strict=True))
    assert sum(found.values()) == held_in_cells(view) > 0


def test_filters_change_what_the_tiles_hold(demo: Desk):
    totals = [sum(all_counts(demo.view("crime", **asked), 6).values()) for asked in ASKED]
    assert len(set(totals)) == len(totals), "no two of these are to be alike by accident"
    types = [option.value for option in demo.view("crime").layer.types if option.value != "crime"]
    by_type = [all_counts(demo.view("crime", type=kind), 6) for kind in types]
    whole = all_counts(demo.view("crime"), 6)
    sums_of_types = {name: sum(counts.get(name, 0) for counts in by_type) for name in whole}
    assert sums_of_types == whole


def test_a_tile_where_no_cell_lies_is_empty(cut: Cut):
    assert cut.tiles.tile(Tile(8, 0, 0)) == b""
    assert cut.tiles.tile(Tile(16, 65_535, 65_535)) == b""


@pytest.mark.parametrize("zoom", [0, 1, 2, 3, 5, 8, 11])
def test_a_tile_asked_for_by_itself_is_that_of_the_view(
    demo: Desk, cut: Cut, monkeypatch: pytest.MonkeyPatch, zoom: int
):
    monkeypatch.setattr(Workspace, "remembers", lambda *_: False)
    last = 2**zoom - 1
    far = [Tile(zoom, x, y) for x in (0, last // 2, last) for y in (0, last // 2, last)]
    for tile in {*covering(reach(cut.tiles), zoom), *far}:
        alone = tile_of(REGISTRY.get("crime"), demo.workspace, cut.view.query, tile, TODAY)
        assert alone == cut.tiles.tile(tile)


@pytest.fixture(scope="module")
def unasked(demo: Desk) -> Iterator[Workspace]:
    """The demonstration as a server has it that was asked nothing before."""
    workspace = Workspace.open(demo.workspace.path, REGISTRY.schemas)
    yield workspace
    workspace.close()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ASKED), st.sampled_from(list(Audience)), st.data())
def test_a_tile_is_the_same_to_the_byte_whether_its_view_was_asked_for_or_not(
    demo: Desk,
    unasked: Workspace,
    asked: dict[str, Any],
    audience: Audience,
    data: st.DataObject,
):
    view = demo.view("crime", audience, **asked)
    tiles = CellTiles.of(view)
    cell, corner = data.draw(st.integers(0, tiles.rows - 1)), data.draw(st.integers(0, 5))
    zoom = data.draw(st.integers(0, DEEPEST_ZOOM))
    x, y = tiles.x_m[cell, corner], tiles.y_m[cell, corner]
    (tile,) = covering((x, y, x, y), zoom)
    whole = tiles.tile(tile)
    assert whole
    layer = REGISTRY.get("crime")
    assert not unasked.remembers((layer, view.query), version_of(layer, unasked, TODAY))
    assert tile_of(layer, unasked, view.query, tile, TODAY) == whole
    demo.view("crime", audience, **asked)
    assert tile_of(layer, demo.workspace, view.query, tile, TODAY) == whole


def test_a_cell_has_one_number_whatever_is_asked(demo: Desk):
    numbers: dict[str, int] = {}
    for asked in ASKED:
        tiles = CellTiles.of(demo.view("crime", **asked))
        for tile in covering(reach(tiles), 6):
            for feature in decoded(tiles.tile(tile)):
                name = feature["properties"]["cell_id"]
                assert numbers.setdefault(name, feature["id"]) == feature["id"]
    assert len({(name.split("_")[0], number) for name, number in numbers.items()}) == len(numbers)
    assert 0 < max(numbers.values()) < 2**53, "as whole numbers are kept in scripts"


def test_a_view_without_cells_has_empty_tiles(demo: Desk):
    view = demo.view("crime", from_="1999-01", to="1999-12")
    assert view.records.empty
    assert CellTiles.of(view).tile(Tile(0, 0, 0)) == b""


def test_equal_questions_give_equal_bytes(demo: Desk):
    one, other = (
        CellTiles.of(demo.view("crime", audience, type="robbery")).tile(Tile(9, 254, 167))
        for audience in Audience
    )
    assert one == other != b"", "the cells of crime are the same for staff and public"
