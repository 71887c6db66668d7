"""``patchmap report``: papers as files in a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from boundaries.replacing import replacing
from layers.audience import Audience
from layers.errors import UnreadableFile
from server.command import (
    REJECTED,
    as_json_option,
    open_workspace,
    print_json,
    sentences,
    settings_of,
    workspace_option,
)

if TYPE_CHECKING:
    from server.papers.files import PaperFile
    from server.papers.paper import Paper

Command = TypeVar("Command", bound=Callable[..., Any])

_OUT: Final = click.Path(path_type=Path)


def _common(command: Command) -> Command:
    """The options that every paper has."""
    for option in (
        workspace_option,
        as_json_option,
        click.option("--staff", is_flag=True, help="What staff may see too: not for publication."),
        click.option(
            "--out", type=_OUT, required=True, help="Folder to write to; made if missing."
        ),
    ):
        command = option(command)
    return command


def _of_period(command: Command) -> Command:
    """The options of a paper on a period."""
    for option in (
        click.option("--to", "date_to", required=True, help="Last day or month."),
        click.option("--from", "date_from", required=True, help="First day or month."),
    ):
        command = option(command)
    return command


@click.group()
def report() -> None:
    """Make a paper as PDF, Word, map, CSV and GeoPackage."""


@report.command()
@_common
@_of_period
@click.option("--since", default="", help="Day of the last paper, to say what changed since.")
@sentences
def panel(since: str, **options: Any) -> None:
    """The report on visits to the Police and Crime Panel."""
    _make("panel", since=since, **options)


@report.command()
@_common
@_of_period
@sentences
def annual(**options: Any) -> None:
    """The map and figures for the Annual Report, of a financial year."""
    _make("annual", since="", **options)


@report.command()
@_common
@click.option("--as-of", default="", help="Day of the paper; today unless it is given.")
@click.option("--since", default="", help="Day of the last paper, to say what changed since.")
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    help="Query of an address of /estate/what-if, with --staff alone; up to four.",
)
@sentences
def estate(as_of: str, since: str, scenarios: tuple[str, ...], staff: bool, **options: Any) -> None:
    """The Estates Insight paper: register, programme, coverage, scenarios."""
    from server.estate.asked import AS_OF
    from server.papers.estate.asked import SCENARIO_PARAM, SINCE_PARAM, asked_paper
    from server.papers.estate.paper import ESTATE_FILES, paper_of

    params = {AS_OF: [as_of], SINCE_PARAM: [since], SCENARIO_PARAM: list(scenarios)}
    _write(lambda: paper_of(asked_paper(params, _audience(staff))), ESTATE_FILES, **options)


def _make(kind: str, date_from: str, date_to: str, since: str, staff: bool, **options: Any) -> None:
    from server.papers.files import FILES
    from server.papers.visits import SINCE_PARAM, asked_paper, paper_of

    params = {"from": [date_from], "to": [date_to], SINCE_PARAM: [since]}
    _write(lambda: paper_of(asked_paper(kind, params, _audience(staff))), FILES, **options)


def _audience(staff: bool) -> Audience:
    return Audience.STAFF if staff else Audience.PUBLIC


def _write(
    make: Callable[[], Paper],
    files: Mapping[str, PaperFile],
    out: Path,
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Make a paper and write its files."""
    from server.app import create_app

    settings, have = settings_of(workspace), open_workspace(workspace)
    _check_folder(out)
    with create_app(settings, have, datetime.now).app_context():
        paper = make()
        out.mkdir(parents=True, exist_ok=True)
        written, missing = _written(paper, files, out)
    if as_json:
        print_json({"paper": paper.name, "files": list(map(str, written)), "missing": missing})
    else:
        for file in written:
            click.echo(str(file))
        click.echo(f"{paper.title}. {paper.subtitle}. {paper.summary}")
    for sentence in missing:
        click.echo(f"patchmap: {sentence}", err=True)
    if missing:
        raise click.exceptions.Exit(REJECTED)


def _check_folder(out: Path) -> None:
    """Refuse what cannot be a folder before anything is made.

    Raises:
        UnreadableFile: a file stands where the folder should, or above it.
    """
    nearest = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise UnreadableFile(
            f"A folder to write to is needed; {nearest} is a file. Name another folder by --out."
        )


def _written(
    paper: Paper, files: Mapping[str, PaperFile], out: Path
) -> tuple[list[Path], list[str]]:
    """Write every file of a paper that can be made, each whole or not at all.

    Returns:
        The files, and a sentence for each that this machine cannot make.
    """
    from server.papers.pdf import PdfNotPossible

    written, missing = [], []
    for each in files.values():
        target = out / f"{paper.name}{each.ending}"
        try:
            content = each.make(paper)
        except PdfNotPossible as error:
            missing.append(str(error))
            continue
        with replacing(target) as file:
            file.write_bytes(content)
        written.append(target)
    return written, missing
