"""Secrets planted in every layer are looked for in every answer that the public can get."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote_plus

import pyogrio
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from werkzeug.test import TestResponse

from geo.crs import to_metres
from geo.grid import HexGrid
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import ENDPOINTS, StaffLink
from server.app import create_app
from server.cli import patchmap
from server.papers.estate.paper import ESTATE_FILES
from server.papers.files import FILES, GEOPACKAGE
from server.papers.visits import PAPERS
from server.requests import HOME_PAGE, MAP_PAGES
from server.settings import Settings

PRIVATE_SITE = (-1.02937, 52.71846)
CUSTODY = (-1.21739, 52.59173)
STAFF_VISIT = (-0.91746, 52.66281)
COMING_VISIT = (-1.38219, 52.73164)
RARE_REPORT = (-0.70853, 52.63719)
PLACES = (PRIVATE_SITE, CUSTODY, STAFF_VISIT, COMING_VISIT, RARE_REPORT)

SITES = """\
site_id,name,site_type,address,postcode,latitude,longitude,public_access,status,visibility,note,\
running_cost_gbp
OPEN1,An open station,police-station,High St,LE1 1AA,52.63,-1.13,open,open,,Nothing hidden,468135
HID1,Quokkahouse,other,Quokkalane 7,QK7 7QK,52.71846,-1.02937,unknown,open,staff,Quokkanote,
CUS1,Wombatcells,custody,Wombatroad 3,WM3 3BT,52.59173,-1.21739,unknown,open,,Wombatnote,
"""
HISTORY = """event_id,site_id,date,event,public_access,visibility,note
EVBETTONG1,OPEN1,2020-01-01,access-changed,open,,Bettongnote
EVOPEN,OPEN1,2019-01-01,opened,open,public,Nothing hidden
"""
SECTION_106 = """item_id,item,council,amount_gbp,deadline,visibility,note
ITPADEMELON,Pademelonhall,Pademeloncouncil,777123,2026-12-31,,Pademelonnote
ITOPEN,A new door,A council,500,2026-12-31,public,Nothing hidden
"""
TOTALS = """measure,value,unit,as_of,visibility,note
premises,987654,count,2026-01-01,staff,Wallabynote
locations,3,count,2026-01-01,public,Nothing hidden
"""
PROJECTS = """project_id,project,site_name,category,budget_gbp,status,visibility,note
PRJ1,A new roof,An open station,approved scheme,5000,complete,public,Nothing hidden
PRJ2,Numbatrange firearms building,Numbatsite,approved scheme,777123,open,,Numbatnote
"""
VISITS = """visit_id,date,place,latitude,longitude,visitor,visit_type,reason,source,visibility
VIS1,2026-06-01,An open meeting,52.6300,-1.1300,PCC,surgery,Nothing hidden,a page,
VIS2,2026-06-02,Bandicoothall,52.66281,-0.91746,Bandicootguest,surgery,Bandicootwhy,Bandicootsrc,staff
VIS3,2027-02-03,Potoroohall,52.73164,-1.38219,Potorooguest,surgery,Potoroowhy,Potoroosrc,public
"""
HEADER = "report_id,date,latitude,longitude,concerns,not_reported_reason,source"
KNOWN = ("52.6302,-1.1301", "52.7702,-1.2001", "52.5802,-1.1001", "52.5402,-1.3701")
REPORTS = "\n".join(
    [
        HEADER,
        *(
            f"SSPLAIN{place}{month}{n},2022-{month:02}-10,{position},badly-lit,too-minor,s"
            for place, position in enumerate(KNOWN)
            for month in (2, 5, 8, 11)
            for n in range(8)
        ),
        "SSBILBY,2022-05-05,52.63719,-0.70853,being-followed,bilby-reason,bilbysource",
    ]
)
ZONES = """zone_id,version,name,starts,wkt
ZONE1,1,A zone,2020-01-01,"POLYGON((-1.2 52.6,-1.1 52.6,-1.1 52.7,-1.2 52.6))"
"""
CRIME = """Month,Longitude,Latitude,Crime type
2022-05,-1.1300,52.6300,Burglary
2022-06,-1.1301,52.6301,Anti-social behaviour
"""
PLANNED = """plan_id,date,place,visitor,reason
PLANKOWARI,2027-03-04,Kowarihall,Kowariguest,Kowariwhy
"""
CANDIDATES = """place_id,name,longitude,latitude,note
CANDPYGMY,Pygmyhall,-1.13777,52.63777,Pygmynote
"""
COUNCILLORS = """name,council,ward,email,source
Antechinus Smith,Antechinuscouncil,Antechinusward,antechinus@example.org,antechinussrc
"""
PREPARATIONS = """preparation_id,visit_date,place,kind,task,answer
PREPMULGARA,2026-11-01,Mulgarahall,councillor,Mulgaratask,Mulgaraanswer
"""
ISSUES = """issue_id,visit_id,date,place,theme,issue,outcome,visibility
ISSOPEN1,VIS1,2026-06-01,An open meeting,other,Nothing hidden,Nothing hidden either,public
ISSOPEN2,,2026-06-01,An open street,other,Nothing hidden,,public
ISSNINGAUI1,VIS1,2026-06-01,Ningauihall,drugs,Ningauitext,Ningauioutcome,staff
ISSNINGAUI2,VIS2,2026-06-02,Ningauihall,drugs,Ningauitext,Ningauioutcome,public
ISSNINGAUI3,,2026-11-22,Ningauihall,drugs,Ningauitext,Ningauioutcome,public
ISSNINGAUI4,,2027-01,Ningauihall,drugs,Ningauitext,Ningauioutcome,public
ISSNINGAUI5,VIS3,2026-06-02,Ningauihall,drugs,Ningauitext,Ningauioutcome,public
ISSNINGAUI6,VISGONE,2026-06-02,Ningauihall,drugs,Ningauitext,Ningauioutcome,public
ISSNINGAUI7,,2026-06-02,Ningauihall,drugs,Ningauitext,Ningauioutcome,
"""
SURVEYS = """figure_id,date,place,question,answer,responses
FIGPLANIGALE,2026-06-01,Planigalehall,Planigalequestion,Planigaleanswer,7
"""
FEEDBACK = """feedback_id,date,place,told,what
FEEDKULTARR,2026-06-01,Kultarrhall,newsletter,Kultarrwords
"""
SCENARIOS = """scenario_id,name,query,note
SCBILLABONG,Billabongname,"opens=52.61,-1.11&closes=HID1",Billabongnote
"""
PLANTED = (
    ("sites", "sites.csv", SITES),
    ("sites", "projects.csv", PROJECTS),
    ("site_history", "bettongfile.csv", HISTORY),
    ("section_106", "pademelonfile.csv", SECTION_106),
    ("estate_totals", "wallabyfile.csv", TOTALS),
    ("scenarios", "billabongfile.csv", SCENARIOS),
    ("visits", "visits.csv", VISITS),
    ("street_safe", "dunnartfile.csv", REPORTS),
    ("people_zones", "zones.csv", ZONES),
    ("crime", "2022-05-street.csv", CRIME),
    ("planned_stops", "kowarifile.csv", PLANNED),
    ("candidate_places", "pygmyfile.csv", CANDIDATES),
    ("councillors", "antechinusfile.csv", COUNCILLORS),
    ("preparations", "mulgarafile.csv", PREPARATIONS),
    ("issues_raised", "ningauifile.csv", ISSUES),
    ("survey_figures", "planigalefile.csv", SURVEYS),
    ("feedback_given", "kultarrfile.csv", FEEDBACK),
)
REGISTERS = tuple(schema.part for schema in REGISTRY.registers)
PAGES_OF_REGISTERS = tuple(
    f"{group.held_at}/{schema.part}" for group in REGISTRY.groups for schema in group.schemas
)

WORDS = re.compile(
    "quokka|qk7|hid1|wombat|wm3 ?3bt|cus1|numbat|777,?123|prj2|bandicoot|vis2|potoroo|vis3"
    "|bilby|ssplain|dunnart|firearms|kowari|pygmy|antechinus|mulgara|ningaui|planigale|kultarr"
    "|bettong|pademelon|wallaby|billabong|987,?654|468,?135",
    re.IGNORECASE,
)
NEVER_TO_THE_PUBLIC = ("quokka", "wombat", "numbat", "bandicoot", "potoroo", "bilby", "ssplain")


def _near(first: str, second: str) -> str:
    between = r"\d*(?:\.\d+)?[^\d]{1,40}?"
    first, second = re.escape(first), re.escape(second)
    return f"{first}{between}{second}|{second}{between}{first}"


def _positions() -> re.Pattern[str]:
    """Each planted place, either way round: degrees to 3 decimals, metres to 10 metres."""
    parts = []
    for longitude, latitude in PLACES:
        parts.append(_near(str(longitude)[:-2], str(latitude)[:-2]))
        easting_m, northing_m = to_metres(longitude, latitude)
        parts.append(_near(str(int(easting_m))[:-1], str(int(northing_m))[:-1]))
    return re.compile("|".join(parts))


POSITIONS = _positions()

RARE_BOX = "-0.7086,52.637,-0.7084,52.638"
RARE_AREA = "-0.71,52.63 -0.70,52.63 -0.70,52.64"
RARE_CELL = str(HexGrid(500).cell_ids(HexGrid(500).locate(*to_metres([-0.70853], [52.63719])))[0])
QUERIES = (
    "",
    "from=2000&to=2030",
    "from=2022-05&to=2022-05",
    "as_of=2026-11-22",
    "as_of=2030-01-01",
    "npa=NR",
    "npa=outside",
    "npa=NA&npa=NC&npa=NE&npa=NH&npa=NL&npa=NN&npa=NR&npa=NS&npa=NW&npa=outside",
    "type=custody-suite",
    "type=surgery",
    "type=being-followed",
    "type=behavioural",
    "bbox=-1.5,52.4,-0.5,53",
    f"bbox={RARE_BOX}",
    "public_access=unknown",
    "public_access=unknown&public_access=none&status=open&as_of=2027-06-01",
    "initiated_by=unknown&from=2026&to=2027",
    "cell_m=500&by=month",
    "page=2",
    "visibility=staff",
    "audience=staff",
    "report_id=SSBILBY",
    "from=bilby&npa=quokka",
    f"area={RARE_AREA}",
    "on=none&view=14/52.7/-1.2",
    "open=street_safe:SSBILBY",
    "with_from=2022-04&with_to=2022-04",
    "limit=1&offset=1",
    "theme=drugs&from=2000&to=2030",
    "status=open",
)
NAMES_TO_FIND = ("quokka", "qk7", "wombat", "numbat", "bilby", "wm3 3bt", "quoka", "hid1")
ECHOED = (
    *(RARE_BOX, RARE_AREA, RARE_CELL, "SSBILBY", "bilby", *NAMES_TO_FIND),
    *("ISSNINGAUI1", "FIGPLANIGALE", "EVBETTONG1"),
)
SLOW = (".png",)
"""What is drawn for a while is asked for with fewer queries: its other form is asked for all."""


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace whose every layer holds something that is not for the public."""
    folder = tmp_path_factory.mktemp("planted")
    workspace = Workspace.open(folder / "workspace", REGISTRY.schemas)
    for layer, name, text in PLANTED:
        (folder / name).write_text(text)
        table = read_table(folder / name)
        report = REGISTRY.taker(layer)(table, workspace, Intake(datetime(2026, 11, 22)))
        assert not report.rejected, report.text()
    yield workspace
    workspace.close()


@pytest.fixture
def planted_app(planted: Workspace, make_app) -> Flask:
    return make_app(planted)


@pytest.fixture(scope="module")
def answers(planted: Workspace) -> list[tuple[str, int, str]]:
    """Address, status, headers with body of all that the public can ask for."""
    app = create_app(Settings(planted.path), planted, lambda: datetime(2026, 11, 22), StaffLink())
    return list(_everything_said(app.test_client(), app))


def _values(rule_argument: str) -> tuple[str, ...]:
    return {
        "layer_id": (*REGISTRY.ids, "capital_projects", "nothing"),
        "page": (*(spec.page for spec in MAP_PAGES), HOME_PAGE.page, "sites", "commitment"),
        "name": ("npas", "districts", "settlements", "sites"),
        "token": ("guess",),
        "filename": ("patchmap.css", "../server/cli.py", "vendor/nothing.js"),
        "side": ("left", "right", "middle"),
        "slug": ("bad-query", "nothing"),
        "register": (*REGISTERS, "nothing"),
        "record_id": ("ISSNINGAUI1", "FIGPLANIGALE", "EVBETTONG1", "nothing"),
        "office": ("visits", "estate"),
        "day": ("2026-06-02", "2026-11-01", "2027-03-04"),
        "z": ("9", "14"),
        "x": ("254", "8160"),
        "y": ("167", "5366"),
        "cell_id": (RARE_CELL, "h500_q0_r0", "h10_q0_r0"),
        "kind": (*PAPERS, "weekly"),
        "file": (*FILES, *ESTATE_FILES, "paper.odt"),
        "figure": ("map", "days-by-month", "progress", "nothing"),
    }[rule_argument]


def _paths(app: Flask) -> list[str]:
    paths = []
    for rule in app.url_map.iter_rules():
        addresses = [rule.rule]
        for argument in rule.arguments:
            addresses = [
                re.sub(rf"<(?:[^<>]*:)?{argument}>", value, address)
                for address in addresses
                for value in _values(argument)
            ]
        paths += addresses
    return paths


def _text_of(answer: TestResponse) -> str:
    """What an answer says; of a PNG its words, as its pixels are those of the SVG.

    Packed formats are opened: their bytes would say nothing.
    """
    if answer.mimetype == "application/pdf" and answer.status_code == 200:
        return _text_of_pdf(answer.data)
    if zipfile.is_zipfile(io.BytesIO(answer.data)):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
            return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    if answer.mimetype == GEOPACKAGE and answer.status_code == 200:
        return _text_of_geopackage(answer.data)
    if answer.mimetype == "image/png" and answer.status_code == 200:
        return "\n".join(map(str, Image.open(io.BytesIO(answer.data)).info.values()))
    return answer.data.decode(errors="replace")


def _text_of_pdf(content: bytes) -> str:
    """Its text, and what is said of it and of its drawings."""
    document = PdfReader(io.BytesIO(content))
    said = [page.extract_text() for page in document.pages]
    objects = (document.get_object(number) for number in range(1, len(document.xref[0]) + 1))
    said += [str(each["/Alt"]) for each in objects if isinstance(each, dict) and "/Alt" in each]
    return "\n".join([*said, str(document.metadata)])


def _text_of_geopackage(content: bytes) -> str:
    """Its bytes, in which texts stand as they are, and its points in words."""
    with tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
        file.write(content)
        file.flush()
        layers = pyogrio.list_layers(file.name)[:, 0]
        frames = [pyogrio.read_dataframe(file.name, layer=name) for name in layers]
    shapes = "\n".join(str(shape) for frame in frames for shape in frame.get("geometry", ()))
    return f"{content.decode(errors='replace')}\n{shapes}"


def _everything_said(client: FlaskClient, app: Flask) -> Iterator[tuple[str, int, str]]:
    for path in _paths(app):
        queried = (
            *("/maps/", "/layers/", "/api/layers/", "/visits/outcomes", "/api/visits/outcomes"),
            *("/estate/", "/api/estate/"),
        )
        plain = not path.startswith(queried) and path != "/"
        asked = QUERIES[:2] if plain or path.endswith(SLOW) else QUERIES
        if path.endswith("/places"):
            asked = tuple(f"q={name}" for name in NAMES_TO_FIND)
        for query in asked:
            with client.get(f"{path}?{query}") as answer:
                body = _text_of(answer)
                for repeated in ECHOED:
                    if repeated in query or repeated in unquote_plus(f"{path}?{query}"):
                        for written in (repeated, quote_plus(repeated), quote(repeated)):
                            body = body.replace(written, "")  # an answer may repeat what was asked
                yield f"{path}?{query}", answer.status_code, f"{answer.headers}\n{body}"


def test_the_patterns_find_what_they_are_for() -> None:
    for longitude, latitude in PLACES:
        easting_m, northing_m = to_metres(longitude, latitude)
        for said in (
            f"[{longitude},{latitude}]",
            f"{latitude},{longitude}",
            f'"longitude": {str(longitude)[:-2]}9, "latitude": {str(latitude)[:-2]}',
            f"POINT ({easting_m} {northing_m})",
            f"{int(northing_m)},{int(easting_m)}",
        ):
            assert POSITIONS.search(said), said
    for word in NEVER_TO_THE_PUBLIC:
        assert WORDS.search(word)


def test_no_answer_to_the_public_holds_a_secret(answers: list[tuple[str, int, str]]) -> None:
    statuses: dict[str, set[int]] = {}
    for address, status, said in answers:
        path = address.partition("?")[0]
        statuses.setdefault(path, set()).add(status)
        found = WORDS.search(said) or POSITIONS.search(said)
        context = said[max(0, found.start() - 80) : found.end() + 80] if found else ""
        assert not found, f"{address} ({status}) says {context!r}"
        assert status in {200, 308, 400, 403, 404, 405}, address
    for layer in REGISTRY.ids:
        assert 200 in statuses[f"/layers/{layer}"]
        assert 200 in statuses[f"/api/layers/{layer}.csv"]
        assert 200 in statuses[f"/api/layers/{layer}.geojson"]
    assert len(statuses) > len(ENDPOINTS)


def test_no_form_tells_the_public_a_secret(planted_app: Flask) -> None:
    client = planted_app.test_client()
    for path in _paths(planted_app):
        with client.post(path, data={"place": "quoll", "done": "quoll"}) as answer:
            said = _text_of(answer)
        for repeated in ECHOED:
            said = said.replace(repeated, "")
        assert answer.status_code in {403, 404, 405}, path
        assert not WORDS.search(said), path
        assert not POSITIONS.search(said), path


def test_what_may_be_published_of_what_was_raised_is(planted_app: Flask) -> None:
    said = planted_app.test_client().get("/api/visits/outcomes.csv?from=2000&to=2030").text
    rows = list(csv.DictReader(io.StringIO(said, newline="")))
    assert [row["issue_id"] for row in rows] == ["ISSOPEN1", "ISSOPEN2"]
    assert not {"visibility", "due", "longitude"} & set(rows[0])


def test_staff_are_told_every_one_of_them(planted_app: Flask, as_staff) -> None:
    client = as_staff(planted_app)
    pages = {
        "sites": client.get("/api/layers/sites.csv").text,
        "projects": client.get("/maps/estate").text,
        "visits": client.get("/api/layers/visits.geojson?from=2000&to=2030").text,
        "reports": client.get("/api/layers/street_safe.csv?from=2000&to=2030").text,
        "table": client.get("/layers/street_safe?type=being-followed").text,
        "about": client.get("/about-the-data").text,
        **{path: client.get(path).text for path in PAGES_OF_REGISTERS[1:]},
        "programme": client.get("/estate/programme").text,
        "register": client.get("/estate/register").text,
        "next": client.get("/visits/days/2027-03-04").text,
        "issue": client.get("/visits/records/issues_raised/ISSNINGAUI1").text,
    }
    said = "\n".join(pages.values())
    for word in ("Quokka", "Wombat", "Numbat", "Bandicoot", "Potoroo", "bilby", "SSPLAIN",
                 "Kowari", "Antechinus", "Mulgara", "Ningaui", "Planigale", "Kultarr",
                 "BETTONG", "Pademelon", "Wallaby", "Billabong",
                 "987,654", "468,135", "£777,123"):  # fmt: skip
        assert word in said
    assert "dunnartfile" in pages["about"]
    assert "SSBILBY" in pages["table"]
    for longitude, latitude in PLACES:
        assert f"{longitude:.4f}"[:-1] in said
        assert f"{latitude:.4f}"[:-1] in said


@pytest.mark.parametrize("name", ["paper.pdf", "paper.docx", "visits.csv", "data.gpkg"])
def test_what_is_read_of_a_paper_would_show_a_secret(planted_app: Flask, as_staff, name) -> None:
    address = f"/visits/report/panel/{name}?from=2000&to=2030&for=staff"
    assert "bandicoothall" in _text_of(as_staff(planted_app).get(address)).lower()


@pytest.mark.parametrize("ending", ["csv", "geojson"])
@pytest.mark.parametrize("layer", REGISTRY.ids)
def test_a_public_export_holds_no_secret(
    planted: Workspace, tmp_path: Path, layer: str, ending: str
) -> None:
    file = tmp_path / f"{layer}.{ending}"
    base = ["export", layer, str(file), "--workspace", str(planted.path)]
    for extra in ([], ["--from", "2000", "--to", "2030"], ["--npa", "NR"]):
        done = CliRunner().invoke(patchmap, [*base, "--public", *extra])
        assert done.exit_code == 0, done.output
        said = file.read_text() + done.output.replace(str(tmp_path), "")
        assert not WORDS.search(said)
        assert not POSITIONS.search(said)
    CliRunner().invoke(patchmap, base, catch_exceptions=False)
    hides = layer in ("sites", "visits", "street_safe")
    assert bool(WORDS.search(file.read_text())) is hides


@pytest.mark.parametrize("register", REGISTERS)
def test_a_register_is_exported_to_staff_alone(
    planted: Workspace, tmp_path: Path, register: str
) -> None:
    file = tmp_path / "out.csv"
    base = ["export", register, str(file), "--workspace", str(planted.path)]
    refused = CliRunner().invoke(patchmap, [*base, "--public"])
    assert refused.exit_code == 2
    assert "for staff" in refused.output
    assert not file.exists()
    CliRunner().invoke(patchmap, base, catch_exceptions=False)
    assert WORDS.search(file.read_text())


def test_the_public_learns_no_small_count(answers: list[tuple[str, int, str]]) -> None:
    shown = 0
    for address, status, said in answers:
        if status != 200 or not address.startswith("/api/layers/street_safe.csv"):
            continue
        for row in csv.DictReader(io.StringIO(said.partition("\r\n\r\n")[2].lstrip())):
            figures = [row["reports"], row.get("reports_possibly", "")]
            assert all(not text or int(text) >= 5 for text in figures), f"{address}: {row}"
            assert row["npa_code"] != "NR" or not any(figures), address
            shown += any(figures)
    assert shown, "the test needs figures that may be shown"
