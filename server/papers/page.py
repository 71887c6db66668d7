"""The page of a paper: how it reads on screen, with its files and its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import render_template, request

from server.papers.files import PaperFile
from server.papers.paper import Paper
from server.papers.pdf import pdf_missing

PDF_FILE: Final = "paper.pdf"
UNCHANGED: Final = (
    "The same period, once it is over, gives the same files for as long as the register does not "
    "change."
)


def report_page(
    paper: Paper,
    files: Mapping[str, PaperFile],
    address: Callable[[str], str],
    filters: list[dict[str, Any]],
    *,
    unchanged: str = UNCHANGED,
) -> str:
    """The page.

    Args:
        paper: what it shows.
        files: the files that the paper comes as.
        address: gives the address of one of its files or drawings by the last part.
        filters: the controls of its form.
        unchanged: for how long the files stay the same.
    """
    without = pdf_missing()
    return render_template(
        "report.html",
        title=paper.title,
        paper=paper,
        files=[
            (address(name), each.label)
            for name, each in files.items()
            if name != PDF_FILE or not without
        ],
        pdf_missing=without,
        drawn=lambda figure: address(f"figures/{figure.name}.svg"),
        filters=filters,
        unchanged=unchanged,
        action=request.path,
    )
