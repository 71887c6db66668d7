"""The ground of the estate benchmarks: small areas, sites and candidates of the shipped ground."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np

from boundaries.ground import load_ground
from geo.costs import FloatArray

SEED: Final = 20260505
POINT: Final = ["easting_m", "northing_m"]


def people() -> tuple[FloatArray, FloatArray, dict[str, list[str]]]:
    """Points, residents and labels of the small areas."""
    ground = load_ground(None)
    areas = ground.small_areas["2021"]
    points_m = areas[POINT].to_numpy(float)
    labels = {
        "area": ground.npas.latest_code_at(points_m[:, 0], points_m[:, 1]),
        "decile": areas["imd2025_decile"].tolist(),
    }
    texts = {name: [str(label) for label in each] for name, each in labels.items()}
    return points_m, areas["residents"].to_numpy(float), texts


def places(number: int) -> FloatArray:
    """So many settlements and ward centres, drawn once and for all."""
    ground = load_ground(None)
    every = np.vstack([ground.settlements[POINT], ground.wards[POINT]]).astype(float)
    picked: FloatArray = np.random.default_rng(SEED).choice(every, number, replace=False)
    return picked


def frame(points_m: FloatArray, **columns: object) -> gpd.GeoDataFrame:
    """Points as a frame in EPSG:27700."""
    geometry = gpd.points_from_xy(points_m[:, 0], points_m[:, 1])
    return gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:27700")
