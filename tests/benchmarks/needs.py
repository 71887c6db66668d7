"""What a benchmark needs beyond the project, and what is said where the machine lacks it."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path


class Lacking(Exception):
    """The machine lacks what a comparison needs; the message says what, in a sentence."""


def program(name: str, *others: str, folder: Path | None = None) -> str:
    """The path of a program by any of its names, in ``folder`` or where programs are.

    Raises:
        Lacking: there is none.
    """
    where = str(folder) if folder else None
    for one in (name, *others):
        found = shutil.which(one, path=where)
        if found:
            return found
    raise Lacking(f"{name} is needed and was not found.")


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
