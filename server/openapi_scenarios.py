"""Scenarios and where to go next, for staff, in the description of the API."""

from __future__ import annotations

from typing import Any, Final

from layers.audience import Audience
from layers.site_schema import ACCESS
from layers.spec import LayerSpec
from server.estate.coverage.bands import BANDS
from server.estate.growth import (
    HOMES,
    HOMES_AT,
    HOMES_NUMBER,
    MOST_PEOPLE,
    PEOPLE_A_HOME,
    USUAL_PEOPLE,
)
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
    HOURS,
    HOURS_SITE,
    HOURS_TO,
    MOVE,
    MOVE_SITE,
    MOVE_TO,
    NEW_HOURS,
    OPEN,
)
from server.estate.what_if.views import CHANGED_SITES, MOVED_AREAS
from server.openapi_coverage import (
    COVERAGE,
    DAY,
    PLACE_WORDS,
    SERVICE,
    WAYS,
    number_param,
    one_param,
    records,
    table,
    text_param,
)
from server.openapi_route import CSV, Route

CHANGE_SPECS: Final[tuple[LayerSpec, ...]] = (MOVED_AREAS, CHANGED_SITES, PLACES)
"""What is answered as records of scenarios and sitings to staff."""

HOURS_WORDS: Final = "as OpenStreetMap writes them"
_GROWTH: Final = (
    text_param(HOMES, "Planned homes: a place, a colon and how many."),
    text_param(HOMES_AT, f"Where homes are planned, {PLACE_WORDS}.", repeatable=False),
    text_param(HOMES_NUMBER, "How many homes, with homes_at.", repeatable=False),
    number_param(
        PEOPLE_A_HOME, f"People in a home; without it, {USUAL_PEOPLE:g}.", 0.1, MOST_PEOPLE
    ),
)
_WHAT_IF: Final = (
    text_param(CLOSE, "A site that closes, by its id."),
    text_param(OPEN, f"A place where a site opens, {PLACE_WORDS}."),
    text_param(MOVE, "A site that moves: its id, a colon and a place."),
    text_param(ACCESS_PARAM, "A site that changes its access: its id, a colon, the access."),
    text_param(MOVE_SITE, "A site that moves, by its id, with move_to.", repeatable=False),
    text_param(MOVE_TO, f"The place to which it moves, {PLACE_WORDS}.", repeatable=False),
    text_param(ACCESS_SITE, "A site whose access changes, with access_to.", repeatable=False),
    one_param(ACCESS_TO, "The public access that it gets.", ACCESS),
    text_param(HOURS, "A site that changes its hours: its id, a colon, the hours."),
    text_param(HOURS_SITE, "A site whose hours change, with hours_to.", repeatable=False),
    text_param(HOURS_TO, f"The hours that it gets, {HOURS_WORDS}.", repeatable=False),
    text_param(NEW_HOURS, f"Hours of sites that open, {HOURS_WORDS}.", repeatable=False),
    *_GROWTH,
    *COVERAGE,
)
_SITING: Final = (
    one_param(PROBLEM, "What is best; without it, maximal-covering.", tuple(PROBLEMS)),
    one_param(NUMBER, "New sites; without it, 3.", tuple(map(str, range(1, MOST_SITES + 1)))),
    one_param(
        WITHIN,
        f"The distance along the way in metres; without it, {DEFAULT_WITHIN_M}.",
        tuple(map(str, WITHIN_M)),
    ),
    one_param(KEEP, "Whether existing sites stay, as without it.", (KEEP_EXISTING, START_ANEW)),
    one_param(CANDIDATES, "The places to choose from.", SOURCES, repeatable=True),
    text_param(REQUIRED, f"A place that must be chosen, {PLACE_WORDS}."),
    text_param(EXCLUDED, f"A place that must not be chosen, {PLACE_WORDS}."),
    *_GROWTH,
    SERVICE,
    DAY,
    *WAYS,
)


_W, _S, _SAVED = "/api/estate/what-if", "/api/estate/siting", "/api/estate/scenarios"
_OF_STAFF: Final[dict[str, Any]] = {"parameters": _WHAT_IF, "audience": Audience.STAFF}
_SITED: Final[dict[str, Any]] = {"parameters": _SITING, "audience": Audience.STAFF}
_CHOSEN: Final[dict[str, Any]] = {
    "parameters": (text_param("scenario", "A saved scenario, by its id; without it, all."),),
    "audience": Audience.STAFF,
}
CHANGE_ROUTES: Final = (
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
    table(_W, "what_if", "Small areas whose way changes", MOVED_AREAS, **_OF_STAFF),
    records(
        f"{_W}/bands",
        "what_if_bands",
        "Ground by distance after the changes",
        "The ground by its distance from the nearest site.",
        BANDS,
        **_OF_STAFF,
    ),
    records(
        f"{_W}/areas",
        "what_if_areas",
        "Small areas whose way changes",
        "The small areas that have a shorter or a longer way than before.",
        MOVED_AREAS,
        **_OF_STAFF,
    ),
    records(
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
    records(
        _S,
        "siting",
        "Places for sites",
        "The places of the best and of the next best choice, and the sites that stay.",
        PLACES,
        **_SITED,
    ),
    table(_S, "siting", "Places for sites", PLACES, **_SITED),
    Route(
        _SAVED,
        "scenarios",
        "Saved scenarios",
        "Scenarios that were saved, each with what it changes, or why it cannot be reckoned.",
        schema="scenarios",
        example=_SAVED,
        **_CHOSEN,
    ),
    Route(
        f"{_SAVED}.csv",
        "scenarios_csv",
        "Saved scenarios side by side, as CSV",
        "A row a scenario and measure in UTF-8 with one header row. Columns: scenario_id, name, "
        "measure, before, after.",
        schema="scenarios_rows",
        example=f"{_SAVED}.csv",
        media_type=CSV,
        **_CHOSEN,
    ),
)
