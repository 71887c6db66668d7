"""What a view counts in each month of its period, and which of those months are held at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.dates import DateInterval
from layers.protocol import Layer
from layers.query import LayerQuery
from layers.view import MonthCount
from layers.workspace import Workspace

IntArray = npt.NDArray[np.int64]

MOST_MONTHS: Final = 120
"""Longer periods are not counted by month: nobody steps through more than ten years."""


def by_month(
    layer: Layer,
    workspace: Workspace,
    query: LayerQuery,
    filtered: pd.DataFrame,
    weight: IntArray,
) -> tuple[MonthCount, ...]:
    """The counts of each month, as a query for the month's part of the period would give them.

    A record whose dates reach over several months is possibly in each. Empty for what stands
    rather than happens, for counts that are published by quarter, and for very long periods.

    Args:
        filtered: the records of the view, with ``date_from``, ``date_to`` and ``in_period``.
        weight: for how many records each row stands.
    """
    period = query.period
    if layer.spec.time != "dated" or period is None or "withheld" in filtered:
        return ()
    parts = _parts(period)
    if len(parts) > MOST_MONTHS:
        return ()
    surely, possibly = _counted(filtered, weight, period, len(parts))
    return tuple(
        MonthCount(
            month,
            part,
            int(surely[number]),
            int(possibly[number]),
            not layer.gaps(workspace, replace(query, period=part)),
        )
        for number, (month, part) in enumerate(parts.items())
    )


def _parts(period: DateInterval) -> dict[str, DateInterval]:
    """Each month that the period touches, with the days of it that lie in the period."""
    whole = {month: DateInterval.parse(month) for month in period.months()}
    return {
        month: DateInterval(
            max(days.date_from, period.date_from), min(days.date_to, period.date_to)
        )
        for month, days in whole.items()
    }


def _counted(
    filtered: pd.DataFrame, weight: IntArray, period: DateInterval, months: int
) -> tuple[IntArray, IntArray]:
    begin = np.datetime64(period.date_from, "M").astype(np.int64)
    first, last = (_month_number(filtered[name]) - begin for name in ("date_from", "date_to"))
    sure = (first == last) & (filtered["in_period"] == "in").to_numpy()
    surely = np.bincount(first[sure], weight[sure], months).astype(np.int64)
    steps = np.zeros(months + 1, dtype=np.int64)
    np.add.at(steps, np.clip(first[~sure], 0, months - 1), weight[~sure])
    np.add.at(steps, np.clip(last[~sure], 0, months - 1) + 1, -weight[~sure])
    return surely, np.cumsum(steps)[:months]


def _month_number(days: pd.Series) -> IntArray:
    return days.to_numpy(dtype="datetime64[M]").astype(np.int64)
