"""The office's records in a browser: they fit, axe finds nothing, a keyboard fills them in."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from layers import programme
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import StaffLink
from server.app import create_app
from server.settings import Settings
from tests.browser.chromium import Chromium
from tests.browser.conftest import NOW, SilentHandler, Visitor, visiting
from tests.browser.pages import WIDTHS, checked, resize

pytestmark = pytest.mark.browser(limit_s=240)

LAYOUT = ("tooWide", "sidewaysFrames", "clippedText", "overlappingText")
DAY = "2024-10-15"
VISITED = "2024-09-24"
ISSUES = "/visits/records/issues_raised"
LONG = "Lorries turn in the lane by the school. " * 6 + "Ungeteilt" * 12
FILES = {
    "visits": f"visit_id,date,place,visit_type,visitor\nV1,{VISITED},The long square,event,PCC\n",
    "planned_stops": f"plan_id,date,place\nPL1,{DAY},The hall\nPL2,{DAY},The green\n",
    "councillors": "name,council,ward,email\n"
    "A. Lee,Anywhere Borough Council,The hall,a.lee@anywhere-borough-council.example\n",
    "issues_raised": "issue_id,visit_id,date,place,theme,issue,referred_to,due,status\n"
    f"I-2024-0001,V1,{VISITED},The long square,road-safety,{LONG},npa-commander,2024-09-30,open\n"
    f"I-2024-0002,V1,{VISITED},The long square,drugs,Needles,council,2024-11-30,in-hand\n",
    "preparations": "preparation_id,visit_date,place,kind,task,councillor_id,due,done\n"
    f"P-2024-0001,{DAY},The hall,councillor,Ask A. Lee,"
    "anywhere-borough-council-the-hall-a-lee,2024-09-17,\n"
    f"P-2024-0002,{DAY},The hall,notice,Announce it,,2024-10-10,2024-09-30\n",
    "capital_projects": "project_id,project,budget_gbp,percent_complete,expected_completion\n"
    f"C1,{LONG},75000,60,2024-01\n",
    "section_106": "item_id,item,council,amount_gbp,deadline,status\n"
    f"S106-2024-0001,{LONG},Anywhere Borough Council,160000,2024-01,held\n",
}
EMPTY = (
    "/visits/records",
    "/visits/records/changes",
    ISSUES,
    f"{ISSUES}/new",
    "/visits/followups",
    f"/visits/days/{DAY}",
    "/estate/records",
    "/estate/records/sites/new",
    "/estate/programme",
)
FILLED = (
    *EMPTY,
    f"{ISSUES}/I-2024-0001",
    f"{ISSUES}/remove/I-2024-0001",
    f"/visits/days/{VISITED}",
    "/visits/records/preparations/P-2024-0001",
    "/visits/records/councillors",
    "/estate/records/section_106/S106-2024-0001",
)


class Served:
    """A Patchmap of its own for staff, in which a test may write."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace.open(folder, REGISTRY.schemas)
        self.link = StaffLink()
        app = create_app(Settings(folder), self.workspace, lambda: NOW, self.link)
        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
        self.home = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def fill(self) -> None:
        """Give it something of every kind, one record changed since."""
        for name, text in FILES.items():
            file = self.workspace.path / f"{name}.csv"
            file.write_text(text)
            take = REGISTRY.taker(name)
            assert not take(read_table(file), self.workspace, Intake(NOW)).rejected
        file = self.workspace.path / "issues_raised.csv"
        file.write_text(FILES["issues_raised"].replace("Needles", "Needles in the park"))
        later = Intake(NOW + timedelta(hours=1))
        REGISTRY.taker("issues_raised")(read_table(file), self.workspace, later)

    def close(self) -> None:
        """Stop it."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.workspace.close()


@pytest.fixture(scope="module", params=["empty", "filled"])
def kept(request, tmp_path_factory) -> Iterator[tuple[str, Served]]:
    served = Served(tmp_path_factory.mktemp("records"))
    if request.param == "filled":
        served.fill()
    yield request.param, served
    served.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    made.fill()
    yield made
    made.close()


@contextmanager
def staffed(chromium: Chromium, served: Served, **options: Any) -> Iterator[Visitor]:
    """A visit of staff, who use the link that another visit may have used before."""

    def begin(visitor: Visitor) -> None:
        visitor.page.goto(as_link(served))

    with visiting(chromium, served.home, begin, **options) as visit:
        yield visit.visitor


def forget_refusals(visitor: Visitor) -> None:
    """The browser's console says of a form that came back that it was not taken."""
    said = "console error: Failed to load resource: the server responded with a status of 40"
    visitor.problems[:] = [text for text in visitor.problems if not text.startswith(said)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_records_fits_and_is_accessible(chromium, kept, scheme) -> None:
    state, served = kept
    with staffed(chromium, served, color_scheme=scheme) as visitor:
        for path in EMPTY if state == "empty" else FILLED:
            visitor.open(path)
            assert visitor.page.locator("h1").count() == 1
            for width in WIDTHS:
                resize(visitor.page, width)
                faults = checked(visitor.page, *LAYOUT, "smallTargets", "unmarkedControls")
                assert faults == [], f"{path} at {width} px"
                if width == 320:
                    assert checked(visitor.page, "cellsTooWide") == [], path
            assert visitor.axe_findings() == [], path


def test_a_refused_form_fits_and_says_first_what_is_wrong(chromium, served) -> None:
    with staffed(chromium, served) as visitor:
        page = visitor.page
        for width in WIDTHS:
            resize(page, width)
            visitor.open(f"{ISSUES}/new")
            page.get_by_label("What was raised").fill("Mrs Lee")
            page.get_by_role("button", name="Save").click()
            assert page.title().startswith("Error: ")
            expect(page.locator(".error-summary")).to_be_focused()
            assert checked(page, *LAYOUT, "focusFaults", "smallTargets") == []
            assert visitor.axe_findings() == []
            assert page.get_by_label("What was raised").input_value() == "Mrs Lee"
            page.get_by_role("link", name="Place is needed.").click()
            assert page.evaluate("document.activeElement.id") == "field-place"
        forget_refusals(visitor)


def test_a_keyboard_alone_records_what_was_raised(chromium, served) -> None:
    with staffed(chromium, served, java_script_enabled=False) as visitor:
        page = visitor.page
        page.goto(f"{served.home}/visits/days/{VISITED}")
        page.get_by_role("link", name="Record what was raised in The long square").press("Enter")
        page.get_by_label("Theme").focus()
        page.keyboard.type("Burg")
        page.keyboard.press("Tab")
        page.keyboard.type("Sheds broken into")
        page.keyboard.press("Tab")
        page.keyboard.type("Chief")
        for _ in range(3):
            page.keyboard.press("Tab")
        page.get_by_label("Staff", exact=True).focus()
        page.keyboard.press("ArrowLeft")
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.get_by_role("status")).to_contain_text(
            "The long square, 24 September 2024 (I-2024-0003) was saved"
        )
        expect(page.locator(".confirmation")).to_be_focused()
        held = programme.held(served.workspace, programme.ISSUES).set_index("issue_id")
        saved = held.loc["I-2024-0003"]
        assert (saved["visit_id"], saved["date"]) == ("V1", VISITED)
        assert (saved["theme"], saved["issue"]) == ("burglary", "Sheds broken into")
        assert (saved["referred_to"], saved["visibility"]) == ("chief-constable", "public")


def test_an_item_of_the_checklist_is_marked_by_keyboard(chromium, served) -> None:
    with staffed(chromium, served) as visitor:
        visitor.open(f"/visits/days/{DAY}")
        visitor.page.get_by_role("button", name=re.compile("Asked today.*Ask A. Lee")).press(
            "Enter"
        )
        expect(visitor.page.get_by_role("status")).to_contain_text("was marked as done today")
        held = programme.held(served.workspace, programme.PREPARATIONS)
        done = dict(zip(held["preparation_id"], held["done"], strict=True))
        assert done["P-2024-0001"] == NOW.date().isoformat()


def test_hostile_text_runs_nowhere(chromium, served) -> None:
    with staffed(chromium, served) as visitor:
        page = visitor.page
        visitor.open(f"{ISSUES}/new?place=x&date={VISITED}&theme=other")
        page.get_by_label("What was raised").fill(
            "</textarea><script>document.title='run'</script>"
            "<img src=x onerror=document.title='run'>"
        )
        page.get_by_role("button", name="Save").click()
        for path in (ISSUES, "/visits/followups", f"/visits/days/{VISITED}"):
            visitor.open(path)
            assert page.title() != "run"
            assert page.locator("main img, main script").count() == 0


def test_what_was_typed_outlives_the_working_day(chromium, tmp_path: Path) -> None:
    served = Served(tmp_path)
    with staffed(chromium, served) as visitor:
        page = visitor.page
        visitor.open(f"{ISSUES}/new?place=Ash&date={VISITED}&theme=other")
        page.get_by_label("What was raised").fill("Two lines\n\nof text")
        page.context.clear_cookies()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("This is for staff")
        assert visitor.axe_findings() == []
        with page.context.expect_page() as opened:
            page.evaluate("address => open(address) && undefined", as_link(served))
        opened.value.close()
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("This form was not taken")
        assert visitor.axe_findings() == []
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_role("status")).to_contain_text("was saved")
        assert page.get_by_label("What was raised").input_value() == "Two lines\n\nof text"
        forget_refusals(visitor)
    served.close()


def as_link(served: Served) -> str:
    """The staff link, as if it had been printed anew."""
    served.link.used = False
    return f"{served.home}/staff/{served.link.token}"


def test_the_checklist_is_read_on_a_phone_without_moving_sideways(chromium, served) -> None:
    with staffed(chromium, served) as visitor:
        page = visitor.page
        visitor.open(f"/visits/days/{DAY}")
        resize(page, 320)
        table = page.get_by_role("table", name="1 of 2 done")
        region = page.locator(".table-region", has=table)
        assert region.evaluate("box => box.scrollWidth <= box.clientWidth")
        box = table.get_by_role("button", name=re.compile("Asked today")).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert table.get_by_role("row").count() == 2, "it stays a table to those who hear it"
        label = "cell => getComputedStyle(cell, '::before').content"
        said = table.get_by_role("cell").evaluate_all(f"cells => cells.map({label})")
        assert said == ['"Due: "', '"Done: "', '"Answer: "', '"Due: "', '"Done: "']
        resize(page, 1280)
        assert table.get_by_role("columnheader", name="Answer", exact=True).is_visible()


def test_what_was_done_fits_and_has_the_focus(chromium, served) -> None:
    with staffed(chromium, served) as visitor:
        page = visitor.page
        for number, width in enumerate(WIDTHS):
            resize(page, width)
            visitor.open(f"{ISSUES}/I-2024-0001")
            page.get_by_label("Outcome").fill(f"Signs {number}")
            page.get_by_role("button", name="Save").click()
            said = page.get_by_role("status", name="Done")
            expect(said).to_contain_text("(I-2024-0001) was saved. Only staff may read it.")
            expect(page.locator(".confirmation")).to_be_focused()
            assert checked(page, *LAYOUT, "focusFaults", "smallTargets") == []
            assert visitor.axe_findings() == []
            page.reload()
            expect(said).to_have_count(0)


def test_a_refused_button_fits_and_leads_back(chromium, served) -> None:
    with staffed(chromium, served) as visitor:
        page = visitor.page
        for width in WIDTHS:
            resize(page, width)
            visitor.open(f"/visits/days/{DAY}")
            button = page.get_by_role("button", name=re.compile("Asked today"))
            button.evaluate("button => { button.value = 'P-1999-0001' }")
            button.click()
            expect(page.get_by_role("heading", level=1)).to_have_text("This could not be done")
            assert checked(page, *LAYOUT, "smallTargets") == []
            assert visitor.axe_findings() == []
            page.get_by_role("link", name="Back to the page as it is now").click()
            assert page.url.endswith(f"/visits/days/{DAY}")
        forget_refusals(visitor)
