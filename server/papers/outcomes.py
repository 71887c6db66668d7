"""What was raised on the visits of a paper, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from server.papers.paper import Block, Paragraph, Table

NONE_RECORDED: Final = "No outcomes have been recorded for this period."


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that was raised, in words: where, when, to whom it went and how it stands.

    Only what may be published is one; nobody who raised it is named.
    """

    place: str
    date: str
    theme: str
    referred_to: str
    status: str
    outcome: str


def outcome_blocks(outcomes: Sequence[Outcome]) -> tuple[Block, ...]:
    """The outcomes as a table, or the sentence that none is recorded, which is not none."""
    if not outcomes:
        return (
            Paragraph(f"{NONE_RECORDED} That does not mean that nothing was raised or came of it."),
        )
    rows = tuple(
        (each.place, each.date, each.theme, each.referred_to, each.status, each.outcome)
        for each in outcomes
    )
    said = "1 matter was raised" if len(rows) == 1 else f"{len(rows):,} matters were raised"
    return (
        Paragraph(f"{said} on the visits of this period and recorded."),
        Table(
            "What was raised and what came of it",
            ("Place", "Date", "Theme", "Referred to", "Status", "Outcome"),
            rows,
            widths=(3, 3, 3, 3, 2, 4),
        ),
    )
