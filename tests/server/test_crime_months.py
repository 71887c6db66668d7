"""The months of recorded crime: what page, CSV and JSON say, held against the files themselves."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.layers.desk import open_desk
from tests.server.conftest import MakeApp, ReadPage
from tests.server.few_months import HELD, month_file

SPAN = "from=2021-09&to=2022-10"


def _rows(client: FlaskClient, query: str) -> dict[str, dict[str, str]]:
    text = client.get(f"/api/crime/months.csv?{query}").get_data(as_text=True)
    return {row["month"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.real_data
def test_counts_and_records_without_an_area_are_those_of_the_file(
    few: FlaskClient, shared_data: Path
) -> None:
    found = _rows(few, f"{SPAN}&type=burglary")
    for month in HELD:
        rows = pd.read_csv(month_file(shared_data, month), dtype=str, keep_default_na=False)
        rows = rows[rows["Crime type"] == "Burglary"].drop_duplicates()
        assert int(found[month]["records"]) == len(rows)
        assert int(found[month]["without_lsoa"]) == (rows["LSOA code"] == "").sum()


@pytest.mark.real_data
def test_a_month_that_is_not_held_has_no_count(few: FlaskClient, read_page: ReadPage) -> None:
    found = _rows(few, SPAN)
    assert len(found) == 14
    gone = [month for month, row in found.items() if row["standing"] == "missing"]
    assert sorted({*found} - {*gone}) == list(HELD)
    assert {found[month]["records"] for month in gone} == {""}
    page = read_page(few.get(f"/crime/months?{SPAN}").get_data(as_text=True))
    said = " ".join(page.captions[0])
    assert "Not held, and never read as zero: November 2021 to July 2022, September 2022." in said
    cells = {row[0]: row[1] for row in page.rows}
    assert cells["September 2022"] == "Not held"
    assert cells["October 2022"] == f"{int(found['2022-10']['records']):,}"


def test_page_csv_and_json_say_the_same(public: FlaskClient, read_page: ReadPage) -> None:
    answer = public.get("/api/crime/months").get_json()
    rows = _rows(public, "")
    page = read_page(public.get("/crime/months").get_data(as_text=True))
    assert len(answer["months"]) == len(rows) == len(page.rows)
    for month, shown in zip(answer["months"], page.rows, strict=True):
        assert rows[month["month"]]["records"] == str(month["records"])
        assert shown[1] == f"{month['records']:,}"
        assert rows[month["month"]]["standing"] == month["standing"]
    said = page.captions[0]
    assert answer["caption"][: len(said)] == said


def test_events_stand_beside_the_months_that_they_bend(public: FlaskClient) -> None:
    months = {m["month"]: m for m in public.get("/api/crime/months").get_json()["months"]}
    lockdown = "National lockdowns and restrictions"
    assert {month for month, row in months.items() if lockdown in row["events"]} == {
        month for month in months if "2020-03" <= month <= "2021-07"
    }


def test_one_category_is_said_where_it_is_chosen_and_nowhere_else(public: FlaskClient) -> None:
    said = "It cannot show violence against women and girls"
    assert said in public.get("/crime/months?type=violent-crime").get_data(as_text=True)
    assert said not in public.get("/crime/months?type=burglary").get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("type=vawg", "type must be one of"),
        ("from=2022-05&to=2022-01", "from and to"),
        ("from=1900&to=2022", "At most 240 months"),
        ("npa=NC", "This can be asked for by type, from, to"),
        ("from=yesterday", "from:"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    public: FlaskClient, query: str, says: str
) -> None:
    answer = public.get(f"/crime/months?{query}")
    assert answer.status_code == 400
    assert says in answer.get_data(as_text=True)


def test_nothing_held_is_said_and_not_zero(make_app: MakeApp, tmp_path: Path) -> None:
    empty = open_desk(tmp_path)
    app: Flask = make_app(empty.workspace)
    answer = app.test_client().get("/api/crime/months").get_json()
    assert answer["months"] == []
    assert answer["caption"] == [
        "No recorded crime is held, so there are no months to tell of; that is not zero."
    ]
    empty.workspace.close()
