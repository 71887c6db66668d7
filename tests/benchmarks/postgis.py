"""A throw-away PostGIS that holds the same crime points, and makes tiles of the same hexagons.

The cluster lives in a folder of its own and listens on a free loopback port; it is started and
stopped by the benchmark. Where we run as root it belongs to the user ``postgres``, because the
server refuses root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from geo.grid import HexGrid
from tests.benchmarks import tile_sql
from tests.benchmarks.needs import Lacking, free_port, program
from tests.benchmarks.points import MONTHS, MadePoints
from tests.benchmarks.tile_sql import TileRequest

OWNER: Final = "postgres"
SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "1GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "off",
}
"""Room to hold all in memory and to sort and hash; without compiling, which takes longer here."""


class PostGis:
    """A running cluster with the tables of the benchmark."""

    def __init__(self, connection: Any, grid: HexGrid) -> None:
        self._connection = connection
        self._grid = grid

    @property
    def version(self) -> str:
        """PostgreSQL and PostGIS, in words."""
        server = self._value("SHOW server_version").split()[0]
        return f"PostgreSQL {server} with PostGIS {self._value('SELECT postgis_lib_version()')}"

    def load(self, points: MadePoints) -> None:
        """The points as a table with the usual indexes, and their counts as another."""
        self._run(tile_sql.MADE)
        columns = (points.easting_m, points.northing_m, points.month, points.kind)
        labels = tile_sql.labels_by_position()
        with (
            self._connection.cursor() as cursor,
            cursor.copy("COPY given FROM STDIN") as stream,
        ):
            for x, y, month, kind in zip(*(each.tolist() for each in columns), strict=True):
                stream.write(f"{x!r}\t{y!r}\t{MONTHS[month]}-01\t{labels[kind]}\n")
        for statement in (*tile_sql.INDEXED, *tile_sql.counted(self._grid)):
            self._run(statement)

    def binned(self, tile: TileRequest) -> bytes:
        """The tile, its points counted in hexagons now."""
        return bytes(self._value(tile_sql.binned(tile, self._grid)))

    def from_counts(self, tile: TileRequest) -> bytes:
        """The tile, from counts per cell, month and type that were made beforehand."""
        return bytes(self._value(tile_sql.from_counts(tile, self._grid)))

    def _run(self, statement: str) -> None:
        self._connection.execute(statement)

    def _value(self, statement: str) -> Any:
        return self._connection.execute(statement).fetchone()[0]


@contextmanager
def running(grid: HexGrid) -> Iterator[PostGis]:
    """A cluster that runs as long as the context.

    Raises:
        Lacking: there is no PostgreSQL, no PostGIS, or no driver for Python.
    """
    try:
        import psycopg
    except ImportError as error:
        raise Lacking("psycopg, a driver for PostgreSQL, is not installed.") from error
    folder = Path(tempfile.mkdtemp(prefix="patchmap-postgis-"))
    try:
        port = free_port()
        with _cluster(folder, port):
            where = f"host=127.0.0.1 port={port} user={OWNER} dbname={OWNER}"
            with psycopg.connect(where, autocommit=True) as connection:
                try:
                    connection.execute("CREATE EXTENSION postgis")
                except psycopg.errors.FeatureNotSupported as error:
                    raise Lacking("PostgreSQL is there, but PostGIS is not.") from error
                yield PostGis(connection, grid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _cluster(folder: Path, port: int) -> Iterator[None]:
    as_owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
        as_owner = {"user": OWNER, "group": OWNER, "extra_groups": []}
    data, binaries = folder / "data", _binaries()

    def run(name: str, *arguments: str) -> None:
        command = [program(name, folder=binaries), "-D", str(data), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **as_owner)

    settings = SETTINGS | {"port": str(port), "unix_socket_directories": str(folder)}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    run("initdb", "-A", "trust", "-U", OWNER, "-E", "UTF8", "--locale=C", "--no-sync")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


def _binaries() -> Path | None:
    """Where Debian keeps the newest server's programs; None where they are on the path."""
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return max(found, key=lambda path: int(path.parent.name), default=None)
