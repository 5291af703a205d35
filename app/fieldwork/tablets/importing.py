"""The use case of importing the file of a queue: the same way in as sync, and the same answers."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts import audit
from app.database import db
from app.fieldwork.tablets import devices
from app.fieldwork.tablets.batches import FORMAT, id_of, items_of
from app.fieldwork.tablets.errors import Refused
from app.fieldwork.tablets.models import Device, TabletItem
from app.fieldwork.tablets.reading import TooDeep, WrongMoment, moment_of, parsed
from app.fieldwork.tablets.receiving import Answer, Arrival, receive_item
from app.surveys import withdrawing

MOST_ITEMS, MOST_BYTES = 20_000, 64 * 1024 * 1024
SECONDS = 20
"""How long one import works; a longer file is imported again, and goes on where it stopped."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: the answers so far, and how many items it has."""

    device: str
    answers: list[Answer]
    items: int

    @property
    def outcomes(self) -> dict[str, int]:
        """Count the answers by outcome."""
        return dict(Counter(answer.outcome for answer in self.answers))

    @property
    def left(self) -> int:
        """Count the items that there was no time for."""
        return self.items - len(self.answers)


def import_queue(content: bytes) -> Imported:
    """Receive the items of an exported file, for as long as a page may take. Raises Refused.

    What has not come yet is looked at first, so that each repeated import gets further. The clock is corrected by what
    its device's last sync showed: between export and import any time may pass.
    """
    found = _file(content)
    items = items_of(found, MOST_ITEMS)
    device = _device(found.get("device"))
    sender = devices.sender(device)
    received = clock.now()
    offset = _offset(found, sender.clock_offset)
    arrival = Arrival(sender, (received - offset).isoformat(), received, offset)
    audit.record("tablet.import", f"event {sender.event_id}, tablet {sender.device_id}", f"{len(items)} items")
    db.session.commit()
    until = time.monotonic() + SECONDS
    answers: list[Answer] = []
    for item in _new_first(sender.device_id, items):
        answers.append(receive_item(arrival, item))
        if time.monotonic() > until:
            break
    if arrival.receipts:
        withdrawing.withdraw_what_came_late(arrival.receipts)
    _forget(sender.device_id, answers)
    return Imported(sender.name, answers, len(items))


def _new_first(device_id: int, items: list[Any]) -> list[Any]:
    """Put what has come from the device before behind what has not, each in the file's order."""
    ids = select(TabletItem.item_id).where(TabletItem.device_id == device_id)
    come = {str(each) for each in db.session.scalars(ids)}
    return sorted(items, key=lambda item: id_of(item) in come)


def _file(content: bytes) -> dict[str, Any]:
    remedy = "Choose the file that the tablet exported, unchanged."
    try:
        found = parsed(content)
    except TooDeep:
        raise Refused(400, "too_deep", "The file is nested too deep.", remedy, "file") from None
    except ValueError:
        raise Refused(400, "not_json", "The file is no exported queue: it is no JSON.", remedy, "file") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        told = found.get("format") if isinstance(found, dict) else found
        raise Refused(
            400, "format", f"The file is no exported queue: its format is not {FORMAT}.", remedy, "format", told
        )
    return found


def _device(told: Any) -> Device:
    known = isinstance(told, int) and not isinstance(told, bool) and 0 < told < 2**31
    device = db.session.get(Device, told) if known else None
    if device is None:
        said = "The file names a tablet that was never set up here."
        raise Refused(400, "device_unknown", said, "Check that it is of this platform.", "device", str(told)[:40])
    return device


def _offset(found: dict[str, Any], seen: int | None) -> timedelta:
    """Take the clock's error that was seen last; a file from the future shows at least how fast the clock goes."""
    try:
        exported = moment_of(found.get("exported_at"))
    except WrongMoment:
        said = "The file's “exported_at” is no time with an offset."
        raise Refused(400, "exported_at", said, "Export the file again.", "exported_at") from None
    if seen is not None:
        return timedelta(seconds=seen)
    return min(timedelta(), clock.now() - exported) if exported.year in range(1970, 2200) else timedelta()


def _forget(device_id: int, answers: list[Answer]) -> None:
    """Note that what arrived by the file does not wait for the tablet's own sync any more."""
    device = db.session.get_one(Device, device_id)
    gone = {answer.id for answer in answers if answer.settled}
    held = [each for each in device.waiting_ids if each not in gone]
    device.waiting = max(0, device.waiting - (len(device.waiting_ids) - len(held)))
    device.waiting_ids = held
    db.session.commit()
