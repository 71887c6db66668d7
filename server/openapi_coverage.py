"""Who is served, what a change would do and where to go next, in the description of the API."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, get_args

from layers.place_search import LONGEST_TEXT
from layers.spec import LayerSpec, Option
from server.api import GEOJSON
from server.estate.coverage.access import CAPACITIES, CAPACITY, CATCHMENT, CATCHMENTS
from server.estate.coverage.asked import (
    DISTANCES_M,
    LARGEST_DISTANCE_M,
    LARGEST_MINUTES,
    MINUTES,
    MOST_THRESHOLDS,
    RURAL_KMH,
    URBAN_KMH,
    By,
)
from server.estate.coverage.bands import BANDS
from server.estate.coverage.service import ENQUIRY_OFFICE, SERVICES
from server.estate.coverage.views import AREAS, SITES
from server.openapi_parameters import AS_OF, Parameter
from server.openapi_route import CSV, Route

COVERAGE_SPECS: Final[tuple[LayerSpec, ...]] = (AREAS, BANDS, SITES)
"""What is answered as records of coverage to everybody."""


def number_param(name: str, meaning: str, lowest: float, highest: float) -> Parameter:
    """One that is a number within bounds."""
    schema = MappingProxyType({"type": "number", "minimum": lowest, "maximum": highest})
    return Parameter(name, meaning, f"a number from {lowest:g} to {highest:g}", schema)


def _thresholds(name: str, meaning: str, largest: int, usual: tuple[int, ...]) -> Parameter:
    schema = MappingProxyType({"type": "integer", "minimum": 1, "maximum": largest})
    said = f"{meaning} At most {MOST_THRESHOLDS}; without it, {', '.join(map(str, usual))}."
    return Parameter(name, said, f"a whole number from 1 to {largest}", schema, repeatable=True)


def text_param(
    name: str, meaning: str, *, repeatable: bool = True, required: bool = False
) -> Parameter:
    """One that is a short text."""
    schema = MappingProxyType({"type": "string", "maxLength": LONGEST_TEXT})
    words = f"text of at most {LONGEST_TEXT} characters"
    return Parameter(name, meaning, words, schema, repeatable=repeatable, required=required)


def one_param(
    name: str, meaning: str, values: tuple[str, ...], *, repeatable: bool = False
) -> Parameter:
    """One that is a value of several."""
    options = tuple(Option(value, value) for value in values)
    return Parameter(name, meaning, options=options, repeatable=repeatable)


PLACE_WORDS: Final = "by its whole name, or a latitude and a longitude"
SERVICE: Final = Parameter(
    "service",
    f"What a site must give to count; without it, {ENQUIRY_OFFICE}.",
    options=tuple(Option(service.id, service.title) for service in SERVICES.values()),
)
WAYS: Final = (
    Parameter(
        "by",
        "How ways are found: straight lines with a factor, as without it, or what the workspace "
        "holds of roads or travel times.",
        f"one of {', '.join(get_args(By))}; the last two where the workspace holds them",
    ),
    number_param("route_factor", "How much longer a road is than the straight line.", 1, 3),
    number_param("urban_kmh", f"Speed from urban areas; without it, {URBAN_KMH:g}.", 1, 200),
    number_param("rural_kmh", f"Speed from rural areas; without it, {RURAL_KMH:g}.", 1, 200),
)
DAY: Final = replace(AS_OF, meaning="The estate as it was on this day; today without it.")
COVERAGE: Final = (
    SERVICE,
    DAY,
    _thresholds(
        "distance_m", "A distance along the way in metres.", LARGEST_DISTANCE_M, DISTANCES_M
    ),
    _thresholds("minutes", "A time on the way in minutes.", LARGEST_MINUTES, MINUTES),
    *WAYS,
    one_param(CATCHMENT, "The floating catchment of access; without it, enhanced.", CATCHMENTS),
    one_param(
        CAPACITY, "What residents share of a site; without it, each site is one.", CAPACITIES
    ),
)


def records(path: str, stem: str, title: str, says: str, spec: LayerSpec, **more: Any) -> Route:
    """A route that gives rows as GeoJSON."""
    return Route(
        f"{path}.geojson",
        f"{stem}_geojson",
        f"{title}, as GeoJSON",
        says,
        schema=f"{spec.id}_features",
        example=f"{path}.geojson",
        media_type=GEOJSON,
        **more,
    )


def table(path: str, stem: str, title: str, spec: LayerSpec, **more: Any) -> Route:
    """The same rows as CSV."""
    return Route(
        f"{path}.csv",
        f"{stem}_csv",
        f"{title}, as CSV",
        "The same as a table in UTF-8 with one header row.",
        schema=f"{spec.id}_rows",
        example=f"{path}.csv",
        media_type=CSV,
        **more,
    )


_C: Final = "/api/estate/coverage"
COVERAGE_ROUTES: Final = (
    Route(
        _C,
        "coverage",
        "Who lives how near to a police site",
        "Residents within and outside each distance and number of minutes from the nearest site "
        "that gives a service: in all, by NPA, and by district, deprivation and rural or urban "
        "setting. Within and outside add up to the residents. Where no small area is held, they "
        "are null, which is not none.",
        schema="coverage_figures",
        example=f"{_C}?distance_m=5000&service=front-enquiry-office&as_of=2024-06-30",
        parameters=COVERAGE,
    ),
    records(
        _C,
        "coverage",
        "Small areas by distance",
        "Each small area at its point with its nearest site.",
        AREAS,
        parameters=COVERAGE,
    ),
    table(_C, "coverage", "Small areas by distance", AREAS, parameters=COVERAGE),
    records(
        f"{_C}/bands",
        "coverage_bands",
        "Ground by distance",
        "The ground by its distance from the nearest site.",
        BANDS,
        parameters=COVERAGE,
    ),
    records(
        f"{_C}/sites",
        "coverage_sites",
        "Sites that are counted",
        "The sites that give the service, surely or possibly.",
        SITES,
        parameters=COVERAGE,
    ),
    Route(
        "/api/estate/nearest",
        "nearest",
        "The nearest police bases",
        "The bases nearest to a place at which one can call in or book, and those nearer of which "
        "it is not known.",
        schema="nearest",
        example="/api/estate/nearest?place={place}",
        parameters=(
            text_param("place", f"A place, {PLACE_WORDS}.", repeatable=False, required=True),
        ),
    ),
)
