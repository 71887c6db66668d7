"""The form of a page that is cut to a part of the ground keeps it and can let it go."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

AREA = "-1.20000,52.60000 -1.00000,52.60000 -1.00000,52.70000"
BOX = "-1.2,52.6,-1,52.7"


@pytest.mark.parametrize(("name", "value"), [("area", AREA), ("bbox", BOX)])
@pytest.mark.parametrize("path", ["/maps/visits", "/layers/visits", "/maps/crime"])
def test_a_part_of_the_ground_stays_in_the_form(
    public: FlaskClient, read_page, path: str, name: str, value: str
) -> None:
    given = {name: value, "npa": ["NA", "NL"]}
    page = read_page(public.get(path, query_string=given).text)
    hidden = {a["name"]: a["value"] for tag, a in page.tags if a.get("type") == "hidden"}
    assert hidden[name] == value
    (remove,) = (
        link
        for link in page.links()
        if urlsplit(link).path == path and parse_qs(urlsplit(link).query) == {"npa": ["NA", "NL"]}
    )
    assert name not in remove


def test_a_page_of_the_whole_ground_has_nothing_to_remove(public: FlaskClient) -> None:
    html = public.get("/maps/visits").text
    assert "Remove the area" not in html
    assert "Remove the box" not in html


def test_an_area_with_two_corners_is_refused_in_words(public: FlaskClient) -> None:
    answer = public.get("/maps/visits?area=-1,52%20-1.1,52.1")
    assert answer.status_code == 400
    assert "area must have 3 to 100 corners" in answer.text


def test_a_page_that_can_be_cut_says_so_to_its_tool(public: FlaskClient, read_page, staff) -> None:
    def takes_area(client: FlaskClient, path: str) -> bool:
        tags = read_page(client.get(path).text).tags
        (tool,) = (attrs for _, attrs in tags if attrs.get("data-tool") == "area")
        return "data-takes-area" in tool

    assert takes_area(public, "/maps/visits")
    assert not takes_area(public, "/maps/street-safe")
    assert takes_area(staff, "/maps/street-safe")
    assert not takes_area(public, "/maps/all")
    assert not takes_area(public, "/")
