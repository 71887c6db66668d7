"""Councillors: what identifies one whose list gives no ids, and what can be checked of a row."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from email.errors import MessageError
from email.headerregistry import Address
from typing import Final

from layers.reading import ParsedRow
from layers.report import RowIssue
from layers.schema import Value, slugify
from layers.workspace import Workspace

KNOWN_BY: Final = ("council", "ward", "name")
DIGEST_CHARACTERS: Final = 8
_DOMAIN = re.compile(r"(?:[^\W_](?:[^\W_]|-)*(?<!-)\.)+[^\W\d_](?:[^\W_]|-)*[^\W_]")


def councillor_id(values: Mapping[str, Value]) -> str:
    """The id of a councillor whose list gives none: the same each time the list is imported.

    Letters beyond a to z have no place in it. Where there are any, a digest of the whole tells
    councillors apart whose ids would be alike otherwise.

    >>> councillor_id({"name": "A. Lee", "ward": "Mill", "council": "Anywhere Borough Council"})
    'anywhere-borough-council-mill-a-lee'
    """
    texts = [unicodedata.normalize("NFC", str(values[name])) for name in KNOWN_BY]
    slugs = [slugify(text) for text in texts]
    lost = any(letter.isalnum() and not letter.isascii() for text in texts for letter in text)
    if lost or not all(slugs):
        whole = "\n".join(" ".join(text.casefold().split()) for text in texts)
        slugs.append(hashlib.sha256(whole.encode()).hexdigest()[:DIGEST_CHARACTERS])
    return "-".join(slug for slug in slugs if slug)


def with_councillor_id(values: dict[str, Value]) -> dict[str, Value]:
    """A row with the id that its own values make, unless it has one."""
    return values | {"councillor_id": values["councillor_id"] or councillor_id(values)}


def check_ward_code(workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
    """Reject a code that no ward here has; warn of one where no wards are held to compare with."""
    known = set(workspace.ground.wards["code"])
    issues = []
    for row in rows:
        code = str(row.values["ward_code"] or "")
        if code and not known:
            reason = "No wards are held here to compare the code with, so it is taken as it is."
            issues.append(RowIssue(row.number, "ward_code", code, reason, "warned"))
        elif code and code not in known:
            reason = (
                f"No ward of this force area has the code {code!r}. Give its nine characters, or "
                "leave it blank, as for a county division."
            )
            issues.append(RowIssue(row.number, "ward_code", code, reason, "rejected"))
    return issues


def check_email(_workspace: Workspace, rows: Sequence[ParsedRow]) -> list[RowIssue]:
    """Reject what is not of the form of one email address; whether it is in use nobody asks."""
    reason = "One email address such as office@example.org is needed, or none."
    return [
        RowIssue(row.number, "email", email, reason, "rejected")
        for row in rows
        if (email := str(row.values["email"] or "")) and not is_email(email)
    ]


def is_email(text: str) -> bool:
    """Whether a text has the form of an email address at a named host.

    >>> is_email("a.lee@council.example"), is_email("a.lee@council"), is_email("A. Lee")
    (True, False, False)
    """
    if any(letter.isspace() or letter in '()"' for letter in text):
        return False
    local, _, domain = text.rpartition("@")
    try:
        Address(addr_spec=f"{local}@example.org")
    except (MessageError, ValueError, IndexError):
        return False
    return _DOMAIN.fullmatch(domain) is not None
