"""The places a plan may choose from: towns and villages, wards, and the office's own list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.ground import Ground
from layers.programme import CANDIDATES, held
from layers.workspace import Workspace

FloatArray = npt.NDArray[np.float64]

SAME_PLACE_M: Final = 300.0
SAME_NAME_M: Final = 5000.0


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Candidates by name, point in EPSG:27700 and NPA; those outside every NPA are left out.

    ``area`` is the number of the NPA in the order of the ground's codes; ``ward_codes`` are empty
    for what is no ward.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    ward_codes: tuple[str, ...]
    points_m: FloatArray
    area: npt.NDArray[np.int64]

    def without(self, near_m: FloatArray) -> Places:
        """Those that do not lie where one of these points does."""
        if not len(near_m) or not len(self.names):
            return self
        apart = np.hypot(*(self.points_m[:, None] - near_m[None, :]).transpose(2, 0, 1))
        return self._only(np.flatnonzero(apart.min(axis=1) > SAME_PLACE_M))

    def _only(self, kept: npt.NDArray[np.int64]) -> Places:
        def pick(values: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(values[number] for number in kept)

        return Places(
            pick(self.names),
            pick(self.kinds),
            pick(self.ward_codes),
            self.points_m[kept],
            self.area[kept],
        )


def places_of(workspace: Workspace, sources: tuple[str, ...]) -> Places:
    """The candidates of these sources, in the order of the sources and of the ground."""
    ground = workspace.ground
    frames = {
        "settlements": lambda: _settlements(ground),
        "wards": lambda: _rows(_ward_names(ground), "ward", ground.wards, ground.wards["code"]),
        "own": lambda: _own(workspace),
    }
    table = pd.concat([frames[source]() for source in sources], ignore_index=True)
    points_m = table[["easting_m", "northing_m"]].to_numpy(dtype=float)
    codes = ground.npas.latest_code_at(points_m[:, 0], points_m[:, 1])
    numbers = {code: number for number, code in enumerate(ground.npa_codes)}
    every = Places(
        tuple(table["name"]),
        tuple(table["kind"]),
        tuple(table["ward_code"]),
        points_m,
        np.array([numbers.get(code, -1) for code in codes], dtype=np.int64),
    )
    return every._only(np.flatnonzero(every.area >= 0))


def _settlements(ground: Ground) -> pd.DataFrame:
    """Towns and villages whose point is sure enough to say in which area they lie.

    Points of the gazetteer are rounded to a minute, up to a kilometre. One that lies in another
    district than a ward of its name nearby is left out; the ward stands for it.
    """
    places, wards = ground.settlements, ground.wards
    apart_m = np.hypot(
        places["easting_m"].to_numpy()[:, None] - wards["easting_m"].to_numpy(),
        places["northing_m"].to_numpy()[:, None] - wards["northing_m"].to_numpy(),
    )
    elsewhere = places["district_code"].to_numpy()[:, None] != wards["district_code"].to_numpy()
    named = np.array(
        [[_begins_with(ward, place) for ward in wards["name"]] for place in places["name"]]
    ).reshape(apart_m.shape)
    sure = places[~(named & elsewhere & (apart_m <= SAME_NAME_M)).any(axis=1)]
    return _rows(sure["name"], "settlement", sure)


def _begins_with(ward: str, place: str) -> bool:
    return ward == place or ward.startswith((f"{place} ", f"{place},", f"{place}-"))


def _ward_names(ground: Ground) -> pd.Series:
    """Wards as the search for places has them, so that each can be looked up there."""
    wards = ground.wards
    where = (", " + wards["district_name"]).where(wards["name"] != wards["district_name"], "")
    return wards["name"] + " (ward" + where + ")"


def _rows(
    names: pd.Series, kind: str, points: pd.DataFrame, codes: pd.Series | None = None
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": names.to_numpy(dtype=object),
            "kind": kind,
            "ward_code": "" if codes is None else codes.to_numpy(dtype=object),
            "easting_m": points["easting_m"].to_numpy(dtype=float),
            "northing_m": points["northing_m"].to_numpy(dtype=float),
        }
    )


def _own(workspace: Workspace) -> pd.DataFrame:
    frame = held(workspace, CANDIDATES)
    points = pd.DataFrame({"easting_m": frame.geometry.x, "northing_m": frame.geometry.y})
    return _rows(frame["name"], "own", points)
