"""Errors as answers: one table of statuses, a page for people, problem+json for programs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlsplit

import orjson
from flask import Flask, Response, abort, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from boundaries.errors import UnreadableGround
from geo.errors import PatchmapError
from geo.planning import NoPlan
from layers.audience import Audience
from layers.errors import BadQuery, ChangedMeanwhile, DamagedWorkspace, NoSuchCell, UnknownLayer
from server import problems
from server.access import current_audience
from server.error_forms import mended_request
from server.problems import BY_STATUS, LONGEST_QUERY, REFUSED_FORM, UNPROVEN_FORM, Problem
from server.requests import MAP_PAGES, with_query
from server.visits.plan.asked import PLAN_PAGE

STATUSES: Final[Mapping[type[PatchmapError], int]] = MappingProxyType(
    {
        BadQuery: 400,
        NoPlan: 400,
        UnknownLayer: 404,
        NoSuchCell: 404,
        ChangedMeanwhile: 409,
        DamagedWorkspace: 503,
        UnreadableGround: 503,
    }
)
FOR_PROGRAMS: Final = ("/api/", "/ground/", "/healthz")
BUTTONS: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("plan.answer_proposal", "plan.change_day", "plan.take_back"), PLAN_PAGE)
)
"""The page of each endpoint that only takes what buttons send; its address keeps what was asked."""
NOTHING_TYPED: Final = frozenset({*BUTTONS, "days.day_page"})
PROBLEM_JSON: Final = "application/problem+json"
URI_CHARACTERS: Final = "%&=+,;:@!$'()*/?~"


def init_app(app: Flask) -> None:
    """Answer every error with its status, in words fit to be shown."""
    app.register_blueprint(problems.blueprint)

    @app.before_request
    def refuse_long_addresses() -> None:
        if len(request.query_string) > LONGEST_QUERY:
            abort(414)

    @app.errorhandler(PatchmapError)
    def patchmap_error(error: PatchmapError) -> Response:
        status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
        if status >= 500:
            return _failure(status, error)
        refused = status == HTTPStatus.BAD_REQUEST and request.method == "POST"
        return _answer(REFUSED_FORM if refused else BY_STATUS[status], str(error))

    @app.errorhandler(CSRFError)
    def unproven_form(_error: CSRFError) -> Response:
        return _answer(
            UNPROVEN_FORM,
            "The page it was on is from before this session of yours, or it was not sent from a "
            "page of this service. Nothing was saved.",
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        answered = _answer(_problem_of(error.code), _detail(error))
        answered.headers.extend(pair for pair in error.get_headers() if pair[0] == "Allow")
        return answered

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        return _failure(500, error)


def _problem_of(status: int) -> Problem:
    """The kind of problem of a status that no error of ours stands behind."""
    if status in BY_STATUS and status != HTTPStatus.BAD_REQUEST:
        return BY_STATUS[status]
    title = HTTPStatus(status).phrase if status in list(HTTPStatus) else "The request failed"
    return Problem("", status, title, "Go back, or begin at the home page.", ())


def _detail(error: HTTPException) -> str:
    if error.code == HTTPStatus.NOT_FOUND and _for_programs():
        return f"Nothing is at {request.path}. The page /api lists the addresses for programs."
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return f"This address is for {allowed}; given {request.method}."
    if error.code == HTTPStatus.REQUEST_URI_TOO_LONG:
        return (
            f"At most {LONGEST_QUERY:,} characters can follow the question mark; "
            f"given {len(request.query_string):,}."
        )
    if error.code == HTTPStatus.NOT_IMPLEMENTED:
        return error.description or ""
    return ""


def _failure(status: int, error: Exception) -> Response:
    number = secrets.token_hex(4)
    current_app.logger.error("Error %s: %s", number, error, exc_info=error)
    return _answer(BY_STATUS[status], "", number)


def _answer(problem: Problem, detail: str, number: str = "") -> Response:
    if _for_programs():
        said = _as_json(problem, detail, number)
        response = Response(orjson.dumps(said), problem.status, mimetype=PROBLEM_JSON)
    else:
        page = _page(problem, detail, number)
        response = Response(page, problem.status, mimetype="text/html")
    response.vary.add("Accept")
    return response


def _for_programs() -> bool:
    if request.path.startswith(FOR_PROGRAMS):
        return True
    accepted = request.accept_mimetypes
    wanted = max(accepted["application/json"], accepted[PROBLEM_JSON])
    return bool(wanted > accepted["text/html"])


def _as_json(problem: Problem, detail: str, number: str) -> dict[str, Any]:
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    said = {
        "type": problem.address,
        "title": problem.title,
        "status": problem.status,
        "detail": detail or problem.advice,
        "instance": quote(request.path) + quote(query, safe=URI_CHARACTERS, encoding="latin-1"),
    }
    return said | {"error_number": number} if number else said


def _page(problem: Problem, detail: str, number: str) -> str:
    """The page of a problem; a bare one where even the parts that all pages share fail."""
    shown: dict[str, Any] = {"title": problem.title, "problem": problem, "error_number": number}
    try:
        asked_badly = problem.status == HTTPStatus.BAD_REQUEST and request.method != "POST"
        mended = mended_request() if asked_badly and detail else None
        return render_template("message.html", **shown, **_about(problem, detail), mended=mended)
    except Exception as error:
        current_app.logger.error("Error %s: no page for it", number, exc_info=error)
        bare: str = current_app.jinja_env.get_template("bare.html").render(**shown)
        return bare


def _about(problem: Problem, detail: str) -> dict[str, Any]:
    places = [(f"/maps/{spec.page}", spec.title) for spec in MAP_PAGES]
    missing = problem.status == HTTPStatus.NOT_FOUND
    return {
        "detail": detail,
        "path": request.path,
        "back_url": _back_url(),
        "again_url": _with_what_was_asked(request.path),
        "places": places if missing else [],
        "typed": _typed(problem),
        "provable": current_audience() is Audience.STAFF,
    }


def _back_url() -> str:
    """The page from which a form or button was sent; empty where none was."""
    if request.method != "POST" or request.endpoint is None:
        return ""
    return _with_what_was_asked(BUTTONS.get(request.endpoint, request.path))


def _with_what_was_asked(path: str) -> str:
    """An address that keeps what a page of buttons was asked for; other forms need none of it."""
    asked = request.args.items(multi=True) if request.endpoint in BUTTONS else ()
    return with_query(quote(path), list(asked))


def _typed(problem: Problem) -> list[tuple[str, str]]:
    """What came with a form that met a problem, so that nothing that was typed is lost.

    A button carries nothing that was typed, and one that was refused would be refused again.
    A form of another site is not offered again: with our token it would be one press from kept.
    """
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return []
    if request.method != "POST" or problem.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return []
    if request.endpoint in NOTHING_TYPED and problem in (
        REFUSED_FORM,
        BY_STATUS[HTTPStatus.CONFLICT],
    ):
        return []
    token = current_app.config["WTF_CSRF_FIELD_NAME"]
    return [(name, value) for name, value in request.form.items(multi=True) if name != token]
