"""Held records → publication → filters → shape → words: every way out begins here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers import filters
from layers.audience import Audience
from layers.caption import caption
from layers.location import OUTSIDE_NAME
from layers.protocol import Layer
from layers.publication import ProtectedCounts, PublicContext, VisibleRows, publish
from layers.query import LayerQuery, Params, QueryContext, everything, parse_query
from layers.schema import in_words
from layers.spec import LayerSpec
from layers.view import Counts, SideTable, View
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
    """The view that a query asks for: the same value whatever it is then turned into."""
    spec, ground = layer.spec, workspace.ground
    filtered = filters.apply(spec, query, _published(layer, workspace, query, today))
    shown = _marked(layer.shape(filtered, query, ground), ground)
    counts = _counts(spec, filtered)
    names = npa_names(workspace)
    sentences = caption(spec, query, counts, names)
    sentences += layer.remarks(filtered, query, counts, ground)
    gaps = layer.gaps(workspace, query)
    sentences += gaps
    sentences += workspace.notices.get(spec.id, [])
    columns = tuple(field for field in spec.columns if field.name in shown)
    return View(
        layer=spec,
        query=query,
        audience=query.audience,
        records=shown,
        columns=columns,
        counts=counts,
        by_npa=_by_npa(spec, query, filtered, names),
        legend=layer.legend(shown, query),
        caption=tuple(sentences),
        gaps=tuple(gaps),
        tables=(
            *layer.tables(filtered, query, ground),
            *_side_registers(spec, workspace, query.audience, today),
        ),
    )


def npa_names(workspace: Workspace) -> Mapping[str, str]:
    """Names of the NPAs by code, in order, as readers see them: the approximate ones marked."""
    ground = workspace.ground
    return {code: ground.npa_label(code) for code in ground.npa_codes}


def _marked(shown: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    """With ``npa_approximate``, so that no export goes without the mark."""
    return shown.assign(npa_approximate=shown["npa_code"].isin(ground.approximate_npas))


def _published(
    layer: Layer, workspace: Workspace, query: LayerQuery, today: date
) -> gpd.GeoDataFrame:
    def compute() -> gpd.GeoDataFrame:
        held = layer.records(workspace, query)
        context = PublicContext(today, {c: workspace.ground.npa_name(c) for c in names})
        return publish(spec.publication, held, spec.columns, query.audience, context)

    spec, names = layer.spec, workspace.ground.npa_codes
    if not isinstance(spec.publication, ProtectedCounts) or query.audience is Audience.STAFF:
        return compute()
    stamp = f"{layer.version(workspace)}/{today.year}-{today.month}"
    return workspace.derived((spec.id, query.audience), stamp, compute)


def _published_extent(
    layer: Layer, workspace: Workspace, audience: Audience, today: date
) -> DateInterval | None:
    """The layer's dates as the audience knows them."""
    held = layer.extent(workspace)
    policy = layer.spec.publication
    if held is None or audience is Audience.STAFF:
        return held
    if isinstance(policy, ProtectedCounts):
        frame = _published(layer, workspace, everything(layer.spec, audience), today)
        if frame.empty:
            return None
        return DateInterval(frame["date_from"].min().date(), frame["date_to"].max().date())
    if isinstance(policy, VisibleRows):
        frame = _published(layer, workspace, everything(layer.spec, audience), today)
        stated = [DateInterval.parse(text) for text in frame.get("date", ())]
        if not stated:
            return None
        return DateInterval(
            min(item.date_from for item in stated), max(item.date_to for item in stated)
        )
    return held


def _counts(spec: LayerSpec, filtered: gpd.GeoDataFrame) -> Counts:
    weight = _weight(spec, filtered)
    possibly = (filtered["in_period"] == "possibly").to_numpy()
    protected = "withheld" in filtered
    located = ~(filtered.geometry.isna() | filtered.geometry.is_empty).to_numpy() | protected
    outside = (filtered["npa_name"] == OUTSIDE_NAME).to_numpy()
    return Counts(
        surely=int(weight[~possibly].sum()),
        possibly=int(weight[possibly].sum()),
        unlocated=int(weight[~located].sum()),
        outside=int(weight[outside].sum()),
        withheld=int(filtered["withheld"].sum()) if protected else 0,
    )


def _by_npa(
    spec: LayerSpec, query: LayerQuery, filtered: gpd.GeoDataFrame, names: Mapping[str, str]
) -> pd.DataFrame:
    """Surely and possibly in the period, every NPA asked for a row, then what lies in none."""
    weight = pd.Series(_weight(spec, filtered), index=filtered.index)
    possibly = filtered["in_period"] == "possibly"
    elsewhere = filtered.loc[filtered["npa_code"] == "", "npa_name"]
    asked = {code: name for code, name in names.items() if not query.npas or code in query.npas}
    places = [*asked.items(), *(("", name) for name in sorted(elsewhere.unique()))]
    key = filtered["npa_code"].where(filtered["npa_code"] != "", filtered["npa_name"])
    surely = weight[~possibly].groupby(key[~possibly]).sum()
    perhaps = weight[possibly].groupby(key[possibly]).sum()
    back = filtered["withheld"] if "withheld" in filtered else pd.Series(False, filtered.index)
    kept_back = [back[mask].groupby(key[mask]).sum() for mask in (~possibly, possibly)]
    counts = [
        [int(found.get(code or name, 0)) for found in (surely, perhaps, *kept_back)]
        for code, name in places
    ]
    return pd.DataFrame(
        [(*place, *count) for place, count in zip(places, counts, strict=True)],
        columns=["npa_code", "npa_name", "surely", "possibly", "withheld", "withheld_possibly"],
    )


def _weight(spec: LayerSpec, frame: gpd.GeoDataFrame) -> IntArray:
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
