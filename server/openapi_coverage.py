"""Who is served, what a change would do and where to go next, in the description of the API."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from layers.audience import Audience
from layers.place_search import LONGEST_TEXT
from layers.site_schema import ACCESS
from layers.spec import LayerSpec, Option
from server.api import GEOJSON
from server.estate.coverage.asked import (
    DISTANCES_M,
    LARGEST_DISTANCE_M,
    LARGEST_MINUTES,
    MINUTES,
    MOST_THRESHOLDS,
    RURAL_KMH,
    URBAN_KMH,
)
from server.estate.coverage.bands import BANDS
from server.estate.coverage.service import ENQUIRY_OFFICE, SERVICES
from server.estate.coverage.views import AREAS, SITES
from server.estate.siting.asked import (
    CANDIDATES,
    DEFAULT_WITHIN_M,
    EXCLUDED,
    KEEP,
    KEEP_EXISTING,
    MOST_SITES,
    NUMBER,
    PROBLEM,
    PROBLEMS,
    REQUIRED,
    SOURCES,
    START_ANEW,
    WITHIN,
    WITHIN_M,
)
from server.estate.siting.views import PLACES
from server.estate.what_if.scenario import (
    ACCESS_PARAM,
    ACCESS_SITE,
    ACCESS_TO,
    CLOSE,
    MOVE,
    MOVE_SITE,
    MOVE_TO,
    OPEN,
)
from server.estate.what_if.views import CHANGED_SITES, MOVED_AREAS
from server.openapi_parameters import AS_OF, Parameter
from server.openapi_route import CSV, Route

COVERAGE_SPECS: Final[tuple[LayerSpec, ...]] = (AREAS, BANDS, SITES)
"""What is answered as records of coverage to everybody."""
CHANGE_SPECS: Final[tuple[LayerSpec, ...]] = (MOVED_AREAS, CHANGED_SITES, PLACES)
"""What is answered as records of scenarios and sitings to staff."""


def _number(name: str, meaning: str, lowest: float, highest: float) -> Parameter:
    schema = MappingProxyType({"type": "number", "minimum": lowest, "maximum": highest})
    return Parameter(name, meaning, f"a number from {lowest:g} to {highest:g}", schema)


def _thresholds(name: str, meaning: str, largest: int, usual: tuple[int, ...]) -> Parameter:
    schema = MappingProxyType({"type": "integer", "minimum": 1, "maximum": largest})
    said = f"{meaning} At most {MOST_THRESHOLDS}; without it, {', '.join(map(str, usual))}."
    return Parameter(name, said, f"a whole number from 1 to {largest}", schema, repeatable=True)


def _text(name: str, meaning: str, *, repeatable: bool = True, required: bool = False) -> Parameter:
    schema = MappingProxyType({"type": "string", "maxLength": LONGEST_TEXT})
    words = f"text of at most {LONGEST_TEXT} characters"
    return Parameter(name, meaning, words, schema, repeatable=repeatable, required=required)


def _one(
    name: str, meaning: str, values: tuple[str, ...], *, repeatable: bool = False
) -> Parameter:
    options = tuple(Option(value, value) for value in values)
    return Parameter(name, meaning, options=options, repeatable=repeatable)


_PLACE: Final = "by its whole name, or a latitude and a longitude"
_SERVICE: Final = Parameter(
    "service",
    f"What a site must give to count; without it, {ENQUIRY_OFFICE}.",
    options=tuple(Option(service.id, service.title) for service in SERVICES.values()),
)
_WAYS: Final = (
    _number("route_factor", "How much longer a road is than the straight line.", 1, 3),
    _number("urban_kmh", f"Speed from urban areas; without it, {URBAN_KMH:g}.", 1, 200),
    _number("rural_kmh", f"Speed from rural areas; without it, {RURAL_KMH:g}.", 1, 200),
)
_DAY: Final = replace(AS_OF, meaning="The estate as it was on this day; today without it.")
_COVERAGE: Final = (
    _SERVICE,
    _DAY,
    _thresholds(
        "distance_m", "A distance along the way in metres.", LARGEST_DISTANCE_M, DISTANCES_M
    ),
    _thresholds("minutes", "A time on the way in minutes.", LARGEST_MINUTES, MINUTES),
    *_WAYS,
)
_WHAT_IF: Final = (
    _text(CLOSE, "A site that closes, by its id."),
    _text(OPEN, f"A place where a site opens, {_PLACE}."),
    _text(MOVE, "A site that moves: its id, a colon and a place."),
    _text(ACCESS_PARAM, "A site whose public access changes: its id, a colon and the access."),
    _text(MOVE_SITE, "A site that moves, by its id, with move_to.", repeatable=False),
    _text(MOVE_TO, f"The place to which it moves, {_PLACE}.", repeatable=False),
    _text(ACCESS_SITE, "A site whose access changes, with access_to.", repeatable=False),
    _one(ACCESS_TO, "The public access that it gets.", ACCESS),
    *_COVERAGE,
)
_SITING: Final = (
    _one(PROBLEM, "What is best; without it, maximal-covering.", tuple(PROBLEMS)),
    _one(NUMBER, "New sites; without it, 3.", tuple(map(str, range(1, MOST_SITES + 1)))),
    _one(
        WITHIN,
        f"The distance along the way in metres; without it, {DEFAULT_WITHIN_M}.",
        tuple(map(str, WITHIN_M)),
    ),
    _one(KEEP, "Whether the sites there are stay, as without it.", (KEEP_EXISTING, START_ANEW)),
    _one(CANDIDATES, "The places to choose from.", SOURCES, repeatable=True),
    _text(REQUIRED, f"A place that must be chosen, {_PLACE}."),
    _text(EXCLUDED, f"A place that must not be chosen, {_PLACE}."),
    _SERVICE,
    _DAY,
    *_WAYS,
)


def _records(path: str, stem: str, title: str, says: str, spec: LayerSpec, **more: Any) -> Route:
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


def _table(path: str, stem: str, title: str, spec: LayerSpec, **more: Any) -> Route:
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


_C, _W, _S = "/api/estate/coverage", "/api/estate/what-if", "/api/estate/siting"
_OF_STAFF: Final[dict[str, Any]] = {"parameters": _WHAT_IF, "audience": Audience.STAFF}
_SITED: Final[dict[str, Any]] = {"parameters": _SITING, "audience": Audience.STAFF}
COVERAGE_ROUTES: Final = (
    Route(
        _C,
        "coverage",
        "Who lives how near to a police site",
        "Residents within and outside each distance and number of minutes from the nearest site "
        "that gives a service: in all, by NPA, and by district, deprivation and rural or urban "
        "setting. Within and outside add up to the residents.",
        schema="coverage_figures",
        example=f"{_C}?distance_m=5000&service=front-enquiry-office&as_of=2024-06-30",
        parameters=_COVERAGE,
    ),
    _records(
        _C,
        "coverage",
        "Small areas by distance",
        "Each small area at its point with its nearest site.",
        AREAS,
        parameters=_COVERAGE,
    ),
    _table(_C, "coverage", "Small areas by distance", AREAS, parameters=_COVERAGE),
    _records(
        f"{_C}/bands",
        "coverage_bands",
        "Ground by distance",
        "The ground by its distance from the nearest site.",
        BANDS,
        parameters=_COVERAGE,
    ),
    _records(
        f"{_C}/sites",
        "coverage_sites",
        "Sites that are counted",
        "The sites that give the service, surely or possibly.",
        SITES,
        parameters=_COVERAGE,
    ),
    Route(
        "/api/estate/nearest",
        "nearest",
        "The nearest police bases",
        "The bases nearest to a place at which one can call in or book, and those nearer of which "
        "it is not known.",
        schema="nearest",
        example="/api/estate/nearest?place={place}",
        parameters=(_text("place", f"A place, {_PLACE}.", repeatable=False, required=True),),
    ),
    Route(
        _W,
        "what_if",
        "What if sites changed",
        "Residents near a site before and after changes of the estate, by area, with those won and "
        "lost; areas without a desk, running cost and floor area.",
        schema="what_if",
        example=f"{_W}?opens={{place}}",
        **_OF_STAFF,
    ),
    _table(_W, "what_if", "Small areas whose way changes", MOVED_AREAS, **_OF_STAFF),
    _records(
        f"{_W}/bands",
        "what_if_bands",
        "Ground by distance after the changes",
        "The ground by its distance from the nearest site.",
        BANDS,
        **_OF_STAFF,
    ),
    _records(
        f"{_W}/areas",
        "what_if_areas",
        "Small areas whose way changes",
        "The small areas that have a shorter or a longer way than before.",
        MOVED_AREAS,
        **_OF_STAFF,
    ),
    _records(
        f"{_W}/sites",
        "what_if_sites",
        "Sites in the scenario",
        "What becomes of each site that gives the service before or after.",
        CHANGED_SITES,
        **_OF_STAFF,
    ),
    Route(
        _S,
        "siting",
        "Where a site would serve most",
        "The best places for new sites, how surely nothing does better, the next best choice, and "
        "what each further site brings.",
        schema="siting_answer",
        example=f"{_S}?p=1",
        **_SITED,
    ),
    _records(
        _S,
        "siting",
        "Places for sites",
        "The places of the best and of the next best choice, and the sites that stay.",
        PLACES,
        **_SITED,
    ),
    _table(_S, "siting", "Places for sites", PLACES, **_SITED),
)
