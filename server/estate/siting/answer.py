"""The best places for new sites, what they do for whom, and which other choice comes close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from boundaries.place import Place
from boundaries.small_areas import SmallAreas
from geo.siting import (
    SitingTask,
    location_set_covering,
    maximal_covering,
    p_centre,
    p_median,
)
from geo.siting_compare import RunnerUp, runner_up, trade_off
from geo.siting_task import NoSites, Siting
from layers.candidates import places_of
from layers.errors import BadQuery
from layers.programme import PROGRAMME
from server.estate.coverage.account import ways_to
from server.estate.coverage.service import ServiceSites, sites_giving
from server.estate.siting.asked import EXCLUDED, REQUIRED, Asked
from server.points import metres_of
from server.services import services

TIME_LIMIT_S: Final = 20.0
TIME_LIMIT_EACH_S: Final = 5.0
SAME_PLACE_M: Final = 300.0
"""A required or excluded place is the candidate that lies so near to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Existing sites first, then the candidates; ``points_m`` in EPSG:27700, a row each."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    points_m: npt.NDArray[np.float64]
    existing: int

    @property
    def number(self) -> int:
        """How many candidates there are."""
        return len(self.names) - self.existing


@dataclass(frozen=True, slots=True, eq=False)
class Where:
    """The best choice and what is beside it.

    ``now`` is what the existing sites do alone, None without any. ``curve`` has the best choice of
    each number of sites; it is empty for a location set covering, which settles the number.
    """

    asked: Asked
    areas: SmallAreas
    sites: ServiceSites
    candidates: Candidates
    task: SitingTask
    best: Siting
    second: RunnerUp
    curve: tuple[Siting, ...]

    @property
    def rows(self) -> int:
        """For how much memory it counts: its small areas, by what it is reckoned from."""
        return len(self.areas.codes)


def where_next(asked: Asked) -> Where:
    """The answer to what is asked, made once as long as nothing of it changes.

    Raises:
        BadQuery: no candidate is held, or no choice keeps the rules.
    """
    return services().workspace.remembered(
        ("where next", asked), version_of(asked), lambda: _where(asked)
    )


def version_of(asked: Asked) -> str:
    """Changes whenever an answer may: with the estate, and with the office's own list of places."""
    return f"{asked.coverage.version()}/{services().workspace.store.version(PROGRAMME)}"


def _where(asked: Asked) -> Where:
    areas = asked.growth.areas()
    sites = sites_giving(asked.coverage.service, asked.coverage.sites())
    candidates = _candidates(asked, sites)
    metres, _ = ways_to(areas, candidates.points_m, asked.coverage.ways)
    if not candidates.number:
        raise BadQuery("No candidate place is held. Choose settlements or wards, or import a list.")
    if not areas.residents.sum():
        raise BadQuery("No small area with residents is held, so nothing can be sited.")
    task = SitingTask(
        metres,
        areas.residents.astype(np.float64),
        existing=tuple(range(candidates.existing)),
        required=_numbers(asked.required, candidates, REQUIRED),
        excluded=_numbers(asked.excluded, candidates, EXCLUDED),
    )
    try:
        best = _best(task, asked)
        second = runner_up(task, best, TIME_LIMIT_EACH_S)
        curve = _curve(task, asked)
    except NoSites as error:
        raise BadQuery(str(error)) from error
    return Where(asked, areas, sites, candidates, task, best, second, curve)


def _candidates(asked: Asked, sites: ServiceSites) -> Candidates:
    """The existing sites, where they stay, and the candidates that are not where they are."""
    places = places_of(services().workspace, asked.sources)
    kept = sites.points_m[sites.sure] if asked.keeps_existing else np.empty((0, 2))
    names = [name for name, sure in zip(sites.names, sites.sure, strict=True) if sure]
    beside = places.without(kept)
    return Candidates(
        (*(names if len(kept) else ()), *beside.names),
        (*("site" for _ in kept), *beside.kinds),
        np.vstack((kept, beside.points_m)),
        len(kept),
    )


def _numbers(places: tuple[Place, ...], candidates: Candidates, param: str) -> tuple[int, ...]:
    found = []
    for place in places:
        apart = np.hypot(*(candidates.points_m - np.array(metres_of(place))).T)
        apart[: candidates.existing] = np.inf
        nearest = int(apart.argmin()) if len(apart) else -1
        if nearest < 0 or apart[nearest] > SAME_PLACE_M:
            raise BadQuery(
                f"{param} must name one of the candidate places; {place.label} is none of them."
            )
        found.append(nearest)
    return tuple(dict.fromkeys(found))


def _best(task: SitingTask, asked: Asked) -> Siting:
    p = min(asked.p, len(task.required) + len(task.free))
    match asked.problem:
        case "p-median":
            return p_median(task, p, asked.within_m, TIME_LIMIT_S)
        case "p-centre":
            return p_centre(task, p, asked.within_m, TIME_LIMIT_S)
        case "location set covering":
            return location_set_covering(task, asked.within_m, TIME_LIMIT_S)
        case _:
            return maximal_covering(task, p, asked.within_m, TIME_LIMIT_S)


def _curve(task: SitingTask, asked: Asked) -> tuple[Siting, ...]:
    if asked.problem == "location set covering":
        return ()
    most = max(asked.p, 6)
    return trade_off(task, asked.problem, most, asked.within_m, TIME_LIMIT_EACH_S)
