"""Statistics of Street Safe reports: every figure beside the file, and for staff alone."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from flask.testing import FlaskClient

from layers.demo import PACK
from layers.schema import in_words
from layers.street_safe import BEHAVIOURAL, CONCERNS, ENVIRONMENTAL
from server.street_safe import words
from server.street_safe.company import FEWEST, RADII_M, WITHIN_DAYS, company_of
from tests.server.conftest import ReadPage

PAGE = "/street-safe/statistics"
API = "/api/street-safe/statistics"
ALL = "from=2021-09&to=2023-10"
PERIODS = (ALL, "from=2022-02&to=2022-07", "from=2022&to=2022&npa=NC&npa=NA")


@pytest.fixture(scope="module")
def file() -> pd.DataFrame:
    """The reports as the demonstration ships them, with the concerns of each as a set."""
    held = pd.read_csv(PACK / "street_safe.csv", dtype=str, keep_default_na=False)
    named = [frozenset(text.split("; ")) for text in held["concerns"]]
    return held.assign(named=named)


def kinds_of(named: pd.Series) -> dict[str, int]:
    place = np.array([bool(each & set(ENVIRONMENTAL)) for each in named])
    behaviour = np.array([bool(each & set(BEHAVIOURAL)) for each in named])
    return {
        "environmental": int((place & ~behaviour).sum()),
        "behavioural": int((behaviour & ~place).sum()),
        "both": int((place & behaviour).sum()),
    }


def test_the_counts_are_those_of_the_file(staff: FlaskClient, file: pd.DataFrame) -> None:
    said = staff.get(f"{API}?{ALL}").get_json()
    assert said["reports"] == len(file) == 643
    assert said["kinds"] == kinds_of(file["named"])
    times = Counter(concern for each in file["named"] for concern in each)
    assert {each["concern"]: each["reports"] for each in said["concerns"]} == times
    assert sum(times.values()) == 1869
    assert [each["concern"] for each in said["concerns"] if each["behavioural"]] == [*BEHAVIOURAL]
    reasons = Counter(file["not_reported_reason"])
    assert {each["reason"]: each["reports"] for each in said["reasons"]} == reasons
    months = {month: kinds_of(mine["named"]) for month, mine in file.groupby(file["date"].str[:7])}
    assert {each["month"]: each["kinds"] for each in said["months"]} == months


@pytest.mark.parametrize("period", PERIODS)
def test_months_areas_and_kinds_add_up(staff: FlaskClient, period: str) -> None:
    said = staff.get(f"{API}?{period}").get_json()
    assert said["reports"] == sum(said["kinds"].values()) > 0
    for group in ("months", "npas"):
        total = Counter()
        for each in said[group]:
            total.update(each["kinds"] or {})
        assert total == Counter(said["kinds"]), group


def test_the_areas_are_those_of_the_layer(staff: FlaskClient) -> None:
    said = staff.get(f"{API}?{PERIODS[2]}").get_json()
    rows = csv.DictReader(io.StringIO(staff.get(f"/api/layers/street_safe.csv?{PERIODS[2]}").text))
    expected = Counter(row["npa_code"] for row in rows)
    assert {each["npa_code"]: sum(each["kinds"].values()) for each in said["npas"]} == expected
    assert set(expected) == {"NC", "NA"}


def test_the_page_and_the_csv_say_what_the_api_says(
    staff: FlaskClient, read_page: ReadPage
) -> None:
    said = staff.get(f"{API}?{ALL}").get_json()
    page = read_page(staff.get(f"{PAGE}?{ALL}").text)
    columns = {"concern": 4, "npa": 5}
    concerns, areas = (
        {row[0]: row for row in page.rows if len(row) == columns[group]} for group in columns
    )
    for each in said["concerns"]:
        assert concerns[in_words(each["concern"])][2] == f"{each['reports']:,}"
    for each in said["npas"]:
        assert areas[each["npa_name"]][1:] == [
            f"{sum(each['kinds'].values()):,}",
            *(f"{count:,}" for count in each["kinds"].values()),
        ]
    rows = list(csv.DictReader(io.StringIO(staff.get(f"{API}.csv?{ALL}").text)))
    counts = {(row["group"], row["of"], row["measure"]): row["reports"] for row in rows}
    assert len(counts) == len(rows)
    for each in said["concerns"]:
        assert counts["concern", each["concern"], "named"] == str(each["reports"])
    for each in said["months"]:
        assert counts["month", each["month"], "both"] == str(each["kinds"]["both"])


def test_concerns_by_district_are_all_those_of_the_place(staff: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(staff.get(f"{API}.csv?{ALL}").text)))
    for concern in ENVIRONMENTAL:
        by_district = [
            int(row["reports"])
            for row in rows
            if row["group"] == "district" and row["measure"] == concern
        ]
        (everywhere,) = (
            int(row["reports"])
            for row in rows
            if row["group"] == "concern" and row["of"] == concern
        )
        assert sum(by_district) == everywhere > 0


def test_months_that_are_not_held_are_not_zero(staff: FlaskClient, read_page: ReadPage) -> None:
    asked = "from=2023-09&to=2024-02"
    said = {
        each["month"]: each["kinds"] for each in staff.get(f"{API}?{asked}").get_json()["months"]
    }
    assert said["2023-09"] is not None
    assert said["2024-01"] is None
    page = read_page(staff.get(f"{PAGE}?{asked}").text)
    assert ["January 2024", *["Not held"] * 4] in page.rows
    rows = csv.DictReader(io.StringIO(staff.get(f"{API}.csv?{asked}").text))
    assert {row["reports"] for row in rows if row["of"] == "2024-01"} == {""}


def test_a_period_without_reports_has_no_table(staff: FlaskClient) -> None:
    text = staff.get(f"{PAGE}?from=2019&to=2019").text
    assert "<table" not in text
    assert staff.get(f"{API}?from=2019&to=2019").get_json()["reports"] == 0


def test_words_keep_their_capitals_within_a_sentence(staff: FlaskClient) -> None:
    assert "no CCTV, 240" in staff.get(f"{PAGE}?{ALL}").text


@pytest.mark.parametrize("path", [PAGE, API, f"{API}.csv"])
def test_the_public_has_none_of_it(public: FlaskClient, path: str) -> None:
    assert public.get(path).status_code == 403
    assert PAGE not in public.get("/maps/street-safe").text


def test_staff_find_it_from_the_map(staff: FlaskClient) -> None:
    assert f'href="{PAGE}"' in staff.get("/maps/street-safe").text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("type=badly-lit", "can be asked for by from, to, npa; given 'type'"),
        ("from=soon", "soon"),
        ("npa=QQ", "QQ"),
    ],
)
def test_what_cannot_be_asked_is_said(staff: FlaskClient, asked: str, said: str) -> None:
    answer = staff.get(f"{API}?{asked}")
    assert answer.status_code == 400
    assert said in answer.get_json()["detail"]


def reports(rng: np.random.Generator, number: int, planted: int) -> gpd.GeoDataFrame:
    """Reports of each kind over a year, some of behaviour a week after one of the place near by."""
    places = rng.uniform(0, 5000, (2, number, 2))
    days = rng.integers(0, 365, (2, number))
    places[1, :planted] = places[0, :planted] + 20
    days[1, :planted] = days[0, :planted] + 7
    dates = pd.Timestamp("2022-01-01") + pd.to_timedelta(days.ravel(), unit="D")
    return gpd.GeoDataFrame(
        {
            "report_id": [f"R{each}" for each in range(2 * number)],
            "kind": ["Environmental"] * number + ["Behavioural"] * number,
            "date_from": dates,
            "date_to": dates,
        },
        geometry=gpd.points_from_xy(*places.reshape(-1, 2).T),
        crs=27700,
    )


def test_what_follows_is_told_and_what_does_not_is_not() -> None:
    rng = np.random.default_rng(5)
    found = company_of(reports(rng, 100, planted=40))
    assert found is not None
    assert len(found.tested) == len(RADII_M) * len(WITHIN_DAYS)
    near = next(each for each in found.tested if each.found.radius_m == 100)
    assert (near.verdict, near.found.after.found >= 40) == ("follows", True)
    assert words.company_words(found)[0].startswith(
        "Concerns of behaviour follow those of the place"
    )
    assert "100 m and 30 days" in words.company_words(found)[0]
    none = company_of(reports(rng, 100, planted=0))
    assert none is not None
    assert {each.verdict for each in none.tested} == {"no clear sign"}
    assert words.company_words(none)[0].startswith("There is no clear sign")


def test_adjusted_values_are_never_below_the_plain_ones() -> None:
    found = company_of(reports(np.random.default_rng(5), 100, planted=10))
    assert found is not None
    for each in found.tested:
        assert each.after_p_value >= each.found.after.p_value
        assert each.order_p_value >= each.found.order_p_value


def test_too_few_reports_are_no_test(staff: FlaskClient) -> None:
    assert company_of(reports(np.random.default_rng(5), FEWEST - 1, planted=0)) is None
    text = staff.get(f"{PAGE}?from=2022-01&to=2022-01").text
    assert re.search(r"cannot be told here: at least\s+20 reports of each", text)


def test_every_concern_has_one_kind() -> None:
    assert set(CONCERNS) == set(ENVIRONMENTAL) | set(BEHAVIOURAL)
    assert not set(ENVIRONMENTAL) & set(BEHAVIOURAL)
