"""The checklist before a day of visits: whom to ask, what to announce and what to run, by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import geopandas as gpd
import numpy as np

from boundaries.ground import Ground
from boundaries.nearest_ward import nearest_ward
from layers.programme import PLANNED_STOPS, held
from layers.visits import SCHEMA as VISITS
from layers.workspace import Workspace

COUNCILLOR_DAYS_BEFORE: Final = 28
NOTICE_DAYS_BEFORE: Final = 14
SURVEY_DAYS_BEFORE: Final = 7


@dataclass(frozen=True, slots=True)
class DayStop:
    """A stop of one day, planned or made, and the ward in which it is, as far as that is known.

    ``visit_id`` is empty for a planned one: what is raised there belongs to the day and the place.
    """

    place: str
    visit_id: str
    what: str
    ward_code: str
    ward: str


def stops_of(workspace: Workspace, day: date) -> list[DayStop]:
    """The stops of a day: those that are planned and stand, then those that were made."""
    planned = held(workspace, PLANNED_STOPS)
    planned = planned[(planned["date"] == day.isoformat()) & (planned["status"] == "planned")]
    made = workspace.store.frame(VISITS)
    made = made[made["date"] == day.isoformat()]
    stops = [
        _stop(workspace.ground, row, "", "Planned", given)
        for row, given in zip(_rows(planned), planned["ward_code"], strict=True)
    ]
    return stops + [
        _stop(workspace.ground, row, str(row["visit_id"]), "Visited", "") for row in _rows(made)
    ]


def councillors_of(stops: Iterable[DayStop], councillors: gpd.GeoDataFrame) -> list[dict[str, str]]:
    """The councillors whose ward is that of a stop, by its code or its name, each once.

    A stop that is named like a ward or division is taken to be in it. ``stop`` names the place.
    """
    found: dict[str, dict[str, str]] = {}
    for stop in stops:
        names = {_plain(name) for name in (stop.ward, stop.place) if name}
        for row in _rows(councillors):
            by_code = bool(row["ward_code"]) and row["ward_code"] == stop.ward_code
            if by_code or (not row["ward_code"] and _plain(str(row["ward"])) in names):
                found.setdefault(str(row["councillor_id"]), _as_text(row) | {"stop": stop.place})
    return list(found.values())


def usual_items(
    day: date,
    stops: Sequence[DayStop],
    councillors: Sequence[Mapping[str, str]],
    existing: gpd.GeoDataFrame,
) -> list[dict[str, str]]:
    """What is usually done before a day and is not on its list yet, in order of when it is due.

    Each councillor is asked once; each place has a notice and a survey.
    """
    kept = set(zip(existing["kind"], existing["councillor_id"], strict=True))
    placed = set(zip(existing["kind"], existing["place"], strict=True))
    items = [
        _item(
            day,
            COUNCILLOR_DAYS_BEFORE,
            place=row["stop"],
            kind="councillor",
            task=f"Ask {row['name']} ({row['ward']}) what matters in {row['stop']}",
            councillor_id=row["councillor_id"],
        )
        for row in councillors
        if ("councillor", row["councillor_id"]) not in kept
    ]
    for kind, days_before, task in (
        ("notice", NOTICE_DAYS_BEFORE, "Announce the visit to {} on social media"),
        ("survey", SURVEY_DAYS_BEFORE, "Make the survey to be run in {} ready"),
    ):
        for place in dict.fromkeys(stop.place for stop in stops):
            if (kind, place) not in placed:
                task_there = task.format(place)
                items.append(_item(day, days_before, place=place, kind=kind, task=task_there))
    return items


def _item(day: date, days_before: int, **values: str) -> dict[str, str]:
    due = day - timedelta(days=days_before)
    return {"visit_date": day.isoformat(), "due": due.isoformat(), **values}


def _stop(
    ground: Ground, row: Mapping[str, object], visit_id: str, what: str, given: str
) -> DayStop:
    place = str(row["place"])
    code = given or _ward_code(ground, place, row["geometry"])
    names = ground.wards.loc[ground.wards["code"] == code, "name"]
    return DayStop(place, visit_id, what, code, str(names.iloc[0]) if len(names) else "")


def _ward_code(ground: Ground, place: str, point: object) -> str:
    """The ward of a position or, without one, of the only ward or settlement of that name."""
    if point is not None:
        return _ward_at(ground, point.x, point.y)  # type: ignore[attr-defined]
    wards = ground.wards[ground.wards["name"].map(_plain) == _plain(place)]
    if len(wards) == 1:
        return str(wards["code"].iloc[0])
    towns = ground.settlements[ground.settlements["name"].map(_plain) == _plain(place)]
    if len(towns) == 1:
        return _ward_at(ground, *towns[["easting_m", "northing_m"]].to_numpy()[0])
    return ""


def _ward_at(ground: Ground, x_m: float, y_m: float) -> str:
    return str(nearest_ward(ground, np.array([x_m]), np.array([y_m]))[0])


def _rows(frame: gpd.GeoDataFrame) -> list[dict[str, object]]:
    return [dict(row) for row in frame.to_dict("records")]


def _as_text(row: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in row.items() if name != "geometry"}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
