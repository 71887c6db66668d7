"""What is held of a police site: its fields, their values, and what is looked at in its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from layers.opening_hours import check_hours
from layers.reading import ParsedRow
from layers.register import Check
from layers.register_layer import check_order, check_stated_npa
from layers.report import RowIssue
from layers.schema import Field, Schema, Value
from layers.workspace import Workspace

SITE_TYPES: Final = (
    "headquarters",
    "police-station",
    "front-enquiry-office",
    "neighbourhood-office",
    "custody-suite",
    "other",
)
ACCESS: Final = ("open", "by-appointment", "none", "unknown")
STATUSES: Final = ("open", "closed", "planned", "for-disposal", "unknown")
YES_NO: Final = ("yes", "no", "unknown")
VISIBILITIES: Final = ("public", "staff")
STAFF_TYPES: Final = ("custody-suite",)
"""Types that are for staff unless a row is marked ``public``."""

TENURES: Final = ("freehold", "leasehold", "licence", "partnership", "unknown")
_UPRN: Final = re.compile(r"[1-9]\d{0,11}")


def _settled(values: dict[str, Value]) -> dict[str, Value]:
    """Visibility by type, and a location of its own, where the row names none.

    Every site has a location, so that naming one never hints at another site that is for staff.
    """
    by_type = "staff" if values["site_type"] in STAFF_TYPES else "public"
    return values | {
        "visibility": values["visibility"] or by_type,
        "location_id": values["location_id"] or values["site_id"],
    }


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
        Field("location_id", "Location", "code"),
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
        Field("hours", "Hours of the public desk"),
        Field("private_space", "A private space", "choice", choices=YES_NO, default="unknown"),
        Field("response_base", "Response base", "choice", choices=YES_NO, default="unknown"),
        Field("tenure", "Tenure", "choice", suggestions=TENURES, default="unknown"),
        Field("partners", "Partners"),
        Field("purpose", "Purpose"),
        Field("uprn", "Unique property reference number (UPRN)", "code"),
        Field("asset_id", "Asset id", "code"),
        Field("floor_area_m2", "Floor area (m²)", "number"),
        Field("running_cost_gbp", "Running cost a year (£)", "number", staff_only=True),
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
    complete=_settled,
)


def check_amount(field: str) -> Check:
    """Reject an amount below 0; none given is not 0."""

    def check(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
        reason = "The amount must be 0 or more. Leave it blank if it is not known."
        return [
            RowIssue(row.number, field, str(amount), reason, "rejected")
            for row in rows
            if isinstance(amount := row.values[field], int | float) and amount < 0
        ]

    return check


def _check_uprn(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
    reason = "A UPRN is a whole number of at most 12 digits."
    return [
        RowIssue(row.number, "uprn", text, reason, "rejected")
        for row in rows
        if (text := str(row.values["uprn"] or "")) and not _UPRN.fullmatch(text)
    ]


CHECKS: Final = (
    check_stated_npa("commanding_npa"),
    check_order(SCHEMA, "opened", "closed"),
    check_hours("hours"),
    check_amount("floor_area_m2"),
    check_amount("running_cost_gbp"),
    _check_uprn,
)
"""What is looked at in the rows of sites."""
