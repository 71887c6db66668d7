"""Counts of crime months: beside a plain count of the points, one at a time and all together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.ground import Ground
from geo.crs import BRITISH_NATIONAL_GRID, to_degrees, to_metres
from geo.dates import DateInterval
from geo.grid import HexGrid
from layers.answer import answer
from layers.cell_tiles import CellTiles
from layers.crime import CELL_SIZES_M
from layers.crime_cells import crime_cells
from layers.crime_counts import MonthCounts, count_month, counts_frame
from layers.crime_intake import CRIME_TYPES
from layers.crime_store import MANIFEST, CrimePoints, CrimeStore
from layers.location import NO_AREA_NAME, OUTSIDE_NAME, UNLOCATED_NAME, no_npa_name, place
from layers.registry import REGISTRY
from tests.layers.desk import TODAY, Desk, shipped_ground

KEY = ["q", "r", "crime_type", "npa_code", "npa_name"]
SLUGS = [slug for slug, _ in CRIME_TYPES]
LABELS = {label: slug for slug, label in CRIME_TYPES}
HEAD = "Crime ID,Month,Longitude,Latitude,Crime type\n"
ASB = ",2022-01,-1.08,52.598,Anti-social behaviour\n"
DRUGS = ",2022-01,-1.13,52.63,Drugs\n"
ROBBERY = ",2022-01,-1.13,52.63,Robbery\n"
NOWHERE = ",2022-01,,,Burglary\n"


def counted_plainly(month: str, points: CrimePoints, grid: HexGrid, ground: Ground) -> Counter:
    """Each record placed, named and put in its cell by the frame-wise functions, then grouped."""
    easting_m, northing_m = points.easting_m, points.northing_m
    frame = gpd.GeoDataFrame(
        {"crime_type": points.crime_type.astype(object)},
        geometry=gpd.points_from_xy(easting_m, northing_m),
        crs=BRITISH_NATIONAL_GRID,
    )
    days = pd.Series(pd.Timestamp(f"{month}-01"), index=frame.index)
    table = pd.DataFrame(place(frame, easting_m, northing_m, days, ground)).drop(columns="geometry")
    here = np.isfinite(easting_m)
    cells = np.zeros((len(frame), 2), dtype=int)
    cells[here] = grid.locate(easting_m[here], northing_m[here])
    table[["q", "r"]] = cells
    return Counter(table.groupby(KEY).size().to_dict())


def as_counter(counts: MonthCounts, ground: Ground) -> Counter:
    frame = counts_frame([counts], ground)
    assert not frame.duplicated(KEY).any()
    assert (frame["records"] > 0).all()
    return Counter(frame.set_index(KEY)["records"].to_dict())


def points_of(easting_m: list[float], northing_m: list[float], kinds: list[str]) -> CrimePoints:
    return CrimePoints(np.array(easting_m), np.array(northing_m), pd.Categorical(kinds))


def awkward_points(seed: int, ground: Ground) -> CrimePoints:
    """Points inside, outside, nowhere, twice, and on the edges of cells and of areas."""
    rng = np.random.default_rng(seed)
    west, south, east, north = ground.npas.frame.total_bounds
    corners = shapely.get_coordinates(ground.npas.frame.geometry.to_numpy())
    on_npas = rng.choice(corners, 60)
    cells = [HexGrid(width).polygons(HexGrid(width).locate(*on_npas.T)) for width in CELL_SIZES_M]
    rings = shapely.get_coordinates(np.concatenate(cells)).reshape(-1, 7, 2)
    middles = (rings[:, 1:] + rings[:, :-1]) / 2
    anywhere = rng.uniform((west - 9_000, south - 9_000), (east + 9_000, north + 9_000), (300, 2))
    nowhere = np.full((25, 2), np.nan)
    places = np.concatenate(
        [on_npas, rings.reshape(-1, 2), middles.reshape(-1, 2), anywhere, anywhere[:99], nowhere]
    )
    kinds = rng.choice(SLUGS, len(places))
    return CrimePoints(places[:, 0].copy(), places[:, 1].copy(), pd.Categorical(kinds))


@pytest.mark.parametrize("month", ["2019-12", "2020-03", "2020-04", "2022-10"])
@pytest.mark.parametrize("width_m", CELL_SIZES_M)
def test_awkward_points_are_counted_as_a_plain_count_has_them(width_m: int, month: str):
    ground, grid = shipped_ground(), HexGrid(width_m)
    points = awkward_points(width_m, ground)
    counts = count_month(month, points, grid, ground)
    assert counts.month == month
    assert counts.records.sum() == len(points.easting_m)
    found = as_counter(counts, ground)
    assert found == counted_plainly(month, points, grid, ground)
    named = {key[-1] for key in found}
    assert {OUTSIDE_NAME, UNLOCATED_NAME} <= named
    with_npas = month >= "2020-04"
    assert (no_npa_name(ground) in named) is not with_npas
    assert (len({key[3] for key in found}) == 10) is with_npas
    assert NO_AREA_NAME not in named


def test_each_point_alone_falls_where_it_falls_among_all():
    ground, grid = shipped_ground(), HexGrid(1000)
    points = awkward_points(11, ground)
    chosen = np.random.default_rng(5).choice(len(points.easting_m), 60, replace=False)
    one_by_one: Counter = Counter()
    for n in chosen:
        alone = CrimePoints(
            points.easting_m[[n]], points.northing_m[[n]], points.crime_type.take([n])
        )
        one_by_one += as_counter(count_month("2022-10", alone, grid, ground), ground)
    some = CrimePoints(
        points.easting_m[chosen], points.northing_m[chosen], points.crime_type.take(chosen)
    )
    assert as_counter(count_month("2022-10", some, grid, ground), ground) == one_by_one


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(420_000, 510_000) | st.sampled_from([458_000.0, 458_500.0]),
            st.floats(270_000, 350_000) | st.just(304_000.0),
            st.sampled_from(SLUGS),
        ),
        max_size=40,
    ),
    st.sampled_from(CELL_SIZES_M),
)
def test_counts_do_not_depend_on_the_order_of_records(
    records: list[tuple[float, float, str]], width_m: int
):
    ground, grid = shipped_ground(), HexGrid(width_m)
    unordered = [points_of(*map(list, zip(*part, strict=True))) for part in (
        records, records[::-1]) if part]  # fmt: skip
    found = [count_month("2022-10", points, grid, ground) for points in unordered]
    for counts in found:
        assert counts.records.sum() == len(records)
        for name in ("q", "r", "kind", "place", "records"):
            np.testing.assert_array_equal(getattr(counts, name), getattr(found[0], name))


def test_no_month_and_no_record_make_an_empty_frame_of_the_same_columns():
    ground = shipped_ground()
    none = count_month("2022-10", points_of([], [], []), HexGrid(1000), ground)
    for months in ([], [none]):
        frame = counts_frame(months, ground)
        assert frame.empty
        assert list(frame) == ["q", "r", "crime_type", "npa_code", "npa_name", "records",
                               "date_from", "date_to"]  # fmt: skip
        cells = crime_cells(frame.assign(in_period="in"), HexGrid(1000), monthly=False).frame()
        assert cells.empty


def test_months_put_together_keep_their_dates_and_their_sums():
    ground, grid = shipped_ground(), HexGrid(2000)
    months = ("2020-02", "2021-02", "2022-12")
    counted = [
        count_month(month, awkward_points(seed, ground), grid, ground)
        for seed, month in enumerate(months)
    ]
    frame = counts_frame(counted, ground)
    for month, counts in zip(months, counted, strict=True):
        days = DateInterval.parse(month)
        part = frame[frame["date_from"] == pd.Timestamp(days.date_from)]
        assert set(part["date_to"]) == {pd.Timestamp(days.date_to)}
        assert part["records"].sum() == counts.records.sum()
        whole = counts_frame([counts], ground)
        pd.testing.assert_frame_equal(part.reset_index(drop=True), whole, check_categorical=False)


def test_of_equally_many_the_first_in_the_alphabet_names_the_cell(desk: Desk):
    desk.take("crime", "a.csv", HEAD + ROBBERY * 2 + DRUGS * 2 + NOWHERE * 9)
    (cell,) = desk.view("crime").records.itertuples()
    assert (cell.records, cell.most_common) == (4, "Drugs")
    desk.take("crime", "a.csv", HEAD + ROBBERY * 3 + DRUGS * 2)
    (cell,) = desk.view("crime").records.itertuples()
    assert (cell.records, cell.most_common) == (5, "Robbery")


def test_a_cell_on_an_edge_has_the_area_of_most_of_its_records():
    ground, grid = shipped_ground(), HexGrid(2000)
    border = shapely.get_coordinates(ground.npas.frame.geometry.to_numpy())
    cells = np.unique(grid.locate(*border.T), axis=0)
    centres = grid.centres(cells)
    around = np.array([(dx, dy) for dx in (-700, 0, 700) for dy in (-700, 0, 700)])
    easting_m, northing_m = (centres[:, None] + around).reshape(-1, 2).T
    points = CrimePoints(easting_m, northing_m, pd.Categorical(["drugs"] * len(easting_m)))
    frame = counts_frame([count_month("2022-10", points, grid, ground)], ground)
    inside = frame[frame["npa_code"] != ""].assign(in_period="in")
    shown = crime_cells(inside, grid, monthly=False).frame().set_index("cell_id")["npa_code"]
    codes = ground.npa_at(easting_m, northing_m, np.datetime64("2022-10-01"))
    names = grid.cell_ids(grid.locate(easting_m, northing_m))
    for name, held in pd.Series(codes).groupby(names):
        votes = Counter(code for code in held if code)
        if votes:
            most = max(votes.values())
            assert shown[name] == min(code for code, count in votes.items() if count == most)


@pytest.fixture
def written_both_ways(desk: Desk) -> tuple[Desk, CrimeStore]:
    """A desk, and a store of the same months as version 0.1 wrote them."""
    rows = [
        f",2022-0{1 + n % 2},{-1.6 + n * 0.004:.4f},{52.4 + n * 0.003:.4f},Drugs\n"
        for n in range(120)
    ]
    desk.take("crime", "a.csv", HEAD + "".join(rows) + ASB * 7 + NOWHERE * 5)
    folder = desk.workspace.path / "old"
    folder.mkdir()
    names = orjson.loads((desk.workspace.path / "crime" / MANIFEST).read_bytes())
    for month, name in names.items():
        frame = desk.workspace.crime.read(month)
        frame.to_parquet(folder / name, index=False, geometry_encoding="WKB")
    (folder / MANIFEST).write_bytes(orjson.dumps(names))
    return desk, CrimeStore(folder)


def test_a_partition_of_version_0_1_gives_the_same_points_and_counts(written_both_ways):
    desk, old = written_both_ways
    for month in desk.workspace.crime.months():
        new = desk.workspace.crime.points(month)
        was = old.points(month)
        held = desk.workspace.crime.read(month)
        for points in (new, was):
            np.testing.assert_array_equal(points.easting_m, held.geometry.x.to_numpy())
            np.testing.assert_array_equal(points.northing_m, held.geometry.y.to_numpy())
            assert list(points.crime_type) == list(held["crime_type"])
        for width_m in CELL_SIZES_M:
            grid, ground = HexGrid(width_m), shipped_ground()
            assert as_counter(count_month(month, was, grid, ground), ground) == as_counter(
                count_month(month, new, grid, ground), ground
            )
    assert np.isnan(old.points("2022-01").easting_m).sum() == 5


def test_a_month_without_a_single_place_is_counted_and_draws_nothing(desk: Desk):
    desk.take("crime", "a.csv", HEAD + NOWHERE * 3 + ",2022-01,,,Anti-social behaviour\n")
    points = desk.workspace.crime.points("2022-01")
    assert np.isnan(points.easting_m).all()
    assert np.isnan(points.northing_m).all()
    view = desk.view("crime")
    counts = view.counts
    assert (counts.surely, counts.unlocated, counts.outside, len(view.records)) == (4, 4, 0, 0)
    assert "4 of these have no location and cannot be mapped." in view.caption
    assert dict(view.tables[0].rows) == {
        "Burglary": "3", "All crimes": "3", "Anti-social behaviour (not crimes)": "1"
    }  # fmt: skip
    assert desk.by_npa(view) == {**dict.fromkeys(shipped_ground().npa_codes, 0), UNLOCATED_NAME: 4}
    assert len(CellTiles.of(view).x_m) == 0


def test_a_cell_on_the_edge_of_the_force_holds_what_the_map_says(desk: Desk):
    ground, grid = shipped_ground(), HexGrid(1000)
    border = shapely.union_all(ground.districts.frame.geometry.to_numpy()).exterior
    for metre in range(0, 40_000, 150):
        at = border.interpolate(metre)
        cell = grid.polygons(grid.locate([at.x], [at.y]))[0]
        spots = shapely.points(cell.centroid.x + np.array([-300, 0, 300]), cell.centroid.y)
        inside = ground.district_at(shapely.get_x(spots), shapely.get_y(spots)) != ""
        if 0 < inside.sum() < 3:
            break
    longitude, latitude = to_degrees(shapely.get_x(spots), shapely.get_y(spots))
    rows = [f",2022-01,{x:.6f},{y:.6f},Drugs\n" for x, y in zip(longitude, latitude, strict=True)]
    desk.take("crime", "a.csv", HEAD + "".join(rows * 2))
    whole = desk.view("crime")
    (shown,) = whole.records.itertuples()
    assert (whole.counts.surely, whole.counts.outside) == (6, 6 - shown.records)
    layer = REGISTRY.get("crime")
    query = replace(whole.query, cell=str(grid.cell_ids(grid.locate(*cell.centroid.xy))[0]))
    view = answer(layer, desk.workspace, query, TODAY)
    assert view.records["records"].tolist() == [shown.records] == [2 * inside.sum()]
    assert view.counts.matched == shown.records
    assert dict(view.tables[0].rows)["Drugs"] == str(shown.records)
    assert sum(month.surely for month in view.by_month) == shown.records


@pytest.mark.real_data
def test_real_months_are_counted_as_a_plain_count_has_them(shared_data: Path):
    ground, grid = shipped_ground(), HexGrid(1000)
    files = sorted((shared_data / "crime").glob("*-street.csv.gz"))
    assert len(files) > 30
    for file in files[::4]:
        rows = pd.read_csv(file, usecols=["Longitude", "Latitude", "Crime type"])
        easting_m, northing_m = to_metres(rows["Longitude"], rows["Latitude"])
        easting_m = np.where(rows["Longitude"].isna(), np.nan, easting_m)
        kinds = pd.Categorical(rows["Crime type"].map(LABELS))
        points = CrimePoints(easting_m, northing_m, kinds)
        month = file.name[:7]
        counts = count_month(month, points, grid, ground)
        assert counts.records.sum() == len(rows), month
        found = as_counter(counts, ground)
        assert found == counted_plainly(month, points, grid, ground), month


@pytest.mark.real_data
@pytest.mark.parametrize("width_m", CELL_SIZES_M)
def test_views_of_real_months_hold_what_the_points_hold(real: Desk, width_m: int):
    ground, grid = real.workspace.ground, HexGrid(width_m)
    plain: Counter = Counter()
    for month in real.workspace.crime.months():
        plain += counted_plainly(month, real.workspace.crime.points(month), grid, ground)
    assert sum(plain.values()) == sum(real.workspace.crime.rows().values())
    view = real.view("crime", from_="2020-02", to="2022-10", cell_m=str(width_m))
    assert view.counts.surely == sum(plain.values())
    by_cell: Counter = Counter()
    for (q, r, *_, name), records in plain.items():
        if name not in (OUTSIDE_NAME, UNLOCATED_NAME):
            by_cell[f"h{width_m}_q{q}_r{r}"] += records
    assert view.records.set_index("cell_id")["records"].to_dict() == dict(by_cell)
