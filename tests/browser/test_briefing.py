"""The briefing as staff see and print it: one page of A4, however much is held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from layers import programme
from layers.files import read_table
from layers.registry import REGISTRY
from layers.workspace import Intake, Workspace
from server.access import StaffLink
from server.app import create_app
from server.settings import Settings
from tests.browser.conftest import NOW, Visitor, serving, visiting
from tests.browser.pages import WIDTHS, checked, resize
from tests.browser.test_views import LAYOUT, TARGETS

TOWNS = ("Melton Mowbray", "Oakham", "Castle", "Leicester", "Diseworth", "Thringstone")
A4_PT = (595, 842)
DRAWN = "() => document.querySelector('.sheet-map').naturalWidth > 0"
LONG = (
    "Cars race along the road past the school in the mornings and nobody is seen to stop them. " * 3
)


def address(place: str) -> str:
    return f"/visits/briefing?place={quote(place)}&date=2024-10-01"


@pytest.fixture(scope="module")
def staffed(browser: Browser, loaded: Workspace) -> Iterator[Visitor]:
    """A visit of staff to the demonstration."""
    link = StaffLink()
    app = create_app(Settings(loaded.path), loaded, lambda: NOW, link)
    with serving(app) as home, visiting(browser, home) as visitor:
        visitor.page.goto(f"{home}/staff/{link.token}")
        yield visitor


def pages_of(visitor: Visitor, folder: Path) -> list[tuple[int, int]]:
    """The width and height in points of each printed page."""
    file = folder / "sheet.pdf"
    visitor.page.pdf(path=file, prefer_css_page_size=True)
    pages = re.findall(rb"/Type /Page\b.*?/MediaBox \[([^]]+)\]", file.read_bytes(), re.DOTALL)
    return [tuple(round(float(side)) for side in page.split()[2:]) for page in pages]


@pytest.mark.parametrize("place", TOWNS)
def test_the_sheet_is_one_page_of_paper(staffed: Visitor, tmp_path: Path, place: str) -> None:
    staffed.open(address(place))
    assert pages_of(staffed, tmp_path) == [A4_PT]


def test_the_sheet_stands_at_every_width(staffed: Visitor) -> None:
    staffed.open(address("Melton Mowbray"))
    for width in WIDTHS:
        resize(staffed.page, width)
        assert staffed.page.evaluate("document.documentElement.scrollWidth") <= width
        staffed.page.wait_for_function(DRAWN)
        assert checked(staffed.page, *LAYOUT, *TARGETS) == []
    staffed.page.emulate_media(color_scheme="dark")
    assert staffed.axe_findings() == []
    staffed.page.emulate_media(color_scheme="light")
    assert staffed.axe_findings() == []


def test_the_form_passes_axe_and_leads_to_the_sheet(staffed: Visitor) -> None:
    staffed.open("/visits/briefing")
    assert staffed.axe_findings() == []
    staffed.page.get_by_label("Place").fill("Oakham")
    staffed.page.get_by_label("Day of the visit").fill("2024-10-01")
    staffed.page.get_by_role("button", name="Show").click()
    assert staffed.page.get_by_role("heading", level=1).inner_text() == (
        "Briefing: Oakham, 1 October 2024"
    )


def test_a_full_register_does_not_make_it_longer(
    browser: Browser, loaded: Workspace, tmp_path: Path
) -> None:
    workspace = Workspace.open(tmp_path / "full", REGISTRY.schemas)
    visits = tmp_path / "visits.csv"
    stops = [
        f"A{n},2024-0{1 + n % 9}-1{n % 9},Oakham,52.66{n},-0.73,PCC,community-day,{LONG}"
        for n in range(10, 40)
    ]
    visits.write_text(
        "\n".join(["visit_id,date,place,latitude,longitude,visitor,visit_type,reason", *stops])
    )
    REGISTRY.get("visits").take(read_table(visits), workspace, Intake(NOW))
    issues = tmp_path / "issues.csv"
    raised = [f"I{n},A{n},2024-02-10,Oakham,drugs,{LONG},2024-05-01" for n in range(10, 40)]
    issues.write_text("\n".join(["issue_id,visit_id,date,place,theme,issue,due", *raised]))
    programme.take(read_table(issues), programme.ISSUES, workspace, Intake(NOW))
    plans = tmp_path / "plans.csv"
    stops_to_come = [f"P{n},2024-10-01,1{n % 9}:00,Oakham,{LONG}" for n in range(10, 30)]
    plans.write_text("\n".join(["plan_id,date,starts,place,reason", *stops_to_come]))
    programme.take(read_table(plans), programme.PLANNED_STOPS, workspace, Intake(NOW))
    workspace.crime = loaded.crime
    link = StaffLink()
    app = create_app(Settings(workspace.path), workspace, lambda: NOW, link)
    with serving(app) as home, visiting(browser, home) as visitor:
        visitor.page.goto(f"{home}/staff/{link.token}")
        visitor.open(address("Oakham"))
        assert visitor.page.get_by_text("more are held").count() >= 3
        assert pages_of(visitor, tmp_path) == [A4_PT]
    workspace.close()
