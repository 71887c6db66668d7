"""Every row of a file is accounted for, whatever was done to the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geo.errors import PatchmapError
from layers.audience import Audience
from layers.registry import REGISTRY
from layers.report import ImportReport
from tests.layers.desk import Desk, open_desk

FILES = {
    "visits": "visit_id,date,place,stated_npa,latitude,longitude,visitor,visit_type,date_basis\n"
    "V1,2022-03-05,Oadby,NA,52.598,-1.080,PCC,event,stated\n"
    "V2,2022-04,Wigston,NA,52.583,-1.106,PCC,surgery,inferred-month\n"
    "V3,2022-05-01,Coalville,NN,52.724,-1.369,PCC,event,stated-month\n",
    "sites": "site_id,name,site_type,latitude,longitude,commanding_npa,public_access,opened,"
    "closed\n"
    "S1,Wigston,police-station,52.583,-1.106,NA,open,2001,\n"
    "S2,Oadby,neighbourhood-office,52.598,-1.080,NA,unknown,2002-03,2019-04-05\n"
    "S3,Coalville,police-station,52.724,-1.369,NN,none,,\n",
    "street_safe": "report_id,date,latitude,longitude,concerns,not_reported_reason,source\n"
    "R1,2022-03-05,52.598,-1.080,badly-lit; drugs-or-alcohol,too-minor,NA\n"
    "R2,2022-03-06,52.583,-1.106,being-followed,,\n"
    "R3,2022-03-07,52.724,-1.369,no-cctv,,\n",
    "crime": "Crime ID,Month,Longitude,Latitude,LSOA code,LSOA name,Crime type\n"
    "NA,2022-03,-1.080,52.598,E01025943,Oadby 001A,Drugs\n"
    ",2022-03,-1.106,52.583,E01025950,NA,Anti-social behaviour\n"
    ",2022-04,,,,,Robbery\n",
}
PECULIAR = (
    "", " ", "NA", "nan", "inf", "-inf", "1e999", "1e30", "-1", "0", "2022-13", "2022-02-30",
    "0001-01", "9999-12-31", "2022", "٢٠٢٢-٠١", "=1+1", "<script>", ";", "; ;", "\x00", "a\nb", '"',
    "52.6", "-1.1", "91", "181", "NA ", "na", "NQ", "true", "event", "Drugs", "\ufeff", "é" * 300,
)  # fmt: skip

Table = list[list[str]]


def rows_of(layer: str) -> Table:
    return list(csv.reader(io.StringIO(FILES[layer])))


def as_text(table: Table) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(table)
    return stream.getvalue()


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, Table, set[int]]:
    """A layer, its file with some cells changed or rows cut, and the rows left as they were."""
    layer = draw(st.sampled_from(sorted(FILES)))
    table = rows_of(layer)
    anything = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
    touched = set()
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.integers(1, len(table) - 1))
        column = draw(st.integers(0, len(table[0]) - 1))
        if draw(st.booleans()) or column >= len(table[row]):
            table[row] = [*table[row][:column], draw(st.sampled_from(PECULIAR) | anything)]
            table[row] += rows_of(layer)[row][column + 1 :]
        else:
            table[row] = table[row][: max(1, column)]
        touched.add(row)
    return layer, table, set(range(1, len(table))) - touched


def check(report: ImportReport, rows: int) -> None:
    assert report.rows == rows
    assert report.taken + report.rejected == rows
    turned_away = {issue.row for issue in report.issues if issue.severity == "rejected"}
    assert len(turned_away) == report.rejected
    assert all(issue.reason for issue in report.issues)
    assert bool(report.rejected_file) == bool(report.rejected)
    assert report.as_dict()["taken"] == report.taken


@pytest.fixture(scope="module")
def worn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all examples, as whatever was taken before must not matter."""
    made = open_desk(tmp_path_factory.mktemp("worn"))
    yield made
    made.workspace.close()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(damaged())
@example(
    ("visits", [*rows_of("visits"), ["V4", "0001-01", "A", "", "", "", "", "event", ""]], set())
)
def test_no_damage_to_cells_loses_a_row_or_breaks_a_view(
    worn: Desk, case: tuple[str, Table, set[int]]
):
    layer, table, whole = case
    report = worn.take(layer, "a.csv", as_text(table))
    check(report, len(table) - 1)
    rejected = {issue.row for issue in report.issues if issue.severity == "rejected"}
    if layer == "crime":
        assert not {row + 1 for row in whole} & rejected, "a row without damage was turned away"
    for audience in Audience:
        worn.view(layer, audience)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    layer=st.sampled_from(sorted(FILES)),
    at=st.integers(0, 400),
    junk=st.binary(min_size=1, max_size=4),
)
def test_no_damage_to_bytes_raises_but_a_sentence(worn: Desk, layer: str, at: int, junk: bytes):
    content = FILES[layer].encode()
    at %= len(content)
    try:
        report = worn.take(layer, "a.csv", content[:at] + junk + content[at + len(junk) :])
    except PatchmapError:
        return
    check(report, report.rows)
    worn.view(layer)


@pytest.mark.parametrize("layer", sorted(FILES))
def test_the_code_na_survives_beside_a_rejected_row(desk: Desk, layer: str):
    table = rows_of(layer)
    table[3] = table[3][:2]
    report = desk.take(layer, "a.csv", as_text(table))
    assert (report.added, report.rejected) == (2, 1)
    assert {issue.row for issue in report.issues if issue.severity == "rejected"} == {4}
    codes = desk.view(layer, from_="2022-01", to="2022-12").by_npa
    if layer != "sites":
        assert codes.set_index("npa_code").loc["NA", "surely"] == 2
    if layer in ("visits", "sites"):
        schema = REGISTRY.get(layer).spec.schemas[0]
        stated = "stated_npa" if layer == "visits" else "commanding_npa"
        assert desk.workspace.store.frame(schema)[stated].tolist() == ["NA", "NA"]


@pytest.mark.parametrize(
    ("layer", "column"), [("visits", "stated_npa"), ("sites", "commanding_npa")]
)
def test_a_corrupted_npa_code_is_rejected_and_a_wrong_one_warned_of(
    desk: Desk, layer: str, column: str
):
    text = FILES[layer].replace(",NA,", ",NQ,", 1).replace(",NN,", ",NL,")
    report = desk.take(layer, "a.csv", text)
    assert (report.rows, report.added, report.rejected, report.warned) == (3, 2, 1, 1)
    first, second = report.issues
    assert (first.row, first.column, first.value) == (2, column, "NQ")
    assert first.reason.startswith("'NQ' is not an NPA code of this force area; the codes are NN,")
    assert (second.row, second.column, second.value) == (4, column, "NL")
    assert (second.severity, second.reason) == (
        "warned",
        "The position lies in North West Leicestershire, code NN.",
    )
    assert f"rejected: row 2, {column}, 'NQ'" in report.text()
    assert report.as_dict()["issues"][0]["severity"] == "rejected"


def test_a_lower_case_code_is_no_code(desk: Desk):
    report = desk.take("visits", "a.csv", FILES["visits"].replace(",NA,", ",na,"))
    assert report.rejected == 2


def test_rejected_rows_can_be_mended_and_imported(desk: Desk):
    report = desk.take("visits", "a.csv", FILES["visits"].replace(",NN,", ",NQ,"))
    other = desk.take("sites", "a.csv", FILES["sites"].replace(",NN,", ",NQ,"))
    assert report.rejected_file != other.rejected_file, "no rejects are written over"
    with Path(report.rejected_file).open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["visit_id"], row["row_in_file"], row["stated_npa"]) == ("V3", "4", "NQ")
    assert row["rejected_because"].startswith("stated_npa: 'NQ' is not an NPA code")
    mended = as_text([list(row), list({**row, "stated_npa": "NN"}.values())])
    assert desk.take("visits", "b.csv", mended).added == 1


@pytest.mark.parametrize(
    ("layer", "text", "said"),
    [
        ("street_safe", "report_id,date,concerns,lat,lon\nR,2022,;,52.6,-1.1", "at least one"),
        ("street_safe", "report_id,date,concerns,lat,lon\nR,2022,no-cctv,,", "position is needed"),
        ("street_safe", "report_id,date,concerns,lat,lon\nR,2022,dark,52.6,-1.1", "must be one of"),
        ("visits", "visit_id,date,place,visit_type\nV,1066,A,event", "in the years 1800 to 2199"),
        ("visits", "visit_id,date,place,visit_type\nV,5/3/2022,A,event", "A date is needed as"),
        ("visits", "visit_id,date,place,visit_type\n,2022,A,event", "Stop is needed"),
        ("visits", "visit_id,date,place,visit_type,lat,lon\nV,2022,A,event,-1,52", "not exchanged"),
        (
            "sites",
            "site_id,name,site_type,opened,closed\nS,A,other,2020,2019",
            "must not be earlier",
        ),
        ("sites", "project_id,project,budget_gbp\nP,A,lots", "must be a number; given 'lots'"),
        ("crime", "Month,Crime type\n2022-1,Drugs", "needed as YYYY-MM"),
        ("crime", "Month,Crime type\n2022-01,Jaywalking", "Must be one of Anti-social"),
        ("crime", "Month,Crime type,Longitude,Latitude\n2022-01,Drugs,52,-1", "within the United"),
        ("crime", "Month,Crime type,Longitude,Latitude\n2022-01,Drugs,,52.6", "within the United"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(desk: Desk, layer: str, text: str, said: str):
    report = desk.take(layer, "a.csv", text)
    assert (report.rows, report.rejected) == (1, 1)
    assert said in " ".join(issue.reason for issue in report.issues)
    assert {issue.row for issue in report.issues} == {2}
