"""What is not held is never said to be zero: in tables, figures, keys, pictures and comparisons."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import ReadPage

NOT_HELD = "from=2023&to=2023"
PARTLY = "from=2022-09&to=2022-11"
NOTHING_DRAWN = "Where nothing is drawn"
EMPTY_IS_NOT_ZERO = "An empty map here does not mean zero."


def test_a_page_of_months_that_are_not_held_has_no_table_of_zeros(
    public: FlaskClient, read_page: ReadPage
) -> None:
    for path in (f"/maps/crime?{NOT_HELD}", f"/maps/crime/print?{PARTLY}&month=2022-11"):
        page = read_page(public.get(path).text)
        assert page.totals == {}, path
        assert page.captions[0][0].startswith("No figures of records are held for")
        assert not [row for row in page.rows if row[-1] == "0"], path


def test_figures_of_what_is_not_held_say_so(public: FlaskClient) -> None:
    figures = public.get(f"/api/layers/crime/figures?{NOT_HELD}").get_json()
    assert figures["counts"]["held"] is False
    assert figures["by_npa"] == figures["tables"] == []
    assert [entry["label"] for entry in figures["legend"]["classes"]] == [
        "No records held: not zero"
    ]
    held = public.get(f"/api/layers/crime/figures?{PARTLY}").get_json()
    assert held["counts"]["held"] is True
    assert held["by_npa"]


def test_a_cell_in_a_month_that_is_not_held_has_no_count_by_type(public: FlaskClient) -> None:
    path = "/api/layers/crime/cells/h1000_q283_r351?from=2022-11&to=2022-11"
    cell = public.get(path).get_json()
    assert cell["by_type"] == []
    assert [month["held"] for month in cell["by_month"]] == [False]


def test_the_picture_of_a_month_that_is_not_held_has_a_key_that_says_so(
    public: FlaskClient,
) -> None:
    picture = words_of(public, f"/maps/crime/picture.svg?{PARTLY}&month=2022-11")
    assert "No records held: not zero" in picture
    assert NOTHING_DRAWN not in picture
    held = words_of(public, f"/maps/crime/picture.svg?{PARTLY}&month=2022-10")
    assert "No records held" not in held
    assert NOTHING_DRAWN in held


@pytest.mark.parametrize(
    ("periods", "key", "note"),
    [
        ("from=2018&to=2018", True, EMPTY_IS_NOT_ZERO),
        ("from=2022-10&to=2022-10&with_from=2022-11&with_to=2022-11", True, "its empty map is not"),
        ("from=2022-10&to=2022-10", False, NOTHING_DRAWN),
    ],
)
def test_the_key_of_a_comparison_says_what_is_not_held(
    public: FlaskClient, periods: str, key: bool, note: str
) -> None:
    page = public.get(f"/maps/crime/compare?{periods}").text
    assert ("No records held: not zero" in page) is key
    assert note in page
    assert ("0: not drawn" in page) is (note != EMPTY_IS_NOT_ZERO)


@pytest.mark.parametrize("ending", ["", "/print", "/picture.svg", "/picture.png", "/map.js"])
def test_a_month_of_a_map_up_to_a_day_is_shown_wherever_it_is_asked_for(
    public: FlaskClient, ending: str
) -> None:
    path = f"/maps/crime{ending}?as_of=2022-03&month=2022-02"
    assert public.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/maps/all?month=2022-02",
        "/maps/estate?month=2022-02",
        "/maps/street-safe?month=2023-02",
        "/maps/crime?month=2019-01",
        "/maps/crime?month=2022-02&on=none",
    ],
)
def test_words_for_a_picture_name_no_month_that_it_does_not_show(
    public: FlaskClient, read_page: ReadPage, path: str
) -> None:
    (alt,) = picture_words(public, read_page, path)
    assert "whole period" not in alt
    assert "hold the same figures" in alt


def test_words_for_a_picture_of_a_month_give_its_figure(
    public: FlaskClient, read_page: ReadPage
) -> None:
    (alt,) = picture_words(public, read_page, "/maps/crime?from=2022-01&to=2022-03&month=2022-02")
    assert "February 2022: 8,463 records." in alt


def words_of(client: FlaskClient, path: str) -> str:
    """The words of a drawing, whose lines are broken."""
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).text).split())


def picture_words(client: FlaskClient, read_page: ReadPage, path: str) -> list[str]:
    """What stands for the picture of a page without JavaScript."""
    page = read_page(client.get(path).text)
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    return [attrs["alt"] for attrs in images if "picture.svg" in attrs["src"]]
