"""Rates of recorded crime: every figure worked out by other means, and the words beside it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient
from scipy.stats import binomtest, chi2

from boundaries.small_areas import small_areas
from tests.layers.desk import Desk, shipped_ground
from tests.server.conftest import ReadPage
from tests.server.few_months import month_file

AUTUMN = "from=2022-08&to=2022-10&type=burglary"
DAYS = 31
"""Of October, of which alone the year before is held too."""


def _asked(client: FlaskClient, query: str) -> dict[str, Any]:
    return client.get(f"/api/crime/rates?{query}").get_json()


def _burglaries(shared_data: Path, *months: str) -> pd.DataFrame:
    rows = pd.concat(
        pd.read_csv(month_file(shared_data, month), dtype=str, keep_default_na=False)
        for month in months
    )
    return rows[rows["Crime type"] == "Burglary"].drop_duplicates()


@pytest.mark.real_data
def test_a_rate_is_records_by_residents_with_exact_limits(few: FlaskClient, desk: Desk) -> None:
    paged = desk.by_npa(desk.view("crime", from_="2022-08", to="2022-10", type="burglary"))
    residents = shipped_ground().residents_by_npa()
    answer = _asked(few, AUTUMN)
    assert answer["months"] == ["2022-08", "2022-10"], "September is not held"
    assert answer["areas"]
    for area in answer["areas"]:
        count, people = paged[area["code"]], int(residents[area["code"]])
        assert (area["records"], area["residents"]) == (count, people)
        assert area["rate"] == pytest.approx(1000 * count / people, abs=1e-4)
        low, high = chi2.ppf(0.025, 2 * count) / 2, chi2.ppf(0.975, 2 * count + 2) / 2
        assert area["low"] == pytest.approx(1000 * low / people, abs=1e-4)
        assert area["high"] == pytest.approx(1000 * high / people, abs=1e-4)


@pytest.mark.real_data
def test_small_areas_count_what_their_files_state(few: FlaskClient, shared_data: Path) -> None:
    rows = _burglaries(shared_data, "2022-08", "2022-10")
    stated = rows["LSOA code"].value_counts()
    answer = _asked(few, f"{AUTUMN}&by=lsoa")
    found = {area["code"]: area["records"] for area in answer["areas"]}
    assert tuple(found) == small_areas(shipped_ground()).codes
    same = [code for code in found if code in stated.index]
    assert len(same) > 100
    changed = [code for code in same if found[code] != stated[code]]
    assert len(changed) < 0.05 * len(same), "all but merged and split areas"
    assert sum(found.values()) + answer["in_no_area"] == len(rows)
    everybody = sum(area["residents"] for area in answer["areas"])
    assert answer["target"] == pytest.approx(1000 * sum(found.values()) / everybody)


@pytest.mark.real_data
def test_a_change_compares_the_months_held_in_both_years(few: FlaskClient, desk: Desk) -> None:
    before, after = (
        desk.by_npa(desk.view("crime", from_=month, to=month, type="burglary"))
        for month in ("2021-10", "2022-10")
    )
    answer = _asked(few, AUTUMN)
    assert answer["months_compared"] == ["2022-10"]
    verdicts = set()
    for area in answer["areas"]:
        then, now = before.get(area["code"], 0), after.get(area["code"], 0)
        assert (area["before"], area["after"]) == (then, now)
        limits = binomtest(now, now + then).proportion_ci(0.95, "exact")
        low, high = limits.low / (1 - limits.low), limits.high / (1 - limits.high)
        assert area["ratio_low"] == pytest.approx(low, abs=1e-4)
        assert area["ratio_high"] == pytest.approx(high, abs=1e-4)
        expected = "more" if low > 1 else "fewer" if high < 1 else "no clear change"
        assert area["verdict"] == expected
        verdicts.add(expected)
    assert "no clear change" in verdicts


@pytest.mark.real_data
def test_the_share_without_an_area_is_that_of_the_asked_months(
    few: FlaskClient, shared_data: Path
) -> None:
    later, earlier = (
        100 * (rows["LSOA code"] == "").mean()
        for rows in (_burglaries(shared_data, month) for month in ("2022-10", "2021-10"))
    )
    said = " ".join(_asked(few, AUTUMN)["caption"])
    assert f"{later:.1f}% state no small area, of those a year before {earlier:.1f}%" in said
    assert "too low for that alone" in said


@pytest.mark.real_data
def test_what_is_not_held_is_named_and_in_no_rate(few: FlaskClient) -> None:
    said = " ".join(_asked(few, AUTUMN)["caption"])
    assert "Not held, left out and not read as zero: September 2022." in said
    nothing = _asked(few, "from=2019-01&to=2019-12")
    assert nothing["months"] == []
    assert nothing["caption"][0].startswith("No recorded crime is held of these months")
    assert few.get("/crime/rates?from=2019-01&to=2019-12").status_code == 200
    assert few.get("/crime/rates/funnel.svg?from=2019-01&to=2019-12").status_code == 200


@pytest.mark.parametrize("by", ["npa", "lsoa"])
def test_page_csv_and_json_say_the_same(public: FlaskClient, read_page: ReadPage, by: str) -> None:
    answer = _asked(public, f"by={by}")
    text = public.get(f"/api/crime/rates.csv?by={by}").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text)))
    page = read_page(public.get(f"/crime/rates?by={by}").get_data(as_text=True))
    said = page.captions[0]
    assert answer["caption"][: len(said)] == said
    assert len(rows) == len(page.rows) == len(answer["areas"])
    for area, row, shown in zip(answer["areas"], rows, page.rows, strict=True):
        assert (row["code"], row["records"]) == (area["code"], str(area["records"]))
        assert shown[1:3] == [f"{area['records']:,}", f"{area['residents']:,}"]
        assert float(row["rate"]) == area["rate"]
        assert row["verdict"] == area["verdict"]
        assert shown[-1].lower().startswith(area["verdict"])


def test_smoothed_rates_lie_between_that_of_the_area_and_that_of_all(public: FlaskClient) -> None:
    answer = _asked(public, "by=lsoa&type=robbery")
    for area in answer["areas"]:
        low, high = sorted((area["rate"], answer["target"]))
        assert low - 1e-3 <= area["smoothed"] <= high + 1e-3


def test_a_city_centre_is_marked_and_most_areas_are_not(public: FlaskClient) -> None:
    areas = _asked(public, "by=lsoa")["areas"]
    marked = [area for area in areas if area["areas_of_visitors"]]
    assert 0 < len(marked) < 0.05 * len(areas)
    busiest = max(areas, key=lambda area: area["rate"])
    assert busiest in marked
    assert all(area["records_in_them"] == area["records"] for area in marked)


def test_the_figure_draws_every_area_with_title_unit_and_sentence(public: FlaskClient) -> None:
    svg = public.get("/crime/rates/funnel.svg").get_data(as_text=True)
    areas = _asked(public, "")["areas"]
    assert svg.count("<circle") == len(areas)
    assert "<title" in svg
    assert "for each 1,000 residents" in re.sub(r"\s+", " ", svg)
    for area in areas:
        assert f">{area['code']}<" in svg


def test_byar_limits_are_asked_for_and_said(public: FlaskClient) -> None:
    exact, byar = (_asked(public, f"type=robbery&interval={name}") for name in ("exact", "byar"))
    pairs = list(zip(exact["areas"], byar["areas"], strict=True))
    assert any(one["high"] != other["high"] for one, other in pairs)
    assert all(one["high"] == pytest.approx(other["high"], rel=0.01) for one, other in pairs)
    assert "Byar’s limits" in byar["caption"][0]


def test_one_category_is_said_where_it_is_chosen(public: FlaskClient) -> None:
    said = "It cannot show violence against women and girls"
    assert said in public.get("/crime/rates?type=violent-crime").get_data(as_text=True)


@pytest.mark.parametrize("query", ["by=ward", "interval=wald", "type=all", "npa=NC"])
def test_what_cannot_be_used_is_refused(public: FlaskClient, query: str) -> None:
    for path in ("/crime/rates", "/api/crime/rates", "/api/crime/rates.csv"):
        assert public.get(f"{path}?{query}").status_code == 400
