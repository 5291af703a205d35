"""What time it is: stored in UTC, spoken in Europe/London, whatever the server's own zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Tell the time in UTC; the configuration's CLOCK, where set, is asked instead of the machine."""
    clock = current_app.config.get("CLOCK") if has_app_context() else None
    return clock() if clock else datetime.now(UTC)


def london(moment: datetime) -> datetime:
    """Say when a moment is in West Yorkshire."""
    return moment.astimezone(LONDON)
