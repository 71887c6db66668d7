"""Acronyms of the field and what they stand for."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from layers.demo import PACK


@cache
def glossary() -> Mapping[str, str]:
    """Each acronym with its words, in the order of the file."""
    with (PACK / "glossary.csv").open(encoding="utf-8", newline="") as stream:
        return MappingProxyType(
            {row["acronym"]: row["expansion"] for row in csv.DictReader(stream)}
        )
