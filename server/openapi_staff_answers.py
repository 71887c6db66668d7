"""JSON Schemas of what the API answers to staff alone: the briefing and the plan."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from geo.rates import Verdict
from geo.rotation import State
from server.openapi_schemas import Schema, count, list_of, object_of, ref, text


def _or_null(schema: Schema) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _number(description: str) -> dict[str, Any]:
    return {"type": "number", "description": description}


def _true(description: str) -> dict[str, Any]:
    return {"type": "boolean", "description": description}


def _number_or_null(description: str) -> dict[str, Any]:
    return {"type": ["number", "null"], "description": description}


_DAY: Final = {"type": "string", "format": "date"}
_SPAN: Final = {"from": _DAY, "to": _DAY}
_NPA: Final = {
    "npa_code": text("Code of the Neighbourhood Policing Area (NPA)"),
    "npa_name": text("Its name"),
}
_SITE: Final = _or_null(
    object_of(
        {
            "name": text("Name of the site"),
            "address": text("Its address, as far as it is held"),
            "access": text("Whether it is open to the public"),
            "in_doubt": _true("Whether it may not stand on the day"),
            "distance_m": _number("Straight line from the place, in metres"),
        }
    )
)
_VISIT: Final = object_of(
    {
        **_SPAN,
        "visit_id": text("Id of the stop"),
        "place": text("Place"),
        "visit_type": text("Type"),
        "visitor": text("Visitor"),
        "reason": text("Reason"),
        "distance_m": _number_or_null("Straight line from the place, in metres"),
        "by_district": {
            "type": "boolean",
            "description": "Whether its place is known by the district alone",
        },
    }
)
_PLANNED: Final = object_of(
    {**_SPAN}
    | {
        name: text(title)
        for name, title in (
            ("starts", "Time at which it starts; may be empty"),
            ("place", "Place"),
            ("visitor", "Visitor"),
            ("visit_type", "Type"),
            ("reason", "Reason"),
        )
    }
)
_ISSUE: Final = object_of(
    {
        **_SPAN,
        "place": text("Place"),
        "theme": text("Theme"),
        "issue": text("What was raised"),
        "referred_to": text("With whom it lies"),
        "status": text("How it stands"),
        "due": {"type": ["string", "null"], "format": "date", "description": "Answer due"},
        "outcome": text("What came of it"),
        "here": _true("Whether it was raised at the place or near it"),
        "overdue": _true("Whether its answer was due before the day"),
    }
)
_CHANGE: Final = _or_null(
    object_of(
        {
            "before": count("Records in the earlier months"),
            "after": count("Records in the later months"),
            "ratio": _number_or_null("After as a multiple of before; null from none"),
            "ratio_low": _number_or_null("Lower limit of that at 95%"),
            "ratio_high": _number_or_null("Upper limit of that at 95%; null where there is none"),
            "verdict": text("Which way it surely went", enum=list(get_args(Verdict))),
        }
    )
)
_CRIME: Final = object_of(
    {
        "later": object_of(_SPAN),
        "earlier": object_of(_SPAN),
        "months_compared": list_of({"type": "string"}),
        "months_missing": list_of({"type": "string"}),
        "cells": count("Cells whose centre lies near the place"),
        "changes": list_of(
            object_of({"type": text("Type of crime"), "near": _CHANGE, "in_npa": _CHANGE})
        ),
        "events": list_of(
            object_of({"event": text("What bends the figures"), "npa_code": text("Where"), **_SPAN})
        ),
    }
)
_CONCERNS: Final = object_of(
    {
        "sentence": text("What the reports say"),
        "period": _or_null(object_of(_SPAN)),
        "reports": {"type": ["integer", "null"], "description": "Reports; null: none is held"},
        "reports_possibly": {"type": ["integer", "null"], "description": "More, possibly"},
        "concerns": list_of(
            object_of({"concern": text("What was named"), "reports": count("How often")})
        ),
    }
)
_STOP: Final = object_of(
    {
        "place": text("Place"),
        "longitude": _number_or_null("Degrees east (WGS84)"),
        "latitude": _number_or_null("Degrees north (WGS84)"),
    }
)

STAFF_SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "briefing": object_of(
            {
                "title": text("Title of the sheet"),
                "place": text("The place by its label"),
                "date": _DAY,
                "made_on": _DAY,
                **_NPA,
                "commanded_in": text("The part of the force that commands it; may be empty"),
                "district": text("Its district; may be empty"),
                "residents_near": {
                    "type": ["integer", "null"],
                    "description": "Residents (Census 2021) near the place",
                },
                "facts": list_of(
                    object_of({"term": text("Of what"), "known": text("What is known")})
                ),
                "sites": object_of(
                    {
                        "held": count("Sites held as standing on the day"),
                        "to_callers": _SITE,
                        "nearer_unknown": _SITE,
                    }
                ),
                "crime": _or_null(_CRIME),
                "crime_sentences": list_of(text("What is compared, and how sure it is")),
                "street_safe": _CONCERNS,
                "people_zones": list_of(
                    object_of(
                        {
                            "name": text("Name of the zone"),
                            "approximate": _true("Whether its outline is"),
                            "in_doubt": _true("Whether it may not be in force on the day"),
                            "distance_m": _number("0 within it"),
                        }
                    )
                ),
                "planned": list_of(_PLANNED),
                "visits_near": list_of(_VISIT),
                "visits_in_npa": list_of(_VISIT),
                "raised_here": list_of(_ISSUE),
                "open_issues": list_of(_ISSUE),
                "visits_held": count("Earlier stops held of all places"),
                "issues_held": count("Issues held of all places"),
            }
        ),
        "plan": object_of(
            {
                "query": list_of(ref("pair")),
                "period": object_of(_SPAN),
                "sentences": list_of(text("What the plan says of itself")),
                "days_asked": count("Days in all"),
                "days_agreed": count("Of them agreed already"),
                "days_proposed": count("Of them proposed here"),
                "days_not_placed": count("Days for which there is no date or place"),
                "dates_usable": count("Dates that can be used besides those agreed"),
                "places": count("Places that could be visited in one plan"),
                "need_total": _number("All the need there is"),
                "need_open": _number("What of it a plan can still reach"),
                "need_reached": _number("What the proposals reach"),
                "need_bound": _number("What no plan by the same rules can exceed"),
                "gap": _number("How much more a better plan could reach, as a part"),
                "least_lacking_proven": _true("Whether no plan lacks fewer days, surely"),
                "days_lacking": count("Days lacking, added up over areas and months"),
                "still_lacking": list_of(
                    object_of(
                        {
                            **_NPA,
                            "month": text("The last month at whose end days are lacking"),
                            "days": count("How many"),
                        }
                    )
                ),
                "no_place_left": list_of(object_of(_NPA)),
                "npas": list_of(
                    object_of(
                        {
                            **_NPA,
                            "state": text("How it stands", enum=list(get_args(State))),
                            "days_lacking": count("Days it lacks when the plan begins"),
                            "last_visit": _or_null(object_of(_SPAN)),
                            "need": _number("Its need"),
                            "need_open": _number("What of it a plan can still reach"),
                            "days_proposed": count("Days proposed in it"),
                        }
                    )
                ),
                "proposals": list_of(
                    object_of(
                        {
                            "date": _DAY,
                            **_NPA,
                            "stops": list_of(_STOP),
                            "straight_m": count("Straight lines between the stops, in metres"),
                            "travel_minutes": count("Travel between them, an estimate"),
                            "residents": count("Residents within reach of a stop"),
                            "residents_not_visited": count("Of them where no visit is held"),
                            "residents_most_deprived": count(
                                "Of them in the most deprived three tenths of England"
                            ),
                            "why": text("Why this place and this date"),
                        }
                    )
                ),
                "agreed": list_of(
                    object_of(
                        {
                            "date": _DAY,
                            "visitor": text("Visitor"),
                            "npa_codes": list_of({"type": "string"}),
                            "stops": list_of(_STOP),
                            "travel_minutes": {
                                "type": ["integer", "null"],
                                "description": "Travel between the stops, an estimate",
                            },
                            "reasons": list_of({"type": "string"}),
                            "conflicts": list_of({"type": "string"}),
                        }
                    )
                ),
            }
        ),
    }
)
"""The answers that the document describes to staff alone."""
