"""The account of visits: the commitment as page, map, picture and exports, and the real figures."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo.dates import DateInterval
from geo.rotation import Commitment
from layers import visited
from layers.answer import answer
from layers.audience import Audience
from layers.files import read_table
from layers.query import everything
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.visits import words
from server.visits.account import Account, account_of
from server.visits.asked import year_of
from tests.server.conftest import ReadPage

PAGE = "/visits/commitment"
CSV = "/api/visits/commitment.csv"
GEOJSON = "/api/visits/commitment.geojson"
YEAR = DateInterval(date(2024, 4, 1), date(2025, 3, 31))
ALL_TYPES = "&".join(
    f"type={kind}"
    for kind in ("community-day", "public-meeting", "surgery", "event", "partner-visit")
)
VISITS_OF_ALL_KINDS = """visit_id,date,place,latitude,longitude,visitor,visit_type,visibility
A1,2026-03-02,Here,52.6000,-1.0800,PCC,community-day,public
A2,2026-03-09,There,52.7700,-1.2000,PCC,community-day,staff
A3,2026-12-20,Later,52.6400,-1.1300,PCC,community-day,public
A4,2026-04-01,Nowhere,,,PCC,community-day,staff
"""
WITH_STOPS = {"public": "1 day of visits with 1 stop.", "staff": "4 days of visits with 4 stops."}
EVER = f"from=2015&to=2025-03-31&{ALL_TYPES}"


def rows_of(client: FlaskClient, address: str) -> dict[str, dict[str, str]]:
    answered = client.get(address)
    assert answered.status_code == 200, answered.text
    return {row["npa_code"]: row for row in csv.DictReader(io.StringIO(answered.text))}


@pytest.fixture(scope="module")
def account(demo: Workspace) -> Account:
    """All visits of the demonstration over ten years, as of the end of March 2025."""
    layer = REGISTRY.get("visits")
    view = answer(layer, demo, everything(layer.spec, Audience.STAFF), date(2026, 11, 22))
    decade = DateInterval(date(2015, 4, 1), date(2025, 3, 31))
    return account_of(
        view.records, demo.ground, decade, date(2025, 3, 31), Commitment(), distance_m=3000
    )


def test_the_stops_of_the_demonstration_are_those_that_were_counted_by_hand(
    account: Account,
) -> None:
    stops = {area.code: area.stops.surely + area.stops.possibly for area in account.npas}
    assert stops == {
        "NA": 25, "NH": 19, "NR": 16, "NE": 10, "NN": 8, "NL": 8, "NC": 5, "NW": 4, "NS": 0,
    }  # fmt: skip
    assert account.stops.surely + account.stops.possibly == 95


def test_each_level_of_areas_has_every_stop_once(account: Account) -> None:
    for areas in (account.npas, account.districts):
        assert sum(area.stops.surely for area in areas) == account.stops.surely
        assert sum(area.stops.possibly for area in areas) == account.stops.possibly
    in_no_ward = account.by_district
    assert in_no_ward.surely + in_no_ward.possibly == 7
    in_wards = sum(ward.stops.surely for ward in account.wards)
    assert in_wards == account.stops.surely - in_no_ward.surely
    assert sum(area.residents or 0 for area in account.npas) == account.residents == 1_122_017
    assert sum(area.near or 0 for area in account.districts) == account.near
    assert sum(area.near or 0 for area in account.wards) == account.near


def test_a_day_counts_once_in_each_area_in_which_it_had_a_stop(account: Account) -> None:
    in_areas = sum(area.days.surely for area in account.npas)
    assert account.days.surely < in_areas <= account.stops.surely
    for area in account.npas:
        assert area.days.surely <= area.stops.surely


def test_shares_are_of_the_days_that_were_and_no_more(account: Account) -> None:
    days = [area.days.surely for area in account.npas]
    for spread in account.spread:
        assert sum(spread.shares) == sum(days)
        assert spread.moved == sum(max(0, s - d) for s, d in zip(spread.shares, days, strict=True))
        assert 0 < spread.gini < 1


def test_the_year_is_from_april_to_march() -> None:
    assert year_of(date(2025, 3, 31)) == YEAR
    assert year_of(date(2025, 4, 1)).date_from == date(2025, 4, 1)


def test_the_year_of_the_last_visit_is_shown_unless_asked(
    public: FlaskClient, read_page: ReadPage
) -> None:
    page = read_page(public.get(PAGE).text)
    lead, *rest = page.captions[0]
    assert lead == (
        "7 of 9 Neighbourhood Policing Areas (NPAs) surely had the 2 days of visits in the twelve "
        "months that ended on 31 March 2025."
    )
    assert "Fewer days are known in West Leicester (approximate) and South Leicester" in rest[0]
    assert "April 2024 to March 2025: 17 days of visits with 53 stops." in " ".join(rest)
    assert any("sample" in sentence for sentence in rest)
    asked = public.get(f"{PAGE}?from=2024-04-01&to=2025-03-31&type=community-day&distance_m=3000")
    assert read_page(asked.text).captions == page.captions


def test_page_map_and_exports_have_the_same_figures(
    public: FlaskClient, read_page: ReadPage
) -> None:
    rows = rows_of(public, CSV)
    document = public.get(GEOJSON).get_json()
    page = read_page(public.get(PAGE).text)
    assert document["caption"] == page.captions[0]
    assert list(rows) == [each["properties"]["npa_code"] for each in document["features"]]
    named = {row[0].removesuffix(" (approximate)"): row for row in page.rows[: len(rows)]}
    for each in document["features"]:
        properties = each["properties"]
        row = rows[properties["npa_code"]]
        shown = named[properties["npa_name"]]
        assert shown[1] == properties["standing_in_words"] == row["standing_in_words"]
        assert shown[2] == row["window_days"] == str(properties["window_days"])
    assert {row["standing"] for row in rows.values()} == {"met", "overdue"}
    assert rows["NS"]["standing_in_words"] == "Overdue"
    assert rows["NS"]["last_from"] == ""
    assert rows["NA"]["npa_name"] == "Wigston and Harborough"


def test_all_visits_ever_are_counted_when_asked_for(public: FlaskClient) -> None:
    stops = {
        code: int(row["stops"]) + int(row["stops_possibly"])
        for code, row in rows_of(public, f"{CSV}?{EVER}").items()
    }
    assert stops["NA"] == 25
    assert stops["NS"] == 0
    assert sum(stops.values()) == 95


def test_days_by_area_are_explained_where_they_stand_beside_days_of_the_period(
    public: FlaskClient,
) -> None:
    page = public.get(PAGE).text
    assert page.count(words.IN_EACH_AREA) == 2, "in the caption and under the table"
    assert any(words.IN_EACH_AREA in line for line in public.get(GEOJSON).get_json()["caption"])
    routes = public.get("/api/openapi.json").get_json()["paths"]
    assert words.IN_EACH_AREA in routes["/api/visits/commitment.geojson"]["get"]["description"]


def test_each_measure_of_the_spread_is_explained(public: FlaskClient) -> None:
    page = public.get(PAGE).text
    assert page.count("the Gini coefficient is") == 2
    assert page.count("where 0 means that the days of each area are in step") == 2
    assert words.SHARED_OUT in page
    assert "The longest time without a visit, counted within the period up to 31 March 2025" in page


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from=2027-01&to=2027-12", "This period had not begun on 22 November 2026"),
        ("from=2012-01&to=2012-12", "which does not mean none was made."),
        ("visitor=Deputy+PCC", "told from these visits alone"),
        ("type=surgery", "told from these visits alone"),
    ],
)
def test_what_an_unusual_choice_means_is_said(public: FlaskClient, query: str, says: str) -> None:
    assert says in public.get(f"{PAGE}?{query}").text
    assert says not in public.get(PAGE).text


def test_stops_known_by_district_are_said_in_caption_table_and_export(
    public: FlaskClient, read_page: ReadPage
) -> None:
    page = read_page(public.get(PAGE).text)
    assert visited.sentence(1) in page.captions[0]
    assert "Stops known by district alone" in public.get(PAGE).text
    rows = rows_of(public, CSV)
    assert {code for code, row in rows.items() if row["stops_by_district"] != "0"} == {"NA"}
    without = public.get(f"{PAGE}?from=2024-04-01&to=2024-12-31").text
    assert "Stops known by district alone" not in without


def test_a_farther_reach_never_loses_a_resident(public: FlaskClient) -> None:
    near = [
        {c: int(r["residents_near"]) for c, r in rows_of(public, f"{CSV}?distance_m={m}").items()}
        for m in (1000, 3000, 10_000)
    ]
    for nearer, farther in pairwise(near):
        assert all(nearer[code] <= farther[code] for code in nearer)
    assert sum(near[0].values()) < sum(near[2].values())


def test_the_visits_of_one_visitor_are_counted_alone(public: FlaskClient, read_page) -> None:
    query = f"visitor=Deputy%20PCC&{EVER}"
    assert sum(int(row["stops"]) for row in rows_of(public, f"{CSV}?{query}").values()) == 2
    captions = read_page(public.get(f"{PAGE}?{query}").text).captions[0]
    assert any("visitor: Deputy Commissioner" in sentence for sentence in captions)


def test_the_map_of_the_visits_leads_to_their_account(public: FlaskClient, read_page) -> None:
    links = read_page(public.get("/maps/visits?from=2023-04&to=2024-03&npa=NA").text).links()
    (link,) = (link for link in links if link.startswith(PAGE))
    assert link == f"{PAGE}?from=2023-04&to=2024-03"
    assert public.get(link).status_code == 200
    assert not [link for link in read_page(public.get("/maps/crime").text).links() if PAGE in link]


def test_a_place_is_found_on_the_map_of_the_visits(public: FlaskClient, read_page) -> None:
    tags = read_page(public.get(f"{PAGE}?distance_m=5000&visitor=PCC").text).tags
    fields = [(a["name"], a["value"]) for tag, a in tags if a.get("type") == "hidden"]
    assert ("page", "visits") in fields
    found = public.get("/places", query_string=[("q", "oadby"), *fields])
    assert found.status_code == 200
    assert any(
        link.startswith("/maps/visits?") and "visitor=PCC" in link
        for link in read_page(found.text).links()
    )


def test_a_date_in_doubt_is_counted_apart(public: FlaskClient) -> None:
    rows = rows_of(public, f"{CSV}?from=2024-10-01&to=2025-03-31")
    assert rows["NH"]["days_possibly"] == "1"
    page = public.get(f"{PAGE}?from=2024-10-01&to=2025-03-31").text
    assert re.search(r"[1-9]\d* more stops? may lie in the period", page)


def test_a_period_that_goes_on_looks_back_from_today(make_app, demo) -> None:
    client = make_app(demo).test_client()
    page = client.get(f"{PAGE}?from=2026-04&to=2027-03").text
    assert "How each area stands on 22 November 2026" in page
    assert "236 days, 1 April 2026 to 22 November 2026" in page, "days to come are no gap"
    ahead = rows_of(client, f"{CSV}?from=2027-04&to=2028-03")
    assert {row["longest_gap_days"] for row in ahead.values()} == {"0"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("npa=NA", "given 'npa'"),
        ("as_of=2024", "given 'as_of'"),
        ("bbox=-2,52,-1,53", "given 'bbox'"),
        ("distance_m=7", "distance_m must be one of"),
        ("type=holiday", "type must be one of"),
        ("from=2025&to=2024", "must end on or after"),
        ("view=far", "view must be"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    public: FlaskClient, query: str, words: str
) -> None:
    answered = public.get(f"{PAGE}?{query}")
    assert answered.status_code == 400
    assert words in answered.get_data(as_text=True).replace("&#39;", "'")


@pytest.mark.parametrize("first", ["public", "staff"])
def test_the_public_never_counts_a_visit_for_staff_or_still_to_come(
    tmp_path: Path, make_app, as_staff, first: str
) -> None:
    """Whoever asks first, and whatever is kept of it."""
    workspace = with_visits(tmp_path)
    app = make_app(workspace)
    clients = {"public": app.test_client(), "staff": as_staff(app)}
    query = "from=2026-01&to=2026-12"
    stops, near = {}, {}
    for who in (first, *({"public", "staff"} - {first})):
        rows = rows_of(clients[who], f"{CSV}?{query}").values()
        stops[who] = sum(int(row["stops"]) for row in rows)
        near[who] = sum(int(row["residents_near"]) for row in rows)
        document = clients[who].get(f"{GEOJSON}?{query}").get_json()
        assert sum(each["properties"]["stops"] for each in document["features"]) == stops[who]
        for address in (PAGE, f"{PAGE}/picture.svg"):
            assert WITH_STOPS[who] in words_of(clients[who], f"{address}?{query}")
    assert stops == {"public": 1, "staff": 3}, "what has no place is in no area"
    assert near["public"] < near["staff"]
    nowhere = "1 of these stops is in no area"
    assert [nowhere in words_of(clients[who], f"{PAGE}?{query}") for who in stops] == [
        who == "staff" for who in stops
    ]
    workspace.close()


def with_visits(folder: Path) -> Workspace:
    """A workspace with one visit for all, one for staff, one to come and one without a place."""
    workspace = Workspace.open(folder / "workspace", REGISTRY.schemas)
    (folder / "visits.csv").write_text(VISITS_OF_ALL_KINDS)
    table = read_table(folder / "visits.csv")
    report = REGISTRY.get("visits").take(table, workspace, Intake(datetime(2026, 11, 22)))
    assert not report.rejected, report.text()
    return workspace


def words_of(client: FlaskClient, address: str) -> str:
    """The words of a page or a drawing, whose lines may be broken."""
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())


def test_a_workspace_without_visits_says_so(tmp_path, make_app) -> None:
    workspace = Workspace.open(tmp_path, REGISTRY.schemas)
    client = make_app(workspace).test_client()
    answered = client.get(PAGE)
    assert answered.status_code == 200
    assert "No visit is held yet" in answered.text
    assert client.get("/api/visits/commitment.csv").status_code == 400
    workspace.close()


def test_areas_are_not_listed_where_all_are_meant(tmp_path, make_app) -> None:
    workspace = Workspace.open(tmp_path, REGISTRY.schemas)
    page = make_app(workspace).test_client().get(f"{PAGE}?from=2024-04-01&to=2025-03-31").text
    assert "<p>Fewer days are known in every area.</p>" in page
    workspace.close()
