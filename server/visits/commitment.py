"""The commitment as a view: areas with how they stand, for the map, its picture and exports."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from layers.answer import npa_names
from layers.audience import Audience
from layers.caption import filters_in_words
from layers.schema import Field
from layers.spec import NPA_COLUMNS, LayerSpec, Legend, StyleClass
from layers.view import Counts, View
from server.services import services
from server.visits import words
from server.visits.account import Account, AreaAccount
from server.visits.asked import COUNTED, DISTANCE_PARAM, VISITS, Asked

SPEC: Final = LayerSpec(
    id="commitment",
    page="visits",
    title="Commitment to visit",
    singular="area",
    plural="areas",
    summary="Each Neighbourhood Policing Area's days of visits, and by when another is needed.",
    schemas=(),
    columns=(
        *NPA_COLUMNS,
        Field("standing", "How it stands", computed=True),
        Field("standing_in_words", "How it stands, in words", computed=True),
        Field("needed_by", "Another day needed by", "date", computed=True),
        Field("window_days", "Days in the twelve months", "integer", computed=True),
        Field("window_days_possibly", "Days possibly in them", "integer", computed=True),
        Field("days", "Days in the period", "integer", computed=True),
        Field("days_possibly", "Days possibly in it", "integer", computed=True),
        Field("stops", "Stops in the period", "integer", computed=True),
        Field("stops_possibly", "Stops possibly in it", "integer", computed=True),
        Field("stops_by_district", "Of them known by district alone", "integer", computed=True),
        Field("stops_by_district_possibly", "Of those possibly", "integer", computed=True),
        Field("last_from", "Last visit, from", "date", computed=True),
        Field("last_to", "Last visit, to", "date", computed=True),
        Field("longest_gap_days", "Longest time without a visit", "integer", computed=True),
        Field("residents", "Residents (Census 2021)", "integer", computed=True),
        Field("residents_near", "Residents near a place visited", "integer", computed=True),
        Field("share_by_residents", "Days if shared by residents", "integer", computed=True),
        Field("share_by_deprivation", "Days if shared by deprivation", "integer", computed=True),
    ),
    popup=(
        "npa_name",
        "npa_approximate",
        "standing_in_words",
        "days",
        "days_possibly",
        "stops",
        "window_days",
        "residents",
    ),
    time="dated",
)
THESE_ALONE: Final = (
    "How each area stands is told from these visits alone; the commitment itself is kept by "
    "community days of every visitor."
)
LEGEND: Final = Legend(
    "How the commitment stands",
    "standing",
    (
        StyleClass("Met", "#CFE2F3", "filled", "met"),
        StyleClass("Met, due soon", "#5694CA", "filled", "due"),
        StyleClass("Overdue", "#12436D", "filled", "overdue"),
        StyleClass("Possibly met: a date is in doubt", "#3D3D3D", "hatched", "possibly"),
    ),
)


def view_of(asked: Asked, account: Account, audience: Audience) -> View:
    """The account of the NPAs as a view, drawn as their generalised outlines."""
    ground = services().workspace.ground
    outlines = ground.npas.display.drop_duplicates("code", keep="last").set_index("code").geometry
    shares = {spread.weight: spread.shares for spread in account.spread}
    rows = [
        _row(account, area, ground.npa_name(area.code), area.code in ground.approximate_npas)
        | {f"share_by_{name}": values[number] for name, values in shares.items()}
        for number, area in enumerate(account.npas)
    ]
    frame = pd.DataFrame(rows).reindex(columns=[field.name for field in SPEC.columns])
    dates = [field.name for field in SPEC.columns if field.kind == "date"]
    frame[dates] = frame[dates].apply(pd.to_datetime)
    geometry = [outlines[area.code] for area in account.npas]
    own = (*asked.query.own, (DISTANCE_PARAM, (str(asked.distance_m),)))
    return View(
        layer=SPEC,
        query=replace(asked.query, layer=SPEC.id, own=own),
        audience=audience,
        records=gpd.GeoDataFrame(frame, geometry=geometry, crs=ground.npas.display.crs),
        columns=SPEC.columns,
        counts=Counts(len(rows), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=LEGEND,
        caption=caption_of(asked, account),
    )


def caption_of(asked: Asked, account: Account) -> tuple[str, ...]:
    """What the account says, which visits it counts, and what is said of the visits everywhere."""
    workspace = services().workspace
    spec = services().registry.get(VISITS).spec
    counted = "; ".join(filters_in_words(spec, asked.query, npa_names(workspace)))
    return (
        *words.sentences(account),
        f"Visits that are counted: {counted}.",
        *(THESE_ALONE,) * (asked.query.types != COUNTED or bool(asked.query.own)),
        *workspace.notices.get(VISITS, []),
    )


def _row(account: Account, area: AreaAccount, name: str, approximate: bool) -> dict[str, object]:
    standing, gap = area.standing, area.gap
    return {
        "npa_code": area.code,
        "npa_name": name,
        "npa_approximate": approximate,
        "standing": standing.state,
        "standing_in_words": words.standing_words(standing, account.on),
        "needed_by": standing.needed_by,
        "window_days": standing.window.surely,
        "window_days_possibly": standing.window.possibly,
        "days": area.days.surely,
        "days_possibly": area.days.possibly,
        "stops": area.stops.surely,
        "stops_possibly": area.stops.possibly,
        "stops_by_district": area.by_district.surely,
        "stops_by_district_possibly": area.by_district.possibly,
        "last_from": standing.last.date_from if standing.last else None,
        "last_to": standing.last.date_to if standing.last else None,
        "longest_gap_days": (gap.date_to - gap.date_from).days + 1 if gap else 0,
        "residents": area.residents,
        "residents_near": area.near,
    }
