"""The app factory: the only place that wires the parts together."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from flask_compress import Compress
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect

from layers.registry import REGISTRY, Registry
from layers.workspace import Workspace
from server import (
    access,
    api,
    assets,
    confirming,
    errors,
    figures,
    ground_layers,
    openapi,
    outcomes,
    page_context,
    pages,
    places,
    print_view,
    tiles,
)
from server.access import StaffLink
from server.compare import routes as compare
from server.crime import hot_spots_routes as hot_spots
from server.crime import routes as crime_figures
from server.embed import framing
from server.embed import routes as embed
from server.estate import routes as estate
from server.estate.coverage import routes as coverage
from server.estate.nearest import routes as nearest
from server.estate.scenarios import routes as scenarios
from server.estate.siting import routes as siting
from server.estate.what_if import routes as what_if
from server.papers import routes as papers
from server.papers.estate import routes as estate_paper
from server.pictures import routes as pictures
from server.records import day_routes as days
from server.records import routes as records
from server.services import EXTENSION, Services
from server.settings import Settings
from server.street_safe import routes as street_safe
from server.visits import briefing_routes as briefing
from server.visits import routes as visits
from server.visits.plan import routes as plan

LARGEST_FORM_BYTES: Final = 500_000
PARTS: Final = (
    pages,
    print_view,
    pictures,
    compare,
    crime_figures,
    hot_spots,
    visits,
    plan,
    records,
    estate,
    days,
    outcomes,
    street_safe,
    briefing,
    coverage,
    what_if,
    scenarios,
    nearest,
    siting,
    embed,
    papers,
    estate_paper,
    api,
    figures,
    ground_layers,
    tiles,
    places,
    openapi,
)
"""The modules with the addresses of the app, in the order in which they are looked up."""


def create_app(
    settings: Settings,
    workspace: Workspace,
    clock: Callable[[], datetime] = datetime.now,
    staff_link: StaffLink | None = None,
    registry: Registry = REGISTRY,
) -> Flask:
    """An app over an open workspace; ``staff_link`` only where it serves its own machine."""
    app = Flask("server", static_folder=None)
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_NAME=access.SESSION_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/csv",
            "text/javascript",
            "application/javascript",
            "application/json",
            "application/geo+json",
            "application/problem+json",
            "image/svg+xml",
        ],
    )
    app.before_request(workspace.refresh)
    app.extensions[EXTENSION] = Services(workspace, registry, settings, clock, staff_link)
    framing.init_app(app, settings)
    _secure(app, settings)
    Compress(app)
    errors.init_app(app)
    access.init_app(app)
    CSRFProtect(app)
    page_context.init_app(app)
    confirming.init_app(app)
    assets.init_app(app)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    return app


def _secure(app: Flask, settings: Settings) -> None:
    images = ["'self'", "data:"]
    if settings.basemap_url:
        parts = urlsplit(settings.basemap_url)
        images.append(f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}")
    Talisman(
        app,
        force_https=False,
        strict_transport_security=False,
        session_cookie_secure=False,
        frame_options="DENY",
        referrer_policy="same-origin",
        content_security_policy={
            "default-src": "'self'",
            "img-src": images,
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        },
    )
