"""The sections of a paper on visits, each made from the same material."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from geo.dates import day_in_words
from server.papers import drawings
from server.papers.changes import compared_blocks, since_blocks
from server.papers.context import event_blocks, method_blocks, office_blocks, source_blocks
from server.papers.live import live_section
from server.papers.material import Material
from server.papers.outcomes import outcome_blocks, published_outcomes
from server.papers.paper import Block, Figure, Listing, Paragraph, Section, Table
from server.papers.visit_tables import initiated_table, stops_table
from server.requests import with_query
from server.services import services
from server.visits import tables, words
from server.visits.asked import COMMITMENT_PAGE, VISITS


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What sections are made from; ``since`` is the day of the last paper, if it was given."""

    material: Material
    marking: str
    notices: tuple[str, ...]
    since: date | None


def summary(parts: Parts) -> Section:
    """What the paper says, in short."""
    account, view = parts.material.account, parts.material.visits
    notices = services().workspace.notices.get(view.layer.id, [])
    return Section(
        "Summary",
        (
            Paragraph(
                "This paper says where, why and at whose wish the Police and Crime Commissioner "
                "(PCC) or a deputy visited communities, and how the visits stand to the commitment "
                "to visit each Neighbourhood Policing Area (NPA)."
            ),
            Listing(
                (
                    f"Visits of every type: {view.caption[0]}",
                    "Community days, which keep the commitment: "
                    f"{words.period_sentences(account)[0]}",
                    *words.standing_sentences(account),
                    *words.period_sentences(account)[1:],
                )
            ),
            *map(Paragraph, notices),
        ),
    )


def map_of_visits(parts: Parts) -> Section:
    """Where the visits were."""
    figure = drawings.visits_map(parts.material, parts.marking, parts.notices)
    return Section(
        "Where the visits were", (Paragraph(" ".join(_about_the_map(parts.material))), figure)
    )


def table_of_visits(parts: Parts) -> Section:
    """Place, date and reason of each visit, and how it was initiated."""
    view = parts.material.visits
    if not len(view.records):
        return Section("Each visit", (Paragraph(_none(parts.material)),))
    return Section(
        "Each visit",
        (
            Paragraph(
                "A number is the same on the map and here. It stands for one place, however often "
                "it was visited. Where each is known from stands in the data that go with this "
                "paper."
            ),
            stops_table(view),
            initiated_table(view),
        ),
    )


def totals(parts: Parts) -> Section:
    """How many visits there were, by how they were initiated and by type."""
    view = parts.material.visits
    if not len(view.records):
        return Section("Totals", (Paragraph(_none(parts.material)),))
    side = tuple(
        Table(table.title, table.columns, table.rows, figures=(1, 2), widths=(2, 1, 1))
        for table in view.tables
    )
    return Section("Totals", (initiated_table(view), *side))


def commitment(parts: Parts) -> Section:
    """How each area stands to the commitment, which the summary says in sentences."""
    account = parts.material.account
    standing = tables.standing_table(account)
    spread = {row[0]: row for row in tables.spread_table(account)["rows"]}
    columns = (
        "Area (NPA)",
        "Days in the period",
        "Stops",
        *standing["columns"][2:],
        "How it stands",
    )
    at = list(tables.spread_table(account)["columns"])
    rows = tuple(
        (
            name,
            spread[name][at.index("Days")],
            spread[name][at.index("Stops")],
            window,
            last,
            stands,
        )
        for name, stands, window, last in standing["rows"]
    )
    when = f"on {day_in_words(account.on)}"
    return Section(
        "The commitment to each area",
        (
            *map(Paragraph, words.doubt_sentences(account)),
            Paragraph(words.IN_EACH_AREA),
            Table(
                f"How each area stands {when}",
                columns,
                rows,
                figures=(1, 2, 3),
                widths=(4.1, 1.4, 1.3, 2.6, 3.1, 3),
            ),
        ),
    )


def spread(parts: Parts) -> Section:
    """How evenly the visits fall on the people."""
    account = parts.material.account
    table = tables.spread_table(account, by_district=False)
    shares, by_district = len(account.spread), words.by_district_sentence(account)
    return Section(
        "How evenly the visits are spread",
        (
            Listing((*words.spread_sentences(account), words.SHARED_OUT)),
            *[Paragraph(by_district)] * bool(by_district),
            *_drawn(drawings.days_by_month(parts.material)),
            *_drawn(drawings.days_and_shares(parts.material)),
            Table(
                f"Days, shares and reach by area, {account.period.in_words()}",
                tuple(table["columns"]),
                _texts(table["rows"]),
                figures=tuple(range(1, 3 + shares)),
                widths=(3.2, 1.5, *[2.3] * shares, 1.6, 3.2, 1.9),
            ),
        ),
    )


def outcomes(parts: Parts) -> Section:
    """What was raised and what came of it."""
    view = published_outcomes(parts.material.period)
    return Section("What was raised and what came of it", outcome_blocks(view))


def office(parts: Parts) -> Section:
    """What the office did and funded."""
    return Section("What the office did and funded there", office_blocks(parts.material))


def changes(parts: Parts) -> Section:
    """What changed since the last paper."""
    workspace = services().workspace
    blocks = (
        since_blocks(parts.material, workspace, parts.since)
        if parts.since
        else compared_blocks(parts.material)
    )
    return Section("Changes since the last paper", blocks)


def events(parts: Parts) -> Section:
    """What bends the figures."""
    return Section("Events that bend the figures", event_blocks(parts.material))


def method(parts: Parts) -> Section:
    """How the figures were made."""
    return Section("How the figures were made", method_blocks(parts.material))


def sources(parts: Parts) -> Section:
    """Whose data these are."""
    return Section("Sources", source_blocks(parts.material))


def live_view(parts: Parts) -> Section:
    """Where the same figures are to be had on screen, and a code that leads there."""
    material = parts.material
    return live_section(
        with_query(COMMITMENT_PAGE, material.asked.query.params()),
        with_query(f"/maps/{VISITS}", material.visits.query.params()),
    )


def _about_the_map(material: Material) -> tuple[str, ...]:
    """The caption of the visits without what is said of the register everywhere."""
    notices = services().workspace.notices.get(material.visits.layer.id, [])
    return tuple(line for line in material.visits.caption if line not in notices)


def _none(material: Material) -> str:
    return (
        f"No visit is recorded for {material.period.in_words()}, which does not mean that there "
        "was none."
    )


def _drawn(figure: Figure | None) -> tuple[Block, ...]:
    return (figure,) if figure else ()


def _texts(rows: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(str, row)) for row in rows)
