"""The files that a paper comes as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from layers.output import csv_text
from server.papers.geopackage import geopackage
from server.papers.maps import MAP
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
CSV: Final = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One of the files: how its name ends, what readers call it, and how it is made."""

    ending: str
    label: str
    mimetype: str
    make: Callable[[Paper], bytes]


def files_of(tables: Mapping[str, str], data: str) -> Mapping[str, PaperFile]:
    """The files of a kind of paper, by the last part of their address.

    Args:
        tables: what readers call each of its views that is given as CSV, by the view's name.
        data: what they call all of its views together, as GeoPackage.
    """
    return MappingProxyType(
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
            **{f"{name}.csv": _table(name, label) for name, label in tables.items()},
            "data.gpkg": PaperFile(
                ".gpkg", data, GEOPACKAGE, lambda paper: geopackage(paper.data, paper.as_of)
            ),
        }
    )


def _map(paper: Paper) -> Scene:
    figure = paper.figure(MAP)
    assert figure is not None, "every paper has its map"
    assert figure.alone is not None
    return figure.alone


def _table(name: str, label: str) -> PaperFile:
    return PaperFile(
        f"-{name}.csv", label, CSV, lambda paper: csv_text(dict(paper.data)[name]).encode()
    )


FILES: Final = files_of(
    {
        VISITS: "The visits as CSV",
        "commitment": "The areas with how they stand, as CSV",
    },
    "Visits and areas as GeoPackage",
)
"""Those of the papers on visits."""
