"""Agreed days as a calendar file (iCalendar, RFC 5545), to be opened by any diary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from boundaries.ground import Ground
from server.visits.plan.agreed import AgreedDay

MAKER: Final = "-//Patchmap//Community visits//EN"


def calendar_of(days: Sequence[AgreedDay], ground: Ground, at: datetime) -> bytes:
    """A calendar with an event for each day, its stops in the order of going.

    A day keeps its identifier, so that a diary which reads the file again changes its event.
    """
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    for day in days:
        calendar.add_component(_event(day, ground, at))
    return bytes(calendar.to_ical())


def _event(day: AgreedDay, ground: Ground, at: datetime) -> Event:
    areas = ", ".join(ground.npa_label(code) for code in day.npas)
    event = Event()
    event.add("uid", f"{min(day.ids)}@patchmap")
    event.add("dtstamp", at)
    event.add("dtstart", day.date)
    event.add("dtend", day.date + timedelta(days=1))
    event.add("summary", f"Community day: {day.places[0]}" + (f" ({areas})" if areas else ""))
    event.add("location", "; ".join(day.places))
    lines = [f"{number}. {place}" for number, place in enumerate(day.places, start=1)]
    if day.minutes is not None and len(day.places) > 1:
        lines.append(f"Travel between the stops: about {day.minutes:.0f} minutes (estimate).")
    event.add("description", "\n".join([*lines, *day.reasons, *day.conflicts]))
    return event
