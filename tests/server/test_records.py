"""The office's records through HTTP: forms, proof of origin, history, and nobody's work lost."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from layers import programme
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.records.registers import REGISTERS, Register
from tests.server.conftest import NOW, Browser

ISSUES = "/visits/records/issues_raised"
NEW = f"{ISSUES}/new"
ISSUE = {
    "date": "2026-11-10",
    "place": "Anywhere",
    "theme": "road-safety",
    "issue": "Speeding by the school",
    "referred_to": "npa-commander",
    "status": "open",
    "visibility": "staff",
}
FILLED = {
    "issues_raised": ISSUE,
    "preparations": {
        "visit_date": "2026-12-01",
        "place": "Anywhere",
        "kind": "notice",
        "task": "Announce it",
    },
    "councillors": {"name": "A. Lee", "council": "Anywhere Council", "ward": "Mill"},
    "survey_figures": {
        "date": "2026-11-10",
        "place": "Anywhere",
        "question": "Do you feel safe?",
        "answer": "Yes",
        "responses": "12",
    },
    "feedback_given": {
        "date": "2026-11-20",
        "place": "Anywhere",
        "told": "newsletter",
        "what": "Speed checks were made",
    },
}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    made = Workspace.open(tmp_path / "workspace", REGISTRY.schemas)
    yield made
    made.close()


@pytest.fixture
def app(workspace: Workspace, make_app) -> Flask:
    return make_app(workspace)


def hidden(client: FlaskClient, path: str, text: str = "") -> dict[str, str]:
    """What the form of a page sends along without its being typed."""
    said = text or client.get(path).text
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', said)
    assert "csrf_token" in dict(pairs), said
    return dict(pairs)


def send(client: FlaskClient, path: str, **typed: str):
    return client.post(path, data=hidden(client, path) | typed)


def added(client: FlaskClient, part: str = "issues_raised", **changed: str) -> str:
    """Add a record; the address of its page."""
    answer = send(client, f"/visits/records/{part}/new", **(FILLED[part] | changed))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def held(workspace: Workspace, schema=programme.ISSUES) -> list[dict]:
    return list(programme.held(workspace, schema).to_dict("records"))


@pytest.mark.parametrize("register", REGISTERS, ids=lambda each: each.schema.part)
def test_a_record_is_added_shown_changed_and_removed(
    staff: FlaskClient, workspace: Workspace, register: Register
) -> None:
    part = register.schema.part
    assert "Nothing is held here yet" in staff.get(register.path).text
    address = added(staff, part)
    page = staff.get(address).text
    assert "was saved" in page
    for value in FILLED[part].values():
        assert value in page
    name = address.removeprefix(f"{register.path}/")
    assert name in staff.get(register.path).text
    field = register.listed[1]
    changed = FILLED[part] | {field: "Elsewhere"}
    if any(item.name == field and item.choices for item in register.schema.fields):
        changed = FILLED[part] | {"place": "Elsewhere"}
    assert send(staff, address, **changed).status_code == 303
    assert "Elsewhere" in staff.get(address).text
    asked = staff.get(f"{register.path}/remove/{name}")
    assert "Elsewhere" in asked.text
    gone = send(staff, f"{register.path}/remove/{name}")
    assert (gone.status_code, gone.headers["Location"]) == (303, register.path)
    assert held(workspace, register.schema) == []
    kept = staff.get(address).text
    assert "This record was removed" in kept
    assert "Elsewhere" in kept
    assert send(staff, address, **changed).status_code == 303, "it can be put back"
    assert len(held(workspace, register.schema)) == 1


def test_ids_are_made_and_never_given_twice(staff: FlaskClient) -> None:
    first, second = added(staff), added(staff)
    assert (first, second) == (f"{ISSUES}/I-2026-0001", f"{ISSUES}/I-2026-0002")
    assert send(staff, f"{ISSUES}/remove/I-2026-0002").status_code == 303
    assert added(staff) == f"{ISSUES}/I-2026-0003"
    assert 'name="issue_id"' not in staff.get(NEW).text
    typed = send(staff, NEW, **ISSUE, issue_id="MINE")
    assert typed.headers["Location"] == f"{ISSUES}/I-2026-0004"


def posted_at_once(app: Flask, client: FlaskClient, path: str, sent: dict[str, str]) -> list:
    """Six browsers of one session send the same form at the same time."""
    cookie = client.get_cookie("patchmap_session", domain="127.0.0.1").value

    def post(_: int):
        browser = Browser(app)
        browser.set_cookie("patchmap_session", cookie, domain="127.0.0.1")
        answer = browser.post(path, data=sent)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"], confirmation(browser.get(answer.location).text)

    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(post, range(6)))


def confirmation(page: str) -> str:
    """What a page says was done."""
    found = re.search(r'<section class="confirmation" role="status".*?</section>', page, re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


@pytest.mark.parametrize("register", REGISTERS, ids=lambda each: each.schema.part)
def test_a_form_that_is_sent_twice_makes_one_record(
    app: Flask, staff: FlaskClient, workspace: Workspace, register: Register
) -> None:
    new = f"{register.path}/new"
    sent = hidden(staff, new) | FILLED[register.schema.part]
    answers = posted_at_once(app, staff, new, sent)
    assert len(set(answers)) == 1, "each is answered alike, and confirmed alike"
    assert "was saved" in answers[0][1]
    assert len(held(workspace, register.schema)) == 1
    assert workspace.store.history(register.schema) == []


def test_what_is_sent_from_a_form_is_lost_only_if_it_is_the_same(
    staff: FlaskClient, workspace: Workspace
) -> None:
    sent = hidden(staff, NEW) | ISSUE
    first = staff.post(NEW, data=sent).location
    other = staff.post(NEW, data=sent | {"issue": "Needles"}).location
    assert first != other, "gone back to and changed, it is another record"
    assert added(staff) not in (first, other), "a form opened anew makes a record anew"
    assert [row["issue"] for row in held(workspace)] == [ISSUE["issue"], "Needles", ISSUE["issue"]]
    send(staff, first.replace(ISSUES, f"{ISSUES}/remove"))
    again = staff.post(NEW, data=sent)
    assert again.status_code == 303
    assert again.location not in (first, other), "a removed record is not said to be saved"


def test_a_change_or_removal_that_is_sent_twice_is_made_once(
    app: Flask, staff: FlaskClient, workspace: Workspace
) -> None:
    address = added(staff)
    sent = hidden(staff, address) | ISSUE | {"outcome": "", "due": "", "place": "Elsewhere"}
    sent |= dict.fromkeys(("visit_id", "referred", "closed"), "")
    assert len(set(posted_at_once(app, staff, address, sent))) == 1
    assert len(workspace.store.history(programme.ISSUES)) == 1
    path = address.replace(ISSUES, f"{ISSUES}/remove")
    answers = posted_at_once(app, staff, path, hidden(staff, path))
    assert len(set(answers)) == 1
    assert "was removed" in answers[0][1]
    assert len(workspace.store.history(programme.ISSUES)) == 2


def test_which_form_made_a_record_is_kept_with_it_or_not_at_all(
    staff: FlaskClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = hidden(staff, NEW) | ISSUE

    def failing(*_: object) -> None:
        raise OSError("no space")

    with monkeypatch.context() as broken:
        broken.setattr("layers.store.Store._log", failing)
        assert staff.post(NEW, data=sent).status_code == 500
    assert held(workspace) == []
    assert staff.post(NEW, data=sent).status_code == 303
    assert staff.post(NEW, data=sent).status_code == 303
    assert len(held(workspace)) == 1


def test_a_councillor_is_held_once(staff: FlaskClient, workspace: Workspace) -> None:
    assert added(staff, "councillors").endswith("/anywhere-council-mill-a-lee")
    again = send(staff, "/visits/records/councillors/new", **FILLED["councillors"])
    assert again.status_code == 400
    assert "A. Lee is held already" in again.text
    assert len(held(workspace, programme.COUNCILLORS)) == 1


def test_every_change_is_kept_with_its_time_and_previous_value(
    staff: FlaskClient, clock, workspace: Workspace
) -> None:
    address = added(staff)
    clock.advance(1)
    send(staff, address, **ISSUE | {"status": "in-hand", "referred": "2026-11-12"})
    clock.advance(1)
    closed = ISSUE | {"status": "closed", "referred": "2026-11-12", "outcome": "Signs"}
    send(staff, address, **closed)
    page = staff.get(address).text
    text = re.sub(r"<[^>]+>", "", page)
    assert "22 November 2026, 10:00" in text
    assert "22 November 2026, 11:00" in text
    assert text.index("11:00") < text.index("10:00"), "the newest comes first"
    assert "before Open, then In hand" in text
    assert "before In hand, then Closed" in text
    assert "Referred onbefore nothing, then 12 November 2026" in text
    assert "before Anywhere" not in text, "what did not change is not told"
    clock.advance(1)
    send(staff, f"{ISSUES}/remove/I-2026-0001")
    audit = re.sub(r"<[^>]+>", "", staff.get("/visits/records/changes").text)
    assert "Issue raised I-2026-0001: removed on 22 November 2026, 12:00" in audit
    assert "Issue raised I-2026-0001: changed on 22 November 2026, 10:00" in audit
    assert audit.index("removed on") < audit.index("changed on")
    assert "before Open, then In hand" in audit
    assert [row["content"]["status"] for row in workspace.store.history(programme.ISSUES)] == [
        "open",
        "in-hand",
        "closed",
    ]


def test_saving_without_a_change_changes_nothing(staff: FlaskClient, workspace: Workspace) -> None:
    address = added(staff)
    assert send(staff, address, **ISSUE).status_code == 303
    assert workspace.store.history(programme.ISSUES) == []


def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_typed_is_lost(
    staff: FlaskClient, workspace: Workspace
) -> None:
    wrong = ISSUE | {
        "date": "12/03/2026",
        "place": "",
        "closed": "2026-01-01",
        "outcome": "So & so",
    }
    answer = send(staff, NEW, **wrong)
    assert answer.status_code == 400
    page = answer.text
    assert "<title>Error: " in page
    assert "There is a problem" in page
    summary = page[page.index('class="error-summary"') : page.index("</section>")]
    assert 'href="#field-date"' in summary
    assert 'href="#field-place"' in summary
    assert "Place is needed." in summary
    assert 'id="field-date-error-1"' in page
    assert re.search(r'id="field-date"[^>]*aria-describedby="field-date-error-1 [^>]*invalid', page)
    for value in ("12/03/2026", "2026-01-01", "So &amp; so", ISSUE["issue"]):
        assert value in page
    assert '<option value="road-safety" selected>' in page
    assert held(workspace) == []
    assert not (workspace.path / "rejected").exists()
    mended = staff.post(NEW, data=hidden(staff, NEW, page) | wrong | {
        "date": "2025-12-12", "place": "A"})  # fmt: skip
    assert mended.status_code == 303


def test_days_out_of_order_are_refused_as_in_a_file(staff: FlaskClient) -> None:
    answer = send(staff, NEW, **ISSUE, closed="2026-11-09")
    assert answer.status_code == 400
    assert (
        "‘Closed on’ must not be earlier than ‘Date’; given 9 November 2026, which is earlier "
        "than 10 November 2026."
    ) in answer.text


def test_a_month_stays_a_month(staff: FlaskClient, workspace: Workspace) -> None:
    address = added(staff, date="2026-10")
    assert re.search(
        r'id="field-date"[^>]*type="text"[^>]*value="2026-10"', staff.get(address).text
    )
    send(staff, address, **ISSUE | {"date": "2026-10", "place": "B"})
    assert [row["date"] for row in held(workspace)] == ["2026-10"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to jo@example.org", "an email address"),
        ("ring 0116 496 0123 after six", "a telephone number"),
        ("Mrs Lee of the corner shop", "a title with a name"),
        ("Dr. O’Neill said so", "a title with a name"),
        ("ring +44 7700 900123", "a telephone number"),
    ],
)
def test_what_looks_like_a_person_is_warned_of_before_it_is_saved(
    staff: FlaskClient, workspace: Workspace, text: str, found: str
) -> None:
    assert "No names of members of the public" in staff.get(NEW).text
    warned = send(staff, NEW, **ISSUE | {"issue": text})
    assert warned.status_code == 400
    assert f"looks like {found}" in html.unescape(warned.text)
    assert "Nothing is saved yet" in warned.text
    assert html.escape(text, quote=False).replace("’", "’") in warned.text
    assert held(workspace) == []
    other = staff.post(NEW, data=hidden(staff, NEW, warned.text) | ISSUE | {
        "issue": text, "outcome": "Ms Poe told"})  # fmt: skip
    assert other.status_code == 400, "what is set aside is that doubt alone"
    kept = staff.post(NEW, data=hidden(staff, NEW, warned.text) | ISSUE | {"issue": text})
    assert kept.status_code == 303, "it is warned of, not refused"
    assert [row["issue"] for row in held(workspace)] == [text]


def test_a_doubt_that_was_mended_is_no_doubt(staff: FlaskClient) -> None:
    warned = send(staff, NEW, **ISSUE | {"issue": "Mrs Lee"})
    mended = staff.post(NEW, data=hidden(staff, NEW, warned.text) | ISSUE)
    assert mended.status_code == 303


@pytest.mark.parametrize(
    "text", ["12 of 40 in 2025-03-12", "Miss the bus", "at 10.30 on 0112 2025", "the dr surgery"]
)
def test_ordinary_words_are_not_warned_of(staff: FlaskClient, text: str) -> None:
    assert send(staff, NEW, **ISSUE | {"issue": text}).status_code == 303


def test_the_second_of_two_people_is_told_and_loses_nothing(
    staff: FlaskClient, workspace: Workspace
) -> None:
    address = added(staff)
    opened = hidden(staff, address)
    assert send(staff, address, **ISSUE | {"status": "in-hand"}).status_code == 303
    late = staff.post(address, data=opened | ISSUE | {"outcome": "Signs were put up"})
    assert late.status_code == 409
    assert "Somebody else changed this record" in late.text
    assert "Signs were put up" in late.text
    assert re.search(r'id="field-status-now">.*In hand', late.text)
    assert 'id="field-place-now"' not in late.text, "only what differs is told"
    assert [(row["status"], row["outcome"]) for row in held(workspace)] == [("in-hand", "")]
    sent = hidden(staff, address, late.text) | ISSUE | {"outcome": "Signs were put up"}
    assert staff.post(address, data=sent).status_code == 303
    assert [row["outcome"] for row in held(workspace)] == ["Signs were put up"]
    statuses = [row["content"]["status"] for row in workspace.store.history(programme.ISSUES)]
    assert statuses == ["open", "in-hand"], "what the first of them saved is in the history"


def test_who_saves_a_record_that_was_removed_meanwhile_is_told(
    staff: FlaskClient, workspace: Workspace
) -> None:
    address = added(staff)
    opened = hidden(staff, address)
    send(staff, f"{ISSUES}/remove/I-2026-0001")
    late = staff.post(address, data=opened | ISSUE | {"outcome": "Signs"})
    assert late.status_code == 409
    assert "It was removed after you opened it" in late.text
    again = staff.post(
        address, data=hidden(staff, address, late.text) | ISSUE | {"outcome": "Signs"}
    )
    assert again.status_code == 303
    assert [row["outcome"] for row in held(workspace)] == ["Signs"]


def test_a_record_that_changed_meanwhile_is_not_removed(
    staff: FlaskClient, workspace: Workspace
) -> None:
    address = added(staff)
    path = f"{ISSUES}/remove/I-2026-0001"
    opened = hidden(staff, path)
    send(staff, address, **ISSUE | {"outcome": "Signs"})
    late = staff.post(path, data=opened)
    assert late.status_code == 409
    assert "Nothing was removed" in late.text
    assert len(held(workspace)) == 1


FORMS = (NEW, f"{ISSUES}/I-2026-0001", f"{ISSUES}/remove/I-2026-0001", "/visits/days/2026-11-10")


@pytest.mark.parametrize("path", FORMS)
def test_the_public_can_post_no_form(
    app: Flask, staff: FlaskClient, workspace: Workspace, path: str
) -> None:
    added(staff)
    proof = hidden(staff, NEW)
    public = Browser(app)
    for data in (ISSUE, ISSUE | proof, {"usual": "1"} | proof):
        answer = public.post(path, data=data)
        assert answer.status_code == 403
    assert len(held(workspace)) == 1
    assert held(workspace)[0]["place"] == "Anywhere"
    assert held(workspace, programme.PREPARATIONS) == []


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", ["", "none", "forged", "another"])
def test_a_form_needs_the_token_of_its_own_session(
    app: Flask, staff: FlaskClient, as_staff, workspace: Workspace, path: str, token: str
) -> None:
    added(staff)
    typed = ISSUE | {"held": hidden(staff, f"{ISSUES}/I-2026-0001")["held"], "usual": "1"}
    typed |= {"outcome": "Typed & kept"}
    link = app.extensions["patchmap"].staff_link
    link.used = False
    other = as_staff(app)
    given = {"": {"csrf_token": ""}, "none": {}, "forged": {"csrf_token": "x.y.z"},
             "another": {"csrf_token": hidden(other, NEW)["csrf_token"]}}[token]  # fmt: skip
    before = held(workspace)
    answer = staff.post(path, data=typed | given)
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.text
    assert "Typed &amp; kept" in answer.text
    assert held(workspace) == before
    assert held(workspace, programme.PREPARATIONS) == []


def sent_again(client: FlaskClient, path: str, said: str):
    """Press the button of a page that kept what was typed."""
    boxes = re.findall(r'<textarea name="(\w+)" hidden[^>]*>\n(.*?)</textarea>', said, re.S)
    typed = {name: html.unescape(value) for name, value in boxes}
    tokens = dict(re.findall(r'<input type="hidden" name="(csrf_token)" value="([^"]*)"', said))
    return client.post(path, data=typed | tokens)


def test_what_was_typed_before_the_token_ended_is_sent_again_with_one_press(
    staff: FlaskClient, workspace: Workspace
) -> None:
    typed = ISSUE | {"issue": "One line\r\n\r\nand “another” <b>", "held": "", "doubt": ""}
    refused = staff.post(NEW, data=typed | {"csrf_token": "of a process before"})
    assert refused.status_code == 400
    assert sent_again(staff, NEW, refused.text).status_code == 303
    assert [row["issue"] for row in held(workspace)] == ["One line\n\nand “another” <b>"]


def test_what_was_typed_when_the_working_day_ended_is_not_lost(
    app: Flask, staff: FlaskClient, clock, workspace: Workspace
) -> None:
    sent = hidden(staff, NEW) | ISSUE | {"issue": "Kept over night"}
    clock.advance(hours=11)
    refused = staff.post(NEW, data=sent)
    assert refused.status_code == 403
    assert "Kept over night" in refused.text
    assert "csrf_token" not in refused.text
    link = app.extensions["patchmap"].staff_link
    link.used = False
    staff.get("/leave-staff")
    assert staff.get(f"/staff/{link.token}").status_code == 302
    again = sent_again(staff, NEW, refused.text)
    assert again.status_code == 400, "the page from before carries no proof of the new session"
    assert sent_again(staff, NEW, again.text).status_code == 303
    assert [row["issue"] for row in held(workspace)] == ["Kept over night"]


def test_a_form_that_is_far_too_long_is_refused_with_a_page(
    staff: FlaskClient, workspace: Workspace
) -> None:
    answer = send(staff, NEW, **ISSUE | {"issue": "x" * 600_000})
    assert answer.status_code == 413
    assert "<h1>" in answer.text
    assert held(workspace) == []


def test_hostile_text_is_inert(staff: FlaskClient, workspace: Workspace) -> None:
    address = added(staff, issue=HOSTILE, place=HOSTILE, outcome="=cmd|' /C calc'!A0")
    send(staff, address, **ISSUE | {"place": HOSTILE, "issue": "Plain"})
    pages = (
        address, ISSUES, "/visits/followups", "/visits/days/2026-11-10", "/visits/records",
        "/visits/records/changes", f"{ISSUES}/remove/I-2026-0001",
    )  # fmt: skip
    for path in pages:
        said = staff.get(path).text
        assert "<img src=x" not in said, path
        assert "alert(1)</script>" not in said, path
        assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(\d+)", said), path
    unproven = staff.post(NEW, data=ISSUE | {"issue": HOSTILE, "<x>": "<y>"})
    assert "<img src=x" not in unproven.text
    assert "<y>" not in unproven.text
    text = staff.get(f"{ISSUES}.csv").text
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["place"] == HOSTILE
    history = workspace.store.history(programme.ISSUES)
    assert history[0]["content"]["outcome"].startswith("=cmd")


def test_a_csv_marks_what_a_spreadsheet_would_run(staff: FlaskClient) -> None:
    added(staff, outcome="=1+1")
    answer = staff.get(f"{ISSUES}.csv")
    assert answer.mimetype == "text/csv"
    (row,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (row["issue_id"], row["outcome"]) == ("I-2026-0001", "'=1+1")
    assert "longitude" not in row


def test_a_list_is_cut_to_what_is_chosen(staff: FlaskClient) -> None:
    added(staff, issue="One")
    added(staff, issue="Two", status="closed", outcome="Signs")
    shown = staff.get(f"{ISSUES}?status=closed&theme=").text
    assert "Two" in shown
    assert "One" not in shown
    assert "None matches this choice" in staff.get(f"{ISSUES}?theme=drugs").text
    for query in ("theme=pub", "place=Anywhere", "status=open&status=closed"):
        assert staff.get(f"{ISSUES}?{query}").status_code == 400


def test_a_form_begins_with_what_its_address_says(staff: FlaskClient) -> None:
    page = staff.get(f"{NEW}?date=2026-11-10&place=Any%22where").text
    assert 'value="2026-11-10"' in page
    assert 'value="Any&#34;where"' in page
    assert staff.get(f"{NEW}?quokka=1").status_code == 400
    assert staff.get(f"{NEW}?issue_id=I-1").status_code == 400


def test_what_is_not_there_is_not_found(staff: FlaskClient) -> None:
    for path in ("/visits/records/planned_stops", "/visits/records/visits", f"{ISSUES}/I-1999-1",
                 f"{ISSUES}/remove/I-1999-1", "/visits/days/2026-02-30", "/visits/days/20261110",
                 "/visits/records/nothing.csv"):  # fmt: skip
        assert staff.get(path).status_code == 404, path


def test_follow_ups_are_overdue_first_and_closed_ones_are_left_out(
    staff: FlaskClient, clock
) -> None:
    empty = staff.get("/visits/followups").text
    assert "No issue waits for an answer" in empty
    today = clock().date()
    days = {"Late": -3, "Today": 0, "Later": 9, "Latest": -20}
    due = {name: (today + timedelta(number)).isoformat() for name, number in days.items()}
    raised = (today - timedelta(30)).isoformat()
    for name, day in due.items():
        added(staff, issue=f"{name} one", date=raised, due=day)
    added(staff, issue="Undated one")
    added(staff, issue="Closed one", date=raised, due=due["Late"], status="closed", outcome="Signs")
    page = staff.get("/visits/followups").text
    order = [page.index(f"{name} one") for name in ("Latest", "Late", "Today", "Later", "Undated")]
    assert order == sorted(order)
    assert "Closed one" not in page
    assert "Overdue by 20 days" in page
    assert page.count("Overdue by") == 2, "what is due today is not overdue"
    assert "NPA commander" in page
    assert "5 issues are open or in hand on 22 November 2026; 2 are overdue" in page
    assert "issues wait for answers" in staff.get("/visits/records").text
    assert "None matches" in staff.get("/visits/followups?referred_to=council").text
    assert staff.get("/visits/followups?referred_to=nobody-else").status_code == 400


def test_records_are_in_the_navigation_of_staff_alone(app: Flask, staff: FlaskClient) -> None:
    assert 'href="/visits/records"' in staff.get("/visits/outcomes").text
    assert (
        '<a href="/visits/records" aria-current="page">Records</a>'
        in staff.get("/visits/records").text
    )
    for path in ("/visits/followups", "/visits/days/2026-11-10"):
        nav = re.search('<nav class="site-nav".*?</nav>', staff.get(path).text, re.DOTALL)
        assert nav
        assert nav[0].count("aria-current") == 1
        assert 'href="/visits/records" aria-current="true"' in nav[0]
    assert "/visits/records" not in Browser(app).get("/visits/outcomes").text


@pytest.mark.parametrize("responses", ["-3", "9999999999"])
def test_a_number_that_cannot_have_been_counted_is_refused(staff: FlaskClient, responses) -> None:
    page = "/visits/records/survey_figures/new"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', staff.get(page).text)[1]
    fields = {
        "csrf_token": token,
        "date": "2026-11-10",
        "place": "The long square",
        "question": "Do you feel safe?",
        "answer": "Yes",
        "responses": responses,
    }
    reply = staff.post(page, data=fields)
    assert reply.status_code == 400
    assert "The number must be from 0 to 10,000,000." in reply.text
    assert f'value="{responses}"' in reply.text


def test_an_answer_is_not_due_before_the_issue_was_raised(staff: FlaskClient) -> None:
    page = "/visits/records/issues_raised/new"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', staff.get(page).text)[1]
    fields = {
        "csrf_token": token,
        "date": "2026-11-10",
        "place": "The long square",
        "theme": "other",
        "issue": "Litter",
        "due": "2026-11-01",
    }
    assert staff.post(page, data=fields).status_code == 400


@pytest.mark.parametrize(
    ("origin", "offered"),
    [("http://127.0.0.1:8000", True), ("http://127.0.0.1:9000", False), ("null", False)],
)
def test_a_form_of_another_site_is_not_offered_with_our_token(
    staff: FlaskClient, workspace: Workspace, origin: str, offered: bool
) -> None:
    """Another port of this machine is another site, though its forms carry our cookie."""
    answer = staff.post(NEW, data=ISSUE | {"csrf_token": "x"}, headers={"Origin": origin})
    assert answer.status_code == 400
    assert ("Send it again" in answer.text) is offered
    assert ("csrf_token" in answer.text) is offered
    assert held(workspace) == []


def test_a_record_whose_id_has_marks_of_addresses_is_found_again_once_saved(
    staff: FlaskClient, workspace: Workspace
) -> None:
    file = workspace.path / "issues.csv"
    file.write_text("issue_id,date,place,theme,issue\na?b#c,2026-11-10,Anywhere,other,Litter\n")
    programme.take(read_table(file), programme.ISSUES, workspace, Intake(NOW))
    page = f"{ISSUES}/a%3Fb%23c"
    for path in (page, page.replace(ISSUES, f"{ISSUES}/remove")):
        assert f'method="post" action="{path}"' in staff.get(path).text
    fields = hidden(staff, page) | ISSUE | {"issue": "Litter again"}
    reply = staff.post(page, data=fields)
    assert reply.status_code == 303
    assert staff.get(reply.location).status_code == 200
    assert [row["issue"] for row in held(workspace)] == ["Litter again"]


def test_who_may_read_an_issue_is_confirmed_with_it(staff: FlaskClient) -> None:
    address = added(staff)
    named = "What was raised: Anywhere, 10 November 2026 (I-2026-0001)"
    page = staff.get(address).text
    assert confirmation(page) == f"Done {named} was saved. Only staff may read it."
    assert confirmation(staff.get(address).text) == "", "it is shown once"
    send(staff, address, **ISSUE | {"visibility": "public"})
    said = confirmation(staff.get(address).text)
    assert said.endswith("It is public once its day is over and its stop is published.")


def test_titles_say_which_record_it_is_by_place_and_date(staff: FlaskClient) -> None:
    address = added(staff)
    heading = "What was raised: Anywhere, 10 November 2026 (I-2026-0001)"
    assert f"<h1>{heading}</h1>" in staff.get(address).text
    refused = send(staff, address, **ISSUE | {"place": ""})
    assert f"<title>Error: {heading} - Patchmap</title>" in refused.text
    removing = staff.get(address.replace(ISSUES, f"{ISSUES}/remove")).text
    assert "<h1>Remove this issue raised? Anywhere, 10 November 2026 (I-2026-0001)</h1>" in removing
    councillor = staff.get(added(staff, "councillors")).text
    assert "<h1>Councillors: A. Lee, Mill</h1>" in councillor


def test_a_long_place_leaves_room_for_what_was_done(staff: FlaskClient) -> None:
    address = added(staff, place="Ölmühle am Großen Graben " * 40)
    said = confirmation(staff.get(address).text)
    assert "… (I-2026-0001) was saved" in said
    cookie = staff.get_cookie("patchmap_session", domain="127.0.0.1")
    assert len(cookie.value) < 4000


def test_a_closed_issue_without_an_outcome_is_warned_of_and_marked(staff: FlaskClient) -> None:
    closed = ISSUE | {"status": "closed"}
    warned = send(staff, NEW, **closed)
    assert warned.status_code == 400
    assert "Check before it is saved" in warned.text
    assert "The issue is closed without an outcome" in warned.text
    assert 'href="#field-outcome"' in warned.text
    kept = staff.post(NEW, data=hidden(staff, NEW, warned.text) | closed)
    assert kept.status_code == 303, "it is warned of, not refused"
    added(staff, **closed | {"outcome": "Signs"})
    for path in (ISSUES, "/visits/days/2026-11-10"):
        page = staff.get(path).text
        assert page.count("<td>Closed without an outcome</td>") == 1, path
        assert page.count("<td>Closed</td>") == 1, path


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ward_code", "E05999999", "No ward of this force area has the code"),
        ("email", "office at council", "One email address such as"),
    ],
)
def test_what_cannot_be_of_a_councillor_is_said_beside_its_field(
    staff: FlaskClient, workspace: Workspace, field: str, value: str, said: str
) -> None:
    new = "/visits/records/councillors/new"
    refused = send(staff, new, **FILLED["councillors"], **{field: value})
    assert refused.status_code == 400
    assert f'href="#field-{field}"' in refused.text
    assert said in html.unescape(refused.text)
    assert f'value="{value}"' in refused.text
    assert held(workspace, programme.COUNCILLORS) == []
