"""Held records → publication → filters → shape → words: every way out begins here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers import filters
from layers.audience import Audience
from layers.caption import caption
from layers.classes import NO_DATA
from layers.location import OUTSIDE_NAME, UNLOCATED_NAME
from layers.months import by_month
from layers.protocol import Layer
from layers.publication import Everything, ProtectedCounts, PublicContext, VisibleRows, publish
from layers.query import LayerQuery, Params, QueryContext, everything, parse_query
from layers.schema import Field, in_words
from layers.spec import LayerSpec, Legend
from layers.view import Counts, MonthCount, SideTable, View
from layers.workspace import Workspace

IntArray = npt.NDArray[np.int64]


def read_query(
    layer: Layer, workspace: Workspace, params: Params, audience: Audience, today: date
) -> LayerQuery:
    """Parse address parameters against what the layer holds.

    Raises:
        BadQuery: a parameter or value that the layer does not have.
    """
    context = QueryContext(
        extent=_published_extent(layer, workspace, audience, today),
        npa_names=npa_names(workspace),
        today=today,
        audience=audience,
    )
    return parse_query(layer.spec, params, context)


def answer(layer: Layer, workspace: Workspace, query: LayerQuery, today: date) -> View:
    """The view that a query asks for: the same value whatever it is then turned into.

    Equal queries are given the same view until something changes; it must not be changed.
    """
    return workspace.remembered(
        (layer, query),
        version_of(layer, workspace, today),
        lambda: _answer(layer, workspace, query, today),
    )


def shown_records(
    layer: Layer, workspace: Workspace, query: LayerQuery, today: date
) -> tuple[gpd.GeoDataFrame, tuple[Field, ...]]:
    """The records of the view that a query asks for, and their columns, without the rest of it."""
    filtered = filtered_records(layer, workspace, query, today)
    shown = _marked(layer.shape(filtered, query, workspace.ground), workspace.ground)
    return shown, _columns(layer.spec, shown)


def filtered_records(
    layer: Layer, workspace: Workspace, query: LayerQuery, today: date
) -> gpd.GeoDataFrame:
    """The published records that a query asks for, before they are given their shape."""
    return filters.apply(layer.spec, query, _published(layer, workspace, query, today))


def version_of(layer: Layer, workspace: Workspace, today: date) -> str:
    """Changes whenever an answer of the layer may: what is held, is said of it, and the day."""
    said = "/".join(workspace.notices.get(layer.spec.id, []))
    return f"{layer.version(workspace)}/{workspace.ground.fingerprint}/{today}/{said}"


def _answer(layer: Layer, workspace: Workspace, query: LayerQuery, today: date) -> View:
    spec, ground = layer.spec, workspace.ground
    filtered = filtered_records(layer, workspace, query, today)
    published = len(filtered) > 0 or not _only_counts(spec, query.audience)
    shown = _marked(layer.shape(filtered, query, ground), ground)
    gaps = layer.gaps(workspace, query)
    months = by_month(layer, workspace, query, filtered, _weight(spec, filtered))
    held = not gaps or _held(layer, workspace, query, months)
    counts = replace(_counts(spec, filtered, published), held=held)
    names = npa_names(workspace)
    sentences = caption(spec, query, counts, names)
    sentences += gaps
    sentences += layer.remarks(filtered, query, counts, ground)
    sentences += workspace.notices.get(spec.id, [])
    tables = layer.tables(filtered, query, ground) if held else ()
    return View(
        layer=spec,
        query=query,
        audience=query.audience,
        records=shown,
        columns=_columns(spec, shown),
        counts=counts,
        by_npa=_by_npa(spec, query, filtered, names, published),
        legend=layer.legend(shown, query) if held else nothing_held(layer.legend(shown, query)),
        caption=tuple(sentences),
        gaps=tuple(gaps),
        tables=(*tables, *_side_registers(spec, workspace, query.audience, today)),
        by_month=months,
    )


def _columns(spec: LayerSpec, shown: gpd.GeoDataFrame) -> tuple[Field, ...]:
    return tuple(field for field in spec.columns if field.name in shown)


def nothing_held(legend: Legend) -> Legend:
    """The key of a map that is empty because nothing is held of what was asked."""
    return replace(legend, classes=(NO_DATA,), note="An empty map here does not mean zero.")


def _held(
    layer: Layer, workspace: Workspace, query: LayerQuery, months: tuple[MonthCount, ...]
) -> bool:
    """Whether anything is held of a period, by its months or, without them, by the layer's."""
    if months or query.period is None:
        return any(month.held for month in months)
    held = layer.extent(workspace)
    return held is not None and held.membership(query.period) != "out"


def npa_names(workspace: Workspace) -> Mapping[str, str]:
    """Names of the NPAs by code, in order, as readers see them: the approximate ones marked."""
    return _npa_labels(workspace.ground)


@lru_cache(maxsize=4)
def _npa_labels(ground: Ground) -> Mapping[str, str]:
    return MappingProxyType({code: ground.npa_label(code) for code in ground.npa_codes})


def _marked(shown: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    """With ``npa_approximate``, so that no export goes without the mark."""
    return shown.assign(npa_approximate=shown["npa_code"].isin(ground.approximate_npas))


def _published(
    layer: Layer, workspace: Workspace, query: LayerQuery, today: date
) -> gpd.GeoDataFrame:
    def compute() -> gpd.GeoDataFrame:
        held = layer.records(workspace, query)
        context = PublicContext(today, ground.npas.names)
        return publish(spec.publication, held, spec.columns, query.audience, context)

    spec, ground = layer.spec, workspace.ground
    if not isinstance(spec.publication, ProtectedCounts) or query.audience is Audience.STAFF:
        return compute()
    stamp = f"{layer.version(workspace)}/{today.year}-{today.month}"
    return workspace.derived((spec.id, query.audience), stamp, compute)


def _published_extent(
    layer: Layer, workspace: Workspace, audience: Audience, today: date
) -> DateInterval | None:
    """The layer's dates as the audience knows them."""
    policy = layer.spec.publication
    protected = isinstance(policy, ProtectedCounts)
    held = layer.extent(workspace)
    if held is None or audience is Audience.STAFF or isinstance(policy, Everything):
        return held

    def compute() -> DateInterval | None:
        frame = _published(layer, workspace, everything(layer.spec, audience), today)
        if protected and len(frame):
            return DateInterval(frame["date_from"].min().date(), frame["date_to"].max().date())
        stated = [DateInterval.parse(text) for text in frame.get("date", ())]
        first = min((item.date_from for item in stated), default=None)
        last = max((item.date_to for item in stated), default=None)
        return DateInterval(first, last) if first and last else None

    version = f"{layer.version(workspace)}/{today}"
    return workspace.derived((layer, "extent", audience), version, compute)


def _only_counts(spec: LayerSpec, audience: Audience) -> bool:
    return isinstance(spec.publication, ProtectedCounts) and audience is not Audience.STAFF


def _counts(spec: LayerSpec, filtered: pd.DataFrame, published: bool) -> Counts:
    weight = _weight(spec, filtered)
    possibly = (filtered["in_period"] == "possibly").to_numpy()
    protected = "withheld" in filtered
    unlocated = (filtered["npa_name"] == UNLOCATED_NAME).to_numpy() & (not protected)
    outside = (filtered["npa_name"] == OUTSIDE_NAME).to_numpy()
    return Counts(
        surely=int(weight[~possibly].sum()),
        possibly=int(weight[possibly].sum()),
        unlocated=int(weight[unlocated].sum()),
        outside=int(weight[outside].sum()),
        withheld=int(filtered["withheld"].sum()) if protected else 0,
        published=published,
    )


def _by_npa(
    spec: LayerSpec,
    query: LayerQuery,
    filtered: pd.DataFrame,
    names: Mapping[str, str],
    published: bool,
) -> pd.DataFrame:
    """Surely and possibly in the period, every NPA asked for a row, then what lies in none."""
    possibly = (filtered["in_period"] == "possibly").to_numpy()
    weight = _weight(spec, filtered)
    back = np.asarray(filtered.get("withheld", np.zeros(len(filtered))), dtype=np.int64)
    table = pd.DataFrame(
        {
            "code": filtered["npa_code"],
            "name": filtered["npa_name"],
            "surely": np.where(possibly, 0, weight),
            "possibly": np.where(possibly, weight, 0),
            "withheld": np.where(possibly, 0, back),
            "withheld_possibly": np.where(possibly, back, 0),
        }
    )
    sums = table.groupby(["code", "name"], observed=True).sum()
    found = {code or name: counts for (code, name), *counts in sums.itertuples()}
    elsewhere = sorted(name for code, name in sums.index if code == "")
    asked = {code: name for code, name in names.items() if not query.npas or code in query.npas}
    places = [*asked.items(), *(("", name) for name in elsewhere)]
    nothing = [0, 0, int(not published), 0]
    return pd.DataFrame(
        [(code, name, *found.get(code or name, nothing)) for code, name in places],
        columns=["npa_code", "npa_name", *sums.columns],
    )


def _weight(spec: LayerSpec, frame: pd.DataFrame) -> IntArray:
    if spec.weight and spec.weight in frame:
        return np.asarray(frame[spec.weight].fillna(0), dtype=np.int64)
    return np.ones(len(frame), dtype=np.int64)


def _side_registers(
    spec: LayerSpec, workspace: Workspace, audience: Audience, today: date
) -> tuple[SideTable, ...]:
    """The registers kept beside a layer's records, as the audience may see them."""
    tables = []
    for schema in spec.schemas[1:]:
        held = workspace.store.frame(schema)
        context = PublicContext(today, {})
        frame = publish(VisibleRows(), held, schema.fields, audience, context)
        if frame.empty:
            continue
        fields = [field for field in schema.fields if field.name in frame]
        rows = tuple(
            tuple(cell_text(value) for value in row)
            for row in frame[[field.name for field in fields]].itertuples(index=False)
        )
        titles = tuple(field.title for field in fields)
        title = f"{in_words(schema.plural)}: all that are held, whatever is chosen above"
        tables.append(SideTable(title, titles, rows))
    return tuple(tables)


def cell_text(value: object) -> str:
    """A value as a table shows it; what is absent is empty."""
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)
