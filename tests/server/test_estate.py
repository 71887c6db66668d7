"""The estate through HTTP: what is held and missing, on any day and for whom; its forms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from layers.estate_registers import GROUP, PROJECTS, SECTION_106, SITE_HISTORY
from layers.files import read_table
from layers.registry import REGISTRY
from layers.site_schema import SCHEMA as SITES
from layers.workspace import Intake, Workspace
from server.records.estate_registers import ESTATE_REGISTERS
from server.records.registers import Register
from tests.server.conftest import NOW
from tests.server.test_records import hidden, send

REGISTER = "/estate/register"
FILLED = {
    "sites": {
        "name": "Alder House",
        "site_type": "police-station",
        "public_access": "open",
        "hours": "Mo-Fr 10:00-16:00",
        "private_space": "unknown",
        "response_base": "unknown",
        "tenure": "freehold",
        "status": "open",
        "visibility": "public",
        "floor_area_m2": "1200.5",
        "longitude": "-1.08",
        "latitude": "52.598",
    },
    "scenarios": {"name": "A desk more", "query": "opens=52.6,-1.1"},
    "site_history": {
        "site_id": "S1",
        "date": "2020-05",
        "event": "moved",
        "visibility": "staff",
        "longitude": "-1.08",
        "latitude": "52.598",
    },
    "capital_projects": {
        "project": "A roof",
        "budget_gbp": "75000",
        "percent_complete": "60",
        "status": "tender",
        "visibility": "staff",
    },
    "section_106": {
        "item": "A desk",
        "council": "A council",
        "amount_gbp": "75000",
        "deadline": "2026-12-31",
        "status": "held",
        "visibility": "staff",
    },
    "estate_totals": {
        "measure": "premises",
        "value": "1",
        "as_of": "2026-01",
        "visibility": "public",
    },
}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    yield made
    made.close()


@pytest.fixture
def office(own: Workspace, make_app, as_staff) -> FlaskClient:
    return as_staff(make_app(own))


@pytest.fixture
def taken(own: Workspace, tmp_path: Path):
    def take(register: str, content: str) -> None:
        file = tmp_path / f"{register}.csv"
        file.write_text(content)
        report = REGISTRY.taker(register)(read_table(file), own, Intake(NOW))
        assert not report.rejected, report.text()

    return take


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def test_the_41_sites_are_told_in_their_states(staff: FlaskClient) -> None:
    said = staff.get("/api/estate/register").json
    assert (said["held"], said["surely"], said["possibly"]) == (41, 22, 9)
    states: dict[str, int] = {}
    for site in said["sites"]:
        states[site["status"]] = states.get(site["status"], 0) + 1
    assert states == {"open": 22, "unknown": 6, "planned": 2, "closed": 1}
    page = text_of(staff.get(REGISTER).text)
    assert "10 sites are held that did not stand on 22 November 2026" in page


def test_the_public_register_is_of_the_published_sites(public: FlaskClient) -> None:
    said = public.get("/api/estate/register").json
    assert (said["held"], said["surely"], said["possibly"]) == (37, 19, 8)
    assert not [site for site in said["sites"] if site["site_type"] == "custody-suite"]
    assert "Running cost" not in public.get(REGISTER).text


def test_published_totals_are_reconciled(staff: FlaskClient, public: FlaskClient) -> None:
    totals = {each["measure"]: each for each in staff.get("/api/estate/register").json[
        "published_totals"]}  # fmt: skip
    premises, offices = totals["premises"], totals["neighbourhood-offices"]
    assert (premises["published"], premises["surely"], premises["possibly"]) == (31, 18, 7)
    assert (premises["state"], premises["missing"]) == ("missing", 6)
    assert (offices["published"], offices["surely"], offices["missing"]) == (58, 3, 53)
    locations, desks = totals["locations"], totals["front-enquiry-offices"]
    assert (locations["surely"], locations["possibly"]) == (15, 5)
    assert (locations["state"], desks["state"]) == ("not-known", "not-known")
    assert (desks["surely"], desks["possibly"]) == (6, 12)
    assert totals["main-sites-floor-area"]["state"] == "not-known"
    said = text_of(staff.get(REGISTER).text)
    assert "The published total is 31 premises on 20 locations (9 October 2023)." in said
    assert "41 sites are held here" in said
    assert "unknown never counts as none" in said
    assert "Sites that are not published are not counted here" in public.get(REGISTER).text


def test_the_register_the_map_and_the_table_agree_on_a_day(staff: FlaskClient) -> None:
    for day in ("2013-01-01", "2016", "2024-03-24", "2024-03-25"):
        said = staff.get(f"/api/estate/register?as_of={day}").json
        found = {site["site_id"]: site["public_access"] for site in said["sites"]}
        layer = {row["site_id"]: row["public_access"]
                 for row in rows_of(staff.get(f"/api/layers/sites.csv?as_of={day}"))}  # fmt: skip
        assert found == layer
        assert ("S038" in found) is (day == "2024-03-25")


def test_two_days_are_compared(public: FlaskClient) -> None:
    address = "/estate/register?as_of=2024-06-30&compare_to=2016"
    found = {(each["name"], each["kind"]) for each in public.get(f"/api{address}").json["changes"]}
    assert ("Lutterworth neighbourhood office", "opened") in found
    assert ("Rutland County Council shared enquiry desk", "closed") in found
    said = text_of(public.get(address).text)
    assert "What changed from 31 December 2016 to 30 June 2024" in said


def test_an_area_is_not_told_as_unserved_for_want_of_knowledge(public: FlaskClient) -> None:
    said = public.get("/api/estate/strategy").json
    states = {area["npa_code"]: area["enquiry_office"]["state"] for area in said["areas"]}
    assert states == {
        "NA": "met", "NC": "met", "NE": "met", "NH": "not-known", "NL": "not-known",
        "NN": "met", "NR": "met", "NS": "not-known", "NW": "not-known",
    }  # fmt: skip
    assert said["register_complete"] is False
    (elsewhere,) = said["commanded_from_elsewhere"]
    assert (elsewhere["standing_npa"], elsewhere["commanding_npa"]) == ("NW", "NH")
    page = text_of(public.get("/estate/strategy").text)
    assert (
        "Braunstone police station stands in West Leicester (approximate) and is commanded from "
        "Hinckley and Blaby." in page
    )


def test_an_area_is_told_as_unserved_once_the_register_is_whole(taken, office) -> None:
    taken(
        "sites",
        "site_id,name,site_type,latitude,longitude,public_access,status\n"
        "A,Alder,police-station,52.598,-1.08,none,open\n",
    )

    def states() -> dict[str, str]:
        areas = office.get("/api/estate/strategy").json["areas"]
        return {area["npa_code"]: area["enquiry_office"]["state"] for area in areas}

    assert states()["NA"] == "not-known"
    taken(
        "estate_totals",
        "measure,value,as_of,visibility\npremises,1,2026-01-01,public\n"
        "neighbourhood-offices,0,2026-01-01,public\n",
    )
    assert set(states().values()) == {"not-met"}
    taken(
        "sites",
        "site_id,name,site_type,latitude,longitude,public_access,status\n"
        "A,Alder,police-station,52.598,-1.08,unknown,open\n",
    )
    assert states()["NA"] == "not-known"


def test_the_programme_is_for_staff_unless_marked(
    taken, office: FlaskClient, own: Workspace, make_app
) -> None:
    taken(
        "capital_projects",
        "project_id,project,category,budget_gbp,spend_gbp,percent_complete,status,"
        "expected_completion,visibility\n"
        "P1,Secret roof,works,1000,250,50,in progress,2026-10,\n"
        "P2,Open door,works,,,,tender,,public\n"
        "P3,Done,works,500,500,100,complete,2020,\n",
    )
    taken(
        "section_106",
        "item_id,item,council,amount_gbp,deadline,status,visibility\n"
        "I1,Late,A council,100,2026-11-21,held,\nI2,Near,A council,,2027-06,requested,\n"
        "I3,Spent,B council,50,2020,drawn-down,public\nI4,Whenever,,7,,unknown,\n",
    )
    said = text_of(office.get("/estate/programme").text)
    assert "3 capital projects; 1 is past the day of completion" in said
    assert "Overdue by 22 days" in said
    assert "Works 3 1 1 £1,500, and 1 not known £750, and 1 not known" in said
    assert "4 Section 106 items: 1 is past the deadline, and 1 has one within 12 months" in said
    assert "For 1 no deadline is held" in said
    page = office.get("/estate/programme").text
    assert page.count("<progress") == 2
    assert 'aria-label="Secret roof: complete"' in page
    everyone = make_app(own).test_client()
    open_said = text_of(everyone.get("/estate/programme").text)
    assert "Open door" in open_said
    assert "Spent" in open_said
    assert not re.search("Secret|Late", open_said)
    (row,) = rows_of(everyone.get("/api/estate/projects.csv"))
    assert row["project_id"] == "P2"
    assert len(rows_of(office.get("/api/estate/section_106.csv"))) == 4


def test_the_programme_of_the_demonstration_is_summed_up(staff: FlaskClient) -> None:
    said = text_of(staff.get("/estate/programme").text)
    assert "15 capital projects; 3 are past the day of completion" in said
    assert "All 15 3 3 £3,683,000 Not known" in said
    assert "All 4 £235,000, and 2 not known Not known" in said
    assert "4 Section 106 items: none is past the deadline, and none has one" in said


def test_the_land_list_has_the_columns_of_the_code(staff: FlaskClient, public: FlaskClient) -> None:
    rows = rows_of(staff.get("/api/estate/land.csv?as_of=2026-11-22"))
    assert {"uprn", "asset_id", "easting", "northing", "tenure", "purpose"} < set(rows[0])
    assert len(rows) == 31
    assert len(rows_of(public.get("/api/estate/land.csv"))) == 27
    (braunstone,) = [row for row in rows if row["name"].startswith("Braunstone")]
    assert abs(int(braunstone["easting"]) - 456_150) < 250
    assert braunstone["tenure"] == ""


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{REGISTER}?from=2020", "can be asked for by as_of, compare_to"),
        (f"{REGISTER}?compare_to=soon", "compare_to"),
        (f"{REGISTER}?tenure=castle", "tenure must be one of"),
        ("/estate/strategy?npa=NA", "can be asked for by as_of"),
        ("/estate/programme?as_of=2020", "without parameters"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    public: FlaskClient, address: str, words: str
) -> None:
    answer = public.get(address)
    assert answer.status_code == 400
    assert words in answer.text


@pytest.mark.parametrize("register", ESTATE_REGISTERS, ids=lambda each: each.schema.part)
def test_a_record_is_added_changed_and_removed(
    office: FlaskClient, own: Workspace, register: Register
) -> None:
    part = register.schema.part
    answer = send(office, f"{register.path}/new", **FILLED[part])
    if answer.status_code == 400:  # an event of a site that is not held is looked at again
        assert "No police site of this id is held" in answer.text
        answer = send_again(office, f"{register.path}/new", answer.text, FILLED[part])
    assert answer.status_code == 303, text_of(answer.text)
    address = str(answer.headers["Location"])
    page = office.get(address).text
    for value in FILLED[part].values():
        assert f'value="{value}"' in page or f"{value}</textarea>" in page, value
    (row,) = own.store.held(register.schema, ()).keys()
    assert address.endswith(str(row[0]))
    changed = send(office, address, **(FILLED[part] | {"note": "Looked at again"}))
    if changed.status_code == 400:
        changed = send_again(
            office, address, changed.text, FILLED[part] | {"note": "Looked at again"}
        )
    assert changed.status_code == 303
    history = text_of(office.get(address).text)
    assert "before nothing , then Looked at again" in history
    assert part.replace("_", " ")[:4].lower() in office.get("/estate/records/changes").text.lower()
    gone = send(office, address.replace(f"/{part}/", f"/{part}/remove/"))
    assert gone.status_code == 303
    assert not own.store.held(register.schema, ())
    assert office.get(address).status_code == 200


def send_again(client: FlaskClient, path: str, page: str, typed: dict[str, str]):
    return client.post(path, data=hidden(client, path, page) | typed)


def test_a_change_of_place_is_kept_with_the_place_before(
    office: FlaskClient, own: Workspace
) -> None:
    page = "/estate/records/sites"
    address = str(send(office, f"{page}/new", **FILLED["sites"]).headers["Location"])
    send(office, address, **(FILLED["sites"] | {"latitude": "52.6"}))
    assert "Latitude before 52.598 , then 52.6" in text_of(office.get(address).text)
    same = send(office, address, **(FILLED["sites"] | {"latitude": "52.6"}))
    assert same.status_code == 303
    assert len(own.store.history(SITES)) == 1
    wrong = send(office, address, **(FILLED["sites"] | {"latitude": "north"}))
    assert wrong.status_code == 400
    assert "must both be numbers of degrees" in wrong.text


def test_a_wrong_hour_is_said_beside_its_field(office: FlaskClient) -> None:
    answer = send(office, "/estate/records/sites/new", **(FILLED["sites"] | {"hours": "weekdays"}))
    assert answer.status_code == 400
    assert "Hours are needed as OpenStreetMap writes them" in answer.text
    assert 'value="weekdays"' in answer.text


def test_records_of_one_office_are_not_found_in_another(staff: FlaskClient, public) -> None:
    assert staff.get("/estate/records").status_code == 200
    assert staff.get("/estate/records/section_106").status_code == 200
    for path in ("/visits/records/section_106", "/estate/records/issues_raised",
                 "/nothing/records/sites"):  # fmt: skip
        assert staff.get(path).status_code == 404, path
    assert public.get("/estate/records").status_code == 403
    assert public.get("/estate/records/section_106.csv").status_code == 403


def test_a_register_exported_is_imported_unchanged(
    staff: FlaskClient, demo: Workspace, taken, own: Workspace
) -> None:
    for schema in (SITES, SITE_HISTORY, PROJECTS, SECTION_106):
        content = staff.get(f"/estate/records/{schema.part}.csv").text
        taken(schema.part, content)
        names = [field.name for field in schema.stored]
        assert own.store.held(schema, names) == demo.store.held(schema, names)
    assert GROUP.version(own) != "0"


def test_the_pages_of_the_estate_lead_to_one_another(staff: FlaskClient) -> None:
    for path in ("/maps/estate", REGISTER, "/estate/programme", "/estate/strategy"):
        page = staff.get(path).text
        assert 'href="/estate/programme"' in page
        assert 'href="/maps/estate" aria-current=' in page
