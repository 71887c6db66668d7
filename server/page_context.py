"""What every page shows around its own content."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, request

from layers.audience import Audience
from layers.demo import banner_sentences, is_demo
from layers.place_search import postcode_attribution
from layers.ways import ways_attribution
from server.access import current_audience
from server.assets import asset_url
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
PLAN: Final = ("/visits/plan", "Plan")
RECORDS: Final = ("/visits/records", "Records")
OF_RECORDS: Final = ("/visits/days/", "/visits/followups")


def init_app(app: Flask) -> None:
    """Give every template the name, the place, the navigation and who is looking."""

    @app.context_processor
    def common() -> dict[str, Any]:
        workspace = services().workspace
        return {
            "service_name": SERVICE_NAME,
            "area_name": workspace.ground.force.area_name,
            "audience": str(current_audience()),
            "nav": _navigation(current_audience()),
            "banner": banner_sentences(workspace.ground) if is_demo(workspace) else [],
            "attributions": attributions(),
            "asset": asset_url,
        }


def _navigation(audience: Audience) -> list[tuple[str, str, str]]:
    """The pages to go to, with what marks the present one; staff have their records too."""
    if audience is Audience.PUBLIC:
        return [(href, label, _current(href)) for href, label in NAVIGATION]
    first, visits, *others = NAVIGATION
    mark = "true" if request.path.startswith(OF_RECORDS) else _current(RECORDS[0])
    ahead = (first, visits, PLAN)
    own = bool(mark or _current(PLAN[0]))
    pages = [
        (href, label, "" if mark or (own and href == visits[0]) else _current(href))
        for href, label in ahead
    ]
    pages.append((*RECORDS, mark))
    return [*pages, *((href, label, _current(href)) for href, label in others)]


def _current(href: str) -> str:
    """What ``aria-current`` says of a page of the navigation: ``true`` on a page within it."""
    if href == request.path:
        return "page"
    within = (f"{href}/", f"{href.removeprefix('/maps')}/")
    return "true" if href != "/" and request.path.startswith(within) else ""


def attributions() -> list[str]:
    """The lines that the licences of what is shown ask for, each once."""
    workspace = services().workspace
    areas = (workspace.ground.npas, workspace.ground.districts)
    lines = [line for shown in areas for line in shown.attribution]
    added = (*postcode_attribution(workspace), *ways_attribution(workspace))
    return list(dict.fromkeys([*lines, *added]))
