"""Fills a database with a wave of any size, quickly: simulated residents, accepted once and stored many times over."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, func, insert, literal, select, text, true

from app import create_app
from app.database import db
from app.demo.services import migrate
from app.demo.waves import CONSULTATION, FILES, PastWave, simulated
from app.surveys import own_words, queries, responding, services
from app.surveys.definition import check
from app.surveys.models import Response, Wave
from config import from_environment

WAVE = "YP-2025"
PEOPLE = 4_000


def fill(url: str, instance: str, n: int) -> None:
    """Make a database with one simulated consultation of n responses."""
    own = {"DATABASE_URL": url, "INSTANCE": instance, "SECRET_KEY": "bench"}
    app = create_app(from_environment({**os.environ, **own}))  # with the keys that the commands on it will use
    with app.app_context():
        migrate()
        survey = services.import_definition(FILES / f"{CONSULTATION}.yaml")
        opens = datetime(2025, 9, 1, tzinfo=UTC)
        wave = services.open_wave(survey, "2025", opens, opens + timedelta(weeks=12), simulated=True)
        rows = list(people(wave, min(n, PEOPLE)))
        db.session.execute(insert(Response), [anew(row, number) for number, row in enumerate(rows)])
        copy(n - len(rows), len(rows))
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        db.engine.dispose()


def people(wave: Wave, n: int) -> Iterator[dict[str, Any]]:
    """Lay out the rows of people whom the gate accepts."""
    definition = queries.definition_of(wave)
    past = PastWave(CONSULTATION, "2025", wave.opens_at, wave.closes_at)
    for each in simulated(definition, past, n, seed=1):
        checked = check(definition, each["answers"])
        at = each["submitted_at"]
        row = responding.row(wave, definition, checked, uuid.uuid4(), each["language"], each["channel"], at)
        yield row | {"seed": each["seed"], "started_at": at}


def anew(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Give a response keys of its own, and bind its words to them."""
    return own_words.moved(row, f"{number:064x}") | {"receipt": f"{number:064d}"}


def copy(wanted: int, people: int) -> None:
    """Store everybody again and again, with new keys each time: inside the database, which is far quicker."""
    table, times = Response.__table__, select(literal(1).label("time")).cte("times", recursive=True)
    times = times.union_all(select(times.c.time + 1).where(times.c.time * people < wanted))
    number = cast(times.c.time + 100_000_000, String)
    fresh = {name: number + func.substr(table.c[name], 10) for name in ("submission", "receipt")}
    fresh["words"] = literal("")  # they are bound to the first one's keys
    kept = [column for column in table.c if column.name != "id"]
    copies = select(*(fresh.get(column.name, column) for column in kept)).where(table.c.id <= people).limit(wanted)
    if wanted > 0:
        db.session.execute(
            table.insert().from_select([column.name for column in kept], copies.join_from(table, times, true()))
        )


if __name__ == "__main__":
    fill(sys.argv[1], sys.argv[2], int(sys.argv[3]))
