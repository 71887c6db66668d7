"""What a scenario changes: coverage before and after, desks, running cost and floor area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.what_if import Difference, difference
from layers.estate_reconciled import desk_of
from server.estate.coverage.account import CoverageAccount, account_of, people_of
from server.estate.coverage.asked import Asked
from server.estate.coverage.service import NEIGHBOURHOOD_OFFICE
from server.estate.what_if.scenario import Scenario
from server.services import services

NEW_TYPE: Final = "front-enquiry-office"


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure added up over sites, as far as it is known: of ``sites``, ``unknown`` say none."""

    total: float
    sites: int
    unknown: int


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The estate before or after: coverage, areas without a desk, what it costs and takes up.

    ``without_desk`` are the NPAs in which no site is surely an enquiry desk; of those in
    ``maybe_desk`` it is not known.
    """

    estate: gpd.GeoDataFrame
    coverage: CoverageAccount
    without_desk: tuple[str, ...]
    maybe_desk: tuple[str, ...]
    running_cost_gbp: Sum
    floor_area_m2: Sum


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """A scenario with what it changes; ``difference`` is by metres along the way."""

    asked: Asked
    scenario: Scenario
    before: Side
    after: Side
    difference: Difference

    @property
    def rows(self) -> int:
        """For how much memory it counts: its small areas."""
        return len(self.before.coverage.areas.codes)


def what_if(asked: Asked, scenario: Scenario) -> WhatIf:
    """What a scenario changes of the estate that is asked for, made once as long as it is true."""
    return services().workspace.remembered(
        ("what if", asked, scenario), asked.version(), lambda: _what_if(asked, scenario)
    )


def _what_if(asked: Asked, scenario: Scenario) -> WhatIf:
    estate = asked.sites()
    is_office = asked.service_id == NEIGHBOURHOOD_OFFICE
    changed = scenario.changed(estate, NEIGHBOURHOOD_OFFICE if is_office else NEW_TYPE)
    before, after = _side(asked, estate), _side(asked, changed)
    people = people_of(before.coverage.areas, asked.distances_m)
    moved = difference(people, before.coverage.sure, after.coverage.sure)
    return WhatIf(asked, scenario, before, after, moved)


def _side(asked: Asked, estate: gpd.GeoDataFrame) -> Side:
    ground = services().workspace.ground
    located = ~(estate.geometry.isna() | estate.geometry.is_empty).to_numpy()
    stands = np.full(len(estate), "", dtype=object)
    points = estate.geometry[located]
    stands[located] = ground.npas.latest_code_at(points.x, points.y)
    desks = desk_of(estate).to_numpy()
    surely, maybe = (set(stands[desks == state]) for state in ("yes", "unknown"))
    codes = [code for code in ground.npa_codes if code not in surely]
    return Side(
        estate,
        account_of(asked, estate),
        tuple(codes),
        tuple(code for code in codes if code in maybe),
        _sum(estate, "running_cost_gbp"),
        _sum(estate, "floor_area_m2"),
    )


def _sum(estate: gpd.GeoDataFrame, column: str) -> Sum:
    if column not in estate:
        return Sum(0.0, len(estate), len(estate))
    values = pd.to_numeric(estate[column])
    return Sum(float(values.sum()), len(estate), int(values.isna().sum()))
