"""Styles and scripts: compressed once, kept by browsers for as long as their content stays.

The scripts of a map are small files with one task each; a page asks for all of them at once, as one
bundle, because on a slow line every request costs more than the bytes it brings.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, abort, current_app, request, url_for
from werkzeug.security import safe_join

from server.rendered import rendered
from server.requests import VERSION_PARAM, with_query

STATIC: Final = Path(__file__).resolve().parents[1] / "static"
KEEP_S: Final = 365 * 24 * 60 * 60
TEXT_TYPES: Final = ("text/", "application/javascript", "image/svg+xml")

_MAP: Final = (
    *("dom", "state", "classes", "popups", "points", "areas", "labels", "layers", "ground"),
    *("cells", "tiles", "cell_layer", "crosshair", "in_view", "page", "found_place"),
    *("search", "sketch", "tool_panel", "measure", "draw_area", "share", "full_screen"),
    *("month_view", "timeline", "pick_place"),
)
BUNDLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"bundles/map.js": tuple(f"map/{name}.js" for name in _MAP)}
)
"""What is served as one file, and of which files it is made, in the order they run."""


def init_app(app: Flask) -> None:
    """Serve the files of ``static`` and the bundles made of them."""
    app.add_url_rule("/static/<path:filename>", "static", static_file)


def static_file(filename: str) -> Response:
    """A static file or a bundle; under the address that names its content it never grows old."""
    paths = _files(filename)
    if not paths:
        abort(404)
    mark = _mark(paths)
    kind, _ = mimetypes.guess_type(filename)
    kind = kind or "application/octet-stream"
    content_type = f"{kind}; charset=utf-8" if kind.startswith(TEXT_TYPES) else kind
    response = rendered(
        ("static", filename),
        mark,
        content_type,
        lambda: _content(paths),
        same_for_all=True,
        lasting=True,
    )
    if request.args.get(VERSION_PARAM) == mark:
        response.headers["Cache-Control"] = f"public, max-age={KEEP_S}, immutable"
    return response


def asset_url(filename: str) -> str:
    """The address of a static file or a bundle, with a mark that changes with its content."""
    paths = _files(filename)
    mark = _mark(paths) if paths else "missing"
    return with_query(url_for("static", filename=filename), [(VERSION_PARAM, mark)])


def _files(filename: str) -> tuple[Path, ...]:
    """The files that an address stands for; none where one of them is missing."""
    names = BUNDLES.get(filename, (filename,))
    found = [safe_join(str(STATIC), name) for name in names]
    paths = tuple(Path(path) for path in found if path)
    return paths if len(paths) == len(names) and all(path.is_file() for path in paths) else ()


def _content(paths: tuple[Path, ...]) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths)


def _mark(paths: tuple[Path, ...]) -> str:
    if current_app.debug:
        _digest.cache_clear()
    return _digest(paths)


@cache
def _digest(paths: tuple[Path, ...]) -> str:
    return hashlib.sha256(_content(paths)).hexdigest()[:12]
