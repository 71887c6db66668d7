"""The planned homes of a scenario: how near their residents are before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boundaries.place import Place
from boundaries.small_areas import NPA
from server.estate.what_if.account import WhatIf


@dataclass(frozen=True, slots=True)
class Grown:
    """Homes at one place: who is to live there, in which area, how far from the nearest site.

    Distances are along the way in metres, and None where there is no site.
    """

    place: Place
    homes: int
    residents: int
    npa_code: str
    before_m: float | None
    after_m: float | None


def grown(found: WhatIf) -> list[Grown]:
    """The planned homes, one an item, in the order of the address."""
    growth, areas = found.scenario.growth, found.before.coverage.areas
    first = len(areas.codes) - len(growth.homes)
    before, after = (side.coverage.sure.cost for side in (found.before, found.after))
    return [
        Grown(
            place,
            homes,
            growth.residents_of(homes),
            areas.labels[NPA][number],
            _known(before[number]),
            _known(after[number]),
        )
        for number, (place, homes) in enumerate(growth.homes, start=first)
    ]


def within(homes: list[Grown], metres: int) -> tuple[int, int]:
    """Residents of planned homes within a distance, before and after."""
    before, after = (
        sum(
            each.residents
            for each, cost in zip(homes, costs, strict=True)
            if cost is not None and cost <= metres
        )
        for costs in ([each.before_m for each in homes], [each.after_m for each in homes])
    )
    return before, after


def _known(cost: float) -> float | None:
    return float(cost) if np.isfinite(cost) else None
