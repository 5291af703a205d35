"""Any questionnaire in the documented format can be checked, imported, opened, answered and closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.surveys.models import Response
from tests.support import residents
from tests.support.person import Person
from tests.support.questionnaires import SURVEYS

NEEDED = {"routes": {}, "rotating": {}, "shuffled": {"fruit": ["apple", "date"]}, "together": {"first_name": "Ada"}}
Command = Callable[..., str]

APART = """
survey: apart
reference: AP
title: Apart
about: What is offered beside the answers.
minutes: 1
asked: once
languages: [en]
sections:
  - key: everything
    title: Everything
    questions:
      - {key: amount, kind: number, text: "How many?", dont_know: yes, prefer_not_to_say: yes}
      - key: chosen
        kind: several
        text: Which?
        options: [{key: a, text: A}, {key: b, text: B}, {key: c, text: C}]
      - {key: ordered, kind: order, of: chosen, text: "In which order?", required: yes, prefer_not_to_say: yes}
      - {key: words, kind: text, text: "Why?", required: yes, prefer_not_to_say: yes}
"""


def stored(app: Flask) -> dict[str, object]:
    with app.app_context():
        return dict(db.session.scalars(select(Response)).one().said or {})


@pytest.mark.parametrize("name", NEEDED)
def test_it_is_checked_imported_opened_answered_and_closed(
    app: Flask, person: Person, flask_command: Command, name: str
) -> None:
    file = str(SURVEYS / f"{name}.yaml")
    assert "no faults" in flask_command("survey", "check", file)
    flask_command("survey", "import", file)
    options = () if name == "rotating" else ("--period", "2026")
    assert f"/en/{name}" in flask_command("survey", "open", name, *options)
    residents.respond(person, name, NEEDED[name])
    assert stored(app)
    flask_command("survey", "close", name)
    assert not person.visit(f"/en/{name}").document.xpath("//form[@method='post']")


def test_what_is_offered_apart_can_be_chosen(
    app: Flask, person: Person, open_survey: Callable[..., str], tmp_path: Path, flask_command: Command
) -> None:
    file = tmp_path / "apart.yaml"
    file.write_text(APART, encoding="utf-8")
    flask_command("survey", "open", str(file), "--period", "2026")
    residents.begin(person, "apart")
    person.submit({"amount.apart": ["dont_know"]}, form="page")
    person.submit({"chosen": ["a", "c"]}, form="page")
    person.submit({"ordered.apart": ["prefer_not_to_say"]}, form="page")
    person.submit({"words.apart": ["prefer_not_to_say"]}, form="page")
    residents.send(person)
    assert stored(app) == {
        "amount": "dont_know",
        "chosen": ["a", "c"],
        "ordered": "prefer_not_to_say",
        "words": "prefer_not_to_say",
    }


def test_a_survey_cannot_open_in_a_language_that_is_incomplete(flask_command: Command) -> None:
    said = flask_command("survey", "open", str(SURVEYS / "your-street.yaml"), status=2)
    assert "ur" in said


def test_a_faulty_file_is_refused_with_line_and_remedy(flask_command: Command, tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    file.write_text(APART.replace("kind: number", "kind: slider"), encoding="utf-8")
    for verb in ("check", "import", "open"):
        said = flask_command("survey", verb, str(file), status=2)
        assert "faulty.yaml:13: 'slider' is not a kind of question. Remedy: use one of" in said
