"""What Word knows and python-docx has no words for: small pieces of WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

if TYPE_CHECKING:
    from docx.table import Table, _Row
    from docx.text.paragraph import Paragraph


_CELL_MARGIN_TWIPS: Final = 60


def element(name: str, **attributes: str) -> Any:
    """An element of the namespace ``w`` with attributes of it."""
    made: Any = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def repeat_as_header(row: _Row) -> None:
    """Show the row again at the head of each page that the table reaches."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))


def keep_row_whole(row: _Row) -> None:
    """Never break the row across pages."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def describe(table: Any, words: str) -> None:
    """Say what a table holds to those who do not see it."""
    table.tblPr.append(element("tblCaption", val=words))


def set_column_widths(table: Table, widths_mm: Sequence[float]) -> None:
    """Give each column its width, whatever stands in it, and cells a narrow margin."""
    table.autofit = False
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=str(_CELL_MARGIN_TWIPS), type="dxa"))
    table._tbl.tblPr.append(margins)
    for column, width_mm in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width_mm)
        for cell in column.cells:
            cell.width = Mm(width_mm)


def add_link(paragraph: Paragraph, text: str, url: str) -> None:
    """Add words that lead to an address."""
    link: Any = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, True))
    run = paragraph.add_run(text)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def add_page_number(paragraph: Paragraph) -> None:
    """Add the number of the page, which Word fills in."""
    paragraph.add_run("Page ")
    field = element("fldSimple", instr="PAGE")
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)
