"""The papers on visits as a page: asked for by a form, read on screen, downloaded as files."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort

from layers import outcomes
from server.api import version_of_layer
from server.page_context import attributions
from server.papers.asking import fields_for, fields_of, page_asked
from server.papers.context import ZONES
from server.papers.files import FILES
from server.papers.page import report_page
from server.papers.paper import Paper
from server.papers.pdf import PdfNotPossible
from server.papers.visits import PAPERS, PaperAsked, paper_of
from server.pictures.svg import svg
from server.rendered import rendered
from server.requests import given_params, with_query
from server.services import services
from server.visits.asked import REPORT_PAGE, VISITS, NoVisits
from server.visits.nothing_held import nothing_held

blueprint = Blueprint("papers", __name__)


@blueprint.get(REPORT_PAGE)
def report() -> str:
    """A paper as it reads, with its files."""
    try:
        asked = page_asked(given_params())
    except NoVisits:
        return nothing_held("Papers on visits", fields_for(given_params()))

    def address(part: str) -> str:
        return with_query(f"{REPORT_PAGE}/{asked.paper.kind}/{part}", asked.file_params())

    return report_page(_paper(asked.paper), FILES, address, fields_of(asked))


@blueprint.get(f"{REPORT_PAGE}/<kind>/<file>")
def file(kind: str, file: str) -> Response:
    """A paper as one of its files."""
    if kind not in PAPERS or file not in FILES:
        abort(404)
    asked, made = page_asked(given_params(), kind).paper, FILES[file]
    try:
        answer = _rendered((file,), asked, made.mimetype, made.make)
    except PdfNotPossible as error:
        abort(501, description=str(error))
    answer.headers["Content-Disposition"] = f'attachment; filename="{asked.name}{made.ending}"'
    return answer


@blueprint.get(f"{REPORT_PAGE}/<kind>/figures/<figure>.svg")
def figure(kind: str, figure: str) -> Response:
    """One of a paper's drawings, as its page shows it."""
    if kind not in PAPERS:
        abort(404)
    asked = page_asked(given_params(), kind).paper
    found = _paper(asked).figure(figure)
    if found is None:
        abort(404)
    return _rendered(("figure", figure), asked, "image/svg+xml", lambda _: svg(found.scene))


def _paper(asked: PaperAsked) -> Paper:
    """The paper, made once until something that it says changes."""
    return services().workspace.remembered(_key(asked), _version(), lambda: paper_of(asked))


def _rendered(
    part: tuple[str, ...], asked: PaperAsked, mimetype: str, make: Callable[[Paper], bytes]
) -> Response:
    return rendered((*_key(asked), *part), _version(), mimetype, lambda: make(_paper(asked)))


def _key(asked: PaperAsked) -> tuple[object, ...]:
    settings = services().settings
    return ("paper", asked, settings.marking, settings.public_url, tuple(attributions()))


def _version() -> str:
    layers = [services().registry.get(name) for name in (VISITS, ZONES)]
    raised = outcomes.version(services().workspace, services().today)
    return " ".join([*map(version_of_layer, layers), raised])
