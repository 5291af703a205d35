"""What people write is encrypted where it rests: planted words are hunted for in every place that outlives a page."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import select, text

from app import encryption
from app.comments.models import Comment
from app.database import db
from app.surveys.models import Contact, Draft, Response
from tests.support import residents
from tests.support.applications import SETTINGS, command
from tests.support.own_words import SAY_IT
from tests.support.person import Person

MakeApp = Callable[..., Flask]
ADDRESS = "walnut-harbour@example.org"
PLANTED = ("Ochre-Lantern", "Quartz-Umbrella", "Violet-Thimble", "walnut-harbour")
SENT, HELD, WRITTEN_IN = PLANTED[:3]
OF_OLD = SENT.replace("-", " ")
OLD = SETTINGS["ENCRYPTION_KEYS"][0]
NEW = "bmV3IGtleSBmb3IgdGhlIHRlc3RzLCAxMjM0NTY3ODk"


@pytest.fixture
def asking(app: Flask, tmp_path: Path) -> None:
    """Open a survey with own words and something to write in."""
    (tmp_path / "say-it.yaml").write_text(SAY_IT, encoding="utf-8")
    command(app, "survey", "open", str(tmp_path / "say-it.yaml"))


@pytest.fixture
def people(app: Flask, asking: None) -> tuple[Person, Person]:
    """One resident has sent words and left an address, another stopped half-way; comments are read in."""
    sender, stopped = Person(app), Person(app)
    said = {"safer": ["lamps", "other"], "safer_text": f"Benches {WRITTEN_IN}", "words": f"Mend it, {SENT}."}
    residents.respond(sender, "say-it", said)
    sender.follow("Hear about the results")
    sender.submit(email=ADDRESS)
    residents.begin(stopped, "say-it")
    residents.answer(stopped, said | {"words": f"Not yet, {HELD}."})
    command(app, "comments", "SI-2026")
    return sender, stopped


def stored_bytes(app: Flask) -> Iterator[tuple[str, bytes]]:
    """Read the files in which the database lies, as a thief of the disk would."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            path = Path(str(db.engine.url.database))
            files = [*path.parent.glob(f"{path.name}*")]
            assert len(files) == 3, "the database, its log and its index"
        else:
            db.session.execute(text("CHECKPOINT"))
            folder = Path(db.session.scalar(text("SHOW data_directory")) or "")
            number = db.session.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
            files = [*(folder / "base" / str(number)).iterdir(), *(folder / "pg_wal").glob("0*")]
            assert len(files) > 100
    yield from ((file.name, file.read_bytes()) for file in files)


def readable(app: Flask) -> Iterator[tuple[str, str]]:
    """Read every row of every table, as somebody would who has the database and no key."""
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            yield (
                table.name,
                "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')),
            )


@pytest.mark.both_databases
def test_planted_words_are_in_no_row_and_no_file_of_the_database(app: Flask, people: tuple[Person, Person]) -> None:
    sender, _ = people
    for name, content in readable(app):
        assert not [word for word in PLANTED if word in content], name
    for name, content in stored_bytes(app):
        assert not [word for word in PLANTED if word.encode() in content], name
    with app.app_context():
        (comment, other) = sorted(each.masked for each in db.session.scalars(select(Comment)))
        assert (comment, other) == (f"Benches {WRITTEN_IN}", f"Mend it, {SENT}.")
        assert db.session.scalars(select(Contact)).one().email == ADDRESS
    sender.visit("/en/your-answers/see")
    assert SENT in sender.page.text and WRITTEN_IN in sender.page.text


def test_nor_in_the_log_in_addresses_in_cookies_and_in_error_reports(
    make_app: MakeApp, asking: None, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.WARNING)
    app = make_app(TESTING=False, LOG_FORMAT="json")

    def breaks(language: str) -> str:
        raise RuntimeError(f"{request.form['words']} {ADDRESS}")

    app.add_url_rule("/<lang:language>/breaks", view_func=breaks, methods=["POST"])
    person = Person(app)
    residents.begin(person, "say-it")
    residents.answer(person, {"words": f"Mend it, {SENT}."})
    broken = person.browser.post("/en/breaks", data={"words": SENT, "csrf_token": person.token})
    assert broken.status_code == 500 and SENT not in broken.text
    with app.app_context():
        draft = db.session.scalars(select(Draft)).one()
        draft.answers = str(draft.answers)[:-8] + "AAAAAAA="
        db.session.commit()
    lost = person.browser.post("/en/say-it/q/words", data={"words": SENT, "csrf_token": person.token})
    assert lost.status_code == 503 and SENT in lost.text, "the page keeps what was typed"
    told = capfd.readouterr().err
    assert "RuntimeError" in told and "draft.answers of row" in told
    cookies = str(person.browser._cookies)
    for word in PLANTED:
        assert word not in told and word not in cookies and word not in " ".join(person.trail), word


@pytest.mark.both_databases
def test_a_text_that_was_moved_to_another_row_or_changed_does_not_open(app: Flask, asking: None) -> None:
    for words in ("mine", "yours"):
        residents.respond(Person(app), "say-it", {"words": words})
    with app.app_context():
        mine, yours = db.session.scalars(select(Response).order_by(Response.id))
        assert (mine.said or {})["words"] == "mine"
        mine.words, yours.words = yours.words, str(mine.words)[:-8] + "AAAAAAA="
        for each in (mine, yours):
            with pytest.raises(encryption.Altered, match="was altered, or belongs to another row"):
                _ = each.said
        db.session.commit()
    told = app.test_cli_runner().invoke(args=["comments", "SI-2026"])
    assert told.exit_code == 2 and "response.words of row" in told.output


@pytest.mark.both_databases
def test_keys_are_rotated_while_people_answer_and_the_old_one_can_be_thrown_away(
    app: Flask, people: tuple[Person, Person], make_app: MakeApp
) -> None:
    both = make_app(ENCRYPTION_KEYS=(NEW, OLD))
    before = [each.masked for each in comments(app)]
    assert "5 texts, opens still" in command(both, "keys", "status")
    assert "5 texts are under key" in command(both, "keys", "rotate")
    assert "Everything is under key" in command(both, "keys", "rotate")
    assert "no longer needed: take it out" in command(both, "keys", "status")
    only = make_app(ENCRYPTION_KEYS=(NEW,))
    assert [each.masked for each in comments(only)] == before, "what people coded stays"
    _, stopped = people
    stopped.browser.application = only
    stopped.visit("/en/say-it/q/words")
    assert HELD in stopped.page.text
    assert command(only, "audit", "verify")


def comments(app: Flask) -> Any:
    with app.app_context():
        yield from db.session.scalars(select(Comment).order_by(Comment.id))


@pytest.mark.both_databases
def test_a_missing_key_is_named_and_nothing_that_was_typed_is_lost(
    app: Flask, people: tuple[Person, Person], make_app: MakeApp, tmp_path: Path
) -> None:
    other = make_app(ENCRYPTION_KEYS=(NEW,))
    with app.app_context():
        missing = encryption.keyring().names[0]
    ready = other.test_client().get("/readyz")
    assert ready.status_code == 503 and f"key {missing}: add that key to ENCRYPTION_KEYS" in ready.text
    assert f"key {missing}: 5 texts, MISSING" in command(other, "keys", "status", status=2)
    assert f"they need key {missing}" in command(other, "keys", "rotate", status=2)
    assert f"encrypted with key {missing}" in command(other, "comments", "SI-2026", status=2)
    assert missing in command(app, "backup", str(tmp_path / "night"))
    _, stopped = people
    stopped.browser.application = other
    waits = stopped.browser.get("/en/say-it/q/words")
    assert waits.status_code == 503 and "Your saved answers are safe" in waits.text
    stopped.browser.application = app
    stopped.visit("/en/say-it/q/words")
    assert HELD in stopped.page.text


def in_the_clear(said: dict[str, Any] | None) -> dict[str, Any]:
    """Spell answers to be stored unencrypted: beside this test, others look for the planted words."""
    told: dict[str, Any] = json.loads(json.dumps(said).replace("-", " "))
    return told


@pytest.mark.both_databases
def test_what_is_from_before_there_was_encryption_is_read_and_encrypted_by_a_rotation(
    app: Flask, people: tuple[Person, Person]
) -> None:
    with app.app_context():
        response, draft = db.session.scalars(select(Response)).one(), db.session.scalars(select(Draft)).one()
        numbers = [each.id for each in db.session.scalars(select(Comment))]
        draft.answers = in_the_clear(draft.said)
        response.answers, response.words = in_the_clear(response.said), None
        db.session.commit()
        assert OF_OLD in (response.said or {})["words"]
    assert "not encrypted: 2" in command(app, "keys", "status")
    assert "2 texts are under key" in command(app, "keys", "rotate")
    for name, content in readable(app):
        assert not [word for word in (*PLANTED, OF_OLD) if word in content], name
    with app.app_context():
        assert OF_OLD in (db.session.scalars(select(Response)).one().said or {})["words"]
        assert [each.id for each in db.session.scalars(select(Comment))] == numbers, "nothing that was coded is lost"
