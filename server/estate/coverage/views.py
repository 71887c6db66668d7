"""What the map of coverage shows: small areas by how near they are, and the sites that count."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.small_areas import DECILE, DISTRICT, NPA, SETTING
from layers.classes import SEQUENTIAL
from layers.schema import Field
from layers.spec import NPA_COLUMNS, LayerSpec, Legend, Shape, StyleClass
from layers.view import View
from server.estate.coverage import words
from server.estate.coverage.account import CoverageAccount
from server.estate.coverage.bands import bands_view, has_bands
from server.estate.coverage.view import placed, view_for, whole_metres
from server.services import services

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

AREAS: Final = LayerSpec(
    id="coverage",
    page="estate",
    title="How near residents are",
    singular="small area",
    plural="small areas",
    summary="Each small area at its point, with the nearest site that gives a service.",
    schemas=(),
    columns=(
        Field("lsoa_name", "Small area (LSOA 2021)", computed=True),
        Field("lsoa_code", "Code", "code", computed=True),
        *NPA_COLUMNS,
        Field("district_name", "District", computed=True),
        Field("residents", "Residents (Census 2021)", "integer", computed=True),
        Field("deprivation_decile", "Tenth of deprivation (1 most)", "integer", computed=True),
        Field("setting", "Rural or urban setting", computed=True),
        Field("nearest_site", "Nearest site", computed=True),
        Field("distance_m", "Metres along the way, estimated", "integer", computed=True),
        Field("quickest_site", "Site reached first", computed=True),
        Field("minutes", "Minutes to that, estimated", "number", computed=True),
        Field("nearest_possible", "Nearest site that may give it", computed=True),
        Field("distance_possible_m", "Metres to that", "integer", computed=True),
        Field("access", "In reach for 100,000 residents", "number", computed=True),
        Field("access_at_least", "At least that", "choice", computed=True),
    ),
    popup=(
        "lsoa_name",
        "npa_name",
        "npa_approximate",
        "residents",
        "nearest_site",
        "distance_m",
        "quickest_site",
        "minutes",
        "nearest_possible",
        "distance_possible_m",
    ),
    time="standing",
)
SITES: Final = LayerSpec(
    id="coverage_sites",
    page="estate",
    title="Sites that are counted",
    singular="site",
    plural="sites",
    summary="The sites that give a service, surely or possibly.",
    schemas=(),
    columns=(
        Field("name", "Site", computed=True),
        Field("site_id", "Id", "code", computed=True),
        Field("gives", "Gives this service", "choice", computed=True),
        Field("nearest_for", "Residents for whom it is the nearest", "integer", computed=True),
        Field("hours_a_week", "Hours a week", "number", computed=True),
    ),
    popup=("name", "gives", "nearest_for", "hours_a_week"),
    time="standing",
)
SITES_LEGEND: Final = Legend(
    "Sites that are counted",
    "gives",
    (
        StyleClass("Gives this service", "#D4351C", "star", "yes"),
        StyleClass("May give it: not known", "#801650", "ring", "not-known"),
    ),
)
SHAPES: Final[tuple[Shape, ...]] = ("circle", "square", "diamond", "triangle")
FARTHEST: Final = "#0B0C0C"


def views_of(account: CoverageAccount) -> tuple[View, ...]:
    """What the map shows of one account: bands of the ground, small areas, and sites."""
    bands = (bands_view(account),) if has_bands(account.asked.ways) else ()
    return *bands, areas_view(account), sites_view(account)


def areas_view(account: CoverageAccount) -> View:
    """Each small area at its point."""
    areas, ground = account.areas, services().workspace.ground
    frame = pd.DataFrame(
        {
            "lsoa_name": areas.names,
            "lsoa_code": areas.codes,
            "npa_code": areas.labels[NPA],
            "npa_name": [ground.npa_name(code) for code in areas.labels[NPA]],
            "npa_approximate": [code in ground.approximate_npas for code in areas.labels[NPA]],
            "district_name": [words.label_words(DISTRICT, code) for code in areas.labels[DISTRICT]],
            "residents": areas.residents,
            "deprivation_decile": [int(decile) for decile in areas.labels[DECILE]],
            "setting": areas.labels[SETTING],
            "nearest_site": _names(account, account.sure.nearest),
            "distance_m": whole_metres(account.sure.cost),
            "quickest_site": _names(account, account.sure_minutes.nearest),
            "minutes": np.where(
                np.isfinite(account.sure_minutes.cost), account.sure_minutes.cost.round(1), np.nan
            ),
            "nearest_possible": _names(account, account.possible.nearest),
            "distance_possible_m": whole_metres(account.possible.cost),
            "access": account.access.by_area().round(4),
            "access_at_least": np.where(account.access.doubtful, "yes", "no"),
        }
    )
    return view_for(AREAS, account, placed(frame, areas.points_m), legend_of(account))


def sites_view(account: CoverageAccount) -> View:
    """The sites that surely or possibly give the service."""
    sites = account.sites
    frame = pd.DataFrame(
        {
            "name": sites.names,
            "site_id": sites.ids,
            "gives": np.where(sites.sure, "yes", "not-known"),
            "nearest_for": account.nearest_residents() if account.held else pd.NA,
            "hours_a_week": sites.hours_a_week,
        }
    )
    frame["nearest_for"] = frame["nearest_for"].astype("Int64").mask(~sites.sure)
    return view_for(SITES, account, placed(frame, sites.points_m), SITES_LEGEND)


def legend_of(account: CoverageAccount) -> Legend:
    """What is asked for as classes of points, and what lies beyond the last.

    Distances are shown, or minutes where a table gives them.
    """
    asked = account.asked
    by_table = asked.ways.by == "table"
    uppers = asked.minutes if by_table else asked.distances_m
    in_words = words.whole_minutes if by_table else words.kilometres
    lowers = (0, *(upper + (0.1 if by_table else 1) for upper in uppers))
    colours = SEQUENTIAL[::-1][: len(uppers)]
    near = (
        StyleClass(f"Within {in_words(upper)}", colour, shape, lower=lower, upper=upper)
        for lower, upper, colour, shape in zip(lowers, uppers, colours, SHAPES, strict=False)
    )
    beyond = f"Farther than {in_words(uppers[-1])}"
    classes = (*near, StyleClass(beyond, FARTHEST, "cross", lower=lowers[-1]))
    nowhere = (StyleClass("No site gives this service", FARTHEST, "cross", value=""),)
    return Legend(
        f"Small areas by {'minutes' if by_table else 'distance'} to the nearest "
        f"{asked.service.site}",
        "minutes" if by_table else "distance_m",
        classes if account.sites.surely else nowhere,
        "Everybody of a small area is taken to live at its point.",
    )


def _names(account: CoverageAccount, nearest: IntArray) -> list[str]:
    return [account.sites.names[number] if number >= 0 else "" for number in nearest]
