"""What a record is called where people read of it: by its place and date, not by its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.records.form import date_in_words


def called(values: Mapping[str, Any]) -> str:
    """A record by its place and date, or by its name and ward where it has no place.

    >>> called({"place": "Mill", "date": "2025-03-12", "theme": "drugs"})
    'Mill, 12 March 2025'
    >>> called({"name": "A. Lee", "ward": "Mill", "council": "Anywhere Borough Council"})
    'A. Lee, Mill'
    """
    subject = values.get("place") or values.get("name") or ""
    when = values.get("date") or values.get("visit_date") or ""
    beside = date_in_words(str(when)) if when else values.get("ward") or ""
    return ", ".join(str(part) for part in (subject, beside) if part)
