"""Sets a report as a tagged PDF (PDF/UA-1) with typst: read aloud in order, tables with heads, pictures in words."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from app.results.errors import CannotSet
from app.results.report.document import Report

LAYOUT = Path(__file__).with_name("report.typ")


def pdf(report: Report, made_on: str) -> bytes:
    """Set a report as PDF; ``made_on`` is the day printed on it. Raises CannotSet where a character has no glyph."""
    import typst

    contents = json.dumps({**asdict(report), "made_on": made_on})
    try:
        return bytes(typst.compile(LAYOUT.read_bytes(), sys_inputs={"report": contents}, pdf_standards=["ua-1"]))
    except typst.TypstError as error:
        raise CannotSet(
            f"The PDF is set in Latin letters, and the report holds others ({error}). Write the titles of surveys and "
            "themes in Latin letters, or use the page: it shows every script."
        ) from error
