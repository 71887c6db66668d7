"""The paper on the estate as a page: asked for by a form, read on screen, downloaded as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, abort

from layers.estate_registers import ESTATE
from layers.ways import ways_version
from server.api import version_of_layer
from server.page_context import attributions
from server.papers.estate.asked import PAGE, EstatePaperAsked, fields_of, page_asked
from server.papers.estate.paper import ESTATE_FILES, paper_of
from server.papers.page import report_page
from server.papers.paper import Paper
from server.papers.pdf import PdfNotPossible
from server.pictures.svg import svg
from server.rendered import rendered
from server.requests import given_params, with_query
from server.services import services

blueprint = Blueprint("estate_paper", __name__)

UNCHANGED: Final = (
    "The same day, once it is over, gives the same files for as long as the registers do not "
    "change."
)


@blueprint.get(PAGE)
def report() -> str:
    """The paper as it reads, with its files."""
    asked = page_asked(given_params())
    return report_page(
        _paper(asked),
        ESTATE_FILES,
        lambda part: with_query(f"{PAGE}/{part}", asked.params()),
        fields_of(asked),
        unchanged=UNCHANGED,
    )


@blueprint.get(f"{PAGE}/<file>")
def file(file: str) -> Response:
    """The paper as one of its files."""
    if file not in ESTATE_FILES:
        abort(404)
    asked, made = page_asked(given_params()), ESTATE_FILES[file]
    try:
        answer = _rendered((file,), asked, made.mimetype, made.make)
    except PdfNotPossible as error:
        abort(501, description=str(error))
    answer.headers["Content-Disposition"] = f'attachment; filename="{asked.name}{made.ending}"'
    return answer


@blueprint.get(f"{PAGE}/figures/<figure>.svg")
def figure(figure: str) -> Response:
    """One of the paper's drawings, as its page shows it."""
    asked = page_asked(given_params())
    found = _paper(asked).figure(figure)
    if found is None:
        abort(404)
    return _rendered(("figure", figure), asked, "image/svg+xml", lambda _: svg(found.scene))


def _paper(asked: EstatePaperAsked) -> Paper:
    """The paper, made once until something that it says changes."""
    return services().workspace.remembered(_key(asked), _version(), lambda: paper_of(asked))


def _rendered(
    part: tuple[str, ...], asked: EstatePaperAsked, mimetype: str, make: Callable[[Paper], bytes]
) -> Response:
    return rendered((*_key(asked), *part), _version(), mimetype, lambda: make(_paper(asked)))


def _key(asked: EstatePaperAsked) -> tuple[object, ...]:
    settings = services().settings
    return ("estate paper", asked, settings.marking, settings.public_url, tuple(attributions()))


def _version() -> str:
    """Changes with the registers, and with the roads along which a scenario may go."""
    have = services()
    return f"{version_of_layer(have.registry.get(ESTATE))}/{ways_version(have.workspace)}"
