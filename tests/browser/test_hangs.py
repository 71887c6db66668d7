"""A browser that hangs holds up nothing: it is ended, that is told, and the tests go on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest

from tests.browser.chromium import BrowserHung, limited, parent_of, process_of
from tests.browser.conftest import PROJECT, visiting
from tests.browser.pages import PAINTED, open_page

pytestmark = pytest.mark.browser

NEVER = "() => new Promise(() => {})"
LOOP = "() => { while (true) {} }"
LIMIT_S = 1
SOON_S = 30


def browser_stops(page) -> None:
    os.killpg(process_of(page.context.browser), signal.SIGSTOP)
    page.emulate_media(color_scheme="dark")


def driver_stops(page) -> None:
    os.kill(parent_of(process_of(page.context.browser)), signal.SIGSTOP)
    page.set_viewport_size({"width": 320, "height": 900})


HANGS = {
    "a promise that is never kept": lambda page: page.evaluate(NEVER),
    "a script that never ends": lambda page: page.evaluate(LOOP),
    "a browser that stops": browser_stops,
    "a driver that stops": driver_stops,
}


@pytest.mark.parametrize("hang", HANGS)
def test_a_browser_that_hangs_is_ended_and_the_next_visit_works(chromium, live_url, hang):
    with visiting(chromium, live_url) as visit:
        page, launches = visit.visitor.page, chromium.launches
        started = time.monotonic()
        with pytest.raises(BrowserHung), limited(chromium, LIMIT_S, grace_s=1):
            HANGS[hang](page)
        assert LIMIT_S <= time.monotonic() - started < SOON_S
    with visiting(chromium, live_url) as visit:
        open_page(visit.visitor, "/maps/visits")
        assert visit.visitor.page.locator(".map-marker").count() > 0
    assert chromium.launches == launches + 1


def test_what_is_done_in_time_is_left_alone(chromium, live_url):
    with visiting(chromium, live_url) as visit:
        launches = chromium.launches
        with limited(chromium, SOON_S):
            open_page(visit.visitor, "/accessibility")
        with limited(chromium, LIMIT_S):
            pass
        with pytest.raises(ZeroDivisionError), limited(chromium, LIMIT_S):
            _ = 1 / 0
        time.sleep(LIMIT_S + 0.5)
        assert visit.visitor.page.locator("h1").count() == 1
    assert chromium.launches == launches


def test_a_page_that_is_never_painted_is_not_waited_for(visitor):
    visitor.page.evaluate("() => { window.requestAnimationFrame = () => 0; }")
    started = time.monotonic()
    visitor.page.evaluate(PAINTED)
    assert 2 < time.monotonic() - started < SOON_S


SUITE = '''
    """Tests of which some hang: each notes how often it was begun."""

    import pytest

    from tests.browser.chromium import limited
    from tests.browser.conftest import visiting

    pytestmark = pytest.mark.browser
    BEGUN = []
    NEVER = "() => new Promise(() => {})"


    @pytest.fixture(scope="module")
    def live_url():
        return "data:text/html,<h1>Here"


    @pytest.fixture(scope="module")
    def opening(chromium, live_url):
        begin = lambda visitor: visitor.page.goto(visitor.home)
        with visiting(chromium, live_url, begin) as visit:
            yield visit


    @pytest.fixture
    def page(opening):
        return opening.visitor.page


    def test_sound(page):
        page.evaluate("() => { window.kept = true; }")


    def test_the_page_lasts(page):
        assert page.evaluate("window.kept") is True


    @pytest.mark.browser(limit_s=4)
    def test_hangs_once(page, request):
        BEGUN.append("once")
        if BEGUN.count("once") == 1:
            time_to_launch = pytest.mark.browser(limit_s=60)
            request.node.add_marker(time_to_launch, append=False)
            page.evaluate(NEVER)
        assert page.locator("h1").inner_text() == "Here"
        assert page.evaluate("window.kept") is None


    def test_hangs_always(page, chromium):
        BEGUN.append("always")
        with limited(chromium, 0.5):
            page.evaluate(NEVER)


    def test_fails(page):
        BEGUN.append("fails")
        assert page.locator("h1").inner_text() == "There"


    @pytest.fixture
    def guest(page, chromium):
        yield
        BEGUN.append("end")
        if BEGUN.count("end") == 1:
            with limited(chromium, 0.5):
                page.evaluate(NEVER)


    def test_hangs_at_its_end(guest): ...


    def test_all_were_begun_as_often_as_they_should_be(page):
        names = ("once", "always", "fails", "end")
        assert [BEGUN.count(name) for name in names] == [2, 2, 1, 2]
'''


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A folder of tests that share what the tests of this folder share."""
    hooks = "from tests.browser.conftest import *  # noqa: F403\n"
    (tmp_path / "conftest.py").write_text(hooks, encoding="utf-8")
    (tmp_path / "test_some_hang.py").write_text(dedent(SUITE), encoding="utf-8")
    return tmp_path


def test_a_test_whose_browser_hung_is_run_once_more_and_a_failed_one_is_not(suite):
    options = ["-c", PROJECT / "pyproject.toml", "--rootdir", suite, "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, suite],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    said = done.stdout
    assert done.returncode == 1, said + done.stderr
    for name in ("once", "always", "at_its_end"):
        assert re.search(rf"^RERUN .*::test_hangs_{name}$", said, re.MULTILINE), said
    _, summary = said.split(" short test summary info ")
    failed = re.findall(r"^(?:FAILED|ERROR) .*::(\w+)", summary, re.MULTILINE)
    assert failed == ["test_hangs_always", "test_fails"]
    assert "BrowserHung: the browser was ended" in said
    assert " 3 rerun " in summary
