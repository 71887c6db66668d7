"""What was done, said once on the page that a form leads to.

A confirmation waits in the signed cookie of the session for the page that it belongs to, so that a
page opened in another tab meanwhile neither shows it nor uses it up.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

from flask import Flask, redirect, request, session
from werkzeug.wrappers import Response as Redirect

from layers.audience import Audience
from server.access import current_audience

CONFIRMATIONS: Final = "confirmations"
MOST_KEPT: Final = 3
LONGEST: Final = 300
"""Characters of one sentence: a cookie holds four kilobytes, and browsers drop a longer one."""


def confirmed(location: str, sentence: str) -> Redirect:
    """To a page of ours by GET, which will say what was done."""
    said = sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1]}…"
    new = [unquote(urlsplit(location).path), said]
    before = [each for each in session.get(CONFIRMATIONS, []) if each != new]
    session[CONFIRMATIONS] = [*before, new][-MOST_KEPT:]
    return redirect(location, 303)


def confirmations() -> list[str]:
    """The sentences that wait for this page, which are used up."""
    if request.method != "GET":
        return []
    waiting = session.get(CONFIRMATIONS, [])
    mine = [said for path, said in waiting if path == request.path]
    if mine:
        session[CONFIRMATIONS] = [each for each in waiting if each[0] != request.path]
    return mine


def init_app(app: Flask) -> None:
    """Let the pages of staff say what was done; nobody else is sent a form."""

    @app.context_processor
    def said() -> dict[str, object]:
        staff = current_audience() is Audience.STAFF
        return {"confirmations": confirmations if staff else list}
