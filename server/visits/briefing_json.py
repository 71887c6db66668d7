"""A briefing as JSON: the figures of the sheet, from the same value."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import date
from typing import Any

from geo.dates import DateInterval
from geo.rates import Change
from server.visits import briefing_words as words
from server.visits.briefing import Briefing, Crime
from server.visits.briefing_places import Concerns
from server.visits.briefing_record import Issue, Planned, Stop


def as_json(briefing: Briefing) -> dict[str, Any]:
    """All that the sheet says, lists in full; what is not known is null, never zero."""
    where, record, npa = briefing.where, briefing.record, briefing.where.npa
    return {
        "title": words.title_of(briefing),
        "place": where.place.label,
        "date": briefing.on.isoformat(),
        "made_on": briefing.made_on.isoformat(),
        "npa_code": where.npa_code,
        "npa_name": npa,
        "commanded_in": where.commanded_in,
        "district": where.district,
        "residents_near": where.residents,
        "facts": [{"term": term, "known": known} for term, known in words.facts(briefing)],
        "sites": asdict(briefing.sites),
        "crime": _crime(briefing.crime) if briefing.crime else None,
        "crime_sentences": words.crime_sentences(briefing),
        "street_safe": _concerns(briefing.concerns, npa),
        "people_zones": [asdict(zone) for zone in briefing.zones],
        "planned": [_planned(stop) for stop in record.planned],
        "visits_near": [_stop(stop) for stop in record.near],
        "visits_in_npa": [_stop(stop) for stop in record.in_npa],
        "raised_here": [_issue(issue, briefing.on) for issue in record.raised_here],
        "open_issues": [_issue(issue, briefing.on) for issue in record.open_issues],
        "visits_held": record.stops_held,
        "issues_held": record.issues_held,
    }


def span(interval: DateInterval) -> dict[str, str]:
    """The first and the last day of an interval."""
    return {"from": interval.date_from.isoformat(), "to": interval.date_to.isoformat()}


def _crime(crime: Crime) -> dict[str, Any]:
    months = crime.months
    return {
        "later": span(months.later),
        "earlier": span(months.earlier),
        "months_compared": list(months.compared),
        "months_missing": list(months.missing),
        "cells": len(crime.cells),
        "changes": [
            {
                "type": label,
                "near": _change(near) if months.compared else None,
                "in_npa": _change(wider) if wider and months.compared else None,
            }
            for label, near, wider in words.crime_changes_of(crime)
        ],
        "events": [
            {"event": event.event, "npa_code": event.npa_code, **span(event.when)}
            for event in crime.events
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "ratio": _known(change.ratio),
        "ratio_low": _known(change.interval.low),
        "ratio_high": _known(change.interval.high),
        "verdict": change.verdict,
    }


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _concerns(concerns: Concerns, npa: str) -> dict[str, Any]:
    held = concerns.period is not None
    return {
        "sentence": words.concern_words(concerns, npa),
        "period": span(concerns.period) if concerns.period else None,
        "reports": concerns.reports if held else None,
        "reports_possibly": concerns.possibly if held else None,
        "concerns": [{"concern": name, "reports": times} for name, times in concerns.named],
    }


def _stop(stop: Stop) -> dict[str, Any]:
    return _dated(asdict(stop), stop.when)


def _planned(stop: Planned) -> dict[str, Any]:
    return _dated(asdict(stop), stop.when)


def _issue(issue: Issue, on: date) -> dict[str, Any]:
    said = _dated(asdict(issue), issue.when)
    due = issue.due.date_to.isoformat() if issue.due else None
    return said | {"due": due, "overdue": issue.overdue(on)}


def _dated(said: dict[str, Any], when: DateInterval) -> dict[str, Any]:
    del said["when"]
    return {**span(when), **said}
