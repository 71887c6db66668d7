"""Statistics of Street Safe reports, for staff, in the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from layers.audience import Audience
from layers.street_safe import CONCERNS
from server.openapi_coverage import text_param
from server.openapi_parameters import FROM, TO
from server.openapi_route import CSV, Route
from server.openapi_schemas import Schema, count, list_of, object_of, text
from server.street_safe.company import Verdict

_PATH: Final = "/api/street-safe/statistics"
_ASKED: Final[dict[str, Any]] = {
    "parameters": (
        FROM,
        TO,
        text_param(
            "npa", "Reports of this Neighbourhood Policing Area (NPA), by its code, or outside."
        ),
    ),
    "audience": Audience.STAFF,
}
STREET_SAFE_ROUTES: Final = (
    Route(
        _PATH,
        "street_safe_statistics",
        "What Street Safe reports name",
        "Concerns of the place beside those of behaviour by kind, month and area, why the police "
        "were not told, and whether the one kind of concern follows the other.",
        schema="street_safe_statistics",
        example=_PATH,
        **_ASKED,
    ),
    Route(
        f"{_PATH}.csv",
        "street_safe_statistics_csv",
        "What Street Safe reports name, as CSV",
        "A row a count in UTF-8 with one header row. Columns: group, of, measure, reports.",
        schema="street_safe_statistics_rows",
        example=f"{_PATH}.csv",
        media_type=CSV,
        **_ASKED,
    ),
)

_DAY_OR_NULL: Final = {"type": ["string", "null"], "format": "date"}
_KINDS: Final = object_of(
    {
        "environmental": count("Reports that name concerns of the place alone"),
        "behavioural": count("Reports that name concerns of behaviour alone"),
        "both": count("Reports that name both"),
    }
)


def _number(description: str) -> dict[str, Any]:
    return {"type": "number", "description": description}


_TESTED: Final = object_of(
    {
        "radius_m": count("How far apart a pair may be, in metres"),
        "within_days": count("How many days apart at most"),
        "after": count("Pairs in which behaviour came after"),
        "after_by_chance": _number("As many by chance, on average"),
        "before": count("Pairs in which behaviour came before"),
        "before_by_chance": _number("As many by chance, on average"),
        "after_p_value": _number("How rarely chance gives so many after, adjusted"),
        "order_p_value": _number("How rarely chance favours after over before so much, adjusted"),
        "verdict": text("What it says", enum=list(get_args(Verdict))),
    }
)
STREET_SAFE_SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "street_safe_statistics": object_of(
            {
                "from": _DAY_OR_NULL,
                "to": _DAY_OR_NULL,
                "caption": list_of(text("A sentence that says what the figures show")),
                "reports": count("Reports that surely lie in the period"),
                "possibly": count("Reports that may"),
                "kinds": _KINDS,
                "concerns": list_of(
                    object_of(
                        {
                            "concern": text("The concern", enum=list(CONCERNS)),
                            "behavioural": {
                                "type": "boolean",
                                "description": "Whether it is one of behaviour, not of the place",
                            },
                            "reports": count("Reports that name it"),
                        }
                    )
                ),
                "months": list_of(
                    object_of(
                        {
                            "month": text("The month", pattern=r"^\d{4}-\d{2}$"),
                            "kinds": {
                                "anyOf": [_KINDS, {"type": "null"}],
                                "description": "Null where the month is not held",
                            },
                        }
                    )
                ),
                "npas": list_of(
                    object_of(
                        {
                            "npa_code": text("Code of the area; empty outside the force area"),
                            "npa_name": text("Its name"),
                            "kinds": _KINDS,
                        }
                    )
                ),
                "reasons": list_of(
                    object_of(
                        {
                            "reason": text("Why the police were not told; empty if not said"),
                            "reports": count("Reports that give it"),
                        }
                    )
                ),
                "following": {
                    "anyOf": [
                        object_of(
                            {
                                "environmental": count("Reports of the place with their day"),
                                "behavioural": count("Reports of behaviour with their day"),
                                "permutations": count("How often days were dealt anew"),
                                "sentences": list_of(text("What was found, in words")),
                                "tested": list_of(_TESTED),
                            }
                        ),
                        {"type": "null"},
                    ],
                    "description": "Null where there are too few reports to tell",
                },
            }
        ),
        "street_safe_statistics_rows": text(
            "Counts of Street Safe reports as CSV in UTF-8 with one header row.",
            **{
                "x-columns": [
                    {"name": "group", "type": "string"},
                    {"name": "of", "type": "string"},
                    {"name": "measure", "type": "string"},
                    {"name": "reports", "type": ["integer", "null"]},
                ]
            },
        ),
    }
)
