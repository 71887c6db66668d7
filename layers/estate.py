"""The estate on any day, and what changed between two: from the same answers as map and table."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import geopandas as gpd
import pandas as pd

from layers.answer import filtered_records
from layers.audience import Audience
from layers.estate_registers import ESTATE
from layers.query import LayerQuery
from layers.registry import REGISTRY
from layers.schema import in_words
from layers.site_days import UNKNOWN
from layers.workspace import Workspace

Row = Mapping[Hashable, Any]
ChangeKind = Literal["opened", "closed", "moved", "access", "hours", "status", "not-known"]
KINDS: Final[dict[ChangeKind, str]] = {
    "opened": "Opened",
    "closed": "Closed",
    "moved": "Moved",
    "access": "Public access changed",
    "hours": "Hours changed",
    "status": "Status changed",
    "not-known": "Not known",
}
SAME_PLACE_M: Final = 1.0
"""Points nearer than this are one place."""


@dataclass(frozen=True, slots=True)
class SiteChange:
    """What is known to have changed of one site, in words; or what cannot be said of it."""

    site_id: str
    name: str
    kind: ChangeKind
    before: str
    after: str


def estate_on(
    workspace: Workspace,
    day: date,
    audience: Audience = Audience.STAFF,
    today: date | None = None,
) -> gpd.GeoDataFrame:
    """Every site that stood on a day, surely or possibly (``in_period``), as it was then.

    The columns are those of the layer of sites; ``npa_code`` is the NPA of that day in which a
    site stood, geometry is in EPSG:27700, and an unknown value is said as ``unknown``.

    Args:
        workspace: where the sites are held.
        day: the day to look at.
        audience: for the public, sites and history that are published.
        today: the day on which the register is read; ``day`` unless it is given.
    """
    layer = REGISTRY.get(ESTATE)
    asked_on = today or day
    query = LayerQuery(layer.spec.id, audience, as_of=day, asked_on=asked_on)
    found = filtered_records(layer, workspace, query, asked_on)
    return found.assign(standing_npa=found["npa_code"]).reset_index(drop=True)


def held_sites(workspace: Workspace, audience: Audience, today: date) -> gpd.GeoDataFrame:
    """Every site that is held, whether or not it stands, as it is today."""
    layer = REGISTRY.get(ESTATE)
    query = LayerQuery(layer.spec.id, audience, asked_on=today)
    found = filtered_records(layer, workspace, query, today)
    return found.assign(standing_npa=found["npa_code"]).reset_index(drop=True)


def estate_between(
    workspace: Workspace,
    first: date,
    last: date,
    audience: Audience = Audience.STAFF,
    today: date | None = None,
) -> tuple[SiteChange, ...]:
    """What changed of the estate from one day to a later one: see :func:`changes_between`."""
    return changes_between(
        estate_on(workspace, first, audience, today or last),
        estate_on(workspace, last, audience, today or last),
    )


def changes_between(before: pd.DataFrame, after: pd.DataFrame) -> tuple[SiteChange, ...]:
    """What changed of each site between two days, in order of site.

    A change is told where both sides are known. Where one is not, it is told that whether anything
    changed is not known; where neither is, nothing is told, as nothing speaks of a change.

    Args:
        before: the estate on the earlier day, as :func:`estate_on` gives it.
        after: the estate on the later day.
    """
    earlier = {row["site_id"]: row for row in before.to_dict("records")}
    later = {row["site_id"]: row for row in after.to_dict("records")}
    return tuple(
        change
        for site_id in sorted({*earlier, *later})
        for change in _changes_of(earlier.get(site_id), later.get(site_id))
    )


def _changes_of(before: Row | None, after: Row | None) -> list[SiteChange]:
    row = after or before
    assert row is not None

    def change(kind: ChangeKind, then: str, now: str) -> SiteChange:
        return SiteChange(str(row["site_id"]), str(row["name"]), kind, then, now)

    stood, stands = _stood(before), _stood(after)
    if stood != stands:
        said = (_STOOD[stood], _STOOD[stands])
        if "possibly" in (stood, stands):
            return [change("not-known", *said)]
        return [change("opened" if stands == "in" else "closed", *said)]
    if before is None or after is None:
        return []
    found = [
        change(kind, words(before[name]), words(after[name]))
        for kind, name, unknown, words in _COMPARED
        if before[name] != after[name] and unknown not in (before[name], after[name])
    ]
    found += [
        change("not-known", f"{title}: {words(before[name])}", f"{title}: {words(after[name])}")
        for (_, name, unknown, words), title in zip(_COMPARED, _TITLES, strict=True)
        if before[name] != after[name] and unknown in (before[name], after[name])
    ]
    return [*found, *_move(before, after, change)]


def _move(
    before: Row,
    after: Row,
    change: Callable[[ChangeKind, str, str], SiteChange],
) -> Sequence[SiteChange]:
    places = (before["geometry"], after["geometry"])
    names = [str(row["npa_name"]) for row in (before, after)]
    if None in places:
        return (
            [] if places == (None, None) else [change("not-known", *(f"Place: {n}" for n in names))]
        )
    distance_m = places[0].distance(places[1])
    if distance_m < SAME_PLACE_M:
        return []
    return [change("moved", names[0], f"{names[1]}, {distance_m / 1000:,.1f} km away")]


def _stood(row: Row | None) -> str:
    return "out" if row is None else str(row["in_period"])


_STOOD: Final = {
    "in": "Stood",
    "possibly": "Not known whether it stood",
    "out": "Did not stand",
}


def _hours(text: str) -> str:
    return text or "Not known"


_COMPARED: Final[tuple[tuple[ChangeKind, str, str, Callable[[str], str]], ...]] = (
    ("access", "public_access", UNKNOWN, in_words),
    ("hours", "hours_in_words", "", _hours),
    ("status", "status", UNKNOWN, in_words),
)
_TITLES: Final = ("Public access", "Hours", "Status")
