"""How many have answered what is open: as of yesterday and rounded, so that no count ever moves by one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from app import clock, i18n
from app.analysis.disclosure.rounding import rounded
from app.analysis.publication import SMALLEST_N
from app.clock import london
from app.database import db
from app.surveys import queries
from app.surveys.models import Response


def answered() -> list[tuple[str, int]]:
    """Count the answers to each open survey up to the end of yesterday, rounded to 5; fewer than 10 are not told."""
    found = []
    for wave in queries.open_waves(clock.now()):
        count = rounded(_until_yesterday(wave.id))
        if count > SMALLEST_N:
            found.append((queries.definition_of(wave, i18n.spoken().code).title, count))
    return found


def _until_yesterday(wave_id: int) -> int:
    yesterday = (london(clock.now()) - timedelta(days=1)).date().isoformat()
    counted = select(func.count()).where(
        Response.wave_id == wave_id, Response.submitted_on <= yesterday, Response.withdrawn_on.is_(None)
    )
    return db.session.scalar(counted) or 0
