"""The registers of a programme of visits: what is planned, prepared, raised, and told afterwards.

They are the office's own. Of all of them only what was raised may ever be published, and that only
record by record, where the office marked it so. No register has a field for the name of a member
of the public.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from layers.councillors import check_email, check_ward_code, with_councillor_id
from layers.personal import check_personal
from layers.reading import ParsedRow
from layers.register import Check
from layers.register_group import RegisterGroup
from layers.register_layer import check_count, check_known, check_order
from layers.report import RowIssue
from layers.schema import Field, Schema
from layers.visits import INITIATED_BY, TYPES
from layers.visits import SCHEMA as VISITS
from layers.workspace import Workspace

PROGRAMME: Final = "programme"
"""What the log of imports calls the registers together; the part tells which."""

PLAN_STATES: Final = ("planned", "declined", "cancelled")
PREPARATION_KINDS: Final = ("councillor", "notice", "survey", "briefing", "venue", "other")
THEMES: Final = (
    "anti-social-behaviour",
    "burglary",
    "drugs",
    "road-safety",
    "rural-crime",
    "vehicle-crime",
    "violence",
    "violence-against-women-and-girls",
    "visibility-of-police",
    "contact-with-police",
    "other",
)
REFERRED_TO: Final = (
    "npa-commander",
    "chief-constable",
    "corporate-governance-board",
    "commissioning",
    "council",
    "other",
    "nobody",
)
ISSUE_STATES: Final = ("open", "in-hand", "closed")
CLOSED: Final = "closed"
TOLD: Final = ("those-met", "councillors", "newsletter", "website", "other")


PLANNED_STOPS: Final = Schema(
    part="planned_stops",
    singular="planned stop",
    plural="planned stops",
    fields=(
        Field("plan_id", "Planned stop", "code", required=True),
        Field("date", "Date", "date", required=True),
        Field("starts", "Starts at"),
        Field("place", "Place", required=True),
        Field("ward_code", "Ward code", "code"),
        Field("visitor", "Visitor", default="PCC"),
        Field("visit_type", "Type", "choice", choices=TYPES, default="community-day"),
        Field("initiated_by", "Initiated by", "choice", choices=INITIATED_BY, default="unknown"),
        Field("reason", "Reason"),
        Field("status", "Status", "choice", choices=PLAN_STATES, default="planned"),
        Field("note", "Note"),
    ),
    id_fields=("plan_id",),
    position="point",
)
"""Stops of days to come: agreed, cancelled, or declined, which are not proposed while held so."""

CANDIDATES: Final = Schema(
    part="candidate_places",
    singular="candidate place",
    plural="candidate places",
    fields=(
        Field("place_id", "Candidate place", "code", required=True),
        Field("name", "Name", required=True),
        Field("note", "Note"),
    ),
    id_fields=("place_id",),
    position="point-required",
)
"""The office's own list of places from which a plan may choose."""

COUNCILLORS: Final = Schema(
    part="councillors",
    singular="councillor",
    plural="councillors",
    fields=(
        Field("councillor_id", "Councillor", "code"),
        Field("name", "Name", required=True),
        Field("council", "Council", required=True),
        Field("ward", "Ward or division", required=True),
        Field("ward_code", "Ward code", "code"),
        Field("email", "Official address"),
        Field("source", "Source"),
    ),
    id_fields=("councillor_id",),
    complete=with_councillor_id,
)
"""A list needs no ids: whoever has none is known by name, ward and council."""

PREPARATIONS: Final = Schema(
    part="preparations",
    singular="preparation",
    plural="preparations",
    fields=(
        Field("preparation_id", "Preparation", "code", required=True),
        Field("visit_date", "Day of the visit", "date", required=True),
        Field("place", "Place", required=True),
        Field("kind", "Kind", "choice", required=True, choices=PREPARATION_KINDS),
        Field("task", "What is to be done", required=True),
        Field("councillor_id", "Councillor", "code"),
        Field("due", "Due", "date"),
        Field("done", "Done on", "date"),
        Field("answer", "Answer"),
    ),
    id_fields=("preparation_id",),
)
"""The checklist before a day: each item is done when it has the date on which it was."""

ISSUES: Final = Schema(
    part="issues_raised",
    singular="issue raised",
    plural="issues raised",
    fields=(
        Field("issue_id", "Issue", "code", required=True),
        Field("visit_id", "Stop", "code"),
        Field("date", "Date", "date", required=True),
        Field("place", "Place", required=True),
        Field("theme", "Theme", "choice", required=True, choices=THEMES),
        Field("issue", "What was raised", required=True),
        Field("referred_to", "Referred to", "choice", choices=REFERRED_TO, default="nobody"),
        Field("referred", "Referred on", "date"),
        Field("status", "Status", "choice", choices=ISSUE_STATES, default="open"),
        Field("due", "Answer due", "date"),
        Field("outcome", "Outcome"),
        Field("closed", "Closed on", "date"),
        Field(
            "visibility",
            "Visibility",
            "choice",
            choices=("public", "staff"),
            default="staff",
            kept_if_blank=True,
            staff_only=True,
        ),
    ),
    id_fields=("issue_id",),
)

SURVEYS: Final = Schema(
    part="survey_figures",
    singular="survey figure",
    plural="survey figures",
    fields=(
        Field("figure_id", "Figure", "code", required=True),
        Field("visit_id", "Stop", "code"),
        Field("date", "Date", "date", required=True),
        Field("place", "Place", required=True),
        Field("question", "Question", required=True),
        Field("answer", "Answer", required=True),
        Field("responses", "Responses", "integer", required=True),
    ),
    id_fields=("figure_id",),
)

FEEDBACK: Final = Schema(
    part="feedback_given",
    singular="feedback",
    plural="feedback given",
    fields=(
        Field("feedback_id", "Feedback", "code", required=True),
        Field("date", "Date", "date", required=True),
        Field("place", "Place", required=True),
        Field("issue_id", "Issue", "code"),
        Field("told", "Who was told", "choice", required=True, choices=TOLD),
        Field("what", "What they were told", required=True),
    ),
    id_fields=("feedback_id",),
)
"""Who was told what after a visit, so that those met are kept informed."""


def closed_without_outcome(issue: Mapping[str, Any]) -> bool:
    """Whether an issue is closed and nothing says what came of it."""
    return issue.get("status") == CLOSED and not issue.get("outcome")


def _check_outcome(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
    """Warn of an issue that is closed without an outcome."""
    reason = "The issue is closed without an outcome: say what came of it, if anything did."
    return [
        RowIssue(row.number, "outcome", "", reason, "warned")
        for row in rows
        if closed_without_outcome(row.values)
    ]


CHECKS: Final[Mapping[str, tuple[Check, ...]]] = MappingProxyType(
    {
        COUNCILLORS.part: (check_ward_code, check_email),
        PREPARATIONS.part: (check_known("councillor_id", COUNCILLORS),),
        ISSUES.part: (
            check_order(ISSUES, "date", "referred"),
            check_order(ISSUES, "date", "closed"),
            check_order(ISSUES, "date", "due"),
            check_known("visit_id", VISITS),
            _check_outcome,
            check_personal("issue", "outcome"),
        ),
        SURVEYS.part: (
            check_known("visit_id", VISITS),
            check_count("responses"),
            check_personal("question", "answer"),
        ),
        FEEDBACK.part: (check_known("issue_id", ISSUES), check_personal("what")),
    }
)
"""What is looked at in the rows of each register, from a file and from a form alike."""

REGISTERS: Final = (
    PLANNED_STOPS,
    CANDIDATES,
    COUNCILLORS,
    PREPARATIONS,
    ISSUES,
    SURVEYS,
    FEEDBACK,
)

GROUP: Final = RegisterGroup(PROGRAMME, REGISTERS, "/visits/records", CHECKS)
held = GROUP.held
inspected = GROUP.inspected
take = GROUP.take
