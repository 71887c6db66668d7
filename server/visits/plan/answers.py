"""What the office answers to a plan: days are agreed, declined, moved and called off.

Each answer reads and writes under the lock of imports, so that two at once cannot undo each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from typing import Any

from geo.crs import to_degrees
from geo.dates import DateInterval, day_in_words
from layers.errors import ChangedMeanwhile
from layers.files import RawRow, RawTable
from layers.programme import PLANNED_STOPS, PREPARATIONS, PROGRAMME, held, take
from layers.schema import Schema
from layers.workspace import Intake
from server.services import Services
from server.visits.plan.asked import PlanAsked
from server.visits.plan.done import named, weekday
from server.visits.plan.planner import plan_of
from server.visits.plan.proposals import Proposal
from server.visits.plan.reasons import MADE_HERE, reason_for
from server.visits.plan.stops import AGREED, CALLED_OFF, DECLINED, planned_stops

VISITOR: str = next(item.default for item in PLANNED_STOPS.fields if item.name == "visitor")
"""Who goes on a proposed day, unless it is changed in the records."""


@contextmanager
def standing(have: Services, asked: PlanAsked, day: date, places: str) -> Iterator[Proposal]:
    """A proposal, as long as nobody changes what the plan rests on.

    Raises:
        ChangedMeanwhile: the plan no longer proposes these places for the day.
    """
    before = have.workspace.store.version(PROGRAMME)
    proposals = plan_of(have, asked).proposals
    chosen = next((one for one in proposals if one.date == day), None)
    with have.workspace.importing():
        changed = have.workspace.store.version(PROGRAMME) != before
        if chosen is None or "; ".join(chosen.places) != places or changed:
            raise ChangedMeanwhile(_why_not_standing(have, day, places))
        yield chosen


def _why_not_standing(have: Services, day: date, places: str) -> str:
    """Why an answer to a proposal comes too late; a button pressed twice may be the reason."""
    for status in (AGREED, DECLINED):
        stops = planned_stops(have, status)
        for on, mine in stops.groupby("day"):
            if set(mine["place"]) == set(places.split("; ")):
                word = "agreed" if status == AGREED else "declined"
                return f"{named(list(mine['place']))}: {word} already, for {weekday(on)}."
    return (
        f"The plan no longer proposes this for {day_in_words(day)}: it was made anew since the "
        "page was opened."
    )


def agree(have: Services, proposal: Proposal, on: date, reason: str) -> None:
    """Keep the stops of a proposal as agreed for a date.

    Raises:
        ChangedMeanwhile: another day is agreed for the date.
    """
    _refuse_taken(have, VISITOR, on)
    _keep(have, proposal, on, AGREED, reason)


def decline(have: Services, proposal: Proposal) -> None:
    """Keep the stops of a proposal as declined for its date."""
    _keep(have, proposal, proposal.date, DECLINED, "")


def move(have: Services, asked: PlanAsked, on: date, visitor: str, to: date) -> list[str]:
    """Give an agreed day another date, and what is to be prepared for it with it; its places.

    The planner's own reason is said anew, of the new date; one that the office wrote is kept.

    Raises:
        ChangedMeanwhile: no such day is agreed, or another is for the date.
    """
    with have.workspace.importing():
        stops = _day(have, on, visitor)
        if to != on:
            _refuse_taken(have, visitor, to)
            own = stops["plan_id"].map(lambda name: bool(MADE_HERE.fullmatch(name)))
            known = stops[stops.geometry.notna()].geometry
            points = list(zip(known.x, known.y, strict=True))
            reason = reason_for(have, asked, points, to, {"day": on, "visitor": visitor})
            for mine, change in ((own, {"reason": reason}), (~own, {})):
                if mine.any():
                    _change(have, stops[mine], {"date": to.isoformat(), **change})
            _move_preparations(have, set(stops["place"]), on, to)
    return list(stops["place"])


def call_off(have: Services, on: date, visitor: str) -> list[str]:
    """Call an agreed day off; its stops stay as called off. Its places.

    Raises:
        ChangedMeanwhile: no such day is agreed.
    """
    with have.workspace.importing():
        stops = _day(have, on, visitor)
        _change(have, stops, {"status": CALLED_OFF})
    return list(stops["place"])


def allow_again(have: Services, plan_id: str) -> tuple[str, date]:
    """Take a declined place out, so that it may be proposed again: the place and its day.

    Raises:
        ChangedMeanwhile: no such place is declined.
    """
    with have.workspace.importing():
        declined = planned_stops(have, DECLINED)
        mine = declined[declined["plan_id"] == plan_id]
        if mine.empty:
            raise ChangedMeanwhile(
                "A place that is declined is needed; this one is no longer. It may have been "
                "allowed again already."
            )
        have.workspace.store.remove(PLANNED_STOPS, (plan_id,), have.clock(), PROGRAMME)
    return str(mine["place"].iloc[0]), mine["day"].iloc[0]


def _day(have: Services, on: date, visitor: str) -> Any:
    agreed = planned_stops(have, AGREED)
    mine = agreed[(agreed["day"] == on) & (agreed["visitor"] == visitor)]
    if mine.empty:
        raise ChangedMeanwhile(
            f"An agreed day of {visitor or 'a visitor'} on {day_in_words(on)} is needed; there is "
            "none. It may have been moved or called off already."
        )
    return mine


def _refuse_taken(have: Services, visitor: str, on: date) -> None:
    agreed = planned_stops(have, AGREED)
    if ((agreed["day"] == on) & (agreed["visitor"] == visitor)).any():
        raise ChangedMeanwhile(
            f"A day of {visitor or 'this visitor'} is agreed for {day_in_words(on)} already, and "
            "one visitor has one day on one date. Choose another date."
        )


def _keep(have: Services, proposal: Proposal, on: date, status: str, reason: str) -> None:
    taken = set(held(have.workspace, PLANNED_STOPS)["plan_id"])
    free = (f"P-{on:%Y%m%d}-{number:02d}" for number in count(1))
    ids = (plan_id for plan_id in free if plan_id not in taken)
    longitude, latitude = to_degrees(*zip(*proposal.points_m, strict=True))
    stops = zip(proposal.places, proposal.ward_codes, longitude, latitude, strict=True)
    rows = [
        {
            "plan_id": next(ids),
            "date": on.isoformat(),
            "place": place,
            "ward_code": ward_code,
            "initiated_by": "pcc-programme",
            "reason": reason,
            "status": status,
            **_position(east, north),
        }
        for place, ward_code, east, north in stops
    ]
    _take(have, PLANNED_STOPS, rows)


def _change(have: Services, stops: Any, change: dict[str, str]) -> None:
    longitude, latitude = to_degrees(stops.geometry.x, stops.geometry.y)
    rows = [
        _texts(PLANNED_STOPS, row) | _position(east, north) | change
        for row, east, north in zip(stops.to_dict("records"), longitude, latitude, strict=True)
    ]
    _take(have, PLANNED_STOPS, rows)


def _move_preparations(have: Services, places: set[str], on: date, to: date) -> None:
    """The checklist goes with its day: what is due as long before it as it was."""
    frame = held(have.workspace, PREPARATIONS)
    mine = frame[(frame["visit_date"] == on.isoformat()) & frame["place"].isin(places)]
    rows = [
        _texts(PREPARATIONS, row)
        | {"visit_date": to.isoformat(), "due": _moved(row["due"], to - on)}
        for row in mine.to_dict("records")
    ]
    if rows:
        _take(have, PREPARATIONS, rows)


def _moved(text: str, by: timedelta) -> str:
    due = DateInterval.parse(text) if text else None
    return (due.date_from + by).isoformat() if due and due.is_day else text


def _texts(schema: Schema, row: dict[str, Any]) -> dict[str, str]:
    return {item.name: str(row[item.name] or "") for item in schema.stored}


def _position(east: float, north: float) -> dict[str, str]:
    known = math.isfinite(east)
    return {
        "longitude": f"{east:.6f}" if known else "",
        "latitude": f"{north:.6f}" if known else "",
    }


def _take(have: Services, schema: Schema, rows: Sequence[dict[str, str]]) -> None:
    raw = tuple(RawRow(number, cells) for number, cells in enumerate(rows, start=1))
    table = RawTable("form", tuple(rows[0]), raw, has_geometry=False)
    take(table, schema, have.workspace, Intake(have.clock(), strict=True))
