"""Why an agreed day is where and when it is, said anew when its date is not the proposed one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree

from geo.rotation import Commitment, tally
from layers.history import Record
from server.services import Services
from server.visits.asked import COUNTED
from server.visits.plan import words
from server.visits.plan.asked import PlanAsked
from server.visits.plan.need import need_of
from server.visits.plan.planner import days_by_npa, days_coming, stops_held
from server.visits.plan.stops import AGREED, planned_stops

Point = tuple[float, float]

MADE_HERE: Final = re.compile(r"P-\d{8}-\d{2,}")
"""The ids of stops that were agreed on the planner's page, whose reasons are its own words."""


def reason_for(
    have: Services, asked: PlanAsked, points_m: Sequence[Point], on: date, besides: Record
) -> str:
    """Why a day at these points is on a date: how its NPA stands then, and who lives near.

    Args:
        have: what is held.
        asked: the plan, whose reach and need are meant.
        points_m: the day's stops in EPSG:27700, the first of which says the NPA.
        on: the date.
        besides: the ``day`` and ``visitor`` of an agreed day that is this one, and so not counted.
    """
    said = []
    ground = have.workspace.ground
    points = np.array(points_m, dtype=float).reshape(-1, 2)
    codes = [code for code in ground.npas.latest_code_at(points[:, 0], points[:, 1]) if code]
    if codes:
        days = _days_before(have, codes[0], on, besides)
        said.append(words.standing_then(ground.npa_label(codes[0]), days, on))
    need = need_of(have, asked, stops_held(have))
    if len(points) and len(need.people_m):
        apart_m, _ = cKDTree(points).query(need.people_m)
        near = apart_m <= asked.reach.reach_m
        said.append(
            words.people_words(
                int(need.residents[near].sum()),
                int(need.residents[near & ~np.isfinite(need.months_since)].sum()),
                int(need.residents[near & need.deprived].sum()),
                asked.reach.reach_m,
            )
        )
    return " ".join(said)


def _days_before(have: Services, code: str, on: date, besides: Record) -> int:
    """Days that an NPA surely has, held or agreed, in the months that end before a date."""
    ground, commitment, held = have.workspace.ground, Commitment(), stops_held(have)
    past = days_by_npa(held[held["visit_type"].isin(COUNTED)], ground)
    coming = days_coming(_others(planned_stops(have, AGREED), besides), held, ground)
    window = commitment.window(on - timedelta(days=1))
    return tally([*past[code], *coming[code]], window).surely


def _others(agreed: gpd.GeoDataFrame, besides: Record) -> gpd.GeoDataFrame:
    counted = agreed["visit_type"].isin(COUNTED)
    if not besides:
        return agreed[counted]
    mine = (agreed["day"] == besides["day"]) & (agreed["visitor"] == besides["visitor"])
    return agreed[counted & ~mine]
