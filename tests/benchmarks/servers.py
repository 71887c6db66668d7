"""Servers under test, each in a process of its own, started and stopped by the benchmark."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.benchmarks.needs import free_port

PROJECT: Final = Path(__file__).resolve().parents[2]
STARTS_S: Final = 60
ENDS_S: Final = 10


@contextmanager
def serving(
    command: Sequence[str], port: int, path: str = "/", environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The origin of a server that answers ``path``, as long as the context.

    Raises:
        RuntimeError: it ended, or answered nothing in good time.
    """
    env = {**os.environ, **(environment or {})}
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=PROJECT, env=env, stdout=silent, stderr=silent)
    origin = f"http://127.0.0.1:{port}"
    try:
        _await(process, origin + path)
        yield origin
    finally:
        process.terminate()
        try:
            process.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def serving_ours(workspace: Path) -> Iterator[str]:
    """The origin of ``patchmap serve`` over a workspace, healthy but asked nothing yet."""
    port = free_port()
    command = [*patchmap("serve", workspace), "--port", str(port)]
    with serving(command, port, "/healthz") as origin:
        yield origin


def patchmap(name: str, workspace: Path, *arguments: str) -> list[str]:
    """A command of ours as a process's arguments."""
    program = [sys.executable, "-c", "from server.cli import main; main()"]
    return [*program, name, *arguments, "--workspace", str(workspace)]


def _await(process: subprocess.Popen[bytes], url: str) -> None:
    ends = time.monotonic() + STARTS_S
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"A server that should answer {url} ended by itself.")
        try:
            with urlopen(url, timeout=5):
                return
        except HTTPError:
            return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"A server that should answer {url} did not within {STARTS_S} s.")
