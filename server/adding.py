"""Adding files to the ground from the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import click

from server.command import (
    REJECTED,
    as_json_option,
    open_workspace,
    print_json,
    sentences,
    workspace_option,
)

YEARS: Final = click.IntRange(2000, 2199)


@click.group()
def add() -> None:
    """Add what Patchmap does not ship to the ground of a workspace."""


@add.command("postcodes")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--year", type=YEARS, help="Year of the data; else the last in the files' names.")
@as_json_option
@workspace_option
@sentences
def add_postcodes(
    files: tuple[Path, ...], year: int | None, as_json: bool, workspace: Path | None
) -> None:
    """Make postcodes searchable: those of FILES that lie in the force area.

    FILES are CSV, plain or gzipped: the ONS Postcode Directory, the National Statistics Postcode
    Lookup, or OS Code-Point Open. They take the place of postcodes that were added before.
    """
    from boundaries.postcode_files import read_postcodes
    from boundaries.postcodes import save_postcodes

    have = open_workspace(workspace, make=True)
    read = read_postcodes(files, have.ground.districts, year)
    with have.importing():
        save_postcodes(have.path, read, datetime.now())
    if as_json:
        print_json(read.report.as_dict())
    else:
        click.echo(read.report.as_text())
    if read.report.unusable:
        raise click.exceptions.Exit(REJECTED)
