"""The estate's pages as plain values for programs, with the sentences that the pages say."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

import pandas as pd

from layers.estate import held_sites
from layers.estate_reconciled import reconciled
from layers.estate_strategy import AreaStrategy, Strategy
from server.estate import words
from server.estate.asked import Asked
from server.services import services

SITE_FIELDS: Final = (
    *("site_id", "name", "site_type", "location_id", "public_access", "hours", "status"),
    *("tenure", "npa_code", "commanding_npa", "in_period", "in_doubt"),
)


def register_answer(what: Asked) -> dict[str, Any]:
    """The register of a day: sites, totals that were published, and what changed since."""
    have, audience = services(), what.query.audience
    view = what.view()
    found = reconciled(have.workspace, audience, have.today)
    held = held_sites(have.workspace, audience, have.today)
    return {
        "as_of": what.day.isoformat(),
        "compare_to": what.other.isoformat() if what.other else None,
        "sentences": [*view.caption, *words.reconciled_sentences(found, len(held), audience)],
        "held": len(held),
        "surely": view.counts.surely,
        "possibly": view.counts.possibly,
        "sites": [
            {name: _plain(row[name]) for name in SITE_FIELDS}
            for row in view.records.to_dict("records")
        ],
        "changes": [asdict(change) for change in what.changes()],
        "published_totals": [
            {
                "measure": each.measure,
                "published": each.published,
                "unit": each.unit,
                "as_of": each.as_of,
                "surely": each.counted.surely if each.counted else None,
                "possibly": each.counted.possibly if each.counted else None,
                "unknown": each.counted.unknown if each.counted else None,
                "state": each.state,
                "missing": each.missing,
            }
            for each in found
        ],
    }


def strategy_answer(found: Strategy) -> dict[str, Any]:
    """The estate of a day beside its strategy."""
    return {
        "as_of": found.day.isoformat(),
        "sentences": words.strategy_sentences(found),
        "register_complete": found.complete,
        "areas": [_area(area) for area in found.areas],
        "commanded_from_elsewhere": [asdict(each) for each in found.elsewhere],
        "signs_and_lanterns": [
            {
                "project_id": each.project_id,
                "project": each.project,
                "status": each.status,
                "percent_complete": each.percent_complete,
            }
            for each in found.signs
        ],
    }


def _area(area: AreaStrategy) -> dict[str, Any]:
    return {
        "npa_code": area.npa_code,
        "npa_name": area.npa_name,
        "sites": area.sites,
        "enquiry_office": asdict(area.enquiry_office),
        "public_access": asdict(area.public_access),
    }


def _plain(value: Any) -> Any:
    return "" if value is None or pd.isna(value) else str(value)
