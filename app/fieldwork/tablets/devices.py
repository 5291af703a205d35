"""Use cases of devices: set one up, move it to another event, revoke it, let it in by its token."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts import audit
from app.accounts.models import current_user
from app.database import db
from app.fieldwork import queries
from app.fieldwork.models import Event
from app.fieldwork.tablets import keys
from app.fieldwork.tablets.errors import Refused, shown
from app.fieldwork.tablets.models import Device, SealKey, Served

BEGINS = "yvt1_"
LONGEST_NAME = 60
SEND_TOKEN = "Set the tablet up again from the event's page; its queue stays where it is."


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose batch it is: a device, the events that it may speak for, and what is known of its clock."""

    device_id: int
    name: str
    event_id: int
    served: frozenset[int]
    added_at: datetime
    clock_offset: int | None


def set_up(event_id: Any, name: Any, device_id: Any = None) -> tuple[Device, str, SealKey]:
    """Set a tablet up for an event, or an earlier device for another one; its token is told once. Raises Refused."""
    event = _event(event_id)
    called = _name(name)
    token = BEGINS + secrets.token_urlsafe(32)
    device = _known(device_id) if device_id is not None else Device(added_at=clock.now(), added_by=current_user.email)
    device.name, device.event_id, device.token = called, event.id, hashed(token)
    db.session.add(device)
    db.session.flush()
    _serve(device, event)
    if called not in event.devices:
        event.devices = [*event.devices, called]
    key = keys.at_hand()
    audit.record("tablet.set_up", f"event {event.id}, tablet {device.id}", called)
    db.session.commit()
    return device, token, key


def _serve(device: Device, event: Event) -> None:
    served = next((each for each in device.served if each.event_id == event.id), None)
    if served is None:
        device.served.append(Served(event_id=event.id, name=device.name, since=clock.now()))
    else:
        served.name = device.name


def _event(event_id: Any) -> Event:
    if not isinstance(event_id, int) or isinstance(event_id, bool) or event_id < 1:
        raise Refused(400, "event", "“event” is no number of an event.", "Open the event's page.", "event", event_id)
    try:
        return queries.event_numbered(event_id)
    except queries.UnknownEvent:
        remedy = "Choose an event from the list of events."
        raise Refused(404, "event_unknown", f"There is no event {event_id}.", remedy, "event", str(event_id)) from None


def _name(name: Any) -> str:
    text = " ".join(name.split()) if isinstance(name, str) else ""
    if not 1 <= len(text) <= LONGEST_NAME or not text.isprintable():
        said = f"“name” has to be 1 to {LONGEST_NAME} characters that can be read."
        raise Refused(400, "name", said, "Name the tablet as it is labelled, for example Tablet A.", "name", name)
    return text


def _known(device_id: Any) -> Device:
    device = db.session.get(Device, device_id) if _is_id(device_id) else None
    if device is None:
        remedy = "Leave “device” out to set the tablet up as a new one."
        raise Refused(404, "device_unknown", "There is no such device.", remedy, "device", str(device_id))
    if device.revoked_at:
        raise revoked(device)
    return device


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def carried(header: str) -> Device:
    """Find the device whose token a request carries. Raises Refused where it opens nothing."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        said = "The request carries no device token."
        raise Refused(401, "token_missing", said, "Send it as: Authorization: Bearer TOKEN.", "Authorization", scheme)
    device = db.session.scalar(select(Device).where(Device.token == hashed(token.strip())))
    if device is None:
        said = "No device has this token: it was never issued, or the tablet was set up again."
        raise Refused(401, "token_unknown", said, SEND_TOKEN, "token", token.strip()[:9])
    if device.revoked_at:
        raise revoked(device)
    return device


def revoked(device: Device) -> Refused:
    """Say that a device may no longer send."""
    said = f"{shown(device.name)} was revoked on {clock.london(device.revoked_at or clock.now()):%-d %B %Y at %H:%M}."
    remedy = "Its queue stays on it. Ask for it to be allowed again, or give staff an exported file of the queue."
    return Refused(403, "revoked", said, remedy, "device", device.name)


def sender(device: Device) -> Sender:
    """Take what a batch needs to know of its device."""
    served = frozenset(each.event_id for each in device.served)
    return Sender(device.id, device.name, device.event_id, served, device.added_at, device.clock_offset)


def revoke(device: Device, reason: str) -> None:
    """Let a device send no more; what it holds stays sealed on it."""
    device.revoked_at = device.revoked_at or clock.now()
    audit.record("tablet.revoke", f"event {device.event_id}, tablet {device.id}", reason)
    db.session.commit()


def allow(device: Device, reason: str) -> None:
    """Let a revoked device send again."""
    device.revoked_at = None
    audit.record("tablet.allow", f"event {device.event_id}, tablet {device.id}", reason)
    db.session.commit()


def hashed(token: str) -> str:
    """Hash a token, for looking it up."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
