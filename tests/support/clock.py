"""A clock that a test sets and moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any


class Clock:
    """Tells the time that it was set to, until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.moment

    def set(self, text: str) -> None:
        """Set the clock, as ``2026-11-30T23:59+00:00``; without an offset it is UTC."""
        moment = datetime.fromisoformat(text)
        self.moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def advance(self, **amount: Any) -> None:
        """Let time pass: ``advance(minutes=31)``."""
        self.moment += timedelta(**amount)
