"""Fills a database with a wave of any size, quickly: simulated residents, accepted once and stored many times over."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from sqlalchemy import insert, text

from app import create_app
from app.database import db
from app.demo.services import migrate
from app.demo.waves import CONSULTATION, FILES, PastWave, simulated
from app.surveys import queries, responding, services
from app.surveys.definition import check
from app.surveys.models import Response, Wave

WAVE = "YP-2025"
PEOPLE = 4_000
BATCH = 2_000


def fill(url: str, instance: str, n: int) -> None:
    """Make a database with one simulated consultation of n responses."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "INSTANCE": instance, "SECRET_KEY": "bench"})
    with app.app_context():
        migrate()
        survey = services.import_definition(FILES / f"{CONSULTATION}.yaml")
        opens = datetime(2025, 9, 1, tzinfo=UTC)
        wave = services.open_wave(survey, "2025", opens, opens + timedelta(weeks=12), simulated=True)
        rows = islice(repeated(list(people(wave, min(n, PEOPLE)))), n)
        while batch := list(islice(rows, BATCH)):
            db.session.execute(insert(Response), batch)
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


def repeated(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Go round and round, with new keys each time."""
    for number, row in enumerate(cycle(rows)):
        yield row | {"submission": f"{number:064x}", "receipt": f"{number:064d}"}


if __name__ == "__main__":
    fill(sys.argv[1], sys.argv[2], int(sys.argv[3]))
