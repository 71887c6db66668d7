"""Search for places over the web: JSON for programs, a page of links for people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from boundaries.postcode_files import read_postcodes
from boundaries.postcodes import save_postcodes
from layers.registry import REGISTRY
from layers.workspace import Workspace
from server.map_state import MapView

AT = datetime(2026, 1, 2, 9, 30)
HIDDEN = "Keyham Lane custody suite"
ROYAL_MAIL = "Contains Royal Mail data © Royal Mail copyright and database right 2025"


def found(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    """The links of the page's list of places: where to, and what they say."""
    text = client.get(path).get_data(as_text=True)
    if '<ul class="place-list">' not in text:
        return []
    listed = text.split('<ul class="place-list">')[1].split("</ul>")[0]
    links = [item.split("</a>")[0] for item in listed.split('<a href="')[1:]]
    return [(href.replace("&amp;", "&"), label) for href, label in (x.split('">') for x in links)]


@pytest.fixture
def with_postcodes(tmp_path: Path, make_app):
    """An app whose workspace holds a file of postcodes, and that workspace."""
    workspace = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    path = tmp_path / "NSPL_2025.csv"
    path.write_text("pcds,east1m,north1m\nLE1 1AA,458700,304500\nLE1 1AB,458900,304500\n")
    save_postcodes(workspace.path, read_postcodes([path], workspace.ground.districts), AT)
    yield make_app(workspace).test_client(), workspace
    workspace.close()


def test_places_as_json(public: FlaskClient) -> None:
    answer = public.get("/api/places?q=oadby&limit=2")
    assert answer.mimetype == "application/json"
    body = answer.get_json()
    assert list(body) == ["query", "places", "near", "note"]
    assert (body["query"], body["near"]) == ("oadby", [])
    assert body["note"] == "7 places match. The first 2 are listed."
    assert body["places"][0] == {
        "name": "Oadby",
        "kind": "settlement",
        "kind_in_words": "settlement",
        "where": "Oadby and Wigston",
        "longitude": -1.08354,
        "latitude": 52.60621,
        "bounds": None,
        "zoom": 13,
        "label": "Oadby (settlement, Oadby and Wigston)",
    }
    west, south, east, north = body["places"][1]["bounds"]
    assert west < body["places"][1]["longitude"] < east
    assert south < body["places"][1]["latitude"] < north


@pytest.mark.parametrize("path", ["/api/places", "/api/places?q=", "/api/places?q=%20&limit="])
def test_without_a_text_there_are_no_places(public: FlaskClient, path: str) -> None:
    body = public.get(path).get_json()
    assert body == {"query": "", "places": [], "near": [], "note": ""}


def test_a_near_spelling_is_told_apart(public: FlaskClient) -> None:
    body = public.get("/api/places?q=Hinkley").get_json()
    assert body["places"] == []
    assert body["near"][0]["name"] == "Hinckley"
    assert "Did you mean" in body["note"]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("q=" + "x" * 101, "100"),
        ("q=a&q=b", "2 times"),
        ("limit=0", "1 to 50"),
        ("q=a&kind=ward", "kind"),
    ],
)
def test_what_cannot_be_asked_is_a_bad_query(public: FlaskClient, query: str, word: str) -> None:
    answer = public.get(f"/api/places?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert word in answer.get_json()["detail"]


def test_an_unchanged_answer_is_not_sent_again(public: FlaskClient) -> None:
    first = public.get("/api/places?q=oadby")
    again = public.get("/api/places?q=oadby", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_each_audience_finds_its_own_sites(public: FlaskClient, staff: FlaskClient) -> None:
    for path in ("/api/places?q=", "/places?q="):
        address = path + HIDDEN.replace(" ", "+")
        assert f"{HIDDEN} (police site" in staff.get(address).get_data(as_text=True)
        assert f"{HIDDEN} (police site" not in public.get(address).get_data(as_text=True)
    names = {p["name"] for p in public.get("/api/places?q=keyham+lane").get_json()["places"]}
    assert "Keyham Lane police station" in names
    assert HIDDEN not in names
    assert "no-store" in staff.get("/api/places?q=keyham").headers["Cache-Control"]


def test_no_address_names_a_site_that_the_public_may_not_know(
    public: FlaskClient, staff: FlaskClient
) -> None:
    links = found(staff, "/places?q=" + HIDDEN.replace(" ", "+"))
    assert links
    assert all("place=" not in href for href, label in links if "(police site" in label)
    known = [href for href, label in found(public, "/places?q=keyham+lane") if "site" in label]
    assert known
    assert all("place=" in href for href in known)


MARKS = "place=Oadby+(settlement,+Oadby+and+Wigston)&draw=-1.25,52.7+-1.0,52.7+-1.0,52.55"


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/maps/visits", "/maps/all", "/maps/visits/map.js", "/maps/visits/compare"),
        *("/maps/visits/print", "/maps/visits/picture.svg", "/places"),
    ],
)
def test_what_is_marked_on_a_map_is_taken_wherever_its_address_is(
    public: FlaskClient, path: str
) -> None:
    assert public.get(f"{path}?{MARKS}{'&page=visits' * (path == '/places')}").status_code == 200
    assert public.get(f"{path}?draw=nowhere").status_code == 400


def test_the_view_for_paper_leads_back_to_what_was_marked(public: FlaskClient) -> None:
    text = public.get(f"/maps/visits/print?{MARKS}").get_data(as_text=True)
    assert "draw=-1.25000%2C52.70000" in text
    assert "place=Oadby" in text


def test_the_page_links_to_the_map_at_the_place_and_keeps_the_rest(public: FlaskClient) -> None:
    links = found(
        public, "/places?q=oadby&page=visits&npa=NA&from=2022&on=visits&view=9/52/-1&open=visits:x"
    )
    href, label = links[0]
    assert label == "Oadby (settlement, Oadby and Wigston)"
    address = urlsplit(href)
    assert address.path == "/maps/visits"
    asked = parse_qs(address.query)
    assert asked == {
        "npa": ["NA"],
        "from": ["2022"],
        "on": ["visits"],
        "view": ["13/52.60621/-1.08354"],
        "place": ["Oadby (settlement, Oadby and Wigston)"],
    }
    assert MapView.parse(asked["view"][0]) == MapView(13, 52.60621, -1.08354)
    assert public.get(href).status_code == 200


@pytest.mark.parametrize(
    ("page", "path"),
    [("", "/maps/all"), ("all", "/maps/all"), ("home", "/"), ("crime", "/maps/crime")],
)
def test_every_page_of_maps_can_be_gone_to(public: FlaskClient, page: str, path: str) -> None:
    links = found(public, f"/places?q=loughborough&page={page}")
    assert {urlsplit(href).path for href, _ in links} == {path}
    assert public.get(links[0][0]).status_code == 200


def test_the_page_lists_more_than_a_box_has_room_for(public: FlaskClient) -> None:
    assert len(found(public, "/places?q=le")) > 10


def test_the_page_says_when_there_is_nothing_and_what_may_be_meant(public: FlaskClient) -> None:
    nothing = public.get("/places?q=zqxzqx").get_data(as_text=True)
    assert "No place has this name." in nothing
    assert found(public, "/places?q=zqxzqx") == []
    near = public.get("/places?q=Hinkley").get_data(as_text=True)
    assert "No place has this name. Did you mean one of these?" in near
    assert found(public, "/places?q=Hinkley")[0][1].startswith("Hinckley (")
    empty = public.get("/places").get_data(as_text=True)
    assert "Results for" not in empty
    assert "Find a place" in empty


def test_what_was_typed_is_text(public: FlaskClient) -> None:
    text = public.get("/places?q=%22%3E%3Cscript%3E").get_data(as_text=True)
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("q=" + "x" * 101, "100"),
        ("page=nowhere", "nowhere"),
        ("page=visits&page=crime", "visits, crime"),
        ("nonsense=1", "nonsense"),
        ("limit=3", "limit"),
        ("page=visits&npa=QQ", "QQ"),
        ("page=visits&on=banquets", "banquets"),
        ("page=visits&view=here", "view"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(
    public: FlaskClient, query: str, word: str
) -> None:
    answer = public.get(f"/places?{query}")
    assert answer.status_code == 400
    assert word in answer.get_data(as_text=True)


def test_the_form_of_a_map_leads_to_the_page_with_the_maps_query(
    public: FlaskClient, read_page
) -> None:
    page = read_page(public.get("/maps/visits?npa=NA&view=9/52/-1").get_data(as_text=True))
    form = next(a for tag, a in page.tags if tag == "form" and "data-place-search" in a)
    assert (form["action"], form["method"]) == ("/places", "get")
    hidden = [(a["name"], a["value"]) for _, a in page.tags if a.get("type") == "hidden"]
    assert ("page", "visits") in hidden
    assert ("npa", "NA") in hidden
    assert "view" not in dict(hidden)
    assert any(tag == "input" and a.get("type") == "search" and a["name"] == "q"
               for tag, a in page.tags)  # fmt: skip
    home = read_page(public.get("/").get_data(as_text=True))
    assert any(a.get("name") == "page" and a.get("value") == "home" for _, a in home.tags)


def test_without_a_postcode_file_the_page_says_so_and_no_footer_names_one(
    public: FlaskClient,
) -> None:
    text = public.get("/places?q=LE1+1AA").get_data(as_text=True)
    assert "Postcodes can be searched once a postcode file is added." in text
    assert "a postcode or the beginning of one" not in text
    assert "Royal Mail" not in text


def test_with_a_postcode_file_postcodes_are_found_and_every_footer_names_it(
    with_postcodes,
) -> None:
    client, workspace = with_postcodes
    assert client.get("/api/places?q=le11aa").get_json()["places"][0]["name"] == "LE1 1AA"
    sector = client.get("/api/places?q=LE1+1").get_json()["places"][0]
    assert (sector["kind"], sector["where"]) == (
        "postcode-sector",
        "middle of its 2 postcodes here",
    )
    text = client.get("/places?q=LE1+1AA").get_data(as_text=True)
    assert "a postcode or the beginning of one" in text
    assert "Of the 2 rows of NSPL_2025.csv, 2 are postcodes in use in the force area." in text
    for path in ("/", "/maps/visits", "/about-the-data", "/places"):
        assert client.get(path).get_data(as_text=True).count(ROYAL_MAIL) == 1, path
    (workspace.path / "boundaries" / "postcodes" / "account.json").write_text("{")
    for path in ("/", "/places"):
        damaged = client.get(path)
        assert damaged.status_code == 200
        assert ROYAL_MAIL not in damaged.get_data(as_text=True)
    assert "the added file is damaged" in client.get("/places").get_data(as_text=True)
    assert client.get("/api/places?q=oadby").get_json()["places"]
