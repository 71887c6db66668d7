"""A paper as Word: real headings, table headers that come again, pictures with alternative text."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time
from itertools import pairwise
from textwrap import shorten
from typing import TYPE_CHECKING, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from server.page_context import SERVICE_NAME
from server.papers import word_styles
from server.papers.paper import Block, Figure, Link, Listing, Paper, Paragraph, Table
from server.papers.word_parts import (
    add_link,
    describe,
    keep_row_whole,
    repeat_as_header,
    set_column_widths,
)
from server.pictures.png import PAPER_DPI, png

if TYPE_CHECKING:
    from docx.document import Document

SHORT_TABLE: Final = 6
"""A table of so many rows or fewer stays on one page."""

LONGEST_PROPERTY: Final = 255
"""Of so many letters at most may be what a Word file says of itself."""

ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file knows: the files of a document have no time of their own."""


def word(paper: Paper) -> bytes:
    """The paper as a .docx file, the same bytes for the same paper."""
    document = docx.Document()
    word_styles.apply(document, paper.language, paper.marking)
    _properties(document, paper)
    document.add_heading(paper.title, level=1)
    document.add_paragraph(paper.subtitle, style="Subtitle")
    for notice in paper.notices:
        document.add_paragraph().add_run(notice).bold = True
    for section in paper.sections:
        document.add_heading(section.heading, level=2)
        for block, following in pairwise((*section.blocks, None)):
            _add(document, block, isinstance(following, Table | Figure | Listing))
    stream = io.BytesIO()
    document.save(stream)
    return _without_times(stream.getvalue())


def _properties(document: Document, paper: Paper) -> None:
    moment = datetime.combine(paper.as_of, time.min, UTC)
    properties = document.core_properties
    properties.title = f"{paper.title}. {paper.subtitle}"
    properties.author = paper.office
    properties.last_modified_by = paper.office
    properties.subject = shorten(paper.summary, LONGEST_PROPERTY, placeholder=" …")
    properties.comments = f"Made by {SERVICE_NAME}."
    properties.category = paper.marking
    properties.language = paper.language
    properties.created = properties.modified = moment
    properties.revision = 1


def _add(document: Document, block: Block | None, leads: bool) -> None:
    match block:
        case Paragraph(text, verbatim):
            style = word_styles.SMALL if verbatim else None
            paragraph = document.add_paragraph(text, style=style)
            paragraph.paragraph_format.keep_with_next = leads
        case Listing(items):
            for item in items:
                document.add_paragraph(item, style="List Bullet")
        case Link(text, url):
            add_link(document.add_paragraph(), text, url)
        case Table():
            _table(document, block)
        case Figure():
            _figure(document, block)


def _table(document: Document, table: Table) -> None:
    document.add_paragraph(table.caption, style="Caption")
    made = document.add_table(rows=0, cols=len(table.columns), style=word_styles.TABLE)
    for number, texts in enumerate((table.columns, *table.rows)):
        row = made.add_row()
        keep_row_whole(row)
        if not number:
            repeat_as_header(row)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.style = document.styles[word_styles.CELL]
            paragraph.add_run(text).bold = not number
            paragraph.paragraph_format.keep_with_next = _stays_with_next(number, len(table.rows))
            if column in table.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    shares = [table.share(column) for column in range(len(table.columns))]
    set_column_widths(made, [share * word_styles.TEXT_WIDTH_MM for share in shares])
    describe(made._tbl, table.caption)  # its place in the schema is after all else of the table


def _stays_with_next(number: int, last: int) -> bool:
    """Whether a row, of which the header is 0, may not be parted from the one below it.

    No row stands alone on a page, and a short table on one.
    """
    return number < last and (last <= SHORT_TABLE or number <= 1 or number == last - 1)


def _figure(document: Document, figure: Figure) -> None:
    document.add_paragraph(figure.title, style="Caption")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    picture = io.BytesIO(png(figure.scene, PAPER_DPI))
    width_mm = min(figure.width_mm, word_styles.TEXT_WIDTH_MM)
    shape = paragraph.add_run().add_picture(picture, width=Mm(width_mm))
    shape._inline.docPr.set("descr", figure.alternative)
    shape._inline.docPr.set("title", figure.title)
    below = document.add_paragraph(figure.below, style=word_styles.SMALL)
    below.paragraph_format.keep_together = True


def _without_times(content: bytes) -> bytes:
    """The same parts in the same order, none of which says when it was packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(packed, "w") as out:
        for part in made.infolist():
            info = zipfile.ZipInfo(part.filename, ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, made.read(part))
    return packed.getvalue()
