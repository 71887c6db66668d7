"""What an address asks of recorded crime: of which type, in which months, by which areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from geo.dates import DateInterval, shift_months
from geo.errors import InvalidPeriod
from geo.rates import METHODS, Method
from layers.area_counts import CRIME
from layers.crime_change import MONTHS
from layers.crime_intake import CRIME_TYPES
from layers.demo import is_demo
from layers.errors import BadQuery
from layers.query import interval_value, single_value
from server.services import services

By = Literal["npa", "lsoa"]
Pair = tuple[str, str]

BY: Final[tuple[By, ...]] = get_args(By)
ALL_CRIMES: Final = "All crimes"
VIOLENCE: Final = "violent-crime"
KINDS: Final[Mapping[str, str]] = {CRIME: ALL_CRIMES, **dict(CRIME_TYPES)}
"""What can be asked for, by slug; anti-social behaviour is in none but its own."""
MOST_MONTHS: Final = 240
OF_MONTHS: Final = ("type", "from", "to")
OF_RATES: Final = (*OF_MONTHS, "by", "interval")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; page, table, figure, CSV and JSON are made from it.

    ``period`` is of whole months; None where none was given and no crime is held. ``by`` and
    ``method`` are of rates alone.
    """

    names: tuple[str, ...]
    kind: str
    period: DateInterval | None
    by: By = "npa"
    method: Method = "exact"

    @property
    def kind_in_words(self) -> str:
        """The type as a reader knows it."""
        return KINDS[self.kind]

    @property
    def months(self) -> tuple[str, ...]:
        """The months that are asked for, held or not."""
        return self.period.months() if self.period else ()

    def params(self) -> list[Pair]:
        """The question as address parameters, all written out."""
        months = self.months
        given = {"type": self.kind, "by": self.by, "interval": self.method}
        if months:
            given |= {"from": months[0], "to": months[-1]}
        return [(name, given[name]) for name in self.names if name in given]

    def version(self) -> str:
        """Changes whenever the answer may."""
        have = services()
        workspace = have.workspace
        known = (workspace.ground.fingerprint, have.today, is_demo(workspace))
        return "/".join(map(str, (workspace.crime.version(), *known)))


def months_asked(params: Mapping[str, Sequence[str]]) -> Asked:
    """What is asked of months: without from and to, all from the first to the last held.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    return _asked(params, OF_MONTHS, whole_series=True)


def rates_asked(params: Mapping[str, Sequence[str]]) -> Asked:
    """What is asked of rates: without from and to, the twelve months to the last held.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    return _asked(params, OF_RATES, whole_series=False)


def of_a_year(params: Mapping[str, Sequence[str]], names: tuple[str, ...]) -> Asked:
    """Type and months, of what may be asked by all these names, as `rates_asked` reads them.

    Raises:
        BadQuery: a parameter or value that cannot be used.
    """
    return _asked(params, names, whole_series=False)


def _asked(
    params: Mapping[str, Sequence[str]], names: tuple[str, ...], *, whole_series: bool
) -> Asked:
    for name in params:
        if name not in names:
            raise BadQuery(f"This can be asked for by {', '.join(names)}; given {name[:20]!r}.")
    given = {name: list(values) for name, values in params.items()}
    kind = one_of(given, "type", tuple(KINDS))
    by = next(each for each in BY if each == one_of(given, "by", BY))
    method = next(each for each in METHODS if each == one_of(given, "interval", METHODS))
    return Asked(names, kind, _period(given, whole_series), by, method)


def one_of(given: Mapping[str, Sequence[str]], name: str, allowed: Sequence[str]) -> str:
    """The value of a parameter, the first that is allowed unless one is given.

    Raises:
        BadQuery: another value is given, or several.
    """
    value = single_value(given, name) or allowed[0]
    if value not in allowed:
        raise BadQuery(f"{name} must be one of {', '.join(allowed)}; given {value[:20]!r}.")
    return value


def _period(given: Mapping[str, list[str]], whole_series: bool) -> DateInterval | None:
    first, last = interval_value(given, "from"), interval_value(given, "to")
    held = services().workspace.crime.months()
    if not (held or (first and last)):
        return None
    end = last.date_to if last else DateInterval.parse(held[-1]).date_to
    if first:
        begin = first.date_from
    elif whole_series and DateInterval.parse(held[0]).date_from <= end:
        begin = DateInterval.parse(held[0]).date_from
    else:
        begin = shift_months(end.replace(day=1), 1 - MONTHS)
    try:
        months = DateInterval(begin, end).months()
    except InvalidPeriod as error:
        raise BadQuery(f"from and to: {error}") from error
    if len(months) > MOST_MONTHS:
        raise BadQuery(f"At most {MOST_MONTHS} months can be asked for; given {len(months)}.")
    ends = [DateInterval.parse(month) for month in (months[0], months[-1])]
    return DateInterval(ends[0].date_from, ends[-1].date_to)
