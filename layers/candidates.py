"""Places from which plans of visits and sitings choose: towns, wards, the office's own list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from boundaries.ground import Ground
from boundaries.same_place import SAME_PLACE_M, same_places
from layers.programme import CANDIDATES, held
from layers.workspace import Workspace

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Candidates by name, point in EPSG:27700 and NPA; those outside every NPA are left out.

    ``area`` is the number of the NPA in the order of the ground's codes; ``ward_codes`` are empty
    for what is no ward. ``alike`` has a row for each town or village and ward that are the same
    place, by their numbers here: one of the two can be visited.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    ward_codes: tuple[str, ...]
    points_m: FloatArray
    area: IntArray
    alike: IntArray

    def without(self, near_m: FloatArray) -> Places:
        """Those that do not lie where one of these points does, and are no place that does."""
        if not len(near_m) or not len(self.names):
            return self
        apart = np.hypot(*(self.points_m[:, None] - near_m[None, :]).transpose(2, 0, 1))
        there = apart.min(axis=1) <= SAME_PLACE_M
        with_alike = there.copy()
        for one, other in ((0, 1), (1, 0)):
            with_alike[self.alike[there[self.alike[:, one]], other]] = True
        return self._only(np.flatnonzero(~with_alike))

    def _only(self, kept: IntArray) -> Places:
        def pick(values: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(values[number] for number in kept)

        new = np.full(len(self.names), -1, dtype=np.int64)
        new[kept] = np.arange(len(kept))
        alike = new[self.alike]
        return Places(
            pick(self.names),
            pick(self.kinds),
            pick(self.ward_codes),
            self.points_m[kept],
            self.area[kept],
            alike[(alike >= 0).all(axis=1)],
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
        _alike(ground, table),
    )
    return every._only(np.flatnonzero((every.area >= 0) & ~_as_the_offices_own(every)))


def _alike(ground: Ground, table: pd.DataFrame) -> IntArray:
    """The rows of the table that are the same place: a settlement and a ward each."""
    rows = {(kind, name): row for row, (kind, name) in enumerate(table[["kind", "key"]].to_numpy())}
    pairs = [
        (
            rows.get(("settlement", ground.settlements.index[place])),
            rows.get(("ward", ground.wards.index[ward])),
        )
        for place, ward in np.argwhere(same_places(ground))
    ]
    both = [(one, other) for one, other in pairs if one is not None and other is not None]
    return np.array(both, dtype=np.int64).reshape(-1, 2)


def _as_the_offices_own(every: Places) -> BoolArray:
    """What lies where a place of the office's own list does, which stands for it."""
    own = np.array([kind == "own" for kind in every.kinds], dtype=bool)
    if not own.any():
        return own
    apart_m, _ = cKDTree(every.points_m[own]).query(every.points_m)
    there: BoolArray = ~own & (apart_m <= SAME_PLACE_M)
    return there


def _settlements(ground: Ground) -> pd.DataFrame:
    """Towns and villages whose point is sure enough to say in which area they lie.

    Points of the gazetteer are rounded to a minute, up to a kilometre. One that lies in another
    district than a ward of its name nearby is left out; the ward stands for it.
    """
    places, wards = ground.settlements, ground.wards
    elsewhere = places["district_code"].to_numpy()[:, None] != wards["district_code"].to_numpy()
    begins = np.array(
        [[_begins_with(ward, place) for ward in wards["name"]] for place in places["name"]]
    ).reshape(elsewhere.shape)
    sure = places[~(same_places(ground) & elsewhere & begins).any(axis=1)]
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
            "key": points.index,
            "ward_code": "" if codes is None else codes.to_numpy(dtype=object),
            "easting_m": points["easting_m"].to_numpy(dtype=float),
            "northing_m": points["northing_m"].to_numpy(dtype=float),
        }
    )


def _own(workspace: Workspace) -> pd.DataFrame:
    frame = held(workspace, CANDIDATES)
    points = pd.DataFrame({"easting_m": frame.geometry.x, "northing_m": frame.geometry.y})
    return _rows(frame["name"], "own", points)
