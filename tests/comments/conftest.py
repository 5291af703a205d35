"""A survey with one question in own words, residents who answer it, and the staff who read what they wrote."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.support import residents
from tests.support.applications import command
from tests.support.own_words import BEGINNING, WORDS
from tests.support.person import Person

DISTRICT = """\
      - key: district
        kind: area
        role: district
        text: Where do you live?
        options:
          - {key: leeds, text: Leeds}
          - {key: bradford, text: Bradford}
          - {key: outside, text: Outside West Yorkshire, apart: outside}
"""
SURVEY = BEGINNING + DISTRICT + WORDS
WAVE = "SI-2026"
Say = Callable[..., Person]


@pytest.fixture
def asking(app: Flask, tmp_path: Path) -> str:
    """Open the survey; its wave is the one that every test is about."""
    file = tmp_path / "say-it.yaml"
    file.write_text(SURVEY, encoding="utf-8")
    command(app, "survey", "open", str(file))
    return WAVE


@pytest.fixture
def say(app: Flask, asking: str) -> Say:
    """Let somebody say something; returns the person, who holds the receipt."""

    def said(words: str, district: str = "leeds", **more: object) -> Person:
        person = Person(app)
        residents.respond(person, "say-it", {"words": words, "district": district, **more})
        return person

    return said


@pytest.fixture
def read_in(app: Flask) -> Callable[[], str]:
    """Read in what was written, by the command line."""
    return lambda: command(app, "comments", WAVE)
