"""What a paper says around its figures: the office's own part, events, method and sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from boundaries.provenance import Source
from geo.crs import stated_accuracy_m
from geo.dates import DateInterval, day_in_words
from layers.answer import answer
from layers.demo import is_demo
from layers.events import Event, events_in, events_of
from layers.query import LayerQuery
from layers.visited import BY_DISTRICT
from server.about import all_sources
from server.page_context import attributions
from server.papers.material import Material
from server.papers.paper import Block, Listing, Paragraph, Table
from server.services import services
from server.visits.words import distance_words

ZONES: Final = "people_zones"
SOURCES_OF_VISITS: Final = (
    "visits",
    "npas",
    "districts",
    "lsoa_2021",
    "wards",
    "settlements",
    "people_zones",
    "events",
)


def office_blocks(material: Material) -> tuple[Block, ...]:
    """What the office did and funded, as far as a register holds it; what none holds is said."""
    have, day = services(), material.account.on
    query = LayerQuery(ZONES, material.audience, as_of=day)
    zones = answer(have.registry.get(ZONES), have.workspace, query, have.today).records
    not_recorded = Paragraph(
        "Grants, commissioned services and other spending at the places visited are not recorded "
        "here, which does not mean that there were none. Capital projects of the police estate "
        "are recorded for staff alone and are no part of this paper."
    )
    if zones.empty:
        return (
            Paragraph(f"No People Zone is recorded as standing on {day_in_words(day)}."),
            not_recorded,
        )
    rows = tuple(
        (str(zone["name"]), str(zone["place"]), str(zone["npa_name"]), _since(zone))
        for zone in zones.to_dict("records")
    )
    return (
        Paragraph(
            "People Zones are places where the office backs residents to lead local improvements. "
            f"Those that stood on {day_in_words(day)}, visited or not, were:"
        ),
        Table(
            f"People Zones on {day_in_words(day)}",
            ("People Zone", "Place", "Area (NPA)", "Since"),
            rows,
            widths=(3, 3, 3, 2),
            verbatim=(0, 1, 2),
        ),
        not_recorded,
    )


def event_blocks(material: Material) -> tuple[Block, ...]:
    """The events that lie at least partly in the period or the one it is compared with."""
    known = events_of(services().workspace)
    span = DateInterval(material.before.period.date_from, material.period.date_to)
    fell = events_in(services().workspace, span)
    if not fell:
        of = (
            f"None of the {len(known):,} events that are known"
            if known
            else "No event is known that"
        )
        return (Paragraph(f"{of} lies in {span.in_words()}."),)
    return (
        Paragraph(
            f"These lie in the period or in the one before it, {span.in_words()}, and have to be "
            "borne in mind when figures are compared."
        ),
        Table(
            "Events that bend the figures",
            ("When", "Event", "Why it matters", "Source"),
            tuple(map(_event_row, sorted(fell, key=lambda event: event.when))),
            widths=(2, 3, 3, 3),
        ),
    )


def method_blocks(material: Material) -> tuple[Block, ...]:
    """How the figures were made."""
    ground, account = services().workspace.ground, material.account
    commitment = account.commitment
    return (
        Listing(
            (
                "A stop is one place on one date. A day is one visitor on one date, however many "
                "stops it had; it counts once in each area in which it had a stop.",
                f"The commitment is {commitment.days} days in each area in any run of "
                f"{commitment.months} months. It is counted in community days; the table and map "
                "of the visits show every type.",
                "A date known by its month is the whole of that month; one that was inferred is "
                "wider by its doubt. What surely lies in the period counts; what possibly does is "
                "counted beside it and never added.",
                f"The Neighbourhood Policing Area (NPA) of a stop is computed from its position, "
                f"by {ground.npas.detail}. The areas have been in force since "
                f"{day_in_words(ground.force.npas_since)}. {ground.force.before_note}",
                "Residents near a place visited are those whose small area (LSOA) has its centre "
                f"within {distance_words(account.distance_m)}, in a straight line.",
                f"A stop that is {BY_DISTRICT} counts in its NPA where the register states it or "
                "the whole district lies in one. Its point stands for no place, so it has no "
                "number on the map, lies in no ward and is near nobody.",
                "Positions are turned into metres on the British National Grid with a stated "
                f"accuracy of about {stated_accuracy_m():g} metres.",
                "How a visit was initiated is as the register says it. No member of the public is "
                "named.",
            )
        ),
    )


def source_blocks(material: Material) -> tuple[Block, ...]:
    """Whose data the paper is made from, with the lines that licences ask for word for word."""
    blocks: list[Block] = []
    if not is_demo(services().workspace):
        held = len(material.visits.records)
        blocks.append(
            Paragraph(
                "Visits: the register of visits that the office keeps, of which this period has "
                f"{held:,} {'stop' if held == 1 else 'stops'}."
            )
        )
    return (*blocks, *listed_sources(SOURCES_OF_VISITS))


def listed_sources(ids: Sequence[str]) -> tuple[Block, ...]:
    """Sources by their ids as a table, and the lines that their licences ask for."""
    shown = [source for source in all_sources() if source.id in ids]
    lines = [line for source in shown for line in source.attribution]
    table = Table(
        "What this paper is made from",
        ("Source", "Publisher and licence", "Vintage", "Kind"),
        tuple(map(_source_row, shown)),
        widths=(4, 5, 3, 2),
    )
    said = dict.fromkeys([*attributions(), *lines])
    return (table, *(Paragraph(line, verbatim=True) for line in said))


def _since(zone: dict[str, Any]) -> str:
    """When a zone started, as far as it is stated: a bare year as it stands."""
    stated = str(zone["starts"])
    return stated if stated.isdigit() else DateInterval.parse(stated).in_words()


def _event_row(event: Event) -> tuple[str, ...]:
    what = f"{event.event} ({event.place})"
    return event.when.in_words(), what, _capital(event.why_it_matters), _capital(event.source)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _source_row(source: Source) -> tuple[str, ...]:
    return (
        source.title,
        f"{source.publisher}. {source.licence}",
        _capital(source.vintage),
        source.kind.capitalize(),
    )
