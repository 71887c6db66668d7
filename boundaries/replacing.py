"""Files that are replaced whole or not at all, and that a server may read as another user."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

READABLE: Final = 0o644
"""A server may run as another user than the one who imports or builds."""


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new file to be written, which takes the place of ``target`` when all went well.

    It is on disk before it does, so that a killed process leaves the old file or the new one.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".unfinished-")
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
        with unfinished.open("rb+") as stream:
            os.fsync(stream.fileno())
        unfinished.chmod(READABLE)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
