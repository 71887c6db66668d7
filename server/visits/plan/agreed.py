"""Days that are agreed: kept as planned stops, moved, called off, and what is against them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.crs import to_degrees
from geo.dates import DateInterval
from geo.route import MOST_PLACES, Route, shortest_route
from layers.errors import BadQuery
from layers.files import RawRow, RawTable
from layers.programme import PLANNED_STOPS, PROGRAMME, held, take
from layers.workspace import Intake
from server.services import Services
from server.visits.plan.asked import Usable
from server.visits.plan.dates import why_not
from server.visits.plan.planner import stops_held
from server.visits.plan.proposals import Proposal

AGREED: Final = "planned"
DECLINED: Final = "declined"
CALLED_OFF: Final = "cancelled"
ID_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class AgreedDay:
    """A day that is agreed: one visitor on one date, its places in the order of going.

    ``conflicts`` are sentences about what speaks against it.
    """

    date: date
    visitor: str
    places: tuple[str, ...]
    ids: tuple[str, ...]
    npas: tuple[str, ...]
    points_m: tuple[tuple[float, float], ...]
    minutes: float | None
    reasons: tuple[str, ...]
    conflicts: tuple[str, ...]


def agreed_days(have: Services, usable: Usable) -> tuple[AgreedDay, ...]:
    """Every agreed day by date, with its conflicts."""
    frame = stops_of(have, AGREED)
    groups = list(frame.groupby(["day", "visitor"], sort=True))
    dates = Counter(day for (day, _), _ in groups)
    places = Counter(frame["place"])
    visited = _visited_on(have)
    return tuple(
        _day(have, day, visitor, mine, _conflicts(day, mine, usable, dates, places, visited))
        for (day, visitor), mine in groups
    )


def stops_of(have: Services, status: str) -> gpd.GeoDataFrame:
    """Planned stops of one status, with the ``day`` of each."""
    frame = held(have.workspace, PLANNED_STOPS)
    days = [DateInterval.parse(text).date_from for text in frame["date"]]
    return frame.assign(day=days)[(frame["status"] == status).to_numpy()]


def keep(have: Services, proposal: Proposal, on: date, status: str, reason: str) -> None:
    """Keep the stops of a proposal for a date, agreed or declined."""
    taken = set(held(have.workspace, PLANNED_STOPS)["plan_id"])
    stem = f"P-{on:%Y%m%d}"
    free = (f"{stem}-{number:0{ID_DIGITS}d}" for number in range(1, 10**ID_DIGITS))
    ids = (plan_id for plan_id in free if plan_id not in taken)
    longitude, latitude = to_degrees(*zip(*proposal.points_m, strict=True))
    _take(
        have,
        [
            {
                "plan_id": next(ids),
                "date": on.isoformat(),
                "place": place,
                "ward_code": ward_code,
                "initiated_by": "pcc-programme",
                "reason": reason,
                "status": status,
                "longitude": f"{east:.6f}",
                "latitude": f"{north:.6f}",
            }
            for place, ward_code, east, north in zip(
                proposal.places, proposal.ward_codes, longitude, latitude, strict=True
            )
        ],
    )


def move(have: Services, on: date, visitor: str, to: date) -> None:
    """Give an agreed day another date.

    Raises:
        BadQuery: no such day is agreed.
    """
    _change(have, on, visitor, {"date": to.isoformat()})


def call_off(have: Services, on: date, visitor: str) -> None:
    """Call an agreed day off; its stops stay as called off.

    Raises:
        BadQuery: no such day is agreed.
    """
    _change(have, on, visitor, {"status": CALLED_OFF})


def allow_again(have: Services, plan_id: str) -> bool:
    """Take a declined place out, so that it may be proposed again; whether there was one."""
    if plan_id not in set(stops_of(have, DECLINED)["plan_id"]):
        return False
    return have.workspace.store.remove(PLANNED_STOPS, (plan_id,), have.clock(), PROGRAMME)


def _change(have: Services, on: date, visitor: str, change: dict[str, str]) -> None:
    frame = stops_of(have, AGREED)
    mine = frame[(frame["day"] == on) & (frame["visitor"] == visitor)]
    if mine.empty:
        raise BadQuery(
            f"An agreed day of {visitor or 'a visitor'} on {on} is needed; there is none. It may "
            "have been moved or called off by somebody else: look at the plan again."
        )
    longitude, latitude = to_degrees(mine.geometry.x, mine.geometry.y)
    fields = [item.name for item in PLANNED_STOPS.stored]
    _take(
        have,
        [
            {
                **{name: str(getattr(row, name) or "") for name in fields},
                "longitude": f"{east:.6f}" if math.isfinite(east) else "",
                "latitude": f"{north:.6f}" if math.isfinite(north) else "",
                **change,
            }
            for row, east, north in zip(
                mine.itertuples(index=False), longitude, latitude, strict=True
            )
        ],
    )


def _take(have: Services, rows: Sequence[dict[str, str]]) -> None:
    header = tuple(rows[0])
    raw = tuple(RawRow(number, cells) for number, cells in enumerate(rows, start=1))
    table = RawTable("form", header, raw, has_geometry=False)
    take(table, PLANNED_STOPS, have.workspace, Intake(have.clock(), strict=True))


def _day(
    have: Services, day: date, visitor: str, stops: gpd.GeoDataFrame, conflicts: Sequence[str]
) -> AgreedDay:
    ground = have.workspace.ground
    located = stops[stops.geometry.notna()]
    x, y = located.geometry.x.to_numpy(), located.geometry.y.to_numpy()
    route = _route(list(zip(x, y, strict=True)))
    if route is not None and len(located) == len(stops):
        stops = located = stops.iloc[list(route.order)]
        x, y = located.geometry.x.to_numpy(), located.geometry.y.to_numpy()
    codes = [code for code in ground.npas.latest_code_at(x, y) if code]
    return AgreedDay(
        day,
        visitor,
        tuple(stops["place"]),
        tuple(stops["plan_id"]),
        tuple(dict.fromkeys(codes)),
        tuple(zip(x.tolist(), y.tolist(), strict=True)),
        route.minutes() if route and len(route.order) > 1 else None,
        tuple(dict.fromkeys(reason for reason in stops["reason"] if reason)),
        tuple(conflicts),
    )


def _route(points_m: Sequence[tuple[float, float]]) -> Route | None:
    return shortest_route(points_m) if 1 <= len(points_m) <= MOST_PLACES else None


def _conflicts(
    day: date,
    stops: pd.DataFrame,
    usable: Usable,
    dates: Counter[date],
    places: Counter[str],
    visited: set[date],
) -> list[str]:
    found = []
    if against := why_not(day, usable):
        found.append(f"The date cannot be used: {against}.")
    if dates[day] > 1:
        found.append("Another day is agreed for the same date.")
    if day in visited:
        found.append("A visit is recorded on this date: the day may have been held already.")
    found += [
        f"{place} is planned {places[place]} times."
        for place in dict.fromkeys(stops["place"])
        if places[place] > 1
    ]
    if stops.geometry.isna().any():
        found.append("A stop has no position, so that its area and the travel are not known.")
    return found


def _visited_on(have: Services) -> set[date]:
    stops = stops_held(have)
    known = stops[stops["date_from"] == stops["date_to"]]
    return {stamp.date() for stamp in known["date_from"]}
