"""A table of travel times kept in a workspace, and the account of it (see `boundaries.kept`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from boundaries.errors import UnreadableGround
from boundaries.kept import Kept
from boundaries.travel_time_files import AREA, MINUTES, SITE, TravelTimesRead

_KEPT: Final = Kept("travel-times", "travel times")


@dataclass(frozen=True, slots=True)
class TravelTimesAccount:
    """What a workspace holds of travel times, without the minutes themselves."""

    file_name: str
    taken: int
    source: str
    vintage: str
    attribution: tuple[str, ...]

    @classmethod
    def of(cls, account: Mapping[str, Any]) -> TravelTimesAccount:
        """From what `TravelTimesReport.account` gave."""
        return cls(
            file_name=str(account["file_name"]),
            taken=int(account["taken"]),
            source=str(account["source"]),
            vintage=str(account["vintage"]),
            attribution=tuple(str(line) for line in account["attribution"]),
        )


def save_travel_times(workspace_dir: Path, read: TravelTimesRead, at: datetime) -> None:
    """Keep a table in the workspace, in place of the one that it held.

    One at a time may do so: a command holds the lock of imports meanwhile.
    """
    buffer = BytesIO()
    read.frame.to_parquet(buffer, index=False)
    _KEPT.save(workspace_dir, buffer.getvalue(), read.report.account(), at)


def travel_times_stamp(workspace_dir: Path) -> str:
    """Changes whenever another table is kept, by whatever process; empty where none is."""
    return _KEPT.stamp(workspace_dir)


def travel_times_account(workspace_dir: Path) -> TravelTimesAccount | None:
    """What the workspace holds of travel times; None where none were added.

    Raises:
        UnreadableGround: the account is damaged.
    """
    account = _KEPT.account(workspace_dir)
    if account is None:
        return None
    try:
        return TravelTimesAccount.of(account)
    except (KeyError, TypeError, ValueError) as error:
        raise _KEPT.damaged() from error


def load_travel_times(workspace_dir: Path) -> pd.DataFrame | None:
    """``minutes`` by ``lsoa_code`` and ``site_id``; None where none were added.

    Raises:
        UnreadableGround: they are missing or damaged.
    """
    content = _KEPT.content(workspace_dir)
    if content is None:
        return None
    try:
        return pd.read_parquet(BytesIO(content), columns=[AREA, SITE, MINUTES])
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise _KEPT.damaged() from error


def travel_times_faults(workspace_dir: Path) -> list[str]:
    """What is wrong with the travel times of a workspace; nothing where all is well."""
    try:
        travel_times_account(workspace_dir)
        load_travel_times(workspace_dir)
    except UnreadableGround as error:
        return [str(error)]
    return []
