"""Recorded crime and anti-social behaviour: data.police.uk records, shown as counts per cell."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from boundaries.ground import Ground
from geo.dates import DateInterval, day_in_words
from geo.grid import HexGrid
from layers.classes import NOTHING_COUNTED, count_classes
from layers.count_files import kept_counts
from layers.crime_cells import crime_cells
from layers.crime_counts import MonthCounts, count_month, counts_frame, is_asb, meaning_of
from layers.crime_intake import ASB, CRIME_TYPES, SCHEMA, take_crime
from layers.errors import BadQuery, NoSuchCell
from layers.files import RawTable
from layers.location import OUTSIDE_NAME, UNLOCATED_NAME
from layers.publication import Everything
from layers.query import LayerQuery
from layers.report import ImportReport
from layers.schema import Field
from layers.spec import (
    DATE_COLUMNS,
    MEMBERSHIP_COLUMN,
    NPA_COLUMNS,
    LayerSpec,
    Legend,
    Option,
    OwnParameter,
)
from layers.view import Counts, SideTable
from layers.workspace import Intake, Workspace

CELL_SIZES_M: Final = (500, 1000, 2000)
DEFAULT_CELL_M: Final = 1000
ALL_CRIME: Final = "crime"
COUNTS: Final = "counts"


def _spec() -> LayerSpec:
    labels = dict(CRIME_TYPES)
    return LayerSpec(
        id="crime",
        page="crime",
        title="Recorded crime and anti-social behaviour",
        singular="record",
        plural="records",
        summary="What was recorded and where, as counts per cell and month.",
        schemas=(SCHEMA,),
        columns=(
            Field("cell_id", "Cell", "code", computed=True),
            *NPA_COLUMNS,
            *DATE_COLUMNS,
            Field("records", "Records", "integer", computed=True),
            Field("crimes", "Crimes", "integer", computed=True),
            Field("anti_social_behaviour", "Anti-social behaviour", "integer", computed=True),
            Field("most_common", "Most common", computed=True),
            MEMBERSHIP_COLUMN,
        ),
        popup=(
            "npa_name",
            "npa_approximate",
            "records",
            "crimes",
            "anti_social_behaviour",
            "most_common",
            "date_from",
            "date_to",
            "cell_id",
        ),
        time="dated",
        publication=Everything(),
        box_by_cells=True,
        map_adds_up=("by",),
        knows_gaps=True,
        type_column="crime_type",
        types=(
            Option(ALL_CRIME, "All crime, without anti-social behaviour"),
            *(Option(slug, label) for slug, label in labels.items()),
        ),
        type_groups={ALL_CRIME: tuple(slug for slug in labels if slug != ASB)},
        own=(
            OwnParameter(
                "cell_m",
                "Width of a cell",
                tuple(Option(str(size), f"{size:,} metres") for size in CELL_SIZES_M),
                repeatable=False,
                default=str(DEFAULT_CELL_M),
            ),
            OwnParameter(
                "by",
                "One row for each",
                (Option("cell", "Cell"), Option("month", "Cell and month")),
                repeatable=False,
                default="cell",
            ),
        ),
        weight="records",
    )


class Crime:
    """Recorded crime by month, counted in hexagonal cells."""

    spec = _spec()

    def take(self, table: RawTable, workspace: Workspace, intake: Intake) -> ImportReport:
        """Import data.police.uk street-level rows; each month in them replaces that month."""
        return take_crime(self.spec.id, table, workspace, intake)

    def version(self, workspace: Workspace) -> str:
        """Changes whenever a month does."""
        return workspace.crime.version()

    def held(self, workspace: Workspace) -> int:
        """Number of records held."""
        return sum(workspace.crime.rows().values())

    def extent(self, workspace: Workspace) -> DateInterval | None:
        """From the first to the last month held."""
        months = workspace.crime.months()
        if not months:
            return None
        first, last = DateInterval.parse(months[0]), DateInterval.parse(months[-1])
        return DateInterval(first.date_from, last.date_to)

    def records(self, workspace: Workspace, query: LayerQuery) -> pd.DataFrame:
        """Counts of the months that the query touches, by cell, type and area.

        Rows stand for as many records as their ``records`` say; cells are those of the query.
        """
        wanted = set(query.period.months()) if query.period else None
        grid, ground = grid_of(query), workspace.ground
        stamp = f"{ground.fingerprint}-{meaning_of(ground)}"
        counted = [
            _counted(workspace, ground, month, grid, f"{digest}-{stamp}")
            for month, digest in workspace.crime.digests().items()
            if wanted is None or month in wanted
        ]
        if query.around:
            counted = [month.within(query.around) for month in counted]
        frame = counts_frame(counted, ground)
        return frame[_in_cells_of(frame, query, grid)] if query.cuts or query.cell else frame

    def shape(
        self,
        filtered: pd.DataFrame,
        query: LayerQuery,
        ground: Ground,
    ) -> gpd.GeoDataFrame:
        """Located records within the force area as counts per cell, or per cell and month."""
        inside = filtered[~filtered["npa_name"].isin((OUTSIDE_NAME, UNLOCATED_NAME))]
        monthly = query.own_values("by") == ("month",)
        return crime_cells(inside, grid_of(query), monthly)

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """Round classes of records per cell."""
        return Legend(
            f"Records per cell {grid_of(query).across_flats_m:,.0f} metres wide",
            "records",
            (NOTHING_COUNTED, *count_classes(shown["records"])),
            "Where nothing is drawn, nothing of what is asked for was recorded at a located point.",
        )

    def remarks(
        self,
        filtered: pd.DataFrame,
        query: LayerQuery,
        counts: Counts,
        ground: Ground,
    ) -> list[str]:
        """Crime told from anti-social behaviour, what the cells hold, months that are missing."""
        asb = int(filtered.loc[is_asb(filtered), "records"].sum())
        in_cells = counts.matched - counts.unlocated - counts.outside
        kinds = (
            f"{counts.matched - asb:,} of them are crimes and {asb:,} are incidents of anti-social "
            "behaviour."
        )
        cells = (
            f"The cells hold {in_cells:,}: what has no location or lies outside the force area is "
            "in none. Points are anonymised map points, not true places."
        )
        remarks = [kinds, cells] if counts.matched else []
        if query.npas:
            remarks.append("A cell on the edge of a chosen area counts what lies in that area.")
        if query.cuts:
            cut = "area drawn" if query.area else "box"
            remarks.append(f"The {cut} is filled with whole cells: those whose centre lies in it.")
        if query.period and query.period.date_from.replace(day=1) < ground.force.npas_since:
            since = day_in_words(ground.force.npas_since)
            remarks.append(f"Records of months that began before {since} have no NPA.")
        return remarks

    def gaps(self, workspace: Workspace, query: LayerQuery) -> list[str]:
        """The months asked for of which no record is held."""
        held = set(workspace.crime.months())
        if query.period is None:
            return [] if held else ["No recorded crime is held; that is not zero crime."]
        missing = [month for month in query.period.months() if month not in held]
        if not missing:
            return []
        return [f"No records are held for {months_in_words(missing)}; that is not zero crime."]

    def tables(
        self, filtered: pd.DataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """Records by type, anti-social behaviour apart from the total of crimes."""
        counts = filtered.groupby("crime_type", observed=True)["records"].sum()
        labels = dict(CRIME_TYPES)
        rows = [
            (labels[slug], f"{counts[slug]:,}")
            for slug in sorted(counts.index, key=labels.__getitem__)
            if slug != ASB
        ]
        asb = int(counts.get(ASB, 0))
        rows.append(("All crimes", f"{int(counts.sum()) - asb:,}"))
        rows.append((f"{labels[ASB]} (not crimes)", f"{asb:,}"))
        return (SideTable("Records by type", ("Type", "Records"), tuple(rows)),)


def _counted(
    workspace: Workspace, ground: Ground, month: str, grid: HexGrid, stamp: str
) -> MonthCounts:
    """A month's counts; ``stamp`` begins with the digest of its content.

    The rest of it stands for the ground and what the numbers of the counts mean.
    """
    width_m = grid.across_flats_m

    def count() -> MonthCounts:
        return count_month(month, workspace.crime.points(month), grid, ground)

    def is_current() -> bool:
        return stamp.startswith(workspace.crime.digest(month))

    def compute() -> MonthCounts:
        return kept_counts(workspace.path / COUNTS, month, width_m, stamp, count, is_current)

    return workspace.derived((COUNTS, month, width_m), stamp, compute)


def grid_of(query: LayerQuery) -> HexGrid:
    """The grid that is asked for, or that of the one cell.

    Raises:
        NoSuchCell: the cell is of another width than those offered, which may be too fine to show.
        BadQuery: the cell is of another width than the one asked for beside it.
    """
    asked_m = [int(value) for value in query.own_values("cell_m")]
    if not query.cell:
        return HexGrid(*asked_m or (DEFAULT_CELL_M,))
    grid, _ = HexGrid.parse(query.cell)
    if grid.across_flats_m not in CELL_SIZES_M:
        widths = ", ".join(f"{size:,}" for size in CELL_SIZES_M)
        raise NoSuchCell(
            f"Cells are {widths} metres wide; given {grid.across_flats_m:g}. Ask for one of those."
        )
    if asked_m and asked_m != [grid.across_flats_m]:
        raise BadQuery(
            f"cell_m must be the width of the cell, {grid.across_flats_m:g}; given {asked_m[0]}. "
            "Leave cell_m out."
        )
    return grid


def _in_cells_of(frame: pd.DataFrame, query: LayerQuery, grid: HexGrid) -> npt.NDArray[np.bool_]:
    """Which counts are of a cell whose centre lies within every cut, so that no cell is cut.

    The one cell that is asked for holds what the map draws of it, nothing outside the force area.
    """
    pairs, distinct = pd.factorize(pd.MultiIndex.from_frame(frame[["q", "r"]]))
    cells = np.array(distinct.tolist(), dtype=np.int64).reshape(-1, 2)
    centres = grid.centres(cells)
    within = np.ones(len(cells), dtype=bool)
    for cut in query.cuts:
        within &= shapely.intersects_xy(cut.polygon_m(), centres[:, 0], centres[:, 1])
    left_out = [UNLOCATED_NAME]
    if query.cell:
        within &= (cells == HexGrid.parse(query.cell)[1]).all(axis=1)
        left_out.append(OUTSIDE_NAME)
    kept: npt.NDArray[np.bool_] = within[pairs] & ~frame["npa_name"].isin(left_out).to_numpy()
    return kept


def months_in_words(months: list[str]) -> str:
    """Months in order, runs of them as one interval."""
    runs: list[DateInterval] = []
    for month in (DateInterval.parse(text) for text in months):
        if runs and runs[-1].date_to + timedelta(days=1) == month.date_from:
            runs[-1] = DateInterval(runs[-1].date_from, month.date_to)
        else:
            runs.append(month)
    return ", ".join(run.in_words() for run in runs)
