"""The nearest base for a resident: the nearest there is, and what is not known of it is said."""

from __future__ import annotations

import math

import pytest
from flask.testing import FlaskClient

from geo.crs import to_metres
from tests.server.conftest import ReadPage

PAGE = "/estate/nearest"
API = "/api/estate/nearest"


def test_bases_are_the_nearest_by_a_loop(public: FlaskClient) -> None:
    found = public.get("/api/layers/sites.geojson?public_access=open").get_json()["features"]
    places = public.get("/api/places?q=Syston&limit=1").get_json()["places"]
    here = to_metres([places[0]["longitude"]], [places[0]["latitude"]])
    nearest = min(
        (math.dist(metres_of(feature), (here[0][0], here[1][0])), feature["properties"]["site_id"])
        for feature in found
        if feature["properties"]["in_period"] == "in"
    )
    answer = public.get(f"{API}?place=Syston").get_json()
    (to_call_in,) = (base for base in answer["bases"] if base["public_access"] == "open")
    assert to_call_in["site_id"] == nearest[1]
    assert to_call_in["straight_m"] == round(nearest[0])
    assert to_call_in["way_m"] == pytest.approx(1.3 * nearest[0], abs=1)


def metres_of(feature: dict) -> tuple[float, float]:
    east, north = to_metres(*([value] for value in feature["geometry"]["coordinates"]))
    return float(east[0]), float(north[0])


def test_a_base_by_appointment_is_told_where_it_is_nearer(
    public: FlaskClient, read_page: ReadPage
) -> None:
    page = public.get(f"{PAGE}?place=Lutterworth")
    text = " ".join(read_page(page.text).captions[0])
    assert "you can call in is Market Harborough police station" in text
    assert "you can book an appointment, is Lutterworth neighbourhood office" in text
    assert "The hours are not known: ask before you go." in text
    answer = public.get(f"{API}?place=Lutterworth").get_json()
    assert [base["public_access"] for base in answer["bases"]] == ["by-appointment", "open"]


def test_what_is_not_known_is_not_a_refusal(public: FlaskClient) -> None:
    answer = public.get(f"{API}?place=Hinckley").get_json()
    assert any("it is not known whether one can call in" in said for said in answer["caption"])
    assert {base["public_access"] for base in answer["bases"]} >= {"open", "unknown"}


def test_staff_learn_here_what_the_public_learns(public: FlaskClient, staff: FlaskClient) -> None:
    for place in ("Leicester", "Wigston Magna", "52.6501, -1.0727"):
        query = f"{API}?place={place}"
        assert staff.get(query).get_json() == public.get(query).get_json()
    assert "custody" not in staff.get(f"{PAGE}?place=52.6501,-1.0727").text.lower()


def test_without_a_place_the_form_asks_for_one(public: FlaskClient) -> None:
    page = public.get(PAGE)
    assert page.status_code == 200
    assert 'name="place"' in page.text
    assert "999" in page.text
    assert public.get(API).status_code == 400


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("place=Atlantis", "must be the whole name of a place"),
        ("place=Charnwood", "is an area; name a place in it"),
        ("place=LE1 1AA", "Postcodes can be searched once a postcode file is added"),
        ("where=Oadby", "can be asked for by place"),
    ],
)
def test_a_place_that_is_not_held_is_said_beside_the_form(
    public: FlaskClient, query: str, words: str
) -> None:
    page = public.get(f"{PAGE}?{query}")
    assert page.status_code == 400
    assert words in page.text
    assert 'name="place"' in page.text
