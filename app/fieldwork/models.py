"""What is kept of reaching people: events, what was counted there by hand, and who signed the day off."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Document, Model, UtcDateTime
from app.surveys.models import one_of

DISTRICTS = {
    "bradford": "Bradford",
    "calderdale": "Calderdale",
    "kirklees": "Kirklees",
    "leeds": "Leeds",
    "wakefield": "Wakefield",
}
VENUES = {
    "place_of_worship": "Mosque, church, temple or other place of worship",
    "market": "Market or shopping street",
    "school": "School, college or university",
    "library": "Library",
    "community_centre": "Community centre or hall",
    "health": "Surgery, clinic or hospital",
    "station": "Station or bus",
    "home_visit": "Care home or visit at home",
    "other": "Somewhere else",
}


class Event(Model):
    """An occasion where people were asked: on one day, at one place. Its responses are a cluster for the analysis."""

    __tablename__ = "event"
    __table_args__ = (one_of("district", tuple(DISTRICTS)), one_of("venue", tuple(VENUES)))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(14), unique=True)
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    district: Mapped[str] = mapped_column(String(32))
    venue: Mapped[str] = mapped_column(String(32))
    officers: Mapped[list[str]] = mapped_column(Document)
    devices: Mapped[list[str]] = mapped_column(Document)
    target_groups: Mapped[str] = mapped_column(String(300), default="")
    notes: Mapped[str] = mapped_column(String(2000), default="")

    counts: Mapped[list[HandCount]] = relationship(order_by="HandCount.id", cascade="all, delete-orphan")
    sign_offs: Mapped[list[SignOff]] = relationship(order_by="SignOff.id")


class HandCount(Model):
    """How many responses somebody counted at one source of an event: a tablet, the pile of paper."""

    __tablename__ = "hand_count"
    __table_args__ = (UniqueConstraint("event_id", "source"), CheckConstraint("counted >= 0", name="counted"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    source: Mapped[str] = mapped_column(String(60))
    counted: Mapped[int]


class SignOff(Model):
    """Somebody's word that the day adds up, with the numbers as they were; other numbers later reopen the day."""

    __tablename__ = "sign_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    by: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted: Mapped[int]
    stored: Mapped[int]
    sources: Mapped[list[list[str | int]] | None] = mapped_column(Document)
    remark: Mapped[str] = mapped_column(String(500), default="")
