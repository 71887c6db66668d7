"""The tables of coverage, as its page and the papers show them."""

from __future__ import annotations

from typing import Final

import numpy as np

from boundaries.small_areas import DECILE, NPA
from layers.view import SideTable
from server.estate.coverage import access_words, words
from server.estate.coverage.account import AreaCoverage, CoverageAccount

FARTHEST: Final = 10


def area_table(account: CoverageAccount, grouping: str) -> SideTable:
    """Residents within each distance by area, and how far they have to go."""
    asked = account.asked
    rows = account.by(grouping).values()
    ordered = sorted(rows, key=lambda row: int(row.label or 0)) if grouping == DECILE else rows
    return SideTable(
        f"Residents by distance to the nearest {asked.service.site}, by "
        f"{_lower(words.HEADINGS[grouping])}",
        (
            words.HEADINGS[grouping],
            "Residents",
            *(f"Within {words.kilometres(metres)}" for metres in asked.distances_m),
            f"Farther than {words.kilometres(asked.distances_m[-1])}",
            "Mean",
            "Half live within",
            "Nine in ten within",
        ),
        (
            *(_row(row, words.label_words(grouping, row.label)) for row in ordered),
            _row(account.total, words.ALL),
        ),
    )


def minutes_table(account: CoverageAccount, grouping: str) -> SideTable:
    """Residents within each number of minutes by area, and the sites in reach of them."""
    asked = account.asked
    return SideTable(
        f"Residents by estimated minutes to the nearest {asked.service.site}, by "
        f"{_lower(words.HEADINGS[grouping])}",
        (
            words.HEADINGS[grouping],
            *(f"Within {minutes} min" for minutes in asked.minutes),
            "Mean",
            "Half are there within",
            "Nine in ten within",
            access_words.access_heading(asked.access),
        ),
        tuple(
            (
                label,
                *(
                    words.count_words(row.sure_minutes, row.possible_minutes, number)
                    for number in range(len(asked.minutes))
                ),
                words.minutes_words(row.sure_minutes.mean),
                words.minutes_words(row.sure_minutes.median),
                words.minutes_words(row.sure_minutes.percentile_90),
                access_words.access_words(row.access),
            )
            for label, row in _named(account, grouping)
        ),
    )


def site_table(account: CoverageAccount) -> SideTable:
    """The sites that count, and for how many residents each is the nearest."""
    sites = account.sites
    return SideTable(
        "The sites that are counted",
        ("Site", "Gives this service", "Residents for whom it is the nearest", "Hours a week"),
        tuple(
            (
                name,
                "Yes" if sure else "Not known",
                f"{number:,}" if sure else "Not counted",
                access_words.hours_words(hours),
            )
            for name, sure, number, hours in zip(
                sites.names,
                sites.sure,
                account.nearest_residents(),
                sites.hours_a_week,
                strict=True,
            )
        ),
    )


def farthest_table(account: CoverageAccount) -> SideTable:
    """The small areas that are farthest from a site that surely gives the service."""
    areas, cost, by_table = account.areas, account.measured.cost, account.asked.ways.by == "table"
    in_words = words.minutes_words if by_table else words.kilometres
    reached = np.flatnonzero(np.isfinite(cost))
    order = reached[np.lexsort((reached, -cost[reached]))][:FARTHEST]
    return SideTable(
        f"The {len(order)} small areas (LSOA) farthest from a {account.asked.service.site}",
        (
            "Small area",
            words.HEADINGS[NPA],
            "Residents",
            "Minutes" if by_table else "Distance",
            "Nearest site",
        ),
        tuple(
            (
                areas.names[number],
                words.label_words(NPA, areas.labels[NPA][number]),
                f"{areas.residents[number]:,}",
                in_words(float(cost[number])),
                account.sites.names[account.measured.nearest[number]],
            )
            for number in order
        ),
    )


def _named(account: CoverageAccount, grouping: str) -> list[tuple[str, AreaCoverage]]:
    rows = account.by(grouping).values()
    return [
        *((words.label_words(grouping, row.label), row) for row in rows),
        (words.ALL, account.total),
    ]


def _row(row: AreaCoverage, label: str) -> tuple[str, ...]:
    sure = row.sure
    return (
        label,
        f"{sure.residents:,.0f}",
        *(words.count_words(sure, row.possible, number) for number in range(len(sure.within))),
        f"{sure.outside[-1]:,.0f}",
        words.distance_words(sure.mean),
        words.distance_words(sure.median),
        words.distance_words(sure.percentile_90),
    )


def _lower(heading: str) -> str:
    return heading if heading.startswith("Neighbourhood") else heading[:1].lower() + heading[1:]
