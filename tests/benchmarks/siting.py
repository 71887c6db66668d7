"""Where sites should be: beside spopt called plainly, and beside a loop over geopandas."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from geo.costs import CostMatrix, straight_lines
from geo.route import ROUTE_FACTOR
from geo.siting import Siting, SitingTask, p_centre, p_median
from geo.siting import location_set_covering as fewest
from geo.siting import maximal_covering as most
from geo.siting_compare import runner_up, trade_off
from tests.benchmarks.document import Section, table
from tests.benchmarks.estate import frame, people, places
from tests.benchmarks.scratch import Scratch
from tests.benchmarks.timing import ratio_words, timed

CANDIDATES: Final = 200
WITHIN_M: Final = 5000.0
COVER_M: Final = 15_000.0
NUMBERS: Final = (3, 10)
MOST: Final = 10
LIMIT_S: Final = 60.0

_Problem = tuple[str, Callable[[], Siting], Callable[[Any], Any], str]
"""A name, our way, how spopt builds it, and what spopt calls it."""


def measure(_: Scratch) -> Section:
    """Each problem for two numbers of sites, the curve of all numbers, and the runner-up."""
    points_m, residents, _labels = people()
    sites_m = places(CANDIDATES)
    task = SitingTask(straight_lines(points_m, sites_m), residents)
    _warm()
    rows = [_row(task, *one) for one in _problems(task)]
    greedy = [_greedy_row(points_m, sites_m, residents, task, p) for p in NUMBERS]
    header = (
        "problem",
        "ours",
        "by spopt",
        "ours (s)",
        "spopt (s)",
        "spopt / ours",
        "proven by ours",
        "gap of spopt",
    )
    loops = (
        "covering",
        "people, ours",
        "people, by the loop",
        "ours / loop",
        "ours (s)",
        "loop (s)",
    )
    return Section(
        "siting",
        "Where sites should be",
        f"{len(residents)} small areas, {CANDIDATES} settlements and ward centres as candidates, "
        f"straight lines times {ROUTE_FACTOR}; covering within {WITHIN_M / 1000:g} km, "
        f"set covering within {COVER_M / 1000:g} km. spopt called plainly is its model of all rows "
        f"and columns, solved by HiGHS for at most {LIMIT_S:g} s. One round each, spopt loaded.",
        (table(header, rows), table(loops, greedy), _curves(task)),
        (
            "Ours leaves out rows and sites that decide nothing, gives spopt what remains, and has "
            "HiGHS prove it; `geo/siting.py` says how. spopt's mean is reckoned from its choice.",
            "The loop over geopandas opens the next best site each time (greedy), measuring with "
            "`GeoSeries.distance`; it proves nothing.",
        ),
    )


def _warm() -> None:
    small = SitingTask(CostMatrix(np.eye(2), "distance_m", "table"), np.ones(2))
    _plain("MCLP", small, lambda cls: cls.from_cost_matrix(np.eye(2), np.ones(2), 0.5, 1))


def _problems(
    task: SitingTask,
) -> list[tuple[str, Callable[[], Siting], Callable[[Any], Any], str]]:
    costs, demand = task.costs.values, task.demand
    found: list[tuple[str, Callable[[], Siting], Callable[[Any], Any], str]] = [
        (
            "set covering",
            lambda: fewest(task, COVER_M),
            lambda cls: cls.from_cost_matrix(costs, COVER_M),
            "LSCP",
        )
    ]
    for p in NUMBERS:
        found += [
            (
                f"maximal covering, p = {p}",
                lambda p=p: most(task, p, WITHIN_M),
                lambda cls, p=p: cls.from_cost_matrix(costs, demand, WITHIN_M, p),
                "MCLP",
            ),
            (
                f"p-median, p = {p}",
                lambda p=p: p_median(task, p),
                lambda cls, p=p: cls.from_cost_matrix(costs, demand, p),
                "PMedian",
            ),
            (
                f"p-centre, p = {p}",
                lambda p=p: p_centre(task, p),
                lambda cls, p=p: cls.from_cost_matrix(costs, p),
                "PCenter",
            ),
        ]
    return found


def _row(
    task: SitingTask, name: str, ours: Callable[[], Siting], build: Callable[[Any], Any], model: str
) -> list[str]:
    found, ours_s = timed(ours)
    (value, gap), peer_s = timed(lambda: _plain(model, task, build))
    return [
        name,
        f"{found.value:,.1f}",
        "none found" if value is None else f"{value:,.1f}",
        f"{ours_s:.2f}",
        f"{peer_s:.1f}",
        ratio_words(peer_s, ours_s),
        "yes" if found.proven else f"{100 * found.gap:.2f}%",
        "none" if gap < 1e-6 else "no choice" if np.isinf(gap) else f"{100 * gap:.0f}%",
    ]


def _plain(model: str, task: SitingTask, build: Callable[[Any], Any]) -> tuple[float | None, float]:
    """What spopt finds, measured as ours is, and the gap that HiGHS leaves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from pulp import HiGHS
        from spopt import locate

        made = build(getattr(locate, model))
        made.problem.solve(HiGHS(msg=False, timeLimit=LIMIT_S))
        gap = made.problem.solverModel.getInfo().mip_gap
        chosen = [site for site, each in enumerate(made.fac_vars) if round(each.value() or 0)]
    if not chosen:
        return None, gap
    cost = task.costs.values[:, chosen].min(axis=1)
    return {
        "LSCP": float(len(chosen)),
        "MCLP": float(task.demand[cost <= WITHIN_M].sum()),
        "PMedian": float(cost @ task.demand / task.demand.sum()),
        "PCenter": float(cost.max()),
    }[model], gap


def _greedy_row(points_m: Any, sites_m: Any, residents: Any, task: SitingTask, p: int) -> list[str]:
    homes, candidates = frame(points_m, residents=residents), frame(sites_m)

    def loop() -> float:
        left = homes
        for _ in range(p):
            gains = [
                left["residents"][left.distance(site) * ROUTE_FACTOR <= WITHIN_M].sum()
                for site in candidates.geometry
            ]
            best = candidates.geometry.iloc[int(np.argmax(gains))]
            left = left[left.distance(best) * ROUTE_FACTOR > WITHIN_M]
        return float(residents.sum() - left["residents"].sum())

    reached, loop_s = timed(loop)
    found, ours_s = timed(lambda: most(task, p, WITHIN_M))
    return [
        f"p = {p}",
        f"{found.value:,.0f}",
        f"{reached:,.0f}",
        f"{found.value / reached:.3f}",
        f"{ours_s:.2f}",
        f"{loop_s:.2f}",
    ]


def _curves(task: SitingTask) -> str:
    rows = []
    for problem in ("maximal covering", "p-median", "p-centre"):
        curve, curve_s = timed(lambda problem=problem: trade_off(task, problem, MOST, WITHIN_M))
        other, other_s = timed(lambda best=curve[-1]: runner_up(task, best))
        rows.append(
            [
                problem,
                f"{sum(each.proven for each in curve)} of {len(curve)}",
                f"{curve_s:.1f}",
                "none" if other.worse is None else f"{100 * other.worse:.3f}%",
                f"{other_s:.1f}",
            ]
        )
    header = (
        f"all of p = 1 to {MOST}",
        "proven",
        "ours (s)",
        f"runner-up of p = {MOST}, worse by",
        "ours (s)",
    )
    return table(header, rows)
