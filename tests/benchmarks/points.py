"""Seeded crime points that cluster as real ones do, and a workspace that holds them.

Map points are scattered round the shipped points of small areas (LSOAs), more of them where more
people live, and each record falls on one of them: some are hit often, most seldom. Every map point
lies in an NPA. Dates and types have the shares of the shipped monthly counts. Nothing is real.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import KDTree

from boundaries.ground import Ground, load_ground
from geo.crs import BRITISH_NATIONAL_GRID, to_degrees, to_metres
from layers.crime_intake import CRIME_TYPES
from layers.demo import PACK
from layers.pack.crime_points import HEADER
from layers.registry import REGISTRY
from layers.workspace import Workspace

SEED: Final = 20241231
MAP_POINTS: Final = 20_000
DECIMALS: Final = 6
MONTHS: Final = tuple(str(month) for month in pd.period_range("2023-01", "2024-12", freq="M"))
TYPES: Final = tuple(slug for slug, _ in CRIME_TYPES)
TYPE_LABELS: Final = tuple(label for _, label in CRIME_TYPES)
OUTCOMES: Final = (
    "Investigation complete; no suspect identified",
    "Unable to prosecute suspect",
    "Under investigation",
    "Awaiting court outcome",
)

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class MapPoints:
    """The places on which records fall; ``chance`` is how likely a record falls on each."""

    easting_m: FloatArray
    northing_m: FloatArray
    longitude: FloatArray
    latitude: FloatArray
    lsoa_code: npt.NDArray[np.object_]
    lsoa_name: npt.NDArray[np.object_]
    chance: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class MadePoints:
    """Records in the order of a file: the position of each one's place, month and type."""

    places: MapPoints
    place: IntArray
    month: IntArray
    kind: IntArray

    @property
    def easting_m(self) -> FloatArray:
        """Metres east in EPSG:27700."""
        return self.places.easting_m[self.place]

    @property
    def northing_m(self) -> FloatArray:
        """Metres north in EPSG:27700."""
        return self.places.northing_m[self.place]

    @property
    def degrees(self) -> FloatArray:
        """Longitude and latitude, as an ``(n, 2)`` array."""
        places = self.places
        return np.column_stack((places.longitude, places.latitude))[self.place]


def crime_points(records: int) -> MadePoints:
    """``records`` made-up records, the same ones each time, in order of their months."""
    rng = np.random.default_rng([SEED, records])
    places = _map_points(load_ground(None))
    return MadePoints(
        places=places,
        place=rng.choice(MAP_POINTS, records, p=places.chance).astype(np.int32),
        month=np.sort(rng.integers(0, len(MONTHS), records)).astype(np.int32),
        kind=rng.choice(len(TYPES), records, p=_type_shares()).astype(np.int32),
    )


def open_workspace(folder: Path) -> Workspace:
    """The workspace in this folder, made if it is not there."""
    return Workspace.open(folder, REGISTRY.schemas)


def fill_workspace(folder: Path, points: MadePoints) -> None:
    """Put the records into the crime store of a workspace, a month at a time."""
    workspace = open_workspace(folder)
    try:
        for month, frame in month_frames(points):
            workspace.crime.replace({month: frame})
    finally:
        workspace.close()


def month_frames(points: MadePoints) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Each month's records with the columns that an import gives them, EPSG:27700."""
    edges = np.searchsorted(points.month, np.arange(len(MONTHS) + 1))
    for nth, month in enumerate(MONTHS):
        chosen = slice(edges[nth], edges[nth + 1])
        yield month, _frame(month, points, chosen, np.random.default_rng([SEED, nth]))


def write_street_file(frame: gpd.GeoDataFrame, file: Path) -> None:
    """Write a month's records as a street-level file of data.police.uk has them."""
    longitude, latitude = to_degrees(frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy())
    columns = {
        "Crime ID": frame["crime_id"],
        "Month": frame["month"],
        "Reported by": frame["reported_by"],
        "Falls within": frame["falls_within"],
        "Longitude": np.round(longitude, DECIMALS),
        "Latitude": np.round(latitude, DECIMALS),
        "Location": frame["location"],
        "LSOA code": frame["lsoa_code"],
        "LSOA name": frame["lsoa_name"],
        "Crime type": frame["crime_type"].map(dict(CRIME_TYPES)),
        "Last outcome category": frame["outcome"],
        "Context": "",
    }
    pd.DataFrame(columns)[list(HEADER)].to_csv(file, index=False)


def _frame(
    month: str, points: MadePoints, chosen: slice, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    places, place = points.places, points.place[chosen]
    kinds = np.array(TYPES, dtype=object)[points.kind[chosen]]
    identifiers = _identifiers(rng, len(place))
    identifiers[kinds == TYPES[0]] = ""
    texts: dict[str, Any] = {
        "crime_id": identifiers,
        "month": np.full(len(place), month, dtype=object),
        "reported_by": np.full(len(place), "A force", dtype=object),
        "falls_within": np.full(len(place), "A force", dtype=object),
        "location": _location_names()[place],
        "lsoa_code": places.lsoa_code[place],
        "lsoa_name": places.lsoa_name[place],
        "crime_type": kinds,
        "outcome": rng.choice(np.array(OUTCOMES, dtype=object), len(place)),
    }
    frame = pd.DataFrame(texts).astype("str")
    geometry = shapely.points(places.easting_m[place], places.northing_m[place])
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=BRITISH_NATIONAL_GRID)


def _identifiers(rng: np.random.Generator, number: int) -> npt.NDArray[np.object_]:
    text = rng.bytes(32 * number).hex()
    return np.array([text[at : at + 64] for at in range(0, len(text), 64)], dtype=object)


def _location_names() -> npt.NDArray[np.object_]:
    return np.array([f"On or near Place {n}" for n in range(MAP_POINTS)], dtype=object)


def _map_points(ground: Ground) -> MapPoints:
    rng = np.random.default_rng(SEED)
    areas = ground.small_areas["2021"]
    centres = areas[["easting_m", "northing_m"]].to_numpy()
    spread_m = KDTree(centres).query(centres, k=2)[0][:, 1] / 2
    share = (areas["residents"] / areas["residents"].sum()).to_numpy()
    area = rng.choice(len(areas), 2 * MAP_POINTS, p=share)
    scattered = centres[area] + rng.normal(size=(len(area), 2)) * spread_m[area, None]
    longitude, latitude = (np.round(axis, DECIMALS) for axis in to_degrees(*scattered.T))
    easting_m, northing_m = to_metres(longitude, latitude)
    within = np.flatnonzero(ground.npas.latest_code_at(easting_m, northing_m) != "")[:MAP_POINTS]
    weight = rng.lognormal(sigma=1.2, size=MAP_POINTS)
    return MapPoints(
        easting_m=easting_m[within],
        northing_m=northing_m[within],
        longitude=longitude[within],
        latitude=latitude[within],
        lsoa_code=areas["code"].to_numpy(dtype=object)[area[within]],
        lsoa_name=areas["name"].to_numpy(dtype=object)[area[within]],
        chance=weight / weight.sum(),
    )


def _type_shares() -> FloatArray:
    with gzip.open(PACK / "crime_counts.csv.gz", "rt", encoding="utf-8") as stream:
        counts = pd.read_csv(stream, dtype=str, keep_default_na=False)
    records = counts["records"].astype(int).groupby(counts["crime_type"]).sum()
    shares = records.reindex(list(TYPE_LABELS)).to_numpy(dtype=float)
    return np.asarray(shares / shares.sum())
