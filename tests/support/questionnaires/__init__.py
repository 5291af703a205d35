"""Small questionnaires, one per behaviour, and our own two."""

from __future__ import annotations

from pathlib import Path

from app.surveys.definition import Definition
from app.surveys.document import from_document
from app.surveys.source import load

SURVEYS = Path(__file__).parent
OUR_OWN = Path(__file__).resolve().parents[3] / "app" / "surveys" / "definitions"


def questionnaire(name: str) -> Definition:
    """Read one of the small questionnaires."""
    return from_document(load(SURVEYS / f"{name}.yaml"))
