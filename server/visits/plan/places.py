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
        "settlements": lambda: _rows(ground.settlements["name"], "settlement", ground.settlements),
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


def _ward_names(ground: Ground) -> pd.Series:
    return ground.wards["name"] + " ward, " + ground.wards["district_name"]


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
