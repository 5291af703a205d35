"""What is kept of tablets: devices, the events they served, the server's keys, and each item that arrived."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Document, Model, UtcDateTime
from app.fieldwork.models import Event
from app.surveys.models import one_of

OUTCOMES = ("stored", "withdrawn", "conflict", "rejected", "settled")
"""``settled``: a conflict about which a person has decided. ``withdrawn``: its resident was faster than the tablet."""
CLOCKS = ("as_told", "corrected", "bounded")
"""Whether a device's time stood, was corrected by how wrong its clock went, or was out of bounds and moved inside."""


class SealKey(Model):
    """A key pair that tablets seal to; the private half is encrypted, and an old one still opens old seals."""

    __tablename__ = "seal_key"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    spki: Mapped[str] = mapped_column(String(200))
    private: Mapped[str] = mapped_column(String(600))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Device(Model):
    """A tablet, set up by an officer for an event. Its token is a secret, of which only the hash is kept."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(254))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    app: Mapped[str] = mapped_column(String(40), default="")
    clock_offset: Mapped[int | None]
    waiting: Mapped[int] = mapped_column(default=0)
    waiting_ids: Mapped[list[str]] = mapped_column(Document, default=list)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship()
    served: Mapped[list[Served]] = relationship(order_by="Served.since", cascade="all, delete-orphan")


class Served(Model):
    """That a device was set up for an event: what it holds of an earlier one still counts there."""

    __tablename__ = "device_event"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(60))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class TabletItem(Model):
    """One thing that a tablet sent, and what became of it.

    What was stored lives in its response alone. The seal is kept of what is not stored: a conflict waits for a
    person, a rejected item may be mended. A trigger erases it when the resident withdraws.
    """

    __tablename__ = "tablet_item"
    __table_args__ = (
        UniqueConstraint("item_id", "content"),
        one_of("outcome", OUTCOMES),
        one_of("clock", CLOCKS),
        Index("ix_tablet_item_event_id_outcome", "event_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID]
    content: Mapped[str] = mapped_column(String(64))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"), index=True)
    wave: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    outcome: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(String(600), default="")
    mode: Mapped[str | None] = mapped_column(String(12))
    receipt: Mapped[str | None] = mapped_column(String(64), index=True)
    sealed: Mapped[dict[str, Any] | None] = mapped_column(Document)
    given_at: Mapped[str] = mapped_column(String(40))
    sent_at: Mapped[str] = mapped_column(String(40))
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock: Mapped[str | None] = mapped_column(String(10))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(254))
    decision: Mapped[str] = mapped_column(String(20), default="")

    device: Mapped[Device] = relationship()
    event: Mapped[Event] = relationship()
