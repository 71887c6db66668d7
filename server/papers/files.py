"""The files that a paper comes as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from layers.output import csv_text
from layers.view import View
from server.papers.drawings import MAP
from server.papers.geopackage import geopackage
from server.papers.paper import Paper
from server.papers.pdf import pdf
from server.papers.word import word
from server.pictures.png import PAPER_DPI, png
from server.pictures.scene import Scene
from server.pictures.svg import svg
from server.visits.asked import VISITS

PDF: Final = "application/pdf"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
GEOPACKAGE: Final = "application/geopackage+sqlite3"


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One of the files: how its name ends, what readers call it, and how it is made."""

    ending: str
    label: str
    mimetype: str
    make: Callable[[Paper], bytes]


def _map(paper: Paper) -> Scene:
    figure = paper.figure(MAP)
    assert figure is not None, "every paper on visits has its map"
    assert figure.alone is not None
    return figure.alone


def _view(paper: Paper, name: str) -> View:
    return dict(paper.data)[name]


FILES: Final[Mapping[str, PaperFile]] = MappingProxyType(
    {
        "paper.pdf": PaperFile(".pdf", "The paper as PDF, accessible (PDF/UA)", PDF, pdf),
        "paper.docx": PaperFile(".docx", "The paper as Word, to edit", WORD, word),
        "map.svg": PaperFile(
            "-map.svg",
            "The map alone as SVG",
            "image/svg+xml",
            lambda paper: svg(_map(paper)),
        ),
        "map.png": PaperFile(
            "-map.png",
            "The map alone as PNG, 300 dots to the inch",
            "image/png",
            lambda paper: png(_map(paper), PAPER_DPI),
        ),
        "visits.csv": PaperFile(
            "-visits.csv",
            "The visits as CSV",
            "text/csv; charset=utf-8",
            lambda paper: csv_text(_view(paper, VISITS)).encode(),
        ),
        "commitment.csv": PaperFile(
            "-commitment.csv",
            "The areas with how they stand, as CSV",
            "text/csv; charset=utf-8",
            lambda paper: csv_text(_view(paper, "commitment")).encode(),
        ),
        "data.gpkg": PaperFile(
            ".gpkg",
            "Visits and areas as GeoPackage",
            GEOPACKAGE,
            lambda paper: geopackage(paper.data, paper.as_of),
        ),
    }
)
"""By the last part of their address."""
