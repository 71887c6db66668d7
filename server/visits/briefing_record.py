"""What the office's own registers hold of a place: visits, what was raised, and what is planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from boundaries.place import Place
from geo.dates import DateInterval
from layers.programme import ISSUES, PLANNED_STOPS, held
from layers.visited import at_places, by_district
from server.services import services
from server.visits.briefing_places import Point, stops_before


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop of a visit, when it was as far as is known, and how far off in a straight line.

    ``by_district``: no more than its district is known, so it is near no place.
    """

    visit_id: str
    when: DateInterval
    place: str
    visit_type: str
    visitor: str
    reason: str
    distance_m: float | None
    by_district: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """What was raised with the office, and what became of it; ``due`` is None where no day is set.

    ``here``: it was raised at a stop near the place, or at a place of its name.
    """

    when: DateInterval
    place: str
    theme: str
    issue: str
    referred_to: str
    status: str
    due: DateInterval | None
    outcome: str
    here: bool

    def overdue(self, on: date) -> bool:
        """Whether its answer was surely due before a day."""
        return self.due is not None and self.due.date_to < on


@dataclass(frozen=True, slots=True)
class Planned:
    """A stop that is planned; ``when`` may be wider than the day."""

    when: DateInterval
    starts: str
    place: str
    visitor: str
    visit_type: str
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """Visits before the day, the latest first, what was raised at them, and stops of the day.

    ``in_npa`` leaves out the stops that are ``near``. ``open_issues`` are of the whole NPA,
    those longest overdue first; ``stops_held`` and ``issues_held`` count the whole registers.
    """

    near: tuple[Stop, ...]
    in_npa: tuple[Stop, ...]
    raised_here: tuple[Issue, ...]
    open_issues: tuple[Issue, ...]
    planned: tuple[Planned, ...]
    stops_held: int
    issues_held: int


def record_of(place: Place, at_m: Point, npa_code: str, on: date, near_m: float) -> Record:
    """The record of a place, and of its NPA, as it stands on a day."""
    stops = stops_before(on)
    by_date = stops.sort_values(
        ["date_to", "date_from", "visit_id"], ascending=[False, False, True]
    )
    away_m = np.where(at_places(by_date), by_date.distance(shapely.Point(at_m)), np.nan)
    near = np.nan_to_num(away_m, nan=np.inf) <= near_m
    same_npa = np.asarray(by_date["npa_code"] == npa_code) & bool(npa_code)
    issues = _issues(
        on,
        {place.name.casefold(), place.label.casefold()},
        set(by_date.loc[near, "visit_id"]),
        set(by_date.loc[near | same_npa, "visit_id"]),
    )
    still_open = [issue for issue in issues if issue.status != "closed"]
    workspace = services().workspace
    return Record(
        near=_stops(by_date[near], away_m[near]),
        in_npa=_stops(by_date[same_npa & ~near], away_m[same_npa & ~near]),
        raised_here=tuple(issue for issue in issues if issue.here),
        open_issues=tuple(sorted(still_open, key=_by_due)),
        planned=_planned(on),
        stops_held=len(stops),
        issues_held=len(held(workspace, ISSUES)),
    )


def _stops(rows: pd.DataFrame, away_m: np.ndarray[Any, Any]) -> tuple[Stop, ...]:
    return tuple(
        Stop(
            visit_id=row["visit_id"],
            when=DateInterval(row["date_from"].date(), row["date_to"].date()),
            place=row["place"],
            visit_type=row["visit_type"],
            visitor=row["visitor"],
            reason=row["reason"],
            distance_m=None if np.isnan(far) else float(far),
            by_district=bool(wide),
        )
        for row, far, wide in zip(rows.to_dict("records"), away_m, by_district(rows), strict=True)
    )


def _issues(on: date, names: set[str], near: set[str], here_or_npa: set[str]) -> list[Issue]:
    """What was raised by the day at these stops, or at the place by its names, the latest first."""
    found = []
    for row in held(services().workspace, ISSUES).to_dict("records"):
        when = DateInterval.parse(row["date"])
        here = row["visit_id"] in near or row["place"].casefold() in names
        if when.date_from > on or not (here or row["visit_id"] in here_or_npa):
            continue
        found.append(
            Issue(
                when=when,
                place=row["place"],
                theme=row["theme"],
                issue=row["issue"],
                referred_to=row["referred_to"],
                status=row["status"],
                due=DateInterval.parse(row["due"]) if row["due"] else None,
                outcome=row["outcome"],
                here=here,
            )
        )
    return sorted(found, key=lambda issue: issue.when, reverse=True)


def _planned(on: date) -> tuple[Planned, ...]:
    """The stops that are planned, surely or possibly, for a day, in the order of going."""
    day = DateInterval(on, on)
    found = []
    stops = held(services().workspace, PLANNED_STOPS).sort_values("plan_id", kind="stable")
    for row in stops.to_dict("records"):
        when = DateInterval.parse(row["date"])
        if row["status"] == "planned" and when.membership(day) != "out":
            said = (row[name] for name in ("starts", "place", "visitor", "visit_type", "reason"))
            found.append(Planned(when, *said))
    return tuple(sorted(found, key=lambda stop: (stop.when, stop.starts)))


def _by_due(issue: Issue) -> tuple[date, date]:
    return (issue.due.date_to if issue.due else date.max, issue.when.date_from)
