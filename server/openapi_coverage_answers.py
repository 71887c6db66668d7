"""What coverage, scenarios and siting answer, in the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from boundaries.small_areas import GROUPINGS, NPA
from layers.site_schema import ACCESS
from server.estate.coverage.service import SERVICES
from server.estate.siting.asked import PROBLEMS
from server.openapi_schemas import Schema, count, list_of, object_of, ref, text


def _or_null(kind: str, description: str) -> dict[str, Any]:
    return {"type": [kind, "null"], "description": description}


def _count_or_null(description: str) -> dict[str, Any]:
    return {**count(description), "type": ["integer", "null"]}


def _figure(description: str) -> dict[str, Any]:
    return {"type": "number", "description": description}


_SENTENCES: Final = list_of(text("A sentence that says what is shown or left out"))
_RESIDENTS: Final = _count_or_null("Residents (Census 2021); null: no small area is held")
_COUNTS: Final = {
    "within": _count_or_null("Residents surely within it; null: residents are not known"),
    "outside": _count_or_null("The others; null likewise"),
    "possibly_within": _count_or_null(
        "Of the others, those within it if all sites not known give the service"
    ),
}
_ACCESS: Final = {
    "sites_for_100000": _or_null("number", "Sites in reach for 100,000 residents, by capacity"),
    "hours_for_100000": _or_null("number", "Weekly hours in reach; null: not asked, not known"),
    "access_at_least": {
        "type": "boolean",
        "description": "Whether a site whose capacity is not known is in reach beside",
    },
}
_NEAR: Final = {
    "residents": _RESIDENTS,
    "distances": list_of(object_of({"distance_m": count("Metres along the way"), **_COUNTS})),
    "minutes": list_of(object_of({"minutes": count("Minutes on the way"), **_COUNTS})),
    "mean_m": _or_null("integer", "Mean distance; null: no site, or no residents known"),
    "median_m": _or_null("integer", "Half live within"),
    "percentile_90_m": _or_null("integer", "Nine in ten live within"),
    **_ACCESS,
}
_WON_AND_LOST: Final = {
    "before": _count_or_null("Residents within it before; null: not known"),
    "after": _count_or_null("Residents within it after"),
    "gained": _count_or_null("Residents who come to be within it"),
    "lost": _count_or_null("Residents who no longer are"),
}
_CHANGED: Final = {
    "residents": _RESIDENTS,
    "distances": list_of(object_of({"distance_m": count("Metres along the way"), **_WON_AND_LOST})),
    "nearer": _count_or_null("Residents with a shorter way; null: not known"),
    "farther": _count_or_null("Residents with a longer way; null: not known"),
    "mean_before_m": _or_null("integer", "Mean distance before"),
    "mean_after_m": _or_null("integer", "Mean distance after"),
}
_SUM: Final = object_of(
    {
        "total": _or_null("number", "Added up where it is known; null: known of no site"),
        "known_at": count("Sites of which it is known"),
        "not_known_at": count("Sites of which it is not"),
    }
)
_SIDE: Final = object_of(
    {
        "sites": count("Sites"),
        "without_desk": list_of(text("Code of an NPA without a documented enquiry desk")),
        "desk_not_known": list_of(text("Code of one of these of which it is not known")),
        "running_cost_gbp": _SUM,
        "floor_area_m2": _SUM,
        "hours_a_week": _SUM,
        "access": object_of(
            {
                "total": object_of(_ACCESS),
                "npas": list_of(
                    object_of({"npa_code": text("Code of the NPA; empty: in none"), **_ACCESS})
                ),
            }
        ),
    }
)
_SITE_HOURS: Final = {
    "site_id": text("The site"),
    "name": text("Its name"),
    **{
        f"{name}_{side}": schema
        for side in ("before", "after")
        for name, schema in (
            (
                "gives",
                {"type": "boolean", "description": f"Whether it surely gives the service {side}"},
            ),
            ("hours_in_words", text(f"When it is open {side}; empty: not known")),
            ("hours_a_week", _or_null("number", f"Hours a week {side}; null: not known")),
        )
    },
}
_NPA_FIELDS: Final = {
    "npa_code": text("Code of the Neighbourhood Policing Area (NPA); empty: in none"),
    "npa_name": text("Its name"),
    "npa_approximate": {"type": "boolean", "description": "Whether its outline is approximate"},
}
_SITED_AT: Final = {
    "problem": text("What is best", enum=list(PROBLEMS.values())),
    "places": list_of(text("A place that is chosen")),
    "value": _figure("What is counted: residents, metres or sites"),
    "bound": _figure("What no choice can pass"),
    "gap": _figure("By what part of the value another choice could at most be better"),
    "proven": {"type": "boolean", "description": "Whether no other choice does better"},
    "demand_share": _or_null("number", "Part of the residents within the distance"),
    "point_share": _or_null("number", "Part of the small areas within it"),
    "mean_m": _figure("Mean distance"),
    "largest_m": _figure("Distance of whoever has the farthest to go"),
    "beyond": _figure("Residents whom no choice could serve"),
}

COVERAGE_SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "coverage_figures": object_of(
            {
                "service": text("What a site must give", enum=list(SERVICES)),
                "as_of": text("The day", format="date"),
                "query": list_of(ref("pair")),
                "caption": _SENTENCES,
                "total": object_of(_NEAR),
                "npas": list_of(object_of({**_NPA_FIELDS, **_NEAR})),
                "by": object_of(
                    {
                        name: list_of(object_of({"label": text("The area or class"), **_NEAR}))
                        for name in GROUPINGS
                        if name != NPA
                    }
                ),
                "sites": list_of(
                    object_of(
                        {
                            "site_id": text("The site"),
                            "name": text("Its name"),
                            "gives": text(
                                "Whether it gives the service", enum=["yes", "not-known"]
                            ),
                            "nearest_for": _count_or_null(
                                "Residents for whom it is nearest; null: not counted"
                            ),
                            "hours_a_week": _or_null("number", "Hours a week; null: not known"),
                        }
                    )
                ),
            }
        ),
        "nearest": object_of(
            {
                "place": text("The place that was meant"),
                "as_of": text("The day", format="date"),
                "caption": _SENTENCES,
                "bases": list_of(
                    object_of(
                        {
                            "site_id": text("The site"),
                            "name": text("Its name"),
                            "address": text("Its address; empty: not known"),
                            "public_access": text("Public access", enum=list(ACCESS)),
                            "hours_in_words": text("When it is open; empty: not known"),
                            "in_doubt": {
                                "type": "boolean",
                                "description": "Whether it is not known that it still stands",
                            },
                            "straight_m": count("Metres in a straight line"),
                            "way_m": count("Metres along the way, estimated"),
                        }
                    )
                ),
            }
        ),
    }
)
_GROWTH: Final = object_of(
    {
        "people_a_home": _figure("People in a home"),
        "residents": _figure("Residents of the planned homes"),
        "homes": list_of(
            object_of(
                {
                    "place": text("Where they are planned"),
                    "homes": count("How many"),
                    "residents": _figure("Their residents"),
                    "npa_code": text("Code of the NPA"),
                    "before_m": _or_null("integer", "Metres to the nearest site before"),
                    "after_m": _or_null("integer", "Metres after"),
                }
            )
        ),
    }
)
_WHAT_IF: Final = object_of(
    {
        "query": list_of(ref("pair")),
        "caption": _SENTENCES,
        "growth": _GROWTH,
        "hours": list_of(object_of(_SITE_HOURS)),
        "total": object_of(
            {
                **_CHANGED,
                "minutes": list_of(
                    object_of({"minutes": count("Minutes on the way"), **_WON_AND_LOST})
                ),
            }
        ),
        "by": object_of(
            {
                name: list_of(
                    object_of(
                        {
                            "code": text("Code of the area or class"),
                            "label": text("Its name"),
                            **_CHANGED,
                        }
                    )
                )
                for name in GROUPINGS
            }
        ),
        "before": _SIDE,
        "after": _SIDE,
    }
)

CHANGE_SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "what_if": _WHAT_IF,
        "siting_answer": object_of(
            {
                "query": list_of(ref("pair")),
                "caption": _SENTENCES,
                "candidates": count("Places to choose from"),
                "best": object_of(_SITED_AT),
                "next_best": {"anyOf": [object_of(_SITED_AT), {"type": "null"}]},
                "next_best_is_worse_by": _or_null("number", "As a part of the best"),
                "curve": list_of(object_of(_SITED_AT)),
            }
        ),
        "scenarios": object_of(
            {
                "scenarios": list_of(
                    object_of(
                        {
                            "scenario_id": text("Its id"),
                            "name": text("Its name"),
                            "note": text("What was noted"),
                            "page": text("Its page", format="uri-reference"),
                            "problem": _or_null("string", "Why it cannot be reckoned"),
                            "figures": {"anyOf": [_WHAT_IF, {"type": "null"}]},
                        }
                    )
                ),
                "notes": list_of(text("In what the scenarios are unlike")),
            }
        ),
        "scenarios_rows": text(
            "Measures of saved scenarios as CSV in UTF-8 with one header row.",
            **{
                "x-columns": [
                    {"name": name, "type": "string"}
                    for name in ("scenario_id", "name", "measure", "before", "after")
                ]
            },
        ),
    }
)
