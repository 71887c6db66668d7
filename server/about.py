"""What the data are, where they come from, and how the figures are made."""

from __future__ import annotations

from typing import Any

from boundaries.provenance import Source, read_sources
from boundaries.shipped_files import SOURCES
from geo.crs import stated_accuracy_m
from geo.dates import DateInterval, day_in_words
from geo.disclosure import DEFAULT_THRESHOLD
from layers.answer import answer
from layers.audience import Audience
from layers.demo import is_demo, pack_sources
from layers.events import events_of
from layers.glossary import local_glossary
from layers.query import everything
from server.access import current_audience
from server.services import services


def about_context() -> dict[str, Any]:
    """Everything the page shows."""
    staff = current_audience() is Audience.STAFF
    return {
        "sources": all_sources(),
        "layer_rows": _layer_rows(),
        "events": _events(),
        "glossary": list(local_glossary(services().workspace).items()),
        "method": _method(),
        "imports": services().workspace.store.imports() if staff else [],
    }


def all_sources() -> tuple[Source, ...]:
    """The sources of the ground and, where the pack was loaded, of the pack."""
    ground = read_sources(SOURCES)
    return (*ground, *pack_sources()) if is_demo(services().workspace) else ground


def _layer_rows() -> list[tuple[str, str, str]]:
    have = services()
    rows = []
    for layer in have.registry:
        view = answer(layer, have.workspace, everything(layer.spec, current_audience()), have.today)
        extent = layer.extent(have.workspace)
        least = "at least " if view.counts.withheld else ""
        if current_audience() is Audience.PUBLIC and len(view.records) and extent:
            extent = DateInterval(
                view.records["date_from"].min().date(), view.records["date_to"].max().date()
            )
        rows.append(
            (
                layer.spec.title,
                f"{least}{view.counts.matched:,}",
                extent.in_words() if extent else "",
            )
        )
    return rows


def _events() -> list[dict[str, str]]:
    return [
        {
            "date_words": event.when.in_words(),
            "event": f"{event.event} ({event.place})",
            "why": event.why_it_matters,
            "source": event.source,
        }
        for event in sorted(events_of(services().workspace), key=lambda event: event.when)
    ]


def _method() -> list[tuple[str, list[str]]]:
    ground = services().workspace.ground
    since = day_in_words(ground.force.npas_since)
    return [
        (
            "Areas",
            [
                f"Maps and counts use {ground.npas.detail}.",
                "A record's Neighbourhood Policing Area (NPA) is computed from its position. What "
                "a file states is compared with it and never copied. A point on a shared edge "
                "belongs to the area whose code comes first in the alphabet.",
                f"The areas have been in force since {since}. {ground.force.before_note}",
                "Positions are turned into metres on the British National Grid with a stated "
                f"accuracy of about {stated_accuracy_m():g} metres.",
            ],
        ),
        (
            "Dates",
            [
                "A date known by its month is the whole of that month; one that was inferred is "
                "wider by its doubt. A record counts as in a period only if all of that lies "
                "inside, and is counted apart as possibly in it otherwise.",
                "Unless asked, the period is the twelve months that end with the last dated "
                "record.",
            ],
        ),
        (
            "Crime",
            [
                "Crime and anti-social behaviour are counted in regular hexagons one kilometre "
                "across, which stand at the same place whatever is shown. The published positions "
                "are anonymised map points, so finer cells would claim what is not known.",
                "Anti-social behaviour is no crime and is told apart in every total. Identical "
                "rows are true records and are all counted.",
            ],
        ),
        (
            "Street Safe",
            [
                "To the public, reports appear as counts by NPA and quarter alone, each quarter "
                "once it is over. A count below "
                f"{DEFAULT_THRESHOLD} is withheld, and so are the further counts without which it "
                "could be found by subtraction. The published table is the same whatever is asked.",
                "People choose whether to report, so counts never show how common a thing is.",
            ],
        ),
    ]
