"""How a paper looks in Word: A4, its styles, its language, and the marking on each page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from server.papers.word_parts import add_page_number, element

if TYPE_CHECKING:
    from docx.document import Document

FONT: Final = "Arial"
CELL: Final = "Paper cell"
SMALL: Final = "Paper small"
TABLE: Final = "Table Grid"
TEXT_WIDTH_MM: Final = 170
_MARGIN_MM: Final = 20
_SIZES_PT: Final = {
    "Normal": 10.5,
    "Heading 1": 17,
    "Heading 2": 14,
    "Subtitle": 13,
    "Caption": 10,
    "List Bullet": 10.5,
    "Header": 10,
    "Footer": 10,
}
_INK: Final = RGBColor(0x0B, 0x0C, 0x0C)


def apply(document: Document, language: str, marking: str) -> None:
    """Set up an empty document."""
    _page(document)
    _styles(document)
    _language(document, language)
    section = document.sections[0]
    for part in (section.header, section.footer):
        paragraph = part.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(marking).bold = True
    number = section.footer.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    add_page_number(number)


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(22)


def _styles(document: Document) -> None:
    styles: Any = document.styles
    for name, size_pt in ((CELL, 8.5), (SMALL, 8.5)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.font.size = Pt(size_pt)
        space_pt = 1 if name == CELL else 3
        style.paragraph_format.space_before = Pt(1 if name == CELL else 0)
        style.paragraph_format.space_after = Pt(space_pt)
    for name, size_pt in _SIZES_PT.items():
        style = styles[name]
        style.font.name, style.font.size = FONT, Pt(size_pt)
        style.font.color.rgb = _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    subtitle = styles["Subtitle"]
    subtitle.font.italic = False
    for spread in subtitle.element.rPr.findall(qn("w:spacing")):
        subtitle.element.rPr.remove(spread)
    styles["Normal"].paragraph_format.space_before = Pt(4)
    styles["Normal"].paragraph_format.space_after = Pt(4)
    styles["Caption"].font.bold = True
    for name in ("Heading 2", "Caption"):
        styles[name].paragraph_format.space_before = Pt(12 if name == "Heading 2" else 8)
        styles[name].paragraph_format.space_after = Pt(4)
        styles[name].paragraph_format.keep_with_next = True


def _language(document: Document, language: str) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for held in properties.findall(qn("w:lang")):
        properties.remove(held)
    properties.append(element("lang", val=language, eastAsia=language, bidi="ar-SA"))
