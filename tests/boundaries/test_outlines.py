from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from boundaries.errors import UnreadableOutlines
from boundaries.outlines import read_outlines


def test_wards_carry_their_district_and_the_year_of_the_licence_line(ward_file: Path) -> None:
    read = read_outlines(ward_file)
    assert read.level == "ward"
    assert read.frame["code"].tolist() == ["S13000001", "S13000002", "S13000003"]
    assert read.frame["district_name"].tolist() == ["Northshire", "Northshire", "The Holms"]
    assert read.attribution[1].endswith("right 2019")
    assert read.repaired == ()


@pytest.mark.parametrize(
    ("columns", "level"),
    [
        ({"WD19CD": "lsoa21cd", "WD19NM": "lsoa21nm"}, "lsoa"),
        ({"WD19CD": "wd07cd"}, "ward"),
        ({"WD19CD": "ref", "LAD19CD": "area", "WD19NM": "n"}, None),
    ],
)
def test_the_level_is_told_by_the_columns(
    tmp_path: Path, wards: gpd.GeoDataFrame, columns: dict[str, str], level: str | None
) -> None:
    path = tmp_path / "units.gpkg"
    wards.rename(columns=columns).to_file(path)
    if level is None:
        with pytest.raises(UnreadableOutlines, match="WD25CD, LAD25CD or LSOA21CD"):
            read_outlines(path)
    else:
        assert read_outlines(path).level == level


def test_degrees_become_metres(tmp_path: Path, wards: gpd.GeoDataFrame) -> None:
    path = tmp_path / "units.geojson"
    wards.to_crs("EPSG:4326").to_file(path)
    got = read_outlines(path).frame
    assert np.allclose(shapely.area(got.geometry.to_numpy()), 4e6, rtol=1e-3)
    assert np.allclose(got.total_bounds, wards.total_bounds, atol=2)


def test_another_projection_becomes_metres(tmp_path: Path, wards: gpd.GeoDataFrame) -> None:
    path = tmp_path / "units.gpkg"
    wards.to_crs("EPSG:3857").to_file(path)
    assert np.allclose(read_outlines(path).frame.total_bounds, wards.total_bounds, atol=2)


def test_a_ring_that_crosses_itself_is_repaired_and_named(
    tmp_path: Path, wards: gpd.GeoDataFrame
) -> None:
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    wards.loc[1, "geometry"] = bow_tie
    path = tmp_path / "units.gpkg"
    wards.to_file(path)
    read = read_outlines(path)
    assert read.repaired == ("S13000002",)
    assert read.frame.geometry.is_valid.all()


@pytest.mark.parametrize(
    ("code", "reason"), [(None, "at least one has none"), ("S13000001", "more than once")]
)
def test_every_unit_needs_a_code_of_its_own(
    tmp_path: Path, wards: gpd.GeoDataFrame, code: str | None, reason: str
) -> None:
    wards.loc[2, "WD19CD"] = code
    path = tmp_path / "units.gpkg"
    wards.to_file(path)
    with pytest.raises(UnreadableOutlines, match=reason):
        read_outlines(path)


def test_points_are_refused(tmp_path: Path, wards: gpd.GeoDataFrame) -> None:
    path = tmp_path / "units.gpkg"
    wards.set_geometry(wards.centroid).to_file(path)
    with pytest.raises(UnreadableOutlines, match="Polygons are needed"):
        read_outlines(path)


def test_a_table_without_shapes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("WD25CD\nE05000001\n", encoding="utf-8")
    with pytest.raises(UnreadableOutlines, match="coordinate reference system"):
        read_outlines(path)


@pytest.mark.parametrize("content", [b"", b"\x00\x01nonsense", None])
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.geojson"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableOutlines, match=r"broken\.geojson cannot be read"):
        read_outlines(path)
