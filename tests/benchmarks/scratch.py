"""What the sections of one run share: a folder that goes away, points, and workspaces of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from server.app import create_app
from server.settings import Settings
from tests.benchmarks.points import (
    MadePoints,
    crime_points,
    fill_workspace,
    open_workspace,
)


class Scratch:
    """A folder for one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def filled(self, records: int) -> Path:
        """The folder of a workspace with so many records, made when first asked for."""
        workspace = self.folder / f"workspace-{records}"
        if not workspace.is_dir():
            fill_workspace(workspace, points_of(records))
        return workspace


@lru_cache(maxsize=1)
def points_of(records: int) -> MadePoints:
    """The points of the size that was asked for last."""
    return crime_points(records)


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A scratch folder that is gone afterwards."""
    with TemporaryDirectory(prefix="patchmap-benchmarks-") as folder:
        yield Scratch(Path(folder))


class Clock:
    """A clock that stands still until it is told to go to the next day.

    What is kept of answers belongs to a day; on the next one they are made anew.
    """

    def __init__(self) -> None:
        self._now = datetime(2025, 1, 15, 9)

    def __call__(self) -> datetime:
        """Now."""
        return self._now

    def next_day(self) -> None:
        """Go on by a day."""
        self._now += timedelta(days=1)


@contextmanager
def open_app(workspace: Path, clock: Clock) -> Iterator[Flask]:
    """The app over a workspace, in this process."""
    opened = open_workspace(workspace)
    try:
        yield create_app(Settings(workspace), opened, clock)
    finally:
        opened.close()
