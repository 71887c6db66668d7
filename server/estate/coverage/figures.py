"""Coverage for programs: residents within and outside each threshold, in all and by area."""

from __future__ import annotations

import math
from typing import Any

from boundaries.small_areas import GROUPINGS, NPA
from geo.coverage import Served
from server.estate.coverage import words
from server.estate.coverage.access import CAPACITIES, AreaAccess, Capacity
from server.estate.coverage.account import AreaCoverage, CoverageAccount
from server.estate.coverage.asked import Asked
from server.services import services


def figures_of(account: CoverageAccount) -> dict[str, Any]:
    """The account as JSON has it. Of the residents, within and outside add up to the total.

    Residents are null where no small area is held: how many there are is then not known.
    """
    asked = account.asked
    others = [grouping for grouping in GROUPINGS if grouping != NPA]
    return {
        "service": asked.service_id,
        "as_of": asked.as_of.isoformat(),
        "query": asked.params(),
        "caption": list(words.sentences(account)),
        "total": _row(asked, account.total if account.held else None),
        "npas": [{**_npa(label), **_row(asked, row)} for label, row in account.every(NPA).items()],
        "by": {
            grouping: [
                {"label": words.label_words(grouping, label), **_row(asked, row)}
                for label, row in account.by(grouping).items()
            ]
            for grouping in others
        },
        "sites": [
            {
                "site_id": site_id,
                "name": name,
                "gives": "yes" if sure else "not-known",
                "nearest_for": number if sure and account.held else None,
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


def _row(asked: Asked, row: AreaCoverage | None) -> dict[str, Any]:
    """An area; without a row, nothing is known of its residents."""
    near = (row.sure, row.possible) if row else None
    soon = (row.sure_minutes, row.possible_minutes) if row else None
    return {
        "residents": round(row.sure.residents) if row else None,
        "distances": [
            {"distance_m": metres, **_counts(near, number)}
            for number, metres in enumerate(asked.distances_m)
        ],
        "minutes": [
            {"minutes": minutes, **_counts(soon, number)}
            for number, minutes in enumerate(asked.minutes)
        ],
        "mean_m": _rounded(row.sure.mean if row else None),
        "median_m": _rounded(row.sure.median if row else None),
        "percentile_90_m": _rounded(row.sure.percentile_90 if row else None),
        **access_figures(asked.access.capacity, row.access if row else AreaAccess(None)),
    }


def access_figures(capacity: Capacity, access: AreaAccess) -> dict[str, Any]:
    """Access as JSON has it, under the capacity that was asked for; null under the other."""
    value = None if access.value is None else round(access.value, 4)
    return {
        **{f"{name}_for_100000": value if name == capacity else None for name in CAPACITIES},
        "access_at_least": access.at_least,
    }


def _counts(served: tuple[Served, Served] | None, number: int) -> dict[str, int | None]:
    if served is None:
        return {"within": None, "outside": None, "possibly_within": None}
    sure, possible = served
    return {
        "within": round(sure.within[number]),
        "outside": round(sure.outside[number]),
        "possibly_within": round(possible.within[number] - sure.within[number]),
    }


def _rounded(metres: float | None) -> int | None:
    return None if metres is None else round(metres)
