"""The people who work in the house: one for each role, who send forms as pages offer them."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from werkzeug.test import TestResponse

from app.accounts import services
from app.accounts.models import ROLES
from app.database import db

PASSWORD = "a tram in the pantry"


def address(role: str) -> str:
    """Name the person who holds a role."""
    return f"{role}@example.org"


def hire(app: Flask) -> None:
    """Give one person for each role an account."""
    with app.app_context():
        for role in ROLES:
            services.add_staff(address(role), [role]).password = _hashed()
        db.session.commit()


def close(app: Flask) -> None:
    """Leave no connection to the database open behind a test."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def guest(app: Flask) -> Visitor:
    """Come to the house without an account."""
    return Visitor(app.test_client())


def signed_in(app: Flask, role: str) -> Visitor:
    """Come to the house as the one who holds a role."""
    person = guest(app)
    answer = person.send("/login", email=address(role), password=PASSWORD)
    assert answer.status_code == 303, text_of(answer)
    return person


def text_of(answer: TestResponse) -> str:
    """Read a page as it is read on a screen: no markup, no line breaks."""
    body = re.sub(r"<head>.*?</head>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


class Visitor:
    """Somebody with a browser, who may send a form with more or less than it asks for, but with its token."""

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
        assert answer.status_code == 303, text_of(answer)
        return self.client.get(answer.headers["Location"])


@lru_cache
def _hashed() -> str:
    """Hash the password once: it is made to take long."""
    return str(hash_password(PASSWORD))
