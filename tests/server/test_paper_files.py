"""The files of a paper: their structure, read back by other libraries, and the same bytes twice."""

from __future__ import annotations

import builtins
import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import docx
import pyogrio
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from layers.audience import Audience
from layers.workspace import Workspace
from server.papers.files import FILES
from server.papers.paper import Figure, Listing, Paper, Paragraph, Table
from server.papers.pdf import MISSING, PdfNotPossible, pdf, pdf_missing
from server.papers.visits import FOR_STAFF
from server.pictures.page import STAFF_NOTICE
from tests.server.papers import LIVE, Wanted, made

Element = DictionaryObject


@pytest.fixture(scope="module")
def paper(demo: Workspace) -> Iterator[Paper]:
    """The Panel's paper of 2024, which has visits in doubt."""
    with made(demo, Wanted(date_from="2024-01", date_to="2024-12")) as paper:
        yield paper


@pytest.fixture(scope="module")
def files(paper: Paper) -> dict[str, bytes]:
    """Every file of the paper."""
    return {name: each.make(paper) for name, each in FILES.items()}


@pytest.fixture(scope="module")
def document(files: dict[str, bytes]) -> PdfReader:
    """The PDF."""
    return PdfReader(io.BytesIO(files["paper.pdf"]))


@pytest.fixture(scope="module")
def word(files: dict[str, bytes]) -> Document:
    """The Word file."""
    return docx.Document(io.BytesIO(files["paper.docx"]))


def root_of(document: PdfReader) -> DictionaryObject:
    root = document.trailer["/Root"]
    assert isinstance(root, DictionaryObject)
    return root


def elements(document: PdfReader) -> list[Element]:
    """Every element of the structure, in reading order."""
    found: list[Element] = []

    def walk(kid: Any) -> None:
        kid = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(kid, list):
            for each in kid:
                walk(each)
        elif isinstance(kid, DictionaryObject) and "/S" in kid:
            found.append(kid)
            walk(kid.get("/K", []))

    walk(root_of(document)["/StructTreeRoot"]["/K"])
    return found


def kinds_below(element: Element) -> list[str]:
    kids = element.get("/K", [])
    each = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
    return [str(kid["/S"]) for kid in each if isinstance(kid, DictionaryObject) and "/S" in kid]


def test_the_pdf_says_what_it_is(document: PdfReader, paper: Paper) -> None:
    root = root_of(document)
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    title = f"{paper.title}. {paper.subtitle}"
    assert document.metadata is not None
    assert document.metadata.title == title
    assert document.metadata["/CreationDate"] == "D:20241231"
    described = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfuaid:part="1"' in described
    assert title in described


def test_the_headings_of_the_pdf_are_those_of_the_paper(document: PdfReader, paper: Paper) -> None:
    headings = [str(each["/S"]) for each in elements(document) if re.match(r"/H\d", each["/S"])]
    assert headings == ["/H1", *["/H2"] * len(paper.sections)]
    outline = document.outline
    assert outline[0].title == paper.title
    assert [each.title for each in outline[1]] == [each.heading for each in paper.sections]


def test_every_drawing_in_the_pdf_says_what_it_shows(document: PdfReader, paper: Paper) -> None:
    said = [str(each["/Alt"]) for each in elements(document) if each["/S"] == "/Figure"]
    assert said == [figure.alternative for figure in paper.figures]
    assert len(said) == 4
    assert "Wigston and Harborough" in said[0]
    assert said[-1] == f"QR code that leads to the live view at {LIVE}" + (
        "/visits/commitment?from=2024-01-01&to=2024-12-31&type=community-day"
    )


def test_every_table_in_the_pdf_has_headers(document: PdfReader, paper: Paper) -> None:
    tables = [each for each in elements(document) if each["/S"] == "/Table"]
    captions = [each for each in elements(document) if each["/S"] == "/Caption"]
    written = _tables(paper)
    assert len(captions) == len(written) <= len(tables)
    for table in tables:
        assert {"/THead", "/TBody"} <= set(kinds_below(table))
    rows = [kinds_below(each) for each in elements(document) if each["/S"] == "/TR"]
    bodies = [kinds for kinds in rows if "/TD" in kinds]
    assert len(bodies) == sum(len(table.rows) for table in written)
    assert all(kinds == ["/TH", *["/TD"] * (len(kinds) - 1)] for kinds in bodies)
    cells = [each for each in elements(document) if each["/S"] == "/TD"]
    assert all(len(cell["/A"]["/Headers"]) == 2 for cell in cells if "/A" in cell)


def marked_texts(document: PdfReader) -> dict[tuple[int, int], str]:
    """The text of each marked part of a page, by the page's object and the part's number."""
    texts: dict[tuple[int, int], str] = {}
    for page in document.pages:
        open_marks: list[int] = []

        def before(operator: bytes, operands: Any, *_: Any, marks: list[int] = open_marks) -> None:
            if operator == b"BDC":
                marks.append(int(operands[1].get("/MCID", -1)))
            elif operator == b"EMC" and marks:
                marks.pop()

        def heard(
            text: str, *_: Any, marks: list[int] = open_marks, number: int = page_number(page)
        ) -> None:
            if marks:
                key = number, marks[-1]
                texts[key] = texts.get(key, "") + text

        page.extract_text(visitor_operand_before=before, visitor_text=heard)
    return texts


def page_number(page: Any) -> int:
    return int(page.indirect_reference.idnum)


def test_the_pdf_is_read_in_the_order_in_which_it_is_written(
    document: PdfReader, paper: Paper
) -> None:
    texts = marked_texts(document)
    parts = [
        texts.get((each.raw_get("/Pg").idnum, int(mark)), "")
        for each in elements(document)
        for mark in (each["/K"] if isinstance(each.get("/K"), list) else [])
        if isinstance(mark, int)
    ]
    read, at = re.sub(r"\s+", "", "".join(parts)), 0
    assert "OFFICIAL" not in read, "the marking is no part of what is read"
    for section in paper.sections:
        for words in (section.heading, *_beginnings(section.blocks)):
            at = read.index(re.sub(r"\s+", "", words), at)
    for row in (row for b in _tables(paper) for row in b.rows):
        assert re.sub(r"\s+", "", "".join(row)) in read


def _tables(paper: Paper) -> list[Table]:
    return [b for section in paper.sections for b in section.blocks if isinstance(b, Table)]


def _beginnings(blocks: tuple[Any, ...]) -> Iterator[str]:
    """The first words of what a section says, whole lines of the page."""
    for block in blocks:
        match block:
            case Paragraph(text):
                yield text[:40]
            case Listing(items):
                yield from (item[:40] for item in items)
            case Table():
                yield block.caption[:40]
            case Figure():
                yield block.title[:40]


def test_every_page_of_the_pdf_is_marked_twice(document: PdfReader) -> None:
    for number, page in enumerate(document.pages, start=1):
        text = page.extract_text()
        assert text.count("OFFICIAL") == 2
        assert f"Page {number} of {len(document.pages)}" in text
        assert [float(side) for side in page.mediabox[2:]] == pytest.approx([595.28, 841.89], abs=1)


def test_fonts_of_the_pdf_are_within_it(document: PdfReader) -> None:
    fonts = [
        font.get_object()
        for page in document.pages
        for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        (below,) = font["/DescendantFonts"]
        descriptor = below.get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
        assert "/ToUnicode" in font


def test_each_page_of_a_paper_for_staff_says_that_it_is_not_for_publication(
    demo: Workspace, document: PdfReader
) -> None:
    with made(demo, Wanted(audience=Audience.STAFF, date_from="2025-01")) as paper:
        marked = f"OFFICIAL. {FOR_STAFF}"
        pages = PdfReader(io.BytesIO(pdf(paper))).pages
        assert len(pages) > 4
        for page in pages:
            assert page.extract_text().count(marked) == 2, "at head and foot"
        (section,) = docx.Document(io.BytesIO(FILES["paper.docx"].make(paper))).sections
        assert not section.different_first_page_header_footer
        for part in (section.header, section.footer):
            assert part.paragraphs[0].text == marked
    assert not any(FOR_STAFF in page.extract_text() for page in document.pages)


def test_another_marking_and_the_notice_for_staff_are_on_every_paper(demo: Workspace) -> None:
    wanted = Wanted(marking="OFFICIAL - SENSITIVE", audience=Audience.STAFF, date_from="2025-03")
    with made(demo, wanted) as paper:
        pages = PdfReader(io.BytesIO(pdf(paper))).pages
        assert all(page.extract_text().count("OFFICIAL - SENSITIVE") == 2 for page in pages)
        assert STAFF_NOTICE in pages[0].extract_text()
        svg = FILES["map.svg"].make(paper).decode()
        assert svg.count("OFFICIAL - SENSITIVE") == 2
        assert STAFF_NOTICE in svg


def test_a_text_of_the_register_is_never_markup(tmp_path: Path) -> None:
    from tests.server.papers import with_visits

    row = 'B1,2026-03-02,"<b>&amp;</b>",52.6,-1.08,PCC,community-day,"=1+1 <script>x</script>"'
    header = "visit_id,date,place,latitude,longitude,visitor,visit_type,reason"
    workspace = with_visits(tmp_path, f"{header}\n{row}\n")
    with made(workspace, Wanted(date_from="2026-01", date_to="2026-06")) as paper:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(paper))).pages)
        assert "<b>&amp;</b>" in re.sub(r"\s", "", text)
        word = docx.Document(io.BytesIO(FILES["paper.docx"].make(paper)))
        cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
        assert "=1+1 <script>x</script>" in cells
    workspace.close()


def test_the_word_file_has_real_headings_and_says_what_it_is(word: Document, paper: Paper) -> None:
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Head")]
    assert headings == [
        ("Heading 1", paper.title),
        *(("Heading 2", section.heading) for section in paper.sections),
    ]
    about = word.core_properties
    assert (about.title, about.language) == (f"{paper.title}. {paper.subtitle}", "en-GB")
    assert (about.author, about.created.date()) == (paper.office, paper.as_of)
    languages = word.styles.element.findall(f".//{qn('w:lang')}")
    assert {each.get(qn("w:val")) for each in languages} == {"en-GB"}


def test_nothing_in_the_word_file_is_spaced_by_empty_paragraphs(word: Document) -> None:
    for paragraph in word.paragraphs:
        holds = paragraph.text.strip() or paragraph._p.findall(f".//{qn('w:drawing')}")
        assert holds, "an empty paragraph"
    cells = [cell for table in word.tables for row in table.rows for cell in row.cells]
    assert all(paragraph.text.strip() for cell in cells for paragraph in cell.paragraphs)


def test_tables_in_the_word_file_have_header_rows_that_come_again(
    word: Document, paper: Paper
) -> None:
    written = _tables(paper)
    assert len(word.tables) == len(written)
    for made_table, table in zip(word.tables, written, strict=True):
        first, *rest = made_table.rows
        assert [cell.text for cell in first.cells] == list(table.columns)
        assert [tuple(cell.text for cell in row.cells) for row in rest] == list(table.rows)
        assert first._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row._tr.find(f".//{qn('w:tblHeader')}") is None for row in rest)


def test_pictures_in_the_word_file_say_what_they_show(word: Document, paper: Paper) -> None:
    said = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert said == [figure.alternative for figure in paper.figures]


def test_pages_of_the_word_file_are_marked(word: Document) -> None:
    (section,) = word.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for part in (section.header, section.footer):
        first = part.paragraphs[0]
        assert (first.text, first.alignment) == ("OFFICIAL", WD_ALIGN_PARAGRAPH.CENTER)


def test_the_png_is_dense_enough_for_print(files: dict[str, bytes]) -> None:
    image = Image.open(io.BytesIO(files["map.png"]))
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.5)
    assert image.width / 300 * 25.4 == pytest.approx(175, abs=1)
    assert "numbered" not in image.info["Title"]
    assert "Places visited" in image.info["Title"]


def test_the_geopackage_holds_what_the_csv_holds(
    files: dict[str, bytes], tmp_path: Path, paper: Paper
) -> None:
    file = tmp_path / "data.gpkg"
    file.write_bytes(files["data.gpkg"])
    assert {name for name, _ in pyogrio.list_layers(file)} == {"visits", "commitment"}
    for layer in ("visits", "commitment"):
        frame = pyogrio.read_dataframe(file, layer=layer)
        rows = list(csv.DictReader(io.StringIO(files[f"{layer}.csv"].decode())))
        assert frame.crs.to_epsg() == 27700
        assert len(frame) == len(rows)
        assert set(frame["npa_code"]) == {row["npa_code"] for row in rows}
        assert "NA" in set(frame["npa_code"])
        assert set(frame.columns) - {"geometry"} == set(rows[0]) - {"longitude", "latitude", "wkt"}
    database = sqlite3.connect(file)
    (changes,) = database.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    database.close()
    assert changes == (f"{paper.as_of}T00:00:00.000Z",)


def test_a_change_more_while_writing_leaves_no_trace(
    paper: Paper, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = pyogrio.write_dataframe

    def write_and_change(frame: Any, file: Path, **options: Any) -> None:
        write(frame, file, **options)
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE gpkg_contents SET identifier = identifier")

    monkeypatch.setattr(pyogrio, "write_dataframe", write_and_change)
    assert FILES["data.gpkg"].make(paper) == files["data.gpkg"]


def test_the_same_period_gives_the_same_files(demo: Workspace, files: dict[str, bytes]) -> None:
    with made(demo, Wanted(date_from="2024-01-01", date_to="2024-12-31")) as again:
        for name, each in FILES.items():
            assert each.make(again) == files[name], name
    times = {part.date_time for part in zipfile.ZipFile(io.BytesIO(files["paper.docx"])).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


@pytest.fixture
def no_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Pango, on which WeasyPrint cannot be imported."""
    real = builtins.__import__

    def refuse(name: str, *args: Any, **options: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)


@pytest.mark.usefixtures("no_pango")
def test_without_pango_the_pdf_is_missing_in_a_sentence_and_nothing_else(
    paper: Paper, public: FlaskClient
) -> None:
    with pytest.raises(PdfNotPossible, match="Pango"):
        FILES["paper.pdf"].make(paper)
    assert pdf_missing() == MISSING
    period = "from=2024-01&to=2024-12"
    page = public.get(f"/visits/report?{period}").text
    assert MISSING in page
    assert "paper.pdf" not in page
    refused = public.get(f"/visits/report/panel/paper.pdf?{period}")
    assert refused.status_code == 501
    assert MISSING in refused.text
    assert public.get(f"/visits/report/panel/paper.docx?{period}").status_code == 200


def test_files_come_over_the_web_as_they_are_made(
    public: FlaskClient, files: dict[str, bytes]
) -> None:
    period = "from=2024-01&to=2024-12"
    for name, each in FILES.items():
        answered = public.get(f"/visits/report/panel/{name}?{period}")
        assert (answered.status_code, answered.content_type) == (200, each.mimetype)
        if name not in ("paper.pdf", "paper.docx"):  # these hold the live view's address
            assert answered.data == files[name]
        assert answered.headers["Content-Disposition"].startswith("attachment")
