"""What a workspace holds to measure ways by, besides straight lines: roads, and travel times.

The network is made once in each process for the roads that are kept, and the ways to a place are
found once: a change of sites looks for those of new places alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from cachetools import LRUCache

from boundaries.errors import UnreadableGround
from boundaries.road_report import RoadReport
from boundaries.roads import load_roads, roads_account, roads_stamp
from boundaries.small_areas import SmallAreas, small_areas
from boundaries.travel_time_files import AREA, MINUTES, SITE
from boundaries.travel_times import (
    TravelTimesAccount,
    load_travel_times,
    travel_times_account,
    travel_times_stamp,
)
from geo.costs import CostMatrix
from geo.network import RoadNetwork
from layers.workspace import Workspace

PLACES_KEPT: Final = 2000
"""Places to which ways along roads are kept: about 10 kB each for 600 small areas."""

FloatArray = npt.NDArray[np.float64]


class RoadWays:
    """Ways along roads from the small areas to any place; those asked for last are kept."""

    def __init__(self, network: RoadNetwork, people_m: FloatArray) -> None:
        """Take the network and where people stand, in EPSG:27700."""
        self._network, self._people_m = network, people_m
        self._held: LRUCache[tuple[float, float], FloatArray] = LRUCache(PLACES_KEPT)
        self._lock = Lock()

    def costs(self, points_m: FloatArray) -> tuple[CostMatrix, CostMatrix]:
        """Metres of the shortest ways and minutes of the quickest, a column each point."""
        places = [(float(east), float(north)) for east, north in points_m]
        with self._lock:
            new = [place for place in dict.fromkeys(places) if place not in self._held]
            found = {place: self._held[place] for place in places if place not in new}
            found |= zip(new, self._found(new), strict=True)
            self._held.update({place: found[place] for place in new[-PLACES_KEPT:]})
        columns = np.array([found[place] for place in places])
        columns = columns.reshape(len(places), 2, len(self._people_m))
        metres, minutes = (np.ascontiguousarray(columns[:, of].T) for of in (0, 1))
        return (
            CostMatrix(metres, "distance_m", "road network"),
            CostMatrix(minutes, "minutes", "road network"),
        )

    def _found(self, places: list[tuple[float, float]]) -> list[FloatArray]:
        if not places:
            return []
        metres = self._network.costs(self._people_m, places, "distance_m").values
        minutes = self._network.costs(self._people_m, places, "minutes").values
        return list(np.stack((metres.T, minutes.T), axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """The minutes of a table from the small areas, a column each site that it knows."""

    sites: dict[str, int]
    values: FloatArray

    def minutes(self, site_ids: tuple[str, ...]) -> CostMatrix:
        """The minutes to sites; infinite where the table knows no way."""
        column = np.array([self.sites.get(site, -1) for site in site_ids], dtype=np.int64)
        values = np.full((len(self.values), len(site_ids)), np.inf)
        values[:, column >= 0] = self.values[:, column[column >= 0]]
        return CostMatrix(values, "minutes", "table")


def ways_version(workspace: Workspace) -> str:
    """Changes whenever other roads or travel times are kept."""
    return f"{roads_stamp(workspace.path)}/{travel_times_stamp(workspace.path)}"


def roads_held(workspace: Workspace) -> RoadReport | None:
    """What is held of roads; None where there are none, or they are damaged."""

    def compute() -> RoadReport | None:
        try:
            return roads_account(workspace.path)
        except UnreadableGround:
            return None

    return workspace.derived("roads account", roads_stamp(workspace.path), compute)


def road_ways(workspace: Workspace) -> RoadWays | None:
    """The ways along the roads that are held; None where there are none, or they are damaged."""

    def compute() -> RoadWays | None:
        try:
            roads = load_roads(workspace.path)
        except UnreadableGround:
            return None
        if roads is None:
            return None
        people_m = small_areas(workspace.ground).points_m
        return RoadWays(RoadNetwork(roads, "speed_kmh", "oneway"), people_m)

    return workspace.derived("road ways", roads_stamp(workspace.path), compute)


def travel_times_held(workspace: Workspace) -> TravelTimesAccount | None:
    """What is held of travel times; None where there are none, or they are damaged."""

    def compute() -> TravelTimesAccount | None:
        try:
            return travel_times_account(workspace.path)
        except UnreadableGround:
            return None

    stamp = travel_times_stamp(workspace.path)
    return workspace.derived("travel times account", stamp, compute)


def travel_times(workspace: Workspace) -> TravelTimes | None:
    """The travel times that are held; None where there are none, or they are damaged."""

    def compute() -> TravelTimes | None:
        try:
            table = load_travel_times(workspace.path)
        except UnreadableGround:
            return None
        return None if table is None else _as_matrix(table, small_areas(workspace.ground))

    return workspace.derived("travel times", travel_times_stamp(workspace.path), compute)


def ways_attribution(workspace: Workspace) -> tuple[str, ...]:
    """The lines that the licences of the roads and the table ask for."""
    held = (roads_held(workspace), travel_times_held(workspace))
    return tuple(line for each in held if each is not None for line in each.attribution)


def _as_matrix(table: pd.DataFrame, areas: SmallAreas) -> TravelTimes:
    rows = pd.Index(areas.codes).get_indexer(pd.Index(table[AREA]))
    ids = sorted(table[SITE].unique())
    columns = pd.Index(ids).get_indexer(pd.Index(table[SITE]))
    values = np.full((len(areas.codes), len(ids)), np.inf)
    held = rows >= 0
    values[rows[held], columns[held]] = table[MINUTES].to_numpy(dtype=np.float64)[held]
    return TravelTimes({site: number for number, site in enumerate(ids)}, values)
