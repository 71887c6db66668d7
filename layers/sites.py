"""Police sites, with the capital projects kept beside them."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from boundaries.ground import Ground
from layers.estate_registers import GROUP, PROJECTS, SITE_HISTORY, published
from layers.files import RawTable
from layers.location import with_npa
from layers.publication import VisibleRows
from layers.query import LayerQuery
from layers.reading import choose_schema
from layers.register_layer import RegisterLayer
from layers.report import ImportReport
from layers.schema import Field, in_words
from layers.site_days import on_day
from layers.site_schema import ACCESS, CHECKS, SCHEMA, SITE_TYPES, STATUSES, TENURES
from layers.spec import (
    LayerSpec,
    Legend,
    Option,
    OwnParameter,
    StyleClass,
    columns_of,
)
from layers.view import Counts, SideTable
from layers.workspace import Intake, Workspace


def _options(values: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(value, in_words(value)) for value in values)


def _spec() -> LayerSpec:
    first = ("site_id", "name", "site_type", "public_access", "status", "address", "postcode")
    computed = (
        Field("standing_npa", "Stands in (NPA)", "code", computed=True),
        Field("hours_in_words", "The desk is open", computed=True),
        Field("hours_a_week", "Hours a week", "number", computed=True),
        Field("in_doubt", "Not known on that day", computed=True),
    )
    return LayerSpec(
        id="sites",
        page="estate",
        title="Police sites",
        singular="police site",
        plural="police sites",
        summary="Where police buildings are, and whether one can call in or book.",
        schemas=(SCHEMA, PROJECTS),
        columns=columns_of(SCHEMA, first, computed),
        popup=(
            "name",
            "site_type",
            "public_access",
            "hours_in_words",
            "status",
            "address",
            "postcode",
            "npa_name",
            "npa_approximate",
            "commanding_npa",
            "note",
        ),
        time="standing",
        publication=VisibleRows(),
        type_column="site_type",
        types=_options(SITE_TYPES),
        own=(
            OwnParameter(
                "public_access",
                "Public access",
                _options(ACCESS),
                column="public_access",
                public_default=("open", "by-appointment"),
            ),
            OwnParameter("status", "Status", _options(STATUSES), column="status"),
            OwnParameter("tenure", "Tenure", _options(TENURES), column="tenure"),
        ),
    )


class Sites(RegisterLayer):
    """Police sites on a day."""

    spec = _spec()

    checks = CHECKS

    def take(self, table: RawTable, workspace: Workspace, intake: Intake) -> ImportReport:
        """Import sites or capital projects, told apart by the file's columns."""
        if choose_schema(self.spec.schemas, table) is PROJECTS:
            return GROUP.take(table, PROJECTS, workspace, intake)
        return super().take(table, workspace, intake)

    def derive(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """The records as they are: what follows from them depends on the day."""
        return frame

    def records(self, workspace: Workspace, query: LayerQuery) -> gpd.GeoDataFrame:
        """Every held site as it was on the day that is asked for, in the areas of that day.

        The history that the public may not see changes nothing of what it is shown.
        """
        day = query.as_of or (query.period.date_to if query.period else query.asked_on)
        history = published(workspace, SITE_HISTORY, query.audience)
        frame = on_day(workspace.store.frame(SCHEMA), history, day, query.asked_on)
        return with_npa(frame, workspace.ground, day)

    def shape(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        ground: Ground,
    ) -> gpd.GeoDataFrame:
        """The records, with the NPA they stand in beside the one that commands them."""
        return filtered.assign(standing_npa=filtered["npa_code"])

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """Public access by shape and colour: unknown is a class of its own."""
        return Legend(
            "Public access",
            "public_access",
            (
                StyleClass("Open to callers", "#28A197", "star", "open"),
                StyleClass("By appointment", "#A285D1", "half", "by-appointment"),
                StyleClass("None", "#3D3D3D", "bar", "none"),
                StyleClass("Unknown", "#801650", "ring", "unknown"),
            ),
            "Unknown means that no source was found. It does not mean none.",
        )

    def remarks(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        counts: Counts,
        ground: Ground,
    ) -> list[str]:
        """What is shown by default, and sites commanded from elsewhere."""
        remarks = []
        if set(query.own_values("public_access")) == {"open", "by-appointment"}:
            remarks.append(
                "Shown are the sites documented as open to callers or by appointment; an area "
                "without one here may have one that no source documents."
            )
        elsewhere = filtered[
            (filtered["commanding_npa"] != "")
            & (filtered["npa_code"] != "")
            & (filtered["commanding_npa"] != filtered["npa_code"])
        ]
        remarks += [
            f"{row.name} stands in {ground.npa_label(row.npa_code)} and is commanded from "
            f"{ground.npa_label(row.commanding_npa)}."
            for row in elsewhere.itertuples(index=False)
        ]
        return remarks

    def tables(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """Sites by type and public access."""
        counts = pd.crosstab(filtered["site_type"], filtered["public_access"])
        rows = tuple(
            (in_words(str(kind)), *(f"{counts.loc[kind].get(value, 0):,}" for value in ACCESS))
            for kind in counts.index
        )
        titles = ("Type", *(in_words(value) for value in ACCESS))
        return (SideTable("Sites by type and public access", titles, rows),)
