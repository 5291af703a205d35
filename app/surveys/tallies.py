"""Counts a wave: its flags and what they are made from, its days, and where drafts were left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.surveys import own_words
from app.surveys.models import Draft, Response


def rows_to_flag(wave_id: int, newest: int | None = None) -> Iterator[Any]:
    """Walk the responses of a wave, or the newest, with what flags are made from, words too; not withdrawn ones."""
    how = (Response.channel, Response.assisted, Response.event_id, Response.network, Response.flags)
    said = (Response.answers, Response.words, Response.submission)
    rows = select(Response.id, *how, Response.started_at, Response.submitted_at, *said)
    stored = rows.where(Response.wave_id == wave_id, Response.answers.is_not(None))
    ordered = stored.order_by(Response.id if newest is None else Response.id.desc()).limit(newest)
    with db.session.execute(ordered.execution_options(yield_per=5000)) as found:
        yield from ((row, own_words.opened(row.answers, row.words, row.submission)) for row in found)


def flag_counts() -> list[tuple[int, int | None, str | None, int]]:
    """Count the stored responses of all waves by wave, event and flags."""
    by = (Response.wave_id, Response.event_id, Response.flags)
    counted = select(*by, func.count()).where(Response.answers.is_not(None)).group_by(*by)
    return [(wave_id, event_id, flags, count) for wave_id, event_id, flags, count in db.session.execute(counted)]


def unfinished(wave_id: int, now: datetime) -> list[tuple[str | None, str, str, int]]:
    """Count the drafts of a wave that were begun and not sent: page that they stand at, channel, language, how many."""
    counted = select(Draft.page, Draft.channel, Draft.language, func.count()).where(
        Draft.wave_id == wave_id, Draft.amends_id.is_(None), Draft.expires_at > now
    )
    rows = db.session.execute(counted.group_by(Draft.page, Draft.channel, Draft.language))
    return [(page, channel, language, count) for page, channel, language, count in rows]


def days(wave_id: int, until: datetime) -> dict[str, int]:
    """Count a wave's responses by the day on which they were sent; withdrawn ones are left out."""
    counted = select(Response.submitted_on, func.count()).where(
        Response.wave_id == wave_id, Response.answers.is_not(None), Response.submitted_at <= until
    )
    rows = db.session.execute(counted.group_by(Response.submitted_on).order_by(Response.submitted_on))
    return {day: count for day, count in rows if day}
