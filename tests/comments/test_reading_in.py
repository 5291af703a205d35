"""``flask comments WAVE`` reads in what people wrote; what they take back is gone at once, with all made of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import AuditEvent
from app.comments.models import CodedTheme, Coding, Comment, Disclosure, Outcome, Quote, Suggestion
from app.database import db
from tests.comments.conftest import WAVE, Say
from tests.support import residents
from tests.support.applications import command
from tests.support.person import Person

DERIVED = (Comment, Suggestion, Coding, CodedTheme, Disclosure, Outcome, Quote)
ReadIn = Callable[[], str]
SPEEDING = "Cars speed down our road every night. Ring me on 07700 900123."
HARM = "My husband beats me every week and I am afraid to go home."


def comments(app: Flask) -> list[Comment]:
    with app.app_context():
        return list(db.session.scalars(select(Comment).order_by(Comment.id)))


def masked(app: Flask) -> list[str]:
    with app.app_context():
        return [each.masked for each in db.session.scalars(select(Comment).order_by(Comment.id))]


def left(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {each.__tablename__: db.session.scalar(select(func.count()).select_from(each)) or 0 for each in DERIVED}


@pytest.mark.both_databases
def test_a_comment_is_kept_masked_in_its_language_with_sentiment_and_themes(
    app: Flask, say: Say, read_in: ReadIn
) -> None:
    say(SPEEDING)
    assert "1 comment, 1 of them new or changed" in read_in()
    (comment,) = comments(app)
    assert masked(app) == ["Cars speed down our road every night. Ring me on [phone number]."]
    assert (comment.language, comment.kinds, comment.held) == ("en", ["phone number"], False)
    with app.app_context():
        assert "speeding" in db.session.scalars(select(Suggestion.theme)).all()


def test_only_what_is_new_is_read(say: Say, read_in: ReadIn) -> None:
    say("More patrols, please, in the evenings.")
    read_in()
    say("The lamps are broken in our street.")
    assert "2 comments, 1 of them new or changed" in read_in()
    assert "2 comments, 0 of them new or changed" in read_in()


@pytest.mark.both_databases
def test_a_withdrawal_takes_everything_that_was_made_of_the_comment(
    app: Flask, say: Say, read_in: ReadIn, signed_in: Callable[..., Person]
) -> None:
    writer, discloser = say(SPEEDING), say(HARM)
    read_in()
    analyst = signed_in("analyst")
    analyst.visit(f"/staff/comments/{WAVE}/code")
    analyst.press("Save and next", {"themes": ["speeding"]})
    analyst.visit(f"/staff/comments/{WAVE}/{comments(app)[0].id}")
    analyst.press("Pick this quote", {"words": "Cars speed down our road"})
    officer = signed_in("safeguarding")
    officer.visit("/staff/safeguarding")
    officer.follow("Entry")
    officer.submit(outcome="referred", note="Told the team.")
    assert all(left(app).values()), left(app)
    for person in (writer, discloser):
        person.visit("/en/your-answers/withdraw")
        person.submit()
    assert not any(left(app).values()), left(app)


@pytest.mark.both_databases
def test_words_that_change_are_read_anew_and_others_keep_their_coding(
    app: Flask, say: Say, read_in: ReadIn, signed_in: Callable[..., Person]
) -> None:
    writer = say(SPEEDING)
    read_in()
    analyst = signed_in("analyst")
    analyst.visit(f"/staff/comments/{WAVE}/code")
    analyst.press("Save and next", {"themes": ["speeding"]})
    change(writer, "district", "bradford")
    assert left(app)["coding"] == 1
    change(writer, "words", "Please mend the lamps in our street.")
    assert not any(left(app).values())
    assert "1 of them new or changed" in read_in()
    assert masked(app) == ["Please mend the lamps in our street."]


def change(writer: Person, question: str, answer: str) -> None:
    writer.visit("/en/your-answers/see")
    writer.press("Change your answers")
    writer.visit(f"/en/say-it/q/{question}?return=check")
    writer.submit({question: answer}, form="page")
    residents.send(writer)


def test_something_else_in_own_words_is_a_comment_too(app: Flask, say: Say, read_in: ReadIn) -> None:
    say("", safer=["other"], safer_text="A youth club for teenagers in the evenings")
    read_in()
    assert [each.question for each in comments(app)] == ["safer_text"]


@pytest.mark.parametrize(
    "words",
    [
        "😀😀😀",
        "aaaa " * 390,
        "<script>alert(1)</script> & more",
        "ring 0\u200b7700 9\u200d00123",
        "ا" * 1900,
        "\u202eevil",
    ],
)
def test_awkward_comments_are_read_and_none_is_scored_without_a_reason(
    app: Flask, say: Say, read_in: ReadIn, words: str
) -> None:
    say(words)
    read_in()
    (comment,) = comments(app)
    assert comment.sentiment is not None or comment.note


def test_a_wave_without_comments_says_so(asking: str, read_in: ReadIn) -> None:
    assert "nobody has written anything yet" in read_in()


def test_an_unknown_wave_is_named_with_those_that_there_are(app: Flask, asking: str) -> None:
    told = command(app, "comments", "XX-1", status=2)
    assert "XX-1" in told and WAVE in told


def test_a_questionnaire_without_own_words_says_so(app: Flask, open_survey: Callable[..., str]) -> None:
    open_survey("rotating")
    reference = next(word for word in command(app, "survey", "list").replace(":", " ").split() if "RO-" in word)
    assert "asks for nothing in own words" in command(app, "comments", reference, status=1)


def test_the_words_are_in_no_log_and_no_audit_entry(
    app: Flask,
    say: Say,
    read_in: ReadIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    say("Zanzibarbarian lamps " + HARM)
    told = read_in()
    with app.app_context():
        audit = [f"{e.action} {e.subject} {e.reason}" for e in db.session.scalars(select(AuditEvent))]
    assert "comments.read" in " ".join(audit)
    for text in (told, caplog.text, *audit):
        assert "zanzibar" not in text.casefold() and "husband" not in text.casefold()
