"""A tablet as the tests use it: set up by an officer, it seals what people say and sends it."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.fieldwork.tablets import sealing
from app.surveys import codes
from app.surveys.definition import Definition, Question
from app.surveys.document import from_document
from tests.accounts.house import Visitor
from tests.support.clock import Clock
from tests.support.residents import USUAL

API = "/tablet/api/v1"
Item = dict[str, Any]


def set_up(officer: Visitor, event: int = 1, name: str = "Tablet A", **more: Any) -> TestResponse:
    """Set a tablet up in an officer's browser."""
    page = officer.open("/staff/events/plan").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return officer.client.post(
        f"{API}/devices", json={"event": event, "name": name, **more}, headers={"X-CSRFToken": token}
    )


class Tablet:
    """One device: what it was given, and its own clock, which may go wrong."""

    def __init__(self, app: Flask, officer: Visitor, event: int = 1, name: str = "Tablet A") -> None:
        made = set_up(officer, event, name)
        assert made.status_code == 201, made.text
        self.app, self.client, self.event = app, app.test_client(), event
        self.id, self.token = made.json["device"], made.json["token"]
        self.bundle = self.get().json
        self.clock: Clock = app.config["CLOCK"]
        self.wrong = timedelta()

    @property
    def headers(self) -> dict[str, str]:
        """Carry the token."""
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, **headers: str) -> TestResponse:
        """Fetch the bundle."""
        return self.client.get(f"{API}/bundle", headers={**self.headers, **headers})

    def now(self) -> datetime:
        """Look at the device's own clock."""
        return self.clock() + self.wrong

    def survey(self, slug: str = "your-views") -> dict[str, Any]:
        """Find a survey in the bundle."""
        return next(each for each in self.bundle["surveys"] if each["slug"] == slug)

    def inside(self, slug: str = "your-views", said: Mapping[str, Any] | None = None, **changed: Any) -> Item:
        """Fill in a questionnaire, before it is sealed."""
        survey = self.survey(slug)
        given = self.now()
        answers = answered(from_document(survey["definition"]), said or {})
        return {
            "id": str(uuid.uuid4()),
            "wave": survey["wave"],
            "digest": survey["digest"],
            "given_at": given.isoformat(),
            "survey": slug,
            "language": "en",
            "event": self.event,
            "channel": "tablet",
            "mode": "hand_over",
            "assisted": False,
            "receipt": codes.new_resume_code(),
            "started_at": (given - timedelta(minutes=6)).isoformat(),
            "seed": secrets.randbelow(2**31),
            "answers": answers,
            **changed,
        }

    def sealed(self, inside: Item | bytes, outside: Item | None = None, key: str = "") -> Item:
        """Seal a response; ``outside`` says what stands beside it, where that is not what is inside."""
        told = outside or inside
        assert isinstance(told, dict)
        beside = {name: told[name] for name in ("id", "wave", "digest", "given_at")}
        plain = inside if isinstance(inside, bytes) else json.dumps(inside).encode()
        public = key or self.bundle["keys"][0]["spki"]
        return beside | {"sealed": sealing.seal(public, plain, sealing.bound_to(beside))}

    def item(self, **changed: Any) -> Item:
        """Ask somebody, and seal what was said."""
        return self.sealed(self.inside(**changed))

    def post(self, items: Any, **changed: Any) -> TestResponse:
        """Send a batch."""
        body = {"sent_at": self.now().isoformat(), "app": "test", "items": items, **changed}
        return self.client.post(f"{API}/responses", json=body, headers=self.headers)

    def send(self, *items: Any, **changed: Any) -> list[dict[str, Any]]:
        """Send a batch, and read what became of its items."""
        answer = self.post(list(items), **changed)
        assert answer.status_code == 200, answer.text
        return list(answer.json["items"])


def outcomes(answers: list[dict[str, Any]]) -> list[str]:
    """Name what became of items, with the code of what was rejected."""
    return [each["code"] if each["outcome"] == "rejected" else each["outcome"] for each in answers]


def answered(definition: Definition, said: Mapping[str, Any]) -> dict[str, Any]:
    """Answer what is asked on the way: what was told, what is usual, else something sensible."""
    answers: dict[str, Any] = {}
    while True:
        open_ = [
            q for q in definition.asked_of(answers) if q.key not in answers and _answer(q, said, answers) is not None
        ]
        if not open_:
            return answers
        answers[open_[0].key] = _answer(open_[0], said, answers)


def _answer(question: Question, said: Mapping[str, Any], answers: Mapping[str, Any]) -> Any:
    if question.key in said:
        return said[question.key]
    if not question.required:
        return None
    usual = USUAL.get(question.key)
    keys = question.option_keys
    choice = usual if usual in keys else keys[0] if keys else None
    if question.kind == "several":
        return [choice]
    if question.kind == "scale_group":
        return {row.key: choice for row in question.rows}
    if question.kind == "number":
        return question.minimum or 1
    return [key for key in keys if key in answers.get(question.of, [])] if question.kind == "order" else choice
