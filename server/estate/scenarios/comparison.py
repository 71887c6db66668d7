"""Saved scenarios side by side: the same measures of each, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from boundaries.small_areas import DECILE, NPA
from geo.coverage import Coverage
from geo.dates import day_in_words
from layers.view import SideTable
from server.estate.coverage.access_words import access_heading, access_words
from server.estate.coverage.words import distance_words, kilometres, label_words
from server.estate.scenarios.saved import Saved
from server.estate.what_if.account import Sum, WhatIf
from server.estate.what_if.words import MOST_DEPRIVED, sum_words
from server.phrases import NOT_KNOWN

Value = float | str | None
NOT_ASKED: Final = "Not asked for"
NONE: Final = "None"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a scenario: in words and as a value, before and after."""

    id: str
    title: str
    words: tuple[str, str]
    values: tuple[Value, Value]


def measures(found: WhatIf, distances_m: Sequence[int]) -> list[Measure]:
    """The measures of a scenario, of which some may not be asked for by it."""
    growth = found.scenario.growth.residents
    return [
        _same("service", "Service", found.asked.service.title),
        _same("as_of", "As of", day_in_words(found.asked.as_of), found.asked.as_of.isoformat()),
        Measure(
            "changes",
            "Changes of the estate",
            ("0", str(found.scenario.changes)),
            (0, found.scenario.changes),
        ),
        _same("new_residents", "Residents of planned homes", f"{growth:,}", growth),
        *(_within(found, metres) for metres in distances_m),
        *(_deprived(found, metres) for metres in distances_m),
        _mean(found),
        _desks(found),
        _sums(
            "running_cost_gbp",
            "Running cost a year",
            "£",
            found.before.running_cost_gbp,
            found.after.running_cost_gbp,
        ),
        _sums(
            "floor_area_m2",
            "Floor area",
            "m²",
            found.before.floor_area_m2,
            found.after.floor_area_m2,
        ),
        _sums(
            "hours_a_week",
            "Hours a week of the sites that give the service",
            "hours",
            found.before.hours_a_week,
            found.after.hours_a_week,
        ),
        _access(found),
    ]


def distances_of(chosen: Sequence[WhatIf]) -> list[int]:
    """Every distance that any of the scenarios asks for, in metres."""
    return sorted({metres for found in chosen for metres in found.asked.distances_m})


def table_of(chosen: Sequence[tuple[Saved, WhatIf]]) -> SideTable:
    """A row a measure, and two columns a scenario."""
    distances_m = distances_of([found for _, found in chosen])
    columns = [measures(found, distances_m) for _, found in chosen]
    return SideTable(
        "The scenarios side by side, before and after",
        ("", *(f"{one.name}, {when}" for one, _ in chosen for when in ("before", "after"))),
        tuple(
            (row[0].title, *(words for measure in row for words in measure.words))
            for row in zip(*columns, strict=True)
        ),
    )


def frame_of(chosen: Sequence[tuple[Saved, WhatIf]]) -> pd.DataFrame:
    """The same for programs, a row a scenario and measure; what is not known is empty."""
    distances_m = distances_of([found for _, found in chosen])
    return pd.DataFrame(
        [
            (one.scenario_id, one.name, measure.id, *measure.values)
            for one, found in chosen
            for measure in measures(found, distances_m)
        ],
        columns=["scenario_id", "name", "measure", "before", "after"],
        dtype=object,
    )


def unlike(chosen: Sequence[WhatIf]) -> list[str]:
    """In what the scenarios ask for different things, which is to be known when comparing."""
    differing = [
        words
        for words, values in (
            ("services", {found.asked.service_id for found in chosen}),
            ("days", {found.asked.as_of for found in chosen}),
            ("ways of reckoning distances", {found.asked.ways for found in chosen}),
            ("ways of reckoning access", {found.asked.access for found in chosen}),
            ("planned homes", {found.scenario.growth for found in chosen}),
        )
        if len(values) > 1
    ]
    if not differing:
        return []
    said = f"{', '.join(differing[:-1])} and {differing[-1]}" if differing[1:] else differing[0]
    return [f"These scenarios have different {said}, so not all that differs is by their changes."]


def _same(measure: str, title: str, words: str, value: Value = None) -> Measure:
    shown = words if value is None else value
    return Measure(measure, title, (words, words), (shown, shown))


def _within(found: WhatIf, metres: int) -> Measure:
    measure, title = f"within_{metres}_m", f"Residents within {kilometres(metres)}"
    if metres not in found.asked.distances_m:
        return _not_asked(measure, title)
    number = found.asked.distances_m.index(metres)
    before, after = (side.total.within[number] for side in _sure(found))
    return _residents(found, measure, title, before, after)


def _deprived(found: WhatIf, metres: int) -> Measure:
    measure = f"most_deprived_within_{metres}_m"
    title = f"Of the most deprived three tenths, within {kilometres(metres)}"
    if metres not in found.asked.distances_m:
        return _not_asked(measure, title)
    number = found.asked.distances_m.index(metres)
    before, after = (
        sum(side.groups[DECILE][label].within[number] for label in _most_deprived(side))
        for side in _sure(found)
    )
    return _residents(found, measure, title, before, after)


def _residents(found: WhatIf, measure: str, title: str, before: float, after: float) -> Measure:
    """Residents before and after; not known where no small area is held."""
    if not found.before.coverage.held:
        return Measure(measure, title, (NOT_KNOWN, NOT_KNOWN), (None, None))
    return Measure(
        measure, title, (f"{before:,.0f}", f"{after:,.0f}"), (round(before), round(after))
    )


def _most_deprived(coverage: Coverage) -> list[str]:
    return [label for label in MOST_DEPRIVED if label in coverage.groups[DECILE]]


def _mean(found: WhatIf) -> Measure:
    before, after = (side.total.mean for side in _sure(found))
    return Measure(
        "mean_m",
        "Mean distance to the nearest",
        (distance_words(before), distance_words(after)),
        (_rounded(before), _rounded(after)),
    )


def _desks(found: WhatIf) -> Measure:
    before, after = (side.without_desk for side in (found.before, found.after))
    return Measure(
        "areas_without_desk",
        "Areas in which no enquiry desk is documented",
        (_areas(before), _areas(after)),
        (" ".join(before), " ".join(after)),
    )


def _sums(measure: str, title: str, unit: str, before: Sum, after: Sum) -> Measure:
    return Measure(
        measure,
        title,
        (sum_words(before, unit), sum_words(after, unit)),
        (_known(before), _known(after)),
    )


def _access(found: WhatIf) -> Measure:
    before, after = (side.coverage.total.access for side in (found.before, found.after))
    return Measure(
        f"access_{found.asked.access.capacity}_for_100000",
        access_heading(found.asked.access),
        (access_words(before), access_words(after)),
        (before.value, after.value),
    )


def _sure(found: WhatIf) -> tuple[Coverage, Coverage]:
    return found.before.coverage.sure, found.after.coverage.sure


def _not_asked(measure: str, title: str) -> Measure:
    return Measure(measure, title, (NOT_ASKED, NOT_ASKED), (None, None))


def _areas(codes: Sequence[str]) -> str:
    return ", ".join(label_words(NPA, code) for code in codes) or NONE


def _known(amount: Sum) -> float | None:
    return amount.total if amount.unknown < amount.sites else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value)
