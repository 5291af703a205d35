"""What is kept of asking: surveys, their waves, drafts, responses, and contacts with no path to an answer."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import encryption
from app.database import Document, Model, UtcDateTime
from app.surveys import own_words

CHANNELS = ("online", "tablet", "paper", "phone", "desk")


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """State in the database that a column holds one of some words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


class Survey(Model):
    """A line of inquiry: the questionnaire as last imported, and when it asks."""

    __tablename__ = "survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    reference: Mapped[str] = mapped_column(String(6), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    monthly: Mapped[bool]
    document: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(Document, default=dict, deferred=True)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    monthly_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    monthly_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    waves: Mapped[list[Wave]] = relationship(back_populates="survey", order_by="Wave.opens_at")


class Wave(Model):
    """A period of asking with its own frozen definition: the structure once, the texts of each language beside it.

    Its answers are erased ``answers_months`` after its freeze, or as the setting says; see `app.operating.retention`.
    """

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("survey_id", "period"),
        CheckConstraint("opens_at < closes_at OR opens_at = closes_at", name="period"),
        CheckConstraint("closes_at <= freezes_at", name="freeze"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    period: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drafts_until: Mapped[datetime] = mapped_column(UtcDateTime)
    freezes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    simulated: Mapped[bool] = mapped_column(default=False)
    document: Mapped[dict[str, Any] | None] = mapped_column(Document, deferred=True)
    texts: Mapped[dict[str, dict[str, str]] | None] = mapped_column(Document, deferred=True)
    digest: Mapped[str | None] = mapped_column(String(64))
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answers_months: Mapped[int | None]
    answers_erased_on: Mapped[str | None] = mapped_column(String(10))

    survey: Mapped[Survey] = relationship(back_populates="waves")

    def state(self, now: datetime) -> str:
        """Say whether the wave is scheduled, open or closed."""
        if now < self.opens_at:
            return "scheduled"
        return "open" if now < self.closes_at else "closed"


class Draft(Model):
    """Answers on their way: saved page by page, erased when they are sent, when they end or when they expire.

    They are encrypted as a whole: ``answers`` is a sealed text, {} until there are any.
    """

    __tablename__ = "draft"
    __table_args__ = (
        one_of("channel", CHANNELS),
        Index(
            "ix_draft_network_started_at",
            *("network", "started_at"),
            sqlite_where=text("network IS NOT NULL"),
            postgresql_where=text("network IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    resume: Mapped[str] = mapped_column(String(64), unique=True)
    submission: Mapped[uuid.UUID] = mapped_column(unique=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    language: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(10), default="online")
    assisted: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    seed: Mapped[int]
    page: Mapped[str | None] = mapped_column(String(40))
    answers: Mapped[Any] = mapped_column(Document, default=dict, info={"sealed": ("submission",)})
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    network: Mapped[str | None] = mapped_column(String(32))

    wave: Mapped[Wave] = relationship()

    @property
    def said(self) -> dict[str, Any]:
        """Open the answers. Raises Unreadable."""
        found: dict[str, Any] = encryption.opened_document(self.answers, "draft.answers", self.submission)
        return found


class Response(Model):
    """One person's return: one row, written in one statement and erased in one.

    ``submission`` and ``receipt`` are SHA-256 of what the resident holds, so the table cannot speak for anybody. After
    a withdrawal only the fact is left, and the submission's hash, so that a late repeat of it is not stored anew.
    Own words are encrypted in ``words``; in ``answers`` a mark stands for each: `app.surveys.own_words` puts them back.
    """

    __tablename__ = "response"
    __table_args__ = (
        one_of("channel", CHANNELS),
        CheckConstraint("(answers IS NULL) = (withdrawn_on IS NOT NULL)", name="withdrawn_means_erased"),
        CheckConstraint("withdrawn_on IS NULL OR district IS NULL", name="withdrawn_has_no_district"),
        Index("ix_response_wave_id_submitted_on", "wave_id", "submitted_on"),
        # Whether a wave has changed is asked at each look at its figures: this index answers alone, from its ends.
        Index("ix_response_wave_id_state", "wave_id", "revision", "withdrawn_on", "id"),
        Index(
            "ix_response_network_submitted_at",
            *("network", "submitted_at"),
            sqlite_where=text("network IS NOT NULL"),
            postgresql_where=text("network IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    submission: Mapped[str] = mapped_column(String(64), unique=True)
    receipt: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str | None] = mapped_column(String(10))
    assisted: Mapped[bool | None]
    interpreted: Mapped[bool | None]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    language: Mapped[str | None] = mapped_column(String(12))
    apart: Mapped[str | None] = mapped_column(String(20))
    district: Mapped[str | None] = mapped_column(String(32))
    age_band: Mapped[str | None] = mapped_column(String(32))
    sex: Mapped[str | None] = mapped_column(String(32))
    ethnic_group: Mapped[str | None] = mapped_column(String(32))
    decile: Mapped[int | None]
    seed: Mapped[int | None]
    answers: Mapped[dict[str, Any] | None] = mapped_column(Document)
    words: Mapped[str | None] = mapped_column(Text, info={"sealed": ("submission",)})
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_on: Mapped[str | None] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    withdrawn_on: Mapped[str | None] = mapped_column(String(10))
    network: Mapped[str | None] = mapped_column(String(32))
    flags: Mapped[str | None] = mapped_column(String(120))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("paper_batch.id"), index=True)
    coded: Mapped[dict[str, str] | None] = mapped_column(Document)

    wave: Mapped[Wave] = relationship()

    @property
    def said(self) -> dict[str, Any] | None:
        """Give the answers with own words in their places. Raises Unreadable."""
        return own_words.opened(self.answers, self.words, self.submission)


class EarlyWithdrawal(Model):
    """A receipt code, hashed, whose answers were withdrawn before they came: when they come, they are not kept."""

    __tablename__ = "early_withdrawal"

    receipt: Mapped[str] = mapped_column(String(64), primary_key=True)
    withdrawn_on: Mapped[str] = mapped_column(String(10))


class Turn(Model):
    """When a submission may be sent without more ado, where many come from one network; forgotten once it was."""

    __tablename__ = "turn"

    submission: Mapped[str] = mapped_column(String(64), primary_key=True)
    network: Mapped[str] = mapped_column(String(32), index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DailySalt(Model):
    """What network addresses are hashed with on one day; thrown away when the next day begins."""

    __tablename__ = "daily_salt"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))


class Contact(Model):
    """Somebody who wants to hear of results. Random key, no order, no time finer than a month: no path to an answer.

    The address is encrypted: `app.surveys.contacts` keeps, reads and forgets it.
    """

    __tablename__ = "contact"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    sealed: Mapped[str] = mapped_column("email", Text, info={"sealed": ("id",)})
    language: Mapped[str] = mapped_column(String(12))
    month: Mapped[str] = mapped_column(String(7))

    @property
    def email(self) -> str:
        """Open the address. Raises Unreadable."""
        return encryption.opened(self.sealed, "contact.email", self.id)


class SupportLine(Model):
    """Somewhere to turn to; shown to residents, edited and confirmed by staff."""

    __tablename__ = "support_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(254))
