"""Hot spots of recorded crime in the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, get_args

from geo.cell_hotspots import Measure
from geo.hotspots import RATES, Method
from layers.crime import CELL_SIZES_M
from server.crime.asked import KINDS
from server.crime.hot_spots_asked import CELL_M, MEASURE, MEASURES, RATE
from server.crime.hot_spots_view import SPEC
from server.openapi_coverage import one_param, records, table
from server.openapi_crime import MONTH_PARAMETERS
from server.openapi_route import Route
from server.openapi_schemas import Schema, count, list_of, object_of, ref, text

_PATH: Final = "/api/crime/hot-spots"
_ASKED: Final[dict[str, Any]] = {
    "parameters": (
        *MONTH_PARAMETERS,
        one_param(CELL_M, "Width of a hexagon in metres.", tuple(map(str, CELL_SIZES_M))),
        one_param(
            RATE,
            "The false discovery rate at which cells are named.",
            tuple(f"{rate:g}" for rate in RATES),
        ),
        one_param(MEASURE, "What of a cell is tested; without it, the square root.", MEASURES),
    )
}
_TITLE: Final = "Hot and cold cells of recorded crime"
HOT_SPOTS_ROUTES: Final = (
    Route(
        _PATH,
        "hot_spots",
        "Hot spots of recorded crime",
        "Clusters of hexagons that with those around them hold more, or less, than chance gives, "
        "and every decision by which they were found.",
        schema="hot_spots",
        example=f"{_PATH}?type=burglary&from=2022-01&to=2022-10",
        **_ASKED,
    ),
    records(_PATH, "hot_spots", _TITLE, "The cells named, at their outlines.", SPEC, **_ASKED),
    table(_PATH, "hot_spots", _TITLE, SPEC, **_ASKED),
)


def _number(description: str) -> dict[str, Any]:
    return {"type": "number", "description": description}


def _flag(description: str) -> dict[str, Any]:
    return {"type": "boolean", "description": description}


_DECISIONS: Final = object_of(
    {
        "grid": text("What a cell is"),
        "cell_m": _number("Width of a cell in metres"),
        "cell_area_m2": _number("Its area in square metres"),
        "least_share": _number("From which part within the force area on a cell is kept"),
        "cells": count("Cells tested"),
        "cells_at_edge": count("Of them those that lie partly outside"),
        "left_out_m2": _number("Ground of the force area in no cell kept"),
        "events": _number("Records in the cells"),
        "left_out_events": _number("Records in no cell kept"),
        "measure": text("What was tested", enum=list(get_args(Measure))),
        "band_m": _number("How far neighbours may be, from centre to centre, in metres"),
        "neighbours_from": count("Fewest neighbours of a cell"),
        "neighbours_to": count("Most neighbours of a cell"),
        "method": text("How chance was found", enum=list(get_args(Method))),
        "permutations": count("How many were made"),
        "seed": count("The seed of them"),
        "least_p": _number("The smallest p-value there can be"),
        "rate": _number("The false discovery rate"),
        "fewest_named": count("Cells that must have that p-value before one is named"),
        "skewness": _number("Skewness of a sum over neighbours if values lay at random"),
        "normal_holds": _flag("Whether the normal distribution would do"),
        "enough": _flag("Whether there are cells and records enough to read anything into it"),
    }
)
HOT_SPOTS_SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "hot_spots": object_of(
            {
                "type": text("The type of crime", enum=list(KINDS)),
                "query": list_of(ref("pair")),
                "caption": list_of(text("A sentence that says what was found or left out")),
                "method": list_of(text("A decision in words")),
                "months": list_of(text("A month that is counted")),
                "decisions": {
                    "anyOf": [_DECISIONS, {"type": "null"}],
                    "description": "Null where no month is held",
                },
                "clusters": list_of(
                    object_of(
                        {
                            "name": text("The settlement nearest to its strongest cell"),
                            "distance_m": count("How far that is, in metres"),
                            "hot": _flag("Whether its cells are hot, not cold"),
                            "cells": count("Cells that touch"),
                            "records": count("Records in them"),
                            "score": _number("Gi* of the strongest, in standard deviations"),
                        }
                    )
                ),
            }
        )
    }
)
