"""Use cases of events: plan one, count by hand, sign the day off. Each commits once and is audited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import clock
from app.accounts import audit
from app.database import db
from app.fieldwork.models import Event, HandCount, SignOff
from app.fieldwork.reconciling import numbers, reconciliation
from app.surveys import codes


class CannotSignOff(Exception):
    """A day may not be signed off like this; the message says what must be done first."""


def plan(values: Mapping[str, Any]) -> Event:
    """Plan an event; its code makes an address that cannot be guessed."""
    event = Event(code=codes.new_resume_code(), **values)
    db.session.add(event)
    db.session.flush()
    audit.record("event.plan", f"event {event.id}")
    db.session.commit()
    return event


def change(event: Event, values: Mapping[str, Any]) -> bool:
    """Change what is known of an event; says whether anything changed."""
    changed = [name for name, value in values.items() if getattr(event, name) != value]
    for name in changed:
        setattr(event, name, values[name])
    if changed:
        audit.record("event.change", f"event {event.id}", ", ".join(changed))
    db.session.commit()
    return bool(changed)


def count(event: Event, counts: Mapping[str, int]) -> None:
    """Keep what was counted by hand at each source, in place of what was kept before."""
    event.counts = []
    db.session.flush()
    event.counts = [HandCount(source=source, counted=counted) for source, counted in counts.items()]
    audit.record("event.count", f"event {event.id}", f"{sum(counts.values())} counted")
    db.session.commit()


def sign_off(event: Event, by: str, remark: str) -> None:
    """Keep somebody's word that the day adds up; a difference has to be explained. Raises CannotSignOff."""
    found = reconciliation(event)
    if not event.counts:
        raise CannotSignOff("Nothing has been counted yet: enter what each tablet and the pile of paper hold.")
    if by in found.signed_by:
        raise CannotSignOff("You have signed this day off already: a second person has to.")
    if found.difference and not remark:
        raise CannotSignOff(
            f"{found.counted} were counted and {found.stored} are stored: find the difference, or say why it stays."
        )
    if found.tasks and not remark:
        raise CannotSignOff("There are tasks left: do them, or say why they stay. " + found.tasks[0].text)
    word = {"counted": found.counted, "stored": found.stored, "sources": numbers(found.sources)}
    db.session.add(SignOff(event_id=event.id, by=by, at=clock.now(), remark=remark, **word))
    audit.record("event.sign_off", f"event {event.id}", f"counted {found.counted}, stored {found.stored}")
    db.session.commit()
