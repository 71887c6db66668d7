"""A paper as PDF/UA: tagged, titled, in its language, its drawings with alternative text.

Nothing is fetched: what a page needs is in it. The same paper gives the same bytes where the same
versions of WeasyPrint, Pango and the fonts are installed.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any, Final

from flask import current_app
from markupsafe import Markup

from geo.errors import PatchmapError
from server.page_context import SERVICE_NAME
from server.papers.paper import Figure, Paper
from server.pictures.svg import svg

STYLE: Final = Path(__file__).with_name("paper.css")
VARIANT: Final = "pdf/ua-1"
MISSING: Final = (
    "A PDF needs the library Pango, which is missing on this machine; every other format is made. "
    "Install Pango (on Debian libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0)."
)


class PdfNotPossible(PatchmapError):
    """A library that PDF needs is missing on the machine."""


def pdf(paper: Paper) -> bytes:
    """The paper as PDF.

    Raises:
        PdfNotPossible: Pango is missing.
    """
    weasyprint = _weasyprint()
    page = current_app.jinja_env.get_template("paper.html").render(
        paper=paper,
        generator=SERVICE_NAME,
        style=Markup(STYLE.read_text(encoding="utf-8")),
        drawn=_data_url,
    )
    document = weasyprint.HTML(
        string=page, url_fetcher=weasyprint.URLFetcher(allowed_protocols=("data",))
    )
    identifier = hashlib.blake2b(page.encode(), digest_size=16).digest()
    written = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier)
    return bytes(written or b"")


def pdf_missing() -> str:
    """Why no PDF can be made on this machine; empty where one can."""
    try:
        _weasyprint()
    except PdfNotPossible as error:
        return str(error)
    return ""


def _weasyprint() -> Any:
    """WeasyPrint, which looks for Pango when it is imported.

    Raises:
        PdfNotPossible: Pango is missing.
    """
    try:
        import weasyprint
    except OSError as error:  # how its loader says that a shared library is missing
        raise PdfNotPossible(MISSING) from error
    return weasyprint


def _data_url(figure: Figure) -> str:
    """The drawing within its own address."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg(figure.scene)).decode()}"
