"""A page of folium's FastMarkerCluster with all points in it, as light as it can be, and a server.

Only Leaflet and its cluster plug-in are linked, from files beside the page; folium would also
link jQuery, Bootstrap and icons from other hosts. Markers have no popup. The server holds every
file compressed as ours compresses, made before it listens.

``python -m tests.benchmarks.folium_page FOLDER PORT`` serves a folder that `make_page` filled.
"""

from __future__ import annotations

import gzip
import mimetypes
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Final

import brotli
import folium
from flask import Flask, Response, abort, request
from folium.plugins import FastMarkerCluster
from waitress import serve

from server.rendered import BEST_BROTLI, BEST_GZIP, BROTLI_QUALITY, GZIP_LEVEL
from server.serving import THREADS
from tests.benchmarks.needs import Lacking, program
from tests.benchmarks.points import MadePoints
from tests.benchmarks.servers import PROJECT

LEAFLET: Final = PROJECT / "static" / "vendor" / "leaflet"
PAGE: Final = "index.html"
PLUGIN: Final = "leaflet.markercluster@1.5.3"
PLUGIN_FILES: Final = ("leaflet.markercluster.js", "MarkerCluster.css", "MarkerCluster.Default.css")
DECIMALS: Final = 6
MARKER: Final = "function (row) { return L.marker(new L.LatLng(row[0], row[1])); }"


def make_page(points: MadePoints, folder: Path) -> None:
    """Write the page and all that it links into a new folder.

    Raises:
        Lacking: the plug-in cannot be had, or our own Leaflet is not installed.
    """
    folder.mkdir(parents=True)
    if not (LEAFLET).is_dir():
        raise Lacking("Leaflet is not installed; make run or make test installs it.")
    for name in ("leaflet.js", "leaflet.css"):
        shutil.copy(LEAFLET / name, folder)
    _add_plugin(folder)
    degrees = points.degrees
    west, south = degrees.min(axis=0).tolist()
    east, north = degrees.max(axis=0).tolist()
    map_ = folium.Map(tiles=None, max_zoom=18)
    map_.options["max_zoom"] = 18
    map_.fit_bounds([[south, west], [north, east]])
    clusters = FastMarkerCluster(degrees[:, ::-1].round(DECIMALS).tolist(), callback=MARKER)
    map_.default_js = [("leaflet", "leaflet.js")]
    map_.default_css = [("leaflet_css", "leaflet.css")]
    clusters.default_js = [("cluster", PLUGIN_FILES[0])]
    clusters.default_css = [(name, name) for name in PLUGIN_FILES[1:]]
    clusters.add_to(map_)
    map_.save(str(folder / PAGE))


def _add_plugin(folder: Path) -> None:
    npm = program("npm")
    try:
        command = [npm, "pack", PLUGIN, "--silent"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except subprocess.CalledProcessError as error:
        raise Lacking("leaflet.markercluster could not be had by npm.") from error
    packed = next(folder.glob("leaflet.markercluster-*.tgz"))
    with tarfile.open(packed) as archive:
        for name in PLUGIN_FILES:
            member = archive.extractfile(f"package/dist/{name}")
            if member is None:
                raise Lacking(f"{PLUGIN} has no {name}.")
            (folder / name).write_bytes(member.read())
    packed.unlink()


def main() -> None:
    """Serve a folder on a loopback port."""
    folder, port = sys.argv[1:]
    files = {path.name: _bodies(path.name, path.read_bytes()) for path in Path(folder).iterdir()}
    app = Flask("folium_page", static_folder=None)

    @app.get("/")
    @app.get("/<name>")
    def file(name: str = PAGE) -> Response:
        if name not in files:
            abort(404)
        body = next(
            each for each in files[name] if each[0] == "" or request.accept_encodings[each[0]] > 0
        )
        response = Response(body[1], mimetype=mimetypes.guess_type(name)[0])
        if body[0]:
            response.headers["Content-Encoding"] = body[0]
        return response

    serve(app, host="127.0.0.1", port=int(port), threads=THREADS)


def _bodies(name: str, content: bytes) -> tuple[tuple[str, bytes], ...]:
    """Encodings and what they make of the content, the best first, as it is last.

    Scripts and styles are packed as ours are, which last; the page, as ours is, made for the asker.
    """
    lasting = name != PAGE
    return (
        ("br", brotli.compress(content, quality=BEST_BROTLI if lasting else BROTLI_QUALITY)),
        ("gzip", gzip.compress(content, BEST_GZIP if lasting else GZIP_LEVEL)),
        ("", content),
    )


if __name__ == "__main__":
    main()
