"""The use case of receiving: each item of a batch is opened, judged and stored in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.exc import IntegrityError, OperationalError

from app import clock
from app.database import db
from app.fieldwork.tablets import batches, inside, judging, keys
from app.fieldwork.tablets.batches import Batch
from app.fieldwork.tablets.clocks import YEARS, offset_between
from app.fieldwork.tablets.devices import Sender
from app.fieldwork.tablets.errors import Refused, Rejected
from app.fieldwork.tablets.judging import Judged
from app.fieldwork.tablets.keeping import keep_conflict, keep_rejected, known_as, store
from app.fieldwork.tablets.models import Device
from app.surveys import codes, withdrawing

log = logging.getLogger(__name__)
FORGOTTEN = ("stored", "duplicate", "conflict")
ERASED_CODES = ("withdrawn", "ends")
CONFLICT = "Another content with this id is stored. Both are kept, and a person decides."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device is told of one item."""

    id: str | None
    outcome: str
    at: datetime
    code: str = ""
    reason: str = ""

    @property
    def settled(self) -> bool:
        """Say whether the device may forget the item."""
        return self.outcome in FORGOTTEN or self.code in ERASED_CODES

    @property
    def document(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "id": self.id,
            "outcome": self.outcome,
            "code": self.code,
            "reason": self.reason,
            "at": self.at.isoformat(),
        }


@dataclass(slots=True)
class Arrival:
    """One batch while it is received: who sent it, when it came, how wrong the clock goes, and keys in use."""

    sender: Sender
    sent_at: str
    received: datetime
    offset: timedelta
    private: dict[str, ec.EllipticCurvePrivateKey | None] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)

    def key(self, name: str) -> ec.EllipticCurvePrivateKey:
        """Find a private key of the server. Raises Rejected."""
        if name not in self.private:
            self.private[name] = keys.private(name) if len(name) <= 16 and name.isalnum() else None
        found = self.private[name]
        if found is None:
            raise Rejected("seal_key", "It was sealed to a key that this server does not have.")
        return found


def receive(sender: Sender, batch: Batch) -> list[Answer]:
    """Receive a batch: every item is stored, known already, kept for a person, or rejected by name."""
    received = clock.now()
    arrival = Arrival(sender, batch.sent_at, received, offset_between(received, batch.sent))
    answers = [receive_item(arrival, item) for item in batch.items]
    if arrival.receipts:
        withdrawing.withdraw_what_came_late(arrival.receipts)
    _note(sender.device_id, batch, arrival, answers)
    return answers


def receive_item(arrival: Arrival, item: Any) -> Answer:
    """Receive one item; whatever is wrong with it is its own matter."""
    try:
        return _received(arrival, item)
    except Rejected as why:
        db.session.rollback()
        if why.keep:
            keep_rejected(arrival.sender, item, why, arrival.sent_at, arrival.received)
        return Answer(batches.id_of(item), "rejected", arrival.received, why.code, why.reason)
    except (OperationalError, Refused):
        raise
    except Exception as error:
        db.session.rollback()
        log.error("Unexpected %s while an item was received", type(error).__name__)
        reason = "The server could not handle it, and has noted the fault. Keep it and send it again later."
        return Answer(batches.id_of(item), "rejected", arrival.received, "unforeseen", reason)


def _received(arrival: Arrival, item: Any) -> Answer:
    outside = batches.outside_of(item)
    found = inside.opened(arrival.key(outside["sealed"]["key"]), outside)
    content = inside.digest_of(found)
    answered = _answered_before(arrival, outside, content)
    if answered:
        return answered
    try:
        read = inside.read(found, outside, content)
        judged = judging.judge(arrival.sender, outside, read, arrival.offset, arrival.received)
    except Rejected as why:
        raise _named(why, arrival.sender, found, content) from None
    return _stored(arrival, outside, judged)


def _named(why: Rejected, sender: Sender, found: Mapping[str, Any], content: str) -> Rejected:
    """Note what is known of a rejected item: at which event it was given, and which receipt withdraws it."""
    event, receipt = found.get("event"), found.get("receipt")
    why.content = content
    why.event_id = event if isinstance(event, int) and event in sender.served else None
    why.receipt = codes.hashed(codes.read(receipt)) if isinstance(receipt, str) else None
    return why


def _answered_before(arrival: Arrival, outside: Mapping[str, Any], content: str) -> Answer | None:
    """Say again what was said of the same content; of other content under a stored id, keep both."""
    known = known_as(outside["id"])
    same = next((each for each in known if each.content == content), None)
    if same is not None and same.outcome == "withdrawn":
        return Answer(outside["id"], "rejected", same.received_at, "withdrawn", judging.WITHDRAWN)
    if same is not None and same.outcome == "conflict":
        return Answer(outside["id"], "conflict", same.received_at, "conflict", CONFLICT)
    if same is not None and same.outcome != "rejected":
        return Answer(outside["id"], "duplicate", same.received_at)
    if any(each.response_id is not None for each in known):
        return _conflict(arrival, outside, content)
    return None


def _conflict(arrival: Arrival, outside: Mapping[str, Any], content: str) -> Answer:
    keep_conflict(arrival.sender, outside, content, arrival.sent_at, arrival.received)
    return Answer(outside["id"], "conflict", arrival.received, "conflict", CONFLICT)


def _stored(arrival: Arrival, outside: Mapping[str, Any], judged: Judged) -> Answer:
    at = arrival.received
    try:
        stored = store(arrival.sender, outside, judged, arrival.sent_at, at)
    except IntegrityError:
        # Two items with one receipt arrived in the same moment: whoever was second finds the first one stored.
        db.session.rollback()
        raise Rejected("receipt", judging.RECEIPT_TAKEN) from None
    if not stored:
        return _answered_before(arrival, outside, judged.content) or _conflict(arrival, outside, judged.content)
    if judged.withdrawn:
        return Answer(outside["id"], "rejected", at, "withdrawn", judging.WITHDRAWN)
    arrival.receipts.append(judged.receipt)
    return Answer(outside["id"], "stored", at)


def _note(device_id: int, batch: Batch, arrival: Arrival, answers: list[Answer]) -> None:
    """Keep what the device said of itself, and that it was heard."""
    device = db.session.get_one(Device, device_id)
    gone = {answer.id for answer in answers if answer.settled}
    device.seen_at = arrival.received
    if not answers or any(answer.settled for answer in answers):
        device.synced_at = arrival.received
    device.clock_offset = max(-(2**31), min(2**31 - 1, round(arrival.offset.total_seconds())))
    device.app = batch.app or device.app
    if batch.waiting is not None:
        device.waiting = max(0, batch.waiting.count - len(gone))
        device.waiting_ids = [each for each in batch.waiting.ids if each not in gone]
        device.waiting_since = _since(batch.waiting.oldest, arrival) if device.waiting else None
    db.session.commit()


def _since(oldest: datetime | None, arrival: Arrival) -> datetime | None:
    """Say since when the oldest waits, by a clock that is corrected, and never is in the future."""
    if oldest is None or oldest.year not in YEARS:
        return None
    return min(oldest.astimezone(UTC) + arrival.offset, arrival.received)
