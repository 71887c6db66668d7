"""What is added to a workspace as one file, and beside it the account of it in JSON.

``<workspace>/boundaries/<name>/account.json`` names the file in use and is replaced in one step,
after that file is whole: a process killed at any moment leaves the old state or the new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from boundaries.errors import UnreadableGround
from boundaries.replacing import replacing

_ACCOUNT: Final = "account.json"
_PARQUET: Final = "parquet"


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that a workspace keeps: its folder, and how its damage is told."""

    name: str
    title: str

    @property
    def folder(self) -> Path:
        """Where it is kept, from the workspace on."""
        return Path("boundaries", self.name)

    def save(
        self, workspace_dir: Path, content: bytes, account: Mapping[str, Any], at: datetime
    ) -> None:
        """Keep the bytes of a Parquet file with its account, in place of what was held.

        One at a time may do so: a command holds the lock of imports meanwhile.
        """
        folder = workspace_dir / self.folder
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(content).hexdigest()
        target = folder / f"{digest[:12]}.parquet"
        whole = {
            **account,
            "added": at.isoformat(timespec="seconds"),
            _PARQUET: target.name,
            "digest": digest,
        }
        replaced = self._in_use(folder)
        with replacing(target) as file:
            file.write_bytes(content)
        with replacing(folder / _ACCOUNT) as file:
            file.write_text(json.dumps(whole, ensure_ascii=False, indent=2), encoding="utf-8")
        for path in folder.glob("*.parquet"):  # another process may still read the one replaced
            if path.name not in (target.name, replaced):
                path.unlink(missing_ok=True)

    def stamp(self, workspace_dir: Path) -> str:
        """Changes whenever something else is kept, by whatever process; empty where nothing is."""
        try:
            status = (workspace_dir / self.folder / _ACCOUNT).stat()
        except FileNotFoundError:
            return ""
        return f"{status.st_ino}-{status.st_mtime_ns}-{status.st_size}"

    def account(self, workspace_dir: Path) -> dict[str, Any] | None:
        """The account of what is kept; None where nothing is.

        Raises:
            UnreadableGround: it is damaged.
        """
        try:
            account = json.loads((workspace_dir / self.folder / _ACCOUNT).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise self.damaged() from error
        if not isinstance(account, dict):
            raise self.damaged()
        return account

    def content(self, workspace_dir: Path) -> bytes | None:
        """The bytes that are kept, as they were given; None where nothing is.

        Raises:
            UnreadableGround: they are missing or damaged.
        """
        account = self.account(workspace_dir)
        if account is None:
            return None
        try:
            content = (workspace_dir / self.folder / str(account[_PARQUET])).read_bytes()
            same = hashlib.sha256(content).hexdigest() == account["digest"]
        except (OSError, KeyError, TypeError) as error:
            raise self.damaged() from error
        if not same:
            raise self.damaged()
        return content

    def damaged(self) -> UnreadableGround:
        """The error that says what to do about it."""
        return UnreadableGround(
            f"The {self.title} of this workspace are missing or damaged. Add them again with "
            f"'patchmap boundaries add {self.name}', or remove the folder "
            f"{self.folder.as_posix()} to go without."
        )

    def _in_use(self, folder: Path) -> str:
        try:
            return str(json.loads((folder / _ACCOUNT).read_bytes())[_PARQUET])
        except (OSError, ValueError, KeyError, TypeError):
            return ""
