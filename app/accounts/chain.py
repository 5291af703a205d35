"""The hash chain of the audit trail: each deed carries the digest of the one before, so that no change goes unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, event, func, inspect, select, text
from sqlalchemy.orm import Session

from app import append_only
from app.accounts.models import AuditEvent, User
from app.database import db

BEGINNING = "0" * 64
"""What the first deed carries in place of a digest before it."""
LOCK = 0x617564
TRIM = "audit.trim"
REFUSAL = "the audit trail is append-only"
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


def gap(deed: Any) -> str:
    """Say before which entry the chain is broken."""
    return f"Before entry {deed.id} of {deed.at:%d %B %Y, %H:%M} something is missing or moved."


def verify(deeds: Iterable[Any], noted: str = "") -> Verdict:
    """Walk along the chain and stop at the first deed that does not say what it said.

    ``noted`` is a digest that somebody wrote down earlier: where it is not met on the way, the end was cut off or the
    whole chain written anew since then.
    """
    held, head, met = 0, BEGINNING, noted in ("", BEGINNING)
    trimmed: tuple[str, str] | None = None
    for deed in deeds:
        if not held and deed.previous != BEGINNING:
            head, trimmed = deed.previous, (deed.previous, gap(deed))
        if trimmed and deed.action == TRIM and deed.subject == trimmed[0]:
            trimmed = None
        if deed.previous != head:
            return Verdict(held, head, gap(deed))
        if deed.digest != digest_of(head, deed):
            return Verdict(held, head, f"Entry {deed.id} of {deed.at:%d %B %Y, %H:%M} was changed.")
        held, head = held + 1, deed.digest
        met = met or head == noted
    if trimmed:
        return Verdict(0, BEGINNING, trimmed[1])
    if not met:
        return Verdict(held, head, f"The digest {noted[:12]}… noted earlier is not in the trail: its end was cut off.")
    return Verdict(held, head)


def trim(before: datetime) -> tuple[int, str]:
    """Remove the entries from before a moment, as only the owner of the tables can; the caller says so and commits.

    Returns how many, and the digest after which the trail then begins: an entry of its own must name it.
    """
    last = db.session.scalar(select(AuditEvent).where(AuditEvent.at < before).order_by(AuditEvent.id.desc()).limit(1))
    if last is None:
        return 0, BEGINNING
    connection, old, digest = db.session.connection(), AuditEvent.id <= last.id, last.digest
    count = db.session.scalar(select(func.count()).select_from(AuditEvent).where(old)) or 0
    append_only.drop_triggers(connection, "audit_event")
    db.session.execute(delete(AuditEvent).where(old).execution_options(synchronize_session=False))
    append_only.create_triggers(connection, "audit_event", REFUSAL)
    return count, digest


def verify_stored(connection: Connection, noted: str = "") -> Verdict:
    """Verify the trail in the database, a thousand deeds at a time."""
    with connection.execution_options(yield_per=1000).execute(ORDERED) as deeds:
        verdict = verify(deeds, noted)
    if not verdict.held and not verdict.fault and connection.scalar(select(User.id).limit(1)):
        return Verdict(0, BEGINNING, "It is empty, though somebody has an account: all entries were removed.")
    return verdict
