"""Postcodes kept in a workspace: one Parquet file, and beside it the account of it in JSON.

``<workspace>/boundaries/postcodes/account.json`` names the Parquet file in use and is replaced in
one step, after that file is whole: a process killed at any moment leaves the old postcodes or the
new ones.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from boundaries.errors import UnreadableGround
from boundaries.postcode_files import PostcodesRead
from boundaries.postcode_report import PostcodeAccount
from boundaries.replacing import replacing

_FOLDER: Final = Path("boundaries", "postcodes")
_ACCOUNT: Final = "account.json"
_COLUMNS: Final = ("postcode", "easting_m", "northing_m")


def save_postcodes(workspace_dir: Path, read: PostcodesRead, at: datetime) -> None:
    """Keep postcodes in the workspace, in place of those that it held.

    One at a time may do so: a command holds the lock of imports meanwhile.
    """
    folder = workspace_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    read.frame.to_parquet(buffer, index=False)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    target = folder / f"{digest[:12]}.parquet"
    account = read.report.account() | {
        "added": at.isoformat(timespec="seconds"),
        "parquet": target.name,
        "digest": digest,
    }
    replaced = _parquet_in_use(folder)
    with replacing(target) as file:
        file.write_bytes(content)
    with replacing(folder / _ACCOUNT) as file:
        file.write_text(json.dumps(account, ensure_ascii=False, indent=2), encoding="utf-8")
    for path in folder.glob("*.parquet"):  # another process may still read the one replaced
        if path.name not in (target.name, replaced):
            path.unlink(missing_ok=True)


def _parquet_in_use(folder: Path) -> str:
    try:
        return str(json.loads((folder / _ACCOUNT).read_bytes())["parquet"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def postcodes_stamp(workspace_dir: Path) -> str:
    """Changes whenever other postcodes are kept, by whatever process; empty where none are."""
    try:
        status = (workspace_dir / _FOLDER / _ACCOUNT).stat()
    except FileNotFoundError:
        return ""
    return f"{status.st_ino}-{status.st_mtime_ns}-{status.st_size}"


def postcode_account(workspace_dir: Path) -> PostcodeAccount | None:
    """What the workspace holds of postcodes; None where none were added.

    Raises:
        UnreadableGround: the account is damaged.
    """
    account = _account(workspace_dir / _FOLDER)
    if account is None:
        return None
    try:
        return PostcodeAccount.of(account)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged() from error


def load_postcodes(workspace_dir: Path) -> pd.DataFrame | None:
    """The postcodes, with ``easting_m`` and ``northing_m``; None where none were added.

    Raises:
        UnreadableGround: they are missing or damaged.
    """
    folder = workspace_dir / _FOLDER
    account = _account(folder)
    if account is None:
        return None
    try:
        content = (folder / account["parquet"]).read_bytes()
        if hashlib.sha256(content).hexdigest() != account["digest"]:
            raise _damaged()
        return pd.read_parquet(BytesIO(content), columns=list(_COLUMNS))
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise _damaged() from error


def postcode_faults(workspace_dir: Path) -> list[str]:
    """What is wrong with the postcodes of a workspace, in sentences; nothing where all is well."""
    try:
        postcode_account(workspace_dir)
        load_postcodes(workspace_dir)
    except UnreadableGround as error:
        return [str(error)]
    return []


def _account(folder: Path) -> dict[str, Any] | None:
    try:
        account = json.loads((folder / _ACCOUNT).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _damaged() from error
    if not isinstance(account, dict):
        raise _damaged()
    return account


def _damaged() -> UnreadableGround:
    return UnreadableGround(
        "The postcodes of this workspace are missing or damaged. Add them again with 'patchmap "
        f"boundaries add postcodes', or remove the folder {_FOLDER.as_posix()} to go without."
    )
