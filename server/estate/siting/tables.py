"""The tables of siting: the places chosen, their worth, and what each further site brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boundaries.small_areas import NPA
from layers.view import SideTable
from server.estate.coverage.words import HEADINGS, kilometres, label_words
from server.estate.siting import words
from server.estate.siting.answer import Where
from server.services import services


@dataclass(frozen=True, slots=True)
class Bar:
    """One number of sites in the chart: its part of residents near, and its length in per cent."""

    label: str
    words: str
    percent: float
    chosen: bool


def chosen_table(found: Where) -> SideTable:
    """Each place chosen, its area, and what the best choice without it does."""
    ground = services().workspace.ground
    points_m = found.candidates.points_m[list(found.best.opened)].reshape(-1, 2)
    codes = ground.npas.latest_code_at(points_m[:, 0], points_m[:, 1])
    without = dict(found.second.without)
    return SideTable(
        "The places chosen",
        ("Place", HEADINGS[NPA], "Residents for whom it is the nearest", "The best without it"),
        tuple(
            (
                words.name_of_site(found, number),
                label_words(NPA, str(code)),
                f"{nearest:,}",
                _without(found, number, without),
            )
            for number, code, nearest in zip(found.best.opened, codes, _nearest(found), strict=True)
        ),
    )


def curve_table(found: Where) -> SideTable:
    """What each further site brings."""
    return SideTable(
        "What each further site brings",
        (
            "New sites",
            f"Residents within {kilometres(found.asked.within_m)}",
            "Mean way",
            "Farthest way",
            "Places",
            "How sure",
        ),
        tuple(
            (
                f"{len(siting.opened):,}",
                f"{(siting.demand_share or 0) * found.areas.residents.sum():,.0f} "
                f"({100 * (siting.demand_share or 0):.1f}%)",
                kilometres(siting.mean),
                kilometres(siting.largest),
                ", ".join(words.name_of_site(found, number) for number in siting.opened) or "None",
                words.gap_words(siting),
            )
            for siting in found.curve
        ),
    )


def curve_bars(found: Where) -> list[Bar]:
    """The part of residents near by number of sites, for the chart."""
    return [
        Bar(
            f"{len(siting.opened)}",
            f"{100 * (siting.demand_share or 0):.1f}%",
            round(100 * (siting.demand_share or 0), 1),
            siting.opened == found.best.opened,
        )
        for siting in found.curve
    ]


def _nearest(found: Where) -> list[int]:
    open_sites = list(found.best.sites)
    costs = found.task.costs.values[:, open_sites]
    nearest = np.array(open_sites)[costs.argmin(axis=1)]
    counted = np.bincount(nearest, found.areas.residents, minlength=found.task.costs.sites)
    return [int(counted[number]) for number in found.best.opened]


def _without(found: Where, number: int, without: dict[int, float | None]) -> str:
    if number not in without:
        return "Required"
    value = without[number]
    if value is None:
        return "Not possible"
    match found.best.problem:
        case "maximal covering":
            return f"{value:,.0f} residents, {found.best.value - value:,.0f} fewer"
        case "location set covering":
            return f"{value:,.0f} sites"
        case _:
            return f"{kilometres(value)}, {value - found.best.value:,.0f} m more"
