"""A database that does not answer: 503 in the resident's language, with what was typed, and one button to go on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db
from app.surveys.models import Draft
from tests.support import residents
from tests.support.person import Person

MakeApp = Callable[..., Flask]


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold the write lock of a database."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def hurried(make_app: MakeApp) -> Flask:
    """Make the application so that it does not wait for the lock."""
    return make_app(SQLALCHEMY_ENGINE_OPTIONS={"connect_args": {"timeout": 0.05}})


@pytest.mark.parametrize(
    "language, said", [("en", "this page keeps it"), ("ur", "اس صفحے پر موجود ہے"), ("pa", "ਇਸ ਪੰਨੇ ਉੱਤੇ ਮੌਜੂਦ ਹੈ")]
)
def test_what_was_typed_is_kept_and_one_button_goes_on(
    hurried: Flask, both_surveys: None, database_url: str, language: str, said: str
) -> None:
    person = Person(hurried)
    residents.begin(person, "your-views", language)
    asked, filled = person.path, residents.sensible(person, {})
    with locked(database_url):
        person.submit(filled, status=503, form="page")
        assert said in person.page.text and person.response.headers["Retry-After"]
        held = person.page.fields(person.page.form("page"))
        assert filled.items() <= {name: values[0] for name, values in held.items()}.items()
        person.submit(status=503, form="page")  # too early
    person.submit(form="page")
    assert person.path != asked and "/q/" in person.path
    with hurried.app_context():
        assert filled.items() <= db.session.scalars(select(Draft)).one().said.items()


def test_a_button_that_nothing_is_typed_for_can_be_pressed_again(
    hurried: Flask, both_surveys: None, database_url: str
) -> None:
    person = Person(hurried)
    residents.respond(person, "your-views")
    person.visit("/en/your-answers/see")
    with locked(database_url):
        person.press("Change", status=503)
        person.press("Try again", status=503)
    person.press("Try again")
    assert person.path.endswith("/check")


def test_a_page_that_was_only_looked_at_offers_to_look_again(make_app: MakeApp) -> None:
    nowhere = Person(make_app(SQLALCHEMY_DATABASE_URI="postgresql+psycopg://app:x@127.0.0.1:1/survey"))
    page = nowhere.visit("/ur", status=503)
    assert "دوبارہ کوشش کریں" in page.links


def test_a_password_is_never_put_on_a_page(hurried: Flask, database_url: str) -> None:
    person = Person(hurried)
    person.visit("/login")
    with locked(database_url):
        page = person.submit({"email": "jo@example.org", "password": "correct horse"}, status=503)
    assert "correct horse" not in person.response.text and not page.document.xpath("//main//form")
