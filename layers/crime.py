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
from geo.crs import BRITISH_NATIONAL_GRID
from geo.dates import DateInterval, day_in_words
from geo.grid import HexGrid
from layers.classes import count_classes
from layers.crime_cells import crime_cells
from layers.crime_intake import ASB, CRIME_TYPES, SCHEMA, take_crime
from layers.files import RawTable
from layers.filters import bbox_area
from layers.location import OUTSIDE_NAME, UNLOCATED_NAME, place
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
            ),
            OwnParameter(
                "by",
                "One row for each",
                (Option("cell", "Cell"), Option("month", "Cell and month")),
                repeatable=False,
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

    def records(self, workspace: Workspace, query: LayerQuery) -> gpd.GeoDataFrame:
        """The records of the months that the query touches, each in the NPA it lies in."""
        wanted = set(query.period.months()) if query.period else None
        months = [m for m in workspace.crime.months() if wanted is None or m in wanted]
        frames = [self._month(workspace, month) for month in months]
        if frames:
            found = pd.concat(frames, ignore_index=True)
            return found[_in_cells_of_box(found, query)] if query.bbox else found
        columns = ("crime_type", "npa_code", "npa_name", "records", "date_from", "date_to")
        empty = pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
        dates = {name: pd.to_datetime(empty[name]) for name in ("date_from", "date_to")}
        return gpd.GeoDataFrame(empty.assign(**dates), geometry=[], crs=BRITISH_NATIONAL_GRID)

    def shape(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        ground: Ground,
    ) -> gpd.GeoDataFrame:
        """Located records within the force area as counts per cell, or per cell and month."""
        inside = filtered[~filtered["npa_name"].isin((OUTSIDE_NAME, UNLOCATED_NAME))]
        monthly = query.own_values("by") == ("month",)
        return crime_cells(inside, _grid(query), monthly)

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """Round classes of records per cell."""
        return Legend(
            f"Records per cell {_grid(query).across_flats_m:,.0f} metres wide",
            "records",
            count_classes(shown["records"]),
            "Where nothing is drawn, nothing was recorded at a located point.",
        )

    def remarks(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        counts: Counts,
        ground: Ground,
    ) -> list[str]:
        """Crime told from anti-social behaviour, what the cells hold, months that are missing."""
        asb = int((filtered["crime_type"] == ASB).sum())
        in_cells = counts.matched - counts.unlocated - counts.outside
        remarks = [
            f"{len(filtered) - asb:,} of them are crimes and {asb:,} are incidents of anti-social "
            "behaviour.",
            f"The cells hold {in_cells:,}: what has no location or lies outside the force area is "
            "in none. Points are anonymised map points, not true places.",
        ]
        if query.npas:
            remarks.append("A cell on the edge of a chosen area counts what lies in that area.")
        if query.bbox:
            remarks.append("The box is filled with whole cells: those whose centre lies in it.")
        if query.period and query.period.date_from < ground.force.npas_since:
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
        return [f"No records are held for {_months_in_words(missing)}; that is not zero crime."]

    def tables(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """Records by type, anti-social behaviour apart from the total of crimes."""
        counts = filtered["crime_type"].value_counts()
        labels = dict(CRIME_TYPES)
        rows = [
            (labels[slug], f"{counts[slug]:,}")
            for slug in sorted(counts.index, key=labels.__getitem__)
            if slug != ASB
        ]
        asb = int(counts.get(ASB, 0))
        rows.append(("All crimes", f"{len(filtered) - asb:,}"))
        rows.append((f"{labels[ASB]} (not crimes)", f"{asb:,}"))
        return (SideTable("Records by type", ("Type", "Records"), tuple(rows)),)

    def _month(self, workspace: Workspace, month: str) -> gpd.GeoDataFrame:
        def compute() -> gpd.GeoDataFrame:
            held = workspace.crime.read(month)
            bounds = DateInterval.parse(month)
            frame = held[["crime_type", "geometry"]].assign(
                records=1,
                date_from=pd.Timestamp(bounds.date_from).as_unit("s"),
                date_to=pd.Timestamp(bounds.date_to).as_unit("s"),
            )
            easting_m, northing_m = held.geometry.x.to_numpy(), held.geometry.y.to_numpy()
            return place(frame, easting_m, northing_m, frame["date_from"], workspace.ground)

        digest = workspace.crime.digest(month)
        return workspace.derived((self.spec.id, month), digest, compute)


def _grid(query: LayerQuery) -> HexGrid:
    return HexGrid(int((query.own_values("cell_m") or (str(DEFAULT_CELL_M),))[0]))


def _in_cells_of_box(frame: gpd.GeoDataFrame, query: LayerQuery) -> npt.NDArray[np.bool_]:
    """Which records lie in a cell whose centre the box holds, so that no cell is cut."""
    x, y = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    kept: npt.NDArray[np.bool_] = np.isfinite(x)
    grid = _grid(query)
    centres = grid.centres(grid.locate(x[kept], y[kept]))
    kept[kept] = shapely.intersects_xy(bbox_area(query), centres[:, 0], centres[:, 1])
    return kept


def _months_in_words(months: list[str]) -> str:
    """Months in order, runs of them as one interval."""
    runs: list[DateInterval] = []
    for month in (DateInterval.parse(text) for text in months):
        if runs and runs[-1].date_to + timedelta(days=1) == month.date_from:
            runs[-1] = DateInterval(runs[-1].date_from, month.date_to)
        else:
            runs.append(month)
    return ", ".join(run.in_words() for run in runs)
