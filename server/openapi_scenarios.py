"""The saved scenarios in the description of the API, for staff alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from layers.audience import Audience
from server.openapi_parameters import Parameter
from server.openapi_route import CSV, Route
from server.openapi_schemas import Schema, list_of, object_of, text

_COLUMNS: Final = ("scenario_id", "name", "measure", "before", "after")
_SCENARIO: Final = (
    Parameter(
        "scenario",
        "Only the scenario of this id; without it, every one that is saved.",
        "the id of a scenario that is held",
        repeatable=True,
    ),
)
SCENARIO_ROUTES: Final = (
    Route(
        "/api/estate/scenarios",
        "scenarios",
        "Saved scenarios",
        "Scenarios that were saved under a name, each with what it changes for whom.",
        schema="scenarios",
        example="/api/estate/scenarios",
        parameters=_SCENARIO,
        audience=Audience.STAFF,
    ),
    Route(
        "/api/estate/scenarios.csv",
        "scenarios_csv",
        "Saved scenarios side by side, as CSV",
        "The same measures of each scenario before and after; empty where one is not known or not "
        f"asked for. Columns: {', '.join(_COLUMNS)}.",
        schema="scenarios_rows",
        example="/api/estate/scenarios.csv",
        media_type=CSV,
        parameters=_SCENARIO,
        audience=Audience.STAFF,
    ),
)
SCENARIO_SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "scenarios": object_of(
            {
                "scenarios": list_of(
                    object_of(
                        {
                            "scenario_id": text("The scenario"),
                            "name": text("Its name"),
                            "note": text("What was noted of it"),
                            "page": text("Address of its page"),
                            "problem": {
                                "type": ["string", "null"],
                                "description": "Why it can no longer be reckoned; null: it can",
                            },
                            "figures": {
                                "type": ["object", "null"],
                                "description": "What it changes, as its own address in the API "
                                "has it; null where it can no longer be reckoned",
                            },
                        }
                    )
                ),
                "notes": list_of(text("In what the scenarios ask for different things")),
            }
        ),
        "scenarios_rows": text(
            "A row a scenario and measure, as CSV in UTF-8 with one header row.",
            **{"x-columns": [{"name": name, "type": "string"} for name in _COLUMNS]},
        ),
    }
)
