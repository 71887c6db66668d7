"""Small areas as points where residents stand, with what they can be grouped by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from boundaries.ground import Ground

VINTAGE: Final = "2021"
NPA: Final = "npa"
DISTRICT: Final = "district"
DECILE: Final = "decile"
SETTING: Final = "setting"
PART: Final = "part"
GROUPINGS: Final = (NPA, PART, DISTRICT, DECILE, SETTING)
URBAN: Final = "Urban"
HOMES: Final = "homes-"
"""Begins the code of a demand point that stands for planned homes."""

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SmallAreas:
    """The small areas (LSOA 2021) of a force in the order of their codes.

    ``points_m`` are eastings and northings in EPSG:27700, a row an area: everybody of an area is
    taken to live at its point. ``residents`` are those of the Census 2021. ``labels`` say, by
    grouping, of which NPA, part of the force area (such as city and county), district, tenth of
    deprivation (1 the most deprived) and rural or urban setting each area is; the text is empty
    where that is not known.
    """

    codes: Labels
    names: Labels
    points_m: npt.NDArray[np.float64]
    residents: npt.NDArray[np.int64]
    labels: Mapping[str, Labels]

    @property
    def urban(self) -> npt.NDArray[np.bool_]:
        """Which areas are urban."""
        return np.array([setting == URBAN for setting in self.labels[SETTING]], dtype=bool)


@dataclass(frozen=True, slots=True)
class PlannedHomes:
    """Homes that are planned at a point, in metres of EPSG:27700, and who is to live in them."""

    name: str
    point_m: tuple[float, float]
    residents: int


def small_areas(ground: Ground) -> SmallAreas:
    """The small areas that lie in the districts of a ground; there may be none."""
    table = ground.small_areas[VINTAGE].sort_values("code")
    points_m = table[["easting_m", "northing_m"]].to_numpy(dtype=np.float64)
    npas = ground.npas.latest_code_at(points_m[:, 0], points_m[:, 1])
    parts = dict(zip(ground.npas.frame["code"], ground.npas.frame["group"], strict=True))
    settings = table["rural_urban"].astype(str).str.split(":", n=1).str[0].str.strip()
    labels: dict[str, npt.ArrayLike] = {
        NPA: npas,
        PART: np.array([parts.get(code, "") for code in npas], dtype=object),
        DISTRICT: table["district_code"].to_numpy(),
        DECILE: table["imd2025_decile"].astype(str).to_numpy(),
        SETTING: settings.to_numpy(),
    }
    return SmallAreas(
        _texts(table["code"].to_numpy()),
        _texts(table["name"].to_numpy()),
        points_m,
        table["residents"].to_numpy(dtype=np.int64),
        MappingProxyType({name: _texts(values) for name, values in labels.items()}),
    )


def with_homes(areas: SmallAreas, ground: Ground, homes: Sequence[PlannedHomes]) -> SmallAreas:
    """Small areas with planned homes as further demand points, by the code ``homes-1`` and so on.

    Each is grouped into the Neighbourhood Policing Area (NPA), part and district at its own point;
    its tenth of deprivation and its setting are taken to be those of the small area whose point is
    nearest. Without homes, or without a small area, the areas stay as they are.
    """
    if not homes or not areas.codes:
        return areas
    points_m = np.array([each.point_m for each in homes], dtype=np.float64)
    npas = ground.npas.latest_code_at(points_m[:, 0], points_m[:, 1])
    parts = dict(zip(ground.npas.frame["code"], ground.npas.frame["group"], strict=True))
    _, nearest = cKDTree(areas.points_m).query(points_m)
    new: dict[str, npt.ArrayLike] = {
        NPA: npas,
        PART: [parts.get(code, "") for code in npas],
        DISTRICT: ground.district_at(points_m[:, 0], points_m[:, 1]),
        **{name: [areas.labels[name][each] for each in nearest] for name in (DECILE, SETTING)},
    }
    return SmallAreas(
        (*areas.codes, *(f"{HOMES}{number}" for number in range(1, len(homes) + 1))),
        (*areas.names, *(f"Planned homes at {each.name}" for each in homes)),
        np.vstack((areas.points_m, points_m)),
        np.append(areas.residents, [each.residents for each in homes]).astype(np.int64),
        MappingProxyType(
            {name: (*labels, *_texts(new[name])) for name, labels in areas.labels.items()}
        ),
    )


def _texts(values: npt.ArrayLike) -> Labels:
    return tuple(str(value) for value in np.asarray(values))
