"""A small house for the tests of staff: migrated once, copied for each test, with a person for each role."""

from __future__ import annotations

import re
import shutil
from functools import lru_cache
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.test import TestResponse

from app import create_app
from app.accounts.models import ROLES
from app.accounts.services import add_staff
from app.database import db

PASSWORD = "a tram in the pantry"


def address(role: str) -> str:
    """Name the person who holds a role."""
    return f"{role}@example.org"


def open_house(folder: Path, **settings: Any) -> Flask:
    """Make the application on a database of its own."""
    shutil.copy(_built(), folder / "house.db")
    return _app(folder / "house.db", **settings)


def guest(app: Flask) -> Person:
    """Come to the house without an account."""
    return Person(app.test_client())


def signed_in(app: Flask, role: str) -> Person:
    """Come to the house as the one who holds a role."""
    person = guest(app)
    answer = person.send("/login", email=address(role), password=PASSWORD)
    assert answer.status_code == 302, text_of(answer)
    return person


def text_of(answer: TestResponse) -> str:
    """Read a page as it is read on a screen: no markup, no line breaks."""
    body = re.sub(r"<head>.*?</head>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


class Person:
    """Somebody with a browser, who sends forms as pages offer them: with the token that guards against forgery."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def send(self, path: str, page: str = "", **fields: Any) -> TestResponse:
        """Open the page with a form (the form's own address, unless another is given) and send it."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page or path).text)
        return self.client.post(path, data=fields | {"csrf_token": token[1] if token else ""})

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where an answer leads."""
        assert answer.status_code in (302, 303), text_of(answer)
        return self.client.get(answer.headers["Location"])


@lru_cache
def _built() -> Path:
    path = Path(mkdtemp()) / "built.db"
    app = _app(path)
    with app.app_context():
        upgrade()
        for role in ROLES:
            add_staff(address(role), [role], PASSWORD)
        db.engine.dispose()  # what SQLite holds beside the file goes into it, so that the file can be copied
    return path


def _app(path: Path, **settings: Any) -> Flask:
    return create_app(
        {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}", "TESTING": True, "SECRET_KEY": "for these tests"} | settings
    )
