"""Adding files to the ground from the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import click

from boundaries.road_sources import SOURCES, RoadSource
from layers.audience import Audience
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


@add.command("roads")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", type=click.Choice(SOURCES), help="What FILE is; else by its layers.")
@click.option("--vintage", default="", help="Date or edition; else the year in the file's name.")
@click.option("--licence", default="", help="Licence; else that of the source.")
@click.option("--attribution", multiple=True, help="Line to be shown with the maps; repeatable.")
@as_json_option
@workspace_option
@sentences
def add_roads(
    file: Path,
    source: RoadSource | None,
    vintage: str,
    licence: str,
    attribution: tuple[str, ...],
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Measure ways along roads: those of FILE in and near the force area.

    FILE is OS Open Roads (GeoPackage), an extract of OpenStreetMap (.osm.pbf or .osm), or lines
    with a column speed_kmh and, if need be, oneway (1, -1 or 0). They take the place of roads
    that were added before.
    """
    from boundaries.road_files import Provenance, read_roads
    from boundaries.roads import save_roads

    have = open_workspace(workspace, make=True)
    said = Provenance(vintage, licence, attribution)
    read = read_roads(file, have.ground.districts, source, said)
    with have.importing():
        save_roads(have.path, read, datetime.now())
    if as_json:
        print_json(read.report.as_dict())
    else:
        click.echo(read.report.as_text())


@add.command("travel-times")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", default="", help="What made the table, such as OpenRouteService.")
@click.option("--vintage", default="", help="Its date, or the edition of its roads.")
@click.option("--licence", default="", help="Its licence.")
@click.option("--attribution", multiple=True, help="Line to be shown with the maps; repeatable.")
@as_json_option
@workspace_option
@sentences
def add_travel_times(
    file: Path,
    source: str,
    vintage: str,
    licence: str,
    attribution: tuple[str, ...],
    as_json: bool,
    workspace: Path | None,
) -> None:
    """Measure ways by the minutes of FILE, a CSV with lsoa_code (LSOA 2021), site_id and minutes.

    Rows of small areas or sites that are not held are rejected. The table takes the place of one
    that was added before.
    """
    from boundaries.small_areas import small_areas
    from boundaries.travel_time_files import Said, read_travel_times
    from boundaries.travel_times import save_travel_times
    from layers.estate import held_sites

    have = open_workspace(workspace, make=True)
    now = datetime.now()
    sites = held_sites(have, Audience.STAFF, now.date())["site_id"].tolist()
    codes = small_areas(have.ground).codes
    read = read_travel_times(file, codes, sites, Said(source, vintage, licence, attribution))
    with have.importing():
        save_travel_times(have.path, read, now)
    if as_json:
        print_json(read.report.as_dict())
    else:
        click.echo(read.report.as_text())
    if read.report.unusable:
        raise click.exceptions.Exit(REJECTED)
