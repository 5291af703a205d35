"""Begins the change of a stored response, in one draft however often it is begun."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from app import clock
from app.database import db
from app.surveys import codes
from app.surveys.errors import DraftGone, Frozen
from app.surveys.models import Response
from app.surveys.queries import DRAFTS, RESPONSES
from app.surveys.responding import store_draft


def amend(response: Response, language: str) -> str:
    """Begin to change a stored response, or go on changing it; until the change is sent, what was stored stands.

    Returns the draft's code. Whoever has the receipt code has been let on once: no network is asked, and however often
    they begin, a response has one draft.
    """
    now = clock.now()
    db.session.execute(select(RESPONSES.c.id).where(RESPONSES.c.id == response.id).with_for_update())
    if response.answers is None:
        raise DraftGone("This response was withdrawn: there is nothing left to change.")
    if now >= response.wave.freezes_at:
        raise Frozen(f"{response.wave.reference} is frozen.")
    code = _reopened(response, language, now) or store_draft(response.wave, now, **_amending(response, language))
    db.session.commit()
    return code


def _reopened(response: Response, language: str, now: datetime) -> str | None:
    """Give the draft that changes a response already a new code, with what was saved in it."""
    own = select(func.max(DRAFTS.c.id)).where(DRAFTS.c.amends_id == response.id, DRAFTS.c.expires_at > now)
    code = codes.new_resume_code()
    values = {"resume": codes.hashed(code), "language": language}
    found = update(DRAFTS).where(DRAFTS.c.id == own.scalar_subquery()).values(values).returning(DRAFTS.c.id)
    return code if db.session.scalar(found) else None


def _amending(response: Response, language: str) -> dict[str, Any]:
    kept = {
        "answers": response.said,
        "amends_id": response.id,
        "page": "check",
        "event_id": response.event_id,
        "channel": response.channel or "online",
        "assisted": bool(response.assisted),
        "language": language,
    }
    return kept if response.seed is None else kept | {"seed": response.seed}
