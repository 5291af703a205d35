"""What is kept of telling: analysis runs, each with its inputs and every figure that pages and files show of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Document, Model, UtcDateTime


class AnalysisRun(Model):
    """One computation on one wave. It never changes: other inputs make another run.

    ``fingerprint`` is the digest of everything in ``inputs`` that decides a figure, so equal inputs give one run.
    """

    __tablename__ = "analysis_run"
    __table_args__ = (
        UniqueConstraint("wave_id", "fingerprint"),
        Index("ix_analysis_run_wave_id_made_at", "wave_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cut_off: Mapped[datetime] = mapped_column(UtcDateTime)
    scheme: Mapped[str] = mapped_column(String(40))
    scheme_version: Mapped[str] = mapped_column(String(20))
    fingerprint: Mapped[str] = mapped_column(String(64))
    inputs: Mapped[dict[str, Any]] = mapped_column(Document)
    results: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
