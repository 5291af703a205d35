"""Writes what became of an item, once for each content of an id; each use case here is one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Insert, Table, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from app.database import db
from app.fieldwork.tablets import inside
from app.fieldwork.tablets.batches import LONGEST, UUID4
from app.fieldwork.tablets.devices import Sender
from app.fieldwork.tablets.errors import Rejected
from app.fieldwork.tablets.judging import Judged
from app.fieldwork.tablets.models import TabletItem
from app.surveys import codes
from app.surveys.models import Response
from app.surveys.responding import insert_received
from app.surveys.withdrawing import ERASED

ITEMS = cast(Table, TabletItem.__table__)
IDENTITY = ("item_id", "content")


def known_as(item_id: str) -> Sequence[TabletItem]:
    """List what has come under an id, the first first."""
    return list(
        db.session.scalars(select(TabletItem).where(TabletItem.item_id == uuid.UUID(item_id)).order_by(TabletItem.id))
    )


def store(sender: Sender, outside: Mapping[str, Any], judged: Judged, sent_at: str, received: datetime) -> bool:
    """Store an item as the one response of its id; says whether it was stored now.

    Whoever comes second waits for the first one's commit, and finds it stored. What its resident has withdrawn leaves
    only the fact that it was given, so that the day still adds up.
    """
    values = judged.values
    if judged.withdrawn:
        values = values | dict.fromkeys(ERASED) | {"withdrawn_on": judged.withdrawn}
    response_id = insert_received(values)
    if response_id is None:
        db.session.rollback()
        return False
    record = {
        **_record(sender, outside, judged.content, sent_at, received),
        "event_id": judged.event_id,
        "response_id": response_id,
        "outcome": "withdrawn" if judged.withdrawn else "stored",
        "mode": None if judged.withdrawn else judged.mode,
        "receipt": judged.receipt,
        "counted_at": judged.counted.at,
        "clock": judged.counted.clock,
    }
    write(record)
    db.session.commit()
    return True


def keep_conflict(sender: Sender, outside: Mapping[str, Any], content: str, sent_at: str, received: datetime) -> None:
    """Keep another content of a stored id, sealed as it came, until a person decides."""
    stored = select(Response.id).where(Response.submission == codes.hashed(uuid.UUID(outside["id"])))
    record = _record(sender, outside, content, sent_at, received)
    write(record | {"outcome": "conflict", "response_id": db.session.scalar(stored), "sealed": outside["sealed"]})
    db.session.commit()


def keep_rejected(sender: Sender, item: Any, why: Rejected, sent_at: str, received: datetime) -> None:
    """Keep a rejected item as it came, so that staff can look and have it judged again."""
    outside = item if isinstance(item, dict) else {}
    if not isinstance(outside.get("id"), str) or not UUID4.fullmatch(outside["id"]):
        return
    texts = {name: _short(outside.get(name), longest) for name, longest in LONGEST.items()}
    kept = {**texts, "sealed": _storable(outside.get("sealed"))}
    record = _record(sender, kept, why.content or inside.digest_of(kept), sent_at, received)
    parts = {"outcome": "rejected", "code": why.code, "reason": why.reason, "sealed": kept["sealed"]}
    write(record | parts | {"receipt": why.receipt, "event_id": why.event_id or sender.event_id})
    db.session.commit()


def write(record: Mapping[str, Any]) -> None:
    """Write the record of an item; one that was rejected before is written anew, any other stands."""
    db.session.execute(_writing(db.engine.dialect.name, tuple(record)), record)


@lru_cache
def _writing(dialect: str, names: tuple[str, ...]) -> Insert:
    """Put the statement together once: that takes longer than to run it."""
    insertion = (postgres_insert if dialect == "postgresql" else sqlite_insert)(ITEMS)
    anew = {name: insertion.excluded[name] for name in names if name not in IDENTITY}
    rejected = ITEMS.c.outcome == "rejected"
    return insertion.on_conflict_do_update(index_elements=IDENTITY, set_=anew, where=rejected)


def _record(
    sender: Sender, outside: Mapping[str, Any], content: str, sent_at: str, received: datetime
) -> dict[str, Any]:
    return {
        "item_id": uuid.UUID(outside["id"]),
        "content": content,
        "device_id": sender.device_id,
        "event_id": sender.event_id,
        "response_id": None,
        "wave": outside["wave"],
        "digest": outside["digest"],
        "code": "",
        "reason": "",
        "mode": None,
        "receipt": None,
        "sealed": None,
        "given_at": outside["given_at"],
        "sent_at": sent_at,
        "counted_at": None,
        "clock": None,
        "received_at": received,
        "decision": "",
    }


def _short(value: Any, longest: int) -> str:
    return "".join(c for c in value[:longest] if c.isprintable()) if isinstance(value, str) else ""


def _storable(sealed: Any) -> dict[str, str] | None:
    """Keep the parts of a seal that any database can hold."""
    if not isinstance(sealed, dict):
        return None
    parts = {name: sealed.get(name) for name in ("key", "ephemeral", "iv", "box")}
    return {
        name: value for name, value in parts.items() if isinstance(value, str) and value.isascii() and "\0" not in value
    }
