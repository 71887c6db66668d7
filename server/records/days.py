"""The days of visits as the office prepares them and looks back on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from geo.dates import DateInterval
from layers import programme
from layers.checklist import DayStop, councillors_of, stops_of, usual_items
from layers.visits import SCHEMA as VISITS
from layers.workspace import Workspace
from server.records.followups import days_late

DAYS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do before a day; ``done`` is the date on which it was, or empty."""

    preparation_id: str
    task: str
    kind: str
    place: str
    due: str
    done: str
    answer: str
    councillor: Mapping[str, Any] | None
    late: bool


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A day among others: where it goes, how far its list is done, what was recorded of it."""

    day: date
    places: tuple[str, ...]
    items: int
    done: int
    late: int
    issues: int


def items_of(workspace: Workspace, day: date, today: date) -> list[Item]:
    """The checklist of a day, in order of when each is due."""
    held = programme.held(workspace, programme.PREPARATIONS)
    councillors = {
        row["councillor_id"]: row
        for row in programme.held(workspace, programme.COUNCILLORS).to_dict("records")
    }
    rows = held[held["visit_date"] == day.isoformat()].to_dict("records")
    found = [
        Item(
            row["preparation_id"],
            row["task"],
            row["kind"],
            row["place"],
            row["due"],
            row["done"],
            row["answer"],
            councillors.get(row["councillor_id"]),
            late=not row["done"] and days_late(row["due"], today) > 0,
        )
        for row in rows
    ]
    return sorted(found, key=lambda item: (not item.due, item.due, item.preparation_id))


def usual_checklist(workspace: Workspace, day: date, stops: list[DayStop]) -> list[dict[str, str]]:
    """The usual items of a day that are not on its list yet."""
    held = programme.held(workspace, programme.PREPARATIONS)
    existing = held[held["visit_date"] == day.isoformat()]
    councillors = programme.held(workspace, programme.COUNCILLORS)
    return usual_items(day, stops, councillors_of(stops, councillors), existing)


def wards_without_councillor(workspace: Workspace, stops: list[DayStop]) -> list[str]:
    """The wards, or places whose ward is not known, of which no councillor is held."""
    councillors = programme.held(workspace, programme.COUNCILLORS)
    return list(
        dict.fromkeys(
            stop.ward or f"{stop.place} (its ward is not known)"
            for stop in stops
            if not councillors_of([stop], councillors)
        )
    )


def next_days(workspace: Workspace, today: date) -> list[DaySummary]:
    """The next days that are planned or prepared."""
    return _summaries(workspace, sorted(_days(workspace, after=today)), today)


def last_days(workspace: Workspace, today: date) -> list[DaySummary]:
    """The last days that are over, the latest first."""
    over = sorted((day for day in _days(workspace) if day < today), reverse=True)
    return _summaries(workspace, over, today)


def _days(workspace: Workspace, after: date | None = None) -> set[date]:
    """Days with a stop that stands, or with a checklist and no stop that was called off."""
    planned = programme.held(workspace, programme.PLANNED_STOPS)
    called_off = set(planned.loc[planned["status"] == "cancelled", "date"])
    prepared = set(programme.held(workspace, programme.PREPARATIONS)["visit_date"])
    texts: Iterable[str] = (
        *planned.loc[planned["status"] == "planned", "date"],
        *(prepared - called_off),
        *(str(row["date"]) for row in workspace.store.held(VISITS, ("date",)).values()),
    )
    intervals = {DateInterval.parse(text) for text in texts}
    days = {interval.date_from for interval in intervals if interval.is_day}
    return {day for day in days if after is None or day >= after}


def _summaries(workspace: Workspace, days: list[date], today: date) -> list[DaySummary]:
    raised = programme.held(workspace, programme.ISSUES)["date"]
    found = []
    for day in days[:DAYS_SHOWN]:
        items = items_of(workspace, day, today)
        places = [stop.place for stop in stops_of(workspace, day)] + [item.place for item in items]
        found.append(
            DaySummary(
                day,
                tuple(dict.fromkeys(places)),
                len(items),
                sum(bool(item.done) for item in items),
                sum(item.late for item in items),
                int((raised == day.isoformat()).sum()),
            )
        )
    return found
