"""Papers on visits: what they say, and that page, account, API and paper say the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from boundaries.recipe import read_recipe
from geo.crs import geometries_to_degrees
from geo.dates import DateInterval
from layers.audience import Audience
from layers.errors import BadQuery
from layers.files import read_table
from layers.glossary import glossary as glossary_of
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.ground import build_boundaries, use_boundaries
from server.papers.drawings import month_counts
from server.papers.material import NUMBER, period_before
from server.papers.outcomes import NONE_RECORDED
from server.papers.paper import Paper, Section, Table
from server.papers.terms import GLOSSARY_HEADING, Terms
from server.papers.visits import asked_paper
from server.pictures.page import STAFF_NOTICE
from tests.boundaries.conftest import SIDE_M, SOUTH_M, WEST_M, ward_squares
from tests.conftest import PROJECT
from tests.server.conftest import NOW, ReadPage
from tests.server.papers import LIVE, Wanted, made, table_of, take, with_visits, words_of

HEADER = "visit_id,date,place,latitude,longitude,visitor,visit_type,initiated_by,reason,visibility"
HERE = f"""{HEADER}
A1,2026-03-02,Here,52.6000,-1.0800,PCC,community-day,invitation,Talk,public
A2,2026-03-02,There,52.7700,-1.2000,PCC,community-day,,,public
A3,2026-03-09,Here,52.6000,-1.0800,PCC,surgery,,Again,public
A4,2026-03-16,Wallabyhall,52.6400,-1.1300,PCC,community-day,,Wallabywhy,staff
A5,2026-03,Nowhere,,,PCC,community-day,,Talk,public
"""
YEAR_2026 = Wanted(date_from="2026-01", date_to="2026-06")
SECTIONS = [
    "Summary",
    "The commitment to each area",
    "Where the visits were",
    "Each visit",
    "How evenly the visits are spread",
    "What was raised and what came of it",
    "What the office did and funded there",
    "Changes since the last paper",
    "Events that bend the figures",
    "How the figures were made",
    "Sources",
    "The same figures on screen",
    GLOSSARY_HEADING,
]


@pytest.fixture(scope="module")
def panel(demo: Workspace) -> Iterator[Paper]:
    """The Panel's paper of the financial year 2024-25."""
    with made(demo) as paper:
        yield paper


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a few visits, one of them for staff."""
    workspace = with_visits(tmp_path, HERE)
    yield workspace
    workspace.close()


def section(paper: Paper, heading: str) -> Section:
    (found,) = (each for each in paper.sections if each.heading == heading)
    return found


def test_the_paper_has_its_sections_in_order(panel: Paper) -> None:
    assert [each.heading for each in panel.sections] == SECTIONS
    assert all(each.blocks for each in panel.sections)


def test_the_figures_of_the_year_are_those_that_were_counted(panel: Paper) -> None:
    said = words_of(panel)
    assert "Visits of every type: 53 stops, April 2024 to March 2025." in said
    assert "April 2024 to March 2025: 17 days of visits with 53 stops." in said
    assert "7 of 9 Neighbourhood Policing Areas (NPAs) surely had the 2 days" in said
    assert len(table_of(panel, "Visits, ").rows) == 53


def test_all_visits_ever_are_in_the_table(demo: Workspace) -> None:
    with made(demo, Wanted(date_from="2015", date_to="2025")) as paper:
        rows = table_of(paper, "Visits, ").rows
        assert len(rows) == 95
        by_area = [row[2].removesuffix(" (approximate)") for row in rows]
        names = {area: by_area.count(area) for area in set(by_area)}
    assert names == {
        "Wigston and Harborough": 25, "Hinckley and Blaby": 19, "Melton and Rutland": 16,
        "East Leicester": 10, "North West Leicestershire": 8, "Charnwood": 8,
        "Central Leicester": 5, "West Leicester": 4,
    }  # fmt: skip


def test_paper_page_and_api_have_the_same_figures(
    panel: Paper, public: FlaskClient, read_page: ReadPage
) -> None:
    period = "from=2024-04&to=2025-03"
    rows = list(
        csv.DictReader(io.StringIO(public.get(f"/api/visits/commitment.csv?{period}").text))
    )
    in_paper = {row[0]: row for row in table_of(panel, "How each area stands").rows}
    assert len(in_paper) == len(rows) == 9
    for row in rows:
        mark = " (approximate)" if row["npa_approximate"] == "true" else ""
        _, days, stops, window, _, stands = in_paper[row["npa_name"] + mark]
        assert (days, stops, window) == (row["days"], row["stops"], row["window_days"])
        assert stands == row["standing_in_words"]
    captions = read_page(public.get(f"/visits/commitment?{period}").text).captions[0]
    said = words_of(panel)
    missing = [line for line in captions if line not in said]
    assert [line.partition(":")[0] for line in missing] == ["Visits that are counted"]
    page = public.get(f"/visits/report?{period}").text.replace("&#39;", "'")
    for line in section(panel, "How evenly the visits are spread").blocks[0].items:
        assert line in page


def test_the_files_of_the_page_hold_what_the_api_holds(public: FlaskClient) -> None:
    period = "from=2024-04-01&to=2025-03-31"
    ours = public.get(f"/visits/report/panel/commitment.csv?{period}")
    assert ours.text == public.get(f"/api/visits/commitment.csv?{period}").text
    name = 'attachment; filename="panel-2024-04-01-to-2025-03-31-commitment.csv"'
    assert ours.headers["Content-Disposition"] == name
    mine = csv.DictReader(io.StringIO(public.get(f"/visits/report/panel/visits.csv?{period}").text))
    theirs = csv.DictReader(io.StringIO(public.get(f"/api/layers/visits.csv?{period}").text))
    rows = sorted(mine, key=lambda row: row["visit_id"])
    for row in rows:
        wide = row["location_precision"] == "district"
        assert (row.pop(NUMBER.name) == "") == wide, "a district is no place with a number"
    assert rows == sorted(theirs, key=lambda row: row["visit_id"])


def test_a_number_is_one_place_in_table_map_and_data(panel: Paper) -> None:
    (_, view), _ = panel.data
    points: dict[int, tuple[int, int]] = {}
    for number, point in zip(view.records[NUMBER.name], view.records.geometry, strict=True):
        place = round(point.x), round(point.y)
        if number is not pd.NA:
            assert points.setdefault(int(number), place) == place
    assert len(set(points.values())) == len(points)
    assert sorted(points) == list(range(1, len(points) + 1))
    rows = table_of(panel, "Visits, ").rows
    wide = [row[1] for row in rows if row[0] == "Not mapped"]
    assert wide == ["Harborough district (NFU, settlement not named) (known by the district alone)"]
    table = [int(row[0]) for row in rows if row[0] != "Not mapped"]
    assert table == sorted(table)
    assert set(table) == set(points)
    figure = panel.figure("map")
    assert figure is not None
    assert f"{len(points)} places visited, numbered" in figure.alternative
    assert "South Leicester (approximate) none" in figure.alternative


def test_terms_are_in_full_at_their_first_use(panel: Paper) -> None:
    said = words_of(panel, verbatim=False)
    glossary = dict(table_of(panel, "Acronyms in this paper").rows)
    assert {"NPA", "PCC", "ASB", "LSOA"} <= set(glossary)
    glossary = {acronym: glossary[acronym] for acronym in ("NPA", "PCC", "LSOA")}
    for acronym in glossary:
        first = re.search(rf"\b{acronym}s?\b", said)
        assert first is not None
        assert said[first.start() - 1] == "(", f"{acronym} stands first in {first.string[:80]}"


def test_no_heading_has_an_acronym_and_no_block_is_blank(panel: Paper) -> None:
    assert not [
        each.heading for each in panel.sections if re.search(r"\b[A-Z]{2,}\b", each.heading)
    ]
    assert all(line.strip() for line in words_of(panel).split("\n"))
    for each in panel.sections:
        for block in each.blocks:
            if isinstance(block, Table):
                assert {len(row) for row in block.rows} == {len(block.columns)}
                assert len(block.widths) in (0, len(block.columns))


@given(st.lists(st.sampled_from(["NPA", "PCCs", "(NPA)", "word", "NPA-x", "LNPA"]), max_size=8))
def test_each_term_is_put_in_full_once_at_most(words: list[str]) -> None:
    glossary = {"NPA": "Neighbourhood Policing Area", "PCC": "Police and Crime Commissioner"}
    terms = Terms(glossary)
    said = terms.in_full(" ".join(words))
    for acronym, expansion in glossary.items():
        assert said.count(expansion) <= 1
        used = [word for word in words if word.strip("()").removesuffix("s") == acronym]
        assert bool(used) == (acronym in terms.met)
        assert (expansion in said) == bool(used and not used[0].startswith("("))
    assert Terms({}).in_full(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2024-01-01/2024-12-31", "2023-01-01/2023-12-31"),
        ("2024-02-01/2024-02-29", "2024-01-01/2024-01-31"),
        ("2024-03-10/2024-03-19", "2024-02-29/2024-03-09"),
        ("2024-03-01/2024-03-01", "2024-02-29/2024-02-29"),
    ],
)
def test_the_period_before_is_of_equal_length(period: str, before: str) -> None:
    def interval(text: str) -> DateInterval:
        first, last = (DateInterval.parse(part).date_from for part in text.split("/"))
        return DateInterval(first, last)

    assert period_before(interval(period)) == interval(before)


def test_days_of_no_sure_month_are_drawn_in_none() -> None:
    days = [DateInterval.parse("2024-01-05"), DateInterval.parse("2024-02")]
    days += [DateInterval.parse("2024-02").widened(1), DateInterval.parse("2023-12-31")]
    labels, values, undated = month_counts(days, DateInterval.parse("2024"))
    assert labels[:2] == ["Jan 2024", "Feb 2024"]
    assert (values[:3], sum(values), undated) == ([1, 1, 0], 2, 1)


ISSUES = """issue_id,visit_id,date,place,theme,issue,referred_to,status,outcome,visibility
I1,A1,2026-03-02,Here,road-safety,Speeding past the school,npa-commander,closed,Checks set,public
I2,A1,2026-03-02,Here,drugs,Numbatmatter,npa-commander,open,,staff
I3,A4,2026-03-16,Wallabyhall,drugs,Wombatmatter,npa-commander,open,,public
I4,,2025-03-02,Elsewhere,other,A year ago,nobody,closed,,public
"""


def test_outcomes_are_a_table_or_the_sentence_that_none_is_recorded(
    own: Workspace, tmp_path: Path, make_app: Any
) -> None:
    """Published ones alone, and the page of the paper has them as soon as they are held."""
    heading = "What was raised and what came of it"
    with made(own, YEAR_2026) as paper:
        assert NONE_RECORDED in section(paper, heading).blocks[0].text
    address = "/visits/report?from=2026-01&to=2026-06"
    client = make_app(own).test_client()
    assert NONE_RECORDED in client.get(address).text
    (tmp_path / "issues.csv").write_text(ISSUES)
    take_issues = REGISTRY.taker("issues_raised")
    report = take_issues(read_table(tmp_path / "issues.csv"), own, Intake(NOW))
    assert not report.rejected, report.text()
    for audience in Audience:
        with made(own, replace(YEAR_2026, audience=audience)) as paper:
            (row,) = table_of(paper, heading).rows
            assert row[1:] == (
                *("Here", "Road safety", "Speeding past the school"),
                *("NPA commander", "Closed", "Checks set"),
            )
            assert NONE_RECORDED not in words_of(paper)
    assert "Speeding past the school" in client.get(address).text


def test_changes_compare_with_the_period_before_unless_a_day_is_given(panel: Paper) -> None:
    table = table_of(panel, "April 2024 to March 2025 beside April 2023 to March 2024")
    assert [row[0] for row in table.rows] == [
        "Days of visits", "Stops", "Areas in which the commitment is met",
    ]  # fmt: skip
    assert [row[1] for row in table.rows] == ["17", "53", "7 of 9"]


def test_what_changed_since_a_day_is_listed_by_field(own: Workspace, tmp_path: Path) -> None:
    later = datetime(2027, 1, 5, 10, 0)
    changed = HERE.replace("Here,52.6000,-1.0800,PCC,community-day,invitation,Talk",
                           "Here,52.6100,-1.0800,PCC,community-day,invitation,Walk")  # fmt: skip
    changed = changed.replace("Wallabywhy", "Wallabyother")
    take(own, tmp_path / "again.csv", changed, later)
    wanted = replace(YEAR_2026, now=later, since="2026-12-01")
    with made(own, wanted) as paper:
        table = table_of(paper, "Stops changed since 1 December 2026")
        assert [(row[0], row[2]) for row in table.rows] == [
            ("Here", "Reason was “Talk”, now “Walk”; Position moved by 1,112 metres")
        ]
        assert "on 5 January 2027" in words_of(paper)
        assert "Wallaby" not in words_of(paper)
    with made(own, replace(wanted, since="2027-01-06")) as paper:
        assert "Nothing was recorded or changed in the register since 6 January 2027" in words_of(
            paper
        )


def test_what_was_for_staff_before_is_not_said_when_it_changes(
    own: Workspace, tmp_path: Path
) -> None:
    """Nor what stood in a field that is for staff alone."""
    later = datetime(2027, 1, 5, 10, 0)
    published = HERE.replace("community-day,,Wallabywhy,staff", "surgery,,Opened,public")
    take(own, tmp_path / "again.csv", published.replace("Wallabyhall", "Town hall"), later)
    wanted = replace(YEAR_2026, now=later, since="2026-12-01")
    with made(own, wanted) as paper:
        (row,) = table_of(paper, "Stops changed since").rows
        assert (row[0], row[2]) == ("Town hall", "Place; Type; Reason")
        assert "Wallaby" not in words_of(paper)
    with made(own, replace(wanted, audience=Audience.STAFF)) as paper:
        (row,) = table_of(paper, "Stops changed since").rows
        assert row[2].startswith("Place was “Wallabyhall”, now “Town hall”; Type was community day")
        assert "isibility" not in row[2]


def test_a_stop_that_was_still_to_come_is_not_told_as_it_was(
    tmp_path: Path,
) -> None:
    planned = HEADER + "\nB1,2026-12-24,Wombat,52.6,-1.08,PCC,event,,,public\n"
    workspace, moved = with_visits(tmp_path, planned), planned.replace("Wombat", "Town hall")
    take(workspace, tmp_path / "again.csv", moved, datetime(2026, 12, 1, 9, 0))
    later = datetime(2027, 1, 5, 10, 0)
    wanted = Wanted(date_from="2026-01", date_to="2026-12", now=later, since="2026-11-30")
    with made(workspace, wanted) as paper:
        (row,) = table_of(paper, "Stops changed since").rows
        assert row[2] == "Place"
        assert "Wombat" not in words_of(paper)
    workspace.close()


def test_others_words_stand_as_they_are_and_their_acronyms_are_explained(own: Workspace) -> None:
    terms = HERE.replace("Talk,public", "New CCTV and ASB,public")
    take(own, own.path.parent / "more.csv", terms, NOW)
    with made(own, YEAR_2026) as paper:
        assert "New CCTV and ASB" in {row[5] for row in table_of(paper, "Visits, ").rows}
        glossary = dict(table_of(paper, "Acronyms in this paper").rows)
        assert glossary["CCTV"] == "Closed-Circuit Television"
        assert glossary["OS"] == "Ordnance Survey", "the licence names it"
        assert "Contains OS data © Crown copyright" in paper.figure("map").below
        assert "LLR" not in glossary


def test_the_public_paper_holds_no_visit_for_staff(own: Workspace) -> None:
    with made(own, YEAR_2026) as paper:
        assert "Wallaby" not in words_of(paper)
        assert paper.notices == ()
        numbers = [row[0] for row in table_of(paper, "Visits, ").rows]
        assert numbers == ["1", "2", "2", "Not mapped"]
    with made(own, replace(YEAR_2026, audience=Audience.STAFF)) as paper:
        assert "Wallabyhall" in words_of(paper)
        assert paper.notices == (STAFF_NOTICE,)


def test_what_is_not_recorded_is_said(own: Workspace) -> None:
    with made(own, YEAR_2026) as paper:
        said = words_of(paper)
        assert "Not recorded" in {row[5] for row in table_of(paper, "Visits, ").rows}
    assert "No People Zone is recorded as standing on 30 June 2026." in said
    assert "Grants, commissioned services and other spending" in said
    assert "No event is known that lies in" in said
    assert "the register of visits that the office keeps, of which this period has 4 stops" in said


def test_events_that_lie_in_the_period_are_named(demo: Workspace, panel: Paper) -> None:
    """Or in the period before, with which it is compared."""
    rule, election = table_of(panel, "Events that bend the figures").rows
    assert rule[0] == "June 2023"
    assert election[0] == "26 March 2024 to 2 May 2024"
    assert election[1].startswith("Police and Crime Commissioner election of 2 May 2024")
    assert election[3].startswith("Hinckley and Bosworth Borough Council")
    with made(demo, Wanted(date_from="2024-01", date_to="2024-12")) as paper:
        rows = table_of(paper, "Events that bend the figures").rows
    assert election in rows
    with made(demo, Wanted(date_from="2025-06", date_to="2026-05")) as paper:
        said = words_of(paper)
    assert "None of the 10 events that are known lies in June 2024 to May 2026." in said


def test_a_period_without_visits_makes_a_whole_paper(demo: Workspace) -> None:
    with made(demo, Wanted(date_from="2010-01", date_to="2010-12")) as paper:
        said = words_of(paper)
        assert [each.heading for each in paper.sections] == SECTIONS
        assert "No visit is recorded for January 2010 to December 2010" in said
        assert "no place visited lies in this period" in paper.figure("map").alternative
        assert [figure.name for figure in paper.figures] == ["map", "qr"]


def test_without_an_address_the_paper_says_the_path_and_has_no_code(demo: Workspace) -> None:
    with made(demo, Wanted(public_url="")) as paper:
        assert paper.figure("qr") is None
        assert "at the path /visits/commitment?from=2024-04-01" in words_of(paper)
    with made(demo) as paper:
        assert f"{LIVE}/maps/visits?from=2024-04-01&to=2025-03-31" in words_of(paper)


def test_the_annual_paper_is_shorter_and_of_a_financial_year(demo: Workspace) -> None:
    with made(demo, Wanted("annual")) as paper:
        headings = [each.heading for each in paper.sections]
        assert paper.subtitle.endswith("financial year 2024-25")
        assert {row[1] for row in table_of(paper, "Stops and days by type").rows} == {"53"}
    assert set(headings) - {"Totals"} < set(SECTIONS)
    assert len(headings) < len(SECTIONS)


@pytest.mark.parametrize(
    ("kind", "params", "word"),
    [
        ("weekly", {}, "panel, annual"),
        ("panel", {"npa": ["NA"]}, "given 'npa'"),
        ("panel", {"from": ["2024"], "to": ["2023"]}, "must end on or after"),
        ("panel", {"since": ["lately"]}, "since: A date is needed"),
        ("annual", {"from": ["2024-01"], "to": ["2024-12"]}, "1 April to 31 March"),
        ("annual", {"from": ["2024-04"], "to": ["2025-03"], "since": ["2024"]}, "leave since out"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    app: Flask, kind: str, params: dict[str, list[str]], word: str
) -> None:
    with app.app_context(), pytest.raises(BadQuery, match=re.escape(word)):
        asked_paper(kind, params, Audience.PUBLIC)


def test_another_force_has_its_own_paper(tmp_path: Path) -> None:
    workspace = with_visits(tmp_path, HEADER + "\n")
    ward_squares().to_file(tmp_path / "wards_2019.gpkg")
    recipe = PROJECT / "tests" / "data" / "northshire.toml"
    built = build_boundaries(workspace, str(recipe), tmp_path / "wards_2019.gpkg")
    use_boundaries(workspace, built)
    points = [shapely.Point(WEST_M + n * SIDE_M, SOUTH_M + SIDE_M / 2) for n in (0.5, 1.5, 2.5)]
    rows = [
        f"N{n},2024-01-0{n},Ness,{point.y},{point.x},PCC,community-day"
        for n, point in enumerate(geometries_to_degrees(np.array(points)), start=1)
    ]
    header = "visit_id,date,place,latitude,longitude,visitor,visit_type"
    take(workspace, tmp_path / "more.csv", "\n".join([header, *rows]), NOW)
    with made(workspace, Wanted(date_from="2024-01", date_to="2024-12")) as paper:
        assert paper.subtitle == "Northshire and the Holms: January 2024 to December 2024"
        assert {row[2] for row in table_of(paper, "Visits, ").rows} == {
            "Mainland West", "Mainland East (approximate)", "Holms",
        }  # fmt: skip
        assert "is not known: none are held" in words_of(paper)
        assert paper.figure("days-and-shares") is None
        assert paper.figure("map").alternative.startswith(
            "Map of Northshire and the Holms: 3 places"
        )
        assert "Leicester" not in words_of(paper)
        assert not re.search("East Midlands|Leicester", str(glossary_of(workspace)))
    assert read_recipe(recipe).force.area_name == "Northshire and the Holms"
    workspace.close()


def test_the_page_has_a_paper_with_its_files_and_drawings(
    public: FlaskClient, read_page: ReadPage
) -> None:
    page = read_page(public.get("/visits/report?paper=panel&from=2024-04&to=2025-03").text)
    assert page.heading == "Community visits: report to the Police and Crime Panel"
    links = [link for link in page.links() if link.startswith("/visits/report/panel/")]
    files = {link.partition("?")[0].rpartition("/")[2] for link in links}
    assert {"paper.pdf", "paper.docx", "map.svg", "map.png", "data.gpkg"} <= files
    for link in links:
        if link.endswith("pdf") or "paper." in link:
            continue  # they are opened in test_paper_files
        assert public.get(link).status_code == 200, link
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert len(images) == 3
    assert all(attrs["alt"] for attrs in images)


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("/visits/report?from=never", 400, "from"),
        ("/visits/report?paper=weekly", 400, "panel, annual"),
        ("/visits/report?for=staff", 400, "for staff alone"),
        ("/visits/report?for=friends", 400, "public, staff"),
        ("/visits/report/annual/map.svg?from=2024-01&to=2024-12", 400, "1 April to 31 March"),
        ("/visits/report/weekly/paper.pdf", 404, ""),
        ("/visits/report/panel/paper.odt", 404, ""),
        ("/visits/report/panel/figures/nothing.svg", 404, ""),
        ("/visits/report/panel/map.svg?paper=annual", 400, "given 'paper'"),
    ],
)
def test_bad_addresses_get_a_sentence(
    public: FlaskClient, address: str, status: int, word: str
) -> None:
    answered = public.get(address)
    assert answered.status_code == status
    assert word in answered.text.replace("&#39;", "'")


def test_a_refused_form_keeps_what_can_be_used(public: FlaskClient, read_page: ReadPage) -> None:
    page = read_page(public.get("/visits/report?paper=panel&from=2024-04&to=soon").text)
    values: dict[str, Any] = {a["name"]: a.get("value") for t, a in page.tags if t == "input"}
    assert values["from"] == "2024-04-01"


def test_staff_choose_for_whom_a_paper_is(own: Workspace, make_app: Any, as_staff: Any) -> None:
    client = as_staff(make_app(own))
    period = "from=2026-01&to=2026-06"
    assert "Wallabyhall" not in client.get(f"/visits/report?{period}").text
    assert "Wallabyhall" in client.get(f"/visits/report?{period}&for=staff").text
    assert "Wallabyhall" in client.get(f"/visits/report/panel/visits.csv?{period}&for=staff").text
