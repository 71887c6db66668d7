"""A plan as JSON: what its page says, from the same value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boundaries.ground import Ground
from geo.crs import to_degrees
from server.visits.briefing_json import span
from server.visits.plan import words
from server.visits.plan.agreed import AgreedDay
from server.visits.plan.planner import Planned
from server.visits.plan.proposals import NpaNeed, Proposal

Point = tuple[float, float]


def as_json(
    planned: Planned, agreed: Sequence[AgreedDay], ground: Ground, caption: Sequence[str]
) -> dict[str, Any]:
    """The proposals with their reasons, the bound and the gap, and what cannot be met."""
    plan, asked = planned.plan, planned.asked
    return {
        "query": [list(pair) for pair in asked.params()],
        "period": span(asked.period),
        "sentences": list(caption),
        "days_asked": asked.days,
        "days_agreed": planned.fixed,
        "days_proposed": len(planned.proposals),
        "days_not_placed": max(asked.days - planned.fixed - len(planned.proposals), 0),
        "dates_usable": planned.usable,
        "places": planned.places,
        "need_total": planned.total_need,
        "need_open": planned.open_need,
        "need_reached": plan.reached,
        "need_bound": plan.bound,
        "gap": plan.gap,
        "least_lacking_proven": plan.proven,
        "days_lacking": plan.lacking,
        "still_lacking": [
            {**_npa(code, ground), "month": month, "days": days}
            for code, month, days in planned.still_lacking
        ],
        "no_place_left": [_npa(code, ground) for code in planned.used_up],
        "npas": [_need(npa, ground) for npa in planned.npas],
        "proposals": [_proposal(one, planned, ground) for one in planned.proposals],
        "agreed": [_agreed(day) for day in agreed],
    }


def _npa(code: str, ground: Ground) -> dict[str, str]:
    return {"npa_code": code, "npa_name": ground.npa_label(code)}


def _need(npa: NpaNeed, ground: Ground) -> dict[str, Any]:
    last = npa.standing.last
    return {
        **_npa(npa.code, ground),
        "state": npa.standing.state,
        "days_lacking": npa.lacks,
        "last_visit": span(last) if last else None,
        "need": npa.need,
        "need_open": npa.open_need,
        "days_proposed": npa.days,
    }


def _proposal(proposal: Proposal, planned: Planned, ground: Ground) -> dict[str, Any]:
    return {
        "date": proposal.date.isoformat(),
        **_npa(proposal.npa, ground),
        "stops": _stops(proposal.places, proposal.points_m),
        "straight_m": round(proposal.length_m),
        "travel_minutes": round(proposal.minutes),
        "residents": proposal.residents,
        "residents_not_visited": proposal.unvisited,
        "residents_most_deprived": proposal.deprived,
        "why": words.why(proposal, ground, planned.asked),
    }


def _agreed(day: AgreedDay) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "visitor": day.visitor,
        "npa_codes": list(day.npas),
        "stops": _stops(day.places, day.points_m),
        "travel_minutes": None if day.minutes is None else round(day.minutes),
        "reasons": list(day.reasons),
        "conflicts": list(day.conflicts),
    }


def _stops(places: Sequence[str], points_m: Sequence[Point | None]) -> list[dict[str, Any]]:
    return [
        {"place": place, **_position(point)} for place, point in zip(places, points_m, strict=True)
    ]


def _position(point: Point | None) -> dict[str, float | None]:
    if point is None:
        return {"longitude": None, "latitude": None}
    (longitude,), (latitude,) = to_degrees([point[0]], [point[1]])
    return {"longitude": round(float(longitude), 6), "latitude": round(float(latitude), 6)}
