"""What was raised on visits and what came of it, as far as the office publishes it.

The one rule: an issue is published if the office marked it public, its day is over, and the stop
that it names, if it names one, is itself published. It is the same list for everyone.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.dates import DateInterval
from layers import filters
from layers.answer import npa_names, shown_records
from layers.audience import Audience
from layers.caption import caption
from layers.programme import ISSUE_STATES, ISSUES, PROGRAMME, REFERRED_TO, THEMES, held
from layers.publication import PublicContext, VisibleRows, publish
from layers.query import LayerQuery, Params, QueryContext, everything, parse_query
from layers.register import STAFF
from layers.register_layer import day_column
from layers.registry import REGISTRY
from layers.schema import Field, in_words
from layers.spec import DATE_COLUMNS, MEMBERSHIP_COLUMN, LayerSpec, Legend, Option, OwnParameter
from layers.view import Counts, View
from layers.workspace import Workspace

VISITS: Final = "visits"
PARAMS: Final = ("from", "to", "theme", "status", "referred_to")
PUBLISHED_FIELDS: Final = (
    *("issue_id", "date", "place", "theme", "issue", "referred_to", "status", "outcome"),
    *("closed", "visit_id"),
)
NOT_ALL: Final = (
    "Not all that was raised is here: the office decides issue by issue what is published, and "
    "publishes none before its day is over. The list is no measure of how common a concern is."
)


def _fields() -> tuple[Field, ...]:
    by_name = {field.name: field for field in ISSUES.fields}
    return tuple(by_name[name] for name in PUBLISHED_FIELDS)


def _own(name: str, title: str, values: tuple[str, ...]) -> OwnParameter:
    options = tuple(Option(value, in_words(value)) for value in values)
    return OwnParameter(name, title, options, column=name)


SPEC: Final = LayerSpec(
    id="outcomes",
    page="visits",
    title="What was raised on visits, and what came of it",
    singular="published issue",
    plural="published issues",
    summary="What people raised on community visits, whom it was referred to and the outcome.",
    schemas=(ISSUES,),
    columns=(*_fields(), *DATE_COLUMNS, MEMBERSHIP_COLUMN),
    popup=("issue",),
    time="dated",
    publication=VisibleRows(past_only=True),
    own=(
        _own("theme", "Theme", THEMES),
        _own("status", "How it stands", ISSUE_STATES),
        _own("referred_to", "Referred to", REFERRED_TO),
    ),
)


def published(workspace: Workspace, today: date) -> gpd.GeoDataFrame:
    """Every issue that may be published, with its dates as intervals."""
    frame = held(workspace, ISSUES)
    days = [DateInterval.parse(text) for text in frame["date"]]
    public_stop = frame["visit_id"].isin(["", *_public_stops(workspace, today)])
    dated = frame.assign(
        visibility=np.where(public_stop, frame["visibility"], STAFF),
        date_from=day_column([day.date_from for day in days]),
        date_to=day_column([day.date_to for day in days]),
    )
    context = PublicContext(today, workspace.ground.npas.names)
    return publish(SPEC.publication, dated, ISSUES.fields, Audience.PUBLIC, context)


def outcomes_query(workspace: Workspace, params: Params, today: date) -> LayerQuery:
    """Read address parameters against what is published.

    Raises:
        BadQuery: a parameter or value that the list does not have.
    """
    frame = published(workspace, today)
    extent = None
    if len(frame):
        extent = DateInterval(frame["date_from"].min().date(), frame["date_to"].max().date())
    context = QueryContext(extent, npa_names(workspace), today, Audience.PUBLIC)
    return parse_query(SPEC, params, context)


def outcomes(workspace: Workspace, query: LayerQuery, today: date) -> View:
    """The published issues that a query asks for, the newest first."""
    every = published(workspace, today)
    shown = filters.apply(SPEC, query, every)
    shown = shown.sort_values(["date_from", "issue_id"], ascending=[False, True], kind="stable")
    possibly = int((shown["in_period"] == "possibly").sum())
    counts = Counts(len(shown) - possibly, possibly, 0, 0)
    sentences = caption(SPEC, query, counts, {})
    if every.empty:
        sentences = ["Nothing that was raised on visits has been published here yet."]
    return View(
        layer=SPEC,
        query=query,
        audience=Audience.PUBLIC,
        records=shown,
        columns=SPEC.columns,
        counts=counts,
        by_npa=pd.DataFrame(),
        legend=Legend("How it stands", "status", ()),
        caption=(*sentences, NOT_ALL),
    )


def version(workspace: Workspace, today: date) -> str:
    """Changes whenever an answer may: what is held of issues and of visits, and the day."""
    store = workspace.store
    return f"{store.version(PROGRAMME)}/{store.version(VISITS)}/{today}"


def _public_stops(workspace: Workspace, today: date) -> set[str]:
    layer = REGISTRY.get(VISITS)
    query = everything(layer.spec, Audience.PUBLIC)
    stops, _ = shown_records(layer, workspace, query, today)
    return set(stops["visit_id"])
