"""What is kept of scans until somebody confirmed them: one row for each side, its picture in a file of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Document, Model, UtcDateTime
from app.fieldwork.paper.models import PaperBatch, PaperForm
from app.fieldwork.scanning.suggesting import UNSEEN


class ScannedSide(Model):
    """One side of one form as it was read: what each mark of its layout looks like, how sure that is, and its picture.

    It goes, and its picture with it, when the form is stored, when its batch is withdrawn, or when it is too old.
    """

    __tablename__ = "scanned_side"
    __table_args__ = (UniqueConstraint("form_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"), index=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("paper_form.id"))
    side: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    page: Mapped[int]
    picture: Mapped[str] = mapped_column(String(64), unique=True)
    readings: Mapped[list[Any]] = mapped_column(Document)
    by: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    form: Mapped[PaperForm] = relationship()

    @property
    def black_and_white(self) -> bool:
        """Say whether it was scanned without greys, and so without light pencil."""
        return any(look == UNSEEN for look, _ in self.readings)

    batch: Mapped[PaperBatch] = relationship()
