"""Mails: queued with what they tell, sent once whatever happens, tried again later, forgotten when they went."""

from __future__ import annotations

import email
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.database import db
from app.mail import outbox
from app.mail.outbox import Mail
from app.results.release.models import Feedback
from app.surveys import queries
from tests.support.clock import Clock
from tests.support.person import Person

MakeApp = Callable[..., Flask]
KEY = f"test-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}"
TEMPLATE = str(uuid.UUID(int=3))


def run(app: Flask, *words: str, code: int = 0) -> str:
    done = app.test_cli_runner().invoke(args=list(words))
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path) -> Flask:
    return make_app(INSTANCE=tmp_path)


def letters(folder: Path) -> list[Any]:
    files = sorted((folder / "outbox").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def states(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context():
        return [(mail.state, mail.sealed) for mail in db.session.scalars(select(Mail).order_by(Mail.queued_at))]


@pytest.mark.both_databases
def test_an_invitation_waits_encrypted_goes_once_and_leads_to_a_password(app: Flask, tmp_path: Path) -> None:
    for _ in range(2):
        assert "waits in the outbox" in run(app, "staff", "invite", "jo@example.org", "--role", "office", "--mail")
    [(state, sealed)] = states(app)
    assert state == "waiting" and sealed and "jo@example.org" not in sealed
    assert "Sent: 1." in run(app, "outbox", "send") and "Sent: 0." in run(app, "outbox", "send")
    [letter] = letters(tmp_path)
    assert letter["To"] == "jo@example.org" and states(app) == [("sent", None)]
    [path] = re.findall(r"http://[^/]+(/staff/invitation/\S+)", letter.get_content())
    assert "jo@example.org" in Person(app).visit(path).text


def publish(app: Flask) -> None:
    """Publish one theme in English and Urdu."""
    texts = {
        "en": {"theme": "Dark lanes", "said": "The lanes are dark.", "did": "Lamps were put up."},
        "ur": {"theme": "اندھیری گلیاں", "said": "گلیاں اندھیری ہیں۔", "did": "بتیاں لگائی گئیں۔"},
    }
    with app.app_context():
        survey, now = queries.surveys()[0].id, app.config["CLOCK"]()
        values = {"outcome": "tackle-crime", "changed_at": now, "changed_by": "jo", "published_at": now}
        db.session.add(Feedback(survey_id=survey, texts=texts, **values))
        db.session.commit()


def wants_news(app: Flask, address: str, language: str) -> None:
    person = Person(app)
    person.visit(f"/{language}/news")
    person.submit({"email": address}, form="page")


def test_news_go_to_everybody_once_in_their_language_and_end_by_one_press(
    app: Flask, both_surveys: None, tmp_path: Path
) -> None:
    assert "publish a theme first" in run(app, "outbox", "you-said", code=1)
    publish(app)
    for address, language in (("a@example.org", "en"), ("b@example.org", "ur"), ("B@example.org", "ur")):
        wants_news(app, address, language)
    assert "Queued: 2. Had these very news already, or in the queue: 0." in run(app, "outbox", "you-said")
    run(app, "outbox", "send")
    assert "Queued: 0. Had these very news already, or in the queue: 2." in run(app, "outbox", "you-said")
    english, urdu = sorted(letters(tmp_path), key=lambda each: each["To"].casefold())
    assert (english["Subject"], urdu["Subject"]) == ("You said, we did", "آپ نے کہا، ہم نے کیا")
    assert "Lamps were put up." in english.get_content()
    assert "بتیاں لگائی گئیں۔" in urdu.get_content() and "/ur/results/you-said-we-did" in urdu.get_content()
    reader = Person(app)
    reader.visit(urdu["List-Unsubscribe"].strip(" <>").removeprefix(app.config["PRODUCT_URL"]))
    reader.submit(form="page")
    assert reader.path == "/ur/news/stopped"
    with app.app_context():
        db.session.execute(update(Feedback).values(outcome="justice"))
        db.session.commit()
    assert "Queued: 1." in run(app, "outbox", "you-said"), "other news, to those who still want them"


class Notify(BaseHTTPRequestHandler):
    """Answers as GOV.UK Notify does: with what a test lays down next, else by taking the mail."""

    next_answers: list[int]
    taken: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = self.next_answers.pop(0) if self.next_answers else 201
        if status == 201:
            self.taken.append(body)
        self._answer(status, {"errors": [{"error": "BadRequestError", "message": body["email_address"]}]})

    def do_GET(self) -> None:
        reference = self.path.partition("reference=")[2]
        self._answer(200, {"notifications": [each for each in self.taken if each["reference"] == reference]})

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        sent = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def notify() -> Iterator[type[Notify]]:
    """Serve as Notify on this machine."""
    Notify.next_answers, Notify.taken = [], []
    with ThreadingHTTPServer(("127.0.0.1", 0), Notify) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        Notify.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
        yield Notify
        server.shutdown()
        thread.join()


@pytest.fixture
def mailed(make_app: MakeApp, notify: Any, tmp_path: Path) -> Flask:
    """Make the application so that it mails by Notify, with one invitation waiting."""
    settings = {"NOTIFY_API_KEY": KEY, "NOTIFY_TEMPLATE": TEMPLATE, "NOTIFY_URL": notify.address}
    app = make_app(INSTANCE=tmp_path, **settings)
    run(app, "staff", "invite", "jo@example.org", "--role", "office", "--mail")
    return app


def test_notify_gets_each_mail_once_and_later_where_it_was_busy(mailed: Flask, notify: Any, clock: Clock) -> None:
    notify.next_answers += [429, 503]
    assert "Tried again later: 1." in run(mailed, "outbox", "send")
    assert "Tried again later: 0." in run(mailed, "outbox", "send"), "not before its time"
    clock.advance(minutes=1)
    assert "Tried again later: 1." in run(mailed, "outbox", "send")
    clock.advance(minutes=1)
    assert "Sent: 0." in run(mailed, "outbox", "send"), "the second pause is longer"
    clock.advance(minutes=1)
    assert "Sent: 1." in run(mailed, "outbox", "send")
    [taken] = notify.taken
    assert taken["email_address"] == "jo@example.org" and "Choose a password" in taken["personalisation"]["subject"]


def test_what_notify_refuses_is_given_up_without_the_address_in_what_is_kept(mailed: Flask, notify: Any) -> None:
    notify.next_answers += [400]
    assert "Given up: 1." in run(mailed, "outbox", "send", code=2)
    with mailed.app_context():
        fault = db.session.scalars(select(Mail.fault)).one()
    assert fault == "GOV.UK Notify answered 400: BadRequestError" and states(mailed) == [("failed", None)]


def test_a_sender_that_died_before_it_noted_the_mail_does_not_send_it_twice(
    mailed: Flask, notify: Any, clock: Clock
) -> None:
    with mailed.app_context():
        number = db.session.scalars(select(Mail.id)).one()
        letter = outbox._taken(number)
        assert letter
        outbox.carriers.chosen(mailed).carry(number, letter)
    assert "Sent: 0." in run(mailed, "outbox", "send"), "somebody has it"
    clock.advance(minutes=11)
    assert "Sent: 1." in run(mailed, "outbox", "send")
    assert len(notify.taken) == 1 and states(mailed) == [("sent", None)]
