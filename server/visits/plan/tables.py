"""The plan's tables: proposals and agreed days with their forms, and the NPAs in order of need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from boundaries.ground import Ground
from geo.dates import DateInterval, day_in_words
from server.visits import words as visit_words
from server.visits.plan import words
from server.visits.plan.agreed import AgreedDay
from server.visits.plan.asked import PARTS
from server.visits.plan.planner import Planned


def proposal_rows(planned: Planned, ground: Ground) -> list[Mapping[str, Any]]:
    """A row a proposal, with what its form needs."""
    return [
        {
            "day": proposal.date.isoformat(),
            "date": f"{proposal.date:%A} {day_in_words(proposal.date)}",
            "npa": ground.npa_label(proposal.npa),
            "places": proposal.places,
            "travel": words.travel_words(proposal),
            "why": words.why(proposal, ground, planned.asked),
        }
        for proposal in planned.proposals
    ]


def agreed_rows(days: Sequence[AgreedDay], ground: Ground) -> list[Mapping[str, Any]]:
    """A row an agreed day, with what its form needs."""
    return [
        {
            "day": day.date.isoformat(),
            "date": f"{day.date:%A} {day_in_words(day.date)}",
            "visitor": day.visitor,
            "npa": ", ".join(ground.npa_label(code) for code in day.npas) or "In no NPA",
            "places": day.places,
            "travel": words.agreed_travel_words(day),
            "conflicts": day.conflicts,
        }
        for day in days
    ]


def unsettled_rows(stops: Sequence[tuple[str, DateInterval]]) -> list[str]:
    """Agreed stops whose day is not settled, a line each."""
    return [f"{place}, {when.in_words()}" for place, when in stops]


def declined_rows(stops: pd.DataFrame) -> list[Mapping[str, Any]]:
    """A row a declined place."""
    return [
        {"plan_id": plan_id, "place": place, "date": day_in_words(day)}
        for plan_id, place, day in stops[["plan_id", "place", "day"]].to_numpy()
    ]


def npa_table(planned: Planned, ground: Ground) -> Mapping[str, Sequence[Any]]:
    """Where to go next by NPA: how each stands, and its part of the need and of the days."""
    total = planned.total_need or 1.0
    return {
        "columns": (
            "NPA",
            "How it stands",
            "Days it lacks",
            "Last visit",
            "Part of all need not reached of late",
            "Days proposed",
        ),
        "rows": [
            (
                ground.npa_label(npa.code),
                visit_words.STATES[npa.standing.state],
                str(npa.lacks),
                visit_words.last_words(npa.standing),
                f"{100 * npa.open_need / total:.1f}%",
                str(npa.days),
            )
            for npa in planned.npas
        ],
    }


def weights_table(planned: Planned, ground: Ground) -> Mapping[str, Sequence[Any]]:
    """What each weight does: an NPA's part of all need if one thing alone were weighed."""
    total = planned.total_need or 1.0
    weights = dict(planned.asked.weights)
    return {
        "columns": (
            "NPA",
            *(f"{title} (weight {weights[part]:g})" for part, (title, _, _) in PARTS.items()),
            "As weighted",
        ),
        "rows": [
            (
                ground.npa_label(npa.code),
                *(f"{100 * share:.1f}%" for _, share in npa.parts),
                f"{100 * npa.need / total:.1f}%",
            )
            for npa in planned.npas
        ],
    }
