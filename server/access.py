"""Who may use which endpoint, in one table, and how staff are told from the public.

There are no accounts yet. On its own machine Patchmap hands out a link that works once and makes
one browser staff until the end of a working day; on any other address all are the public.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import Final

from flask import Flask, Response, abort, request, session

from layers.audience import Audience
from server.services import services

ENDPOINTS: Final[Mapping[str, Audience]] = MappingProxyType(
    {
        "pages.home": Audience.PUBLIC,
        "pages.map_page": Audience.PUBLIC,
        "pages.map_script": Audience.PUBLIC,
        "pages.layer_page": Audience.PUBLIC,
        "printing.print_view": Audience.PUBLIC,
        "pages.about": Audience.PUBLIC,
        "pages.accessibility": Audience.PUBLIC,
        "pages.staff_link": Audience.PUBLIC,
        "pages.leave_staff": Audience.STAFF,
        "api.layers": Audience.PUBLIC,
        "api.geojson": Audience.PUBLIC,
        "api.csv": Audience.PUBLIC,
        "ground.geojson": Audience.PUBLIC,
        "figures.figures": Audience.PUBLIC,
        "figures.cell": Audience.PUBLIC,
        "tiles.tile": Audience.PUBLIC,
        "api.healthz": Audience.PUBLIC,
        "places.api": Audience.PUBLIC,
        "places.page": Audience.PUBLIC,
        "pictures.as_svg": Audience.PUBLIC,
        "pictures.as_png": Audience.PUBLIC,
        "compare.page": Audience.PUBLIC,
        "compare.table": Audience.PUBLIC,
        "compare.script": Audience.PUBLIC,
        "compare.picture": Audience.PUBLIC,
        "visits.commitment": Audience.PUBLIC,
        "visits.script": Audience.PUBLIC,
        "visits.picture": Audience.PUBLIC,
        "visits.geojson": Audience.PUBLIC,
        "visits.csv": Audience.PUBLIC,
        "plan.plan": Audience.STAFF,
        "plan.api": Audience.STAFF,
        "plan.script": Audience.STAFF,
        "plan.picture": Audience.STAFF,
        "plan.geojson": Audience.STAFF,
        "plan.csv": Audience.STAFF,
        "plan.diary": Audience.STAFF,
        "plan.answer_proposal": Audience.STAFF,
        "plan.change_day": Audience.STAFF,
        "plan.take_back": Audience.STAFF,
        "records.overview": Audience.STAFF,
        "records.changes": Audience.STAFF,
        "records.csv": Audience.STAFF,
        "records.register_page": Audience.STAFF,
        "records.new": Audience.STAFF,
        "records.record": Audience.STAFF,
        "records.remove_record": Audience.STAFF,
        "days.followups": Audience.STAFF,
        "days.find": Audience.STAFF,
        "days.day_page": Audience.STAFF,
        "estate.register": Audience.PUBLIC,
        "estate.register_json": Audience.PUBLIC,
        "estate.land": Audience.PUBLIC,
        "estate.programme_page": Audience.PUBLIC,
        "estate.projects_csv": Audience.PUBLIC,
        "estate.section_106_csv": Audience.PUBLIC,
        "estate.strategy": Audience.PUBLIC,
        "estate.strategy_json": Audience.PUBLIC,
        "estate.records": Audience.STAFF,
        "outcomes.page": Audience.PUBLIC,
        "outcomes.csv": Audience.PUBLIC,
        "visits.wards_geojson": Audience.PUBLIC,
        "visits.wards_csv": Audience.PUBLIC,
        "street_safe.page": Audience.STAFF,
        "street_safe.api": Audience.STAFF,
        "street_safe.csv": Audience.STAFF,
        "briefing.page": Audience.STAFF,
        "briefing.api": Audience.STAFF,
        "briefing.picture": Audience.STAFF,
        "coverage.page": Audience.PUBLIC,
        "coverage.response": Audience.PUBLIC,
        "coverage.script": Audience.PUBLIC,
        "coverage.picture": Audience.PUBLIC,
        "coverage.api": Audience.PUBLIC,
        "coverage.geojson": Audience.PUBLIC,
        "coverage.bands_geojson": Audience.PUBLIC,
        "coverage.sites_geojson": Audience.PUBLIC,
        "coverage.csv": Audience.PUBLIC,
        "crime_figures.months_page": Audience.PUBLIC,
        "crime_figures.months_json": Audience.PUBLIC,
        "crime_figures.months_csv": Audience.PUBLIC,
        "crime_figures.rates_page": Audience.PUBLIC,
        "crime_figures.rates_figure": Audience.PUBLIC,
        "crime_figures.rates_json": Audience.PUBLIC,
        "crime_figures.rates_csv": Audience.PUBLIC,
        "hot_spots.page": Audience.PUBLIC,
        "hot_spots.script": Audience.PUBLIC,
        "hot_spots.picture": Audience.PUBLIC,
        "hot_spots.api": Audience.PUBLIC,
        "hot_spots.geojson": Audience.PUBLIC,
        "hot_spots.csv": Audience.PUBLIC,
        "nearest.page": Audience.PUBLIC,
        "nearest.api": Audience.PUBLIC,
        "siting.page": Audience.STAFF,
        "siting.script": Audience.STAFF,
        "siting.picture": Audience.STAFF,
        "siting.api": Audience.STAFF,
        "siting.geojson": Audience.STAFF,
        "siting.csv": Audience.STAFF,
        "scenarios.page": Audience.STAFF,
        "scenarios.api": Audience.STAFF,
        "scenarios.csv": Audience.STAFF,
        "what_if.page": Audience.STAFF,
        "what_if.script": Audience.STAFF,
        "what_if.picture": Audience.STAFF,
        "what_if.api": Audience.STAFF,
        "what_if.csv": Audience.STAFF,
        "what_if.bands_geojson": Audience.STAFF,
        "what_if.areas_geojson": Audience.STAFF,
        "what_if.sites_geojson": Audience.STAFF,
        "embed.page": Audience.PUBLIC,
        "embed.script": Audience.PUBLIC,
        "embed.data": Audience.PUBLIC,
        "embed.picture": Audience.PUBLIC,
        "papers.report": Audience.PUBLIC,
        "papers.file": Audience.PUBLIC,
        "papers.figure": Audience.PUBLIC,
        "estate_paper.report": Audience.PUBLIC,
        "estate_paper.file": Audience.PUBLIC,
        "estate_paper.figure": Audience.PUBLIC,
        "openapi.document": Audience.PUBLIC,
        "openapi.page": Audience.PUBLIC,
        "problems.problem_page": Audience.PUBLIC,
        "static": Audience.PUBLIC,
    }
)
"""The least audience that may use each endpoint; what it sees there is settled by publication."""

WORKING_DAY: Final = timedelta(hours=10)
LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
STAFF_UNTIL: Final = "staff_until"
SESSION_COOKIE: Final = "patchmap_session"
"""The signed cookie that holds until when a browser is staff."""
EMBED: Final = "embed"
"""The blueprint of what other sites show in a frame: to everybody the public's view."""


@dataclass(slots=True)
class StaffLink:
    """A token that makes one browser staff, once."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    used: bool = False
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False)

    def redeem(self, token: str) -> bool:
        """Whether the token is right and was not used before; using it up."""
        with self._one_at_a_time:
            if self.used or not hmac.compare_digest(token.encode(), self.token.encode()):
                return False
            self.used = True
            return True


def is_loopback(host: str) -> bool:
    """Whether a host, with or without a port, is this machine's own loopback address."""
    name, _, port = host.rpartition(":")
    return host == "::1" or (name if port.isdigit() else host) in LOOPBACK_HOSTS


def grant_staff(now: datetime) -> None:
    """Make the browser of this request staff until the end of a working day."""
    session[STAFF_UNTIL] = (now + WORKING_DAY).isoformat()


def end_staff() -> None:
    """Make the browser of this request the public again, and forget what its forms prove."""
    session.clear()


def current_audience() -> Audience:
    """Whom the request comes from; what is embedded answers everybody as the public."""
    if request.blueprint == EMBED:
        return Audience.PUBLIC
    until = session.get(STAFF_UNTIL)
    if not until or services().staff_link is None or not is_loopback(request.host):
        return Audience.PUBLIC
    still = services().clock() < datetime.fromisoformat(until)
    return Audience.STAFF if still else Audience.PUBLIC


def init_app(app: Flask) -> None:
    """Let every request pass the table, and keep answers to staff out of every cache."""

    @app.before_request
    def check_access() -> None:
        needed = ENDPOINTS.get(request.endpoint or "")
        if request.endpoint is None:
            return
        if needed is None or (needed is Audience.STAFF and current_audience() is Audience.PUBLIC):
            abort(403)

    @app.after_request
    def set_caching(response: Response) -> Response:
        if request.endpoint == "static":
            return response
        if request.blueprint != EMBED:
            response.vary.add("Cookie")
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if current_audience() is Audience.STAFF:
            response.headers["Cache-Control"] = "private, no-store"
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response
