"""Days that are agreed: their stops in the order of going, and what is against each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from geo.route import MOST_PLACES, shortest_route
from server.services import Services
from server.visits.plan.asked import PlanAsked, Usable
from server.visits.plan.dates import why_not
from server.visits.plan.planner import stops_held
from server.visits.plan.stops import AGREED, planned_stops

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AgreedDay:
    """A day that is agreed: one visitor on one date, its places in the order of going.

    ``points_m`` (EPSG:27700) has None for a place without a position; ``minutes`` of travel are
    None where they cannot be estimated. ``conflicts`` are sentences about what is against it.
    """

    date: date
    visitor: str
    places: tuple[str, ...]
    ids: tuple[str, ...]
    npas: tuple[str, ...]
    points_m: tuple[Point | None, ...]
    minutes: float | None
    reasons: tuple[str, ...]
    conflicts: tuple[str, ...]


def agreed_days(have: Services, asked: PlanAsked) -> tuple[AgreedDay, ...]:
    """The agreed days from today or the plan's first day on, by date, with their conflicts."""
    frame = planned_stops(have, AGREED)
    frame = frame[frame["day"] >= min(have.today, asked.period.date_from)]
    groups = list(frame.groupby(["day", "visitor"], sort=True))
    dates = Counter(day for (day, _), _ in groups)
    visited = _visited_on(have)
    return tuple(
        _day(have, day, visitor, mine, _conflicts(day, mine, asked.usable, dates, frame, visited))
        for (day, visitor), mine in groups
    )


def _day(
    have: Services, day: date, visitor: str, stops: gpd.GeoDataFrame, conflicts: Sequence[str]
) -> AgreedDay:
    ground = have.workspace.ground
    points = [_point(geometry) for geometry in stops.geometry]
    known = [point for point in points if point is not None]
    minutes = None
    if len(known) == len(points) <= MOST_PLACES:
        route = shortest_route(known)
        stops, points = stops.iloc[list(route.order)], [points[place] for place in route.order]
        minutes = route.minutes()
    codes = ground.npas.latest_code_at([x for x, _ in known], [y for _, y in known])
    return AgreedDay(
        day,
        visitor,
        tuple(stops["place"]),
        tuple(stops["plan_id"]),
        tuple(dict.fromkeys(code for code in codes if code)),
        tuple(points),
        minutes,
        tuple(dict.fromkeys(reason for reason in stops["reason"] if reason)),
        tuple(conflicts),
    )


def _point(geometry: object) -> Point | None:
    return None if geometry is None else (float(geometry.x), float(geometry.y))  # type: ignore[attr-defined]


def _conflicts(
    day: date,
    stops: pd.DataFrame,
    usable: Usable,
    dates: Counter[date],
    every: pd.DataFrame,
    visited: set[date],
) -> list[str]:
    found = []
    if against := why_not(day, usable):
        found.append(f"The date cannot be used: {against}.")
    if dates[day] > 1:
        found.append("Another visitor has a day on the same date.")
    if day in visited:
        found.append("A visit is recorded on this date: the day may have been held already.")
    near = every[every["day"].map(lambda other: abs((other - day).days) <= 365)]
    times = Counter(near["place"])
    found += [
        f"{place} is planned {times[place]} times within a year."
        for place in dict.fromkeys(stops["place"])
        if times[place] > 1
    ]
    if stops.geometry.isna().any():
        found.append("A stop has no position, so that its area and the travel are not known.")
    return found


def _visited_on(have: Services) -> set[date]:
    stops = stops_held(have)
    known = stops[stops["date_from"] == stops["date_to"]]
    return {stamp.date() for stamp in known["date_from"]}
