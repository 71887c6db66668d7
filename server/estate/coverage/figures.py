"""Coverage for programs: residents within and outside each threshold, in all and by area."""

from __future__ import annotations

import math
from typing import Any

from boundaries.small_areas import GROUPINGS, NPA
from geo.coverage import Served
from server.estate.coverage import words
from server.estate.coverage.access import CAPACITIES, AreaAccess, Capacity
from server.estate.coverage.account import AreaCoverage, CoverageAccount
from server.services import services


def figures_of(account: CoverageAccount) -> dict[str, Any]:
    """The account as JSON has it. Of the residents, within and outside add up to the total."""
    asked = account.asked
    others = [grouping for grouping in GROUPINGS if grouping != NPA]
    return {
        "service": asked.service_id,
        "as_of": asked.as_of.isoformat(),
        "query": asked.params(),
        "caption": list(words.sentences(account)),
        "total": _row(account, account.total),
        "npas": [{**_npa(label), **_row(account, row)} for label, row in account.by(NPA).items()],
        "by": {
            grouping: [
                {"label": words.label_words(grouping, label), **_row(account, row)}
                for label, row in account.by(grouping).items()
            ]
            for grouping in others
        },
        "sites": [
            {
                "site_id": site_id,
                "name": name,
                "gives": "yes" if sure else "not-known",
                "nearest_for": number if sure else None,
                "hours_a_week": None if math.isnan(hours) else hours,
            }
            for site_id, name, sure, number, hours in zip(
                account.sites.ids,
                account.sites.names,
                account.sites.sure.tolist(),
                account.nearest_residents(),
                account.sites.hours_a_week.tolist(),
                strict=True,
            )
        ],
    }


def _npa(code: str) -> dict[str, Any]:
    ground = services().workspace.ground
    return {
        "npa_code": code,
        "npa_name": ground.npa_name(code) if code else "",
        "npa_approximate": code in ground.approximate_npas,
    }


def _row(account: CoverageAccount, row: AreaCoverage) -> dict[str, Any]:
    asked = account.asked
    return {
        "residents": round(row.sure.residents),
        "distances": [
            {"distance_m": metres, **_counts(row.sure, row.possible, number)}
            for number, metres in enumerate(asked.distances_m)
        ],
        "minutes": [
            {"minutes": minutes, **_counts(row.sure_minutes, row.possible_minutes, number)}
            for number, minutes in enumerate(asked.minutes)
        ],
        "mean_m": _rounded(row.sure.mean),
        "median_m": _rounded(row.sure.median),
        "percentile_90_m": _rounded(row.sure.percentile_90),
        **access_figures(asked.access.capacity, row.access),
    }


def access_figures(capacity: Capacity, access: AreaAccess) -> dict[str, Any]:
    """Access as JSON has it, under the capacity that was asked for; null under the other."""
    value = None if access.value is None else round(access.value, 4)
    return {
        **{f"{name}_for_100000": value if name == capacity else None for name in CAPACITIES},
        "access_at_least": access.at_least,
    }


def _counts(sure: Served, possible: Served, number: int) -> dict[str, int]:
    return {
        "within": round(sure.within[number]),
        "outside": round(sure.outside[number]),
        "possibly_within": round(possible.within[number] - sure.within[number]),
    }


def _rounded(metres: float | None) -> int | None:
    return None if metres is None else round(metres)
