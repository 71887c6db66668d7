"""Fixtures that every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("no clock", deadline=None)  # a busy machine is no fault
settings.load_profile("no clock")

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real public files beside the project: needed in CI, optional on a user's machine."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        message = f"the public data files are needed at {folder}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
