"""Counts the SQL statements of each step of a response."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from app import create_app
from app.database import db
from bench.residents import CONTINUE, filled


def statements(url: str, slug: str) -> dict[str, int]:
    """Count the most SQL statements that a step of a response needs (without BEGIN and COMMIT)."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url})
    seen: list[str] = []
    most: dict[str, int] = defaultdict(int)

    def note(step: str) -> None:
        most[step] = max(most[step], sum(not statement.startswith("BEGIN") for statement in seen))
        seen.clear()

    with app.app_context():
        event.listen(Engine, "before_cursor_execute", lambda *about: seen.append(about[2]))
    walk(app.test_client(), slug, lambda step: seen.clear())  # each worker reads a questionnaire once
    walk(app.test_client(), slug, note)
    with app.app_context():
        db.engine.dispose()
    return dict(most)


def walk(client: FlaskClient, slug: str, note: Callable[[str], None]) -> None:
    """Respond once, from the first page to the receipt, and note each step."""
    address = f"/en/{slug}"
    page = client.get(address)
    note("start page")
    while not address.endswith("/receipt"):
        onwards = CONTINUE.search(page.text) if address.endswith("/check") else None
        if onwards:
            address = onwards[1]
        else:
            sent = client.post(address, data=dict(filled(page.text)))
            note({slug: "begin", "check": "sent", "send": "sent"}.get(last(address), "question, answered"))
            address = sent.headers["Location"]
        page = client.get(address)
        note(last(address) if last(address) in ("check", "send", "receipt") else "question")


def last(address: str) -> str:
    """Name the last part of an address."""
    return address.split("?")[0].rpartition("/")[2]
