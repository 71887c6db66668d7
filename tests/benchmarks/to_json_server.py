"""A bare Flask app that turns a layer into GeoJSON for each request, as many do."""

from __future__ import annotations

import sys

import geopandas as gpd
from flask import Flask, Response
from waitress import serve

from server.serving import THREADS


def main() -> None:
    """Serve a file of areas: ``python -m tests.benchmarks.to_json_server FILE PORT``."""
    file, port = sys.argv[1:]
    areas = gpd.read_file(file)
    app = Flask("to_json")

    @app.get("/areas.geojson")
    def answer() -> Response:
        return Response(areas.to_json(), mimetype="application/geo+json")

    serve(app, host="127.0.0.1", port=int(port), threads=THREADS)


if __name__ == "__main__":
    main()
