"""A refused scenario or siting is answered with its form: what can be used is kept, and what cannot
be used stands where it was typed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import ReadPage

WHAT_IF = "/estate/what-if"
SITING = "/estate/siting"


class Form:
    """What the form of a page would send, and where it says why something cannot be used."""

    def __init__(self, page: Any) -> None:
        self.sent: list[tuple[str, str]] = []
        self.in_error: list[str] = []
        chosen = ""
        for tag, attrs in page.tags:
            if attrs.get("aria-invalid") == "true":
                self.in_error.append(attrs["name"])
            if tag == "select":
                chosen = attrs["name"]
            if tag == "option" and "selected" in attrs:
                self.sent.append((chosen, attrs["value"]))
            sends = attrs.get("type") != "checkbox" or "checked" in attrs
            if tag == "input" and attrs.get("name") != "q" and sends:
                self.sent.append((attrs["name"], attrs["value"]))
        ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
        self.broken = {link[1:] for link in page.links() if link.startswith("#")} - {*ids}
        self.twice = [each for each in ids if ids.count(each) > 1]

    def values(self, name: str) -> list[str]:
        return [value for given, value in self.sent if given == name and value]


def form_of(staff: FlaskClient, read_page: ReadPage, address: str, why: str) -> Form:
    answer = staff.get(address)
    assert answer.status_code == 400
    assert why in answer.text
    form = Form(read_page(answer.text))
    assert not form.broken
    assert not form.twice
    return form


def test_a_scenario_with_one_bad_place_keeps_its_changes(
    staff: FlaskClient, read_page: ReadPage
) -> None:
    form = form_of(
        staff,
        read_page,
        f"{WHAT_IF}?as_of=2024-06-30&distance_m=3000&closes=S003&opens=Oadby&opens=Atlantis"
        "&homes=Syston:500&access=S004:open&view=9/52.7/-1.1",
        "must be the whole name of a place",
    )
    assert form.in_error == ["opens"]
    opens = form.values("opens")
    assert [name.partition(" (")[0] for name in opens] == ["Oadby", "Atlantis"]
    assert form.values("closes") == ["S003"]
    assert form.values("access") == ["S004:open"]
    assert form.values("homes")[0].endswith(":500")
    assert form.values("distance_m") == ["3000"]
    assert form.values("as_of") == ["2024-06-30"]
    assert form.values("view") == ["9/52.7/-1.1"]
    mended = [pair for pair in form.sent if pair[1] and pair != ("opens", "Atlantis")]
    assert staff.get(f"{WHAT_IF}?{urlencode(mended)}").status_code == 200


def test_both_halves_of_a_bad_change_stay_in_their_controls(
    staff: FlaskClient, read_page: ReadPage
) -> None:
    form = form_of(
        staff,
        read_page,
        f"{WHAT_IF}?move_site=S026&move_to=Atlantis&access_site=S004&access_to=open"
        "&homes_at=Syston&homes_number=many",
        "must be the whole name of a place",
    )
    assert form.in_error == ["move_to", "homes_number"]
    assert form.values("move_site") == ["S026"]
    assert form.values("move_to") == ["Atlantis"]
    assert form.values("homes_at") == ["Syston"]
    assert form.values("homes_number") == ["many"]
    assert form.values("access") == ["S004:open"]
    assert form.values("access_site") == form.values("access_to") == []


@pytest.mark.parametrize(
    ("query", "name", "why"),
    [
        ("route_factor=9", "route_factor", "must be a number from 1 to 3"),
        ("people_a_home=none", "people_a_home", "must be a number"),
        ("requires=Atlantis", "requires", "must be the whole name of a place"),
    ],
)
def test_siting_keeps_what_is_asked_beside_what_it_cannot_use(
    staff: FlaskClient, read_page: ReadPage, query: str, name: str, why: str
) -> None:
    asked = "p=2&within_m=3000&candidates=wards&problem=p-median&requires=Oadby&homes=Syston:50"
    form = form_of(staff, read_page, f"{SITING}?{asked}&{query}", why)
    assert form.in_error == [name]
    assert form.values(name)[-1] == query.partition("=")[2]
    assert form.values("requires")[0].startswith("Oadby (")
    assert form.values("homes")[0].endswith(":50")
    for given in ("p=2", "within_m=3000", "candidates=wards", "problem=p-median"):
        assert form.values(given.partition("=")[0]) == [given.partition("=")[2]]


def test_siting_that_has_no_answer_keeps_all_that_was_asked(
    staff: FlaskClient, read_page: ReadPage
) -> None:
    query = "p=1&candidates=own&within_m=2000"
    form = form_of(staff, read_page, f"{SITING}?{query}", "No candidate place is held")
    assert form.values("candidates") == ["own"]
    assert form.values("within_m") == ["2000"]
    form = form_of(
        staff, read_page, f"{SITING}?p=1&requires=52.65,-1.07", "must name one of the candidate"
    )
    assert form.values("requires") == ["52.65, -1.07"]


def test_homes_that_are_planned_can_be_taken_away_one_by_one(
    staff: FlaskClient, read_page: ReadPage
) -> None:
    answer = staff.get(f"{SITING}?p=1&homes=Syston:50&homes=Oadby:70&route_factor=9")
    removes = [link for link in read_page(answer.text).links() if "homes=" in link]
    left = [("Syston" in link, "Oadby" in link) for link in removes if link.count("homes=") == 1]
    assert left == [(False, True), (True, False)]


def test_a_refused_place_can_be_corrected(staff: FlaskClient, read_page: ReadPage) -> None:
    form = form_of(staff, read_page, "/estate/nearest?place=Atlantis", "whole name of a place")
    assert form.values("place") == ["Atlantis"]


def test_the_public_is_shown_no_form_of_staff(public: FlaskClient) -> None:
    for path in (WHAT_IF, SITING):
        answer = public.get(f"{path}?route_factor=9")
        assert answer.status_code == 403
        assert 'name="route_factor"' not in answer.text
