"""A resident who reads a language that is none: whatever could not be translated shows at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from flask import Flask

from tests.support import applications, pseudo, residents
from tests.support.person import Person


@pytest.fixture
def reader(make_app: Callable[..., Flask], pseudo_translations: Path, tmp_path: Path) -> Person:
    """Meet somebody who reads it, and finds both surveys asking in it."""
    app = make_app(TRANSLATIONS=pseudo_translations)
    for name in ("your-priorities-your-plan", "your-views"):
        document = yaml.safe_load(applications.file_of(name).read_text(encoding="utf-8"))
        text = applications.file_of(name).read_text(encoding="utf-8")
        file = tmp_path / f"{name}.yaml"
        file.write_text(re.sub(r"languages: \[.*\]", f"languages: [en, {pseudo.CODE}]", text), encoding="utf-8")
        options = ("--period", "2026") if document["asked"] == "once" else ()
        applications.command(app, "survey", "open", str(file), *options)
    return Person(app)


@pytest.mark.parametrize(
    "place",
    ["", "/help", "/privacy", "/accessibility", "/resume", "/your-answers", "/news", "/news/kept", "/timed-out"],
)
def test_every_page_around_a_survey_is_translatable(reader: Person, place: str) -> None:
    page = reader.visit(f"/{pseudo.CODE}{place}")
    assert page.document.get("dir") == "rtl"


@pytest.mark.parametrize("slug", ["your-priorities-your-plan", "your-views"])
def test_a_whole_journey_is_translatable_errors_and_receipt_included(reader: Person, slug: str) -> None:
    residents.begin(reader, slug, pseudo.CODE)
    for _ in range(residents.MOST_PAGES):
        if reader.path.endswith("/check"):
            break
        here = reader.path
        empty = {name: None for name in residents.sensible(reader, {})}
        reader.submit(empty, form="page", status=None)  # most answers are needed: the error is looked at too
        if reader.path == here:
            residents.answer_page(reader, {})
    code = residents.send(reader)
    reader.visit(f"/{pseudo.CODE}/your-answers")
    reader.submit(code="wrong", status=422)
    reader.submit(code=code)
    reader.visit(f"/{pseudo.CODE}/your-answers/withdraw")
    reader.submit()


def test_an_ending_and_an_address_that_leads_nowhere_are_translatable(reader: Person) -> None:
    residents.begin(reader, "your-views", pseudo.CODE)
    residents.answer(reader, until="age_band")
    reader.submit({"age_band": "under_16"}, form="page")
    reader.visit(f"/{pseudo.CODE}/nothing-here", status=404)
    reader.visit(f"/{pseudo.CODE}/your-views/check", status=410)
