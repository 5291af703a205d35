"""Mails that wait to be sent: queued in the transaction of what they tell, sent later, each once.

Address and words are encrypted while a mail waits and erased when it is sent; what stays is that such a mail went.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Index, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app import clock, encryption
from app.database import Model, UtcDateTime, db, keep
from app.mail import carriers
from app.mail.carriers import Letter, Refused, Unreachable

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
LEASE = timedelta(minutes=10)
"""How long a mail that somebody took may be on its way before it is looked for."""
REMEMBERED = timedelta(days=400)
"""How long it stays known that a mail went, so that it is not sent again."""
BATCH = 200


class Mail(Model):
    """One mail; ``key`` says what it is about and to whom, hashed, so that nobody gets it twice."""

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_state_next_at", "state", "next_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    purpose: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[str | None] = mapped_column(Text, info={"sealed": ("id",)})
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str] = mapped_column(String(200), default="")


@dataclass
class Sent:
    """What one round of sending did."""

    sent: int = 0
    later: int = 0
    failed: int = 0


def queue(purpose: str, about: str, letter: Letter) -> bool:
    """Queue a mail in the transaction of whoever calls; says whether it is new: the same is never queued again."""
    key, number, now = _key(purpose, about, letter.to), uuid.uuid4(), clock.now()
    if db.session.scalar(select(Mail.id).where(Mail.key == key)):
        return False
    sealed = encryption.seal_document(asdict(letter), "mail.sealed", number)
    db.session.add(Mail(id=number, purpose=purpose, key=key, sealed=sealed, queued_at=now, next_at=now))
    return True


def send() -> Sent:
    """Send what is due; what cannot be carried now waits longer each time, and is given up after some attempts."""
    carrier, done = carriers.chosen(current_app), Sent()
    for number, taken_before in _due():
        letter = _taken(number)
        if letter is None:
            continue
        try:
            if not (taken_before and carrier.has(number)):
                carrier.carry(number, letter)
            _end(number, "sent")
            done.sent += 1
        except Refused as refused:
            _end(number, "failed", str(refused))
            done.failed += 1
        except Unreachable as unreachable:
            done.failed += not _later(number, str(unreachable))
            done.later += 1
    keep(delete(Mail).where(Mail.ended_at < clock.now() - REMEMBERED), {})
    return done


def counts() -> list[tuple[str, str, int]]:
    """Count mails by purpose and state."""
    from sqlalchemy import func

    asked = select(Mail.purpose, Mail.state, func.count()).group_by(Mail.purpose, Mail.state)
    return [(purpose, state, n) for purpose, state, n in db.session.execute(asked.order_by(Mail.purpose, Mail.state))]


def _due() -> Iterator[tuple[uuid.UUID, bool]]:
    """Walk mails that are due, with whether somebody took them before and did not say what became of them."""
    due = select(Mail.id, Mail.state).where(Mail.state.in_(("waiting", "taken")), Mail.next_at <= clock.now())
    while found := db.session.execute(due.order_by(Mail.next_at).limit(BATCH)).all():
        db.session.commit()
        yield from ((number, state == "taken") for number, state in found)


def _taken(number: uuid.UUID) -> Letter | None:
    """Take a mail for oneself, kept before anything is sent; none where somebody else was faster."""
    now = clock.now()
    own = (Mail.id == number, Mail.state.in_(("waiting", "taken")), Mail.next_at <= now)
    values = {"state": "taken", "attempts": Mail.attempts + 1, "next_at": now + LEASE}
    sealed = db.session.scalar(update(Mail).where(*own).values(values).returning(Mail.sealed))
    db.session.commit()
    return Letter(**encryption.opened_document(sealed, "mail.sealed", number)) if sealed else None


def _end(number: uuid.UUID, state: str, fault: str = "") -> None:
    values = {"state": state, "sealed": None, "ended_at": clock.now(), "fault": fault[:200]}
    keep(update(Mail).where(Mail.id == number).values(values), {})


def _later(number: uuid.UUID, fault: str) -> bool:
    """Let a mail wait twice as long as the time before; gives it up after the last attempt, and says so."""
    attempts = db.session.scalar(select(Mail.attempts).where(Mail.id == number)) or 1
    db.session.commit()
    log.warning("A mail could not be sent, attempt %s: %s", attempts, fault)
    if attempts >= MOST_ATTEMPTS:
        _end(number, "failed", fault)
        return False
    wait = timedelta(minutes=2 ** (attempts - 1))
    values = {"state": "waiting", "next_at": clock.now() + wait, "fault": fault[:200]}
    keep(update(Mail).where(Mail.id == number).values(values), {})
    return True


def _key(purpose: str, about: str, to: str) -> str:
    """Hash what a mail is about and to whom, with a key of our own: nobody can try addresses."""
    said = "\n".join((purpose, about, to.casefold()))
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), said.encode(), hashlib.sha256).hexdigest()
