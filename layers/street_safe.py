"""Street Safe: where people said they feel unsafe and why; positions are for staff alone."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval, months_in_words
from geo.disclosure import DEFAULT_THRESHOLD
from layers.audience import Audience
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
from layers.street_safe_quarters import by_npa, legend_of_counts, quarter_table
from layers.view import Counts, SideTable
from layers.workspace import Workspace

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
        return by_npa(filtered, ground)

    def legend(self, shown: gpd.GeoDataFrame, query: LayerQuery) -> Legend:
        """Kinds of concern for staff, classes of counts for the public."""
        if "quarters_withheld" in shown:
            return legend_of_counts(shown)
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

    def gaps(self, workspace: Workspace, query: LayerQuery) -> list[str]:
        """For staff the months asked for that lie before the first or after the last report held.

        The public is not told how far single reports reach, but which quarters are published.
        """
        held = self.extent(workspace)
        if query.audience is Audience.PUBLIC or query.period is None or held is None:
            return []
        covered = set(held.months())
        missing = [month for month in query.period.months() if month not in covered]
        if not missing:
            return []
        return [
            f"No Street Safe reports are held for {months_in_words(missing)}; that is not zero "
            "reports."
        ]

    def tables(
        self, filtered: gpd.GeoDataFrame, query: LayerQuery, ground: Ground
    ) -> tuple[SideTable, ...]:
        """For staff, concerns by kind; for the public, the published quarters themselves."""
        if "withheld" in filtered:
            return (quarter_table(filtered, ground),) if len(filtered) else ()
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


def _kind(concerns: str) -> str:
    named = set(concerns.split(LIST_SEPARATOR))
    environmental, behavioural = named & set(ENVIRONMENTAL), named & set(BEHAVIOURAL)
    if environmental and behavioural:
        return "Both"
    return "Environmental" if environmental else "Behavioural"
