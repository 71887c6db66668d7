"""What every page shows around its own content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app, request, url_for

from layers.demo import banner_sentences, is_demo
from server.access import current_audience
from server.services import services

SERVICE_NAME: Final = "Patchmap"
NAVIGATION: Final = (
    ("/", "Home"),
    ("/maps/visits", "Visits"),
    ("/maps/estate", "Estate"),
    ("/maps/street-safe", "Street Safe"),
    ("/maps/people-zones", "People Zones"),
    ("/maps/crime", "Crime"),
    ("/maps/all", "All layers"),
    ("/about-the-data", "About the data"),
)


def init_app(app: Flask) -> None:
    """Give every template the name, the place, the navigation and who is looking."""

    @app.context_processor
    def common() -> dict[str, Any]:
        workspace = services().workspace
        return {
            "service_name": SERVICE_NAME,
            "area_name": workspace.ground.force.area_name,
            "audience": str(current_audience()),
            "nav": [(href, label, href == request.path) for href, label in NAVIGATION],
            "banner": banner_sentences(workspace.ground) if is_demo(workspace) else [],
            "attributions": attributions(),
            "asset": asset_url,
        }


def attributions() -> list[str]:
    """The lines that the licences of what is shown ask for, each once."""
    ground = services().workspace.ground
    return list(dict.fromkeys([*ground.npas.attribution, *ground.districts.attribution]))


def asset_url(path: str) -> str:
    """The address of a static file, with a mark that changes with its content."""
    root = Path(current_app.static_folder or "")
    return url_for("static", filename=path, v=_mark(root / path))


@cache
def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else "missing"
