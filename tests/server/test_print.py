"""The view for paper shows what the map shows, says when and whence, and no more to the public."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from server.requests import MAP_PAGES

PAGES = [spec.page for spec in MAP_PAGES]


def pictures(page) -> list[dict[str, str]]:
    return [attrs for tag, attrs in page.tags if tag == "img"]


@pytest.mark.parametrize("name", PAGES)
def test_paper_says_what_the_page_says(public: FlaskClient, read_page, name: str) -> None:
    paper = read_page(public.get(f"/maps/{name}/print?on=").text)
    page = read_page(public.get(f"/maps/{name}").text)
    assert paper.heading == page.heading
    assert paper.captions
    for caption in paper.captions:
        assert caption in page.captions
    if name != "all":
        assert paper.captions == page.captions
        assert paper.totals == page.totals


def test_paper_carries_the_query_and_the_state_of_the_map(public: FlaskClient, read_page) -> None:
    given = {
        "from": ["2022-07-01"],
        "to": ["2022-12-31"],
        "npa": ["NA", "NL"],
        "view": ["11/52.63000/-1.13000"],
        "on": ["visits,outlines"],
    }
    answer = public.get("/maps/visits/print", query_string=given)
    paper = read_page(answer.text)
    (picture,) = pictures(paper)
    address = urlsplit(picture["src"])
    assert address.path == "/maps/visits/picture.svg"
    assert parse_qs(address.query) == given | {"size": ["paper"]}
    assert public.get(picture["src"]).status_code == 200
    (back,) = (link for link in paper.links() if link.startswith("/maps/visits?"))
    assert parse_qs(urlsplit(back).query) == given
    written = [value for tag, value in _facts(answer.text) if tag == "Made from"]
    assert [parse_qs(urlsplit(text).query) for text in written] == [given]
    assert written[0].startswith("http://127.0.0.1:8000/maps/visits?")


def _facts(html: str) -> list[tuple[str, str]]:
    """The list of facts at the head of the page, as pairs of term and text."""
    listed = html.partition('<dl class="paper-facts">')[2].partition("</dl>")[0]
    parts = [part.partition("</dt><dd>") for part in listed.split("<dt>")[1:]]
    return [(term, text.partition("</dd>")[0].replace("&amp;", "&")) for term, _, text in parts]


def test_the_day_on_paper_is_that_of_the_clock(public: FlaskClient, clock) -> None:
    assert dict(_facts(public.get("/maps/visits/print").text))["Made on"] == "22 November 2026"
    clock.advance(hours=24)
    assert dict(_facts(public.get("/maps/visits/print").text))["Made on"] == "23 November 2026"


def test_paper_shows_the_layers_that_are_switched_on(public: FlaskClient, read_page) -> None:
    html = public.get("/maps/all/print?on=sites,street_safe").text
    assert [term for term, _ in _facts(html)][:2] == ["Police sites", "Street Safe reports"]
    assert len(read_page(html).captions) == 2
    none = public.get("/maps/all/print?on=none").text
    assert "No layer is switched on, so there are no figures to show." in none
    assert read_page(none).captions == []


def test_paper_of_a_month_is_that_month_throughout(public: FlaskClient, read_page) -> None:
    monthly = public.get("/maps/crime/print?from=2022-01&to=2022-06&month=2022-03").text
    asked = public.get("/maps/crime?from=2022-03&to=2022-03").text
    assert dict(_facts(monthly))["Recorded crime and anti-social behaviour"] == "March 2022"
    assert read_page(monthly).captions == read_page(asked).captions
    assert read_page(monthly).totals == read_page(asked).totals
    (picture,) = pictures(read_page(monthly))
    assert parse_qs(urlsplit(picture["src"]).query)["month"] == ["2022-03"]
    assert read_page(asked).captions[0][0] in picture["alt"]


def test_a_month_is_nothing_to_a_page_of_standing_things(public: FlaskClient, read_page) -> None:
    with_month = public.get("/maps/estate/print?month=2022-03")
    assert with_month.status_code == 200
    without = read_page(public.get("/maps/estate/print").text)
    assert read_page(with_month.text).captions == without.captions


def test_the_picture_is_put_into_words(public: FlaskClient, read_page) -> None:
    page = read_page(public.get("/maps/visits/print").text)
    (picture,) = pictures(page)
    assert page.captions[0][0] in picture["alt"]
    assert "tables" in picture["alt"]


def test_staff_paper_says_that_it_is_not_for_publication(
    public: FlaskClient, staff: FlaskClient
) -> None:
    said = "in the staff view: not for publication"
    assert said in staff.get("/maps/street-safe/print").text
    assert said not in public.get("/maps/street-safe/print").text


def test_the_public_gets_no_report_on_paper(
    public: FlaskClient, staff: FlaskClient, read_page
) -> None:
    """Staff see the totals of all reports, the public at most what is published of them."""
    totals = [
        read_page(client.get("/maps/street-safe/print?from=2023&to=2023").text).totals["surely"]
        for client in (public, staff)
    ]
    assert totals[0] < totals[1]
    assert "no-store" in staff.get("/maps/street-safe/print").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/maps/home/print", 404),
        ("/maps/nothing/print", 404),
        ("/maps/visits/print?colour=red", 400),
        ("/maps/visits/print?view=99/1/1", 400),
        ("/maps/visits/print?on=sites", 400),
        ("/maps/street-safe/print?type=being-followed", 400),
    ],
)
def test_what_cannot_be_put_on_paper_is_refused(
    public: FlaskClient, address: str, status: int
) -> None:
    assert public.get(address).status_code == status


@pytest.mark.parametrize("name", PAGES)
def test_a_page_without_scripts_has_the_picture_of_its_map(
    public: FlaskClient, read_page, name: str
) -> None:
    page = read_page(public.get(f"/maps/{name}?view=11/52.63/-1.13").text)
    (picture,) = pictures(page)
    (small,) = (attrs["srcset"] for tag, attrs in page.tags if tag == "source")
    for address, size in ((picture["src"], None), (small, ["phone"])):
        query = parse_qs(urlsplit(address).query)
        assert (query["view"], query.get("size")) == (["11/52.63000/-1.13000"], size)
        answer = public.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_the_picture_on_paper_leaves_the_words_to_the_page(staff: FlaskClient, read_page) -> None:
    page = read_page(staff.get("/maps/visits/print").text)
    (picture,) = pictures(page)
    svg = staff.get(picture["src"]).text
    drawn = svg.partition("</desc>")[2]
    assert page.heading not in drawn
    assert not any(sentence in drawn for sentence in page.captions[0])
    for kept in ("Type of visit", "Community day", "10 km", "Staff view: not for publication."):
        assert kept in drawn


def test_a_month_beyond_the_period_is_said_to_be(public: FlaskClient) -> None:
    html = public.get("/maps/crime/print?month=2019-03").text
    assert "March 2019 is not in the period of this page." in html
