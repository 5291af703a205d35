"""The hash chain of the audit trail: each deed carries the digest of the one before, so that no change goes unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, Select, event, inspect, select, text
from sqlalchemy.orm import Session

from app.accounts.models import AuditEvent
from app.database import db

BEGINNING = "0" * 64
"""What the first deed carries in place of a digest before it."""
LOCK = 0x617564
ORDERED: Select[Any] = select(*AuditEvent.__table__.c).order_by(AuditEvent.id)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found: how many deeds hold, the digest of the last, and what is wrong, if so."""

    held: int
    head: str
    fault: str = ""


def digest_of(previous: str, deed: Any) -> str:
    """Digest a deed together with the digest before it (SHA-256 of both as JSON)."""
    said = [
        previous,
        deed.at.astimezone(UTC).isoformat(),
        deed.actor_id,
        deed.actor,
        deed.action,
        deed.subject,
        deed.reason,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@event.listens_for(db.session, "before_flush")
def append(session: Session, context: Any, instances: Any) -> None:
    """Chain the deeds that are about to be written, in the order in which they were done."""
    new = [each for each in session.new if isinstance(each, AuditEvent) and not each.digest]
    if not new:
        return
    head = head_of(session.connection())
    for deed in sorted(new, key=lambda each: inspect(each).insert_order or 0):
        deed.previous = head
        deed.digest = head = digest_of(head, deed)


def head_of(connection: Connection) -> str:
    """Read the digest of the last deed, and keep others from writing one until this transaction ends.

    SQLite has one writer at a time anyway; on PostgreSQL a lock of ours makes writers of the trail queue.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    last = select(AuditEvent.digest).order_by(AuditEvent.id.desc()).limit(1)
    return connection.scalar(last) or BEGINNING


def verify(deeds: Iterable[Any], noted: str = "") -> Verdict:
    """Walk along the chain and stop at the first deed that does not say what it said.

    ``noted`` is a digest that somebody wrote down earlier: where it is not met on the way, the end was cut off or the
    whole chain written anew since then.
    """
    held, head, met = 0, BEGINNING, noted in ("", BEGINNING)
    for deed in deeds:
        if deed.previous != head:
            return Verdict(
                held, head, f"Before entry {deed.id} of {deed.at:%d %B %Y, %H:%M} something is missing or moved."
            )
        if deed.digest != digest_of(head, deed):
            return Verdict(held, head, f"Entry {deed.id} of {deed.at:%d %B %Y, %H:%M} was changed.")
        held, head = held + 1, deed.digest
        met = met or head == noted
    if not met:
        return Verdict(held, head, f"The digest {noted[:12]}… noted earlier is not in the trail: its end was cut off.")
    return Verdict(held, head)


def verify_stored(connection: Connection, noted: str = "") -> Verdict:
    """Verify the trail in the database, a thousand deeds at a time."""
    with connection.execution_options(yield_per=1000).execute(ORDERED) as deeds:
        return verify(deeds, noted)
