"""What an address asks to be compared: one layer in two periods, all else being equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from geo.dates import DateInterval
from geo.errors import InvalidPeriod
from layers.answer import answer, nothing_held
from layers.classes import NO_DATA
from layers.errors import BadQuery, UnknownLayer
from layers.protocol import Layer
from layers.query import LayerQuery, interval_value
from layers.view import View
from server.compare.periods import year_before
from server.map_pages import state_of
from server.map_state import STATE_PARAMS, MapState
from server.requests import MapPageSpec, given_params, map_page_spec, query_of, with_query
from server.services import services

OTHER_PERIOD: Final = ("with_from", "with_to")

Params = Mapping[str, list[str]]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and the same query in the other period; how the maps are looked at.

    The queries stand in the order in which they were asked, which may not be that of time.
    """

    spec: MapPageSpec
    layer: Layer
    one: LayerQuery
    other: LayerQuery
    state: MapState

    def pairs(self) -> list[Pair]:
        """The comparison as address parameters, both periods written out."""
        return [*self.one.params(), *zip(OTHER_PERIOD, _ends(self.other), strict=True)]

    def url(self, ending: str = "", extra: tuple[Pair, ...] = ()) -> str:
        """The address of the page, or of what belongs to it by an ending such as ``.csv``."""
        return with_query(f"/maps/{self.spec.page}/compare{ending}", [*self.pairs(), *extra])

    def views(self) -> tuple[View, View]:
        """The views of the earlier and of the later period, with one legend for both."""
        have = services()
        before, after = sorted((self.one, self.other), key=_ends)
        views = [answer(self.layer, have.workspace, query, have.today) for query in (before, after)]
        frames = [view.records for view in views if len(view.records)] or [views[0].records]
        legend = self.layer.legend(pd.concat(frames, ignore_index=True), before)
        held = [view.counts.held for view in views]
        if not any(held):
            legend = nothing_held(legend)
        elif not all(held):
            note = f"{legend.note} Of one period nothing is held: its empty map is not zero."
            legend = replace(legend, classes=(*legend.classes, NO_DATA), note=note.strip())
        earlier, later = (replace(view, legend=legend) for view in views)
        return earlier, later


def asked(page: str, beside: tuple[str, ...] = ()) -> Asked:
    """What this request asks; ``beside`` names parameters that something else reads.

    Raises:
        UnknownLayer: the page has no single layer of dated records.
        BadQuery: a parameter or value that cannot be used.
    """
    spec = map_page_spec(page)
    layer = services().registry.get(spec.layer_ids[0])
    if not can_compare(spec):
        raise UnknownLayer(
            f"Two periods can be compared of one layer of dated records; {spec.title} has none. "
            "Choose another map."
        )
    given = given_params(without=(*STATE_PARAMS, *beside))
    for name in layer.spec.map_adds_up:
        if any(value.strip() for value in given.get(name, ())):
            raise BadQuery(f"A comparison adds rows up, whatever {name} says. Leave {name} out.")
    one = query_of(layer, {n: values for n, values in given.items() if n not in OTHER_PERIOD})
    if one.period is None:
        raise BadQuery(
            f"No dated record of {layer.spec.title} is held. Give a period by from and to."
        )
    other = other_period(given) or year_before(one.period)
    if other == one.period:
        raise BadQuery(
            f"Two different periods are needed; both are {other.in_words()}. Change one of them."
        )
    state = state_of(spec, given_params())
    return Asked(
        spec, layer, one, replace(one, period=other, period_given=True), replace(state, month="")
    )


def can_compare(spec: MapPageSpec) -> bool:
    """Whether a page shows a single layer of dated records."""
    (first, *more) = spec.layer_ids
    return not more and services().registry.get(first).spec.time == "dated"


def compare_url(spec: MapPageSpec, views: Sequence[View]) -> str:
    """Where the views of a page are compared with the year before; empty where they cannot be."""
    if not can_compare(spec):
        return ""
    (view,) = views
    pairs = [pair for pair in view.query.params() if pair[0] not in view.layer.map_adds_up]
    return with_query(f"/maps/{spec.page}/compare", pairs)


def other_period(params: Params) -> DateInterval | None:
    """The period to compare with, by ``with_from`` and ``with_to``; None where neither is given.

    Raises:
        BadQuery: one alone, not dates, or the last day before the first.
    """
    first, last = (interval_value(params, name) for name in OTHER_PERIOD)
    if first is None and last is None:
        return None
    if first is None or last is None:
        name = OTHER_PERIOD[1 if first else 0]
        raise BadQuery(
            f"with_from and with_to are given together, or both left out for the same months "
            f"a year before; {name} is missing."
        )
    try:
        return DateInterval(first.date_from, last.date_to)
    except InvalidPeriod as error:
        raise BadQuery(f"with_from and with_to: {error}") from error


def _ends(query: LayerQuery) -> tuple[str, str]:
    """First and last day of a query's period, in a form that sorts by time."""
    period = query.period
    return (period.date_from.isoformat(), period.date_to.isoformat()) if period else ("", "")
