"""pygeoapi with one layer as GeoJSON and as GeoPackage, in a throw-away environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import geopandas as gpd

from server.serving import THREADS
from tests.benchmarks.needs import Lacking, free_port
from tests.benchmarks.servers import serving

REQUIREMENTS: Final = ("pygeoapi==0.21.0", "waitress>=3.0")
CAN_EXTEND: Final = (
    "import ensurepip, sqlite3; sqlite3.connect(':memory:').enable_load_extension(True)"
)
HAS_SPATIALITE: Final = (
    "import sqlite3; held = sqlite3.connect(':memory:'); held.enable_load_extension(True); "
    "held.load_extension('mod_spatialite')"
)
PROVIDERS: Final = {"geojson": "GeoJSON", "gpkg": "SQLiteGPKG"}


class PyGeoApi:
    """An environment with pygeoapi, by its Python."""

    def __init__(self, python: Path) -> None:
        self._python = python

    @classmethod
    def installed(cls, folder: Path) -> PyGeoApi:
        """pygeoapi installed into a new environment in ``folder``.

        Raises:
            Lacking: it cannot be installed here.
        """
        base = next((python for python in _pythons() if _runs(python, CAN_EXTEND)), sys.executable)
        python = folder / "bin" / "python"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        try:
            for command in ([base, "-m", "venv", str(folder)], [*pip, *REQUIREMENTS]):
                subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Lacking("pygeoapi could not be installed here.") from error
        return cls(python)

    @property
    def version(self) -> str:
        """Name and version."""
        code = "from importlib.metadata import version; print(version('pygeoapi'))"
        said = subprocess.run([self._python, "-c", code], check=True, capture_output=True)
        return f"pygeoapi {said.stdout.decode().strip()}"

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats it can serve here: GeoPackage needs SpatiaLite."""
        return ("geojson", "gpkg") if _runs(str(self._python), HAS_SPATIALITE) else ("geojson",)

    @contextmanager
    def serving(self, areas: gpd.GeoDataFrame, folder: Path) -> Iterator[dict[str, str]]:
        """Addresses of all areas of the layer, by format."""
        folder.mkdir(parents=True)
        port, config = free_port(), folder / "config.json"
        config.write_text(json.dumps(_config(areas, folder, self.formats, port)))
        described = folder / "openapi.yml"
        environment = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
        make = "import pygeoapi; pygeoapi.cli()"
        described_by = ["openapi", "generate", str(config), "--output-file", str(described)]
        subprocess.run(
            [str(self._python), "-c", make, *described_by],
            check=True,
            capture_output=True,
            env={**os.environ, **environment},
        )
        run = "from waitress.runner import run; run()"
        listen = [f"--listen=127.0.0.1:{port}", f"--threads={THREADS}", "pygeoapi.flask_app:APP"]
        command = [str(self._python), "-c", run, *listen]
        with serving(command, port, "/conformance", environment) as origin:
            yield {
                name: f"{origin}/collections/{name}/items?f=json&limit={max(len(areas), 100)}"
                for name in self.formats
            }


def _pythons() -> Sequence[str]:
    return (sys.executable, "/usr/bin/python3")


def _runs(python: str, code: str) -> bool:
    try:
        return (
            subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def _config(
    areas: gpd.GeoDataFrame, folder: Path, formats: Sequence[str], port: int
) -> dict[str, Any]:
    # Its GeoPackage provider writes column names into SQL as they are, where GROUP is a word.
    numbered = areas.rename(columns={"group": "area_group"}).assign(id=range(1, len(areas) + 1))
    numbered.to_file(folder / "areas.geojson", driver="GeoJSON")
    numbered.drop(columns="id").to_file(folder / "areas.gpkg", driver="GPKG", layer="areas")
    words = {"en": "Areas"}
    said = {"title": words, "description": words, "keywords": {"en": ["areas"]}}
    contact = {"name": "None", "url": f"http://127.0.0.1:{port}"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en"],
            "gzip": False,
            "pretty_print": False,
            "limits": {"default_items": 100, "max_items": 10_000},
            "map": {"url": "none", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**said, "terms_of_service": "none", "url": contact["url"]},
            "license": {**contact},
            "provider": contact,
            "contact": contact,
        },
        "resources": {
            name: {
                "type": "collection",
                **said,
                "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
                "providers": [_provider(name, folder)],
            }
            for name in formats
        },
    }


def _provider(name: str, folder: Path) -> dict[str, Any]:
    provider = {
        "type": "feature",
        "name": PROVIDERS[name],
        "data": str(folder / f"areas.{name}"),
        "id_field": "id" if name == "geojson" else "fid",
    }
    return provider | ({"table": "areas"} if name == "gpkg" else {})
