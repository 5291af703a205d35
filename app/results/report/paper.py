"""Sets a report as a tagged PDF (PDF/UA-1): read aloud in order, tables with heads, pictures in words."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from app import i18n, printing
from app.results.errors import CannotSet
from app.results.report.document import Report

LAYOUT = Path(__file__).with_name("report.typ")


def pdf(report: Report, made_on: str) -> bytes:
    """Set a report as PDF; ``made_on`` is the day printed on it. Raises CannotSet where a character has no glyph."""
    try:
        return printing.pdf(LAYOUT, {**asdict(report), "made_on": made_on}, i18n.described(i18n.SOURCE))
    except printing.CannotSet as error:
        raise CannotSet(
            f"The PDF has letters for the languages of our surveys only, and the report holds others ({error}). Write "
            "the titles of surveys and themes in those letters, or use the page: it shows every script."
        ) from error
