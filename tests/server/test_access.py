"""Who may use what, and how staff are told from the public."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers.audience import Audience
from layers.workspace import Workspace
from server.access import ENDPOINTS, StaffLink, is_loopback
from server.app import create_app
from server.settings import Settings

STAFF_TAG = "Staff view"
HOLES = {
    "office": "visits",
    "register": "issues_raised",
    "path:record_id": "I-2026-0001",
    "day": "2026-11-10",
    "layer_id": "what_if_areas",
}
"""What stands in the addresses of endpoints for staff."""


def is_staff(client: FlaskClient, **options: object) -> bool:
    return STAFF_TAG in client.get("/maps/people-zones", **options).get_data(as_text=True)


def test_every_endpoint_is_in_the_table_and_the_table_has_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ENDPOINTS)


def test_an_endpoint_outside_the_table_is_refused_to_staff_too(app: Flask, as_staff) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = as_staff(app)
    answer = client.get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "endpoint", [name for name, needed in ENDPOINTS.items() if needed is Audience.STAFF]
)
def test_endpoints_for_staff_refuse_the_public(
    app: Flask, public: FlaskClient, staff: FlaskClient, endpoint: str
) -> None:
    (rule,) = (rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    path = rule.rule
    for hole, value in HOLES.items():
        path = re.sub(rf"<(?:[^<>]*:)?{hole}>", value, path)
    for method in (rule.methods or set()) - {"OPTIONS"}:
        assert public.open(path, method=method).status_code == 403
    held = "record_id" not in rule.arguments
    if "GET" not in (rule.methods or set()):
        assert staff.post(path).status_code == 400, "a form without its token"
    else:
        status = staff.get(path).status_code
        assert status in (200, 302, 400) if held else status == 404  # 400: it needs a parameter


def test_the_staff_link_works_once(public: FlaskClient, app: Flask, link: StaffLink) -> None:
    first = public.get(f"/staff/{link.token}")
    assert (first.status_code, first.headers["Location"]) == (302, "/")
    assert is_staff(public)
    other = app.test_client()
    second = other.get(f"/staff/{link.token}", base_url="http://127.0.0.1:8000")
    assert second.status_code == 403
    assert not is_staff(other, base_url="http://127.0.0.1:8000")
    assert "Set-Cookie" not in second.headers


def test_a_look_without_opening_does_not_use_the_link_up(
    public: FlaskClient, link: StaffLink
) -> None:
    looked = public.head(f"/staff/{link.token}")
    assert "Set-Cookie" not in looked.headers
    assert public.get(f"/staff/{link.token}").status_code == 302


def test_a_wrong_token_is_refused_and_leaves_the_link_whole(
    public: FlaskClient, link: StaffLink
) -> None:
    for wrong in ("wrong", link.token[:-1], f"{link.token}a", "%C3%A9%00"):
        assert public.get(f"/staff/{wrong}").status_code == 403
    assert not is_staff(public)
    assert public.get(f"/staff/{link.token}").status_code == 302


def test_without_a_link_there_is_no_staff_page(demo: Workspace, clock) -> None:
    app = create_app(Settings(demo.path), demo, clock, staff_link=None)
    assert app.test_client().get("/staff/any", base_url="http://127.0.0.1").status_code == 404


def test_staff_of_one_app_are_public_to_an_app_without_a_link(
    app: Flask, demo: Workspace, clock, as_staff
) -> None:
    cookie = as_staff(app).get_cookie("patchmap_session", domain="127.0.0.1")
    other = create_app(Settings(demo.path), demo, clock, staff_link=None)
    other.secret_key = app.secret_key
    client = other.test_client()
    client.set_cookie("patchmap_session", cookie.value, domain="127.0.0.1")
    assert not is_staff(client, base_url="http://127.0.0.1")


def test_a_staff_session_ends_with_the_working_day(staff: FlaskClient, clock) -> None:
    clock.advance(hours=9.9)
    assert is_staff(staff)
    clock.advance(hours=0.2)
    assert not is_staff(staff)
    assert staff.get("/leave-staff").status_code == 403


def test_staff_can_leave(staff: FlaskClient) -> None:
    assert is_staff(staff)
    staff.get("/leave-staff")
    assert not is_staff(staff)


@pytest.mark.parametrize("host", ["patchmap.example", "127.0.0.1.example", "10.0.0.7:8000"])
def test_a_staff_session_under_another_host_is_public(
    app: Flask, staff: FlaskClient, link: StaffLink, host: str
) -> None:
    cookie = staff.get_cookie("patchmap_session", domain="127.0.0.1")
    headers = {"Host": host, "Cookie": f"patchmap_session={cookie.value}"}
    client = app.test_client(use_cookies=False)
    assert not is_staff(client, headers=headers)
    assert client.get("/leave-staff", headers=headers).status_code == 403
    link.used = False
    assert client.get(f"/staff/{link.token}", headers=headers).status_code == 404
    assert not link.used


def test_a_forged_session_is_public(public: FlaskClient) -> None:
    public.set_cookie("patchmap_session", "eyJzdGFmZl91bnRpbCI6IjIwOTkifQ.x.y", domain="127.0.0.1")
    assert not is_staff(public)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("localhost:5000", True),
        ("::1", True),
        ("[::1]", True),
        ("[::1]:8000", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.168.1.2:8000", False),
        ("localhost.example", False),
        ("127.0.0.1.example:80", False),
    ],
)
def test_loopback_hosts(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    public: FlaskClient, link: StaffLink
) -> None:
    cookie = public.get(f"/staff/{link.token}").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain=" not in cookie


def test_the_public_is_given_no_cookie(public: FlaskClient) -> None:
    assert "Set-Cookie" not in public.get("/maps/visits").headers


PATHS = ("/", "/maps/visits", "/maps/visits/map.js", "/layers/sites", "/api/layers",
         "/api/layers/visits.csv", "/api/layers/visits.geojson", "/ground/npas.geojson",
         "/healthz", "/about-the-data", "/nowhere", "/layers/visits?npa=QQ")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_answers_to_staff_are_stored_nowhere(staff: FlaskClient, path: str) -> None:
    headers = staff.get(path).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in headers["Vary"]


@pytest.mark.parametrize("path", PATHS)
def test_public_answers_are_asked_for_anew(public: FlaskClient, path: str) -> None:
    headers = public.get(path).headers
    assert headers["Cache-Control"] == "no-cache"
    assert "Cookie" in headers["Vary"]


@pytest.mark.parametrize("encoding", ["identity", "gzip, br, zstd"])
@pytest.mark.parametrize(
    "path",
    [
        "/maps/visits/map.js",
        "/api/layers",
        "/api/layers/visits.csv",
        "/api/layers/sites.geojson",
        "/ground/districts.geojson",
    ],
)
def test_an_unchanged_public_answer_is_not_sent_again(
    public: FlaskClient, path: str, encoding: str
) -> None:
    first = public.get(path, headers={"Accept-Encoding": encoding})
    assert first.headers["ETag"]
    again = public.get(
        path, headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": encoding}
    )
    assert (again.status_code, again.data) == (304, b"")
    assert public.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_mark_of_a_public_answer_gets_no_staff_answer(
    public: FlaskClient, staff: FlaskClient
) -> None:
    path = "/api/layers/street_safe.csv"
    assert public.get(path).headers["ETag"] != staff.get(path).headers["ETag"]
