"""What became of each row of an imported file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from geo.errors import InvalidValue

Severity = Literal["warned", "rejected"]

SHOWN_IN_TEXT = 20


@dataclass(frozen=True, slots=True)
class RowIssue:
    """One thing to know about one cell; ``row`` is the row or feature number in the file."""

    row: int
    column: str
    value: str
    reason: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Every row of the file is accounted for: added, updated, unchanged or rejected.

    Raises:
        InvalidValue: the counts do not add up to the rows of the file.
    """

    layer: str
    part: str
    file: str
    rows: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    issues: tuple[RowIssue, ...] = ()
    notes: tuple[str, ...] = ()
    rejected_file: str = ""

    def __post_init__(self) -> None:
        if self.rows != self.taken + self.rejected:
            raise InvalidValue(
                f"Every row must be accounted for: {self.file} has {self.rows} rows, of which "
                f"{self.taken} were taken and {self.rejected} rejected."
            )

    @property
    def taken(self) -> int:
        """Rows that the store now holds as the file gives them."""
        return self.added + self.updated + self.unchanged

    @property
    def warned(self) -> int:
        """Rows taken with at least one warning."""
        rejected = {issue.row for issue in self.issues if issue.severity == "rejected"}
        return len({issue.row for issue in self.issues} - rejected)

    def text(self) -> str:
        """The report as a person reads it in a terminal."""
        lines = [
            f"{self.file} → {self.layer}: {self.rows:,} rows; {self.added:,} added, "
            f"{self.updated:,} updated, {self.unchanged:,} unchanged, {self.rejected:,} rejected; "
            f"{self.warned:,} taken with a warning."
        ]
        if self.rows and self.unchanged == self.rows:
            lines.append("  The workspace already held every row as it is here: nothing changed.")
        lines += [f"  {note}" for note in self.notes]
        for issue in self.issues[:SHOWN_IN_TEXT]:
            where = f"row {issue.row}, {issue.column}" if issue.column else f"row {issue.row}"
            lines.append(f"  {issue.severity}: {where}, {issue.value!r}: {issue.reason}")
        lines += self._the_rest()
        if self.rejected_file:
            lines.append(f"  The rejected rows are in {self.rejected_file}, to mend and import.")
        return "\n".join(lines)

    def _the_rest(self) -> list[str]:
        rest = Counter(
            (issue.severity, issue.column, issue.reason) for issue in self.issues[SHOWN_IN_TEXT:]
        )
        return [
            f"  {severity}: {count:,} further rows, {column}: {reason}"
            for (severity, column, reason), count in rest.most_common(SHOWN_IN_TEXT)
        ]

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON."""
        return {
            "layer": self.layer,
            "part": self.part,
            "file": self.file,
            "rows": self.rows,
            "taken": self.taken,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "warned": self.warned,
            "rejected_file": self.rejected_file,
            "notes": list(self.notes),
            "issues": [
                {
                    "row": issue.row,
                    "column": issue.column,
                    "value": issue.value,
                    "reason": issue.reason,
                    "severity": issue.severity,
                }
                for issue in self.issues
            ],
        }
