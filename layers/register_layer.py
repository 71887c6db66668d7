"""What layers whose records live in an SQL register have in common."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers.files import RawTable
from layers.location import with_npa
from layers.query import LayerQuery
from layers.reading import ParsedRow
from layers.register import Check, take_rows
from layers.report import ImportReport, RowIssue
from layers.schema import Schema
from layers.spec import LayerSpec
from layers.view import Counts, SideTable
from layers.workspace import Intake, Workspace


class RegisterLayer:
    """The shared half of a layer: taking, reading and placing rows; the rest is its own module's.

    A layer gives its ``spec``, the ``checks`` of its rows, and ``derive``, which adds the columns
    that follow from the stored ones, ``date_from`` and ``date_to`` among them.
    """

    spec: LayerSpec
    checks: Sequence[Check] = ()

    def derive(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Add the columns that follow from the stored ones."""
        raise NotImplementedError

    def placed(self, frame: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
        """Dated records in the areas of their own days."""
        return with_npa(frame, ground)

    def take(self, table: RawTable, workspace: Workspace, intake: Intake) -> ImportReport:
        """Import a file's rows as one transaction."""
        return take_rows(self.spec.id, self.spec.schemas, table, workspace, intake, self.checks)

    def version(self, workspace: Workspace) -> str:
        """Changes whenever what is held changes."""
        return workspace.store.version(self.spec.id)

    def held(self, workspace: Workspace) -> int:
        """Number of records held."""
        return len(self._all(workspace))

    def records(self, workspace: Workspace, query: LayerQuery) -> gpd.GeoDataFrame:
        """Every held record, placed in the areas of its own day, or of the day asked for."""
        frame = self._all(workspace)
        if self.spec.time == "dated":
            return frame
        day = query.as_of or (query.period.date_to if query.period else None)
        return with_npa(frame, workspace.ground, day)

    def extent(self, workspace: Workspace) -> DateInterval | None:
        """From the first to the last date as it stands in the register, before any doubt."""
        frame = self._all(workspace)
        if self.spec.time != "dated" or frame.empty:
            return None
        stated = [DateInterval.parse(text) for text in frame["date"]]
        return DateInterval(
            min(item.date_from for item in stated), max(item.date_to for item in stated)
        )

    def shape(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        ground: Ground,
    ) -> gpd.GeoDataFrame:
        """The records as they are."""
        return filtered

    def remarks(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        counts: Counts,
        ground: Ground,
    ) -> list[str]:
        """Nothing beside the common caption."""
        return []

    def gaps(self, workspace: Workspace, query: LayerQuery) -> list[str]:
        """Nothing that could be told: a register does not say what it lacks."""
        return []

    def tables(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """No small table."""
        return ()

    def _all(self, workspace: Workspace) -> gpd.GeoDataFrame:
        def compute() -> gpd.GeoDataFrame:
            frame = self.derive(workspace.store.frame(self.spec.schemas[0]))
            return self.placed(frame, workspace.ground) if self.spec.time == "dated" else frame

        return workspace.derived((self.spec.id, "all"), self.version(workspace), compute)


def day_column(days: Sequence[object]) -> pd.Series:
    """Days, or None, as a column of timestamps."""
    return pd.Series(pd.to_datetime(pd.Series(list(days), dtype=object)).dt.as_unit("s"))


def check_stated_npa(field: str) -> Check:
    """Compare the NPA that a row states with the one in which its position lies.

    An unknown code is rejected; another than the computed one, or none to compare, is warned of.
    """

    def check(workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
        ground = workspace.ground
        issues = []
        for row, computed in zip(rows, _computed(ground, rows), strict=True):
            stated = str(row.values[field] or "")
            if stated and stated not in ground.npa_codes:
                reason = (
                    f"{stated!r} is not an NPA code of this force area; the codes are "
                    f"{', '.join(ground.npa_codes)}."
                )
                issues.append(RowIssue(row.number, field, stated, reason, "rejected"))
            elif stated and computed and stated != computed:
                reason = f"The position lies in {ground.npa_label(computed)}, code {computed}."
                issues.append(RowIssue(row.number, field, stated, reason, "warned"))
            elif row.geometry is None:
                reason = "There is no position, so the record is not on the map."
                issues.append(RowIssue(row.number, "position", "", reason, "warned"))
            elif not computed:
                reason = "The position lies outside the force area."
                issues.append(RowIssue(row.number, "position", "", reason, "warned"))
        return issues

    return check


def check_position(workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
    """Warn of positions outside the force area."""
    return [
        RowIssue(row.number, "position", "", "The position lies outside the force area.", "warned")
        for row, computed in zip(rows, _computed(workspace.ground, rows), strict=True)
        if row.geometry is not None and not computed
    ]


def check_order(schema: Schema, first: str, last: str) -> Check:
    """Reject a row whose ``last`` day, as far as it is known, comes before its ``first``."""
    titles = {field.name: field.title for field in schema.fields}

    def check(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
        issues = []
        for row in rows:
            given, ends_given = str(row.values[first] or ""), str(row.values[last] or "")
            if not given or not ends_given:
                continue
            begins, ends = DateInterval.parse(given), DateInterval.parse(ends_given)
            if ends.date_to < begins.date_from:
                reason = (
                    f"‘{titles[last]}’ must not be earlier than ‘{titles[first]}’; given "
                    f"{ends.in_words()}, which is earlier than {begins.in_words()}. Change one of "
                    "the two dates."
                )
                issues.append(RowIssue(row.number, last, ends_given, reason, "rejected"))
        return issues

    return check


def check_known(field: str, schema: Schema) -> Check:
    """Warn of a reference to a record of another register that is not held."""

    def check(workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
        named = [(row.number, str(row.values[field] or "")) for row in rows]
        held = {str(key[0]) for key in workspace.store.held(schema, ())}
        reason = f"No {schema.singular} of this id is held."
        return [
            RowIssue(number, field, value, reason, "warned")
            for number, value in named
            if value and value not in held
        ]

    return check


def check_count(field: str, most: int = 10_000_000) -> Check:
    """Reject a number of things below 0, or above what can have been counted."""

    def check(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
        reason = f"The number must be from 0 to {most:,}."
        return [
            RowIssue(row.number, field, str(row.values[field]), reason, "rejected")
            for row in rows
            if isinstance(number := row.values[field], int) and not 0 <= number <= most
        ]

    return check


def _computed(ground: Ground, rows: Sequence[ParsedRow]) -> list[str]:
    points = [row.geometry.representative_point() if row.geometry else None for row in rows]
    easting_m = np.array([point.x if point else np.nan for point in points])
    northing_m = np.array([point.y if point else np.nan for point in points])
    return list(ground.npas.latest_code_at(easting_m, northing_m))
