"""Events that bend the figures of a force area: what happened, when, and why it matters."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from geo.dates import DateInterval
from layers.demo import PACK, is_demo
from layers.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Event:
    """One event, the days within which it lay, and from where it is known.

    ``npa_code`` is empty where it is not of one Neighbourhood Policing Area. ``bends`` is "crime"
    or "visits" where it is the figures of that alone, else empty.
    """

    when: DateInterval
    place: str
    npa_code: str
    event: str
    why_it_matters: str
    source: str
    bends: str = ""


def events_of(workspace: Workspace) -> tuple[Event, ...]:
    """The events that are known for the force area of a workspace, in the order of the file.

    They are those of the demonstration's force area; where it was not loaded none is known.
    """
    return _shipped() if is_demo(workspace) else ()


def events_in(workspace: Workspace, span: DateInterval) -> tuple[Event, ...]:
    """The events that are known and lie at least partly in a span of days."""
    return tuple(event for event in events_of(workspace) if event.when.membership(span) != "out")


@cache
def _shipped() -> tuple[Event, ...]:
    with (PACK / "events.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Event(
                when=_when(row["date_from"], row["date_to"]),
                place=row["place"],
                npa_code=row["npa_code"],
                event=row["event"],
                why_it_matters=row["why_it_matters"],
                source=row["source"],
                bends=row["bends"],
            )
            for row in csv.DictReader(stream)
        )


def _when(date_from: str, date_to: str) -> DateInterval:
    first = DateInterval.parse(date_from)
    return DateInterval(first.date_from, DateInterval.parse(date_to).date_to) if date_to else first
