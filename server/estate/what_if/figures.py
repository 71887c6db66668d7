"""A scenario for programs: residents before and after, in all and by area."""

from __future__ import annotations

from typing import Any

from boundaries.small_areas import GROUPINGS, NPA
from geo.coverage import Served
from geo.what_if import Change
from server.estate.coverage.figures import access_figures
from server.estate.coverage.words import label_words
from server.estate.what_if import words
from server.estate.what_if.account import Side, Sum, WhatIf
from server.estate.what_if.grown import grown
from server.estate.what_if.hours import hours_figures
from server.points import name_of


def figures_of(found: WhatIf) -> dict[str, Any]:
    """The scenario as JSON has it."""
    before, after = found.difference.before, found.difference.after
    return {
        "query": found.params(),
        "caption": list(words.sentences(found)),
        "total": {
            **_row(found, before.total, after.total, found.difference.total),
            **_by_minutes(found),
        },
        "by": {
            grouping: [
                {
                    "code": label,
                    "label": label_words(grouping, label),
                    **_row(
                        found,
                        served,
                        after.groups[grouping][label],
                        found.difference.groups[grouping][label],
                    ),
                }
                for label, served in before.groups[grouping].items()
            ]
            for grouping in GROUPINGS
        },
        "growth": _growth(found),
        "hours": hours_figures(found),
        "before": _side(found.before),
        "after": _side(found.after),
    }


def _row(found: WhatIf, before: Served, after: Served, change: Change) -> dict[str, Any]:
    return {
        "residents": _residents(found, before.residents),
        "distances": [
            {
                "distance_m": metres,
                "before": _residents(found, before.within[number]),
                "after": _residents(found, after.within[number]),
                "gained": _residents(found, change.gained[number]),
                "lost": _residents(found, change.lost[number]),
            }
            for number, metres in enumerate(found.asked.distances_m)
        ],
        "nearer": _residents(found, change.nearer),
        "farther": _residents(found, change.farther),
        "mean_before_m": before.mean if before.mean is None else round(before.mean),
        "mean_after_m": after.mean if after.mean is None else round(after.mean),
    }


def _by_minutes(found: WhatIf) -> dict[str, Any]:
    moved = found.by_minutes
    return {
        "minutes": [
            {
                "minutes": minutes,
                "before": _residents(found, moved.before.total.within[number]),
                "after": _residents(found, moved.after.total.within[number]),
                "gained": _residents(found, moved.total.gained[number]),
                "lost": _residents(found, moved.total.lost[number]),
            }
            for number, minutes in enumerate(found.asked.minutes)
        ]
    }


def _residents(found: WhatIf, number: float) -> int | None:
    """A number of residents; null where no small area is held."""
    return round(number) if found.before.coverage.held else None


def _growth(found: WhatIf) -> dict[str, Any]:
    growth = found.scenario.growth
    return {
        "people_a_home": growth.people_a_home,
        "residents": growth.residents,
        "homes": [
            {
                "place": name_of(each.place),
                "homes": each.homes,
                "residents": each.residents,
                "npa_code": each.npa_code,
                "before_m": None if each.before_m is None else round(each.before_m),
                "after_m": None if each.after_m is None else round(each.after_m),
            }
            for each in grown(found)
        ],
    }


def _side(side: Side) -> dict[str, Any]:
    capacity = side.coverage.asked.access.capacity
    return {
        "sites": len(side.estate),
        "without_desk": list(side.without_desk),
        "desk_not_known": list(side.maybe_desk),
        "running_cost_gbp": _sum(side.running_cost_gbp),
        "floor_area_m2": _sum(side.floor_area_m2),
        "hours_a_week": _sum(side.hours_a_week),
        "access": {
            "total": access_figures(capacity, side.coverage.total.access),
            "npas": [
                {"npa_code": label, **access_figures(capacity, row.access)}
                for label, row in side.coverage.by(NPA).items()
            ],
        },
    }


def _sum(amount: Sum) -> dict[str, Any]:
    known = amount.sites - amount.unknown
    return {
        "total": amount.total if known else None,
        "known_at": known,
        "not_known_at": amount.unknown,
    }
