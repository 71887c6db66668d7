"""Access where capacity matters in plain words: figures, how they are reckoned, what is unknown."""

from __future__ import annotations

import math
from typing import Final

from geo.access import LUO_AND_QI
from server.estate.coverage.access import REACH_MIN, AccessBy, AreaAccess, Capacity, Catchment
from server.estate.coverage.account import CoverageAccount
from server.phrases import NOT_KNOWN

CATCHMENT_NAMES: Final[dict[Catchment, str]] = {
    "enhanced": "the enhanced two-step floating catchment (E2SFCA)",
    "plain": "the plain two-step floating catchment (2SFCA)",
}
CAPACITY_NAMES: Final[dict[Capacity, str]] = {
    "sites": "with a capacity of 1 a site",
    "hours": "with hours a week as the capacity of a site",
}
CAPACITY_HEADINGS: Final[dict[Capacity, str]] = {"sites": "Sites", "hours": "Weekly hours"}


def hours_words(hours: float) -> str:
    """Hours a week as a figure.

    >>> hours_words(37.5), hours_words(math.nan)
    ('37.5', 'Not known')
    """
    return NOT_KNOWN if math.isnan(hours) else f"{round(hours, 2):g}"


def access_words(access: AreaAccess) -> str:
    """Capacity in reach for 100,000 residents.

    >>> access_words(AreaAccess(0.5)), access_words(AreaAccess(12.0, at_least=True))
    ('0.50', 'At least 12.00')
    """
    if access.value is None:
        return NOT_KNOWN
    return f"{'At least ' if access.at_least else ''}{access.value:,.2f}"


def access_heading(by: AccessBy) -> str:
    """What access counts, as the head of a column."""
    return f"{CAPACITY_HEADINGS[by.capacity]} in reach for 100,000 residents"


def access_method(by: AccessBy) -> str:
    """How access is reckoned, at length."""
    hours = by.capacity == "hours"
    what = "the weekly hours of a site's public desk are" if hours else "each site is"
    if by.catchment == "plain":
        among = f"all residents within {REACH_MIN:g} minutes of it alike"
        source = "two-step floating catchment area, Luo and Wang 2003"
    else:
        first, second, third = LUO_AND_QI
        among = (
            f"the residents within {first.most:g}, {second.most:g} and {third.most:g} minutes of "
            f"it, those farther off counting {second.weight:.0%} and {third.weight:.0%}"
        )
        source = "enhanced two-step floating catchment area, Luo and Qi 2009"
    return (
        f"In reach: {what} shared among {among}; what a resident has is added up over all sites in "
        f"reach ({source})."
    )


def access_sentences(account: CoverageAccount) -> list[str]:
    """Access where capacity matters, how it was reckoned, and what of it is not known."""
    by, sites, found = account.asked.access, account.sites, account.total.access
    if not sites.surely or not account.total.sure.residents:
        return []
    method = f"{CATCHMENT_NAMES[by.catchment]}, {CAPACITY_NAMES[by.capacity]}"
    unit = access_heading(by)
    unit = unit[:1].lower() + unit[1:]
    doubt = unknown_hours(account)
    if found.value is None:
        return [f"Access by {method} is not known.{doubt}"]
    figure = f"{'at least ' if found.at_least else ''}{found.value:,.2f}"
    return [f"Access by {method}: on average {figure} {unit}.{doubt}"]


def unknown_hours(account: CoverageAccount) -> str:
    """Of how many sites the capacity is not known, and what follows; empty where it always is."""
    unknown = len(account.access.unknown)
    if not unknown:
        return ""
    surely, service = account.sites.surely, account.asked.service
    if not account.access.known:
        of = f"the {service.site}" if surely == 1 else f"all {surely:,} {service.sites}"
        return f" The weekly hours of {of} are unknown."
    return (
        f" The weekly hours of {unknown:,} of {surely:,} {service.sites} are unknown; these are "
        "left out, not taken as closed, and figures of areas in reach of them say at least."
    )
