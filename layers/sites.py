"""Police sites, with the capital projects kept beside them."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers.files import RawTable
from layers.publication import VisibleRows
from layers.query import LayerQuery
from layers.register import take_rows
from layers.register_layer import RegisterLayer, check_order, check_stated_npa, day_column
from layers.report import ImportReport
from layers.schema import Field, Schema, Value, in_words
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

SITE_TYPES: Final = (
    "headquarters",
    "police-station",
    "front-enquiry-office",
    "neighbourhood-office",
    "custody-suite",
    "other",
)
ACCESS: Final = ("open", "by-appointment", "none", "unknown")
STATUSES: Final = ("open", "closed", "planned", "unknown")
VISIBILITIES: Final = ("public", "staff")
STAFF_TYPES: Final = ("custody-suite",)
"""Types that are for staff unless a row is marked ``public``."""


def _settle_visibility(values: dict[str, Value]) -> dict[str, Value]:
    by_type = "staff" if values["site_type"] in STAFF_TYPES else "public"
    return values | {"visibility": values["visibility"] or by_type}


SCHEMA: Final = Schema(
    part="sites",
    singular="police site",
    plural="police sites",
    fields=(
        Field("site_id", "Site", "code", required=True),
        Field("name", "Name", required=True),
        Field(
            "site_type",
            "Type",
            "choice",
            required=True,
            choices=SITE_TYPES,
            value_aliases={"custody": "custody-suite"},
        ),
        Field("address", "Address"),
        Field("postcode", "Postcode", "code"),
        Field("commanding_npa", "Commanded from (NPA)", "code", aliases=("npa_code", "npa")),
        Field(
            "public_access",
            "Public access",
            "choice",
            choices=ACCESS,
            value_aliases={"yes": "open", "no": "none"},
            default="unknown",
        ),
        Field("tenure", "Tenure", "choice", default="unknown"),
        Field("status", "Status", "choice", choices=STATUSES, default="unknown"),
        Field("opened", "Opened", "date"),
        Field("closed", "Closed", "date"),
        Field(
            "visibility",
            "Visibility",
            "choice",
            choices=VISIBILITIES,
            kept_if_blank=True,
            staff_only=True,
        ),
        Field("note", "Note"),
        Field("source", "Source"),
    ),
    id_fields=("site_id",),
    position="point",
    complete=_settle_visibility,
)

PROJECTS: Final = Schema(
    part="capital_projects",
    singular="capital project",
    plural="capital projects",
    fields=(
        Field("project_id", "Project", "code", required=True),
        Field("project", "Name", required=True),
        Field("site_name", "Site", aliases=("site",)),
        Field("category", "Category", "choice"),
        Field("budget_gbp", "Budget (£)", "number"),
        Field("percent_complete", "Complete (%)", "number"),
        Field("status", "Status", "choice"),
        Field("expected_completion", "Expected completion", "date"),
        Field("funding", "Funding"),
        Field(
            "visibility",
            "Visibility",
            "choice",
            choices=VISIBILITIES,
            default="staff",
            kept_if_blank=True,
            staff_only=True,
        ),
        Field("note", "Note"),
    ),
    id_fields=("project_id",),
)


def _options(values: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(value, in_words(value)) for value in values)


def _spec() -> LayerSpec:
    first = ("site_id", "name", "site_type", "public_access", "status", "address", "postcode")
    standing = Field("standing_npa", "Stands in (NPA)", "code", computed=True)
    return LayerSpec(
        id="sites",
        page="estate",
        title="Police sites",
        singular="police site",
        plural="police sites",
        summary="Where police buildings are, and whether one can call in or book.",
        schemas=(SCHEMA, PROJECTS),
        columns=columns_of(SCHEMA, first, (standing,)),
        popup=(
            "name",
            "site_type",
            "public_access",
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
        ),
    )


class Sites(RegisterLayer):
    """Police sites on a day."""

    spec = _spec()

    def take(self, table: RawTable, workspace: Workspace, intake: Intake) -> ImportReport:
        """Import sites or capital projects, told apart by the file's columns."""
        is_sites = set(SCHEMA.required_columns) <= set(SCHEMA.header_map(list(table.header)))
        checks = (check_stated_npa("commanding_npa"), check_order(SCHEMA, "opened", "closed"))
        return take_rows(
            self.spec.id, self.spec.schemas, table, workspace, intake, checks if is_sites else ()
        )

    def derive(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """The days from and to which a site stood.

        A site of unknown or planned status stood only possibly; so did a closed one whose
        closing date is not known.
        """
        opened = [DateInterval.parse(text) if text else None for text in frame["opened"]]
        closed = [DateInterval.parse(text) if text else None for text in frame["closed"]]
        never = pd.Timestamp("1677-12-31").as_unit("s")
        surely_to = day_column([item.date_from if item else None for item in closed])
        doubtful = frame["status"].isin(("unknown", "planned")) | (
            (frame["status"] == "closed") & surely_to.isna()
        )
        return frame.assign(
            date_from=day_column([item.date_from if item else None for item in opened]),
            date_to=day_column([item.date_to if item else None for item in closed]),
            sure_from=day_column([item.date_to if item else None for item in opened]),
            sure_to=surely_to.mask(doubtful, never),
        )

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
