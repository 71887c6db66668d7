"""The browser of the tests, and the limit of time after which one that has hung is ended.

Many calls into a browser wait for it without a limit of their own: the answer of a script, another
size of the window, the end of a visit. A browser that never answers would hold up the whole run.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
TURNED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "SpareRendererForSitePerProcess",
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
"""What Chromium is to do without.

For every window it would load two pages for its address field, which no test sees and which cost
more than ours do, and keep a process in reserve: the first three names. Only the last such list
counts, so the others, which Playwright turns off, are here again.
"""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    f"--disable-features={','.join(TURNED_OFF)}",
)
LIMIT_S = 120.0
"""How long the set-up, the body or the end of a test may take."""
GRACE_S = 15.0
"""How long an ended browser may leave the driver between it and us without an answer."""
LAUNCH_MS = 60_000


class BrowserHung(Exception):
    """A browser did not answer in time and was ended; the next test gets another one."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"the browser was ended, because the test was not done in {limit_s:g} s")


class Chromium:
    """The one browser of a run, launched when it is needed, and anew when it is gone."""

    def __init__(self) -> None:
        self.launches = 0
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._process: int | None = None
        self._driver: int | None = None
        self._ended = False

    @staticmethod
    def path() -> str | None:
        """Where this machine has one."""
        return next((found for name in NAMES if (found := shutil.which(name))), None)

    @property
    def alive(self) -> bool:
        """Whether a browser runs that nobody has ended."""
        return self._browser is not None and self._browser.is_connected() and not self._ended

    def running(self) -> Browser:
        """The browser, newly launched if there is none, or if it is gone."""
        if not self.alive:
            self.close()
            self._launch()
        assert self._browser is not None
        return self._browser

    def _launch(self) -> None:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=self.path(), args=list(ARGUMENTS), timeout=LAUNCH_MS
        )
        self._process = process_of(self._browser)
        self._driver = parent_of(self._process)
        self._ended = False
        self.launches += 1

    def end(self) -> None:
        """Kill the browser with all its children, from any thread: what waits for it raises."""
        self._ended = True
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process, signal.SIGKILL)

    def end_driver(self) -> None:
        """Kill the process through which the browser is driven, should that be what hangs."""
        if self._driver is not None:
            with suppress(ProcessLookupError):
                os.kill(self._driver, signal.SIGKILL)

    def close(self) -> None:
        """Put everything away, whatever is left of it."""
        if self._browser is not None and self.alive:
            self._browser.close()
        if self._playwright is not None:
            with suppress(Error):
                self._playwright.stop()
        self._playwright = self._browser = self._process = self._driver = None


def process_of(browser: Browser) -> int:
    """The process of a browser, which leads a group of its own."""
    session = browser.new_browser_cdp_session()
    running = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return next(int(process["id"]) for process in running if process["type"] == "browser")


def parent_of(process: int) -> int | None:
    """The process that launched another, where the system tells."""
    stat = Path(f"/proc/{process}/stat")
    return int(stat.read_text().rpartition(")")[2].split()[1]) if stat.is_file() else None


@contextmanager
def limited(
    chromium: Chromium, limit_s: float = LIMIT_S, grace_s: float = GRACE_S
) -> Iterator[None]:
    """End the browser when what is done within takes too long.

    Raises:
        BrowserHung: in place of whatever became of it.
    """
    done, ended = threading.Event(), threading.Event()

    def watch() -> None:
        if done.wait(limit_s):
            return
        ended.set()
        chromium.end()
        if not done.wait(grace_s):
            chromium.end_driver()

    watching = threading.Thread(target=watch, name="limit of a browser", daemon=True)
    watching.start()
    try:
        try:
            yield
        finally:
            done.set()
            watching.join()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a failure of pytest is no Exception
        if ended.is_set():
            raise BrowserHung(limit_s) from error
        raise
    if ended.is_set():
        raise BrowserHung(limit_s)
