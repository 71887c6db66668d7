"""The registers of the estate beside its sites: their history, projects, Section 106, totals.

What was built, is planned and is owed is for staff unless a record is marked public. Every change
is kept with its time and all values before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import geopandas as gpd

from layers.audience import Audience
from layers.location import LATEST
from layers.opening_hours import check_hours
from layers.publication import PublicContext, VisibleRows, publish
from layers.reading import ParsedRow
from layers.register import Check
from layers.register_group import RegisterGroup
from layers.register_layer import check_known
from layers.report import RowIssue
from layers.schema import Field, Schema, Value, slugify
from layers.site_schema import ACCESS, VISIBILITIES, check_amount
from layers.site_schema import CHECKS as SITE_CHECKS
from layers.site_schema import SCHEMA as SITES
from layers.workspace import Workspace

ESTATE: Final = "sites"
"""What the log of imports calls sites and registers of the estate together: one version for all."""

EVENTS: Final = (
    "opened",
    "closed",
    "moved",
    "planned",
    "for-disposal",
    "access-changed",
    "hours-changed",
)
COMPLETE: Final = "complete"
PROJECT_STATES: Final = (
    "approved",
    "design",
    "awaiting-clearance",
    "tender",
    "in-progress",
    COMPLETE,
)
SECTION_106_STATES: Final = (
    "held",
    "requested",
    "agreed",
    "drawn-down",
    "repurposing",
    "repurposed",
    "returned",
    "unknown",
)
SETTLED: Final = ("drawn-down", "returned")
"""States of a Section 106 item after which its deadline matters no more."""

MEASURES: Final = (
    "premises",
    "locations",
    "neighbourhood-offices",
    "front-enquiry-offices",
    "main-sites-floor-area",
    "largest-site-floor-area",
)


def total_id(values: Mapping[str, Value]) -> str:
    """The id of a published total: its measure and its day, so that each is held once.

    >>> total_id({"measure": "premises", "as_of": "2023-10-09"})
    'premises-2023-10-09'
    """
    return "-".join(filter(None, (slugify(str(values["measure"])), str(values["as_of"]))))


def _with_total_id(values: dict[str, Value]) -> dict[str, Value]:
    return values | {"total_id": values["total_id"] or total_id(values)}


def _visibility() -> Field:
    return Field(
        "visibility",
        "Visibility",
        "choice",
        choices=VISIBILITIES,
        default="staff",
        kept_if_blank=True,
        staff_only=True,
    )


SITE_HISTORY: Final = Schema(
    part="site_history",
    singular="event of a site",
    plural="events of sites",
    fields=(
        Field("event_id", "Event", "code", required=True),
        Field("site_id", "Site", "code", required=True),
        Field("date", "Date", "date", required=True),
        Field("event", "What happened", "choice", required=True, choices=EVENTS),
        Field("public_access", "Public access from then on", "choice", choices=ACCESS),
        Field("hours", "Hours of the public desk from then on"),
        _visibility(),
        Field("note", "Note"),
        Field("source", "Source"),
    ),
    id_fields=("event_id",),
    position="point",
)
"""What became of a site, and when; the point is where it stood from then on."""

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
        Field("spend_gbp", "Spent (£)", "number"),
        Field("percent_complete", "Complete (%)", "number", aliases=("progress",)),
        Field("status", "Status", "choice", suggestions=PROJECT_STATES),
        Field("expected_completion", "Expected completion", "date"),
        Field("funding", "Funding"),
        _visibility(),
        Field("note", "Note"),
    ),
    id_fields=("project_id",),
)

SECTION_106: Final = Schema(
    part="section_106",
    singular="Section 106 item",
    plural="Section 106 items",
    fields=(
        Field("item_id", "Item", "code", required=True),
        Field("item", "What it is for", required=True),
        Field("council", "Council"),
        Field("covenant", "Covenant"),
        Field("amount_gbp", "Amount (£)", "number"),
        Field("deadline", "To be spent by", "date"),
        Field("purpose", "What it may be spent on"),
        Field("status", "Status", "choice", choices=SECTION_106_STATES, default="unknown"),
        Field("deed_of_variation_gbp", "Deed of variation (£)", "number"),
        _visibility(),
        Field("note", "Note"),
        Field("source", "Source"),
    ),
    id_fields=("item_id",),
)
"""Money that developers pay through councils (section 106, Town and Country Planning Act 1990)."""

ESTATE_TOTALS: Final = Schema(
    part="estate_totals",
    singular="published total",
    plural="published totals",
    fields=(
        Field("total_id", "Total", "code"),
        Field("measure", "What was counted", "choice", required=True, suggestions=MEASURES),
        Field("value", "Published figure", "number", required=True),
        Field("unit", "Unit"),
        Field("as_of", "As of", "date", required=True),
        _visibility(),
        Field("note", "Note"),
        Field("source", "Source"),
    ),
    id_fields=("total_id",),
    complete=_with_total_id,
)
"""Totals as they were published, with which the register is reconciled."""


def _bare_query(values: dict[str, Value]) -> dict[str, Value]:
    return values | {"query": str(values["query"] or "").rpartition("?")[2]}


SCENARIOS: Final = Schema(
    part="scenarios",
    singular="scenario",
    plural="scenarios",
    fields=(
        Field("scenario_id", "Scenario", "code", required=True),
        Field("name", "Name", required=True),
        Field("query", "Address, from its question mark on", required=True),
        Field("note", "Note"),
    ),
    id_fields=("scenario_id",),
    complete=_bare_query,
)
"""Changes of the estate that staff saved under a name, as the address of the page they are on."""


def _check_percent(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
    reason = "The part that is complete must be from 0 to 100 per cent."
    return [
        RowIssue(row.number, "percent_complete", str(part), reason, "rejected")
        for row in rows
        if isinstance(part := row.values["percent_complete"], int | float) and not 0 <= part <= 100
    ]


def _check_move(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
    reason = "Where it moved to is not given, so its place is not known from then on."
    return [
        RowIssue(row.number, "position", "", reason, "warned")
        for row in rows
        if row.values["event"] == "moved" and row.geometry is None
    ]


CHECKS: Final[Mapping[str, tuple[Check, ...]]] = MappingProxyType(
    {
        SITES.part: SITE_CHECKS,
        SITE_HISTORY.part: (check_known("site_id", SITES), check_hours("hours"), _check_move),
        PROJECTS.part: (check_amount("budget_gbp"), check_amount("spend_gbp"), _check_percent),
        SECTION_106.part: (check_amount("amount_gbp"), check_amount("deed_of_variation_gbp")),
        ESTATE_TOTALS.part: (check_amount("value"),),
    }
)

GROUP: Final = RegisterGroup(
    ESTATE,
    (SITE_HISTORY, PROJECTS, SECTION_106, ESTATE_TOTALS, SCENARIOS),
    "/estate/records",
    CHECKS,
)


def published(workspace: Workspace, schema: Schema, audience: Audience) -> gpd.GeoDataFrame:
    """The records of a register of the estate that an audience may see."""
    held = GROUP.held(workspace, schema)
    return publish(VisibleRows(), held, schema.fields, audience, PublicContext(LATEST, {}))
