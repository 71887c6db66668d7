"""The ground as GeoJSON: lighter from afar, without gaps, and the same until it is rebuilt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient

from boundaries.builder import build
from boundaries.ground import Ground
from boundaries.levels import level_of
from boundaries.outlines import read_outlines
from boundaries.recipe import RECIPES, read_recipe
from boundaries.saved import save_build
from geo.crs import geometries_to_metres
from layers.registry import REGISTRY
from layers.workspace import Workspace
from tests.server.conftest import Browser, MakeApp

GEOJSON = "application/geo+json"
REFUSED = (
    ("/ground/npas.geojson?zoom=25", 400, "zoom must be one whole number from 0 to 24"),
    ("/ground/npas.geojson?zoom=-1", 400, "zoom must be one whole number from 0 to 24"),
    ("/ground/npas.geojson?zoom=9.5", 400, "zoom must be"),
    ("/ground/npas.geojson?zoom=nine", 400, "zoom must be"),
    ("/ground/npas.geojson?zoom=%D9%A9", 400, "zoom must be"),
    ("/ground/npas.geojson?zoom=9&zoom=10", 400, "zoom must be one whole number"),
    ("/ground/npas.geojson?npa=NA", 400, "Outlines can be asked for by zoom; given 'npa'."),
    ("/ground/districts.geojson?v=1", 400, "given 'v'"),
    ("/ground/settlements.geojson?zoom=9", 400, "without parameters; given 'zoom'"),
    ("/ground/wards.geojson", 404, "/ground/wards.geojson"),
    ("/ground/wards.geojson?zoom=9", 404, "/ground/wards.geojson"),
    ("/ground/npas.csv", 404, "/ground/npas.csv"),
)
ZOOMS = (0, 9, 10, 11, 12, 13, 14, 18, 24)


def features(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == GEOJSON
    document = answer.get_json()
    assert set(document) == {"type", "features"}
    assert document["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = document["features"]
    return found


def outlines(found: list[dict[str, Any]]) -> np.ndarray:
    return np.array([shapely.geometry.shape(item["geometry"]) for item in found], dtype=object)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Workspace]:
    """A workspace with areas built from wards, more detailed than those shipped."""
    path = tmp_path_factory.mktemp("built") / "workspace"
    path.mkdir()
    wards = read_outlines(shared_data / "boundaries" / "ward_2025.geojson")
    save_build(path, build(read_recipe(RECIPES / "leicestershire.toml"), wards))
    workspace = Workspace.open(path, REGISTRY.schemas)
    yield workspace
    workspace.close()


@pytest.fixture(params=["shipped", pytest.param("built", marks=pytest.mark.real_data)])
def ground(request: pytest.FixtureRequest, make_app: MakeApp) -> tuple[FlaskClient, Ground]:
    """A browser of the public over shipped and over built areas."""
    name = {"shipped": "demo", "built": "built"}[request.param]
    workspace: Workspace = request.getfixturevalue(name)
    return Browser(make_app(workspace)), workspace.ground


@pytest.mark.parametrize("name", ["npas", "districts"])
def test_areas_meet_edge_to_edge_as_they_are_sent(
    ground: tuple[FlaskClient, Ground], name: str
) -> None:
    client, held = ground
    exact = shapely.area(getattr(held, name).frame.geometry)
    for zoom in ZOOMS:
        shapes = outlines(features(client, f"/ground/{name}.geojson?zoom={zoom}"))
        assert len(shapes) == len(exact)
        assert shapely.is_valid(shapes).all(), zoom
        assert shapely.coverage_is_valid(shapes), "no gap and no overlap after rounding"
        size = shapely.area(geometries_to_metres(shapes))
        assert np.abs(size / exact - 1).max() < 0.004


@pytest.mark.parametrize("name", ["npas", "districts"])
def test_closer_zooms_have_no_fewer_corners_and_a_level_is_one_answer(
    ground: tuple[FlaskClient, Ground], name: str
) -> None:
    client, _ = ground
    corners: dict[int, set[int]] = {}
    marks: dict[int, set[str]] = {}
    for zoom in range(25):
        answer = client.get(f"/ground/{name}.geojson?zoom={zoom}")
        shapes = outlines(answer.get_json()["features"])
        level = level_of(zoom)
        corners.setdefault(level, set()).add(int(shapely.get_num_coordinates(shapes).sum()))
        marks.setdefault(level, set()).add(answer.headers["ETag"])
    assert {len(counts) for counts in corners.values()} == {1}
    assert {len(etags) for etags in marks.values()} == {1}
    in_order = [min(corners[level]) for level in sorted(corners)]
    assert in_order == sorted(in_order)


@pytest.mark.real_data
def test_built_areas_are_lighter_from_afar(built: Workspace, make_app: MakeApp) -> None:
    client = Browser(make_app(built))
    sizes = [len(client.get(f"/ground/npas.geojson?zoom={zoom}").data) for zoom in (9, 11, 13, 14)]
    assert sizes[0] < sizes[1] < sizes[2] <= sizes[3]
    assert sizes[0] * 2 < sizes[3]


def test_without_a_zoom_areas_are_the_most_general_ones(public: FlaskClient) -> None:
    for name in ("npas", "districts"):
        plain = public.get(f"/ground/{name}.geojson")
        general = public.get(f"/ground/{name}.geojson?zoom=0")
        assert plain.data == general.data
        assert plain.headers["ETag"] == general.headers["ETag"]
        assert public.get(f"/ground/{name}.geojson?zoom=").data == plain.data


def test_areas_say_what_they_are(public: FlaskClient, demo: Workspace) -> None:
    held = demo.ground
    found = {item["properties"]["npa_code"]: item["properties"] for item in features(
        public, "/ground/npas.geojson")}  # fmt: skip
    assert tuple(found) == held.npa_codes
    assert "NA" in found, "which is a code and no missing value"
    for code, said in found.items():
        assert said["npa_name"] == held.npa_name(code)
        assert said["approximate"] is (code in held.approximate_npas)
        assert set(said) == {"npa_code", "npa_name", "approximate", "group"}
    districts = [item["properties"] for item in features(public, "/ground/districts.geojson")]
    assert [said["district_code"] for said in districts] == list(held.districts.codes)
    assert {frozenset(said) for said in districts} == {
        frozenset({"district_code", "district_name"})
    }


def test_settlements_are_points_the_largest_first(public: FlaskClient, demo: Workspace) -> None:
    found = features(public, "/ground/settlements.geojson")
    assert len(found) == len(demo.ground.settlements)
    people = [item["properties"]["population"] for item in found]
    assert people == sorted(people, reverse=True)
    held = demo.ground.settlements
    places = zip(held["name"], held["longitude"].round(5), held["latitude"].round(5), strict=True)
    sent = [(item["properties"]["name"], *item["geometry"]["coordinates"]) for item in found]
    assert sorted(sent) == sorted(places)


@pytest.mark.parametrize("who", ["public", "staff"])
def test_what_the_ground_cannot_be_asked_for_is_refused_in_words(
    request: pytest.FixtureRequest, who: str
) -> None:
    client: FlaskClient = request.getfixturevalue(who)
    for path, status, said in REFUSED:
        answer = client.get(path)
        assert answer.status_code == status, path
        assert answer.content_type == "application/problem+json"
        assert said in answer.get_json()["detail"]


@pytest.mark.real_data
def test_rebuilt_areas_are_served_at_once(
    tmp_path: Path, shared_data: Path, make_app: MakeApp
) -> None:
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    client = Browser(make_app(workspace))
    address = "/ground/districts.geojson?zoom=14"
    before = client.get(address)
    etag = {"If-None-Match": before.headers["ETag"]}
    assert client.get(address, headers=etag).status_code == 304
    wards = read_outlines(shared_data / "boundaries" / "ward_2025.geojson")
    save_build(workspace.path, build(read_recipe(RECIPES / "leicestershire.toml"), wards))
    after = client.get(address, headers=etag)
    assert after.status_code == 200
    assert len(after.data) > len(before.data)
    assert after.headers["Cache-Control"] == "no-cache"
    workspace.close()
