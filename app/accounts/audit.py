"""Writes the audit trail: one event for each deed, in the deed's own transaction."""

from __future__ import annotations

from flask import has_request_context

from app import clock
from app.accounts import chain  # noqa: F401  (it listens: every deed is chained as it is written)
from app.accounts.models import AuditEvent, current_user
from app.database import db

SYSTEM = "system"
NOBODY = "not signed in"


def record(action: str, subject: str = "", reason: str = "") -> AuditEvent:
    """Add an event to the session, to be committed together with what it tells of.

    ``action`` is a dotted word as ``wave.open``; ``subject`` names what it was done to. Never put an answer in either.
    """
    actor_id, actor = _actor()
    event = AuditEvent(
        at=clock.now(),
        actor_id=actor_id,
        actor=actor,
        action=action,
        subject=_one_line(subject, 300),
        reason=_one_line(reason, 500),
    )
    db.session.add(event)
    return event


def _actor() -> tuple[int | None, str]:
    if not has_request_context():
        return None, SYSTEM
    if current_user.is_authenticated:
        return current_user.id, current_user.email
    return None, NOBODY


def _one_line(text: str, longest: int) -> str:
    """Keep what can be read: no line breaks, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]
