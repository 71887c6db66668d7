"""Files of roads: what is taken and at what speed, and a kill leaves the old state or the new."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries.errors import UnreadableGround, UnreadableRoads
from boundaries.road_files import Provenance, RoadsRead, read_roads
from boundaries.road_lines import split_where_shared
from boundaries.roads import (
    load_roads,
    roads_account,
    roads_faults,
    roads_stamp,
    save_roads,
)
from geo.crs import to_metres
from geo.network import RoadNetwork
from tests.boundaries.osm_pbf import write_pbf
from tests.layers.desk import shipped_ground

AT = datetime(2026, 1, 2, 9, 30)
CROSSROADS = Path(__file__).resolve().parents[1] / "data" / "crossroads.osm"
EAST, NORTH = 458_000.0, 304_000.0
GROUND = shipped_ground()
OURS = Provenance(attribution=("Made by us",))


def metres(longitude: float, latitude: float) -> np.ndarray:
    return np.column_stack(to_metres([longitude], [latitude]))


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in points])


def open_roads(folder: Path, rows: list[tuple[str, str, shapely.LineString]]) -> Path:
    """A GeoPackage laid out as OS Open Roads."""
    path = folder / "oproad_gb_2025.gpkg"
    frame = gpd.GeoDataFrame(
        {
            "road_function": [function for function, _, _ in rows],
            "form_of_way": [form for _, form, _ in rows],
            "length": [round(way.length) for *_, way in rows],
        },
        geometry=[way for *_, way in rows],
        crs="EPSG:27700",
    )
    nodes = gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(0, 0)], crs="EPSG:27700")
    nodes.to_file(path, layer="road_node")
    frame.to_file(path, layer="road_link")
    return path


def lines_file(folder: Path, name: str = "ours.geojson", **columns: list[float]) -> Path:
    path = folder / name
    number = len(next(iter(columns.values())))
    ways = [line((1000 * at, 0), (1000 * at + 1000, 0)) for at in range(number)]
    frame = gpd.GeoDataFrame(columns, geometry=ways, crs="EPSG:27700")
    frame.to_file(path, driver="GPKG" if name.endswith("gpkg") else "GeoJSON")
    return path


@pytest.fixture
def crossroads() -> RoadsRead:
    return read_roads(CROSSROADS, GROUND.districts)


def test_an_extract_of_openstreetmap_is_cut_where_ways_share_a_point(
    crossroads: RoadsRead,
) -> None:
    report, frame = crossroads.report, crossroads.frame
    assert report.source == "openstreetmap"
    assert (report.not_driven, report.apart, report.taken, report.oneway) == (2, 1, 4, 2)
    assert sorted(frame["speed_kmh"]) == pytest.approx([16.09344, 16.09344, 50, 50])
    assert frame["oneway"][frame["speed_kmh"] < 20].tolist() == [1, 1]
    assert report.attribution == ("© OpenStreetMap contributors, openstreetmap.org/copyright",)
    assert "ODbL" in report.licence
    assert report.file_digest == hashlib.sha256(CROSSROADS.read_bytes()).hexdigest()
    assert "Show with the maps: © OpenStreetMap contributors" in report.as_text()


def test_an_extract_in_pbf_is_the_same_roads(tmp_path: Path, crossroads: RoadsRead) -> None:
    read = read_roads(write_pbf(CROSSROADS, tmp_path / "our-2026.osm.pbf"), GROUND.districts)
    pd.testing.assert_frame_equal(
        read.frame.drop(columns="geometry"), crossroads.frame.drop(columns="geometry")
    )
    assert shapely.equals_exact(read.frame.geometry, crossroads.frame.geometry, 0.01).all()
    assert (read.report.vintage, read.report.lines) == ("2026", crossroads.report.lines)


def test_ways_over_the_crossroads_are_those_worked_out_by_hand(crossroads: RoadsRead) -> None:
    west, middle, north = metres(-1.15, 52.63), metres(-1.13, 52.63), metres(-1.13, 52.64)
    along, up = (float(np.hypot(*(one - middle)[0])) for one in (west, north))
    network = RoadNetwork(crossroads.frame, "speed_kmh", "oneway")
    assert network.costs(west, north).values[0, 0] == pytest.approx(along + up, abs=0.01)
    minutes = network.costs(west, north, "minutes").values[0, 0]
    assert minutes == pytest.approx(60 * (along / 50_000 + up / 16_093.44), abs=0.001)
    assert np.isinf(network.costs(north, west).values[0, 0]), "the road north is one-way"


def test_os_open_roads_is_read_by_its_layer_with_speeds_by_function_and_form(
    tmp_path: Path,
) -> None:
    at = (0, 1000, 2000, 3000, 4000, 5000)
    kinds = [
        ("A Road", "Single Carriageway", 50.0),
        ("A Road", "Collapsed Dual Carriageway", 70.0),
        ("Minor Road", "Roundabout", 30.0),
        ("Local Road", "Single Carriageway", 30.0),
        ("Of another list", "Single Carriageway", 25.0),
    ]
    rows = [
        (function, form, line((start, 0), (start + 1000, 0)))
        for (function, form, _), start in zip(kinds, at, strict=False)
    ]
    busway = ("Local Road", "Guided Busway", line((0, 500), (900, 500)))
    far = ("A Road", "Single Carriageway", shapely.LineString([(530_000, 180_000), (0, 0)]))
    read = read_roads(open_roads(tmp_path, [*rows, busway, far]), GROUND.districts)
    assert read.frame["speed_kmh"].tolist() == [speed for *_, speed in kinds]
    assert read.frame["oneway"].tolist() == [0] * 5
    report = read.report
    assert (report.source, report.vintage) == ("os-open-roads", "2025")
    assert (report.lines - report.outside, report.not_driven, report.taken) == (6, 1, 5)
    assert report.length_km == 5.0
    assert report.attribution == ("Contains OS data © Crown copyright and database right 2025",)


def test_lines_of_ones_own_need_speeds_and_who_made_them(tmp_path: Path) -> None:
    path = lines_file(tmp_path, "ours.gpkg", speed_kmh=[30, 0, 40], oneway=[1, 0, 0])
    with pytest.raises(UnreadableRoads, match="must be said with the maps"):
        read_roads(path, GROUND.districts)
    read = read_roads(path, GROUND.districts, said=OURS)
    assert (read.report.not_driven, read.report.apart, read.report.taken) == (1, 1, 1)
    assert read.report.attribution == ("Made by us",)


def test_lines_share_every_point_where_they_are_cut() -> None:
    cross = [line((0, 0), (1, 0), (2, 0)), line((1, -1), (1, 0), (1, 1)), line((0, 5), (2, 5))]
    cut, of = split_where_shared(np.array(cross, dtype=object))
    assert of.tolist() == [0, 0, 1, 1, 2]
    assert [way.length for way in cut] == [1, 1, 1, 1, 2]
    ring = np.array([line((0, 0), (4, 0), (4, 3), (0, 0), (0, 9))], dtype=object)
    assert [way.length for way in split_where_shared(ring)[0]] == [12, 9]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("roads.gpkg", b"no GeoPackage", "cannot be read"),
        ("roads.osm.pbf", b"", "cannot be read"),
        ("missing.gpkg", None, "cannot be read"),
    ],
)
def test_a_bad_file_gets_a_sentence(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableRoads, match=said):
        read_roads(path, GROUND.districts)


def test_roads_that_cannot_be_used_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRoads, match="A column speed_kmh is needed"):
        read_roads(lines_file(tmp_path, "a.gpkg", limit=[30]), GROUND.districts, said=OURS)
    path = lines_file(tmp_path, "b.gpkg", speed_kmh=[30], oneway=[2])
    with pytest.raises(UnreadableRoads, match="oneway must be 1"):
        read_roads(path, GROUND.districts, said=OURS)
    far = shapely.LineString([(530_000, 180_000), (0, 0)])
    path = open_roads(tmp_path, [("A Road", "Single Carriageway", far)])
    with pytest.raises(UnreadableRoads, match="none is one"):
        read_roads(path, GROUND.districts)
    with pytest.raises(UnreadableRoads, match="A layer of lines is needed"):
        read_roads(tmp_path / "a.gpkg", GROUND.districts, "openstreetmap")
    points = gpd.GeoDataFrame(
        {"speed_kmh": [30.0]}, geometry=[shapely.Point(EAST, NORTH)], crs="EPSG:27700"
    )
    points.to_file(tmp_path / "points.gpkg")
    with pytest.raises(UnreadableRoads, match="other shapes"):
        read_roads(tmp_path / "points.gpkg", GROUND.districts, said=OURS)


def test_what_is_kept_is_what_was_read(tmp_path: Path, crossroads: RoadsRead) -> None:
    assert (roads_stamp(tmp_path), load_roads(tmp_path), roads_account(tmp_path)) == (
        "",
        None,
        None,
    )
    save_roads(tmp_path, crossroads, AT)
    loaded = load_roads(tmp_path)
    assert loaded is not None
    assert loaded.equals(crossroads.frame)
    assert roads_account(tmp_path) == crossroads.report
    assert roads_faults(tmp_path) == []
    next((tmp_path / "boundaries" / "roads").glob("*.parquet")).unlink()
    assert "patchmap boundaries add roads" in roads_faults(tmp_path)[0]
    with pytest.raises(UnreadableGround):
        load_roads(tmp_path)


@pytest.mark.parametrize("at", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("step", [1, 2])
def test_a_process_killed_while_saving_leaves_the_old_roads(
    tmp_path: Path,
    crossroads: RoadsRead,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
    step: int,
) -> None:
    save_roads(tmp_path, crossroads, AT)
    faster = crossroads.frame.assign(speed_kmh=99.0)
    other = replace(crossroads, frame=faster)
    calls = []

    def killed(*arguments: object, **options: object) -> object:
        calls.append(arguments)
        if len(calls) == step:
            raise KeyboardInterrupt
        return whole(*arguments, **options)

    with monkeypatch.context() as patched:
        name = at.rpartition(".")[2]
        owner = Path if at.startswith("pathlib") else os
        whole = getattr(owner, name)
        patched.setattr(owner, name, killed)
        with pytest.raises(KeyboardInterrupt):
            save_roads(tmp_path, other, AT)
    loaded = load_roads(tmp_path)
    assert loaded is not None
    assert loaded.equals(crossroads.frame)
    assert roads_faults(tmp_path) == []
    save_roads(tmp_path, other, AT)
    again = load_roads(tmp_path)
    assert again is not None
    assert set(again["speed_kmh"]) == {99.0}
