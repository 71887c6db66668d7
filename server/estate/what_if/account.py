"""What a scenario changes: coverage before and after, desks, running cost and floor area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.what_if import Difference, difference
from layers.errors import BadQuery
from layers.estate_reconciled import desk_of
from server.estate.coverage.account import CoverageAccount, account_of, people_of
from server.estate.coverage.asked import Asked, asked
from server.estate.coverage.service import NEIGHBOURHOOD_OFFICE
from server.estate.growth import PARAMS as GROWTH_PARAMS
from server.estate.growth import Growth
from server.estate.what_if.scenario import (
    NEW_HOURS,
    SCENARIO_PARAMS,
    TYPED_PARAMS,
    Pair,
    Scenario,
    scenario_of,
)
from server.services import services

NEW_TYPE: Final = "front-enquiry-office"
PARAMS: Final = (*SCENARIO_PARAMS, *TYPED_PARAMS, NEW_HOURS, *GROWTH_PARAMS)
"""What an address says of a scenario; the rest of it asks for coverage."""


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
    ``maybe_desk`` it is not known. ``hours_a_week`` are of the sites that surely give the service.
    """

    estate: gpd.GeoDataFrame
    coverage: CoverageAccount
    without_desk: tuple[str, ...]
    maybe_desk: tuple[str, ...]
    running_cost_gbp: Sum
    floor_area_m2: Sum
    hours_a_week: Sum

    @property
    def rows(self) -> int:
        """For how much memory it counts: its small areas."""
        return len(self.coverage.areas.codes)


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """A scenario with what it changes: by metres along the way, and by minutes."""

    asked: Asked
    scenario: Scenario
    before: Side
    after: Side
    difference: Difference
    by_minutes: Difference

    @property
    def rows(self) -> int:
        """For how much memory it counts: its small areas."""
        return len(self.before.coverage.areas.codes)

    def params(self) -> list[Pair]:
        """What is asked and changed as address parameters."""
        return [*self.asked.params(), *self.scenario.params()]


def what_if_of(params: Mapping[str, list[str]]) -> WhatIf:
    """What the scenario of an address changes, for whoever asks.

    Raises:
        BadQuery: a parameter or value that cannot be used, or a site that does not stand.
    """
    return what_if(*scenario_asked(params))


def scenario_asked(params: Mapping[str, list[str]]) -> tuple[Asked, Scenario]:
    """The scenario of an address and what is asked of it; nothing is reckoned.

    Raises:
        BadQuery: a parameter or value that cannot be used, a site that does not stand, or a new
            place with ways by a table, which does not hold it.
    """
    mine = {name: params[name] for name in PARAMS if name in params}
    what = asked({name: values for name, values in params.items() if name not in mine})
    scenario = scenario_of(mine, what.sites())
    if what.ways.by == "table" and scenario.has_new_places:
        raise BadQuery(
            "A table of travel times knows no minutes to a new place, so a site that opens or "
            "moves, or planned homes, cannot be measured by it. Ask by straight, or by roads where "
            "they are held."
        )
    return what, scenario


def what_if(asked: Asked, scenario: Scenario) -> WhatIf:
    """What a scenario changes of the estate that is asked for, made once as long as it is true."""
    return services().workspace.remembered(
        ("what if", asked, scenario), asked.version(), lambda: _what_if(asked, scenario)
    )


def _what_if(asked: Asked, scenario: Scenario) -> WhatIf:
    estate = asked.sites()
    is_office = asked.service_id == NEIGHBOURHOOD_OFFICE
    site_type = NEIGHBOURHOOD_OFFICE if is_office else NEW_TYPE
    changed = scenario.changed(estate, site_type, asked.as_of)
    before, after = _before(asked, scenario.growth), _side(asked, changed, scenario.growth)
    was, now = before.coverage, after.coverage
    by_metres, by_minutes = (
        people_of(was.areas, near) for near in (asked.distances_m, asked.minutes)
    )
    return WhatIf(
        asked,
        scenario,
        before,
        after,
        difference(by_metres, was.sure, now.sure),
        difference(by_minutes, was.sure_minutes, now.sure_minutes),
    )


def _before(asked: Asked, growth: Growth) -> Side:
    """The estate as it stands, for every scenario with the same homes."""
    return services().workspace.remembered(
        ("before", asked, growth), asked.version(), lambda: _side(asked, asked.sites(), growth)
    )


def _side(asked: Asked, estate: gpd.GeoDataFrame, growth: Growth) -> Side:
    ground = services().workspace.ground
    located = ~(estate.geometry.isna() | estate.geometry.is_empty).to_numpy()
    stands = np.full(len(estate), "", dtype=object)
    points = estate.geometry[located]
    stands[located] = ground.npas.latest_code_at(points.x, points.y)
    desks = desk_of(estate).to_numpy()
    surely, maybe = (set(stands[desks == state]) for state in ("yes", "unknown"))
    codes = [code for code in ground.npa_codes if code not in surely]
    coverage = account_of(asked, estate, growth.areas())
    return Side(
        estate,
        coverage,
        tuple(codes),
        tuple(code for code in codes if code in maybe),
        _sum(estate, "running_cost_gbp"),
        _sum(estate, "floor_area_m2"),
        _sum_of(coverage.sites.hours_a_week[: coverage.sites.surely]),
    )


def _sum(estate: gpd.GeoDataFrame, column: str) -> Sum:
    if column not in estate:
        return Sum(0.0, len(estate), len(estate))
    return _sum_of(pd.to_numeric(estate[column]).to_numpy(dtype=np.float64, na_value=np.nan))


def _sum_of(values: npt.NDArray[np.float64]) -> Sum:
    return Sum(float(np.nansum(values)), len(values), int(np.isnan(values).sum()))
