"""Whether concerns of behaviour follow those of the place, at several reaches and times.

Each reach and time is a test of its own; among so many one may look odd by chance, so their
p-values are adjusted together (Benjamini and Hochberg 1995, false discovery rate).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd
import shapely
from scipy.stats import false_discovery_control

from geo.following import PERMUTATIONS, Events, Following, following

RADII_M: Final = (100, 250, 500)
WITHIN_DAYS: Final = (30, 90)
SEED: Final = 1837
LEVEL: Final = 0.05
FEWEST: Final = 20
"""Of either kind: with fewer reports nothing could be told from chance."""

Verdict = Literal["follows", "together", "no clear sign"]


@dataclass(frozen=True, slots=True)
class Tested:
    """One reach and time, with the p-values adjusted for all that were tested."""

    found: Following
    after_p_value: float
    order_p_value: float

    @property
    def verdict(self) -> Verdict:
        """Whether the one kind follows, merely keeps company, or neither can be told."""
        if self.after_p_value > LEVEL:
            return "no clear sign"
        return "follows" if self.order_p_value <= LEVEL else "together"


@dataclass(frozen=True, slots=True)
class Company:
    """The tests, and how many reports whose day is known name each kind."""

    environmental: int
    behavioural: int
    permutations: int
    tested: tuple[Tested, ...]


def company_of(reports: pd.DataFrame) -> Company | None:
    """Test reports whose day is known; None where one kind has too few of them.

    Args:
        reports: with points in EPSG:27700, ``kind``, ``date_from`` and ``date_to``.
    """
    dated = reports[(reports["date_from"] == reports["date_to"]) & ~reports.geometry.is_empty]
    first, second = (_events(dated, kind) for kind in ("Environmental", "Behavioural"))
    if min(len(first.days), len(second.days)) < FEWEST:
        return None
    found = [
        following(first, second, radius, days, seed=SEED)
        for radius in RADII_M
        for days in WITHIN_DAYS
    ]
    after = false_discovery_control([each.after.p_value for each in found])
    order = false_discovery_control([each.order_p_value for each in found])
    return Company(
        len(first.days),
        len(second.days),
        PERMUTATIONS,
        tuple(
            Tested(each, float(one), float(other))
            for each, one, other in zip(found, after, order, strict=True)
        ),
    )


def _events(reports: pd.DataFrame, kind: str) -> Events:
    """The reports that name a kind, alone or beside the other."""
    mine = reports[reports["kind"].isin((kind, "Both"))]
    return Events(
        shapely.get_coordinates(mine["geometry"].to_numpy()),
        mine["date_from"].to_numpy().astype("datetime64[D]").astype("int64"),
        mine["report_id"].to_numpy(dtype=object),
    )
