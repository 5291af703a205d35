"""Reads what a stored run holds, once in a process: a run never changes."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from app.database import db
from app.results.models import AnalysisRun
from app.results.run.figures import Results, from_document


def results_in(run: AnalysisRun) -> Results:
    """Read what a run holds."""
    return _read_once(run.id, run.fingerprint, run.made_at)


@lru_cache(maxsize=32)
def _read_once(run_id: int, fingerprint: str, made_at: datetime) -> Results:
    return from_document(db.session.get_one(AnalysisRun, run_id).results)
