"""What the server listens on decides whom it serves; settings come from the environment once."""

from __future__ import annotations

import http.cookiejar
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from geo.errors import InvalidValue
from layers.registry import REGISTRY
from layers.workspace import Workspace
from server import serving
from server.services import EXTENSION
from server.settings import SETTINGS, Settings

COMMAND = str(Path(sys.executable).with_name("patchmap"))


class _FakeServer:
    def run(self) -> None:
        raise KeyboardInterrupt

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("host", "origin", "linked"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123", True),
        ("localhost", "http://localhost:8123", True),
        ("::1", "http://[::1]:8123", True),
        ("0.0.0.0", "http://0.0.0.0:8123", False),
        ("192.0.2.7", "http://192.0.2.7:8123", False),
    ],
)
def test_only_a_loopback_address_gets_a_staff_link(
    tmp_path: Path, monkeypatch, capsys, host: str, origin: str, linked: bool
) -> None:
    apps = []

    def create_server(app, **options: object) -> _FakeServer:
        apps.append(app)
        assert (options["host"], options["port"]) == (host, 8123)
        return _FakeServer()

    monkeypatch.setattr(serving, "create_server", create_server)
    workspace = Workspace.open(tmp_path, REGISTRY.schemas)
    serving.serve(Settings(tmp_path), workspace, host, 8123)
    said = capsys.readouterr().err
    link = apps[0].extensions[EXTENSION].staff_link
    assert f"serves {origin}\n" in said
    assert (link is not None) is linked
    assert ("/staff/" in said) is linked
    if linked:
        assert f"{origin}/staff/{link.token}" in said
    else:
        assert "everyone is served as the public" in said


def test_an_address_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [COMMAND, "serve", "--port", str(port), "--workspace", str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("patchmap: ")
    assert f"port {port} cannot be used" in done.stderr
    assert "/staff/" not in done.stderr


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_the_command_serves_and_its_link_opens_once(demo_path: Path) -> None:
    port = _free_port()
    command = [COMMAND, "serve", "--port", str(port), "--workspace", str(demo_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        stop = threading.Timer(60, server.kill)
        stop.start()
        try:
            said = [server.stderr.readline(), server.stderr.readline()]
            origin = f"http://127.0.0.1:{port}"
            assert origin in said[0]
            link = re.search(rf"{origin}/staff/\S+", said[1])[0]
            jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
            browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
            assert _fetched(browser, f"{origin}/healthz") == '{"status":"ok"}'
            assert "Staff view" not in _fetched(browser, f"{origin}/maps/people-zones")
            _fetched(browser, link)
            assert "Staff view" in _fetched(browser, f"{origin}/maps/people-zones")
            with pytest.raises(urllib.error.HTTPError) as refused:
                browser.open(link)
            refused.value.close()
            assert refused.value.code == 403
        finally:
            stop.cancel()
            server.terminate()


def _fetched(browser: urllib.request.OpenerDirector, url: str) -> str:
    for _ in range(50):
        try:
            with browser.open(url, timeout=30) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


@pytest.mark.parametrize(
    ("environ", "given", "expected"),
    [
        ({}, None, Settings(Path("workspace"))),
        ({"PATCHMAP_WORKSPACE": ""}, None, Settings(Path("workspace"))),
        ({"PATCHMAP_WORKSPACE": "/w"}, None, Settings(Path("/w"))),
        ({"PATCHMAP_WORKSPACE": "/w"}, Path("/given"), Settings(Path("/given"))),
        ({"PATCHMAP_DATABASE_URL": "sqlite://"}, None, Settings(Path("workspace"), "sqlite://")),
        (
            {"PATCHMAP_BASEMAP_URL": "https://t/{z}/{x}/{y}", "PATCHMAP_BASEMAP_ATTRIBUTION": "T"},
            None,
            Settings(Path("workspace"), "", "https://t/{z}/{x}/{y}", "T"),
        ),
        ({"PATCHMAP_OTHER": "x", "HOME": "/h"}, None, Settings(Path("workspace"))),
        (
            {"PATCHMAP_PUBLIC_URL": "https://m.example/ ", "PATCHMAP_MARKING": " OFFICIAL - X "},
            None,
            Settings(Path("workspace"), public_url="https://m.example", marking="OFFICIAL - X"),
        ),
        ({"PATCHMAP_MARKING": " "}, None, Settings(Path("workspace"), marking="OFFICIAL")),
    ],
)
def test_settings_from_the_environment(
    environ: dict[str, str], given: Path | None, expected: Settings
) -> None:
    assert Settings.from_env(environ, given) == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"public_url": "maps.example"}, "PATCHMAP_PUBLIC_URL must be"),
        ({"public_url": "https://"}, "PATCHMAP_PUBLIC_URL must be"),
        ({"public_url": "https://["}, "PATCHMAP_PUBLIC_URL must be"),
        ({"public_url": "https://maps.example:port"}, "PATCHMAP_PUBLIC_URL must be"),
        ({"public_url": "https://maps.example/?a=b"}, "PATCHMAP_PUBLIC_URL must be"),
        ({"public_url": "javascript:alert(1)"}, "PATCHMAP_PUBLIC_URL must be"),
        ({"marking": "two\nlines"}, "PATCHMAP_MARKING must be"),
        ({"marking": "x" * 61}, "PATCHMAP_MARKING must be"),
    ],
)
def test_what_papers_cannot_use_is_refused_at_the_start(given: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        Settings(Path("workspace"), **given)


def test_the_table_of_settings_names_every_variable_that_is_read() -> None:
    class Noted(dict[str, str]):
        asked: list[str] = []  # noqa: RUF012

        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            self.asked.append(name)
            return default

    Settings.from_env(Noted())
    assert sorted(Noted.asked) == sorted(setting.name for setting in SETTINGS)


@pytest.mark.parametrize(
    ("url", "attribution", "words"),
    [
        ("notaurl", "T", "beginning with https://"),
        ("https://t/{z}", "T", "{x}"),
        ("https://t/{z}/{x}/{y}", "", "PATCHMAP_BASEMAP_ATTRIBUTION"),
    ],
)
def test_a_basemap_that_cannot_be_drawn_is_refused_at_the_start(
    url: str, attribution: str, words: str
) -> None:
    with pytest.raises(InvalidValue, match=re.escape(words)):
        Settings(Path("workspace"), basemap_url=url, basemap_attribution=attribution)
