"""What was raised on the visits of a paper, and what came of it, as far as it is published."""

from __future__ import annotations

from typing import Final

from geo.dates import DateInterval
from layers import outcomes
from layers.audience import Audience
from layers.query import LayerQuery
from layers.view import View
from server.outcomes import COLUMNS, rows_of
from server.papers.paper import Block, Paragraph, Table
from server.services import services

NONE_RECORDED: Final = "No outcomes have been recorded for this period."


def published_outcomes(period: DateInterval) -> View:
    """The issues of a period that may be published: the same list for every reader."""
    have = services()
    query = LayerQuery(outcomes.SPEC.id, Audience.PUBLIC, period=period, period_given=True)
    return outcomes.outcomes(have.workspace, query, have.today)


def outcome_blocks(view: View) -> tuple[Block, ...]:
    """The outcomes as a table, or the sentence that none is recorded, which is not none."""
    if view.records.empty:
        said = "That does not mean that nothing was raised or came of it."
        return (Paragraph(f"{NONE_RECORDED} {said}"),)
    return (
        *map(Paragraph, view.caption),
        Table(
            f"What was raised and what came of it, {view.query.time_in_words()}",
            COLUMNS,
            tuple(map(tuple, rows_of(view))),
            widths=(2.2, 2.4, 2.4, 3.6, 2.4, 2, 3),
            verbatim=(1, 3, 6),
        ),
    )
