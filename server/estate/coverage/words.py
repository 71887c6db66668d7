"""Coverage in plain words: what it says of all, of areas that are far, and how it was reckoned."""

from __future__ import annotations

from typing import Final

from boundaries.small_areas import DECILE, DISTRICT, NPA, PART, SETTING
from geo.coverage import Served
from geo.dates import day_in_words
from layers.answer import npa_names
from server.estate.coverage.account import AreaCoverage, CoverageAccount
from server.services import services

ALL: Final = "All of the force area"
NOT_KNOWN: Final = "Not known"
HEADINGS: Final = {
    NPA: "Neighbourhood Policing Area (NPA)",
    PART: "Part of the force area",
    DISTRICT: "District",
    DECILE: "Tenth of deprivation",
    SETTING: "Rural or urban setting",
}
_ENDS: Final = {"1": "1, the most deprived", "10": "10, the least deprived"}


def label_words(grouping: str, label: str) -> str:
    """An area as readers see it; one that lies in no area of the grouping says so."""
    workspace = services().workspace
    match grouping:
        case "npa":
            return npa_names(workspace).get(label, "In no NPA")
        case "district":
            return str(workspace.ground.districts.names.get(label, label))
        case "decile":
            return _ENDS.get(label, label)
        case "part":
            return label[:1].upper() + label[1:] or "In no NPA"
        case _:
            return label or NOT_KNOWN


def kilometres(metres: float) -> str:
    """A distance along the way.

    >>> kilometres(5000)
    '5 km'
    """
    return f"{round(metres / 1000, 1):g} km"


def count_words(sure: Served, possible: Served, threshold: int) -> str:
    """Residents within a threshold, and how many more may be."""
    surely, more = round(sure.within[threshold]), round(possible.within[threshold])
    share = f" ({100 * surely / sure.residents:.0f}%)" if sure.residents else ""
    beside = f"; up to {more - surely:,} more" if more > surely else ""
    return f"{surely:,}{share}{beside}"


def distance_words(value: float | None) -> str:
    """How far residents have to go; none where there is no site."""
    return kilometres(value) if value is not None else "No site"


def minutes_words(value: float | None) -> str:
    """How long residents are under way; none where there is no site."""
    return f"{value:.0f} min" if value is not None else "No site"


def access_words(value: float | None) -> str:
    """Sites in reach for 100,000 residents."""
    return f"{value:.2f}" if value is not None else NOT_KNOWN


def sentences(account: CoverageAccount) -> tuple[str, ...]:
    """What coverage says, the residents first, then the doubt, the areas, and the method."""
    return (
        _led(account),
        *_doubt(account),
        *_far(account),
        *_unlocated(account),
        _method(account),
    )


def _led(account: CoverageAccount) -> str:
    asked, total, sites = account.asked, account.total, account.sites
    on = day_in_words(asked.as_of)
    if not total.sure.residents:
        return "How many residents live near a site is not known: no small area is held."
    if not sites.surely:
        return f"On {on} no {asked.service.site} is documented, so nobody is surely near one."
    within = "; ".join(
        f"{count:,.0f} ({100 * count / total.sure.residents:.0f}%) live within {kilometres(metres)}"
        for metres, count in zip(asked.distances_m, total.sure.within, strict=True)
    )
    noun = (
        f"is 1 {asked.service.site}"
        if sites.surely == 1
        else (f"are {sites.surely:,} {asked.service.sites}")
    )
    outside = total.sure.outside[-1]
    return (
        f"On {on} there {noun}. Of {total.sure.residents:,.0f} residents {within}; "
        f"{outside:,.0f} live farther than {kilometres(asked.distances_m[-1])} from the nearest."
    )


def _doubt(account: CoverageAccount) -> list[str]:
    sites, total = account.sites, account.total
    if not sites.possibly or not total.sure.residents:
        return []
    more = total.possible.within[-1] - total.sure.within[-1]
    verb = "is one more" if sites.possibly == 1 else f"are {sites.possibly:,} more"
    return [
        f"There {verb} {account.asked.service.doubt}. If all of them give this service, up to "
        f"{more:,.0f} more residents are within {kilometres(account.asked.distances_m[-1])}. "
        "Unknown is not none: no area is called unserved because a value is not known."
    ]


def _far(account: CoverageAccount) -> list[str]:
    """The areas with the smallest part of residents within the middle distance."""
    asked = account.asked
    middle = len(asked.distances_m) // 2
    rows = [row for row in account.by(NPA).values() if row.label and row.sure.residents]
    if len(rows) < 2 or not account.sites.surely:
        return []
    last = min(rows, key=lambda row: (_share(row, middle), row.label))
    first = max(rows, key=lambda row: (_share(row, middle), row.label))
    possibly = 100 * last.possible.within[middle] / last.possible.residents
    surely = 100 * _share(last, middle)
    beside = f" (up to {possibly:.0f}% with those not known)" if round(possibly) > surely else ""
    return [
        f"Within {kilometres(asked.distances_m[middle])} are {100 * _share(first, middle):.0f}% of "
        f"the residents of {label_words(NPA, first.label)}, the most of all areas, and surely "
        f"{surely:.0f}%{beside} of those of {label_words(NPA, last.label)}, the fewest."
    ]


def _share(row: AreaCoverage, threshold: int) -> float:
    return row.sure.within[threshold] / row.sure.residents


def _unlocated(account: CoverageAccount) -> list[str]:
    number = account.sites.unlocated
    if not number:
        return []
    verb = "site has" if number == 1 else "sites have"
    return [f"{number:,} more {verb} no known place and cannot be counted."]


def _method(account: CoverageAccount) -> str:
    ways = account.asked.ways
    return (
        f"Estimated: straight lines, made {ways.route_factor:g} times as long for the roads, from "
        "the point of each small area (LSOA), at which all its residents (Census 2021) are taken "
        f"to live; minutes at {ways.urban_kmh:g} km/h from urban and {ways.rural_kmh:g} km/h from "
        "rural areas."
    )
