"""Coverage in the paper on the estate: the map with its bands, areas, sites, response bases."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from boundaries.small_areas import NPA, PART
from geo.dates import day_in_words
from layers.view import View
from server.estate.coverage import tables, words
from server.estate.coverage.account import CoverageAccount
from server.estate.coverage.bands import bands_view
from server.estate.coverage.views import sites_view
from server.papers.estate.material import Material
from server.papers.maps import map_figure
from server.papers.material import NUMBER
from server.papers.paper import Block, Figure, Listing, Paragraph, Table
from server.papers.side_table import as_table
from server.pictures.records import NUMBER_COLUMN

WIDTH_MM: Final = 146


def coverage_blocks(
    material: Material, marking: str, notices: tuple[str, ...]
) -> tuple[Block, ...]:
    """Who lives how near to an enquiry desk, on the map and by area."""
    account = material.coverage
    return (
        Listing(words.sentences(account)),
        _map(account, marking, notices),
        *_sites(account),
        _areas(account, NPA),
        as_table(
            tables.minutes_table(account, NPA),
            widths=(2.6, 2.2, 2.2, 2.2, 1.2, 1.5, 1.5, 1.7),
        ),
    )


def response_blocks(material: Material) -> tuple[Block, ...]:
    """Who lives how near to a base of response officers, if any base is known."""
    account = material.response
    if not account.sites.surely:
        return (
            Paragraph(
                f"No site is known to be a base of response officers on "
                f"{day_in_words(account.asked.as_of)}, so how near residents are to one is not "
                "known."
            ),
        )
    said = Listing(
        (
            "Targets: calls of grade 1 within 15 minutes, those of grade 2 within two hours.",
            *words.sentences(account),
        )
    )
    widths = (3, *[2.4] * len(account.asked.minutes), 1.4, 1.7, 1.7, 2)
    return (
        said,
        *(as_table(tables.minutes_table(account, name), widths=widths) for name in (NPA, PART)),
    )


def numbered_sites(account: CoverageAccount) -> View:
    """The sites that count, numbered in the order of the table."""
    view = sites_view(account)
    numbers = pd.array(range(1, len(view.records) + 1), dtype="Int64")
    records = view.records.assign(**{NUMBER_COLUMN: numbers})
    caption = (f"{_sites_words(account)} Their numbers are those of the table of sites.",)
    return replace(view, records=records, columns=(NUMBER, *view.columns), caption=caption)


def _map(account: CoverageAccount, marking: str, notices: tuple[str, ...]) -> Figure:
    view = numbered_sites(account)
    title = f"Distance to the nearest {account.asked.service.site}, {view.query.time_in_words()}"
    return map_figure(
        title,
        (bands_view(account), view),
        _map_words(account),
        "Sources: the register of sites; residents: Office for National Statistics, Census 2021.",
        marking,
        notices,
        WIDTH_MM,
    )


def _map_words(account: CoverageAccount) -> str:
    """What the map shows: the bands with their residents, and how many sites."""
    bands = "; ".join(
        f"{str(band['band_in_words']).lower()} {_residents(account, band['residents'])}"
        for band in bands_view(account).records.to_dict("records")
    )
    return (
        "Map of the areas with the ground in bands by distance along the way to the nearest "
        f"{account.asked.service.site}: {bands}. {_sites_words(account)} Their numbers are those "
        "of the table of sites."
    )


def _residents(account: CoverageAccount, number: int) -> str:
    return f"{number:,} residents" if account.held else "residents not known"


def _sites_words(account: CoverageAccount) -> str:
    sites = account.sites
    return f"{sites.surely:,} sites surely give the service, and {sites.possibly:,} more may."


def _sites(account: CoverageAccount) -> tuple[Block, ...]:
    side = tables.site_table(account)
    if not side.rows:
        return ()
    return (
        Table(
            f"{side.title}, by their number on the map",
            ("Number", *side.columns),
            tuple((str(number), *row) for number, row in enumerate(side.rows, start=1)),
            figures=(3, 4),
            widths=(1, 5, 2.4, 3, 1.6),
            verbatim=(1,),
        ),
    )


def _areas(account: CoverageAccount, grouping: str) -> Table:
    distances = len(account.asked.distances_m)
    return as_table(
        tables.area_table(account, grouping),
        figures=(1, 2 + distances),
        widths=(2.9, 2.1, *[2.2] * distances, 1.9, 1.2, 1.4, 1.4),
    )
