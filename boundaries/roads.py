"""Roads kept in a workspace, and the account of them (see `boundaries.kept`)."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import geopandas as gpd
import pyarrow as pa

from boundaries.errors import UnreadableGround
from boundaries.kept import Kept
from boundaries.road_files import RoadsRead
from boundaries.road_report import RoadReport

_KEPT: Final = Kept("roads", "roads")


def save_roads(workspace_dir: Path, read: RoadsRead, at: datetime) -> None:
    """Keep roads in the workspace, in place of those that it held.

    One at a time may do so: a command holds the lock of imports meanwhile.
    """
    buffer = BytesIO()
    read.frame.to_parquet(buffer, index=False)
    _KEPT.save(workspace_dir, buffer.getvalue(), read.report.as_dict(), at)


def roads_stamp(workspace_dir: Path) -> str:
    """Changes whenever other roads are kept, by whatever process; empty where none are."""
    return _KEPT.stamp(workspace_dir)


def roads_account(workspace_dir: Path) -> RoadReport | None:
    """What the workspace holds of roads; None where none were added.

    Raises:
        UnreadableGround: the account is damaged.
    """
    account = _KEPT.account(workspace_dir)
    if account is None:
        return None
    try:
        return RoadReport.of(account)
    except (KeyError, TypeError, ValueError) as error:
        raise _KEPT.damaged() from error


def load_roads(workspace_dir: Path) -> gpd.GeoDataFrame | None:
    """The roads as `boundaries.road_files.RoadsRead` has them; None where none were added.

    Raises:
        UnreadableGround: they are missing or damaged.
    """
    content = _KEPT.content(workspace_dir)
    if content is None:
        return None
    try:
        return gpd.read_parquet(BytesIO(content))
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise _KEPT.damaged() from error


def roads_faults(workspace_dir: Path) -> list[str]:
    """What is wrong with the roads of a workspace, in sentences; nothing where all is well."""
    try:
        roads_account(workspace_dir)
        load_roads(workspace_dir)
    except UnreadableGround as error:
        return [str(error)]
    return []
