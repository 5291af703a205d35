"""Sessions of staff, kept on the server: new at each sign-in, over at sign-out, after silence and after half a day."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import current_app, g, has_request_context, session
from sqlalchemy import delete, func, select, update

from app import clock
from app.accounts.models import StaffSession, User
from app.database import begin_writing, db

LONGEST = timedelta(hours=12)
COARSELY = timedelta(minutes=1)
"""How often a sign of life is written down."""


def begin(person: User) -> None:
    """Begin a session in this browser; the caller commits. The cookie holds only its key, the database a hash of it."""
    now = clock.now()
    end()
    erase_ended()
    session["sid"] = secrets.token_urlsafe(32)
    db.session.add(StaffSession(key=hashed(session["sid"]), staff_id=person.id, begun_at=now, seen_at=now))


def erase_ended() -> int:
    """Erase sessions that are over by now and say how many; the caller commits."""
    ended = delete(StaffSession).where(StaffSession.begun_at <= clock.now() - LONGEST).returning(StaffSession.key)
    return len(db.session.execute(ended).all())


def count_ended() -> int:
    """Count the sessions that are over by now."""
    ended = select(func.count()).select_from(StaffSession).where(StaffSession.begun_at <= clock.now() - LONGEST)
    return db.session.scalar(ended) or 0


def alive(person: User) -> bool:
    """Say whether this browser's session still counts for somebody, and note the sign of life.

    A clock that is set back ends a session as silence of that length does, so that it prolongs none by more.
    """
    found = _found()
    now = clock.now()
    if (
        found is None
        or found.staff_id != person.id
        or now - found.begun_at > LONGEST
        or abs(now - found.seen_at) > idle()
    ):
        return False
    if abs(now - found.seen_at) >= COARSELY:
        _note(found.key)
    return True


def idle() -> timedelta:
    """Say how long a session may be silent."""
    return timedelta(minutes=current_app.config["STAFF_IDLE_MINUTES"])


def end() -> None:
    """End this browser's session; the caller commits."""
    db.session.execute(delete(StaffSession).where(StaffSession.key == hashed(session.get("sid", ""))))


def end_all(person: User) -> None:
    """End every session of somebody, in all browsers; the caller commits."""
    db.session.execute(delete(StaffSession).where(StaffSession.staff_id == person.id))


def end_others(person: User) -> None:
    """End somebody's sessions in all browsers but this one; the caller commits."""
    own = hashed(session.get("sid", "")) if has_request_context() else ""
    db.session.execute(delete(StaffSession).where(StaffSession.staff_id == person.id, StaffSession.key != own))


def hashed(key: str) -> str:
    """Hash a session's key, for looking it up."""
    return hashlib.sha256(key.encode()).hexdigest()


def _found() -> StaffSession | None:
    key = session.get("sid", "")
    return db.session.get(StaffSession, hashed(key)) if key else None


def _note(key: str) -> None:
    """Write down the sign of life in a transaction of its own, before the page begins."""
    begin_writing()
    db.session.execute(update(StaffSession).where(StaffSession.key == key).values(seen_at=clock.now()))
    db.session.commit()
    g.writes = False
