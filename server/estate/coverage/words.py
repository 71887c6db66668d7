"""Coverage in plain words: what it says of all, of areas that are far, and how it was reckoned."""

from __future__ import annotations

from typing import Final

from boundaries.road_sources import IN_WORDS, SPEEDS_IN_WORDS
from boundaries.small_areas import DECILE, DISTRICT, NPA, PART, SETTING
from geo.coverage import Served
from geo.dates import day_in_words
from layers.answer import npa_names
from layers.ways import roads_held, travel_times, travel_times_held
from server.estate.coverage.access_words import access_sentences
from server.estate.coverage.account import AreaCoverage, CoverageAccount
from server.estate.coverage.asked import Asked, Ways
from server.phrases import NOT_KNOWN
from server.services import services

ALL: Final = "All of the force area"
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


def whole_minutes(minutes: float) -> str:
    """A number of minutes that is asked for."""
    return f"{minutes:g} minutes"


def sentences(account: CoverageAccount) -> tuple[str, ...]:
    """What coverage says, the residents first, then the doubt, the areas, and the method."""
    return (
        _led(account),
        *_doubt(account),
        *_far(account),
        *_no_way(account),
        *_unlocated(account),
        *access_sentences(account),
        _method(account),
    )


def _led(account: CoverageAccount) -> str:
    asked, total, sites = account.asked, account.total, account.sites
    on = day_in_words(asked.as_of)
    if not total.sure.residents:
        return "How many residents live near a site is not known: no small area is held."
    if not sites.surely:
        return f"On {on} no {asked.service.site} is documented, so nobody is surely near one."
    sure, _ = _measured(total, asked)
    uppers = _uppers(asked)
    within = "; ".join(
        f"{count:,.0f} ({100 * count / sure.residents:.0f}%) live within {said}"
        for said, count in zip(uppers, sure.within, strict=True)
    )
    noun = (
        f"is 1 {asked.service.site}"
        if sites.surely == 1
        else (f"are {sites.surely:,} {asked.service.sites}")
    )
    return (
        f"On {on} there {noun}. Of {sure.residents:,.0f} residents {within}; "
        f"{sure.outside[-1]:,.0f} live farther than {uppers[-1]} from the nearest."
    )


def _measured(row: AreaCoverage, asked: Asked) -> tuple[Served, Served]:
    """Residents by what is told first: minutes where a table gives them, else metres."""
    if asked.ways.by == "table":
        return row.sure_minutes, row.possible_minutes
    return row.sure, row.possible


def _uppers(asked: Asked) -> list[str]:
    if asked.ways.by == "table":
        return [whole_minutes(minutes) for minutes in asked.minutes]
    return [kilometres(metres) for metres in asked.distances_m]


def _doubt(account: CoverageAccount) -> list[str]:
    sites, total = account.sites, account.total
    if not sites.possibly or not total.sure.residents:
        return []
    sure, possible = _measured(total, account.asked)
    more = possible.within[-1] - sure.within[-1]
    verb = "is one more" if sites.possibly == 1 else f"are {sites.possibly:,} more"
    return [
        f"There {verb} {account.asked.service.doubt}. If all of them give this service, up to "
        f"{more:,.0f} more residents are within {_uppers(account.asked)[-1]}. "
        "Unknown is not none: no area is called unserved because a value is not known."
    ]


def _far(account: CoverageAccount) -> list[str]:
    """The areas with the smallest part of residents within the middle distance."""
    asked = account.asked
    uppers = _uppers(asked)
    middle = len(uppers) // 2
    rows = [row for row in account.by(NPA).values() if row.label and row.sure.residents]
    if len(rows) < 2 or not account.sites.surely:
        return []

    def share(row: AreaCoverage) -> float:
        return _share(_measured(row, asked)[0], middle)

    last = min(rows, key=lambda row: (share(row), row.label))
    first = max(rows, key=lambda row: (share(row), row.label))
    possibly = 100 * _share(_measured(last, asked)[1], middle)
    surely = 100 * share(last)
    beside = f" (up to {possibly:.0f}% with those not known)" if round(possibly) > surely else ""
    return [
        f"Within {uppers[middle]} are {100 * share(first):.0f}% of "
        f"the residents of {label_words(NPA, first.label)}, the most of all areas, and surely "
        f"{surely:.0f}%{beside} of those of {label_words(NPA, last.label)}, the fewest."
    ]


def _share(served: Served, threshold: int) -> float:
    return served.within[threshold] / served.residents


def _no_way(account: CoverageAccount) -> list[str]:
    """Residents from whom no way is known, which is not to say that there is none."""
    sure, _ = _measured(account.total, account.asked)
    if not account.sites.surely or not sure.no_way:
        return []
    return [
        f"From {sure.no_way:,.0f} residents no way to a {account.asked.service.site} is known; "
        "they are counted as farther."
    ]


def _unlocated(account: CoverageAccount) -> list[str]:
    number = account.sites.unlocated
    if not number:
        return []
    verb = "site has" if number == 1 else "sites have"
    return [f"{number:,} more {verb} no known place and cannot be counted."]


def _method(account: CoverageAccount) -> str:
    ways = account.asked.ways
    return (
        f"Estimated: {metres_in_words(ways)}, from the point of each small area (LSOA), at which "
        f"all its residents (Census 2021) are taken to live; {_minutes_in_words(account)}."
    )


def metres_in_words(ways: Ways) -> str:
    """How distances are measured."""
    if ways.by == "roads":
        return f"the shortest way along roads ({_roads_in_words()})"
    lines = f"straight lines, made {ways.route_factor:g} times as long for the roads"
    return f"distances by {lines}" if ways.by == "table" else lines


def _minutes_in_words(account: CoverageAccount) -> str:
    ways = account.asked.ways
    if ways.by == "roads":
        held = roads_held(services().workspace)
        speeds = SPEEDS_IN_WORDS.get(held.source, "") if held else ""
        return f"minutes of the quickest way {speeds}, without turns, traffic or the time of day"
    if ways.by == "table":
        return f"minutes from a table ({_table_in_words()}){_unknown_to_table(account)}"
    return (
        f"minutes at {ways.urban_kmh:g} km/h from urban and {ways.rural_kmh:g} km/h from rural "
        "areas"
    )


def _roads_in_words() -> str:
    held = roads_held(services().workspace)
    if held is None:
        return NOT_KNOWN.lower()
    name = IN_WORDS.get(held.source, held.source)
    return " ".join(text for text in (name, held.vintage) if text)


def _table_in_words() -> str:
    held = travel_times_held(services().workspace)
    if held is None:
        return NOT_KNOWN.lower()
    return " ".join(text for text in (held.source or held.file_name, held.vintage) if text)


def _unknown_to_table(account: CoverageAccount) -> str:
    """To how many sites the table has no minutes at all."""
    table = travel_times(services().workspace)
    unknown = sum(table is None or site not in table.sites for site in account.sites.ids)
    if not unknown:
        return ""
    return f", which knows no way to {unknown:,} {'site' if unknown == 1 else 'sites'} of these"
