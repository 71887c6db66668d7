"""Whether a site stood on a day, by its own dates and by what is held of its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from geo.dates import DateInterval

Stay = tuple[DateInterval | None, DateInterval | None]
"""When a site opened and when it closed again; None where it is not known, or has not."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a site's history by its kind."""

    when: DateInterval
    event: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The stay of a site that a day falls into, and its status then.

    ``doubtful``: it stood only possibly, whatever the day. ``doubts`` name what is in doubt.
    """

    first: DateInterval | None
    last: DateInterval | None
    status: str
    doubtful: bool
    doubts: tuple[str, ...] = ()


def standing_of(
    status: str,
    opened: str,
    closed: str,
    history: Sequence[Happening],
    day: date | None,
    today: date | None = None,
) -> Standing:
    """How a site stood on a day.

    Args:
        status: what its own record says.
        opened, closed: its own dates, empty where they are not known.
        history: its events in order.
        day: the day; without it, the whole of its time, with its status as it is.
        today: when its own record was read.
    """
    stays = stays_of(opened, closed, history)
    planned = next((each.when for each in history if each.event == "planned"), None)
    if day is None:
        lost = status == "closed" and stays[-1][1] is None
        doubtful = lost or status in ("unknown", "planned")
        return Standing(stays[0][0], stays[-1][1], status, doubtful)
    first, last = _stay_on(stays, day)
    if planned and first and planned.date_from <= day < first.date_from:
        return Standing(planned, _day_before(first), "planned", doubtful=True)
    opened_by_then = any(each.event == "opened" and each.when.date_to <= day for each in history)
    if status == "planned" and not opened_by_then:
        return Standing(first or planned, last, status, doubtful=True)
    on, doubt = _status_on(status, (first, last), history, day, today or day)
    lost = status == "closed" and last is None
    return Standing(first, last, on, lost or status == "unknown", doubt)


def stays_of(opened: str, closed: str, history: Sequence[Happening]) -> list[Stay]:
    """Every stay in order, the last of them open where no closing is known."""
    turns = [
        (when, kind)
        for kind, own in (("opened", opened), ("closed", closed))
        for when in _told(own, [each.when for each in history if each.event == kind])
    ]
    stays: list[Stay] = []
    begun: DateInterval | None = None
    standing = True
    for number, (when, kind) in enumerate(sorted(turns)):
        if kind == "opened" and (not standing or number == 0):
            begun, standing = when, True
        elif kind == "closed" and standing:
            stays.append((begun, when))
            standing = False
    return [*stays, (begun, None)] if standing else stays


def _told(own: str, events: Sequence[DateInterval]) -> list[DateInterval]:
    """The dates of a kind, each once: where two may be one, what both allow."""
    found: list[DateInterval] = []
    for when in [*([DateInterval.parse(own)] if own else []), *events]:
        for place, other in enumerate(found):
            first, last = (
                max(when.date_from, other.date_from),
                min(when.date_to, other.date_to),
            )
            if first <= last:
                found[place] = DateInterval(first, last)
                break
        else:
            found.append(when)
    return found


def _stay_on(stays: Sequence[Stay], day: date) -> Stay:
    """The last stay that had begun by a day, for all that is known; else the first."""
    begun = [stay for stay in stays if stay[0] is None or stay[0].date_from <= day]
    surely = [stay for stay in begun if _surely(stay, day)]
    return (surely or begun or [stays[0]])[-1]


def _surely(stay: Stay, day: date) -> bool:
    first, last = stay
    return (first is None or first.date_to <= day) and (last is None or day <= last.date_from)


def _status_on(
    status: str, stay: Stay, history: Sequence[Happening], day: date, today: date
) -> tuple[str, tuple[str, ...]]:
    first, last = stay
    if last and day > last.date_to:
        return "closed", ()
    if last and day > last.date_from:
        return "unknown", ("status",)
    if first and day < first.date_from:
        return "unknown", ()
    standing = "open" if last or status in ("closed", "planned") else status
    if last is None and status == "closed":
        return (status, ()) if day >= today else ("unknown", ("status",))
    disposal = [
        each.when
        for each in history
        if each.event == "for-disposal" and (first is None or first.date_from <= each.when.date_to)
    ]
    if not disposal:
        return standing, ()
    if any(when.date_from <= day < when.date_to for when in disposal):
        return "unknown", ("status",)
    if any(when.date_to <= day for when in disposal):
        called_off = status == "open" and last is None and day >= today
        return ("open" if called_off else "for-disposal"), ()
    return ("open" if standing == "for-disposal" else standing), ()


def _day_before(when: DateInterval) -> DateInterval:
    return DateInterval(*(day - timedelta(days=1) for day in (when.date_from, when.date_to)))
