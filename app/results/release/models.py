"""What is kept of releases: a draft while it waits for a second person, and releases, which are never altered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import LONGEST_EMAIL
from app.database import Document, Model, UtcDateTime
from app.results.models import AnalysisRun
from app.surveys.models import Wave

LONGEST_REASON = 1000


class ReleaseDraft(Model):
    """What would be published of a wave, until somebody else approves it or it is discarded. One for each wave."""

    __tablename__ = "release_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"))
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    evidence: Mapped[dict[str, Any]] = mapped_column(Document)
    drafted_by_id: Mapped[int]
    drafted_by: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    wave: Mapped[Wave] = relationship()
    run: Mapped[AnalysisRun] = relationship()


class Release(Model):
    """A run made public. Triggers in the database refuse to change or delete it; a correction is another release.

    ``document`` is what everybody may read. ``evidence`` stays inside: exact counts, what is hidden, proofs.
    """

    __tablename__ = "results_release"
    __table_args__ = (UniqueConstraint("wave_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"))
    edition: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
    evidence: Mapped[dict[str, Any]] = mapped_column(Document, deferred=True)
    drafted_by: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    approved_by: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    wave: Mapped[Wave] = relationship()
    run: Mapped[AnalysisRun] = relationship()


class Feedback(Model):
    """What people said and what was done about it, in each language, beside the outcome of the Plan that it serves."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    outcome: Mapped[str] = mapped_column(String(40))
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(Document)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
