"""Which sites may frame what: the embedded maps by those of a setting, all else by none."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from server.settings import Settings

FRAMED: Final = "embed.page"
NO_SITE: Final = "frame-ancestors 'none'"


def init_app(app: Flask, settings: Settings) -> None:
    """Let the listed sites frame the embedded maps.

    It must come before what guards every answer: what is registered later is done first.
    """

    @app.after_request
    def allow_framing(response: Response) -> Response:
        if request.endpoint == FRAMED and settings.embed_sites:
            response.headers.pop("X-Frame-Options", None)
            policy = response.headers["Content-Security-Policy"]
            sites = f"frame-ancestors {' '.join(settings.embed_sites)}"
            response.headers["Content-Security-Policy"] = policy.replace(NO_SITE, sites)
        return response
