"""Planning a year of visits: beside the next best day each time, and beside spopt's MCLP."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy.spatial.distance import cdist

from boundaries.ground import load_ground
from geo.planning import PlanTask, plan_days
from tests.benchmarks.document import Section, table
from tests.benchmarks.needs import Lacking
from tests.benchmarks.scratch import Scratch
from tests.benchmarks.timing import best, ratio_words
from tests.geo.planners import next_best

QUOTA: Final = (4, 3, 3, 3, 4, 3, 3, 3, 4, 3, 3, 3)
YEARS: Final = ((1000, 6000, 3), (2000, 6000, 3), (3000, 8000, 3), (2000, 0, 1))
"""Reach and travel in metres, and stops a day."""
SITES: Final = (10, 20, 39)
REACH_M: Final = 2000


def measure(_: Scratch) -> Section:
    """A year as the office plans it, and the problem to which it reduces."""
    spread = _year_rows()
    return Section(
        "planning",
        "A year of visits",
        f"{sum(QUOTA)} days in twelve months for all areas, each with two days to have in any "
        "twelve months and none before, chosen from "
        f"{len(_task(REACH_M, 0, 1).place_area)} settlements and wards of the shipped ground; need "
        "is residents by deprivation. Beside it the next best day each time (greedy): a day where "
        "most is lacking, at the places that reach the most anew. The best of 3 rounds each.",
        (spread, _mclp_rows()),
        (
            "Lacking adds up, over areas and the ends of months, the days that the twelve months "
            "to then still lack; some is unavoidable where no area has had a day.",
            "With one stop a day, one month and no commitment the plan is a maximal covering "
            "location problem. spopt makes it with PuLP and solves it with CBC, which comes with "
            "PuLP; both prove their optimum.",
        ),
    )


def _task(reach_m: float, travel_m: float, stops: int) -> PlanTask:
    ground = load_ground(None)
    columns = ["easting_m", "northing_m"]
    places_m = np.vstack([ground.settlements[columns], ground.wards[columns]]).astype(float)
    codes = ground.npas.latest_code_at(places_m[:, 0], places_m[:, 1])
    numbers = {code: number for number, code in enumerate(ground.npa_codes)}
    area = np.array([numbers.get(code, -1) for code in codes], dtype=np.int64)
    people = ground.small_areas["2021"]
    need = (people["residents"] * (11 - people["imd2025_decile"]) / 10).to_numpy(float)
    return PlanTask(
        places_m[area >= 0],
        area[area >= 0],
        people[columns].to_numpy(float),
        need,
        QUOTA,
        np.full((len(numbers), len(QUOTA)), 2, dtype=np.int64),
        reach_m,
        travel_m,
        stops,
    )


def _year_rows() -> str:
    rows = []
    for reach_m, travel_m, stops in YEARS:
        task = _task(reach_m, travel_m, stops)
        plan, ours_s = best(lambda task=task: plan_days(task))
        (lacking, reached), greedy_s = best(lambda task=task: next_best(task))
        total = task.need.sum()
        rows.append(
            [
                f"reach {reach_m / 1000:g} km, {stops} {'stop' if stops == 1 else 'stops'} a day",
                f"{100 * plan.reached / total:.2f}%",
                f"{100 * reached / total:.2f}%",
                f"{plan.reached / reached:.3f}",
                f"{plan.lacking} and {lacking}",
                f"{100 * plan.gap:.2f}%",
                f"{ours_s:.1f}",
                f"{greedy_s:.2f}",
            ]
        )
    header = (
        "a year",
        "need reached",
        "by greedy",
        "ours / greedy",
        "lacking, ours and greedy",
        "proven gap",
        "ours (s)",
        "greedy (s)",
    )
    return table(header, rows)


def _mclp_rows() -> str:
    try:
        from pulp import PULP_CBC_CMD
        from spopt.locate import MCLP
    except ImportError as error:
        raise Lacking("spopt is needed and was not found.") from error
    everywhere = _task(REACH_M, 0, 1)
    apart_m = cdist(everywhere.people_m, everywhere.places_m)
    rows = []
    for sites in SITES:
        task = PlanTask(
            everywhere.places_m,
            np.zeros(len(everywhere.place_area), dtype=np.int64),
            everywhere.people_m,
            everywhere.need,
            (sites,),
            np.zeros((1, 1), dtype=np.int64),
            REACH_M,
            0,
            1,
        )

        def peer(sites: int = sites) -> Any:
            model = MCLP.from_cost_matrix(apart_m, everywhere.need, REACH_M, sites)
            return model.solve(PULP_CBC_CMD(msg=False))

        plan, ours_s = best(lambda task=task: plan_days(task, gap=0.0))
        solved, peer_s = best(peer)
        reached = solved.problem.objective.value()
        rows.append(
            [
                f"{sites} places",
                f"{plan.reached:,.1f}",
                f"{reached:,.1f}",
                f"{ours_s:.2f}",
                f"{peer_s:.2f}",
                ratio_words(peer_s, ours_s),
            ]
        )
    header = ("covering", "need reached", "by spopt", "ours (s)", "spopt (s)", "spopt / ours")
    return table(header, rows)
