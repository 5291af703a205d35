"""What is kept of paper: print runs and their forms, batches in which answers came, and each keying of a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import encryption
from app.database import Document, Model, UtcDateTime
from app.fieldwork.models import Event
from app.surveys.models import Wave, one_of

STATES = {
    "printed": "Printed",
    "handed_out": "Handed out",
    "returned": "Returned, not keyed yet",
    "keyed": "Keyed",
    "spoiled": "Spoiled",
    "missing": "Missing",
    "destroyed": "Destroyed unused",
}
ENDED = {"keyed": "is stored already", "spoiled": "is marked as spoiled", "destroyed": "is marked as destroyed"}
"""The states in which a form is not keyed, with what is said to whoever tries."""
KINDS = ("keying", "file")
HOW_OFTEN = {1: "Every form twice", 10: "Every tenth form twice", 0: "Once"}


class PrintRun(Model):
    """Forms printed together: of one wave, in one language and format, with serials without a gap."""

    __tablename__ = "print_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    style: Mapped[str] = mapped_column(String(10))
    first: Mapped[int]
    last: Mapped[int]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    layout: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    wave: Mapped[Wave] = relationship()
    event: Mapped[Event | None] = relationship()

    @property
    def serials(self) -> str:
        """Write the serials as they are printed."""
        return f"{self.first:04d}-{self.last:04d}"


class PaperForm(Model):
    """One printed form: its serial, the hashes of what its response and its slip are known by, and where it is now."""

    __tablename__ = "paper_form"
    __table_args__ = (UniqueConstraint("wave_id", "serial"), one_of("state", tuple(STATES)))

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("print_run.id"), index=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    serial: Mapped[int]
    submission: Mapped[str] = mapped_column(String(64), unique=True)
    receipt: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(200), default="")

    run: Mapped[PrintRun] = relationship()


class PaperBatch(Model):
    """Answers that came in together: a pile that is keyed, perhaps from scans, or a file. Withdrawn as a whole."""

    __tablename__ = "paper_batch"
    __table_args__ = (one_of("kind", KINDS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    scanned: Mapped[bool] = mapped_column(default=False)
    twice: Mapped[int] = mapped_column(default=1)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    by: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(254))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")

    wave: Mapped[Wave] = relationship()
    event: Mapped[Event | None] = relationship()

    @property
    def how(self) -> str:
        """Say how its answers came in."""
        return f"File {self.file_name}" if self.kind == "file" else "Scanned" if self.scanned else "Keyed here"


class Keying(Model):
    """One person's keying of one form: 1 the first, 2 the blind second, 3 the word of whoever settled them.

    ``entries`` are what was keyed, encrypted in ``sealed``, until the form is settled; only how many fields there were,
    and how many of them were keyed otherwise than settled, stay.
    """

    __tablename__ = "keying"
    __table_args__ = (UniqueConstraint("form_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("paper_form.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"), index=True)
    number: Mapped[int]
    by: Mapped[str] = mapped_column(String(254))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sealed: Mapped[Any] = mapped_column("entries", Document, nullable=True, info={"sealed": ("form_id", "number")})
    fields: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int | None]

    form: Mapped[PaperForm] = relationship()
    batch: Mapped[PaperBatch] = relationship()

    @property
    def entries(self) -> dict[str, str] | None:
        """Open what was keyed. Raises Unreadable."""
        found: dict[str, str] | None = encryption.opened_document(self.sealed, *self._place)
        return found

    @entries.setter
    def entries(self, entries: Mapping[str, str] | None) -> None:
        """Encrypt what was keyed, or forget it; form and number are known by then."""
        self.sealed = encryption.seal_document(entries, *self._place) if entries else entries

    @property
    def _place(self) -> tuple[str, int, int]:
        return "keying.entries", self.form_id, self.number
