"""Which dates a day of visits may have, and why others may not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import holidays

from geo.dates import DateInterval
from server.visits.plan.asked import WEEKDAYS, Usable

COUNTRY: Final = "GB"
PART: Final = "ENG"


def usable_dates(period: DateInterval, usable: Usable) -> tuple[date, ...]:
    """The dates of a period on which a day of visits may be, in order."""
    return tuple(day for day in _days(period) if not why_not(day, usable))


def why_not(day: date, usable: Usable) -> str:
    """Why a date cannot be used, in words; empty where it can."""
    if WEEKDAYS[day.weekday()] not in usable.weekdays:
        return f"it is a {day:%A}"
    if not usable.bank_holidays and (name := bank_holiday(day)):
        return f"it is a bank holiday ({name})"
    for interval in usable.without:
        if interval.date_from <= day <= interval.date_to:
            return f"it lies in {interval.in_words()}, which is left out"
    return ""


def bank_holiday(day: date) -> str:
    """The name of the bank holiday of England that a day is; empty where it is none."""
    return str(holidays.country_holidays(COUNTRY, subdiv=PART, years=day.year).get(day, ""))


def _days(period: DateInterval) -> list[date]:
    length = (period.date_to - period.date_from).days + 1
    return [period.date_from + timedelta(days=number) for number in range(length)]
