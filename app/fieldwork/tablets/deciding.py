"""Use cases of what waits for a person: look at it, decide about a conflict, have a rejected item judged again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock, copies
from app.accounts import audit
from app.accounts.models import current_user
from app.database import db
from app.fieldwork.tablets import batches, devices, inside, judging, keeping, keys
from app.fieldwork.tablets.clocks import offset_between
from app.fieldwork.tablets.errors import Rejected
from app.fieldwork.tablets.models import TabletItem
from app.fieldwork.tablets.reading import moment_of
from app.surveys import codes, messages, own_words, queries
from app.surveys.definition import Definition
from app.surveys.errors import UnknownWave
from app.surveys.models import Response, Wave
from app.surveys.responding import insert_received

CHOICES = {
    "first": "Keep what was stored first",
    "other": "Keep the other in its place",
    "both": "Keep both: they are two people",
}


class UnknownItem(LookupError):
    """No item has this number."""


class CannotDecide(Exception):
    """A decision that cannot be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as it was answered: in the item, and where there is one in the stored response."""

    question: str
    item: str
    stored: str

    @property
    def differs(self) -> bool:
        """Say whether the two are not alike."""
        return self.item != self.stored


def item_numbered(identity: int) -> TabletItem:
    """Find an item by its number."""
    item = db.session.get(TabletItem, identity) if identity < 2**31 else None
    if item is None:
        raise UnknownItem(f"There is no item {identity}. Choose one from the event's tablets.")
    return item


def look(item: TabletItem, reason: str) -> list[Shown]:
    """Open an item to a person's eyes, beside what is stored under its id. Raises Rejected where it does not open."""
    found = _opened(item)
    audit.record("tablet.open_item", f"event {item.event_id}, item {item.id}", reason)
    response = db.session.get(Response, item.response_id) if item.response_id else None
    kept = response.said or {} if response else {}
    definition = _definition(item.wave)
    db.session.commit()
    given = found.get("answers")
    return compared(definition, given if isinstance(given, dict) else {}, kept)


def compared(definition: Definition | None, given: Mapping[str, Any], kept: Mapping[str, Any]) -> list[Shown]:
    """Set answers side by side, in words where the questionnaire has words for them."""
    shown = []
    named: set[str] = set()
    for question in definition.questions if definition else ():
        names = (question.key, *question.behaviour.companions(question))
        named.update(names)
        if any(name in answers for name in names for answers in (given, kept)):
            shown.append(Shown(question.text, _said(question, given), _said(question, kept)))
    others = sorted({*given, *kept} - named)
    return shown + [Shown(name, _plain(given.get(name)), _plain(kept.get(name))) for name in others]


def _said(question: Any, answers: Mapping[str, Any]) -> str:
    words = messages.off_scale_words() | ({"none": question.none_of_these} if question.none_of_these else {})
    try:
        return "; ".join(map(str, question.behaviour.said(question, answers, words)))
    except (AttributeError, KeyError, TypeError, ValueError):
        return _plain(answers.get(question.key))


def _plain(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _definition(reference: str) -> Definition | None:
    try:
        return queries.definition_of(queries.wave_named(reference))
    except UnknownWave:
        return None


def decide(item: TabletItem, choice: str, reason: str) -> None:
    """Keep a person's decision about a conflict. Raises CannotDecide."""
    if item.outcome != "conflict":
        raise CannotDecide("This is decided already, or its resident has withdrawn it.")
    if choice not in CHOICES:
        raise CannotDecide("Choose what to keep.")
    reference = item.wave
    if choice != "first":
        _keep_other(item, apart=choice == "both")
    _settle(item, choice)
    if choice == "both":
        item.outcome = "stored"
    audit.record("tablet.decide", f"event {item.event_id}, item {item.id}", f"{choice}. {reason}")
    db.session.commit()
    copies.erase(reference)


def _keep_other(item: TabletItem, apart: bool) -> None:
    response = db.session.get(Response, item.response_id, with_for_update=True) if item.response_id else None
    if response is None or response.answers is None:
        raise CannotDecide("What was stored first has been withdrawn: keep that.")
    judged = _judged(item)
    if not apart:
        for name, value in own_words.moved(judged.values, response.submission).items():
            setattr(response, name, value)
        response.flags, response.revision = None, response.revision + 1
        return
    if judged.receipt == response.receipt:
        raise CannotDecide("Both carry the same receipt code, so they are of one person: keep one of them.")
    own = codes.hashed(uuid.uuid5(item.item_id, item.content))
    item.response_id = insert_received(own_words.moved(judged.values, own))


def _settle(item: TabletItem, decision: str) -> None:
    item.outcome, item.sealed, item.decision = "settled", None, decision
    item.decided_at, item.decided_by = clock.now(), current_user.email


def _judged(item: TabletItem, by: str = "") -> judging.Judged:
    try:
        return judge(item, by)
    except Rejected as why:
        raise CannotDecide(f"The other cannot be stored: {why.reason}") from why


def judge(item: TabletItem, by: str = "") -> judging.Judged:
    """Judge an item as when it came, by everything as it is now. Raises Rejected."""
    outside = batches.outside_of(outside_of(item))
    found = _opened(item)
    read = inside.read(found, outside, inside.digest_of(found))
    offset = offset_between(item.received_at, moment_of(item.sent_at))
    return judging.judge(devices.sender(item.device), outside, read, offset, item.received_at, by)


def judge_again(item: TabletItem, by_present: bool, reason: str) -> str:
    """Have a rejected item judged again, perhaps by the wave's present definition; returns what came of it."""
    if item.outcome != "rejected":
        raise CannotDecide("This is not rejected any more.")
    about, record = f"event {item.event_id}, item {item.id}", item.id
    outside, sender, sent_at, received = outside_of(item), devices.sender(item.device), item.sent_at, item.received_at
    try:
        judged = judge(item, _digest(item.wave) if by_present else "")
        stored = keeping.store(sender, outside, judged, sent_at, received)
    except Rejected as why:
        db.session.rollback()
        kept = db.session.get_one(TabletItem, record)
        kept.code, kept.reason = why.code, why.reason
        if not why.keep:
            _settle(kept, why.code)
        audit.record("tablet.judge_again", about, f"{why.code}. {reason}")
        db.session.commit()
        return f"It is rejected again: {why.reason}"
    except IntegrityError:
        db.session.rollback()
        return f"It is rejected again: {judging.RECEIPT_TAKEN}"
    if not stored:
        keeping.keep_conflict(sender, outside, judged.content, sent_at, received)
    kept = db.session.get_one(TabletItem, record)
    if kept.outcome == "rejected":
        _settle(kept, "judged_again")
    audit.record("tablet.judge_again", about, f"{'stored' if stored else 'conflict'}. {reason}")
    db.session.commit()
    return "It is stored." if stored else "Another content is stored under its id: it waits for a decision."


def outside_of(item: TabletItem) -> dict[str, Any]:
    """Put together what stood outside of an item's seal."""
    outside = {"id": str(item.item_id), "wave": item.wave, "digest": item.digest, "given_at": item.given_at}
    return outside | {"sealed": item.sealed}


def _opened(item: TabletItem) -> dict[str, Any]:
    outside = outside_of(item)
    key = keys.private(str((item.sealed or {}).get("key", "")))
    if key is None:
        raise Rejected("seal_key", "It was sealed to a key that this server does not have.")
    return inside.opened(key, batches.outside_of(outside))


def _digest(reference: str) -> str:
    return db.session.scalar(select(Wave.digest).where(Wave.reference == reference)) or ""
