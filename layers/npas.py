"""Neighbourhood Policing Areas (NPAs): the ground itself, shown and exchanged as a layer."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from boundaries.given import given_npas
from boundaries.ground import Ground, save_build
from geo.crs import BRITISH_NATIONAL_GRID, geometries_to_degrees
from geo.dates import DateInterval, day_in_words
from layers.files import RawTable
from layers.publication import Everything
from layers.query import LayerQuery
from layers.reading import ParsedRow, Reading, read_rows
from layers.register import refuse_if_strict, report_of
from layers.register_layer import check_order, day_column
from layers.report import ImportReport
from layers.schema import Field, Schema
from layers.spec import (
    DATE_COLUMNS,
    MEMBERSHIP_COLUMN,
    NPA_COLUMNS,
    LayerSpec,
    Legend,
    StyleClass,
)
from layers.store import Changes
from layers.view import Counts, SideTable
from layers.workspace import Intake, Workspace

SCHEMA: Final = Schema(
    part="npas",
    singular="Neighbourhood Policing Area (NPA)",
    plural="Neighbourhood Policing Areas (NPAs)",
    fields=(
        Field("npa_code", "NPA code", "code", required=True, aliases=("code",)),
        Field("npa_name", "Name", required=True, aliases=("name",)),
        Field("group", "Group"),
        Field("approximate", "Outline approximate", "boolean", default="true"),
        Field("date_from", "From", "date", aliases=("effective_from",)),
        Field("date_to", "To", "date"),
        Field("note", "Note"),
    ),
    id_fields=("npa_code", "date_from"),
    position="polygon-required",
    in_sql=False,
)


def _spec() -> LayerSpec:
    fields = {field.name: field for field in SCHEMA.fields}
    return LayerSpec(
        id="npas",
        page="npas",
        title="Neighbourhood Policing Areas",
        singular=SCHEMA.singular,
        plural=SCHEMA.plural,
        summary="The areas into which the force divides its neighbourhood policing.",
        schemas=(SCHEMA,),
        columns=(
            *NPA_COLUMNS,
            fields["group"],
            fields["approximate"],
            Field("residents", "Residents (Census 2021)", "integer", computed=True),
            *DATE_COLUMNS,
            MEMBERSHIP_COLUMN,
            fields["note"],
        ),
        popup=("npa_name", "npa_code", "group", "approximate", "residents", "date_from", "note"),
        time="standing",
        publication=Everything(),
    )


class Npas:
    """The NPAs in force on a day, from the best outlines that the workspace holds."""

    spec = _spec()

    def take(self, table: RawTable, workspace: Workspace, intake: Intake) -> ImportReport:
        """Take a set of NPAs in place of the one in use: whole, or not at all."""
        reading = read_rows(self.spec.schemas, table)
        for issue in check_order(SCHEMA, "date_from", "date_to")(workspace, reading.parsed):
            reading.note(issue)
        if reading.rejected:
            for row in reading.kept():
                reason = "A set of areas is taken whole, and another row of it was rejected."
                reading.reject(row.number, "", str(row.values["npa_code"]), reason)
        refuse_if_strict(self.spec.id, reading, intake)
        with workspace.importing():
            at = intake.at
            rejected_file = workspace.keep_rejected(table, reading.issues, reading.rejected, at)
            changes, notes = self._replace(reading, workspace)
            report = report_of(self.spec.id, reading, changes, rejected_file, notes)
            workspace.store.log(report, at)
        return report

    def version(self, workspace: Workspace) -> str:
        """Changes whenever the outlines do."""
        return workspace.ground.fingerprint

    def held(self, workspace: Workspace) -> int:
        """Number of areas."""
        return len(workspace.ground.npas.frame)

    def extent(self, workspace: Workspace) -> DateInterval | None:
        """None: areas stand from a day on and are no events."""
        return None

    def records(self, workspace: Workspace, query: LayerQuery) -> gpd.GeoDataFrame:
        """Every area with its residents, drawn as its generalised outline."""
        display = workspace.ground.npas.display
        residents = workspace.ground.residents_by_npa()
        begins, ends = day_column(display["date_from"]), day_column(display["date_to"])
        return gpd.GeoDataFrame(
            {
                "npa_code": display["code"],
                "npa_name": display["name"],
                "group": display["group"],
                "approximate": display["approximate"],
                "residents": display["code"].map(residents).astype("Int64"),
                "date_from": begins,
                "date_to": ends,
                "sure_from": begins,
                "sure_to": ends,
                "note": display["note"],
            },
            geometry=display.geometry,
        )

    def shape(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        ground: Ground,
    ) -> gpd.GeoDataFrame:
        """The areas as they are."""
        return filtered

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """Approximate outlines told from exact ones by their line."""
        return Legend(
            "Neighbourhood Policing Area",
            "approximate",
            (
                StyleClass("Outline of whole districts", "#12436D", "area", "false"),
                StyleClass("Outline approximate", "#12436D", "dashed", "true"),
            ),
        )

    def remarks(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        counts: Counts,
        ground: Ground,
    ) -> list[str]:
        """Which outlines these are, which are approximate, and the time before them."""
        remarks = [f"Drawn from {ground.npas.detail}."]
        names = list(filtered.loc[filtered["approximate"], "npa_name"])
        if names:
            remarks.append(f"The outlines of {', '.join(names)} are approximate.")
        asked = query.as_of or (query.period.date_from if query.period else None)
        if asked and asked < ground.force.npas_since:
            remarks.append(
                f"Before {day_in_words(ground.force.npas_since)} no place has one of these areas. "
                f"{ground.force.before_note}"
            )
        return remarks

    def gaps(self, workspace: Workspace, query: LayerQuery) -> list[str]:
        """Nothing: the areas are held whole."""
        return []

    def tables(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """No small table."""
        return ()

    def _replace(self, reading: Reading, workspace: Workspace) -> tuple[Changes, tuple[str, ...]]:
        """Make the rows the areas in use; what changed, and how the areas fit together.

        Rows equal to the generalised outlines, as an export has them, change nothing: they must
        not take the place of the finer ones they were made from.
        """
        rows = reading.kept()
        if not rows:
            return Changes(), ()
        frame = _area_frame(rows)
        held = workspace.ground.npas.frame
        ours = (held, workspace.ground.npas.display)
        if _contents(frame) in [_contents(areas) for areas in ours]:
            return Changes(unchanged=len(rows)), ()
        made = given_npas(workspace.ground, frame, reading.table.file)
        save_build(workspace.path, made)
        workspace.reload_ground()
        codes = set(held["code"])
        updated = sum(row.values["npa_code"] in codes for row in rows)
        changes = Changes(added=len(rows) - updated, updated=updated)
        return changes, tuple(made.report.edges.in_words())


def _area_frame(rows: list[ParsedRow]) -> gpd.GeoDataFrame:
    def day(text: object, last: bool) -> object:
        interval = DateInterval.parse(str(text)) if text else None
        return interval and (interval.date_to if last else interval.date_from)

    table = pd.DataFrame(
        {
            "code": [row.values["npa_code"] for row in rows],
            "name": [row.values["npa_name"] for row in rows],
            "group": [row.values["group"] for row in rows],
            "approximate": [bool(row.values["approximate"]) for row in rows],
            "note": [row.values["note"] for row in rows],
            "date_from": pd.Series(
                [day(row.values["date_from"], False) for row in rows], dtype=object
            ),
            "date_to": pd.Series([day(row.values["date_to"], True) for row in rows], dtype=object),
        }
    )
    geometry = [row.geometry for row in rows]
    return gpd.GeoDataFrame(table, geometry=geometry, crs=BRITISH_NATIONAL_GRID)


def _contents(frame: gpd.GeoDataFrame) -> set[tuple[str, ...]]:
    """Each area as text, its outline in degrees as files have it."""
    outlines = shapely.to_wkb(shapely.normalize(geometries_to_degrees(frame.geometry)), hex=True)
    columns = ("code", "name", "group", "approximate", "note", "date_from", "date_to")
    texts = [[("" if pd.isna(v) else str(v)) for v in frame[name]] for name in columns]
    return set(zip(*texts, outlines, strict=True))
