"""What is kept of telling: analysis runs, each with its inputs and every figure that pages and files show of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

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

    parts: Mapped[list[RunPart]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class RunPart(Model):
    """What only one page shows of a run, kept beside its results so that all other pages need not read it."""

    __tablename__ = "analysis_run_part"

    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(Document)


class Bridge(Model):
    """What an analyst states of a measure that was asked otherwise from a wave on: what to add to all before it.

    It is never altered: whoever thinks otherwise withdraws it, and another may be recorded.
    """

    __tablename__ = "bridge"
    __table_args__ = (
        Index(
            "uq_bridge_standing",
            "wave_id",
            "measure",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    measure: Mapped[str] = mapped_column(String(200))
    shift: Mapped[float]
    error: Mapped[float]
    reason: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(254))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(254))
    withdrawn_because: Mapped[str | None] = mapped_column(String(500))


class ThemeRun(Model):
    """The theme figures of one wave, computed once for their inputs. It never changes: other inputs make another."""

    __tablename__ = "theme_run"
    __table_args__ = (UniqueConstraint("wave_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str] = mapped_column(String(64))
    inputs: Mapped[dict[str, Any]] = mapped_column(Document)
    results: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
