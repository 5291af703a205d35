"""A form that is printed, filled in by a simulated hand and scanned: drawn once for all tests."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.accounts.house import Visitor, hire, signed_in, text_of
from tests.support.applications import MakeApp

PAGE = "/staff/paper/scans"
TICKS = {
    **{"district": "4", "age_band": "5", "sex": "1", "ethnic_group": "4", "safe_day": "2", "safe_dark": "3"},
    **{"safe_place": "1", "good_job": "2", "prevent": "3", "partners": "3", "informed": "2", "contact_police": "2"},
    **{f"police_statements.{row}": "2" for row in ("rely_on", "respect", "fairly", "matters", "listen")},
    **{"victim": "2", "topic_seeing_police": "3", "equality_gate": "2"},
}
CIRCLED = ("partners", "informed")


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path) -> Flask:
    """Make the application with a place of its own for pictures."""
    return make_app(INSTANCE=tmp_path)


@pytest.fixture
def officer(app: Flask, both_surveys: None) -> Visitor:
    """Sign an officer in."""
    hire(app)
    return signed_in(app, "officer")


def printed(officer: Visitor, count: int = 4, wave: str = "YV-2026-11") -> str:
    """Print a run; returns its page."""
    sent = officer.send(
        "/staff/paper/runs", "/staff/paper", wave=wave, language="en", style="a4", count=count, event=""
    )
    assert sent.status_code == 303, text_of(sent)
    return str(sent.headers["Location"])


@dataclass
class Scans:
    """The sides of form 0001 as a scanner gives them: ticked as TICKS says, whatever else was drawn on them."""

    pdf: bytes
    layout: dict[str, Any]
    sides: dict[int, Any]

    def blank(self, side: int) -> Any:
        """Render a side that nobody filled in."""
        from bench import sheets

        return sheets.rendered(self.pdf, side)

    def side_of(self, field: str) -> int:
        """Say on which side a field stands."""
        return next(int(mark["side"]) for mark in self.layout["marks"] if mark["field"] == field)


_drawn: list[Scans] = []


@pytest.fixture
def scans(officer: Visitor) -> Iterator[Scans]:
    """Print a run; its form 0001 comes back, ticked, with a correction, a doubtful mark and words."""
    run = printed(officer)
    if not _drawn:
        pdf = officer.open(f"{run}/forms/1.pdf").data
        _drawn.append(drawn(pdf, officer.open(f"{run}/layout.json").json or {}))
    yield _drawn[0]


def wide(image: Any, mark: dict[str, Any]) -> None:
    """Draw a circle around a box that runs through the boxes above and below."""
    import cv2

    from bench.sheets import MM, PENS

    middle = [round((mark[at] + mark["width"] / 2) * MM) for at in ("x", "y")]
    cv2.circle(image, middle, round(1.3 * mark["width"] * MM), PENS["blue"][0], 5, cv2.LINE_AA)


def drawn(pdf: bytes, layout: dict[str, Any]) -> Scans:
    """Let a simulated hand fill form 0001 in."""
    import numpy as np

    from bench import sending, sheets

    rng = np.random.default_rng(8)
    person = sheets.Person("tick", "blue")
    sides = {}
    for side in sorted({mark["side"] for mark in layout["marks"]}):
        image = sheets.rendered(pdf, side)
        hand = sheets.Hand(image, person, rng)
        for mark in (mark for mark in layout["marks"] if mark["side"] == side):
            if mark["code"] and TICKS.get(mark["field"]) == mark["code"]:
                wide(image, mark) if mark["field"] in CIRCLED else hand.mark(mark)
            if (mark["field"], mark["code"]) == ("safe_day", "4"):
                hand.mark(mark, "fill")  # a correction: the other tick counts
            if (mark["field"], mark["code"]) in (("prevent", "1"), ("prevent", "3")):
                hand.mark(mark, "cross")  # two marks: a person looks
            if mark["field"] == "anything_else":
                hand.write(mark, "")
        sides[side] = sending.sent(sheets.Sheet(image, ""), "scan", rng).image
    return Scans(pdf, layout, sides)


def send(officer: Visitor, *files: tuple[bytes, str], **fields: Any) -> str:
    """Upload files; returns what the page says."""
    uploads = [(io.BytesIO(content), name) for content, name in files]
    answer = officer.send(PAGE, **({"wave": "YV-2026-11", "event": "", "twice": "0"} | fields), files=uploads)
    told = text_of(answer)
    answer.request.environ["wsgi.input"].close()  # the client's copy of what it sent
    assert answer.status_code in (200, 413, 422), told
    return told


FIELD = re.compile(r'<(?:input|textarea)[^>]* name="([a-z_.]+)"(?: value="([^"]*)")?[^>]*data-mode')


def offered(page: str) -> dict[str, str]:
    """Read the fields of a page and what is filled in, in their order."""
    return {name: value for name, value in FIELD.findall(page)}
