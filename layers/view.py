"""The answer to one query: what map, table, caption, summary and export are all made from."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.dates import DateInterval
from layers.audience import Audience
from layers.query import LayerQuery
from layers.schema import Field
from layers.spec import LayerSpec, Legend


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records a view stands for.

    ``surely`` lie in the period, ``possibly`` may; of both together, ``unlocated`` have no
    position and ``outside`` lie outside the force area. ``withheld`` counts published cells whose
    figure is held back. Not ``published``: no figure is, so the counts of 0 say nothing.
    """

    surely: int
    possibly: int
    unlocated: int
    outside: int
    withheld: int = 0
    published: bool = True
    held: bool = True

    @property
    def matched(self) -> int:
        """All that surely or possibly lie in the period."""
        return self.surely + self.possibly


@dataclass(frozen=True, slots=True)
class MonthCount:
    """What a view counts in one month, ``YYYY-MM``: in ``days``, its part of the period.

    Not ``held``: no record of the month is held, so its counts of 0 say nothing.
    """

    month: str
    days: DateInterval
    surely: int
    possibly: int
    held: bool = True


@dataclass(frozen=True, slots=True)
class SideTable:
    """A small table beside a map: a title that says the unit, column titles, rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Published, filtered and shaped records of one layer, with the words that go with them.

    ``gaps``, which are part of the caption too, say what is not held of what was asked.
    ``records`` has the columns named by ``columns``, geometry in EPSG:27700.
    ``by_npa`` has the columns ``npa_code``, ``npa_name``, ``surely``, ``possibly`` and, for each
    of the two counts, the number of figures in it that are held back (``withheld``,
    ``withheld_possibly``): with any, the count is the least. ``by_month`` has every month of the
    period, in order; it is empty where nothing is counted by month.
    """

    layer: LayerSpec
    query: LayerQuery
    audience: Audience
    records: gpd.GeoDataFrame
    columns: tuple[Field, ...]
    counts: Counts
    by_npa: pd.DataFrame
    legend: Legend
    caption: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    tables: tuple[SideTable, ...] = ()
    by_month: tuple[MonthCount, ...] = ()

    @property
    def rows(self) -> int:
        """Number of records, cells or areas that are shown."""
        return len(self.records)

    @property
    def placed(self) -> bool:
        """Whether its records can have a position: not those of registers that have none."""
        schemas = self.layer.schemas
        return not schemas or any(schema.position != "none" for schema in schemas)
