"""A made-up force far from the shipped one: three square wards in a row, in metres."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from boundaries.outlines import Outlines, read_outlines
from boundaries.recipe import Recipe, read_recipe

DATA = Path(__file__).resolve().parents[1] / "data"
WEST_M, SOUTH_M, SIDE_M = 410_000.0, 1_020_000.0, 2_000.0


def ward_squares() -> gpd.GeoDataFrame:
    """Three wards, from west to east, each a square of 2 km; the third is the Holms."""
    squares = [
        shapely.box(WEST_M + n * SIDE_M, SOUTH_M, WEST_M + (n + 1) * SIDE_M, SOUTH_M + SIDE_M)
        for n in range(3)
    ]
    return gpd.GeoDataFrame(
        {
            "WD19CD": ["S13000001", "S13000002", "S13000003"],
            "WD19NM": ["Westness", "Eastness", "Holms"],
            "LAD19CD": ["S12000901", "S12000901", "S12000902"],
            "LAD19NM": ["Northshire", "Northshire", "The Holms"],
        },
        geometry=squares,
        crs="EPSG:27700",
    )


@pytest.fixture
def wards() -> gpd.GeoDataFrame:
    return ward_squares()


@pytest.fixture
def recipe() -> Recipe:
    return read_recipe(DATA / "northshire.toml")


@pytest.fixture
def ward_file(tmp_path: Path, wards: gpd.GeoDataFrame) -> Path:
    path = tmp_path / "wards_2019.gpkg"
    wards.to_file(path)
    return path


@pytest.fixture
def outlines(ward_file: Path) -> Outlines:
    return read_outlines(ward_file)
