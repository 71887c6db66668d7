"""The hours of a scenario: of each site before and after, and what they do to access."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd

from boundaries.small_areas import NPA
from layers.view import SideTable
from server.estate.coverage.access import AreaAccess
from server.estate.coverage.access_words import (
    CATCHMENT_NAMES,
    access_heading,
    access_words,
    hours_words,
)
from server.estate.coverage.words import ALL, HEADINGS, label_words
from server.estate.what_if.account import Side, WhatIf
from server.phrases import MINUS, NOT_KNOWN, within_sentence

NOT_GIVEN: Final = "Not surely given"


@dataclass(frozen=True, slots=True)
class DeskHours:
    """The hours of one side: in words, empty where not known, and a week, not a number likewise.

    ``gives`` says whether the site surely gives the service, so that its hours count.
    """

    gives: bool
    in_words: str
    hours_a_week: float


@dataclass(frozen=True, slots=True)
class SiteHours:
    """The hours of one site before and after a scenario."""

    site_id: str
    name: str
    before: DeskHours
    after: DeskHours


def site_hours(found: WhatIf) -> list[SiteHours]:
    """Sites that surely give the service before or after, and those whose hours change, by name."""
    before, after = (_desks(side) for side in (found.before, found.after))
    changed = dict(found.scenario.hours)
    names = {
        site: name
        for side in (found.before.estate, found.after.estate)
        for site, name in zip(side["site_id"], side["name"], strict=True)
    }
    none = DeskHours(False, "", math.nan)
    rows = [
        SiteHours(site, name, before.get(site, none), after.get(site, none))
        for site, name in names.items()
    ]
    shown = [row for row in rows if row.before.gives or row.after.gives or row.site_id in changed]
    return sorted(shown, key=lambda row: (row.name, row.site_id))


def hours_table(found: WhatIf) -> SideTable:
    """The weekly hours of each site before and after, and of all that give the service."""
    rows = [
        (
            row.name,
            row.before.in_words or _unsaid(row.before),
            row.after.in_words or _unsaid(row.after),
            _figure(row.before),
            _figure(row.after),
        )
        for row in site_hours(found)
    ]
    total = (
        f"All {found.asked.service.sites}",
        "",
        "",
        _total(found.before),
        _total(found.after),
    )
    return SideTable(
        "Hours of the public desk, before and after",
        ("Site", "Open before", "Open after", "Hours a week before", "Hours a week after"),
        (*rows, total),
    )


def access_table(found: WhatIf) -> SideTable:
    """Access by floating catchments before and after, by NPA."""
    before, after = found.before.coverage, found.after.coverage
    was, now = before.by(NPA), after.by(NPA)
    rows = [
        *((label_words(NPA, label), row.access, now[label].access) for label, row in was.items()),
        (ALL, before.total.access, after.total.access),
    ]
    heading = access_heading(found.asked.access)
    return SideTable(
        f"{heading}, before and after, by {HEADINGS[NPA]}",
        (HEADINGS[NPA], "Before", "After", "Change"),
        tuple(
            (label, access_words(one), access_words(other), _change(found, one, other))
            for label, one, other in rows
        ),
    )


def sentences(found: WhatIf) -> list[str]:
    """What changes of the weekly hours, and of access."""
    before, after = found.before.coverage, found.after.coverage
    by = found.asked.access
    hours = [within_sentence(_total(side)) for side in (found.before, found.after)]
    said = [f"Weekly hours of {found.asked.service.sites}: {hours[0]} before, {hours[1]} after."]
    heading = within_sentence(access_heading(by))
    method = CATCHMENT_NAMES[by.catchment]
    was, now = (within_sentence(access_words(each.total.access)) for each in (before, after))
    said.append(f"Access by {method}: on average {was} {heading} before, {now} after.")
    if found.scenario.hours and by.capacity == "sites":
        said.append(
            "Access counts each site as one here, so that hours do not change it; with hours a "
            "week as the capacity of a site they do."
        )
    elif before.access.unknown or after.access.unknown:
        numbers = (len(before.access.unknown), len(after.access.unknown))
        said.append(
            f"The weekly hours of {numbers[0]:,} sites before and {numbers[1]:,} after are "
            "unknown; these are left out of access, not taken as closed."
        )
    return said


def hours_figures(found: WhatIf) -> list[dict[str, Any]]:
    """The hours of each site as JSON has them; null is not known."""
    return [
        {
            "site_id": row.site_id,
            "name": row.name,
            **{
                f"{name}_{side}": value
                for side, each in (("before", row.before), ("after", row.after))
                for name, value in (
                    ("gives", each.gives),
                    ("hours_in_words", each.in_words),
                    ("hours_a_week", None if math.isnan(each.hours_a_week) else each.hours_a_week),
                )
            },
        }
        for row in site_hours(found)
    ]


def _desks(side: Side) -> dict[str, DeskHours]:
    sites = side.coverage.sites
    gives = {site for site, sure in zip(sites.ids, sites.sure, strict=True) if sure}
    estate: gpd.GeoDataFrame = side.estate
    return {
        site: DeskHours(site in gives, str(in_words or ""), float(hours))
        for site, in_words, hours in zip(
            estate["site_id"],
            estate["hours_in_words"],
            estate["hours_a_week"].astype("float64"),
            strict=True,
        )
    }


def _unsaid(desk: DeskHours) -> str:
    return NOT_KNOWN if desk.gives else NOT_GIVEN


def _figure(desk: DeskHours) -> str:
    return hours_words(desk.hours_a_week) if desk.gives else NOT_GIVEN


def _total(side: Side) -> str:
    """Hours a week added up as far as they are known."""
    amount = side.hours_a_week
    known = amount.sites - amount.unknown
    if not amount.sites:
        return "No site"
    if not known:
        return f"Not known at any of {amount.sites:,} {'site' if amount.sites == 1 else 'sites'}"
    rest = f"; not known at {amount.unknown:,}" if amount.unknown else ""
    return f"{amount.total:,g} at {known:,} {'site' if known == 1 else 'sites'}{rest}"


def _change(found: WhatIf, before: AreaAccess, after: AreaAccess) -> str:
    """The change of access: what is left out is the same on both sides, or it is not known."""
    doubtful = before.at_least or after.at_least
    same = found.before.coverage.access.unknown == found.after.coverage.access.unknown
    if doubtful and not same:
        return NOT_KNOWN
    if before.value is None and after.value is None and not doubtful:
        return NOT_KNOWN
    change = round((after.value or 0.0) - (before.value or 0.0), 2)
    if not change:
        return "0"
    return f"{'+' if change > 0 else MINUS}{abs(change):,.2f}"
