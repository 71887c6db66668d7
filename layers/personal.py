"""What in a free text looks like a person's name or how to reach one.

The registers are to hold no names of members of the public. A text cannot be proved to hold none,
so what looks like one is warned of, and whoever writes it decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from layers.reading import ParsedRow
from layers.register import Check
from layers.report import RowIssue
from layers.workspace import Workspace

PATTERNS: Final = MappingProxyType(
    {
        "an email address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"),
        "a telephone number": re.compile(r"(?<![\w+])(?:\+44|0)(?:[ ().-]*\d){9,11}(?!\w)"),
        "a title with a name": re.compile(
            r"\b(?:M[Rr][Ss]?|M[Ss]|M[Xx]|D[Rr]|Miss|MISS|mrs?|ms|dr)\b\.?\s+[A-Z][\w'’-]*"
        ),
    }
)
"""Kinds of what may tell who somebody is, in words, and how each looks."""


def looks_personal(text: str) -> tuple[tuple[str, str], ...]:
    """Each kind of personal detail that a text seems to hold, with what looks like it.

    >>> looks_personal("Mrs Lee wrote to us")
    (('a title with a name', 'Mrs Lee'),)
    """
    found = ((kind, pattern.search(text)) for kind, pattern in PATTERNS.items())
    return tuple((kind, match[0]) for kind, match in found if match)


def check_personal(*fields: str) -> Check:
    """Warn of what looks like personal details in these fields; nothing is refused for it."""

    def check(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
        return [
            RowIssue(
                row.number,
                field,
                found,
                f"{found!r} looks like {kind}. No names of members of the public are to be "
                "entered: take it out unless it is nobody's own.",
                "warned",
            )
            for row in rows
            for field in fields
            for kind, found in looks_personal(str(row.values[field] or ""))
        ]

    return check
