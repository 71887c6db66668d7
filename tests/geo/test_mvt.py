"""Vector tiles of polygons, read back by mapbox_vector_tile and by the protocol buffer itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from geo.crs import metres_to_mercator
from geo.errors import InvalidValue
from geo.grid import HexGrid
from geo.mercator import EXTENT, Tile, covering
from geo.mvt import Coded, Values, encode_polygons

SQUARE = np.array([[0, 0], [10, 0], [10, 10], [0, 10]])
WARDS = ("Abbey", "Žižkov", "Ynys Môn — north", "")


def decoded(tile: bytes) -> dict[str, Any]:
    return mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})


def features(tile: bytes, name: str = "cells") -> list[dict[str, Any]]:
    return decoded(tile)[name]["features"]


def raw_layer(tile: bytes) -> Any:
    message = vector_tile_pb2.tile()
    message.ParseFromString(tile)
    return message.layers[0]


def encoded(rings: np.ndarray, attributes: Mapping[str, Values] | None = None) -> bytes:
    return encode_polygons("cells", rings, np.arange(len(rings)), attributes or {})


def squares(count: int) -> np.ndarray:
    return SQUARE + 20 * np.arange(count)[:, None, None]


def read_attribute(values: Values) -> list[Any]:
    column = values.codes if isinstance(values, Coded) else values
    tile = encoded(squares(len(column)), {"it": values})
    return [feature["properties"].get("it") for feature in features(tile)]


def corners(feature: dict[str, Any]) -> list[tuple[int, int]]:
    """The corners of the one outer ring, from its least one on, which must be closed."""
    assert feature["geometry"]["type"] == "Polygon"
    (ring,) = feature["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    open_ring = [tuple(corner) for corner in ring[:-1]]
    start = open_ring.index(min(open_ring))
    return open_ring[start:] + open_ring[:start]


def doubled_area(ring: list[tuple[int, int]]) -> int:
    turned = ring[1:] + ring[:1]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, turned, strict=True))


def ring_of(x_units: np.ndarray, y_units: np.ndarray) -> np.ndarray:
    return np.stack((x_units, y_units), axis=-1)


def hexagons(cells: np.ndarray, across_flats_m: float = 1000) -> tuple[np.ndarray, np.ndarray]:
    """Web Mercator x and y of the six corners of cells of the grid, each an (n, 6) array."""
    coordinates = shapely.get_coordinates(HexGrid(across_flats_m).polygons(cells))
    x_m, y_m = metres_to_mercator(coordinates[:, 0], coordinates[:, 1])
    return x_m.reshape(-1, 7)[:, :6], y_m.reshape(-1, 7)[:, :6]


def block_of_cells(side: int) -> np.ndarray:
    q, r = np.meshgrid(np.arange(280, 280 + side), np.arange(350, 350 + side))
    return np.column_stack((q.ravel(), r.ravel()))


@st.composite
def convex_rings(draw: st.DrawFn) -> np.ndarray:
    """Rings of 3 to 6 corners on a circle, wound either way, none of them without area."""
    count, points = draw(st.integers(1, 12)), draw(st.integers(3, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    angles = (np.arange(points) + rng.uniform(0, 0.6, (count, points))) * (2 * math.pi / points)
    angles[rng.random(count) < 0.5] *= -1
    centres = rng.integers(-9000, 9000, (count, 1, 2))
    radius = draw(st.sampled_from([20, 300, 70_000]))
    circle = np.stack((np.cos(angles), np.sin(angles)), axis=2)
    return centres + np.rint(radius * circle).astype(np.int64)


@given(convex_rings())
def test_every_ring_comes_back_with_its_corners_wound_clockwise(rings: np.ndarray):
    read = features(encoded(rings))
    assert [feature["id"] for feature in read] == list(range(len(rings)))
    for feature, ring in zip(read, rings.tolist(), strict=True):
        back = corners(feature)
        given_ring = [tuple(corner) for corner in ring]
        if doubled_area(given_ring) < 0:
            given_ring.reverse()
        start = given_ring.index(min(given_ring))
        assert back == given_ring[start:] + given_ring[:start]
        assert doubled_area(back) > 0


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.int64, np.uint16])
def test_rings_of_any_whole_numbers_give_the_same_tile(dtype: type):
    assert encoded(squares(3).astype(dtype)) == encoded(squares(3))


def test_the_arrays_given_are_left_as_they_were():
    rings, ids = np.array([SQUARE[::-1], SQUARE * 0], dtype=np.int32), np.arange(2)
    counts, shares = np.array([3, -4]), np.array([0.5, np.nan])
    before = [array.copy() for array in (rings, ids, counts, shares)]
    encode_polygons("cells", rings, ids, {"count": counts, "share": shares})
    for array, copy in zip((rings, ids, counts, shares), before, strict=True):
        np.testing.assert_array_equal(array, copy)


@given(st.lists(st.integers(0, 2**53), min_size=1, max_size=30, unique=True))
def test_ids_come_back(ids: list[int]):
    tile = encode_polygons("cells", squares(len(ids)), np.array(ids, dtype=np.uint64), {})
    assert [feature["id"] for feature in features(tile)] == ids


def test_the_highest_id_of_64_bits_comes_back():
    tile = encode_polygons("cells", squares(1), np.array([2**64 - 1], dtype=np.uint64), {})
    assert features(tile)[0]["id"] == 2**64 - 1


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), min_size=1, max_size=40))
def test_whole_numbers_come_back(numbers: list[int]):
    assert read_attribute(np.array(numbers, dtype=np.int64)) == numbers


@given(st.lists(st.none() | st.floats(allow_nan=False) | st.sampled_from([0.5]), min_size=1))
def test_decimal_numbers_come_back_and_missing_ones_are_absent(numbers: list[float | None]):
    assert read_attribute(np.array(numbers, dtype=np.float64)) == numbers


@given(st.lists(st.booleans(), min_size=1))
def test_truth_values_come_back(truths: list[bool]):
    back = read_attribute(np.array(truths))
    assert back == truths
    assert {type(value) for value in back} == {bool}


@given(st.lists(st.integers(-1, len(WARDS) - 1), min_size=1))
def test_texts_come_back_and_those_without_are_absent(codes: list[int]):
    expected = [WARDS[code] if code >= 0 else None for code in codes]
    assert read_attribute(Coded(np.array(codes), WARDS)) == expected


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64, np.float32])
def test_narrow_and_unsigned_columns_come_back(dtype: type):
    assert read_attribute(np.array([7, 0, 100], dtype=dtype)) == [7, 0, 100]


@given(st.data(), st.integers(1, 30))
def test_columns_of_all_kinds_come_back_together(data: st.DataObject, count: int):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    codes = rng.integers(-1, 4, count)
    columns: dict[str, Values] = {
        "ward": Coded(codes, WARDS),
        "count": rng.integers(0, 40, count),
        "share": np.where(rng.random(count) < 0.2, np.nan, rng.random(count).round(1)),
        "change": rng.integers(-300, 300, count),
        "few": rng.random(count) < 0.5,
        "Größe": rng.integers(0, 2**40, count),
        "next": Coded(codes[::-1], tuple(reversed(WARDS))),
    }
    order = data.draw(st.permutations(list(columns)))
    tile = encoded(squares(count), {key: columns[key] for key in order})
    for place, feature in enumerate(features(tile)):
        expected = {}
        for key, values in columns.items():
            if isinstance(values, Coded):
                code = values.codes[place]
                expected |= {key: values.texts[code]} if code >= 0 else {}
            elif not np.isnan(values[place]):
                expected[key] = values[place].item()
        assert feature["properties"] == expected


def test_each_kind_of_value_leaves_in_its_own_field():
    columns: dict[str, Values] = {
        "count": np.array([3]),
        "change": np.array([-3]),
        "share": np.array([0.25]),
        "few": np.array([True]),
        "ward": Coded(np.array([1]), WARDS),
    }
    layer = raw_layer(encoded(squares(1), columns))
    tags = layer.features[0].tags
    fields = {
        layer.keys[key]: [(field.name, value) for field, value in layer.values[place].ListFields()]
        for key, place in zip(tags[::2], tags[1::2], strict=True)
    }
    assert fields == {
        "count": [("uint_value", 3)],
        "change": [("sint_value", -3)],
        "share": [("double_value", 0.25)],
        "few": [("bool_value", True)],
        "ward": [("string_value", WARDS[1])],
    }


def test_no_value_is_held_twice_nor_without_use():
    count = 50
    rng = np.random.default_rng(2)
    codes = rng.integers(-1, 2, count)
    columns: dict[str, Values] = {
        "count": rng.integers(0, 5, count),
        "other": rng.integers(3, 9, count),
        "share": np.array([0.5, np.nan] * 25),
        "lone": np.array([0.5, 1.5] * 25),
        "ward": Coded(codes, WARDS),
        "next": Coded(codes, WARDS[::-1]),
        "none": Coded(np.full(count, -1), ()),
        "gone": np.full(count, np.nan),
    }
    layer = raw_layer(encoded(squares(count), columns))
    held = [value.SerializeToString() for value in layer.values]
    assert len(set(held)) == len(held)
    used = {place for feature in layer.features for place in feature.tags[1::2]}
    assert used == set(range(len(held)))
    assert list(layer.keys) == list(columns)
    assert (layer.version, layer.name, layer.extent) == (2, "cells", EXTENT)


def test_features_without_attributes_have_no_tags():
    layer = raw_layer(encoded(squares(2)))
    assert [list(feature.tags) for feature in layer.features] == [[], []]
    assert not layer.keys
    assert not layer.values


def test_layers_are_put_end_to_end():
    tile = encoded(squares(3)) + encode_polygons(
        "größer", squares(2), np.array([5, 6]), {"count": np.array([1, 2])}, extent=512
    )
    read = decoded(tile)
    assert list(read) == ["cells", "größer"]
    assert [len(layer["features"]) for layer in read.values()] == [3, 2]
    assert [layer["extent"] for layer in read.values()] == [4096, 512]


def test_no_polygons_are_an_empty_tile():
    none = np.empty(0, dtype=np.int64)
    tile = encode_polygons(
        "cells", np.empty((0, 6, 2), dtype=np.int32), none, {"a": none, "b": Coded(none, WARDS)}
    )
    assert tile == b""
    assert decoded(tile) == {}


def test_the_same_polygons_give_the_same_bytes():
    def tile() -> bytes:
        rng = np.random.default_rng(9)
        columns: dict[str, Values] = {
            "count": rng.integers(0, 900, 400),
            "share": rng.random(400),
            "ward": Coded(rng.integers(-1, 4, 400), WARDS),
        }
        return encoded(squares(400), columns)

    assert tile() == tile()


@pytest.mark.parametrize(
    ("ring", "expected"),
    [
        ([[5, 5], [5, 5], [15, 5], [15, 15]], [(5, 5), (15, 5), (15, 15)]),
        ([[5, 5], [15, 5], [15, 5], [15, 15]], [(5, 5), (15, 5), (15, 15)]),
        ([[5, 5], [15, 5], [15, 15], [5, 5]], [(5, 5), (15, 5), (15, 15)]),
        ([[5, 5], [15, 15], [15, 5], [5, 5]], [(5, 5), (15, 5), (15, 15)]),
        ([[5, 5], [15, 5], [15, 15], [5, 5], [5, 5]], [(5, 5), (15, 5), (15, 15)]),
        ([[5, 5], [15, 5], [5, 15], [5, 15], [5, 5]], [(5, 5), (15, 5), (5, 15)]),
    ],
)
def test_corners_rounded_to_one_are_sent_once(
    ring: list[list[int]], expected: list[tuple[int, int]]
):
    other = [[0, 0], [10, 0], [10, 10], [0, 10], [-5, 5]][: len(ring)]
    read = features(encoded(np.array([ring, other])))
    assert corners(read[0]) == expected
    assert len(corners(read[1])) == len(ring)


@pytest.mark.parametrize(
    "ring", [[[7, 8]] * 6, [[7, 8], [9, 8]] * 3, [[7, 8], [8, 9], [9, 10], [9, 10], [8, 9], [7, 8]]]
)
def test_a_polygon_without_area_is_the_smallest_triangle(ring: list[list[int]]):
    whole = [[0, 0], [5, 0], [9, 4], [9, 9], [4, 9], [0, 5]]
    tile = encode_polygons(
        "cells", np.array([ring, whole]), np.array([3, 4]), {"count": np.array([12, 13])}
    )
    read = features(tile)
    assert corners(read[0]) == [(7, 8), (8, 8), (8, 9)]
    assert (read[0]["id"], read[0]["properties"]) == (3, {"count": 12})
    assert len(corners(read[1])) == 6


@pytest.mark.parametrize("zoom", range(15))
def test_hexagons_obey_the_format_at_every_zoom(zoom: int):
    x_m, y_m = hexagons(block_of_cells(12), across_flats_m=500)
    tile = next(covering((x_m.min(), y_m.max(), x_m.min(), y_m.max()), zoom))
    layer = raw_layer(encoded(ring_of(*tile.to_units(x_m, y_m))))
    assert len(layer.features) == 144
    for feature in layer.features:
        geometry = list(feature.geometry)
        lines = (geometry[3] - 2) // 8
        assert (geometry[0], geometry[3] % 8, geometry[-1]) == (9, 2, 15)
        assert lines >= 2
        assert len(geometry) == 5 + 2 * lines
        numbers = [word // 2 if word % 2 == 0 else -(word + 1) // 2 for word in geometry[4:-1]]
        steps = np.array(numbers).reshape(-1, 2)
        assert steps.any(axis=1).all()
        assert steps.sum(axis=0).any()
        ring = [(0, 0), *map(tuple, np.cumsum(steps, axis=0).tolist())]
        assert doubled_area(ring) > 0
        assert shapely.Polygon(ring).is_valid


@pytest.mark.parametrize("zoom", [8, 11, 14])
def test_neighbouring_hexagons_share_their_corners_in_the_tile(zoom: int):
    neighbours = np.array([[1, 0], [0, 1], [-1, 1], [-1, 0], [0, -1], [1, -1]])
    cells = np.array([283, 351]) + np.vstack(([[0, 0]], neighbours))
    x_m, y_m = hexagons(cells)
    tile = next(covering((x_m[0, 0], y_m[0, 0], x_m[0, 0], y_m[0, 0]), zoom))
    own, *others = [
        set(corners(feature)) for feature in features(encoded(ring_of(*tile.to_units(x_m, y_m))))
    ]
    assert len(own) == 6
    assert [len(own & other) for other in others] == [2] * 6


@pytest.mark.parametrize("zoom", [10, 11, 13])
def test_a_hexagon_is_the_same_in_every_tile_it_touches(zoom: int):
    x_m, y_m = hexagons(block_of_cells(20), across_flats_m=2000)
    seen: dict[int, set[tuple[tuple[int, int], ...]]] = {}
    times = 0
    for tile in covering((x_m.min(), y_m.min(), x_m.max(), y_m.max()), zoom):
        west, south, east, north = tile.bounds
        touches = (
            (x_m.max(axis=1) >= west)
            & (x_m.min(axis=1) <= east)
            & (y_m.max(axis=1) >= south)
            & (y_m.min(axis=1) <= north)
        )
        rings = ring_of(*tile.to_units(x_m[touches], y_m[touches]))
        ids = np.flatnonzero(touches)
        read = encode_polygons("cells", rings, ids, {"count": ids % 7})
        for feature in features(read) if read else []:
            whole = tuple((x + tile.x * EXTENT, y + tile.y * EXTENT) for x, y in corners(feature))
            seen.setdefault(feature["id"], set()).add(whole)
            assert feature["properties"] == {"count": feature["id"] % 7}
            times += 1
    assert len(seen) == 400
    assert times > len(seen)
    assert {len(places) for places in seen.values()} == {1}


def test_the_tile_of_the_peer_holds_the_same_features():
    x_m, y_m = hexagons(block_of_cells(8))
    tile = Tile(8, 126, 83)
    rings = ring_of(*tile.to_units(x_m, y_m))
    counts = np.arange(64) % 5
    ours = encode_polygons("cells", rings, np.arange(64), {"count": counts})
    polygons = [
        {"geometry": polygon, "id": place, "properties": {"count": int(counts[place])}}
        for place, polygon in enumerate(shapely.polygons(rings))
    ]
    theirs = mapbox_vector_tile.encode(
        [{"name": "cells", "features": polygons}], default_options={"y_coord_down": True}
    )
    for mine, other in zip(features(ours), features(theirs), strict=True):
        assert corners(mine) == corners(other)
        assert (mine["id"], mine["properties"]) == (other["id"], other["properties"])


@pytest.mark.parametrize(
    ("rings", "ids", "attributes", "message"),
    [
        (SQUARE, np.arange(1), {}, "Rings need"),
        (squares(1)[:, :2], np.arange(1), {}, "3 or more corners"),
        (squares(1) * 1.0, np.arange(1), {}, "float64"),
        (squares(1) + 2**28, np.arange(1), {}, "farther away"),
        (squares(2), np.arange(1), {}, "its id"),
        (squares(1), np.array([-1]), {}, "0 or more"),
        (squares(1), np.array([1.0]), {}, "whole number"),
        (squares(1), np.arange(1), {"a": np.arange(2)}, "one value for each of 1"),
        (squares(1), np.arange(1), {"a": np.array(["text"])}, "Give texts as Coded"),
        (squares(1), np.arange(1), {"a": np.array([2**63], dtype=np.uint64)}, "64 bits"),
        (squares(1), np.arange(1), {"a": Coded(np.array([1]), ("one",))}, "from -1 to 0"),
        (squares(1), np.arange(1), {"a": Coded(np.array([-2]), ("one",))}, "from -1 to 0"),
        (squares(1), np.arange(1), {"a": Coded(np.array([0.0]), ("one",))}, "whole numbers"),
    ],
)
def test_what_a_tile_cannot_hold_is_refused(
    rings: np.ndarray, ids: np.ndarray, attributes: dict[str, Values], message: str
):
    with pytest.raises(InvalidValue, match=message):
        encode_polygons("cells", rings, ids, attributes)


def test_a_tile_without_extent_is_refused():
    with pytest.raises(InvalidValue, match="1 unit or more"):
        encode_polygons("cells", squares(1), np.arange(1), {}, extent=0)
