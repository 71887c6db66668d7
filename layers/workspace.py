"""A workspace: one folder that holds registers, crime partitions, built boundaries and rejects."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, TypeVar, cast

import orjson
from filelock import FileLock, Timeout

from boundaries.ground import Ground, load_ground
from boundaries.replacing import replacing
from boundaries.saved import current_build_id
from layers.crime_store import CrimeStore
from layers.errors import BusyWorkspace, DamagedWorkspace
from layers.files import RawTable
from layers.rejects import write_rejected
from layers.remembered import Remembered
from layers.report import RowIssue
from layers.schema import Schema
from layers.store import Store

T = TypeVar("T")


class HasRows(Protocol):
    """An answer that takes as much memory as it has rows."""

    @property
    def rows(self) -> int:
        """Their number."""


A = TypeVar("A", bound=HasRows)

NOTICES: Final = "notices.json"
IMPORT_LOCK: Final = "import.lock"
IMPORT_WAIT_S: Final = 300
ANSWERS_KEPT: Final = 64
ROWS_KEPT: Final = 400_000
"""Rows of all kept answers together, about half a kilobyte each."""


@dataclass(frozen=True, slots=True)
class Intake:
    """How a file is to be taken: when, and whether one rejected row refuses all.

    ``form_key`` tells a form that is sent twice; it is kept with the record that it made.
    """

    at: datetime
    strict: bool = False
    form_key: str = ""


class Workspace:
    """The open folder. Results derived from what is held are kept until that changes."""

    def __init__(self, path: Path, store: Store, crime: CrimeStore, ground: Ground) -> None:
        self.path = path
        self.store = store
        self.crime = crime
        self.ground = ground
        self.notices = _notices(path)
        self._build_id = current_build_id(path)
        self._derived = Remembered()
        self._answers = Remembered(ROWS_KEPT, _rows_to_keep)
        self._import_lock = FileLock(path / IMPORT_LOCK, timeout=IMPORT_WAIT_S)

    @classmethod
    def open(
        cls,
        path: Path,
        schemas: Iterable[Schema],
        database_url: str = "",
        make_tables: bool = True,
    ) -> Workspace:
        """Open the folder, making what is not there yet; tables only with ``make_tables``."""
        path.mkdir(parents=True, exist_ok=True)
        url = database_url or f"sqlite:///{path / 'patchmap.sqlite'}"
        store = Store(url, schemas, make_tables)
        return cls(path, store, CrimeStore(path / "crime"), load_ground(path))

    def derived(self, key: Hashable, version: str, compute: Callable[[], T]) -> T:
        """``compute()``, or what it gave last time if ``version`` and the ground are the same."""
        return self._derived.get(key, f"{version}/{self.ground.fingerprint}", compute)

    def remembered(self, key: Hashable, version: str, compute: Callable[[], A]) -> A:
        """As :meth:`derived`, of which only those asked for last are kept.

        They are ``ANSWERS_KEPT`` at most, with ``ROWS_KEPT`` rows together.
        """
        return self._answers.get(key, version, compute)

    def remembers(self, key: Hashable, version: str) -> bool:
        """Whether :meth:`remembered` has the result of this version ready."""
        return self._answers.held(key, version)

    @contextmanager
    def importing(self) -> Iterator[None]:
        """One import at a time, in whatever process.

        Raises:
            BusyWorkspace: another import did not end in good time.
        """
        try:
            with self._import_lock:
                yield
        except Timeout as error:
            raise BusyWorkspace(
                f"Another import into {self.path} has been going on for {IMPORT_WAIT_S} seconds. "
                "Wait until it ends, and import again."
            ) from error

    def keep_rejected(
        self, table: RawTable, issues: Iterable[RowIssue], rejected: Set[int], at: datetime
    ) -> str:
        """Write the rejected rows, with the reasons, to a CSV of their own; its path, or empty."""
        return write_rejected(self.path / "rejected", table, issues, rejected, at)

    def add_notices(self, notices: Mapping[str, list[str]]) -> None:
        """Say something of layers in every caption of them from now on, by layer id."""
        self.notices = {**self.notices, **notices}
        with replacing(self.path / NOTICES) as file:
            file.write_bytes(orjson.dumps(self.notices))

    def reload_ground(self) -> None:
        """Read the boundaries anew after they were built or imported."""
        build_id = current_build_id(self.path)
        self.ground = load_ground(self.path)
        self._build_id = build_id

    def refresh(self) -> None:
        """Take up what another process changed: boundaries and notices."""
        if current_build_id(self.path) != self._build_id:
            self.reload_ground()
        self.notices = _notices(self.path)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


def _rows_to_keep(answer: object) -> float:
    """For how many rows an answer counts: at least its share of all, for its words and tables."""
    return max(cast(HasRows, answer).rows, ROWS_KEPT / ANSWERS_KEPT)


def _notices(path: Path) -> dict[str, list[str]]:
    file = path / NOTICES
    try:
        return dict(orjson.loads(file.read_bytes())) if file.is_file() else {}
    except orjson.JSONDecodeError as error:
        raise DamagedWorkspace(
            f"{NOTICES} in the workspace cannot be read: {error}. Load the demonstration again, or "
            "remove the file."
        ) from error
