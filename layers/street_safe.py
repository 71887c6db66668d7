"""Street Safe: where people said they feel unsafe and why; positions are for staff alone."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval
from geo.disclosure import DEFAULT_THRESHOLD
from layers.classes import NO_FIGURE, count_classes
from layers.location import empty_points
from layers.publication import ProtectedCounts
from layers.query import LayerQuery
from layers.register_layer import RegisterLayer, check_position, day_column
from layers.schema import LIST_SEPARATOR, Field, Schema, in_words
from layers.spec import (
    DATE_COLUMNS,
    MEMBERSHIP_COLUMN,
    NPA_COLUMNS,
    LayerSpec,
    Legend,
    Option,
    StyleClass,
)
from layers.view import Counts, SideTable

ENVIRONMENTAL: Final = (
    "no-cctv",
    "badly-lit",
    "isolated",
    "street-layout",
    "restricted-visibility",
    "run-down",
    "drugs-or-alcohol",
    "environmental-other",
)
BEHAVIOURAL: Final = (
    "harassment-by-one",
    "harassment-by-group",
    "being-followed",
    "harassment-other",
)
NOT_REPORTED_REASONS: Final = (
    "too-minor",
    "nothing-police-could-do",
    "did-not-know-how",
    "feared-consequences",
    "dealt-with-otherwise",
    "other",
)
CONCERNS: Final = ENVIRONMENTAL + BEHAVIOURAL
WITHHELD: Final = "#3D3D3D"

SCHEMA: Final = Schema(
    part="street_safe",
    singular="Street Safe report",
    plural="Street Safe reports",
    fields=(
        Field("report_id", "Report", "code", required=True),
        Field("date", "Date", "date", required=True),
        Field("concerns", "Concerns", "choices", required=True, choices=CONCERNS),
        Field(
            "not_reported_reason",
            "Why not reported as a crime",
            "choice",
            suggestions=NOT_REPORTED_REASONS,
        ),
        Field("source", "Source"),
    ),
    id_fields=("report_id",),
    position="point-required",
)


def _spec() -> LayerSpec:
    return LayerSpec(
        id="street_safe",
        page="street-safe",
        title="Street Safe reports",
        singular="Street Safe report",
        plural="Street Safe reports",
        summary="Where people said that they feel unsafe, as counts.",
        schemas=(SCHEMA,),
        columns=(
            *SCHEMA.fields[:2],
            Field("kind", "Kind of concern", computed=True, staff_only=True),
            *SCHEMA.fields[2:],
            *NPA_COLUMNS,
            *DATE_COLUMNS,
            Field("reports", "Reports", "integer", computed=True),
            Field("reports_possibly", "Reports possibly in the period", "integer", computed=True),
            Field("quarters_withheld", "Quarters withheld", computed=True),
            MEMBERSHIP_COLUMN,
        ),
        popup=(
            "report_id",
            "npa_name",
            "npa_approximate",
            "date",
            "concerns",
            "kind",
            "not_reported_reason",
            "reports",
            "reports_possibly",
            "quarters_withheld",
        ),
        time="dated",
        publication=ProtectedCounts(),
        type_column="concerns",
        types=(
            Option("environmental", "Environmental, any"),
            Option("behavioural", "Behavioural, any"),
            *(Option(value, in_words(value)) for value in CONCERNS),
        ),
        type_groups={"environmental": ENVIRONMENTAL, "behavioural": BEHAVIOURAL},
        weight="reports",
    )


class StreetSafe(RegisterLayer):
    """Street Safe reports: each for staff, protected counts for the public."""

    spec = _spec()
    checks = (check_position,)

    def derive(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Dates as intervals, and the kinds of concern that a report names."""
        intervals = [DateInterval.parse(text) for text in frame["date"]]
        return frame.assign(
            kind=[_kind(text) for text in frame["concerns"]],
            reports=1,
            date_from=day_column([interval.date_from for interval in intervals]),
            date_to=day_column([interval.date_to for interval in intervals]),
        )

    def shape(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        ground: Ground,
    ) -> gpd.GeoDataFrame:
        """Reports as they are, or published quarters summed by NPA and drawn as its outline."""
        if "withheld" not in filtered:
            return filtered.drop(columns="reports")
        return _by_npa(filtered, ground)

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """Kinds of concern for staff, classes of counts for the public."""
        if "quarters_withheld" in shown:
            return _legend_of_counts(shown)
        return Legend(
            "Kind of concern",
            "kind",
            (
                StyleClass("Environmental", "#12436D", "down", "Environmental"),
                StyleClass("Behavioural", "#F46A25", "chevron", "Behavioural"),
                StyleClass("Both", "#801650", "hourglass", "Both"),
            ),
        )

    def remarks(
        self,
        filtered: gpd.GeoDataFrame,
        query: LayerQuery,
        counts: Counts,
        ground: Ground,
    ) -> list[str]:
        """That reports choose themselves, and what is withheld."""
        remarks = ["People choose whether to report, so the counts do not show how common it is."]
        if "withheld" in filtered and counts.published:
            remarks.insert(
                0,
                "Published by quarter and NPA. "
                f"{counts.withheld:,} of {len(filtered):,} figures "
                f"{'is' if counts.withheld == 1 else 'are'} withheld: a figure below "
                f"{DEFAULT_THRESHOLD}, or one that would give such a figure away. Totals are the "
                "least that was reported.",
            )
        return remarks

    def tables(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """For staff, concerns by kind; for the public, the published quarters themselves."""
        if "withheld" in filtered:
            return (_quarter_table(filtered, ground),) if len(filtered) else ()
        named = pd.Series(
            [item for text in filtered["concerns"] for item in text.split(LIST_SEPARATOR)],
            dtype=object,
        ).value_counts()
        rows = tuple(
            (
                in_words(value),
                "Environmental" if value in ENVIRONMENTAL else "Behavioural",
                f"{named.get(value, 0):,}",
            )
            for value in CONCERNS
        )
        total = ("All concerns", "", f"{int(named.sum()):,}")
        return (SideTable("Concerns named", ("Concern", "Kind", "Times named"), (*rows, total)),)


def _legend_of_counts(shown: gpd.GeoDataFrame) -> Legend:
    """Classes of the quarters that lie in the period or, where none does, of those that reach in.

    What is not published at all is told apart from what is withheld.
    """
    title = "Street Safe reports by NPA"
    if shown.empty:
        unpublished = StyleClass("Not published: not zero", WITHHELD, "hatched", NO_FIGURE)
        return Legend(title, "reports", (unpublished,), "An empty map here does not mean zero.")
    whole = shown["quarters_in_period"] > 0
    counted = "reports" if whole.any() else "reports_possibly"
    mixed = whole.any() and not whole.all()
    label = "Withheld, or of a quarter that reaches beyond the period" if mixed else "Withheld"
    return Legend(
        title if whole.any() else f"{title}, in quarters that reach beyond the period",
        counted,
        (
            *count_classes(shown[counted].dropna()),
            StyleClass(label, WITHHELD, "hatched", NO_FIGURE),
        ),
        f"Counts below {DEFAULT_THRESHOLD}, and those that would give one away, are withheld.",
    )


def _kind(concerns: str) -> str:
    named = set(concerns.split(LIST_SEPARATOR))
    environmental, behavioural = named & set(ENVIRONMENTAL), named & set(BEHAVIOURAL)
    if environmental and behavioural:
        return "Both"
    return "Environmental" if environmental else "Behavioural"


def _by_npa(quarters: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    outlines = dict(zip(ground.npas.display["code"], ground.npas.display.geometry, strict=True))
    rows = []
    for (code, name), part in quarters.groupby(["npa_code", "npa_name"], sort=True):
        rows.append(
            {
                "npa_code": code,
                "npa_name": name,
                "date_from": part["date_from"].min(),
                "date_to": part["date_to"].max(),
                "reports": _least(part[part["in_period"] == "in"]),
                "reports_possibly": _least(part[part["in_period"] == "possibly"]),
                "quarters_withheld": f"{part['withheld'].sum()} of {len(part)}",
                "quarters_in_period": int((part["in_period"] == "in").sum()),
                "geometry": outlines.get(code),
            }
        )
    if not rows:
        return quarters.assign(quarters_withheld=[], quarters_in_period=[])
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=empty_points(0).crs)
    whole = frame.astype({"reports": "Int64", "reports_possibly": "Int64"})
    partly = (quarters["in_period"] == "possibly").any()
    return whole if partly else whole.drop(columns="reports_possibly")


def _least(quarters: pd.DataFrame) -> object:
    """The published figures together; none where there are none."""
    published = quarters["reports"].dropna()
    return pd.NA if published.empty else int(published.sum())


def _quarter_table(quarters: gpd.GeoDataFrame, ground: Ground) -> SideTable:
    periods = pd.PeriodIndex(quarters["date_from"], freq="Q")
    labels = np.array([f"{period.start_time:%b} to {period.end_time:%b %Y}" for period in periods])
    columns = list(dict.fromkeys(labels[np.argsort(periods.asi8, kind="stable")]))
    figures = ["withheld" if pd.isna(value) else f"{value:,}" for value in quarters["reports"]]
    named = [
        ground.npa_label(code) if code else name
        for code, name in zip(quarters["npa_code"], quarters["npa_name"], strict=True)
    ]
    cells = dict(zip(zip(named, labels, strict=True), figures, strict=True))
    names = list(dict.fromkeys(named))
    return SideTable(
        "Street Safe reports by Neighbourhood Policing Area (NPA) and quarter",
        ("Neighbourhood Policing Area", *columns),
        tuple((name, *(cells.get((name, column), "") for column in columns)) for name in names),
    )
