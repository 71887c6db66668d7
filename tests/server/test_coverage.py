"""Coverage: the same figures on page, map and exports; nobody lost; unknown is never none."""

from __future__ import annotations

import csv
import io
import math

import pytest
from flask import Flask
from flask.testing import FlaskClient

from boundaries.ground import load_ground
from geo.crs import to_metres
from layers.registry import REGISTRY
from layers.workspace import Workspace
from tests.server.conftest import Browser, MakeApp, ReadPage

PAGE = "/estate/coverage"
API = "/api/estate/coverage"
ASKED = "distance_m=5000&service=front-enquiry-office&as_of=2024-06-30"
RESIDENTS = 1_122_017
DESK_TYPES = ("headquarters", "police-station", "front-enquiry-office")
SERVICES = (
    "front-enquiry-office",
    "by-appointment",
    "neighbourhood-office",
    "any",
    "response-base",
)


def by_loops(staff: FlaskClient, metres: float, factor: float, sure_alone: bool) -> dict[str, int]:
    """Residents within a distance by NPA, counted one by one from what is shipped and held."""
    found = staff.get("/api/layers/sites.geojson?as_of=2024-06-30").get_json()["features"]
    sites = []
    for feature in found:
        held = feature["properties"]
        sure = held["public_access"] == "open" and held["in_period"] == "in"
        has_desk = held["site_type"] in DESK_TYPES
        possible = has_desk and held["public_access"] in ("open", "unknown")
        if feature["geometry"] and (sure if sure_alone else possible):
            east, north = to_metres(*([value] for value in feature["geometry"]["coordinates"]))
            sites.append((float(east[0]), float(north[0])))
    ground = load_ground(None)
    table = ground.small_areas["2021"]
    codes = ground.npas.latest_code_at(table["easting_m"], table["northing_m"])
    within: dict[str, int] = dict.fromkeys(ground.npa_codes, 0)
    for code, row in zip(codes, table.itertuples(), strict=True):
        if any(
            math.hypot(row.easting_m - east, row.northing_m - north) * factor <= metres
            for east, north in sites
        ):
            within[str(code)] += row.residents
    return within


def test_counts_agree_with_loops_over_what_is_held(staff: FlaskClient) -> None:
    answer = staff.get(f"{API}?{ASKED}").get_json()
    sure, possible = (by_loops(staff, 5000, 1.3, alone) for alone in (True, False))
    for row in answer["npas"]:
        (count,) = row["distances"]
        assert count["within"] == sure[row["npa_code"]]
        assert count["within"] + count["possibly_within"] == possible[row["npa_code"]]
    assert answer["total"]["distances"][0]["within"] == sum(sure.values()) == 435_110
    assert sum(possible.values()) > sum(sure.values())


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("as_of", ["2024-06-30", "2013", "2026-11"])
def test_within_and_outside_are_all_residents(
    public: FlaskClient, service: str, as_of: str
) -> None:
    query = f"?service={service}&as_of={as_of}&distance_m=1000&distance_m=8000&minutes=15"
    answer = public.get(API + query).get_json()
    rows = [answer["total"], *answer["npas"], *(row for by in answer["by"].values() for row in by)]
    for row in rows:
        for count in (*row["distances"], *row["minutes"]):
            assert count["within"] + count["outside"] == row["residents"]
            assert 0 <= count["possibly_within"] <= count["outside"]
        near, far = row["distances"]
        assert near["within"] <= far["within"]
    assert answer["total"]["residents"] == RESIDENTS
    for by in (answer["npas"], *answer["by"].values()):
        assert sum(row["residents"] for row in by) == RESIDENTS
        for number in range(2):
            within = sum(row["distances"][number]["within"] for row in by)
            assert within == answer["total"]["distances"][number]["within"]


def test_unknown_is_not_none(public: FlaskClient) -> None:
    answer = public.get(f"{API}?{ASKED}").get_json()
    hinckley = next(row for row in answer["npas"] if row["npa_code"] == "NH")
    assert hinckley["distances"][0]["within"] == 0
    assert hinckley["distances"][0]["possibly_within"] > 100_000
    assert any("Unknown is not none" in sentence for sentence in answer["caption"])
    gives = {site["gives"] for site in answer["sites"]}
    assert gives == {"yes", "not-known"}
    unknown = [site for site in answer["sites"] if site["gives"] == "not-known"]
    assert unknown
    assert all(site["nearest_for"] is None for site in unknown)


def test_page_api_and_exports_say_the_same(public: FlaskClient, read_page: ReadPage) -> None:
    answer = public.get(f"{API}?{ASKED}").get_json()
    page = read_page(public.get(f"{PAGE}?{ASKED}").text)
    assert page.captions[0] == answer["caption"]
    total = answer["total"]["distances"][0]["within"]
    assert any(row[2].startswith(f"{total:,} (39%)") for row in page.rows)
    exported = list(csv.DictReader(io.StringIO(public.get(f"{API}.csv?{ASKED}").text)))
    assert sum(int(row["residents"]) for row in exported) == RESIDENTS
    near = [row for row in exported if row["distance_m"] and int(row["distance_m"]) <= 5000]
    assert sum(int(row["residents"]) for row in near) == total
    features = public.get(f"{API}.geojson?{ASKED}").get_json()
    assert [item["properties"]["lsoa_code"] for item in features["features"]] == [
        row["lsoa_code"] for row in exported
    ]
    bands = public.get(f"{API}/bands.geojson?{ASKED}").get_json()["features"]
    assert [band["properties"]["residents"] for band in bands] == [total, RESIDENTS - total]
    script = public.get(f"{PAGE}/map.js?{ASKED}").text
    assert script.count("distance_m=5000") == 3
    assert public.get(f"{PAGE}/picture.svg?{ASKED}").status_code == 200


def test_nearest_residents_add_up_to_those_who_have_a_way(public: FlaskClient) -> None:
    answer = public.get(f"{API}?{ASKED}").get_json()
    assert sum(site["nearest_for"] or 0 for site in answer["sites"]) == RESIDENTS


def test_a_shorter_way_reaches_more(public: FlaskClient) -> None:
    long, short = (
        public.get(f"{API}?{ASKED}&route_factor={factor}").get_json() for factor in (1.3, 1)
    )
    within = [answer["total"]["distances"][0]["within"] for answer in (long, short)]
    assert within[0] < within[1]
    assert by_minutes(public, 60, 60) > by_minutes(public, 30, 60) > by_minutes(public, 30, 30)


def by_minutes(public: FlaskClient, urban: int, rural: int) -> int:
    query = f"{API}?{ASKED}&minutes=10&urban_kmh={urban}&rural_kmh={rural}"
    within: int = public.get(query).get_json()["total"]["minutes"][0]["within"]
    return within


def test_the_public_learns_of_no_site_of_staff(public: FlaskClient, staff: FlaskClient) -> None:
    query = f"{API}?service=any&as_of=2024-06-30"
    theirs, ours = (
        {site["site_id"] for site in client.get(query).get_json()["sites"]}
        for client in (public, staff)
    )
    assert theirs < ours
    hidden = ours - theirs
    assert "S005" in hidden
    for path in (PAGE, f"{API}.csv", f"{API}.geojson", f"{API}/sites.geojson", f"{PAGE}/map.js"):
        text = public.get(f"{path}?service=any&as_of=2024-06-30").text
        assert "custody" not in text.lower()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("service=sauna", "service must be one of front-enquiry-office"),
        ("distance_m=0", "distance_m must be a whole number of metres from 1 to 100000"),
        ("distance_m=5km", "whole number of metres"),
        ("distance_m=1&distance_m=2&distance_m=3&distance_m=4&distance_m=5", "4 times at most"),
        ("minutes=-5", "whole number of minutes"),
        ("route_factor=0.5", "route_factor must be a number from 1 to 3"),
        ("route_factor=nan", "route_factor must be a number from 1 to 3"),
        ("urban_kmh=fast", "urban_kmh must be a number from 1 to 200"),
        ("as_of=yesterday", "as_of"),
        ("npa=NA", "Coverage can be asked for by service"),
        ("service=any&service=any", "once"),
    ],
)
def test_what_cannot_be_used_is_said(public: FlaskClient, query: str, words: str) -> None:
    for path in (PAGE, API):
        answer = public.get(f"{path}?{query}", headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert words in answer.text


def test_without_sites_everybody_is_outside_and_nothing_is_made_up(
    tmp_path_factory: pytest.TempPathFactory, make_app: MakeApp
) -> None:
    workspace = Workspace.open(tmp_path_factory.mktemp("empty"), REGISTRY.schemas)
    app: Flask = make_app(workspace)
    client = Browser(app)
    answer = client.get(API).get_json()
    assert answer["sites"] == []
    assert [row["outside"] for row in answer["total"]["distances"]] == [RESIDENTS] * 3
    assert answer["total"]["mean_m"] is None
    assert "nobody is surely near one" in answer["caption"][0]
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "No site" in page.text
    bands = client.get(f"{API}/bands.geojson").get_json()["features"]
    assert [band["properties"]["band"] for band in bands] == ["beyond"]
    assert client.get(f"{PAGE}/picture.svg").status_code == 200
    workspace.close()


def test_response_is_by_its_targets_and_says_what_is_not_known(public: FlaskClient) -> None:
    page = public.get("/estate/response")
    assert page.status_code == 200
    assert "Within 15 min" in page.text
    assert "Within 120 min" in page.text
    assert "whether response officers are based there" in page.text
    for part in ("City", "County"):
        assert f'<th scope="row">{part}</th>' in page.text
    refused = public.get("/estate/response?minutes=soon")
    assert refused.status_code == 400
    assert 'value="response-base" selected' in refused.text
