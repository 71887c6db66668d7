"""The register of the estate held against the totals that were published of it.

Premises are all sites but neighbourhood offices, which are published apart. What is in doubt is
counted beside what is sure, so that nothing unknown is taken for none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

import pandas as pd

from geo.dates import DateInterval
from layers.audience import Audience
from layers.estate import estate_on
from layers.estate_registers import ESTATE_TOTALS, published
from layers.site_days import UNKNOWN
from layers.workspace import Workspace

NEIGHBOURHOOD_OFFICE: Final = "neighbourhood-office"
DESK_TYPES: Final = ("headquarters", "police-station", "front-enquiry-office")
"""Types of site that are a front enquiry office where the public can call in."""

MEASURED_PARTS: Final = ("premises", "neighbourhood-offices")
"""The measures that together count every site once."""

State = Literal["equal", "missing", "more", "not-known", "not-counted"]


@dataclass(frozen=True, slots=True)
class Counted:
    """What the register holds of a measure: surely so much, and so much more possibly.

    ``unknown`` counts the sites of which the figure is not known, so that a sum is the least.
    """

    surely: float
    possibly: float = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A published total beside what is held of the same day.

    ``missing`` is how much more was published than is held for all that may count; it is below 0
    where more surely counts than was published. ``counted`` is None where the register cannot
    count the measure.
    """

    measure: str
    published: float
    unit: str
    as_of: str
    counted: Counted | None
    state: State
    missing: float
    note: str
    source: str


def desk_of(sites: pd.DataFrame) -> pd.Series:
    """Whether each site is a front enquiry office: ``yes``, ``no`` or ``unknown``.

    One is, where the public can call in at a site of a type that has a desk. A site that stood
    only possibly is never surely one.
    """
    has_desk = sites["site_type"].isin(DESK_TYPES)
    return _judged(sites, has_desk & (sites["public_access"] == "open"), has_desk)


def access_of(sites: pd.DataFrame) -> pd.Series:
    """Whether one can call in or book at each site: ``yes``, ``no`` or ``unknown``."""
    can = sites["public_access"].isin(("open", "by-appointment"))
    return _judged(sites, can, pd.Series(True, index=sites.index))


def _judged(sites: pd.DataFrame, is_so: pd.Series, can_be: pd.Series) -> pd.Series:
    surely = sites["in_period"] == "in"
    doubt = (is_so & ~surely) | (can_be & (sites["public_access"] == UNKNOWN))
    words = pd.Series("no", index=sites.index, dtype=object)
    return words.mask(doubt, UNKNOWN).mask(is_so & surely, "yes")


def reconciled(workspace: Workspace, audience: Audience, today: date) -> tuple[Reconciled, ...]:
    """Each published total beside what the register holds, the latest of each measure.

    For the public, both are what may be published.
    """
    totals = published(workspace, ESTATE_TOTALS, audience)
    latest = totals.sort_values(["as_of", "total_id"]).drop_duplicates("measure", keep="last")
    return tuple(
        _reconciled(row, workspace, audience, today)
        for row in latest.sort_values("total_id").to_dict("records")
    )


def is_complete(found: tuple[Reconciled, ...]) -> bool:
    """Whether the register holds every site that was published, with none in doubt.

    It does if the totals of premises and of neighbourhood offices are published, and each is equal
    to what is held.
    """
    states = {each.measure: each.state for each in found}
    return all(states.get(measure) == "equal" for measure in MEASURED_PARTS)


def _reconciled(
    row: Mapping[object, object], workspace: Workspace, audience: Audience, today: date
) -> Reconciled:
    measure, figure = str(row["measure"]), float(str(row["value"]))
    count = _COUNTS.get(measure)
    day = min(DateInterval.parse(str(row["as_of"])).date_to, today)
    counted = count(estate_on(workspace, day, audience, today)) if count else None
    state, missing = _compared(figure, counted)
    return Reconciled(
        measure,
        figure,
        str(row["unit"]),
        str(row["as_of"]),
        counted,
        state,
        missing,
        str(row["note"]),
        str(row["source"]),
    )


def _compared(figure: float, counted: Counted | None) -> tuple[State, float]:
    if counted is None:
        return "not-counted", 0
    most = counted.surely + counted.possibly
    if figure < counted.surely:
        return "more", figure - counted.surely
    if counted.unknown:
        return "not-known", 0
    if figure > most:
        return "missing", figure - most
    return ("not-known" if counted.possibly else "equal"), 0


def _of_type(*, offices: bool) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda sites: sites[(sites["site_type"] == NEIGHBOURHOOD_OFFICE) == offices]


def _rows(sites: pd.DataFrame) -> Counted:
    surely = int((sites["in_period"] == "in").sum())
    return Counted(surely, len(sites) - surely)


def _premises(sites: pd.DataFrame) -> Counted:
    return _rows(_of_type(offices=False)(sites))


def _offices(sites: pd.DataFrame) -> Counted:
    return _rows(_of_type(offices=True)(sites))


def _locations(sites: pd.DataFrame) -> Counted:
    premises = _of_type(offices=False)(sites)
    surely = premises.loc[premises["in_period"] == "in", "location_id"].nunique()
    return Counted(surely, premises["location_id"].nunique() - surely)


def _desks(sites: pd.DataFrame) -> Counted:
    judged = desk_of(sites)
    return Counted(int((judged == "yes").sum()), int((judged == UNKNOWN).sum()))


def _floor_area(sites: pd.DataFrame) -> Counted:
    """The sum over main sites; those of unknown area, or in doubt, are only counted."""
    main = _of_type(offices=False)(sites)
    known = main["floor_area_m2"].notna() & (main["in_period"] == "in")
    return Counted(float(main.loc[known, "floor_area_m2"].sum()), unknown=int((~known).sum()))


def _largest(sites: pd.DataFrame) -> Counted:
    known = sites["floor_area_m2"].notna() & (sites["in_period"] == "in")
    largest = sites.loc[known, "floor_area_m2"].max() if known.any() else 0.0
    return Counted(float(largest), unknown=int((~known).sum()))


_COUNTS: Final[Mapping[str, Callable[[pd.DataFrame], Counted]]] = MappingProxyType(
    {
        "premises": _premises,
        "locations": _locations,
        "neighbourhood-offices": _offices,
        "front-enquiry-offices": _desks,
        "main-sites-floor-area": _floor_area,
        "largest-site-floor-area": _largest,
    }
)
