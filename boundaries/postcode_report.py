"""What became of each row of the files of postcodes that were added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from geo.errors import InvalidValue

_FEW_ROWS: Final = 10


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file by its name, its rows without a header, and the SHA-256 digest of its bytes."""

    name: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class UnusableRow:
    """A row that cannot be used: its file, its line there, and why."""

    file_name: str
    row: int
    why: str


@dataclass(frozen=True, slots=True)
class PostcodeReport:
    """The account of all rows: each is in one of the six counts.

    ``terminated`` are no longer in use, ``unplaced`` have no position, ``outside`` lie in no
    district of the force, ``repeated`` came before. ``districts`` says which outlines were used,
    ``attribution`` holds the lines that must be shown with the postcodes.

    Raises:
        InvalidValue: the counts do not add up to the rows.
    """

    files: tuple[FileRead, ...]
    rows: int
    taken: int
    outside: int
    terminated: int
    unplaced: int
    repeated: int
    unusable: tuple[UnusableRow, ...]
    districts: str
    attribution: tuple[str, ...]

    def __post_init__(self) -> None:
        counted = self.taken + self.outside + self.terminated + self.unplaced + self.repeated
        if self.rows != counted + len(self.unusable):
            raise InvalidValue(
                f"Every row must be accounted for: of {self.rows} rows {counted} were counted and "
                f"{len(self.unusable)} are unusable."
            )

    def as_dict(self) -> dict[str, Any]:
        """The report for programs."""
        return asdict(self)

    def account(self) -> dict[str, Any]:
        """The report as it is kept: unusable rows as a number."""
        return {**asdict(self), "unusable": len(self.unusable)}

    def as_text(self) -> str:
        """The report for people."""
        names = ", ".join(file.name for file in self.files)
        lines = [
            f"{names}: {self.rows:,} rows.",
            f"  {self.taken:,} postcodes taken, by {self.districts}",
            f"  {self.outside:,} outside the districts of the force",
            f"  {self.terminated:,} no longer in use",
            f"  {self.unplaced:,} without a position",
            f"  {self.repeated:,} repeated",
            f"  {len(self.unusable):,} unusable",
        ]
        lines += [f"    {row}" for row in unusable_in_words(self.unusable)]
        lines += [f"Show with the postcodes: {line}" for line in self.attribution]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class PostcodeAccount:
    """What a workspace holds of postcodes, without the postcodes themselves."""

    taken: int
    rows: int
    file_names: tuple[str, ...]
    attribution: tuple[str, ...]

    @classmethod
    def of(cls, account: Mapping[str, Any]) -> PostcodeAccount:
        """From what `PostcodeReport.account` gave."""
        return cls(
            taken=int(account["taken"]),
            rows=int(account["rows"]),
            file_names=tuple(str(file["name"]) for file in account["files"]),
            attribution=tuple(str(line) for line in account["attribution"]),
        )


def unusable_in_words(unusable: Iterable[UnusableRow]) -> list[str]:
    """Unusable rows by file and reason, a sentence each."""
    rows_by_why: dict[tuple[str, str], list[int]] = {}
    for item in unusable:
        rows_by_why.setdefault((item.file_name, item.why), []).append(item.row)
    return [
        f"{file_name}, {_rows_in_words(rows)}: {why}."
        for (file_name, why), rows in rows_by_why.items()
    ]


def _rows_in_words(rows: list[int]) -> str:
    shown = ", ".join(f"{row:,}" for row in rows[:_FEW_ROWS])
    if len(rows) == 1:
        return f"row {shown}"
    more = len(rows) - _FEW_ROWS
    return f"rows {shown} and {more:,} more" if more > 0 else f"rows {shown}"
