"""Months as West Yorkshire lives them: which one a moment falls in, and when it begins and ends."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from app.clock import LONDON, london

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_of(moment: datetime) -> str:
    """Name the calendar month in Europe/London, as 2026-11."""
    return f"{london(moment):%Y-%m}"


def bounds(month: str) -> tuple[datetime, datetime]:
    """Say when a month begins and when the next one does, in UTC; clock changes included."""
    match = MONTH.fullmatch(month)
    if not match:
        raise ValueError(f"{month!r} is no month: write it as 2026-11")
    year, number = int(match[1]), int(match[2])
    return _first(year, number), _first(year + number // 12, number % 12 + 1)


def number_of(month: str) -> int:
    """Say which month of the year it is, 1 to 12."""
    return int(month[-2:])


def before(month: str, count: int) -> str:
    """Name the month that lies some months earlier."""
    months = int(month[:4]) * 12 + int(month[-2:]) - 1 - count
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _first(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=LONDON).astimezone(UTC)
