"""The map of a scenario: the ground after it, who is nearer or farther, what sites become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from boundaries.small_areas import NPA
from layers.schema import Field
from layers.spec import NPA_COLUMNS, LayerSpec, Legend, StyleClass
from layers.view import View
from server.estate.coverage.bands import BANDS, bands_view, has_bands
from server.estate.coverage.bands import legend_of as bands_legend
from server.estate.coverage.view import grouped, placed, view_for, whole_metres
from server.estate.what_if import words
from server.estate.what_if.account import WhatIf
from server.estate.what_if.hours import SiteHours, site_hours
from server.services import services

MOVED_AREAS: Final = LayerSpec(
    id="what_if_areas",
    page="estate",
    title="Who has a shorter or a longer way",
    singular="small area",
    plural="small areas",
    summary="Small areas whose way to the nearest site changes in a scenario.",
    schemas=(),
    columns=(
        Field("lsoa_name", "Small area (LSOA 2021)", computed=True),
        Field("lsoa_code", "Code", "code", computed=True),
        *NPA_COLUMNS,
        Field("residents", "Residents (Census 2021)", "integer", computed=True),
        Field("change", "What changes", "choice", computed=True),
        Field("before_m", "Metres before", "integer", computed=True),
        Field("after_m", "Metres after", "integer", computed=True),
    ),
    popup=(
        "lsoa_name",
        "npa_name",
        "npa_approximate",
        "change",
        "residents",
        "before_m",
        "after_m",
    ),
    time="standing",
)
CHANGED_SITES: Final = LayerSpec(
    id="what_if_sites",
    page="estate",
    title="Sites in the scenario",
    singular="site",
    plural="sites",
    summary="What becomes of each site in a scenario.",
    schemas=(),
    columns=(
        Field("name", "Site", computed=True),
        Field("site_id", "Id", "code", computed=True),
        Field("becomes", "In the scenario", "choice", computed=True),
        Field("hours_before", "Open before", computed=True),
        Field("hours_after", "Open after", computed=True),
        Field("hours_a_week_before", "Hours a week before", "number", computed=True),
        Field("hours_a_week_after", "Hours a week after", "number", computed=True),
    ),
    popup=("name", "becomes", "hours_before", "hours_after"),
    time="standing",
)
AREAS_LEGEND: Final = Legend(
    "Small areas whose way changes",
    "change",
    (
        StyleClass("A shorter way than before", "#00703C", "triangle", "nearer"),
        StyleClass("A longer way than before", "#D4351C", "down", "farther"),
    ),
    "At the points of small areas; those for which nothing changes are not drawn.",
)
SITES_LEGEND: Final = Legend(
    "Sites in the scenario",
    "becomes",
    (
        StyleClass("Gives the service, as before", "#1D70B8", "star", "stays"),
        StyleClass("Gives it at other hours", "#D53880", "hourglass", "hours"),
        StyleClass("Gives it newly", "#00703C", "diamond", "new"),
        StyleClass("No longer gives it", "#D4351C", "cross", "ends"),
    ),
)


def legends_of(found: WhatIf) -> dict[str, Legend]:
    """The keys of the map by layer, without what is drawn."""
    changes = {MOVED_AREAS.id: AREAS_LEGEND, CHANGED_SITES.id: SITES_LEGEND}
    if not has_bands(found.asked.ways):
        return changes
    return {BANDS.id: bands_legend(found.after.coverage), **changes}


def views_of(found: WhatIf) -> tuple[View, ...]:
    """The ground after the scenario, the small areas that change, and the sites."""
    bands = (bands_view(found.after.coverage),) if has_bands(found.asked.ways) else ()
    views = (*bands, areas_view(found), sites_view(found))
    caption, scenario = words.sentences(found), grouped(found.scenario.params())
    return tuple(
        replace(
            view,
            caption=caption,
            query=replace(view.query, own=(*view.query.own, *scenario)),
        )
        for view in views
    )


def areas_view(found: WhatIf) -> View:
    """The small areas whose way to the nearest site is another than before."""
    areas, ground = found.before.coverage.areas, services().workspace.ground
    chosen = np.flatnonzero(found.difference.change)
    codes = [areas.labels[NPA][number] for number in chosen]
    frame = pd.DataFrame(
        {
            "lsoa_name": [areas.names[number] for number in chosen],
            "lsoa_code": [areas.codes[number] for number in chosen],
            "npa_code": codes,
            "npa_name": [ground.npa_name(code) for code in codes],
            "npa_approximate": [code in ground.approximate_npas for code in codes],
            "residents": areas.residents[chosen],
            "change": np.where(found.difference.change[chosen] < 0, "nearer", "farther"),
            "before_m": whole_metres(found.before.coverage.sure.cost[chosen]),
            "after_m": whole_metres(found.after.coverage.sure.cost[chosen]),
        }
    )
    points_m = areas.points_m[chosen]
    return view_for(MOVED_AREAS, found.after.coverage, placed(frame, points_m), AREAS_LEGEND)


def sites_view(found: WhatIf) -> View:
    """The sites that surely give the service before, after or both, where they then stand."""
    before, after = found.before.coverage.sites, found.after.coverage.sites
    gave = {site: number for number, site in enumerate(before.ids) if before.sure[number]}
    gives = {site: number for number, site in enumerate(after.ids) if after.sure[number]}
    hours = {each.site_id: each for each in site_hours(found)}
    other_hours = dict(found.scenario.hours)
    rows: list[dict[str, Any]] = []
    points = []
    for site, number in {**gave, **gives}.items():
        sites = after if site in gives else before
        number = gives.get(site, number)
        moved = (
            site in gave
            and site in gives
            and not np.array_equal(before.points_m[gave[site]], after.points_m[number])
        )
        becomes = "ends" if site not in gives else "new" if site not in gave or moved else "stays"
        if becomes == "stays" and site in other_hours:
            becomes = "hours"
        row = {"name": sites.names[number], "site_id": site, "becomes": becomes}
        rows.append(row | _hours_of(hours[site]))
        points.append(sites.points_m[number])
        if moved:
            rows.append(
                {"name": sites.names[number], "site_id": f"{site}-before", "becomes": "ends"}
            )
            points.append(before.points_m[gave[site]])
    frame = pd.DataFrame(rows, columns=[field.name for field in CHANGED_SITES.columns])
    for name in ("hours_a_week_before", "hours_a_week_after"):
        frame[name] = frame[name].astype("float64")
    points_m = np.array(points, dtype=np.float64).reshape(-1, 2)
    return view_for(CHANGED_SITES, found.after.coverage, placed(frame, points_m), SITES_LEGEND)


def _hours_of(each: SiteHours) -> dict[str, Any]:
    return {
        "hours_before": each.before.in_words,
        "hours_after": each.after.in_words,
        "hours_a_week_before": each.before.hours_a_week,
        "hours_a_week_after": each.after.hours_a_week,
    }
