"""A plan of visits: what is fixed, what is proposed and why, and how much better it could be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from boundaries.ground import Ground
from geo.dates import DateInterval, shift_months
from geo.planning import Plan, PlanTask, plan_days
from geo.rotation import Commitment, standing, tally
from geo.schedule import quotas
from layers.answer import answer
from layers.audience import Audience
from layers.candidates import places_of
from layers.programme import PROGRAMME
from layers.query import everything
from layers.visited import by_district
from server.services import Services
from server.visits.account import days_of
from server.visits.asked import COUNTED, VISITS
from server.visits.plan.asked import PlanAsked
from server.visits.plan.dates import usable_dates
from server.visits.plan.need import Need, need_of
from server.visits.plan.proposals import NpaNeed, Proposal, Proposing, proposals_of
from server.visits.plan.stops import AGREED, DECLINED, planned_stops

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

Days = dict[str, list[DateInterval]]

RESTS_ON: Final = (VISITS, "street_safe", "people_zones", "crime")
"""The layers on which a plan rests."""


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """The whole plan as it is shown: proposals by date, NPAs by how much they need a visit.

    ``total_need`` is all there is, ``open_need`` what a plan can still reach. ``still_lacking``
    are NPAs with the last month at whose end they lack days, and how many then; ``used_up`` those
    that lack days and have no place left. ``fixed`` days are agreed already, on ``usable`` dates
    others can be; ``places`` is how many could be chosen in one plan; ``by_district`` how many
    visits are known by their district alone.
    """

    asked: PlanAsked
    plan: Plan
    proposals: tuple[Proposal, ...]
    npas: tuple[NpaNeed, ...]
    total_need: float
    open_need: float
    still_lacking: tuple[tuple[str, str, int], ...]
    fixed: int
    usable: int
    places: int
    used_up: tuple[str, ...]
    crime_months: tuple[str, ...]
    by_district: int
    visits_held: int

    @property
    def rows(self) -> int:
        """For how much the plan counts among remembered answers."""
        return len(self.proposals) + 1


def plan_of(have: Services, asked: PlanAsked) -> Planned:
    """The plan that is asked for, made anew when anything that it rests on changes.

    Raises:
        NoPlan: there is none, for the reason that it gives.
    """
    workspace = have.workspace
    version = "/".join(have.registry.get(name).version(workspace) for name in RESTS_ON)
    version += f"/{workspace.store.version(PROGRAMME)}/{workspace.ground.fingerprint}"
    return workspace.remembered(("plan", asked), version, lambda: _plan_of(have, asked))


def stops_held(have: Services) -> gpd.GeoDataFrame:
    """Every visit that is held, as staff see it."""
    layer = have.registry.get(VISITS)
    query = everything(layer.spec, Audience.STAFF)
    return answer(layer, have.workspace, query, have.today).records


def _plan_of(have: Services, asked: PlanAsked) -> Planned:
    ground, period, commitment = have.workspace.ground, asked.period, Commitment()
    months, stops = period.months(), stops_held(have)
    fixed = planned_stops(have, AGREED, period)
    rested_from = shift_months(period.date_from, -asked.reach.rested_months)
    lately = planned_stops(have, AGREED, DateInterval(rested_from, period.date_to))
    declined = planned_stops(have, DECLINED)
    need = need_of(have, asked, stops)
    places = places_of(have.workspace, asked.sources).without(
        np.concatenate((_points(lately), _points(declined)))
    )
    taken = set(fixed["day"])
    free = [day for day in usable_dates(period, asked.usable) if day not in taken]
    past = days_by_npa(stops[stops["visit_type"].isin(COUNTED)], ground)
    agreed = planned_stops(have, AGREED)
    coming = days_coming(agreed[agreed["visit_type"].isin(COUNTED)], stops, ground)
    task = PlanTask(
        places_m=places.points_m,
        place_area=places.area,
        people_m=need.people_m,
        need=_not_reached(need, _points(lately), asked.reach.reach_m),
        quota=(0,) * len(months),
        lacking=_lacking(past, coming, months, commitment),
        reach_m=asked.reach.reach_m,
        travel_m=asked.reach.travel_m,
        stops=asked.reach.stops,
        window_months=commitment.months,
        alike=places.alike,
    )
    choosable = int(task.most_places().sum())
    wanted = min(max(asked.days - len(taken), 0), choosable)
    quota = quotas(_by_month(free, months), _by_month(taken, months), wanted)
    task = replace(task, quota=quota)
    plan = plan_days(task)
    npas = _npas(ground, past, need, plan, period.date_from, commitment)
    using = Proposing(task, places, need, dict(enumerate(npas)), months)
    return Planned(
        asked,
        plan,
        proposals_of(plan, using, free, taken),
        tuple(sorted(npas, key=lambda npa: (-npa.lacks, -npa.open_need))),
        float(need.need.sum()),
        float(task.need.sum()),
        _still_lacking(task, plan, ground, months),
        len(taken),
        len(free),
        choosable,
        _used_up(task, plan, ground),
        need.crime_months,
        int(by_district(stops).sum()),
        len(stops),
    )


def _points(frame: gpd.GeoDataFrame) -> FloatArray:
    located = frame[frame.geometry.notna()].geometry
    return np.column_stack((located.x, located.y)).astype(float).reshape(-1, 2)


def _by_month(days: Sequence[date] | set[date], months: Sequence[str]) -> list[int]:
    return [sum(day.isoformat()[:7] == month for day in days) for month in months]


def _not_reached(need: Need, points_m: FloatArray, reach_m: float) -> FloatArray:
    """The need that is left open by what is agreed already."""
    if not len(points_m) or not len(need.people_m):
        return need.open_need
    apart_m, _ = cKDTree(points_m).query(need.people_m)
    return np.where(apart_m <= reach_m, 0.0, need.open_need)


def days_by_npa(stops: gpd.GeoDataFrame, ground: Ground) -> Days:
    """Days of visits that were held, by NPA."""
    return {code: days_of(stops[stops["npa_code"] == code]) for code in ground.npa_codes}


def days_coming(agreed: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, ground: Ground) -> Days:
    """Days that are agreed and not recorded as held, by NPA: one visitor on one date each."""
    held = set(zip(stops["npa_code"], stops["visitor"], stops["date"], strict=True))
    located = agreed[agreed.geometry.notna()]
    codes = ground.npas.latest_code_at(located.geometry.x, located.geometry.y)
    days: dict[str, set[tuple[str, date]]] = {code: set() for code in ground.npa_codes}
    for code, visitor, day in zip(codes, located["visitor"], located["day"], strict=True):
        if code in days and (code, visitor, day.isoformat()) not in held:
            days[code].add((visitor, day))
    return {
        code: [DateInterval(day, day) for _, day in sorted(mine)] for code, mine in days.items()
    }


def _lacking(past: Days, coming: Days, months: Sequence[str], commitment: Commitment) -> IntArray:
    """Days that each NPA lacks in the run of months that ends with each month."""
    ends = [DateInterval.parse(month).date_to for month in months]
    return np.array(
        [
            [
                commitment.days - tally([*past[code], *coming[code]], commitment.window(end)).surely
                for end in ends
            ]
            for code in past
        ],
        dtype=np.int64,
    ).reshape(len(past), len(months))


def _npas(
    ground: Ground, past: Days, need: Need, plan: Plan, begins: date, commitment: Commitment
) -> list[NpaNeed]:
    on = begins - timedelta(days=1)
    total = need.by_npa(ground.npa_codes, need.need)
    still = need.by_npa(ground.npa_codes, need.open_need)
    alone = {part: need.by_npa(ground.npa_codes, need.alone(part)) for part in need.scores}
    found = []
    for number, code in enumerate(ground.npa_codes):
        stands = standing(past[code], on, commitment)
        lacks = max(commitment.days - stands.window.surely, 0)
        days = sum(day.area == number for day in plan.days)
        parts = tuple((part, _share(mine, code)) for part, mine in alone.items())
        found.append(NpaNeed(code, stands, lacks, total[code], still[code], days, parts))
    return found


def _share(values: Mapping[str, float], code: str) -> float:
    total = sum(values.values())
    return values[code] / total if total else 0.0


def _used_up(task: PlanTask, plan: Plan, ground: Ground) -> tuple[str, ...]:
    """NPAs that lack days at the end though every place there is proposed."""
    found, most = [], task.most_places()
    for area, code in enumerate(ground.npa_codes):
        mine = [day for day in plan.days if day.area == area]
        visited = sum(len(day.places) for day in mine)
        months = range(max(task.lacking.shape[1] - task.window_months, 0), task.lacking.shape[1])
        lacks = int(task.lacking[area, -1]) - sum(day.month in months for day in mine)
        if lacks > 0 and visited >= most[area]:
            found.append(code)
    return tuple(found)


def _still_lacking(
    task: PlanTask, plan: Plan, ground: Ground, months: Sequence[str]
) -> tuple[tuple[str, str, int], ...]:
    """NPAs that lack days at the end of a month even so: the last such month, and how many."""
    found = []
    for area, code in enumerate(ground.npa_codes):
        mine = [day.month for day in plan.days if day.area == area]
        short = [
            int(task.lacking[area, number])
            - sum(number - task.window_months < month <= number for month in mine)
            for number in range(len(months))
        ]
        late = [number for number, lacks in enumerate(short) if lacks > 0]
        if late:
            found.append((code, months[late[-1]], short[late[-1]]))
    return tuple(found)
