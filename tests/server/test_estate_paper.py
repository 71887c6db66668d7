"""The paper on the estate: its structure, its figures beside the pages', for whom it is."""

from __future__ import annotations

import csv
import html
import io
import math
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn
from flask.testing import FlaskClient
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from boundaries.ground import load_ground
from boundaries.small_areas import small_areas
from geo.crs import to_metres
from layers.audience import Audience
from layers.errors import BadQuery
from layers.estate_registers import PROJECTS
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.app import create_app
from server.cli import patchmap
from server.papers.estate.asked import MOST_SCENARIOS, asked_paper
from server.papers.estate.paper import ESTATE_FILES, paper_of
from server.papers.paper import Figure, Paper, Table
from server.papers.pdf import pdf
from server.settings import Settings
from tests.server.conftest import NOW
from tests.server.papers import LIVE, table_of, words_of

AS_OF = "2026-11-22"
CLOSES = "closes=S002"
OPENS = f"/estate/what-if?as_of={AS_OF}&opens=Oakham&closes=S003"
NPA_ROWS = 9


@contextmanager
def made(
    workspace: Workspace,
    audience: Audience = Audience.PUBLIC,
    as_of: str = AS_OF,
    since: str = "",
    scenarios: tuple[str, ...] = (),
) -> Iterator[Paper]:
    """The paper, within the app that made it."""
    settings = Settings(workspace.path, public_url=LIVE)
    params = {"as_of": [as_of], "since": [since], "scenario": list(scenarios)}
    with create_app(settings, workspace, lambda: NOW).app_context():
        yield paper_of(asked_paper(params, audience))


@pytest.fixture(scope="module")
def paper(demo: Workspace) -> Iterator[Paper]:
    """The paper for staff, with two scenarios and what changed."""
    with made(demo, Audience.STAFF, since="2016-01-01", scenarios=(CLOSES, OPENS)) as paper:
        yield paper


@pytest.fixture(scope="module")
def for_all(demo: Workspace) -> Iterator[Paper]:
    """The paper for the public."""
    with made(demo) as paper:
        yield paper


@pytest.fixture(scope="module")
def files(paper: Paper) -> dict[str, bytes]:
    return {name: each.make(paper) for name, each in ESTATE_FILES.items()}


def tables_of(paper: Paper) -> list[Table]:
    return [b for section in paper.sections for b in section.blocks if isinstance(b, Table)]


def cell(table: Table, row: str, column: str) -> str:
    (found,) = (each for each in table.rows if each[0] == row)
    return found[table.columns.index(column)]


def elements(document: PdfReader) -> list[DictionaryObject]:
    """Every element of the structure, in reading order."""
    found: list[DictionaryObject] = []

    def walk(kid: Any) -> None:
        kid = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(kid, list):
            for each in kid:
                walk(each)
        elif isinstance(kid, DictionaryObject) and "/S" in kid:
            found.append(kid)
            walk(kid.get("/K", []))

    root: Any = document.trailer["/Root"]
    walk(root["/StructTreeRoot"]["/K"])
    return found


def test_the_pdf_is_tagged_titled_and_described(files: dict[str, bytes], paper: Paper) -> None:
    document = PdfReader(io.BytesIO(files["paper.pdf"]))
    root: Any = document.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    described = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfuaid:part="1"' in described
    assert document.metadata is not None
    assert document.metadata.title == f"{paper.title}. {paper.subtitle}"
    assert document.metadata["/CreationDate"] == "D:20261122"
    tags = elements(document)
    headings = [str(each["/S"]) for each in tags if re.match(r"/H\d", each["/S"])]
    assert headings == ["/H1", *["/H2"] * len(paper.sections)]
    said = [str(each["/Alt"]) for each in tags if each["/S"] == "/Figure"]
    assert said == [figure.alternative for figure in paper.figures]
    assert [figure.name for figure in paper.figures] == ["map", "progress", "qr"]
    assert sum(each["/S"] == "/Caption" for each in tags) == len(tables_of(paper))
    for page in document.pages:
        assert page.extract_text().count("OFFICIAL") == 2


def test_no_figure_is_broken_in_the_pdf(files: dict[str, bytes], paper: Paper) -> None:
    """A number that does not fit in its column would be parted, as the map from its source."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(files["paper.pdf"])).pages]
    number = re.compile(r"[£−+\d][\d,.]*\d")
    whole = set(number.findall("\n".join(pages)))
    for table in tables_of(paper):
        for row in table.rows:
            for text in (row[column] for column in table.figures):
                assert set(number.findall(text)) <= whole, (table.caption, text)
    (on,) = (text for text in pages if re.search(r"Inset: \d+ times larger", text))
    assert "Sources: the register of sites" in re.sub(r"\s+", " ", on)


def test_the_word_file_has_headings_headers_and_alternatives(
    files: dict[str, bytes], paper: Paper
) -> None:
    word = docx.Document(io.BytesIO(files["paper.docx"]))
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Head")]
    assert headings == [
        ("Heading 1", paper.title),
        *(("Heading 2", section.heading) for section in paper.sections),
    ]
    written = tables_of(paper)
    assert len(word.tables) == len(written)
    for made_table, table in zip(word.tables, written, strict=True):
        first, *rest = made_table.rows
        assert first._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert [each.text for each in first.cells] == list(table.columns)
        assert [tuple(each.text for each in row.cells) for row in rest] == list(table.rows)
    said = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert said == [figure.alternative for figure in paper.figures]


def test_the_map_alone_says_each_sentence_once(files: dict[str, bytes]) -> None:
    drawn = re.sub(r"<desc\b.*?</desc>", " ", files["map.svg"].decode(), flags=re.DOTALL)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", drawn))
    assert words.count("there are 6 enquiry desks open to callers") == 1
    assert words.count("6 sites surely give the service") == 1


def test_no_cell_is_empty(paper: Paper, for_all: Paper) -> None:
    for table in (*tables_of(paper), *tables_of(for_all)):
        for row in (table.columns, *table.rows):
            assert len(row) == len(table.columns)
            assert all(text.strip() for text in row), (table.caption, row)


def test_the_same_day_gives_the_same_files(demo: Workspace, files: dict[str, bytes]) -> None:
    with made(demo, Audience.STAFF, since="2016-01-01", scenarios=(CLOSES, OPENS)) as again:
        for name, each in ESTATE_FILES.items():
            assert each.make(again) == files[name], name


def test_the_data_are_the_same_in_every_format(files: dict[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "data.gpkg"
    file.write_bytes(files["data.gpkg"])
    database = sqlite3.connect(file)
    kinds = dict(database.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
    for name in ("sites", "areas", "coverage", "projects", "section_106"):
        rows = list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))
        (held,) = database.execute(f"SELECT count(*) FROM {name}").fetchone()
        assert held == len(rows) > 0
    database.close()
    assert kinds["projects"] == kinds["section_106"] == "attributes"
    assert kinds["areas"] == "features"


def test_the_coverage_is_that_of_the_api(for_all: Paper, public: FlaskClient) -> None:
    said = public.get(f"/api/estate/coverage?as_of={AS_OF}").json
    table = table_of(for_all, "Residents by distance to the nearest")
    assert len(table.rows) == NPA_ROWS + 1
    for row, npa in zip(table.rows, [*said["npas"], said["total"]], strict=True):
        assert row[1] == f"{npa['residents']:,}"
        for text, near in zip(row[2:5], npa["distances"], strict=True):
            assert text.startswith(f"{near['within']:,} ")
            more = near["possibly_within"]
            assert text.endswith(f"; up to {more:,} more") is (more > 0)
        assert row[5] == f"{npa['distances'][-1]['outside']:,}"
    areas = dict(for_all.data)["areas"].records
    near = {npa["npa_code"]: npa["distances"][1]["within"] for npa in said["npas"]}
    assert dict(zip(areas["npa_code"], areas["within_5000_m"], strict=True)) == near


def test_the_register_is_that_of_the_api(paper: Paper, staff: FlaskClient) -> None:
    said = staff.get(f"/api/estate/register?as_of={AS_OF}").json
    table = table_of(paper, "The estate by area")
    premises, offices = (cell(table, "All", name) for name in table.columns[1:3])
    assert (premises, offices) == ("18; up to 7 more", "4; up to 2 more")
    assert (said["surely"], said["possibly"]) == (18 + 4, 7 + 2)
    for column in table.columns[1:5]:
        surely = [int(row[table.columns.index(column)].partition(";")[0]) for row in table.rows]
        assert sum(surely[:-1]) == surely[-1], column
    assert table_of(paper, "Sites on 22 November").rows.__len__() == len(said["sites"])
    totals = table_of(paper, "Published totals")
    assert cell(totals, "Premises", "How they stand") == "Missing: at least 6"
    assert "Braunstone police station" in words_of(paper)


def test_the_programme_is_that_of_its_page(paper: Paper, staff: FlaskClient) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", staff.get("/estate/programme").text))
    sums = table_of(paper, "Budget and spend by category")
    assert cell(sums, "All", "Budget") == "£3,683,000"
    assert " ".join(sums.rows[-1]) in page
    projects = table_of(paper, "Capital projects")
    assert len(projects.rows) == 15
    for row in projects.rows:
        assert row[0] in page
        assert row[5] in page
    (progress,) = (each for each in paper.figures if each.name == "progress")
    assert "Firearms building extension 5%" in progress.alternative
    assert "Solar farm at Force Headquarters not known" in progress.alternative
    by_council = table_of(paper, "Section 106 by council and status")
    assert by_council.rows[-1][1:4] == ("All", "4", "£235,000, and 2 not known")
    assert cell(by_council, "Harborough District Council", "Amount") == "£75,000"


def test_the_strategy_never_takes_unknown_for_none(paper: Paper) -> None:
    table = table_of(paper, "Each area beside the strategy")
    states = [re.split(r"[:.]", row[1])[0] for row in table.rows]
    assert (states.count("Met"), states.count("Not known")) == (5, 4)


def test_scenarios_are_compared_as_the_api_has_them(paper: Paper, staff: FlaskClient) -> None:
    table = table_of(paper, "Scenarios side by side")
    assert table.columns == ("Measure", "As it stands", "Scenario 1", "Scenario 2")
    for number, query in ((1, CLOSES), (2, OPENS.partition("?")[2])):
        said = staff.get(
            f"/api/estate/what-if?as_of={AS_OF}&{query.replace(f'as_of={AS_OF}&', '')}"
        )
        total = said.json["total"]
        column = f"Scenario {number}"
        assert cell(table, "Residents with a shorter way", column) == f"{total['nearer']:,}"
        assert cell(table, "Residents with a longer way", column) == f"{total['farther']:,}"
    assert cell(table, "Residents within 5 km", "As it stands") == "435,110"


def test_what_changed_is_told_since_the_day_of_the_last_paper(paper: Paper) -> None:
    changes = table_of(paper, "Changes")
    assert cell(changes, "Coalville police station (former)", "What changed") == "Closed"


def test_a_paper_without_a_day_before_or_scenarios_leaves_their_sections_out(
    for_all: Paper,
) -> None:
    headings = [section.heading for section in for_all.sections]
    assert not {"What changed", "Scenarios compared"} & set(headings)
    assert "not known" in words_of(for_all).partition("Response\n")[2][:200]


def test_a_public_paper_with_a_scenario_is_refused(
    demo_path: Path, tmp_path: Path, public: FlaskClient, staff: FlaskClient
) -> None:
    where = ["--out", str(tmp_path / "out"), "--workspace", str(demo_path)]
    done = CliRunner().invoke(patchmap, ["report", "estate", *where, "--scenario", CLOSES])
    assert done.exit_code == 2
    assert "Scenarios are for staff alone" in done.output
    assert not (tmp_path / "out").exists()
    for client in (public, staff):
        refused = client.get("/estate/report", query_string={"scenario": CLOSES})
        assert refused.status_code == 400
        assert "Scenarios are for staff alone" in refused.text
    asked = {"scenario": CLOSES, "for": "staff"}
    assert public.get("/estate/report", query_string=asked).status_code == 400
    shown = staff.get("/estate/report", query_string=asked)
    assert shown.status_code == 200
    assert "Scenario 1: Mansfield House police station closes." in shown.text
    (query,) = re.findall(r'name="scenario" value="([^"]+)"', shown.text)
    earlier = asked | {"scenario": html.unescape(query), "as_of": "2025-01-01"}
    assert staff.get("/estate/report", query_string=earlier).status_code == 200


@pytest.mark.parametrize(
    ("scenarios", "words"),
    [
        (("as_of=2020-01-01&closes=S002",), "must be of the day of the paper"),
        (("closes=NOSITE",), "must name a site"),
        (("service=any",), "must make a change"),
        ((CLOSES, f"{CLOSES}&distance_m=3000"), "scenario 2 differs"),
        ((CLOSES,) * (MOST_SCENARIOS + 1), "4 scenarios at most"),
    ],
)
def test_a_scenario_that_cannot_be_used_is_told(
    demo: Workspace, scenarios: tuple[str, ...], words: str
) -> None:
    with pytest.raises(BadQuery, match=words), made(demo, Audience.STAFF, scenarios=scenarios):
        pass


def test_a_day_of_the_last_paper_must_lie_before(demo: Workspace) -> None:
    with pytest.raises(BadQuery, match="must be a day before"), made(demo, since=AS_OF):
        pass


def test_what_is_not_marked_public_is_in_no_public_paper(tmp_path: Path) -> None:
    """And what is, is."""
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    planted = {
        PROJECTS.part: "project_id,project,budget_gbp,visibility,note\n"
        "P1,Open works,5000,public,Told\nP2,Quollworks,777123,staff,Quollnote\n",
        "section_106": "item_id,item,council,amount_gbp,status,visibility\n"
        "I1,Open desk,A council,60,held,public\nI2,Quolldesk,Quollcouncil,888123,held,staff\n",
        "sites": "site_id,name,site_type,latitude,longitude,public_access,status,visibility\n"
        "S1,Open station,police-station,52.63,-1.13,open,open,public\n"
        "S2,Quollhouse,police-station,52.65,-1.11,open,open,staff\n",
    }
    for register, text in planted.items():
        (tmp_path / f"{register}.csv").write_text(text)
        table = read_table(tmp_path / f"{register}.csv")
        assert not REGISTRY.taker(register)(table, workspace, Intake(NOW)).rejected
    secret = re.compile("quoll|777,?123|888,?123", re.IGNORECASE)
    with made(workspace) as paper:
        said = words_of(paper)
        for name in ("Open works", "Open desk", "Open station"):
            assert name in said
        assert not secret.search(said)
        pages = PdfReader(io.BytesIO(pdf(paper))).pages
        assert not secret.search("".join(page.extract_text() for page in pages))
        for name, each in ESTATE_FILES.items():
            if name.endswith((".csv", ".svg", ".gpkg")):
                assert not secret.search(each.make(paper).decode(errors="replace")), name
    with made(workspace, Audience.STAFF) as paper:
        assert {"Quollworks", "Quolldesk", "Quollhouse"} <= set(words_of(paper).split("\n"))
    workspace.close()


def test_an_empty_workspace_gives_a_paper_that_says_so(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    with made(workspace) as paper:
        assert paper.as_of == date(2026, 11, 22)
        said = words_of(paper)
        assert "No capital project can be shown here." in said
        assert "No site is held that stood on the day." in said
        for each in ESTATE_FILES.values():
            assert each.make(paper)
    workspace.close()


def test_the_page_shows_and_gives_what_the_command_writes(
    public: FlaskClient, for_all: Paper
) -> None:
    page = public.get(f"/estate/report?as_of={AS_OF}")
    assert page.status_code == 200
    for name, each in ESTATE_FILES.items():
        assert f"/estate/report/{name}?as_of={AS_OF}" in page.text
        if name in ("paper.pdf", "paper.docx"):  # these hold the live view's address
            continue
        answered = public.get(f"/estate/report/{name}?as_of={AS_OF}")
        assert (answered.status_code, answered.content_type) == (200, each.mimetype)
        assert answered.data == each.make(for_all), name
    for figure in (each.name for each in for_all.figures if isinstance(each, Figure)):
        if figure != "qr":
            assert public.get(f"/estate/report/figures/{figure}.svg?as_of={AS_OF}").data
    assert public.get("/estate/report/paper.odt").status_code == 404


def test_response_is_told_from_the_bases_that_are_known(tmp_path: Path) -> None:
    """Residents within 15 minutes and two hours of two bases, counted one by one."""
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    (tmp_path / "sites.csv").write_text(
        "site_id,name,site_type,latitude,longitude,response_base,status,visibility\n"
        "S1,North base,police-station,52.63,-1.13,yes,open,public\n"
        "S2,South base,police-station,52.46,-1.1,yes,open,public\n"
        "S3,No base,police-station,52.77,-1.2,no,open,public\n"
    )
    table = read_table(tmp_path / "sites.csv")
    assert not REGISTRY.taker("sites")(table, workspace, Intake(NOW)).rejected
    with made(workspace) as paper:
        said = words_of(paper).partition("Response\n")[2]
        found = table_of(
            paper, "Residents by estimated minutes to the nearest response base, by Neigh"
        )
        assert pdf(paper).startswith(b"%PDF")
    workspace.close()
    areas = small_areas(load_ground(None))
    east, north = to_metres([-1.13, -1.1], [52.63, 52.46])
    within = {15: 0, 120: 0}
    for (x, y), urban, residents in zip(
        areas.points_m, areas.urban, areas.residents.tolist(), strict=True
    ):
        metres = 1.3 * min(math.hypot(x - e, y - n) for e, n in zip(east, north, strict=True))
        for most in within:
            within[most] += residents if metres * 60 / (30e3 if urban else 60e3) <= most else 0
    assert 0 < within[15] < within[120] == sum(areas.residents)
    assert "grade 1 within 15 minutes, those of grade 2 within two hours" in said
    assert "there are 2 response bases" in said
    total = found.rows[-1]
    for most in within:
        assert total[found.columns.index(f"Within {most} min")].startswith(f"{within[most]:,} ")
    assert len(found.rows) == NPA_ROWS + 1
