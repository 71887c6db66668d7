"""Postcodes kept in a workspace, and the account of them (see `boundaries.kept`)."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from boundaries.errors import UnreadableGround
from boundaries.kept import Kept
from boundaries.postcode_files import PostcodesRead
from boundaries.postcode_report import PostcodeAccount

_KEPT: Final = Kept("postcodes", "postcodes")
_COLUMNS: Final = ("postcode", "easting_m", "northing_m")


def save_postcodes(workspace_dir: Path, read: PostcodesRead, at: datetime) -> None:
    """Keep postcodes in the workspace, in place of those that it held.

    One at a time may do so: a command holds the lock of imports meanwhile.
    """
    buffer = BytesIO()
    read.frame.to_parquet(buffer, index=False)
    _KEPT.save(workspace_dir, buffer.getvalue(), read.report.account(), at)


def postcodes_stamp(workspace_dir: Path) -> str:
    """Changes whenever other postcodes are kept, by whatever process; empty where none are."""
    return _KEPT.stamp(workspace_dir)


def postcode_account(workspace_dir: Path) -> PostcodeAccount | None:
    """What the workspace holds of postcodes; None where none were added.

    Raises:
        UnreadableGround: the account is damaged.
    """
    account = _KEPT.account(workspace_dir)
    if account is None:
        return None
    try:
        return PostcodeAccount.of(account)
    except (KeyError, TypeError, ValueError) as error:
        raise _KEPT.damaged() from error


def load_postcodes(workspace_dir: Path) -> pd.DataFrame | None:
    """The postcodes, with ``easting_m`` and ``northing_m``; None where none were added.

    Raises:
        UnreadableGround: they are missing or damaged.
    """
    content = _KEPT.content(workspace_dir)
    if content is None:
        return None
    try:
        return pd.read_parquet(BytesIO(content), columns=list(_COLUMNS))
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise _KEPT.damaged() from error


def postcode_faults(workspace_dir: Path) -> list[str]:
    """What is wrong with the postcodes of a workspace, in sentences; nothing where all is well."""
    try:
        postcode_account(workspace_dir)
        load_postcodes(workspace_dir)
    except UnreadableGround as error:
        return [str(error)]
    return []
