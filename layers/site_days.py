"""Sites folded with their history onto one day: what stood then, and how.

A date that is known by its year or month alone leaves what changed then in doubt on every day
within it. What is in doubt is told as unknown, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

import geopandas as gpd
import pandas as pd
import shapely

from geo.dates import DateInterval
from layers.opening_hours import week_of
from layers.register_layer import day_column
from layers.site_standing import Happening, standing_of, stays_of

UNKNOWN: Final = "unknown"
NEVER: Final = pd.Timestamp("1677-12-31").as_unit("s")
T = TypeVar("T")
Change = tuple[DateInterval, T]


@dataclass(frozen=True, slots=True)
class _Event:
    """One event of a site's history."""

    when: DateInterval
    event: str
    public_access: str
    hours: str
    point: shapely.Point | None


def on_day(
    sites: gpd.GeoDataFrame, history: pd.DataFrame, day: date | None, today: date | None = None
) -> gpd.GeoDataFrame:
    """The sites as they were on a day: status, public access, hours and place.

    The days from and to which each stood are added (``date_from``, ``date_to``; surely from
    ``sure_from`` to ``sure_to``), the hours in words and in number of that week, and
    ``in_doubt``, which names what a date in doubt leaves unknown.

    What a site's own record says holds on ``today``, on which the register is read, and on every
    day that no change separates from it. Beyond a change the last one before the day counts, and
    where none is held, the value is unknown. Without ``day`` the records stay as they are.

    Args:
        sites: the stored fields of sites, geometry in EPSG:27700.
        history: the stored fields of their events, geometry in EPSG:27700.
        day: the day to look at.
        today: the day on which the records are read; ``day`` unless it is given.
    """
    events = _events(history)
    rows = [
        _folded(row, events.get(str(row["site_id"]), ()), day, today or day)
        for row in sites.to_dict("records")
    ]
    names = ("status", "public_access", "hours", "hours_in_words", "in_doubt")
    standing = [row["standing"] for row in rows]
    return sites.assign(
        **{name: pd.Series([row[name] for row in rows], dtype=object) for name in names},
        hours_a_week=pd.Series([row["hours_a_week"] for row in rows], dtype="float64"),
        geometry=gpd.GeoSeries([row["geometry"] for row in rows], crs=sites.crs),
        date_from=day_column([each.first and each.first.date_from for each in standing]),
        sure_from=day_column([each.first and each.first.date_to for each in standing]),
        date_to=day_column([each.last and each.last.date_to for each in standing]),
        sure_to=day_column([each.last and each.last.date_from for each in standing]).mask(
            pd.Series([each.doubtful for each in standing], dtype=bool), NEVER
        ),
    )


def _events(history: pd.DataFrame) -> dict[str, list[_Event]]:
    found: dict[str, list[_Event]] = {}
    for row in history.to_dict("records"):
        event = _Event(
            DateInterval.parse(row["date"]),
            row["event"],
            row["public_access"],
            row["hours"],
            row["geometry"],
        )
        found.setdefault(str(row["site_id"]), []).append(event)
    return {site: sorted(events, key=lambda each: each.when) for site, events in found.items()}


def _folded(
    row: Mapping[str, Any], events: Sequence[_Event], day: date | None, today: date | None
) -> dict[str, Any]:
    happenings = tuple(Happening(each.when, each.event) for each in events)
    standing = standing_of(row["status"], row["opened"], row["closed"], happenings, day, today)
    access, place = row["public_access"], row["geometry"]
    hours, doubts = row["hours"], standing.doubts
    if day is not None and today is not None:
        access, hours, place, found = _values(row, events, day, today)
        doubts = (*doubts, *found)
    week = week_of(hours, day) if hours and day else None
    return {
        "standing": standing,
        "status": standing.status,
        "public_access": access,
        "hours": hours,
        "hours_in_words": week.in_words() if week else "",
        "hours_a_week": week.hours if week else None,
        "geometry": place,
        "in_doubt": ", ".join(doubts),
    }


def _values(
    row: Mapping[str, Any], events: Sequence[_Event], day: date, today: date
) -> tuple[str, str, shapely.Point | None, list[str]]:
    """Access, hours and place on a day, and which of them are in doubt."""
    ends = _ends(row, events, today)
    told = [
        (each.when, each.public_access or UNKNOWN)
        for each in events
        if each.public_access or each.event == "access-changed"
    ]
    access, doubtful = value_on(
        sorted([*told, *ends], key=_when),
        str(row["public_access"]),
        UNKNOWN,
        day,
        today,
    )
    doubts = ["public access"] * doubtful
    told = [
        (each.when, each.hours) for each in events if each.hours or each.event == "hours-changed"
    ]
    hours, doubtful = value_on(
        sorted([*told, *((when, "") for when, _ in ends)], key=_when),
        str(row["hours"] or ""),
        "",
        day,
        today,
    )
    doubts += ["hours"] * doubtful
    place, doubtful = value_on(
        [(each.when, each.point) for each in events if each.point or each.event == "moved"],
        row["geometry"],
        None,
        day,
        today,
    )
    return access, hours, place, [*doubts, *["place"] * doubtful]


def _ends(row: Mapping[str, Any], events: Sequence[_Event], today: date) -> list[Change[str]]:
    """What ends public access: a closing, also one whose date is not known, and begins it anew."""
    happenings = [Happening(each.when, each.event) for each in events]
    stays = stays_of(row["opened"], row["closed"], happenings)
    ends = [(last, "none") for _, last in stays if last]
    ends += [(first, UNKNOWN) for first, _ in stays[1:] if first]
    first, last = stays[-1]
    if row["status"] == "closed" and last is None:
        begun = first.date_from if first else date.min
        ends.append((DateInterval(min(begun, today), today), "none"))
    return ends


def _when(change: Change[str]) -> DateInterval:
    return change[0]


def value_on(
    changes: Sequence[Change[T]], own: T, unknown: T, day: date, today: date
) -> tuple[T, bool]:
    """What held on a day, and whether a change that may lie on either side of it leaves a doubt.

    >>> spring = DateInterval.parse("2014-05")
    >>> value_on([(spring, "none")], "none", "unknown", date(2015, 1, 1), date(2026, 1, 1))
    ('none', False)
    >>> value_on([(spring, "none")], "none", "unknown", date(2014, 5, 9), date(2026, 1, 1))
    ('unknown', True)
    >>> value_on([(spring, "none")], "none", "unknown", date(2010, 1, 1), date(2026, 1, 1))
    ('unknown', False)
    """
    done = [value for when, value in changes if when.date_to <= day]
    before = done[-1] if done else unknown
    perhaps = [value for when, value in changes if when.date_from <= day < when.date_to]
    if any(value != before for value in perhaps):
        return unknown, True
    if all(_side(when, day) == _side(when, today) != "within" for when, _ in changes):
        return (own if own != unknown else before), False
    return before, False


def _side(when: DateInterval, day: date) -> str:
    if when.date_to <= day:
        return "after"
    return "before" if day < when.date_from else "within"
