"""The safeguarding queue: possible disclosures, oldest first, with what was decided. Never reported by itself."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.accounts import audit
from app.comments import services
from app.comments.errors import NotKept, UnknownComment
from app.comments.models import LONGEST_NOTE, OUTCOMES, RELEASES, Comment, Disclosure, Outcome
from app.database import db
from app.surveys.models import Response, Wave

BY_STAFF = "sent by a member of staff"


def queue(done: bool = False) -> list[Disclosure]:
    """List the disclosures that wait for an outcome, or those that have one, what was written first first."""
    found = db.session.scalars(_entries().order_by(Response.submitted_at, Disclosure.id))
    return [each for each in found if decided(each) == done]


def decided(entry: Disclosure) -> bool:
    """Say whether an outcome stands; one from before the comment was found again does not."""
    return entry.latest is not None and entry.latest.at >= entry.found_at


def entry(number: int) -> Disclosure:
    """Find one disclosure."""
    found = db.session.scalar(_entries().where(Disclosure.id == number))
    if found is None:
        raise UnknownComment("There is no such entry: the comment may have been changed or withdrawn.")
    return found


def _entries() -> Select[Disclosure]:
    comment = joinedload(Disclosure.comment)
    return (
        select(Disclosure)
        .join(Comment)
        .join(Response)
        .options(
            comment.joinedload(Comment.wave).joinedload(Wave.survey),
            comment.joinedload(Comment.response).load_only(Response.district, Response.language, Response.submitted_at),
            selectinload(Disclosure.outcomes),
        )
    )


def record(entry: Disclosure, outcome: str, note: str) -> None:
    """Keep what was decided; "no disclosure" gives the comment back to the others. Raises NotKept."""
    if outcome not in OUTCOMES:
        raise NotKept("Choose an outcome.", "outcome")
    words = note.strip()
    if not words:
        raise NotKept("Write down why, and what was done.", "note")
    if len(words) > LONGEST_NOTE:
        raise NotKept(f"This has {len(words)} characters: shorten it to {LONGEST_NOTE}.", "note")
    event = audit.record("safeguarding.outcome", _named(entry), outcome)
    made = Outcome(disclosure_id=entry.id, outcome=outcome, sealed="", by=event.actor, at=event.at)
    db.session.add(made)
    db.session.flush()
    made.keep(words)
    entry.comment.held = outcome != RELEASES
    db.session.commit()


def send(comment: Comment) -> None:
    """Put a comment into the queue because somebody who read it thinks it tells of harm; others see it no more."""
    event = audit.record("safeguarding.send", comment.wave.reference)
    kept = comment.disclosure
    if kept is None:
        kept = comment.disclosure = Disclosure(kinds=[], found_by=event.actor, found_at=event.at)
    kept.kinds, kept.found_by, kept.found_at = [*kept.kinds, BY_STAFF], event.actor, clock.now()
    comment.held = True
    db.session.commit()


def unmask(entry: Disclosure, reason: str) -> str:
    """Give a possible disclosure as it was written, for a reason that the audit log keeps. Raises NotKept."""
    return services.unmask(entry.comment, reason, _named(entry))


def _named(entry: Disclosure) -> str:
    return f"{entry.comment.wave.reference}, entry {entry.id}"
