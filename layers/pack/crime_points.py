"""Illustrative crime points, drawn from real monthly counts by LSOA and type.

The counts are real; the places are not. Each LSOA has a fixed set of made-up places within a disc
as large as the LSOA round its point, and each record falls on one of them. The rows have the shape
of a street-level file of data.police.uk, so they come in through the same door as a real one, and
say in their identifiers and places that they are illustrative. Outcomes are blank.

Everything comes from one seed: the places from the seed alone, the records of a month from the
seed and the month, so a month is the same whichever others are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.crs import to_degrees, to_metres
from geo.errors import InvalidFrame

HEADER: Final = (
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
)
PLACES_PER_LSOA: Final = 12
ANTI_SOCIAL_BEHAVIOUR: Final = "Anti-social behaviour"
_NO_LOCATION: Final = "No Location"
_ROUNDS: Final = 8
_DECIMALS: Final = 6

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
TextArray = npt.NDArray[np.object_]
SameArea = Callable[[TextArray, FloatArray, FloatArray], BoolArray]


@dataclass(frozen=True, slots=True)
class _Places:
    """The made-up places, ``PLACES_PER_LSOA`` for each LSOA in turn, and one last for no location.

    ``reach`` holds for each LSOA how likely a record falls on one of its first places.
    """

    lsoa_codes: pd.Index[str]
    reach: FloatArray
    columns: dict[str, TextArray]

    @property
    def nowhere(self) -> int:
        return len(self.lsoa_codes) * PLACES_PER_LSOA


def illustrative_months(
    counts: pd.DataFrame,
    lsoa_points: pd.DataFrame,
    seed: int,
    *,
    force_name: str,
    same_area: SameArea,
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each month of the counts, in order, with its records as rows of text under `HEADER`.

    ``counts`` has ``month,lsoa11_code,crime_type,records``, an empty code where there is no
    location; ``lsoa_points`` has ``code,name,longitude,latitude,area_m2``. ``same_area`` answers
    for LSOA codes and points in EPSG:27700 whether each point lies in the area (the NPA) that holds
    the LSOA's own point; no place is put where the answer is no, unless it is no at that point too.

    Raises:
        InvalidFrame: the counts name an LSOA of which ``lsoa_points`` has no point.
    """
    places = _places(lsoa_points.reset_index(drop=True), seed, same_area)
    lsoa = places.lsoa_codes.get_indexer(pd.Index(counts["lsoa11_code"]))
    located = counts["lsoa11_code"].to_numpy(dtype=object) != ""
    unknown = sorted(set(counts.loc[located & (lsoa < 0), "lsoa11_code"]))
    if unknown:
        raise InvalidFrame(
            f"Every LSOA in the counts needs a point; {len(unknown)} have none, such as "
            f"{unknown[0]}. Use counts and points of the same vintage."
        )
    records = counts["records"].to_numpy(dtype=np.int64)
    types = counts["crime_type"].to_numpy(dtype=object)
    for month, rows in sorted(counts.groupby("month").indices.items()):
        chosen = np.repeat(rows, records[rows])
        rng = np.random.default_rng([seed, int(str(month).replace("-", ""))])
        chosen = rng.permutation(chosen)
        place = _drawn_places(rng, places, lsoa[chosen])
        yield str(month), _month_rows(str(month), force_name, places, place, types[chosen])


def _drawn_places(rng: np.random.Generator, places: _Places, lsoa: IntArray) -> IntArray:
    chance = rng.random(len(lsoa))
    nth = (chance[:, None] > places.reach[lsoa]).sum(axis=1)
    return np.where(lsoa < 0, places.nowhere, lsoa * PLACES_PER_LSOA + nth)


def _month_rows(
    month: str, force_name: str, places: _Places, place: IntArray, types: TextArray
) -> pd.DataFrame:
    number = len(place)
    ids = np.array([f"illustrative-{month}-{n:05d}" for n in range(1, number + 1)], dtype=object)
    ids[types == ANTI_SOCIAL_BEHAVIOUR] = ""
    columns = {
        "Crime ID": ids,
        "Month": month,
        "Reported by": force_name,
        "Falls within": force_name,
        **{name: values[place] for name, values in places.columns.items()},
        "Crime type": types,
        "Last outcome category": "",
        "Context": "",
    }
    return pd.DataFrame({name: columns[name] for name in HEADER}, index=range(number), dtype=str)


def _places(lsoas: pd.DataFrame, seed: int, same_area: SameArea) -> _Places:
    rng = np.random.default_rng(seed)
    easting_m, northing_m = _scattered(rng, lsoas, same_area)
    longitude, latitude = _degrees(easting_m, northing_m)
    weights = rng.exponential(size=(len(lsoas), PLACES_PER_LSOA))
    names = [f"Illustrative place {n}" for n in range(1, len(longitude) + 1)]
    texts = {
        "Longitude": [f"{value:.{_DECIMALS}f}" for value in longitude],
        "Latitude": [f"{value:.{_DECIMALS}f}" for value in latitude],
        "Location": names,
        "LSOA code": np.repeat(lsoas["code"].to_numpy(dtype=object), PLACES_PER_LSOA).tolist(),
        "LSOA name": np.repeat(lsoas["name"].to_numpy(dtype=object), PLACES_PER_LSOA).tolist(),
    }
    nowhere = {"Location": _NO_LOCATION}
    return _Places(
        lsoa_codes=pd.Index(lsoas["code"]),
        reach=np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[:, :-1],
        columns={
            name: np.array([*values, nowhere.get(name, "")], dtype=object)
            for name, values in texts.items()
        },
    )


def _scattered(
    rng: np.random.Generator, lsoas: pd.DataFrame, same_area: SameArea
) -> tuple[FloatArray, FloatArray]:
    """Places round each LSOA's point, drawn again ever closer while they fall in another area."""
    codes = np.repeat(lsoas["code"].to_numpy(dtype=object), PLACES_PER_LSOA)
    centre_x, centre_y = to_metres(lsoas["longitude"], lsoas["latitude"])
    centre_x, centre_y = (np.repeat(axis, PLACES_PER_LSOA) for axis in (centre_x, centre_y))
    radius_m = np.repeat(np.sqrt(lsoas["area_m2"].to_numpy(dtype=float) / np.pi), PLACES_PER_LSOA)
    x, y = centre_x.copy(), centre_y.copy()
    astray = np.arange(len(codes))
    for nth in range(_ROUNDS):
        distance_m = radius_m[astray] / 2**nth * np.sqrt(rng.random(len(astray)))
        turn = rng.uniform(0, 2 * np.pi, len(astray))
        x[astray] = centre_x[astray] + distance_m * np.cos(turn)
        y[astray] = centre_y[astray] + distance_m * np.sin(turn)
        written = to_metres(*_degrees(x[astray], y[astray]))
        astray = astray[~same_area(codes[astray], *written)]
        if not len(astray):
            break
    x[astray], y[astray] = centre_x[astray], centre_y[astray]
    return x, y


def _degrees(easting_m: FloatArray, northing_m: FloatArray) -> Any:
    """Longitude and latitude as they will be written."""
    return tuple(np.round(axis, _DECIMALS) for axis in to_degrees(easting_m, northing_m))
