"""Issues that still wait for an answer, and by how much the answer is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.dates import DateInterval
from layers import programme
from layers.schema import in_words
from layers.workspace import Workspace


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An issue that is not closed; ``days_late`` counts from the day after its answer was due."""

    issue_id: str
    issue: str
    place: str
    date: str
    theme: str
    referred_to: str
    referred: str
    status: str
    due: str
    days_late: int

    @property
    def overdue(self) -> bool:
        """Whether the day by which an answer was due is over."""
        return self.days_late > 0


def follow_ups(workspace: Workspace, today: date) -> list[FollowUp]:
    """The issues that are open or in hand: the latest first, those without a due day at the end."""
    held = programme.held(workspace, programme.ISSUES)
    still = held[held["status"] != programme.CLOSED]
    found = [
        FollowUp(
            row["issue_id"],
            row["issue"],
            row["place"],
            row["date"],
            in_words(row["theme"]),
            row["referred_to"],
            row["referred"],
            in_words(row["status"]),
            row["due"],
            days_late(row["due"], today),
        )
        for row in still.to_dict("records")
    ]
    return sorted(found, key=lambda item: (not item.due, item.due, item.issue_id))


def days_late(due: str, today: date) -> int:
    """Days since the last of those on which something was due; 0 until they are over.

    >>> days_late("2025-03", date(2025, 4, 2))
    2
    """
    if not due:
        return 0
    return max(0, (today - DateInterval.parse(due).date_to).days)
