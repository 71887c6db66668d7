"""Money of the estate: the capital programme and Section 106, summed up without guessing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from geo.dates import DateInterval
from layers.audience import Audience
from layers.estate_registers import (
    COMPLETE,
    PROJECTS,
    SECTION_106,
    SECTION_106_STATES,
    SETTLED,
    published,
)
from layers.workspace import Workspace

COMING_DAYS: Final = 365
"""How far ahead a deadline is told as coming."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in pounds over what is known, and of how many records the amount is not known."""

    known_gbp: float
    known: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Project:
    """A capital project; ``days_late`` counts from the day after it was to be complete."""

    project_id: str
    project: str
    site_name: str
    category: str
    budget_gbp: float | None
    spend_gbp: float | None
    percent_complete: float | None
    status: str
    expected_completion: str
    days_late: int
    funding: str
    note: str

    @property
    def overdue(self) -> bool:
        """Whether its day is over and it is not known to be complete."""
        return self.days_late > 0


@dataclass(frozen=True, slots=True)
class ProjectSums:
    """Budget and spend of a category, or of all projects."""

    category: str
    projects: int
    complete: int
    overdue: int
    budget: Sum
    spend: Sum


@dataclass(frozen=True, slots=True)
class Section106Item:
    """A Section 106 item; ``days_left`` to its deadline, below 0 once it is over."""

    item_id: str
    item: str
    council: str
    covenant: str
    amount_gbp: float | None
    deadline: str
    days_left: int | None
    purpose: str
    status: str
    deed_of_variation_gbp: float | None
    note: str
    source: str

    @property
    def overdue(self) -> bool:
        """Whether the deadline is over and the money is neither drawn down nor returned."""
        return self.days_left is not None and self.days_left < 0 and self.status not in SETTLED

    @property
    def coming(self) -> bool:
        """Whether the deadline is near and the money is neither drawn down nor returned."""
        return (
            self.days_left is not None
            and 0 <= self.days_left <= COMING_DAYS
            and self.status not in SETTLED
        )


@dataclass(frozen=True, slots=True)
class Section106Sums:
    """Items of one status with their amounts and what deeds of variation cost."""

    status: str
    items: int
    amount: Sum
    deeds: Sum


def projects_of(workspace: Workspace, audience: Audience, today: date) -> tuple[Project, ...]:
    """The capital projects that an audience may see, those overdue first, then by name."""
    found = [
        Project(
            row["project_id"],
            row["project"],
            row["site_name"],
            row["category"],
            _number(row["budget_gbp"]),
            _number(row["spend_gbp"]),
            _number(row["percent_complete"]),
            row["status"],
            row["expected_completion"],
            0 if _complete(row) else _days_since(row["expected_completion"], today),
            row["funding"],
            row["note"],
        )
        for row in published(workspace, PROJECTS, audience).to_dict("records")
    ]
    return tuple(sorted(found, key=lambda each: (-each.days_late, each.project_id)))


def project_sums(projects: Sequence[Project]) -> tuple[ProjectSums, ...]:
    """The sums of each category in order, and of all projects last, with an empty category."""
    categories = sorted({project.category for project in projects})
    sums = [
        _project_sums(name, [each for each in projects if each.category == name])
        for name in categories
    ]
    return (*sums, _project_sums("", projects))


def section_106_of(
    workspace: Workspace, audience: Audience, today: date
) -> tuple[Section106Item, ...]:
    """The Section 106 items that an audience may see, by council, the nearest deadline first."""
    found = [
        Section106Item(
            row["item_id"],
            row["item"],
            row["council"],
            row["covenant"],
            _number(row["amount_gbp"]),
            row["deadline"],
            _days_until(row["deadline"], today),
            row["purpose"],
            row["status"],
            _number(row["deed_of_variation_gbp"]),
            row["note"],
            row["source"],
        )
        for row in published(workspace, SECTION_106, audience).to_dict("records")
    ]
    return tuple(
        sorted(
            found,
            key=lambda each: (
                each.council == "",
                each.council.lower(),
                not each.deadline,
                each.deadline,
                each.item_id,
            ),
        )
    )


def section_106_sums(items: Sequence[Section106Item]) -> tuple[Section106Sums, ...]:
    """The sums of each status that has items, in order, and of all last, with an empty status."""
    states = [state for state in SECTION_106_STATES if any(each.status == state for each in items)]
    sums = [
        _section_106_sums(state, [each for each in items if each.status == state])
        for state in states
    ]
    return (*sums, _section_106_sums("", items))


def total_of(amounts: Sequence[float | None]) -> Sum:
    """The sum over what is known.

    >>> total_of([75_000.0, None, 160_000.0])
    Sum(known_gbp=235000.0, known=2, unknown=1)
    """
    known = [amount for amount in amounts if amount is not None]
    return Sum(sum(known, 0.0), len(known), len(amounts) - len(known))


def _project_sums(category: str, projects: Sequence[Project]) -> ProjectSums:
    return ProjectSums(
        category,
        len(projects),
        sum(each.status == COMPLETE or each.percent_complete == 100 for each in projects),
        sum(each.overdue for each in projects),
        total_of([each.budget_gbp for each in projects]),
        total_of([each.spend_gbp for each in projects]),
    )


def _section_106_sums(status: str, items: Sequence[Section106Item]) -> Section106Sums:
    return Section106Sums(
        status,
        len(items),
        total_of([each.amount_gbp for each in items]),
        total_of([each.deed_of_variation_gbp for each in items]),
    )


def _complete(row: Mapping[Hashable, Any]) -> bool:
    return bool(row["status"] == COMPLETE or row["percent_complete"] == 100)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _days_since(text: str, today: date) -> int:
    """Days since the last on which something was due; 0 until they are over."""
    left = _days_until(text, today)
    return 0 if left is None else max(0, -left)


def _days_until(text: str, today: date) -> int | None:
    return (DateInterval.parse(text).date_to - today) // timedelta(days=1) if text else None
