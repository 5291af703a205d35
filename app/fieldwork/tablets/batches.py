"""Reads a batch: when it was sent, what waits on the device, and its items, each of which may be anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.fieldwork.tablets.bundle import MOST_ITEMS
from app.fieldwork.tablets.errors import Refused, Rejected
from app.fieldwork.tablets.reading import WrongMoment, moment_of

FORMAT = "tablet-queue-1"
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
OUTSIDE = ("id", "wave", "digest", "given_at")
LONGEST = {"id": 36, "wave": 40, "digest": 64, "given_at": 40}
MOST_WAITING, MOST_IDS = 10**6, 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a device says that it still holds."""

    count: int
    oldest: datetime | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What a device sent at one time. ``sent_at`` is its clock's word, as text and as a moment."""

    sent_at: str
    sent: datetime
    items: list[Any]
    waiting: Waiting | None = None
    app: str = ""


def batch_of(body: Mapping[str, Any], most: int = MOST_ITEMS) -> Batch:
    """Read the body of a batch. Raises Refused where it cannot be one; its items are not looked at yet."""
    sent_at = body.get("sent_at")
    try:
        sent = moment_of(sent_at)
    except WrongMoment:
        said = "“sent_at” is no time with an offset."
        remedy = "Write the device's time as 2026-12-01T16:02:11+00:00."
        raise Refused(400, "sent_at", said, remedy, "sent_at", sent_at) from None
    return Batch(str(sent_at), sent, items_of(body, most), waiting_of(body.get("waiting")), _version(body.get("app")))


def items_of(body: Mapping[str, Any], most: int) -> list[Any]:
    """Take the list of items. Raises Refused where it is none, or too long."""
    items = body.get("items")
    if not isinstance(items, list):
        raise Refused(400, "items", "“items” is no list.", "Send a list of items, empty if none.", "items", items)
    if len(items) > most:
        said = f"The batch has {len(items)} items, and {most} is the most."
        raise Refused(413, "too_many", said, f"Send them in batches of {most} or fewer.", "items", str(len(items)))
    return items


def waiting_of(told: Any) -> Waiting | None:
    """Read what a device says that waits: a count, or count, oldest and ids. Raises Refused."""
    if told is None:
        return None
    parts = told if isinstance(told, dict) else {"count": told}
    count, ids, oldest = parts.get("count"), parts.get("ids", []), parts.get("oldest")
    try:
        since = moment_of(oldest) if oldest is not None else None
    except WrongMoment:
        count = None
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_WAITING or not _are_ids(ids):
        said = "“waiting” is no count, nor count, oldest and ids."
        remedy = 'Send for example {"count": 0, "oldest": null, "ids": []}.'
        raise Refused(400, "waiting", said, remedy, "waiting", told)
    return Waiting(count, since, tuple(ids[:MOST_IDS]))


def _are_ids(ids: Any) -> bool:
    return isinstance(ids, list) and all(isinstance(each, str) and UUID4.fullmatch(each) for each in ids)


def _version(told: Any) -> str:
    return told[:40] if isinstance(told, str) and told.isascii() and told.isprintable() else ""


def outside_of(item: Any) -> dict[str, Any]:
    """Read what stands outside of an item's seal. Raises Rejected."""
    if not isinstance(item, dict):
        raise Rejected("item", "This is no object with id, wave, digest, given_at and sealed.", keep=False)
    if not isinstance(item.get("id"), str) or not UUID4.fullmatch(item["id"]):
        raise Rejected("item", "Its id is no UUID of version 4 in lower case.", keep=False)
    for name in OUTSIDE:
        value = item.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST[name] or not value.isprintable():
            raise Rejected("item", f"Its {name} is missing, too long or no text.")
    try:
        moment_of(item["given_at"])
    except WrongMoment:
        raise Rejected("item", "Its given_at is no time with an offset.") from None
    if not isinstance(item.get("sealed"), dict) or not isinstance(item["sealed"].get("key"), str):
        raise Rejected("item", "Its seal is no object with key, ephemeral, iv and box.")
    return {name: item[name] for name in (*OUTSIDE, "sealed")}


def id_of(item: Any) -> str | None:
    """Name an item in the answer, whatever it is."""
    told = item.get("id") if isinstance(item, dict) else None
    return told[:64] if isinstance(told, str) else None
