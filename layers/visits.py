"""Community visits: one record a stop; a day is one visitor on one date."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from layers.location import with_npa
from layers.publication import VisibleRows
from layers.query import LayerQuery
from layers.register_layer import RegisterLayer, check_stated_npa, day_column
from layers.schema import Field, Schema, in_words
from layers.spec import (
    LayerSpec,
    Legend,
    Option,
    OwnParameter,
    StyleClass,
    columns_of,
)
from layers.view import Counts, SideTable
from layers.visited import PLACES, WIDER, by_district, sentence, with_known_npa

TYPES: Final = ("community-day", "public-meeting", "surgery", "event", "partner-visit")
INITIATED_BY: Final = (
    "pcc-programme",
    "invitation",
    "councillor-request",
    "resident-request",
    "unknown",
)
VISITORS: Final = (
    Option("PCC", "Commissioner (PCC)"),
    Option("Deputy PCC", "Deputy Commissioner"),
)
"""The visitors that can be asked for; others are held as a file names them."""
PRECISIONS: Final = (*PLACES, *WIDER)
DATE_BASES: Final = (
    "stated",
    "stated-month",
    "stated-weekday-mismatch",
    "year-from-page-address",
    "date-from-other-source",
    "date-deduced",
    "inferred-year",
    "inferred-month",
)
DOUBT_MONTHS: Final = {"inferred-month": 2}
"""Months of doubt on either side that a basis of dating states; the others state none."""

SCHEMA: Final = Schema(
    part="visits",
    singular="stop",
    plural="stops",
    fields=(
        Field("visit_id", "Stop", "code", required=True),
        Field("date", "Date", "date", required=True),
        Field("place", "Place", required=True),
        Field("district", "District"),
        Field("stated_npa", "NPA as stated", "code", aliases=("npa_code", "npa")),
        Field("location_precision", "The point stands for", "choice", choices=PRECISIONS),
        Field("visitor", "Visitor"),
        Field("visit_type", "Type", "choice", required=True, choices=TYPES),
        Field("initiated_by", "Initiated by", "choice", choices=INITIATED_BY, default="unknown"),
        Field("reason", "Reason"),
        Field("source", "Source"),
        Field("date_basis", "Date known from", "choice", suggestions=DATE_BASES, default="stated"),
        Field(
            "visibility",
            "Visibility",
            "choice",
            choices=("public", "staff"),
            default="public",
            kept_if_blank=True,
            staff_only=True,
        ),
    ),
    id_fields=("visit_id",),
    position="point",
)


def _spec() -> LayerSpec:
    first = ("visit_id", "date", "place", "visit_type", "visitor", "initiated_by", "reason")
    return LayerSpec(
        id="visits",
        page="visits",
        title="Community visits",
        singular="stop",
        plural="stops",
        summary="Where the Commissioner went, why, and at whose wish.",
        schemas=(SCHEMA,),
        columns=columns_of(SCHEMA, first),
        popup=(
            "place",
            "date",
            "visit_type",
            "visitor",
            "initiated_by",
            "reason",
            "npa_name",
            "npa_approximate",
            "location_precision",
            "date_basis",
        ),
        time="dated",
        publication=VisibleRows(past_only=True),
        type_column="visit_type",
        types=tuple(Option(value, in_words(value)) for value in TYPES),
        own=(
            OwnParameter("visitor", "Visitor", VISITORS, column="visitor"),
            OwnParameter(
                "initiated_by",
                "Initiated by",
                tuple(Option(value, in_words(value)) for value in INITIATED_BY),
                column="initiated_by",
            ),
        ),
    )


class Visits(RegisterLayer):
    """Stops of community visits."""

    spec = _spec()
    checks = (check_stated_npa("stated_npa"),)

    def derive(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Dates as intervals, inferred months widened by their doubt."""
        intervals = [
            DateInterval.parse(text).widened(DOUBT_MONTHS[basis])
            if basis in DOUBT_MONTHS
            else DateInterval.parse(text)
            for text, basis in zip(frame["date"], frame["date_basis"], strict=True)
        ]
        return frame.assign(
            date_from=day_column([interval.date_from for interval in intervals]),
            date_to=day_column([interval.date_to for interval in intervals]),
        )

    def placed(self, frame: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
        """In the NPA of the point, where the point stands for enough to tell it."""
        return with_known_npa(with_npa(frame, ground), ground)

    def remarks(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        counts: Counts,
        ground: Ground,
    ) -> list[str]:
        """How many stops are known by their district alone."""
        said = sentence(int(by_district(filtered).sum()))
        return [said] if said else []

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """Types by shape and colour."""
        styles = zip(
            TYPES,
            ("#12436D", "#801650", "#28A197", "#F46A25", "#3D3D3D"),
            ("circle", "square", "diamond", "triangle", "cross"),
            strict=True,
        )
        return Legend(
            "Type of visit",
            "visit_type",
            tuple(
                StyleClass(in_words(value), colour, shape, value)  # type: ignore[arg-type]
                for value, colour, shape in styles
            ),
        )

    def tables(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """Days and stops by type."""
        rows = [
            (in_words(kind), f"{len(part):,}", f"{days(part):,}")
            for kind, part in filtered.groupby("visit_type", sort=True)
        ]
        return (SideTable("Stops and days by type", ("Type", "Stops", "Days"), tuple(rows)),)


def days(stops: pd.DataFrame) -> int:
    """Number of days: one visitor on one date counts once, however many stops it had.

    Stops of one visitor that are dated only by the same month count as one day together, so the
    figure is a least number.
    """
    return len(stops[["visitor", "date"]].drop_duplicates())
