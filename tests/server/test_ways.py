"""Ways along roads and by a table of minutes: added by command, told alike by page and API."""

from __future__ import annotations

import math
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient

from boundaries.ground import load_ground
from boundaries.small_areas import small_areas
from geo.crs import to_metres
from layers.registry import REGISTRY
from layers.workspace import Workspace
from server import cli
from tests.server.conftest import AsStaff, MakeApp, ReadPage

API = "/api/estate/coverage"
ASKED = "as_of=2024-06-30&distance_m=5000&distance_m=20000&minutes=30&minutes=120"
ROAD_NORTH_M = 304_000.0
ROAD_KMH = 60.0
WALK_KMH = 4.8
RESIDENTS = 1_122_017

Run = Callable[..., tuple[int, str, str]]
AREAS = small_areas(load_ground(None))


@pytest.fixture
def folder(demo_path: Path, tmp_path: Path) -> Path:
    """A workspace of its own that holds the demonstration pack."""
    return shutil.copytree(demo_path, tmp_path / "workspace")


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``patchmap boundaries add`` on the workspace; answers code, stdout and stderr."""

    def running(*arguments: object) -> tuple[int, str, str]:
        command = ["patchmap", "boundaries", "add", *map(str, arguments)]
        monkeypatch.setattr(sys, "argv", [*command, "--workspace", str(folder)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return running


@pytest.fixture
def staff(folder: Path, make_app: MakeApp, as_staff: AsStaff) -> Iterator[FlaskClient]:
    workspace = Workspace.open(folder, REGISTRY.schemas)
    yield as_staff(make_app(workspace))
    workspace.close()


@pytest.fixture
def road(tmp_path: Path) -> Path:
    """One straight road from west to east through the whole force area."""
    path = tmp_path / "road.gpkg"
    way = shapely.LineString([(420_000, ROAD_NORTH_M), (510_000, ROAD_NORTH_M)])
    frame = gpd.GeoDataFrame({"speed_kmh": [ROAD_KMH]}, geometry=[way], crs="EPSG:27700")
    frame.to_file(path)
    return path


def add_road(run: Run, road: Path) -> None:
    code, out, err = run("roads", road, "--attribution", "Made by us", "--vintage", "2026")
    assert (code, err) == (0, "")
    assert "1 roads taken, 90 km" in out
    assert "Show with the maps: Made by us" in out


def sure_sites(client: FlaskClient, query: str) -> list[tuple[str, float, float]]:
    found = client.get(f"{API}/sites.geojson?{query}").get_json()["features"]
    sites = []
    for feature in found:
        if feature["properties"]["gives"] == "yes":
            (east,), (north,) = to_metres(*([x] for x in feature["geometry"]["coordinates"]))
            sites.append((feature["properties"]["site_id"], float(east), float(north)))
    return sites


def small_area_rows(client: FlaskClient, query: str) -> dict[str, dict[str, Any]]:
    found = client.get(f"{API}.geojson?{query}").get_json()["features"]
    return {item["properties"]["lsoa_code"]: item["properties"] for item in found}


def along_the_road(east: float, north: float, site: tuple[str, float, float]) -> tuple[float, ...]:
    """By hand: straight to the road, along it, and straight from it; metres and minutes."""
    _, site_east, site_north = site
    beside = abs(north - ROAD_NORTH_M) + abs(site_north - ROAD_NORTH_M)
    along = abs(east - site_east)
    return along + beside, 60 * (along / (1000 * ROAD_KMH) + beside / (1000 * WALK_KMH))


def test_ways_along_one_road_are_those_worked_out_by_hand(
    run: Run, road: Path, staff: FlaskClient
) -> None:
    add_road(run, road)
    query = f"{ASKED}&by=roads"
    sites, rows = sure_sites(staff, query), small_area_rows(staff, query)
    assert len(sites) > 1
    within = {5000: 0, 20_000: 0}
    for code, (east, north), residents in zip(
        AREAS.codes, AREAS.points_m, AREAS.residents.tolist(), strict=True
    ):
        ways = [along_the_road(east, north, site) for site in sites]
        metres, minutes = min(way[0] for way in ways), min(way[1] for way in ways)
        assert rows[code]["distance_m"] == pytest.approx(math.ceil(metres), abs=1)
        assert rows[code]["minutes"] == pytest.approx(minutes, abs=0.11)
        for threshold in within:
            within[threshold] += residents if metres <= threshold else 0
    answer = staff.get(f"{API}?{query}").get_json()
    assert [count["within"] for count in answer["total"]["distances"]] == list(within.values())
    assert all(
        count["within"] + count["outside"] == RESIDENTS for count in answer["total"]["distances"]
    )
    assert 0 < within[5000] < within[20_000] < RESIDENTS
    assert "shortest way along roads (a file of road lines 2026)" in answer["caption"][-1]
    assert "minutes of the quickest way at the speeds of its roads" in answer["caption"][-1]


def test_page_map_and_picture_leave_the_discs_out_and_show_who_made_the_roads(
    run: Run, road: Path, staff: FlaskClient, read_page: ReadPage
) -> None:
    before = staff.get(f"/estate/coverage?{ASKED}").text
    assert 'name="by"' not in before
    assert "Made by us" not in before
    add_road(run, road)
    text = staff.get(f"/estate/coverage?{ASKED}&by=roads").text
    assert read_page(text).captions[0] == staff.get(f"{API}?{ASKED}&by=roads").get_json()["caption"]
    assert "Made by us" in text
    assert 'name="by"' in text
    script = staff.get(f"/estate/coverage/map.js?{ASKED}&by=roads").text
    assert "bands.geojson" not in script
    assert "bands.geojson" in staff.get(f"/estate/coverage/map.js?{ASKED}").text
    refused = staff.get(f"{API}/bands.geojson?{ASKED}&by=roads")
    assert refused.status_code == 400
    assert "Ask by straight" in refused.get_json()["detail"]
    picture = staff.get(f"/estate/coverage/picture.svg?{ASKED}&by=roads")
    assert (picture.status_code, "Made by us" in picture.text) == (200, True)


def test_what_is_not_held_is_refused_with_how_to_add_it(staff: FlaskClient) -> None:
    for by, named in (("roads", "roads"), ("table", "travel-times")):
        answer = staff.get(f"{API}?{ASKED}&by={by}")
        assert answer.status_code == 400
        assert f"patchmap boundaries add {named} FILE" in answer.get_json()["detail"]
    answer = staff.get(f"{API}?by=crow")
    assert answer.status_code == 400
    assert "straight, roads, table" in answer.get_json()["detail"]


def test_roads_that_are_damaged_are_refused_and_straight_lines_go_on(
    run: Run, road: Path, folder: Path, staff: FlaskClient
) -> None:
    add_road(run, road)
    next((folder / "boundaries" / "roads").glob("*.parquet")).unlink()
    answer = staff.get(f"{API}?{ASKED}&by=roads")
    assert answer.status_code == 400
    assert "cannot be read" in answer.get_json()["detail"]
    assert staff.get(f"{API}?{ASKED}").status_code == 200


def test_a_scenario_and_siting_go_along_roads(run: Run, road: Path, staff: FlaskClient) -> None:
    add_road(run, road)
    query = f"{ASKED}&by=roads"
    (site, east, north), *others = sure_sites(staff, query)
    answer = staff.get(f"/api/estate/what-if.csv?{query}&closes={site}")
    assert answer.status_code == 200
    moved = list(answer.text.splitlines())
    expected = 0
    for point in AREAS.points_m:
        before, after = (
            min(along_the_road(*point, each)[0] for each in sites)
            for sites in ([(site, east, north), *others], others)
        )
        expected += after > before + 0.01
    assert len(moved) - 1 == expected > 0
    page = staff.get(f"/estate/what-if?{query}&closes={site}")
    assert page.status_code == 200
    assert "coverage_bands" not in staff.get(f"/estate/what-if/map.js?{query}").text
    bands = staff.get(f"/api/estate/what-if/bands.geojson?{query}")
    assert bands.status_code == 400
    best = staff.get("/api/estate/siting?as_of=2024-06-30&p=1&by=roads").get_json()
    assert "shortest way along roads" in " ".join(best["caption"])


def test_the_nearest_base_is_by_straight_lines_and_says_so_where_roads_are_held(
    run: Run, road: Path, staff: FlaskClient, read_page: ReadPage
) -> None:
    query = "/estate/nearest?place=Syston"
    before = staff.get(f"/api{query}").get_json()
    add_road(run, road)
    after = staff.get(f"/api{query}").get_json()
    assert after == before
    assert "from straight lines, made 1.3 times as long" in after["caption"][-1]
    assert "not measured along roads" in after["caption"][-1]
    assert read_page(staff.get(query).text).captions[0] == after["caption"]
    for base in after["bases"]:
        assert base["way_m"] == pytest.approx(1.3 * base["straight_m"], abs=1)


def table_of(folder: Path, rows: list[str]) -> Path:
    path = folder / "minutes.csv"
    path.write_text("\n".join(["lsoa_code,site_id,minutes", *rows]) + "\n", encoding="utf-8")
    return path


def test_minutes_of_a_table_come_back_and_what_it_lacks_is_said(
    run: Run, tmp_path: Path, staff: FlaskClient, read_page: ReadPage
) -> None:
    (first, *_), (second, *_) = sure_sites(staff, ASKED)[:2]
    half = len(AREAS.codes) // 2
    near, far = AREAS.codes[:half], AREAS.codes[half:-1]
    rows = [
        *(f"{code},{first},25" for code in near),
        *(f"{code},{second},40" for code in near),
        *(f"{code},{second},90.5" for code in far),
        "E99999999,north,5",
    ]
    code, out, err = run(
        "travel-times", table_of(tmp_path, rows), "--source", "Valhalla", "--attribution", "© us"
    )
    assert (code, err) == (1, "")
    assert f"row {len(rows) + 1}: the code is of no small area" in out
    query = f"{ASKED}&by=table"
    answer = staff.get(f"{API}?{query}").get_json()
    counts = [int(AREAS.residents[:half].sum()), int(AREAS.residents[:-1].sum())]
    assert [count["within"] for count in answer["total"]["minutes"]] == counts
    rows_by_code = small_area_rows(staff, query)
    assert {rows_by_code[code]["minutes"] for code in near} == {25}
    assert {rows_by_code[code]["minutes"] for code in far} == {90.5}
    assert rows_by_code[AREAS.codes[-1]]["minutes"] is None
    caption = " ".join(answer["caption"])
    assert f"From {AREAS.residents[-1]:,} residents no way" in caption
    assert "minutes from a table (Valhalla), which knows no way to " in caption
    assert f"{counts[0]:,} ({100 * counts[0] / RESIDENTS:.0f}%) live within 30 minutes" in caption
    page = staff.get(f"/estate/coverage?{query}").text
    assert read_page(page).captions[0] == answer["caption"]
    assert "© us" in page
    assert '<option value="table" selected>' in page
    assert '<option value="table" selected>' in staff.get(f"/estate/what-if?{query}").text
    assert 'value="table"' not in staff.get("/estate/siting?p=1").text
    assert "Estimated: distances by straight lines, made 1.3 times" in caption
    assert "by=table" in page.partition('href="/estate/what-if?')[2].partition('"')[0]
    by_id = {site["site_id"]: site["nearest_for"] for site in answer["sites"]}
    assert (by_id[first], by_id[second]) == (counts[0], counts[1] - counts[0])


def test_closing_a_site_is_told_by_the_minutes_of_the_table(
    run: Run, tmp_path: Path, staff: FlaskClient
) -> None:
    """The first half of the small areas is 25 minutes from one site and 40 from the other."""
    (first, *_), (second, *_) = sure_sites(staff, ASKED)[:2]
    half = len(AREAS.codes) // 2
    rows = [
        *(f"{code},{first},25" for code in AREAS.codes[:half]),
        *(f"{code},{second},40" for code in AREAS.codes[:half]),
        *(f"{code},{second},20" for code in AREAS.codes[half:]),
    ]
    run("travel-times", table_of(tmp_path, rows))
    answer = staff.get(f"/api/estate/what-if?{ASKED}&by=table&closes={first}").get_json()
    near, others = (int(part.sum()) for part in (AREAS.residents[:half], AREAS.residents[half:]))
    counts = {"before": near + others, "after": others, "gained": 0, "lost": near}
    everybody = {"before": RESIDENTS, "after": RESIDENTS, "gained": 0, "lost": 0}
    assert answer["total"]["minutes"] == [
        {"minutes": 30, **counts},
        {"minutes": 120, **everybody},
    ]
    said = f"within 30 minutes {RESIDENTS:,} residents before, {others:,} after"
    assert said in answer["caption"][0]
    assert "by straight lines" in answer["caption"][0]
    hours = staff.get(f"/api/estate/what-if?{ASKED}&by=table&hours={second}:Mo-Fr 09:00-17:00")
    assert [each["lost"] for each in hours.get_json()["total"]["minutes"]] == [0, 0]
    page = staff.get(f"/estate/what-if?{ASKED}&by=table&closes={first}")
    assert (page.status_code, said in page.text) == (200, True)


@pytest.mark.parametrize(
    "path",
    [
        "/api/estate/what-if?opens=Oakham&",
        "/api/estate/what-if?moves=S026:Syston&",
        "/api/estate/what-if?homes=Oakham:300&",
        "/api/estate/siting?",
    ],
)
def test_a_table_knows_no_way_to_a_new_place(
    run: Run, tmp_path: Path, staff: FlaskClient, path: str
) -> None:
    (site, *_), *_ = sure_sites(staff, ASKED)
    run("travel-times", table_of(tmp_path, [f"{AREAS.codes[0]},{site},5"]))
    refused = staff.get(f"{path}as_of=2024-06-30&by=table")
    assert refused.status_code == 400
    assert "knows no minutes to" in refused.get_json()["detail"]


def test_a_bad_file_is_exit_2_with_a_sentence_and_leaves_what_is_held(
    run: Run, road: Path, tmp_path: Path, staff: FlaskClient
) -> None:
    add_road(run, road)
    held = staff.get(f"{API}?{ASKED}&by=roads").get_json()
    bad = tmp_path / "bad.gpkg"
    bad.write_bytes(b"nothing of the kind")
    code, out, err = run("roads", bad)
    assert (code, out) == (2, "")
    assert "bad.gpkg cannot be read" in err
    code, out, err = run("travel-times", bad)
    assert (code, out) == (2, "")
    assert "bad.gpkg" in err
    assert staff.get(f"{API}?{ASKED}&by=roads").get_json() == held


def test_other_roads_take_the_place_of_those_that_were_held(
    run: Run, road: Path, staff: FlaskClient
) -> None:
    add_road(run, road)
    query = f"{ASKED}&by=roads"
    before = small_area_rows(staff, query)
    frame = gpd.read_file(road)
    frame.geometry = frame.geometry.translate(0, 2000)
    frame.to_file(road)
    add_road(run, road)
    after = small_area_rows(staff, query)
    changed = [after[code]["distance_m"] != before[code]["distance_m"] for code in before]
    assert np.mean(changed) > 0.5
