"""Acronyms and what they stand for: those used everywhere, and those of a workspace's own force."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from layers.demo import PACK, is_demo
from layers.workspace import Workspace

GENERAL: Final = Path(__file__).with_name("general_terms.csv")


def glossary(workspace: Workspace) -> Mapping[str, str]:
    """Each acronym with its words; those of the demonstration's force where its pack is loaded."""
    own = _read(PACK / "glossary.csv") if is_demo(workspace) else {}
    return MappingProxyType({**_read(GENERAL), **own})


def local_glossary(workspace: Workspace) -> Mapping[str, str]:
    """The acronyms that came with what the workspace holds, in the order of their file."""
    return _read(PACK / "glossary.csv") if is_demo(workspace) else MappingProxyType({})


@cache
def _read(file: Path) -> Mapping[str, str]:
    with file.open(encoding="utf-8", newline="") as stream:
        return MappingProxyType(
            {row["acronym"]: row["expansion"] for row in csv.DictReader(stream)}
        )
