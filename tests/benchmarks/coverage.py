"""A change of sites: who is served before and after, beside a loop over geopandas."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from geo.costs import straight_lines
from geo.coverage import People
from geo.route import ROUTE_FACTOR
from geo.what_if import Difference, difference
from tests.benchmarks.document import Section, table
from tests.benchmarks.estate import frame, people, places
from tests.benchmarks.scratch import Scratch
from tests.benchmarks.timing import medians, milliseconds, ratio_words

SITES: Final = 60
THRESHOLDS_M: Final = (2000.0, 5000.0, 10_000.0)
CLOSED: Final = (3, 17)
MOVED: Final = 5
ROUNDS: Final = 9


def measure(_: Scratch) -> Section:
    """Time one change of sites, and the coverage of one set of sites."""
    points_m, residents, labels = people()
    sites_m = places(SITES + 2)
    before_m, opened_m, moved_m = sites_m[:SITES], sites_m[SITES:-1], sites_m[-1:]
    asked = People(residents, THRESHOLDS_M, labels)
    costs = straight_lines(points_m, before_m)
    before = asked.served(costs)

    def ours() -> Difference:
        after = costs.changed(
            CLOSED,
            straight_lines(points_m, opened_m),
            {MOVED: straight_lines(points_m, moved_m).values},
        )
        return difference(asked, before, asked.served(after))

    homes = frame(points_m, residents=residents, **labels)
    kept = [place for number, place in enumerate(before_m) if number not in (*CLOSED, MOVED)]
    after_sites = frame(np.vstack([*kept, opened_m, moved_m]))
    before_sites = frame(before_m)

    def loop() -> Any:
        return geopandas_loop(homes, before_sites), geopandas_loop(homes, after_sites)

    first, second = loop()
    found = ours()
    differing = sum(
        not np.allclose(one.total.within, other["within"])
        for one, other in ((found.before, first), (found.after, second))
    )
    runs = {
        "a change: after, and the difference": (ours, loop),
        "one set of sites, from the points": (
            lambda: asked.served(straight_lines(points_m, before_m)),
            lambda: geopandas_loop(homes, before_sites),
        ),
    }
    rows = []
    for task, (mine, theirs) in runs.items():
        took = medians({"ours": mine, "loop": theirs}, ROUNDS)
        rows.append(
            [
                task,
                milliseconds(took["ours"]),
                milliseconds(took["loop"]),
                ratio_words(took["loop"], took["ours"]),
            ]
        )
    header = ("task", "ours (ms)", "geopandas loop (ms)", "loop / ours")
    return Section(
        "coverage",
        "A change of sites",
        f"{len(residents)} small areas, {SITES} sites, three thresholds, by area and by tenth of "
        f"deprivation: two sites close, one opens, one moves. Medians of {ROUNDS} rounds in turns.",
        (table(header, rows),),
        (
            f"Residents within the thresholds: {differing} of 2 sets of sites differ.",
            "Ours keeps the costs and reckons anew the columns that change; the loop goes through "
            "the sites with `GeoSeries.distance`, keeps the nearest, and groups by each label. It "
            "does less: no difference by demand point.",
        ),
    )


def geopandas_loop(homes: Any, sites: Any) -> dict[str, Any]:
    """Residents near sites by area and by tenth of deprivation, with one site after another."""
    nearest = np.full(len(homes), np.inf)
    for site in sites.geometry:
        nearest = np.minimum(nearest, homes.distance(site).to_numpy() * ROUTE_FACTOR)
    homes = homes.assign(cost=nearest)
    within, groups = [], {}
    for threshold in THRESHOLDS_M:
        near = homes[homes["cost"] <= threshold]
        within.append(near["residents"].sum())
        for label in ("area", "decile"):
            groups[label, threshold] = near.groupby(label)["residents"].sum()
    for label in ("area", "decile"):
        for key, part in homes.groupby(label):
            ordered = part.sort_values("cost")
            running = ordered["residents"].cumsum() / ordered["residents"].sum()
            groups[label, key] = (
                np.average(part["cost"], weights=part["residents"]),
                ordered["cost"][running >= 0.5].iloc[0],
                ordered["cost"][running >= 0.9].iloc[0],
            )
    return {"within": within, "groups": groups}
