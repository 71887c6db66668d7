"""The pages of the papers as they are laid out: nothing is left alone at an edge or half empty."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from layers.workspace import Workspace
from server.papers.paper import Figure, Paper, Table
from server.papers.pdf import pdf
from server.papers.word import word
from tests.server.papers import Wanted, made

HIGH_PX = 297 / 25.4 * 96
MARGIN_PX = 22 / 25.4 * 96
PAPERS = [
    Wanted("panel", "2024-01-01", "2024-12-31"),
    Wanted("panel", "2024-04-01", "2025-03-31"),
    Wanted("annual", "2024-04-01", "2025-03-31"),
]


@pytest.fixture(
    scope="module", params=PAPERS, ids=lambda wanted: f"{wanted.kind}-{wanted.date_from}"
)
def paper(request: pytest.FixtureRequest, demo: Workspace) -> Iterator[Paper]:
    """A paper, within the app that made it."""
    with made(demo, request.param) as paper:
        yield paper


@pytest.fixture(scope="module")
def laid_out(paper: Paper) -> PdfReader:
    """Its pages."""
    return PdfReader(io.BytesIO(pdf(paper)))


def lines(page: PageObject) -> list[tuple[float, str]]:
    """The texts of a page's body from top to foot, each with how far down it stands in pixels."""
    found: dict[int, str] = {}

    def heard(text: str, _: Any, matrix: list[float], *__: Any) -> None:
        down_px = round(matrix[5])
        if text.strip() and MARGIN_PX < down_px < HIGH_PX - MARGIN_PX:
            found[down_px] = f"{found.get(down_px, '')} {text}"

    page.extract_text(visitor_text=heard)
    return [(down_px, squeezed(text)) for down_px, text in sorted(found.items())]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_no_page_ends_with_a_heading(paper: Paper, laid_out: PdfReader) -> None:
    """Nor with the title of a table or drawing."""
    titles = [section.heading for section in paper.sections]
    for block in (block for section in paper.sections for block in section.blocks):
        titles += [block.caption] if isinstance(block, Table) else []
        titles += [block.title] if isinstance(block, Figure) else []
    assert len(titles) > 15
    ends = [squeezed(title) for title in titles]
    for page in laid_out.pages:
        last = lines(page)[-1][1]
        assert not [title for title in ends if title.endswith(last) and len(last) > 8], last


def test_no_row_of_a_table_stands_alone_on_a_page(paper: Paper, laid_out: PdfReader) -> None:
    """A table that goes on has at least two rows on each of its pages, below its header."""
    parts = iter(rows_of_tables(laid_out))
    written = [b for section in paper.sections for b in section.blocks if isinstance(b, Table)]
    split = 0
    for table in written:
        rows = [next(parts)]
        while sum(rows) < len(table.rows):
            rows.append(next(parts))
        assert sum(rows) == len(table.rows), table.caption
        assert len(rows) == 1 or min(rows) >= 2, (table.caption, rows)
        split += len(rows) > 1
    assert split or len(laid_out.pages) < 8, "no table of a long paper goes on"
    assert not list(parts)


def test_the_first_page_is_full_and_the_map_is_on_the_second(
    paper: Paper, laid_out: PdfReader
) -> None:
    first, second = laid_out.pages[0], laid_out.pages[1]
    assert lines(first)[-1][0] > 0.8 * (HIGH_PX - MARGIN_PX)
    title = squeezed(next(paper.figures).title)
    assert title in "".join(text for _, text in lines(second))
    assert lines(second)[-1][0] > 0.8 * (HIGH_PX - MARGIN_PX)


def test_no_page_but_the_last_is_half_empty(laid_out: PdfReader) -> None:
    for page in laid_out.pages[:-1]:
        assert lines(page)[-1][0] > HIGH_PX / 2


def test_word_keeps_headings_and_the_ends_of_tables_with_what_follows(paper: Paper) -> None:
    document = docx.Document(io.BytesIO(word(paper)))
    for name in ("Heading 1", "Heading 2", "Caption"):
        assert document.styles[name].paragraph_format.keep_with_next, name
    for table in document.tables:
        kept = [
            all(p.paragraph_format.keep_with_next for c in row.cells for p in c.paragraphs)
            for row in table.rows
        ]
        assert kept[0], "the header stays with its first row"
        assert not kept[-1]
        if len(kept) > 2:
            assert kept[1], "the first row stays with the second"
            assert kept[-2], "the last row does not stand alone"
    for paragraph in document.paragraphs:
        following = paragraph._p.getnext()
        if following is not None and following.tag == qn("w:tbl"):
            assert paragraph.style.name == "Caption"


def test_word_keeps_a_drawing_with_its_title_and_what_stands_below(paper: Paper) -> None:
    paragraphs = docx.Document(io.BytesIO(word(paper))).paragraphs
    at = [n for n, each in enumerate(paragraphs) if each._p.findall(f".//{qn('w:drawing')}")]
    assert len(at) == len(list(paper.figures)) > 2
    for number, figure in zip(at, paper.figures, strict=True):
        title, picture, below = paragraphs[number - 1 : number + 2]
        assert (title.text, title.style.name) == (figure.title, "Caption")
        assert picture.paragraph_format.keep_with_next
        assert below.text == figure.below
        assert below.paragraph_format.keep_together


def rows_of_tables(document: PdfReader) -> list[int]:
    """The rows of each table below its header, in reading order: a part on each page by itself."""
    root = document.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    found = below(root["/StructTreeRoot"].get_object(), "/Table")
    counted = [sum(has_cells(row) for row in below(table, "/TR")) for table in found]
    return [rows for rows in counted if rows]


def below(element: Any, kind: str) -> list[DictionaryObject]:
    """The elements of a kind below one, in reading order."""
    kids = element.get("/K", [])
    found: list[DictionaryObject] = []
    for kid in kids if isinstance(kids, list) else [kids]:
        each = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(each, DictionaryObject) and "/S" in each:
            found += [each] if each["/S"] == kind else below(each, kind)
    return found


def has_cells(row: DictionaryObject) -> bool:
    return bool(below(row, "/TD"))
