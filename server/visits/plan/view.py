"""The plan as a view: a record a stop, proposed or agreed, for the map, its picture and exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.ground import Ground
from geo.crs import BRITISH_NATIONAL_GRID
from layers.audience import Audience
from layers.location import OUTSIDE_NAME, UNLOCATED_NAME
from layers.query import LayerQuery
from layers.schema import Field
from layers.spec import NPA_COLUMNS, LayerSpec, Legend, StyleClass
from layers.view import Counts, View
from server.visits.plan import words
from server.visits.plan.agreed import AgreedDay
from server.visits.plan.asked import PlanAsked
from server.visits.plan.proposals import Proposal

SPEC: Final = LayerSpec(
    id="plan",
    page="visits",
    title="Planned visits",
    singular="stop",
    plural="stops",
    summary="Days of visits that are proposed or agreed, a record a stop.",
    schemas=(),
    columns=(
        Field("stop", "Stop", "code", computed=True),
        Field("date", "Date", "date", computed=True),
        Field("place", "Place", computed=True),
        Field("state", "State", computed=True),
        *NPA_COLUMNS,
        Field("order", "Stop of the day", "integer", computed=True),
        Field("why", "Why", computed=True),
    ),
    popup=("place", "date", "state", "order", "npa_name", "npa_approximate", "why"),
    time="dated",
)
LEGEND: Final = Legend(
    "Planned visits",
    "state",
    (
        StyleClass("Proposed", "#F46A25", "triangle", "proposed"),
        StyleClass("Agreed", "#12436D", "circle", "agreed"),
    ),
)


def view_of(
    asked: PlanAsked,
    proposals: Sequence[Proposal],
    agreed: Sequence[AgreedDay],
    ground: Ground,
    caption: tuple[str, ...],
) -> View:
    """Proposals and the agreed days of the plan's period, by date."""
    rows: list[tuple[object, ...]] = []
    for proposal in proposals:
        rows += _rows("proposed", proposal, words.why(proposal, ground, asked))
    for day in agreed:
        if asked.period.date_from <= day.date <= asked.period.date_to:
            rows += _rows("agreed", day, " ".join(day.reasons))
    frame = pd.DataFrame(rows, columns=["stop", "date", "place", "state", "order", "why", "point"])
    points = gpd.GeoSeries(list(frame.pop("point")), crs=BRITISH_NATIONAL_GRID)
    codes = ground.npas.latest_code_at(points.x, points.y)
    frame = frame.assign(
        date=pd.to_datetime(frame["date"]),
        npa_code=codes,
        npa_name=[
            ground.npa_name(code) if code else OUTSIDE_NAME if located else UNLOCATED_NAME
            for code, located in zip(codes, points.notna(), strict=True)
        ],
        npa_approximate=[code in ground.approximate_npas for code in codes],
    ).reindex(columns=[field.name for field in SPEC.columns])
    return View(
        layer=SPEC,
        query=LayerQuery(SPEC.id, Audience.STAFF, asked.period, own=_own(asked)),
        audience=Audience.STAFF,
        records=gpd.GeoDataFrame(frame, geometry=points),
        columns=SPEC.columns,
        counts=Counts(len(frame), 0, 0, 0),
        by_npa=pd.DataFrame(),
        legend=LEGEND,
        caption=caption,
    )


def _rows(state: str, day: Proposal | AgreedDay, reason: str) -> list[tuple[object, ...]]:
    stops = zip(day.places, day.points_m, strict=True)
    return [
        (
            f"{day.date}-{number}",
            day.date,
            place,
            state,
            number,
            reason,
            shapely.Point(point) if point else None,
        )
        for number, (place, point) in enumerate(stops, start=1)
    ]


def _own(asked: PlanAsked) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is asked beside the period, each name once with all its values."""
    named: dict[str, list[str]] = {}
    for name, value in asked.params():
        if name not in ("from", "to") and value:
            named.setdefault(name, []).append(value)
    return tuple((name, tuple(values)) for name, values in named.items())
