"""What an address asks of siting: how many sites, of which candidates, best in which sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from boundaries.place import Place
from geo.siting import Problem
from layers.audience import Audience
from layers.errors import BadQuery
from layers.query import single_value
from server.estate.coverage.access import PARAMS as ACCESS_PARAMS
from server.estate.coverage.asked import PARAMS as COVERAGE_PARAMS
from server.estate.coverage.asked import Asked as Coverage
from server.estate.coverage.asked import asked as coverage_asked
from server.estate.growth import PARAMS as GROWTH_PARAMS
from server.estate.growth import Growth, growth_of
from server.points import name_of, points_named

PROBLEMS: Final[Mapping[str, Problem]] = MappingProxyType(
    {
        "maximal-covering": "maximal covering",
        "p-median": "p-median",
        "p-centre": "p-centre",
        "location-set-covering": "location set covering",
    }
)
SOURCES: Final = ("settlements", "wards", "own")
DEFAULT_SOURCES: Final = ("settlements",)
MOST_SITES: Final = 10
WITHIN_M: Final = (2000, 3000, 5000, 8000, 10_000, 15_000)
DEFAULT_WITHIN_M: Final = 5000
PROBLEM, NUMBER, WITHIN, KEEP = "problem", "p", "within_m", "keep"
CANDIDATES, REQUIRED, EXCLUDED = "candidates", "requires", "excludes"
KEEP_EXISTING, START_ANEW = "existing", "none"
PARAMS: Final = (
    *(PROBLEM, NUMBER, WITHIN, KEEP, CANDIDATES, REQUIRED, EXCLUDED),
    *GROWTH_PARAMS,
)
LEFT_OUT: Final = ("distance_m", "minutes", *ACCESS_PARAMS)
"""Parameters of coverage that siting does without: it has one distance, ``within_m``, no access."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Where ``p`` sites that give a service should be.

    ``within_m`` is along the way. With ``keeps_existing`` the sites that surely give the service
    stay, and the new ones come beside them. ``required`` and ``excluded`` are candidates; the
    residents of the planned homes of ``growth`` are to be served as well.
    """

    coverage: Coverage
    problem: Problem = "maximal covering"
    p: int = 3
    within_m: int = DEFAULT_WITHIN_M
    keeps_existing: bool = True
    sources: tuple[str, ...] = DEFAULT_SOURCES
    required: tuple[Place, ...] = ()
    excluded: tuple[Place, ...] = ()
    growth: Growth = field(default_factory=Growth)

    def params(self) -> list[Pair]:
        """What is asked as address parameters, defaults written out."""
        slug = next(slug for slug, problem in PROBLEMS.items() if problem == self.problem)
        return [
            *(pair for pair in self.coverage.params() if pair[0] not in LEFT_OUT),
            (PROBLEM, slug),
            (NUMBER, str(self.p)),
            (WITHIN, str(self.within_m)),
            (KEEP, KEEP_EXISTING if self.keeps_existing else START_ANEW),
            *((CANDIDATES, source) for source in self.sources),
            *((REQUIRED, name_of(place)) for place in self.required),
            *((EXCLUDED, name_of(place)) for place in self.excluded),
            *self.growth.params(),
        ]


def asked(params: Mapping[str, list[str]]) -> Asked:
    """Read address parameters.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    known = (*(name for name in COVERAGE_PARAMS if name not in LEFT_OUT), *PARAMS)
    for name in params:
        if name not in known:
            raise BadQuery(f"Siting can be asked for by {', '.join(known)}; given {name!r}.")
    coverage = coverage_asked({name: params[name] for name in params if name not in PARAMS})
    if coverage.ways.by == "table":
        raise BadQuery(
            "A table of travel times knows no minutes to candidate places, so sites cannot be "
            "sought by it. Ask by straight, or by roads where they are held."
        )
    required, excluded = (_places(params, name) for name in (REQUIRED, EXCLUDED))
    p = int(_choice(params, NUMBER, [str(number) for number in range(1, MOST_SITES + 1)], "3"))
    both = next((place for place in required if place in excluded), None)
    if both:
        raise BadQuery(f"{both.label} cannot be required and excluded. Remove it from one.")
    if len(required) > p:
        raise BadQuery(f"{len(required)} places are required and {p} sites open. Ask for more.")
    return Asked(
        coverage,
        PROBLEMS[_choice(params, PROBLEM, list(PROBLEMS), "maximal-covering")],
        p,
        int(_choice(params, WITHIN, [str(each) for each in WITHIN_M], str(DEFAULT_WITHIN_M))),
        _choice(params, KEEP, [KEEP_EXISTING, START_ANEW], KEEP_EXISTING) == KEEP_EXISTING,
        _sources(params),
        required,
        excluded,
        growth_of(params),
    )


def _choice(params: Mapping[str, list[str]], name: str, offered: list[str], default: str) -> str:
    given = single_value(params, name) or default
    if given not in offered:
        raise BadQuery(f"{name} must be one of {', '.join(offered)}; given {given!r}.")
    return given


def _sources(params: Mapping[str, list[str]]) -> tuple[str, ...]:
    given = [text.strip() for text in params.get(CANDIDATES, ()) if text.strip()]
    for source in given:
        if source not in SOURCES:
            raise BadQuery(f"{CANDIDATES} must be one of {', '.join(SOURCES)}; given {source!r}.")
    return tuple(source for source in SOURCES if source in given) or DEFAULT_SOURCES


def _places(params: Mapping[str, list[str]], name: str) -> tuple[Place, ...]:
    texts = dict.fromkeys(text.strip() for text in params.get(name, ()) if text.strip())
    return tuple(points_named(text, name, Audience.STAFF)[0] for text in texts)
