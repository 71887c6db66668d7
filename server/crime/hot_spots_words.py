"""Hot spots of recorded crime in words: what was found, every decision, the table of clusters."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from geo.area_cells import LEAST_SHARE
from geo.cell_hotspots import Decisions, Measure
from geo.dates import months_in_words
from geo.hotspots import FEWEST_EVENTS, FEWEST_PLACES
from layers.view import SideTable
from server.crime.coverage_words import event_words, of_kind
from server.crime.hot_spots import HotSpotsAccount, NamedCluster
from server.crime.hot_spots_asked import HotSpotsAsked

NOTHING: Final = (
    "No recorded crime is held of these months, so nothing was tested; that is no sign of calm."
)
MOST_NAMED: Final = 5
MEASURES: Final[dict[Measure, str]] = {
    "root": "the square root of the records of a cell",
    "count": "the records of a cell",
}
WHY: Final[dict[Measure, str]] = {
    "root": "of plain counts the busiest cells of a city centre outweigh every other town",
    "count": "the busiest cells outweigh the others; square roots let towns be seen too",
}
WHERE_NOT_WHY: Final = (
    "A hot spot says where much is recorded, not why, nor that a person is more at risk there: "
    "shops, stations and nights out bring people who do not live there."
)
POINTS: Final = (
    "Records lie at anonymised map points, not true places. Cells narrower than 400 metres are "
    "finer than such points can bear, and are not offered."
)
SOURCE: Final = "Source: the records of street-level crime that are held here, at their map points."


def sentences(account: HotSpotsAccount) -> list[str]:
    """What was found, then how, then what must be known of it."""
    if account.found is None:
        return [NOTHING]
    asked, said = account.asked, account.found.decisions
    return [
        f"{asked.of.kind_in_words} in {months_in_words(account.held)}: {said.events:,.0f} records "
        f"in {said.cells:,} hexagons {said.cell_m:,.0f} metres wide.",
        *_not_held(account),
        *_too_few(said),
        _found(account, hot=True),
        _found(account, hot=False),
        WHERE_NOT_WHY,
        *of_kind(asked.of),
        SOURCE,
        *account.notices,
    ]


def method(account: HotSpotsAccount) -> list[str]:
    """Every decision in words, with the numbers that came of it."""
    if account.found is None:
        return []
    said = account.found.decisions
    return [
        f"Each cell is tested with those that touch it, within {said.band_m:,.0f} metres from "
        f"centre to centre: {said.neighbours_from} to {said.neighbours_to} neighbours, each "
        "counting the same (Gi*, Getis and Ord 1992).",
        f"Tested is {MEASURES[said.measure]}: {WHY[said.measure]}.",
        f"Chance is {said.permutations:,} permutations of all other cells (seed {said.seed}): so "
        f"many that one cell alone could be named. The false discovery rate is {said.rate:.0%} "
        "(Benjamini and Hochberg 1995): so many of the cells named are false, on average.",
        f"Cells of which less than {LEAST_SHARE:.0%} lies in the force area are left out, and "
        f"with them {said.left_out_m2 / 1e6:,.1f} km\N{SUPERSCRIPT TWO} and "
        f"{said.left_out_events:,.0f} records; {said.cells_at_edge:,} of those kept lie partly "
        "outside, where nothing is recorded here, and look quieter than they are.",
        POINTS,
    ]


def clusters_table(account: HotSpotsAccount) -> SideTable:
    """A cluster a row, the hot ones first."""
    rows = tuple(
        (
            each.name,
            "Hot" if each.cluster.hot else "Cold",
            f"{len(each.cluster.cells):,}",
            f"{each.records:,}",
            f"{each.score:.1f}",
            f"{each.distance_m / 1000:.1f}",
        )
        for each in account.clusters
    )
    return SideTable(
        f"Clusters of hot and of cold cells at a false discovery rate of {account.asked.rate:.0%}",
        (
            *("Nearest settlement", "Hot or cold", "Cells", "Records"),
            *("Strongest cell, Gi* (standard deviations)", "From it to the settlement (km)"),
        ),
        rows,
    )


def figures_of(account: HotSpotsAccount) -> dict[str, Any]:
    """The account as JSON has it, without the cells, which are GeoJSON and CSV."""
    found = account.found
    return {
        "type": account.asked.of.kind,
        "query": account.asked.params(),
        "caption": [*sentences(account), *map(event_words, account.events)],
        "method": method(account),
        "months": list(account.held),
        "decisions": asdict(found.decisions) if found else None,
        "clusters": [_plain(each) for each in account.clusters],
    }


def label_of(asked: HotSpotsAsked) -> str:
    """What the cells drawn are, for a legend."""
    return f"{asked.of.kind_in_words}: hot and cold cells"


def _plain(each: NamedCluster) -> dict[str, Any]:
    return {
        "name": each.name,
        "distance_m": round(each.distance_m),
        "hot": each.cluster.hot,
        "cells": len(each.cluster.cells),
        "records": each.records,
        "score": round(each.score, 3),
    }


def _not_held(account: HotSpotsAccount) -> list[str]:
    gone = [month for month in account.asked.of.months if month not in account.held]
    return [f"Not held, left out and not read as zero: {months_in_words(gone)}."] if gone else []


def _too_few(said: Decisions) -> list[str]:
    if said.enough:
        return []
    return [
        f"Nothing should be read into this: fewer than {FEWEST_PLACES} cells or "
        f"{FEWEST_EVENTS} records were tested."
    ]


def _found(account: HotSpotsAccount, hot: bool) -> str:
    clusters = account.of_kind(hot)
    kind = "Hot spots" if hot else "Cold spots"
    if not clusters:
        return f"{kind}: none can be told from chance."
    cells = sum(len(each.cluster.cells) for each in clusters)
    named = [
        f"{each.name} ({len(each.cluster.cells):,} cells, {each.records:,} records)"
        for each in clusters[:MOST_NAMED]
    ]
    rest = len(clusters) - len(named)
    more = f", and {rest:,} more" if rest else ""
    many = "one cluster" if len(clusters) == 1 else f"{len(clusters):,} clusters"
    return f"{kind}: {cells:,} cells in {many}, near {', '.join(named)}{more}."
