"""The wards without a stop as a view: a point each, as their outlines are not held."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from geo.crs import BRITISH_NATIONAL_GRID
from layers.audience import Audience
from layers.schema import Field
from layers.spec import LayerSpec, Legend, StyleClass
from layers.view import Counts, View
from server.services import services
from server.visits.account import Account, AreaAccount
from server.visits.asked import DISTANCE_PARAM, Asked

SPEC: Final = LayerSpec(
    id="wards_without_stop",
    page="visits",
    title="Wards without a stop",
    singular="ward",
    plural="wards",
    summary="The wards without a stop in the period, at their centres.",
    schemas=(),
    columns=(
        Field("ward_name", "Ward", computed=True),
        Field("ward_code", "Ward code", "code", computed=True),
        Field("district_name", "District", computed=True),
        Field("last_from", "Last visit, from", "date", computed=True),
        Field("last_to", "Last visit, to", "date", computed=True),
        Field("residents", "Residents (Census 2021)", "integer", computed=True),
        Field("residents_near", "Residents near a place visited", "integer", computed=True),
        Field("stands_for", "The point stands for", computed=True),
    ),
    popup=("ward_name", "district_name", "residents", "residents_near", "last_to"),
    time="dated",
)
WARD: Final = "ward"
LEGEND: Final = Legend(
    "Wards without a stop in the period",
    "stands_for",
    (StyleClass("Centre of a ward without a stop", "#F46A25", "ring", WARD),),
    "The outlines of wards are not held. A stop is in the ward whose centre is nearest in its "
    "district, which is approximate; one known by the district alone is in none.",
)


def unvisited(areas: tuple[AreaAccount, ...]) -> list[AreaAccount]:
    """The areas without a stop in the period, surely or possibly."""
    return [area for area in areas if not area.stops.surely + area.stops.possibly]


def view_of(asked: Asked, account: Account, audience: Audience) -> View:
    """The wards without a stop, at their centres, in the order of the ground."""
    wards = services().workspace.ground.wards.set_index("code")
    named = dict(
        zip(wards.index, zip(wards["name"], wards["district_name"], strict=True), strict=True)
    )
    rows = [_row(ward, *named[ward.code]) for ward in unvisited(account.wards)]
    frame = pd.DataFrame(rows, columns=[field.name for field in SPEC.columns])
    dates = ["last_from", "last_to"]
    frame[dates] = frame[dates].apply(pd.to_datetime)
    places = wards.loc[frame["ward_code"]]
    points = gpd.points_from_xy(places["easting_m"], places["northing_m"])
    own = (*asked.query.own, (DISTANCE_PARAM, (str(asked.distance_m),)))
    return View(
        layer=SPEC,
        query=replace(asked.query, layer=SPEC.id, own=own),
        audience=audience,
        records=gpd.GeoDataFrame(frame, geometry=points, crs=BRITISH_NATIONAL_GRID),
        columns=SPEC.columns,
        counts=Counts(len(rows), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=LEGEND,
        caption=(sentence_of(account),),
    )


def sentence_of(account: Account) -> str:
    """Which areas had no stop: the larger ones by name, the wards by number."""
    named = [
        f"{noun} without a stop: {', '.join(area.name for area in without) or 'none'}."
        for noun, without in (
            ("NPAs", unvisited(account.npas)),
            ("Districts", unvisited(account.districts)),
        )
    ]
    wards, total = len(unvisited(account.wards)), len(account.wards)
    if not total:
        return " ".join([*named, "No ward is held."])
    verb = "has" if wards == 1 else "have"
    return " ".join([*named, f"{wards:,} of {total:,} wards {verb} none."])


def _row(ward: AreaAccount, name: str, district: str) -> dict[str, object]:
    last = ward.standing.last
    return {
        "ward_name": name,
        "ward_code": ward.code,
        "district_name": district,
        "last_from": last.date_from if last else None,
        "last_to": last.date_to if last else None,
        "residents": ward.residents,
        "residents_near": ward.near,
        "stands_for": WARD,
    }
