"""Questions to the database about picked quotes; those whose comment safeguarding holds are in none of them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.comments.models import PICKED, Comment, Quote
from app.database import db
from app.surveys.models import Wave


def listed(state: str = "", wave: str = "") -> list[Quote]:
    """List picked quotes, the newest first; those whose comment safeguarding holds are left out."""
    found = select(Quote).join(Comment).join(Wave).where(Comment.held.is_(False))
    if state:
        found = found.where(Quote.state == state)
    if wave:
        found = found.where(Wave.reference == wave)
    loaded = found.options(
        joinedload(Quote.comment).joinedload(Comment.wave).joinedload(Wave.survey),
        joinedload(Quote.picked_by),
        joinedload(Quote.reviewed_by),
    )
    return list(db.session.scalars(loaded.order_by(Quote.id.desc())))


def waiting(number: int) -> Quote | None:
    """Find a quote that waits for a second person."""
    return next((each for each in listed(PICKED) if each.id == number), None)
