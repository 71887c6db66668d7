"""The tables of coverage, as its page and the papers show them."""

from __future__ import annotations

from typing import Final

import numpy as np

from boundaries.small_areas import DECILE, NPA
from layers.view import SideTable
from server.estate.coverage import access_words, words
from server.estate.coverage.account import AreaCoverage, CoverageAccount
from server.phrases import NOT_KNOWN, within_sentence

FARTHEST: Final = 10


def area_table(account: CoverageAccount, grouping: str) -> SideTable:
    """Residents within each distance by area, and how far they have to go."""
    asked = account.asked
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
        tuple(
            (label, *(_distances(row) if row else _unknown(len(asked.distances_m) + 5)))
            for label, row in _named(account, grouping)
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
            (label, *(_minutes(row) if row else _unknown(len(asked.minutes) + 4)))
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
                _nearest_words(account, number) if sure else "Not counted",
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


def _named(account: CoverageAccount, grouping: str) -> list[tuple[str, AreaCoverage | None]]:
    """The areas in order, and all of them last; None where no small area is held."""
    rows = account.every(grouping)
    labels = sorted(rows, key=lambda label: int(label or 0)) if grouping == DECILE else rows
    return [
        *((words.label_words(grouping, label), rows[label]) for label in labels),
        (words.ALL, account.total if account.held else None),
    ]


def _nearest_words(account: CoverageAccount, number: int) -> str:
    return f"{number:,}" if account.held else NOT_KNOWN


def _unknown(columns: int) -> tuple[str, ...]:
    return (NOT_KNOWN,) * columns


def _distances(row: AreaCoverage) -> tuple[str, ...]:
    sure = row.sure
    return (
        f"{sure.residents:,.0f}",
        *(words.count_words(sure, row.possible, number) for number in range(len(sure.within))),
        f"{sure.outside[-1]:,.0f}",
        words.distance_words(sure.mean),
        words.distance_words(sure.median),
        words.distance_words(sure.percentile_90),
    )


def _minutes(row: AreaCoverage) -> tuple[str, ...]:
    sure = row.sure_minutes
    return (
        *(
            words.count_words(sure, row.possible_minutes, number)
            for number in range(len(sure.within))
        ),
        words.minutes_words(sure.mean),
        words.minutes_words(sure.median),
        words.minutes_words(sure.percentile_90),
        access_words.access_words(row.access),
    )


def _lower(heading: str) -> str:
    return heading if heading.startswith("Neighbourhood") else within_sentence(heading)
