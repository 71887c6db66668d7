"""What an address asks of the planner: how many days, when, from which places, by which need."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from geo.dates import DateInterval, shift_months
from geo.errors import InvalidDate, InvalidPeriod
from layers.errors import BadQuery
from layers.query import Params, interval_value, single_value
from layers.schema import parse_date

PLAN_PAGE: Final = "/visits/plan"

PARTS: Final[Mapping[str, tuple[str, str, float]]] = {
    "residents": ("Residents", "Each resident counts the same.", 1),
    "deprivation": ("Deprivation", "By the tenth of England the small area is in.", 2),
    "crime": ("Recorded crime", "By its rank, for each resident within a kilometre.", 1),
    "street_safe": ("Street Safe", "By the rank of reports for each resident nearby.", 1),
    "time": ("Time since a visit", "By months since a place near it was visited, 24 at most.", 2),
    "zone": ("People Zone", "Whether the small area lies in one.", 1),
}
"""The parts of need: what each is called, how it is measured, and its weight by default."""

SOURCES: Final[Mapping[str, str]] = {
    "settlements": "Towns and villages",
    "wards": "Wards",
    "own": "The office's own list",
}
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING: Final = WEEKDAYS[:5]

MOST_DAYS: Final = 120
MOST_STOPS: Final = 5
MOST_MONTHS: Final = 24
LARGEST_WEIGHT: Final = 10.0
REACHES_M: Final = (1000, 2000, 3000, 5000)
TRAVELS_M: Final = (4000, 6000, 8000, 10_000)
RESTS: Final = (0, 3, 6, 12)
DEFAULT_DAYS: Final = 39
DEFAULT_STOPS: Final = 3
DEFAULT_REACH_M: Final = 2000
DEFAULT_TRAVEL_M: Final = 6000
DEFAULT_REST: Final = 6
WEIGHT_PARAM: Final = "weight_"

PARAMS: Final = (
    "from",
    "to",
    "days",
    "stops",
    "reach_m",
    "travel_m",
    "rested_months",
    "places",
    "weekday",
    "bank_holidays",
    "without",
    *(f"{WEIGHT_PARAM}{part}" for part in PARTS),
)
_BETWEEN: Final = re.compile(r"[\s,;]+")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reach:
    """How a day is made: stops at most, how far one reaches, how far they lie apart, in metres.

    Small areas within reach of a place visited in the ``rested_months`` before count for nothing.
    """

    stops: int = DEFAULT_STOPS
    reach_m: int = DEFAULT_REACH_M
    travel_m: int = DEFAULT_TRAVEL_M
    rested_months: int = DEFAULT_REST


@dataclass(frozen=True, slots=True)
class Usable:
    """Which dates a day of visits may have."""

    weekdays: tuple[str, ...] = WORKING
    bank_holidays: bool = False
    without: tuple[DateInterval, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """All that is asked of the planner; ``days`` is how many there are to be, fixed ones too."""

    period: DateInterval
    days: int = DEFAULT_DAYS
    reach: Reach = Reach()
    usable: Usable = Usable()
    sources: tuple[str, ...] = ("settlements", "wards")
    weights: tuple[tuple[str, float], ...] = tuple((part, PARTS[part][2]) for part in PARTS)

    @property
    def begins_after(self) -> date:
        """The day before the plan begins, as of which everything is counted."""
        return self.period.date_from - timedelta(days=1)

    def params(self) -> list[Pair]:
        """What is asked as address parameters, defaults written out."""
        reach, usable = self.reach, self.usable
        return [
            ("from", self.period.date_from.isoformat()),
            ("to", self.period.date_to.isoformat()),
            ("days", str(self.days)),
            ("stops", str(reach.stops)),
            ("reach_m", str(reach.reach_m)),
            ("travel_m", str(reach.travel_m)),
            ("rested_months", str(reach.rested_months)),
            *(("places", source) for source in self.sources),
            *(("weekday", day) for day in usable.weekdays),
            ("bank_holidays", "used" if usable.bank_holidays else "left-out"),
            ("without", ", ".join(as_text(interval) for interval in usable.without)),
            *((f"{WEIGHT_PARAM}{part}", f"{weight:g}") for part, weight in self.weights),
        ]


def as_text(interval: DateInterval) -> str:
    """Days that cannot be used, as they are typed."""
    if interval.is_day:
        return interval.date_from.isoformat()
    return f"{interval.date_from}..{interval.date_to}"


def plan_asked(params: Params, today: date) -> PlanAsked:
    """Read address parameters; without a period, the twelve months from the next month's first.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    for name in params:
        if name not in PARAMS:
            raise BadQuery(f"The planner can be asked for by {', '.join(PARAMS)}; given {name!r}.")
    reach = Reach(
        _whole(params, "stops", DEFAULT_STOPS, 1, MOST_STOPS),
        _one_of(params, "reach_m", REACHES_M, DEFAULT_REACH_M),
        _one_of(params, "travel_m", TRAVELS_M, DEFAULT_TRAVEL_M),
        _one_of(params, "rested_months", RESTS, DEFAULT_REST),
    )
    holidays = single_value(params, "bank_holidays") or "left-out"
    if holidays not in ("used", "left-out"):
        raise BadQuery(f"bank_holidays must be used or left-out; given {holidays!r}.")
    usable = Usable(
        _several(params, "weekday", WEEKDAYS, WORKING), holidays == "used", _without(params)
    )
    return PlanAsked(
        _period(params, today),
        _whole(params, "days", DEFAULT_DAYS, 1, MOST_DAYS),
        reach,
        usable,
        _several(params, "places", tuple(SOURCES), ("settlements", "wards")),
        _weights(params),
    )


def _period(params: Params, today: date) -> DateInterval:
    first, last = interval_value(params, "from"), interval_value(params, "to")
    begins = first.date_from if first else shift_months(today.replace(day=1), 1)
    ends = last.date_to if last else DateInterval.months_ending(shift_months(begins, 11), 1).date_to
    try:
        period = DateInterval(begins, ends)
    except InvalidPeriod as error:
        raise BadQuery(str(error)) from error
    if len(period.months()) > MOST_MONTHS:
        raise BadQuery(
            f"A period of at most {MOST_MONTHS} months can be planned; given {begins} to {ends}."
        )
    return period


def _weights(params: Params) -> tuple[tuple[str, float], ...]:
    weights = []
    for part, (_, _, default) in PARTS.items():
        text = single_value(params, f"{WEIGHT_PARAM}{part}")
        try:
            weight = float(text) if text else default
        except ValueError:
            weight = math.nan
        if not 0 <= weight <= LARGEST_WEIGHT:
            raise BadQuery(
                f"{WEIGHT_PARAM}{part} must be a number from 0 to {LARGEST_WEIGHT:g}; "
                f"given {text!r}."
            )
        weights.append((part, weight))
    if not any(weight for _, weight in weights):
        raise BadQuery("At least one part of the need must have a weight above 0; all are 0.")
    return tuple(weights)


def _without(params: Params) -> tuple[DateInterval, ...]:
    found = []
    for text in _BETWEEN.split(" ".join(params.get("without", ()))):
        first, _, last = text.partition("..")
        if not text:
            continue
        try:
            begins = parse_date(first)
            ends = parse_date(last) if last else begins
            found.append(DateInterval(begins.date_from, ends.date_to))
        except (InvalidDate, InvalidPeriod) as error:
            raise BadQuery(
                "Dates that cannot be used are needed as YYYY-MM-DD, or as YYYY-MM-DD..YYYY-MM-DD "
                f"for all from the one to the other; given {text!r}."
            ) from error
    return tuple(sorted(set(found)))


def _whole(params: Params, name: str, default: int, least: int, most: int) -> int:
    text = single_value(params, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise BadQuery(f"{name} must be a whole number from {least} to {most}; given {text!r}.")
    return int(text)


def _one_of(params: Params, name: str, known: Sequence[int], default: int) -> int:
    text = single_value(params, name)
    by_text = {str(value): value for value in known}
    if text and text not in by_text:
        raise BadQuery(f"{name} must be one of {', '.join(by_text)}; given {text!r}.")
    return by_text.get(text, default)


def _several(
    params: Params, name: str, known: Sequence[str], default: tuple[str, ...]
) -> tuple[str, ...]:
    given = {value.strip() for value in params.get(name, ()) if value.strip()}
    if unknown := sorted(given - set(known)):
        raise BadQuery(f"{name} must be one of {', '.join(known)}; given {unknown[0]!r}.")
    return tuple(value for value in known if value in given) or default
