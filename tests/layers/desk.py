"""A desk to work at: a workspace, files written for it, imports and views of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import orjson

from boundaries.ground import Ground, load_ground
from layers.answer import answer, read_query
from layers.audience import Audience
from layers.crime_store import CrimeStore
from layers.files import read_table
from layers.protocol import Layer
from layers.registry import REGISTRY
from layers.report import ImportReport
from layers.store import Store
from layers.view import View
from layers.workspace import Intake, Workspace

AT = datetime(2026, 1, 2, 9, 30)
TODAY = date(2026, 1, 2)


@dataclass(frozen=True)
class Desk:
    """A workspace and the few things that one does with it, on a fixed day."""

    workspace: Workspace
    files: Path

    def write(self, name: str, content: str | bytes | dict[str, object]) -> Path:
        """A file beside the workspace; a dictionary is written as JSON."""
        self.files.mkdir(exist_ok=True)
        path = self.files / name
        if isinstance(content, dict):
            content = orjson.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def take(
        self,
        layer: str,
        name: str,
        content: str | bytes | dict[str, object],
        strict: bool = False,
    ) -> ImportReport:
        """Import a file made of the content."""
        return self.take_file(layer, self.write(name, content), strict)

    def take_file(self, layer: str, path: Path, strict: bool = False) -> ImportReport:
        """Import a file."""
        return REGISTRY.get(layer).take(read_table(path), self.workspace, Intake(AT, strict))

    def view(
        self,
        layer: str | Layer,
        audience: Audience = Audience.STAFF,
        today: date = TODAY,
        **params: str | list[str],
    ) -> View:
        """The answer to address parameters; ``from_`` stands for ``from``."""
        chosen = REGISTRY.get(layer) if isinstance(layer, str) else layer
        given = {
            name.rstrip("_"): [value] if isinstance(value, str) else value
            for name, value in params.items()
        }
        query = read_query(chosen, self.workspace, given, audience, today)
        return answer(chosen, self.workspace, query, today)

    def by_npa(self, view: View) -> dict[str, int]:
        """Surely counted records by NPA code, what lies in none by its name."""
        table = view.by_npa
        keys = table["npa_code"].where(table["npa_code"] != "", table["npa_name"])
        return dict(zip(keys, table["surely"], strict=True))


@cache
def shipped_ground() -> Ground:
    """The shipped ground, read once: nothing may change its frames."""
    return load_ground(None)


def open_desk(folder: Path) -> Desk:
    """A desk with an empty workspace on the shipped ground."""
    path = folder / "workspace"
    path.mkdir(parents=True)
    store = Store(f"sqlite:///{path / 'patchmap.sqlite'}", REGISTRY.schemas)
    workspace = Workspace(path, store, CrimeStore(path / "crime"), shipped_ground())
    return Desk(workspace, folder / "files")
