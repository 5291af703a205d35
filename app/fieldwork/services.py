"""Use cases of events: plan one, count by hand, sign the day off. Each commits once and is audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app import clock
from app.accounts import audit
from app.database import db
from app.fieldwork import queries
from app.fieldwork.models import Event, HandCount, SignOff
from app.surveys import codes

SIGNATURES = 2


class CannotSignOff(Exception):
    """A day may not be signed off like this; the message says what must be done first."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Whether a day adds up: what was counted by hand, what is stored, and whose word stands for these numbers."""

    counted: int
    stored: int
    signed_by: tuple[str, ...]
    reopened: bool

    @property
    def difference(self) -> int:
        """Say how many more are stored than were counted."""
        return self.stored - self.counted

    @property
    def state(self) -> str:
        """Name the state of the day."""
        if len(self.signed_by) >= SIGNATURES:
            return "Signed off"
        if self.reopened:
            return "Reopened: the numbers changed after a sign-off"
        return "Waits for a second person" if self.signed_by else "Not signed off"


def reconciliation(event: Event) -> Reconciliation:
    """Compare an event's hand counts with what is stored; a word given for other numbers no longer stands."""
    counted = sum(each.counted for each in event.counts)
    stored = queries.stored([event.id]).get(event.id, 0)
    standing = [each.by for each in event.sign_offs if (each.counted, each.stored) == (counted, stored)]
    reopened = bool(event.sign_offs) and not standing
    return Reconciliation(counted, stored, tuple(dict.fromkeys(standing)), reopened)


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
    db.session.add(
        SignOff(event_id=event.id, by=by, at=clock.now(), counted=found.counted, stored=found.stored, remark=remark)
    )
    audit.record("event.sign_off", f"event {event.id}", f"counted {found.counted}, stored {found.stored}")
    db.session.commit()
