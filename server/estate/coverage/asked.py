"""What an address asks of coverage: which service, on which day, how near is near."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

import geopandas as gpd

from geo.route import ROUTE_FACTOR
from layers.answer import version_of
from layers.audience import Audience
from layers.errors import BadQuery
from layers.estate import estate_on
from layers.query import interval_value, single_value
from layers.ways import roads_held, travel_times_held, ways_version
from server.access import current_audience
from server.estate.coverage.access import PARAMS as ACCESS_PARAMS
from server.estate.coverage.access import AccessBy, access_by
from server.estate.coverage.service import ENQUIRY_OFFICE, RESPONSE_BASE, SERVICES, Service
from server.services import services

SITES: Final = "sites"
DISTANCES_M: Final = (2000, 5000, 10_000)
MINUTES: Final = (10, 20, 30)
URBAN_KMH: Final = 30.0
RURAL_KMH: Final = 60.0
MOST_THRESHOLDS: Final = 4
LARGEST_DISTANCE_M: Final = 100_000
LARGEST_MINUTES: Final = 240
PARAMS: Final = (
    "service",
    "as_of",
    "distance_m",
    "minutes",
    "by",
    "route_factor",
    "urban_kmh",
    "rural_kmh",
    *ACCESS_PARAMS,
)

Pair = tuple[str, str]
By = Literal["straight", "roads", "table"]


@dataclass(frozen=True, slots=True)
class Ways:
    """How ways are measured.

    Straight lines are longer by a factor, at the speed of a setting. ``roads`` are those that are
    held, with their speeds. A ``table`` gives minutes alone: distances stay straight lines.
    """

    by: By = "straight"
    route_factor: float = ROUTE_FACTOR
    urban_kmh: float = URBAN_KMH
    rural_kmh: float = RURAL_KMH


@dataclass(frozen=True, slots=True, eq=False)
class _Estate:
    sites: gpd.GeoDataFrame

    @property
    def rows(self) -> int:
        return len(self.sites)


@dataclass(frozen=True, slots=True)
class Usual:
    """What a page asks for where its address does not say."""

    service_id: str = ENQUIRY_OFFICE
    minutes: tuple[int, ...] = MINUTES


@dataclass(frozen=True, slots=True)
class Asked:
    """Coverage of one service on a day: distances along the way in metres, and minutes."""

    audience: Audience
    as_of: date
    service_id: str = ENQUIRY_OFFICE
    distances_m: tuple[int, ...] = DISTANCES_M
    minutes: tuple[int, ...] = MINUTES
    ways: Ways = field(default_factory=Ways)
    access: AccessBy = field(default_factory=AccessBy)

    @property
    def service(self) -> Service:
        """The service that is asked for."""
        return SERVICES[self.service_id]

    def params(self) -> list[Pair]:
        """What is asked as address parameters, defaults written out."""
        return [
            ("service", self.service_id),
            ("as_of", self.as_of.isoformat()),
            *(("distance_m", str(distance_m)) for distance_m in self.distances_m),
            *(("minutes", str(minutes)) for minutes in self.minutes),
            ("by", self.ways.by),
            ("route_factor", f"{self.ways.route_factor:g}"),
            ("urban_kmh", f"{self.ways.urban_kmh:g}"),
            ("rural_kmh", f"{self.ways.rural_kmh:g}"),
            *self.access.params(),
        ]

    def sites(self) -> gpd.GeoDataFrame:
        """The estate of the day, as the audience may know it. Make a copy to change it."""
        have = services()
        return have.workspace.remembered(
            ("estate on", self.as_of, self.audience),
            self.version(),
            lambda: _Estate(estate_on(have.workspace, self.as_of, self.audience, have.today)),
        ).sites

    def version(self) -> str:
        """Changes whenever an answer may."""
        have = services()
        sites = version_of(have.registry.get(SITES), have.workspace, have.today)
        return f"{sites}/{ways_version(have.workspace)}"


BY: Final[tuple[By, ...]] = get_args(By)
_NEEDED: Final = {
    "roads": ("a file of roads", "roads"),
    "table": ("a table of travel times", "travel-times"),
}
USUAL: Final = Usual()
"""What the page of coverage shows at first: the enquiry desks."""
RESPONSE: Final = Usual(RESPONSE_BASE, (15, 120))
"""What the page of response shows at first: its targets are 15 minutes for calls of grade 1, and
two hours for those of grade 2."""


def asked(
    params: Mapping[str, list[str]], usual: Usual = USUAL, audience: Audience | None = None
) -> Asked:
    """Read address parameters, for an audience; for whoever asks unless it is given.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    for name in params:
        if name not in PARAMS:
            raise BadQuery(f"Coverage can be asked for by {', '.join(PARAMS)}; given {name!r}.")
    day = interval_value(params, "as_of")
    return Asked(
        audience=audience or current_audience(),
        as_of=day.date_to if day else services().today,
        service_id=_service(params, usual.service_id),
        distances_m=_thresholds(params, "distance_m", "metres", LARGEST_DISTANCE_M) or DISTANCES_M,
        minutes=_thresholds(params, "minutes", "minutes", LARGEST_MINUTES) or usual.minutes,
        ways=Ways(
            _by(params),
            number_value(params, "route_factor", ROUTE_FACTOR, 1, 3),
            number_value(params, "urban_kmh", URBAN_KMH, 1, 200),
            number_value(params, "rural_kmh", RURAL_KMH, 1, 200),
        ),
        access=access_by(params),
    )


def ways_held() -> tuple[By, ...]:
    """How ways can be measured with what the workspace holds; straight lines always can."""
    workspace = services().workspace
    held = {"roads": roads_held(workspace), "table": travel_times_held(workspace)}
    return tuple(by for by in BY if by not in held or held[by] is not None)


def _by(params: Mapping[str, list[str]]) -> By:
    given = single_value(params, "by") or "straight"
    by = next((by for by in BY if by == given), None)
    if by is None:
        raise BadQuery(f"by must be one of {', '.join(BY)}; given {given[:20]!r}.")
    if by not in ways_held():
        raise BadQuery(
            f"by={by} needs {_NEEDED[by][0]}, and none that can be read is held. Add it with "
            f"'patchmap boundaries add {_NEEDED[by][1]} FILE', or ask by straight."
        )
    return by


def _service(params: Mapping[str, list[str]], usual: str) -> str:
    given = single_value(params, "service") or usual
    if given not in SERVICES:
        raise BadQuery(f"service must be one of {', '.join(SERVICES)}; given {given!r}.")
    return given


def _thresholds(
    params: Mapping[str, list[str]], name: str, unit: str, largest: int
) -> tuple[int, ...]:
    given = [value.strip() for value in params.get(name, ()) if value.strip()]
    fits = [
        value.isascii()
        and value.isdecimal()
        and len(value) <= len(str(largest))
        and 1 <= int(value) <= largest
        for value in given
    ]
    if not all(fits):
        bad = given[fits.index(False)]
        raise BadQuery(
            f"{name} must be a whole number of {unit} from 1 to {largest}; given {bad[:20]!r}."
        )
    found = tuple(sorted({int(value) for value in given}))
    if len(found) > MOST_THRESHOLDS:
        raise BadQuery(
            f"{name} can be given {MOST_THRESHOLDS} times at most; given {len(found)} times."
        )
    return found


def number_value(
    params: Mapping[str, Sequence[str]], name: str, default: float, lowest: float, highest: float
) -> float:
    """A parameter that is a number.

    Raises:
        BadQuery: it is none, or beyond the bounds.
    """
    text = single_value(params, name)
    try:
        number = float(text) if text else default
    except ValueError:
        number = math.nan
    if not lowest <= number <= highest:
        raise BadQuery(f"{name} must be a number from {lowest:g} to {highest:g}; given {text!r}.")
    return number
