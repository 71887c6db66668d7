"""Errors as answers: one table of statuses, a page for people, problem+json for programs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import orjson
from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from boundaries.errors import UnreadableGround
from geo.errors import PatchmapError
from layers.errors import BadQuery, DamagedWorkspace, UnknownLayer

STATUSES: Final[Mapping[type[PatchmapError], int]] = MappingProxyType(
    {BadQuery: 400, UnknownLayer: 404, DamagedWorkspace: 503, UnreadableGround: 503}
)

WORDS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: ("The address cannot be used", "Check the address and try again."),
        403: (
            "This is for staff",
            "Open the staff link that Patchmap printed when it was started on this machine.",
        ),
        404: ("There is no such page", "Check the address, or begin at the home page."),
        405: ("That cannot be done here", "Go back and use the page's own links and forms."),
        500: ("Something went wrong", "It was written to the log. Try again later."),
        503: ("The data cannot be read", "Run 'patchmap check' to learn what is missing."),
    }
)


def init_app(app: Flask) -> None:
    """Answer every error with its status, in words fit to be shown."""

    @app.errorhandler(PatchmapError)
    def patchmap_error(error: PatchmapError) -> Response:
        status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
        if status >= 500:
            app.logger.error("%s", error, exc_info=error)
        return _answer(status, str(error) if status < 500 else "")

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        answered = _answer(error.code, "")
        answered.headers.extend(pair for pair in error.get_headers() if pair[0] == "Allow")
        return answered

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        app.logger.error("An unexpected error", exc_info=error)
        return _answer(InternalServerError.code or 500, "")


def _answer(status: int, detail: str) -> Response:
    title, advice = WORDS.get(status, WORDS[500 if status >= 500 else 400])
    if request.path.startswith(("/api/", "/ground/")):
        problem = {"title": title, "status": status, "detail": detail or advice}
        return Response(orjson.dumps(problem), status, mimetype="application/problem+json")
    sentences = [sentence for sentence in (detail, advice) if sentence]
    page = render_template("message.html", title=title, sentences=sentences)
    return Response(page, status, mimetype="text/html")
