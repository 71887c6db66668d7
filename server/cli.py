"""The command line: ``patchmap``.

Exit 0 all well, 1 something rejected or not whole, 2 unusable input, 130 stopped by the user.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from boundaries.errors import UnreadableGround
from boundaries.postcodes import postcode_faults
from boundaries.roads import roads_faults
from boundaries.travel_times import travel_times_faults
from layers.audience import Audience
from layers.errors import DamagedWorkspace, RejectedRows
from layers.registry import REGISTRY
from layers.report import ImportReport
from layers.workspace import Intake
from server.adding import add
from server.command import (
    REJECTED,
    STOPPED,
    UNUSABLE,
    as_json_option,
    exit_by,
    open_workspace,
    print_json,
    sentences,
    settings_of,
    workspace_option,
)
from server.papers.command import report
from server.settings import SETTINGS

PORTS: Final = click.IntRange(1, 65535)


def main() -> None:
    """Run the command, turning every error made on purpose into one sentence."""
    try:
        sys.exit(patchmap(standalone_mode=False) or 0)
    except click.ClickException as error:
        click.echo(f"patchmap: {error.format_message()}", err=True)
        sys.exit(UNUSABLE)
    except click.Abort:
        click.echo("patchmap: stopped.", err=True)
        sys.exit(STOPPED)


@click.group(
    epilog="Environment: " + "; ".join(f"{item.name}: {item.help}" for item in SETTINGS),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="patchmap")
def patchmap() -> None:
    """Policing geography, visits, estate, Street Safe, People Zones and crime on one map."""


@patchmap.command("import")
@click.argument("layer")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Take nothing of a file with a rejected row.")
@as_json_option
@workspace_option
@sentences
def import_(
    layer: str, files: tuple[Path, ...], strict: bool, as_json: bool, workspace: Path | None
) -> None:
    """Import FILES (CSV or GeoJSON) into LAYER, or a register, and account for every row."""
    from layers.files import read_table

    take = REGISTRY.taker(layer)
    have = open_workspace(workspace, make=True)
    reports: list[ImportReport] = []
    try:
        for path in files:
            if len(files) > 1:
                click.echo(f"Reading {path.name} ({len(reports) + 1} of {len(files)})", err=True)
            try:
                report = take(read_table(path), have, Intake(datetime.now(), strict))
            except RejectedRows as refusal:
                click.echo(f"patchmap: {refusal}", err=True)
                report = refusal.report
            reports.append(report)
            if not as_json:
                click.echo(report.text())
    finally:  # what was taken before a file that cannot be is still accounted for
        if as_json:
            print_json([report.as_dict() for report in reports])
    exit_by(reports)


@patchmap.command()
@click.argument("layer")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--public", is_flag=True, help="Only what the public may see.")
@click.option("--from", "date_from", default="", help="First day or month; all dates by default.")
@click.option("--to", "date_to", default="", help="Last day or month.")
@click.option("--npa", multiple=True, help="Code of a Neighbourhood Policing Area; repeatable.")
@as_json_option
@workspace_option
@sentences
def export(
    layer: str,
    file: Path,
    public: bool,
    date_from: str,
    date_to: str,
    npa: tuple[str, ...],
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Write LAYER to FILE, as CSV or GeoJSON by its ending; a register of the office as CSV."""
    from server.exporting import export_view, register_written, written

    params = {"from": [date_from], "to": [date_to], "npa": list(npa)}
    audience = Audience.PUBLIC if public else Audience.STAFF
    have = open_workspace(workspace)
    if layer in REGISTRY.ids:
        view = export_view(REGISTRY.get(layer), have, params, audience, datetime.now())
        rows, said = written(view, file), view.caption[0]
    else:
        schema = REGISTRY.register_named(layer)
        rows, said = register_written(schema, have, params, audience, file)
    if as_json:
        print_json({"layer": layer, "file": str(file), "rows": rows})
    else:
        click.echo(f"{rows:,} rows written to {file}. {said}")


@patchmap.command()
@as_json_option
@workspace_option
@sentences
def layers(as_json: bool, workspace: Path | None) -> None:
    """List the layers, the registers of the office, and what the workspace holds of each."""
    have = open_workspace(workspace, make=True)
    rows = []
    for layer in REGISTRY:
        extent = layer.extent(have)
        rows.append(
            {
                "layer": layer.spec.id,
                "title": layer.spec.title,
                "held": layer.held(have),
                "from": extent.date_from.isoformat() if extent else None,
                "to": extent.date_to.isoformat() if extent else None,
            }
        )
    rows += [
        {
            "layer": schema.part,
            "title": f"Register: {schema.plural}",
            "held": len(have.store.held(schema, ())),
            "from": None,
            "to": None,
        }
        for schema in REGISTRY.registers
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        dates = f", {row['from']} to {row['to']}" if row["from"] else ""
        click.echo(f"{row['layer']:<15}{row['held']:>9,}  {row['title']}{dates}")


@patchmap.command()
@click.option(
    "--if-empty",
    is_flag=True,
    help="Leave a workspace that holds anything as it is; finish a load that was broken off.",
)
@as_json_option
@workspace_option
@sentences
def demo(if_empty: bool, as_json: bool, workspace: Path | None) -> None:
    """Load the demonstration pack into the workspace."""
    from layers.demo import is_demo, is_whole, load_demo

    have = open_workspace(workspace, make=True)
    if if_empty and have.store.imports() and (not is_demo(have) or is_whole(have)):
        click.echo(f"The workspace {have.path} holds data already; it stays as it is.", err=True)
        if as_json:
            print_json([])
        return
    reports = load_demo(have, REGISTRY, Intake(datetime.now()), lambda s: click.echo(s, err=True))
    if as_json:
        print_json([report.as_dict() for report in reports])
    else:
        rows = sum(report.rows for report in reports)
        fresh = sum(report.added + report.updated for report in reports)
        click.echo(f"The demonstration pack has {rows:,} rows; {fresh:,} of them were new.")
    exit_by(reports)


@patchmap.command()
@as_json_option
@workspace_option
@sentences
def check(as_json: bool, workspace: Path | None) -> None:
    """Say whether the workspace is whole."""
    from layers.demo import is_demo, is_whole

    try:
        have = open_workspace(workspace, make_tables=False)
        faults = [
            *have.store.faults(),
            *have.crime.faults(),
            *postcode_faults(have.path),
            *roads_faults(have.path),
            *travel_times_faults(have.path),
        ]
        if not faults and is_demo(have) and not is_whole(have):
            faults.append("The demonstration was not loaded to its end. Run 'patchmap demo' again.")
    except (DamagedWorkspace, UnreadableGround) as error:
        faults = [str(error)]
    if as_json:
        print_json({"whole": not faults, "faults": faults})
    else:
        for fault in faults:
            click.echo(fault)
        if not faults:
            click.echo(f"The workspace {settings_of(workspace).workspace} is whole.")
    if faults:
        raise click.exceptions.Exit(REJECTED)


@patchmap.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORTS, default=8000, show_default=True, help="Port to listen on.")
@workspace_option
@sentences
def serve(host: str, port: int, workspace: Path | None) -> None:
    """Serve the maps. On this machine's own address a link for staff is printed."""
    from server.serving import serve as serve_forever

    serve_forever(settings_of(workspace), open_workspace(workspace, make=True), host, port)


@patchmap.group()
def boundaries() -> None:
    """Build the areas from outlines, list those there are, or add to them."""


@boundaries.command("build")
@click.argument("outlines", type=click.Path(path_type=Path))
@click.option("--recipe", default="", help="Name of a shipped recipe, or a TOML file.")
@as_json_option
@workspace_option
@sentences
def boundaries_build(outlines: Path, recipe: str, as_json: bool, workspace: Path | None) -> None:
    """Make the NPAs and districts of a recipe from OUTLINES of wards or districts."""
    from server.ground import build_boundaries, use_boundaries

    have = open_workspace(workspace, make=True)
    built = build_boundaries(have, recipe, outlines)
    if as_json:
        print_json(built.report.as_dict())
    else:
        click.echo(built.report.as_text())
    use_boundaries(have, built)


boundaries.add_command(add)
patchmap.add_command(report)


@boundaries.command("list")
@as_json_option
@workspace_option
@sentences
def boundaries_list(as_json: bool, workspace: Path | None) -> None:
    """List the sets of areas in use and those built before."""
    from server.ground import listed_boundaries

    rows = listed_boundaries(open_workspace(workspace, make=True))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        mark = "in use" if row["current"] else "kept"
        click.echo(f"{row['set']:<12}{row['areas']:>4} areas  {row['detail']} ({mark})")
