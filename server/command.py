"""What every command shares: its options, its workspace, its sentences and exit codes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, NoReturn, ParamSpec

import click
import orjson
from sqlalchemy.exc import SQLAlchemyError

from geo.errors import PatchmapError
from layers.errors import DamagedWorkspace
from layers.registry import REGISTRY
from layers.report import ImportReport
from layers.workspace import Workspace
from server.settings import Settings

REJECTED: Final = 1
UNUSABLE: Final = 2
STOPPED: Final = 130

P = ParamSpec("P")

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
workspace_option = click.option(
    "--workspace",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder of the workspace; else PATCHMAP_WORKSPACE, else ./workspace.",
)


def sentences(command: Callable[P, None]) -> Callable[P, None]:
    """Turn every error made on purpose into one sentence and the exit code for unusable input."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except SQLAlchemyError as error:
            why = getattr(error, "orig", None) or type(error).__name__
            fail(
                f"The database could not do this: {why}. Nothing was changed; try again.", UNUSABLE
            )
        except (PatchmapError, OSError) as error:
            fail(str(error), UNUSABLE)

    return run


def fail(sentence: str, code: int) -> NoReturn:
    """Say why and stop."""
    click.echo(f"patchmap: {sentence}", err=True)
    raise click.exceptions.Exit(code)


def settings_of(workspace: Path | None) -> Settings:
    """The settings of the environment, with the workspace of the command line before them."""
    return Settings.of_process(workspace)


def open_workspace(
    workspace: Path | None, make: bool = False, make_tables: bool = True
) -> Workspace:
    """Open the workspace; with ``make``, as commands that write do, one that is not there yet.

    ``make_tables`` is False where a missing table is to be found and not made.

    Raises:
        DamagedWorkspace: its database cannot be read.
    """
    settings = settings_of(workspace)
    if not make and not settings.workspace.is_dir():
        fail(
            f"A workspace is needed; there is none at {settings.workspace}. Import something, or "
            "load the demonstration with 'patchmap demo'.",
            UNUSABLE,
        )
    try:
        return Workspace.open(
            settings.workspace, REGISTRY.schemas, settings.database_url, make_tables
        )
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        raise DamagedWorkspace(
            f"A database that can be read is needed; that of {settings.workspace} cannot: "
            f"{getattr(error, 'orig', None) or error}. Restore it, or mend PATCHMAP_DATABASE_URL."
        ) from error


def print_json(value: Any) -> None:
    """Print a result for programs."""
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode())


def exit_by(reports: list[ImportReport]) -> None:
    """Stop with the code for rejected rows where there are any."""
    if any(report.rejected for report in reports):
        raise click.exceptions.Exit(REJECTED)
