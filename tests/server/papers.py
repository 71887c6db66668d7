"""Papers made for tests: of the demonstration, and of what a test holds itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from layers.audience import Audience
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.app import create_app
from server.papers.paper import Figure, Link, Listing, Paper, Paragraph, Table
from server.papers.visits import asked_paper, paper_of
from server.settings import Settings
from tests.server.conftest import NOW

LIVE = "https://maps.example.org"


@dataclass(frozen=True)
class Wanted:
    """A paper to be made, and how its Patchmap is set up."""

    kind: str = "panel"
    date_from: str = "2024-04"
    date_to: str = "2025-03"
    since: str = ""
    audience: Audience = Audience.PUBLIC
    public_url: str = LIVE
    marking: str = "OFFICIAL"
    now: datetime = NOW


@contextmanager
def made(workspace: Workspace, wanted: Wanted | None = None) -> Iterator[Paper]:
    """The paper, within the app that made it, so that its files can be written."""
    wanted = wanted or Wanted()
    settings = Settings(workspace.path, public_url=wanted.public_url, marking=wanted.marking)
    params = {"from": [wanted.date_from], "to": [wanted.date_to], "since": [wanted.since]}
    with create_app(settings, workspace, lambda: wanted.now).app_context():
        yield paper_of(asked_paper(wanted.kind, params, wanted.audience))


def words_of(paper: Paper, verbatim: bool = True) -> str:
    """All that the paper says, in the order in which it is read.

    Without ``verbatim`` what is given word for word is left out.
    """
    said = [paper.title, paper.subtitle, *paper.notices]
    for section in paper.sections:
        said.append(section.heading)
        for block in section.blocks:
            match block:
                case Paragraph(text, as_it_stands):
                    said += [text] if verbatim or not as_it_stands else []
                case Listing(items):
                    said += items
                case Link(text, url):
                    said += [text, url]
                case Table():
                    left = () if verbatim else block.verbatim
                    cells = [c for r in block.rows for n, c in enumerate(r) if n not in left]
                    said += [block.caption, *block.columns, *cells]
                case Figure():
                    said += [
                        block.title,
                        block.alternative,
                        block.below if verbatim else block.source,
                    ]
    return "\n".join(said)


def table_of(paper: Paper, beginning: str) -> Table:
    """The table whose caption begins so."""
    (found,) = (
        block
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, Table) and block.caption.startswith(beginning)
    )
    return found


def with_visits(folder: Path, text: str, name: str = "visits.csv") -> Workspace:
    """A workspace that holds these visits alone."""
    workspace = Workspace.open(folder / "workspace", REGISTRY.schemas)
    take(workspace, folder / name, text, NOW)
    return workspace


def take(workspace: Workspace, file: Path, text: str, at: datetime) -> None:
    """Import visits."""
    file.write_text(text)
    report = REGISTRY.get("visits").take(read_table(file), workspace, Intake(at))
    assert not report.rejected, report.text()
