"""A desk with four real months of recorded crime, one of them with the same month a year before."""

from __future__ import annotations

from pathlib import Path

HELD = ("2021-09", "2021-10", "2022-08", "2022-10")


def month_file(shared_data: Path, month: str) -> Path:
    """The file of a month as its publisher gives it."""
    return shared_data / "crime" / f"{month}-leicestershire-street.csv.gz"
