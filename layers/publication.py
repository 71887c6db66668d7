"""The public view of a layer: the one place where held records become published ones.

Every page, export, caption and summary is made from what :func:`publish` returns, and filters
are applied after it, so a filter can never probe what is held back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.disclosure import DEFAULT_THRESHOLD, protect_line
from layers.audience import Audience
from layers.location import OUTSIDE_NAME
from layers.schema import Field


@dataclass(frozen=True, slots=True)
class Publication:
    """What of a layer the public may see.

    ``params_refused`` are query parameters that the public may not use.
    """

    params_refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Everything(Publication):
    """Every record, without the fields that are for staff."""


@dataclass(frozen=True, slots=True)
class VisibleRows(Publication):
    """Only records whose ``visibility`` is ``public``, without the fields that are for staff.

    ``past_only`` holds a dated record back until the last day on which it can have happened is
    over.
    """

    past_only: bool = False


@dataclass(frozen=True, slots=True)
class ProtectedCounts(Publication):
    """No record at all: counts by area and quarter, with small ones and their givers-away withheld.

    The table is the same whatever is asked, so no two answers can be subtracted to learn a third.
    """

    params_refused: tuple[str, ...] = ("type", "bbox", "area")
    threshold: int = DEFAULT_THRESHOLD
    count_column: str = "reports"


@dataclass(frozen=True, slots=True)
class PublicContext:
    """What a policy needs to know beside the records: the day, and every NPA's code and name."""

    today: date
    npa_names: Mapping[str, str]


def known_fields(
    policy: Publication, columns: Sequence[Field], audience: Audience
) -> tuple[Field, ...]:
    """The fields that answers to ``audience`` can have: what they may know that there is."""
    if audience is Audience.STAFF:
        return tuple(columns)
    counted = isinstance(policy, ProtectedCounts)
    return tuple(
        field for field in columns if not field.staff_only and (field.computed or not counted)
    )


def refused_params(policy: Publication, audience: Audience) -> tuple[str, ...]:
    """The query parameters that ``audience`` may not use."""
    return policy.params_refused if audience is Audience.PUBLIC else ()


def publish(
    policy: Publication,
    frame: gpd.GeoDataFrame,
    columns: Sequence[Field],
    audience: Audience,
    context: PublicContext,
) -> gpd.GeoDataFrame:
    """What ``audience`` may see of the held records.

    Staff see the frame as it is. For the public the policy decides.
    """
    if audience is Audience.STAFF:
        return frame
    hidden = [field.name for field in columns if field.staff_only and field.name in frame]
    match policy:
        case ProtectedCounts():
            published = _protected_counts(policy, frame, context)
        case VisibleRows(past_only=past_only):
            visible = frame["visibility"] == "public"
            if past_only:
                visible &= frame["date_to"] < pd.Timestamp(context.today)
            published = frame[visible]
        case Everything():
            published = frame
        case _:
            raise NotImplementedError(f"No public view is defined for {policy!r}.")
    return published.drop(columns=hidden, errors="ignore")


def _protected_counts(
    policy: ProtectedCounts, held: gpd.GeoDataFrame, context: PublicContext
) -> gpd.GeoDataFrame:
    """One row an area and quarter, areas without a record too: that there is none is a count.

    A quarter is published when it is over, so that its count cannot be watched as it grows, and is
    protected by itself, so that later quarters change nothing in it. A record whose date may lie in
    more than one quarter is in none.
    """
    first = pd.PeriodIndex(held["date_from"], freq="Q")
    last = pd.PeriodIndex(held["date_to"], freq="Q")
    countable = (first == last) & (last < pd.Period(context.today, freq="Q"))
    frame, quarters = held[countable], first[countable]
    counts = pd.crosstab(
        [frame["npa_code"].to_numpy(), frame["npa_name"].to_numpy()], quarters.to_numpy()
    )
    if len(counts):
        span = pd.period_range(quarters.min(), quarters.max(), freq="Q")
        known = [*context.npa_names.items(), ("", OUTSIDE_NAME)]
        areas = counts.index.union(pd.MultiIndex.from_tuples(known))
        counts = counts.reindex(index=areas, columns=span, fill_value=0)
    safe = _safe_cells(counts.to_numpy(dtype=np.int64), policy.threshold)
    rows, cells = np.divmod(np.arange(counts.size), max(counts.shape[1], 1))
    names = counts.index.to_frame(index=False).to_numpy(dtype=object).reshape(-1, 2)
    starts = pd.PeriodIndex(counts.columns, freq="Q")[cells] if counts.size else quarters
    values = pd.Series(counts.to_numpy().ravel(), dtype="Int64").where(safe.ravel())
    return gpd.GeoDataFrame(
        {
            "npa_code": names[rows, 0],
            "npa_name": names[rows, 1],
            "date_from": starts.start_time.normalize(),
            "date_to": starts.end_time.normalize(),
            policy.count_column: values,
            "withheld": values.isna().to_numpy(),
        },
        geometry=gpd.GeoSeries([None] * counts.size, crs=frame.crs),
    )


def _safe_cells(counts: npt.NDArray[np.int64], threshold: int) -> npt.NDArray[np.bool_]:
    """What of each column may be published, its total being taken as known."""
    safe = np.zeros(counts.shape, dtype=bool)
    for column in np.flatnonzero(counts.sum(axis=0)):
        safe[:, column] = protect_line(counts[:, column], threshold).cells
    return safe
