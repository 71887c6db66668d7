"""The need of each small area, from what the layers hold before the plan begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from boundaries.ground import Ground
from geo.dates import DateInterval
from geo.need import mixed_need, rank_scores
from layers.answer import answer
from layers.audience import Audience
from layers.crime_intake import ASB
from layers.query import LayerQuery
from layers.visited import at_places, places_m
from layers.workspace import Workspace
from server.services import Services
from server.visits.plan.asked import PlanAsked

FloatArray = npt.NDArray[np.float64]

VINTAGE: Final = "2021"
NEARBY_M: Final = 1000.0
MONTHS: Final = 12
LONGEST_MONTHS: Final = 24
_MONTH_DAYS: Final = 365.25 / 12


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """Small areas by point in EPSG:27700, the scores of their need, and the need as weighted.

    ``open_need`` is what a plan can still reach: none where a place nearby was visited in the
    months of rest before it begins. ``crime_months`` are those from which crime was counted.
    """

    people_m: FloatArray
    residents: FloatArray
    deprived: npt.NDArray[np.bool_]
    npa: npt.NDArray[np.object_]
    scores: Mapping[str, FloatArray]
    months_since: FloatArray
    need: FloatArray
    open_need: FloatArray
    crime_months: tuple[str, ...]

    def alone(self, part: str) -> FloatArray:
        """The need if this part of it alone were weighed."""
        return mixed_need(self.residents, {part: self.scores[part]}, {part: 1.0})

    def by_npa(self, codes: tuple[str, ...], values: FloatArray) -> dict[str, float]:
        """Values of the small areas added up by the NPA in which their points lie."""
        return {code: float(values[self.npa == code].sum()) for code in codes}


def need_of(have: Services, asked: PlanAsked, stops: gpd.GeoDataFrame) -> Need:
    """The need as it stands on the day before the plan begins; ``stops`` are all visits held."""
    ground, begins = have.workspace.ground, asked.period.date_from
    table = ground.small_areas[VINTAGE]
    people_m = table[["easting_m", "northing_m"]].to_numpy(dtype=float)
    residents = table["residents"].to_numpy(dtype=float)
    months_since = _months_since(people_m, stops, begins, asked.reach.reach_m)
    nearby = _Nearby(people_m, residents)
    crimes, months = _crimes(have.workspace, begins)
    scores = {
        "residents": np.ones(len(table)),
        "deprivation": (10 - table["imd2025_decile"].to_numpy(dtype=float)) / 9,
        "crime": nearby.rate_scores(crimes) if months else np.full(len(table), np.nan),
        "street_safe": nearby.rate_scores(_reports(have, begins)),
        "time": np.minimum(months_since, LONGEST_MONTHS) / LONGEST_MONTHS,
        "zone": _in_zone(have, people_m, begins),
    }
    need = mixed_need(residents, scores, dict(asked.weights))
    rested = months_since >= asked.reach.rested_months
    return Need(
        people_m,
        residents,
        scores["deprivation"] >= (10 - 3) / 9,
        _npa_of(ground, people_m),
        scores,
        months_since,
        need,
        np.where(rested, need, 0.0),
        months,
    )


class _Nearby:
    """Counts within a kilometre of each small area's point, for each resident within it."""

    def __init__(self, people_m: FloatArray, residents: FloatArray) -> None:
        self._people_m = people_m
        self._tree = cKDTree(people_m) if len(people_m) else None
        near = self._tree.query_ball_point(people_m, NEARBY_M) if self._tree else []
        self._residents = np.array([residents[mine].sum() for mine in near])

    def rate_scores(self, points_m: FloatArray) -> FloatArray:
        """How high each small area's rate stands among all; unknown where nothing is held."""
        if self._tree is None or not len(points_m):
            return np.full(len(self._people_m), np.nan)
        counts = cKDTree(points_m).query_ball_point(self._people_m, NEARBY_M, return_length=True)
        return rank_scores(counts / np.maximum(self._residents, 1))


def _months_since(
    people_m: FloatArray, stops: gpd.GeoDataFrame, begins: date, reach_m: float
) -> FloatArray:
    """Months from the last visit within reach of each point; infinite where none is held.

    A date in doubt is taken at its latest; a stop that is known by its district alone reaches none.
    """
    past = stops[(stops["date_to"] < pd.Timestamp(begins)) & at_places(stops)]
    last = np.full(len(people_m), -np.inf)
    if len(past) and len(people_m):
        days = past["date_to"].to_numpy().astype("datetime64[D]").astype(float)
        near = cKDTree(places_m(past)).query_ball_point(people_m, reach_m)
        last = np.array([days[mine].max() if mine else -np.inf for mine in near])
    months: FloatArray = (np.datetime64(begins, "D").astype(float) - last) / _MONTH_DAYS
    return months


def _crimes(workspace: Workspace, begins: date) -> tuple[FloatArray, tuple[str, ...]]:
    """Positions of the crimes of the last twelve months that are held before a day."""
    last = (begins - timedelta(days=1)).isoformat()[:7]
    months = tuple(month for month in workspace.crime.months() if month <= last)[-MONTHS:]

    def compute() -> FloatArray:
        found = [np.empty((0, 2))]
        for month in months:
            points = workspace.crime.points(month)
            kept = (np.asarray(points.crime_type) != ASB) & np.isfinite(points.easting_m)
            found.append(np.column_stack((points.easting_m[kept], points.northing_m[kept])))
        return np.concatenate(found)

    key = ("plan", "crimes", months)
    return workspace.derived(key, workspace.crime.version(), compute), months


def _reports(have: Services, begins: date) -> FloatArray:
    frame = _held(have, "street_safe", DateInterval(date.min, begins - timedelta(days=1)))
    return np.column_stack((frame.geometry.x, frame.geometry.y)) if len(frame) else np.empty((0, 2))


def _in_zone(have: Services, people_m: FloatArray, begins: date) -> FloatArray:
    zones = _held(have, "people_zones", None, begins)
    if zones.empty:
        return np.zeros(len(people_m))
    outline = shapely.union_all(zones.geometry.to_numpy())
    return np.asarray(shapely.contains_xy(outline, people_m), dtype=float)


def _held(
    have: Services, layer_id: str, period: DateInterval | None, as_of: date | None = None
) -> gpd.GeoDataFrame:
    """What a layer holds of a time, as staff see it."""
    query = LayerQuery(layer_id, Audience.STAFF, period=period, as_of=as_of)
    return answer(have.registry.get(layer_id), have.workspace, query, have.today).records


def _npa_of(ground: Ground, people_m: FloatArray) -> npt.NDArray[np.object_]:
    return ground.npas.latest_code_at(people_m[:, 0], people_m[:, 1])
