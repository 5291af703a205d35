"""How long what is kept: each kind has its period, the command says what it did, and what was released stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.accounts.models import AuditEvent
from app.comments.models import Comment
from app.database import db
from app.results.models import AnalysisRun
from app.surveys import contacts
from app.surveys.models import Contact, Draft, Response
from tests.support import residents
from tests.support.applications import command
from tests.support.clock import Clock
from tests.support.person import Person


def counted(app: Flask, *models: type) -> list[int]:
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(each)) or 0 for each in models]


@pytest.mark.both_databases
def test_answers_go_when_their_time_is_over_and_figures_stay(app: Flask, both_surveys: None, clock: Clock) -> None:
    for _ in range(3):
        residents.respond(Person(app), "your-views", {"comment": "Mend the lamps."})
    residents.begin(Person(app), "your-views")
    with app.app_context():
        contacts.keep("someone@example.org", "ur")
    command(app, "retention", "keep", "YV-2026-11", "--months", "30", "--reason", "Trend over three years")
    clock.set("2029-05-20T09:00")
    assert "0 addresses" not in command(app, "retention", "--dry-run")
    assert counted(app, Response, Contact, Draft) == [3, 1, 1]
    early = command(app, "retention")
    assert "1 drafts that nobody came back to (after 14 days)" in early
    assert "1 addresses for news of results (after 24 months)" in early
    assert counted(app, Response, Contact, Draft) == [3, 0, 0]
    clock.set("2029-07-20T09:00")
    would = command(app, "retention", "--dry-run")
    assert "3 responses of YV-2026-11 (30 months after its freeze)" in would
    told = command(app, "retention")
    assert "Erased:" in told and "3 responses of YV-2026-11 (30 months after its freeze)" in told
    assert counted(app, Response, Comment) == [0, 0]
    assert "responses of" not in command(app, "retention")
    with app.app_context():
        deeds = [(each.action, each.subject, each.reason) for each in db.session.scalars(select(AuditEvent))]
    assert ("retention.set", "YV-2026-11", "30 months after its freeze. Trend over three years") in deeds
    assert ("retention", "responses of YV-2026-11", "3 erased, 30 months after its freeze") in deeds


def test_a_stored_run_stands_after_its_answers_have_gone(app: Flask, clock: Clock, tmp_path: Path) -> None:
    from app.results import services
    from app.surveys import queries
    from tests.results import waves

    with app.app_context():
        wave = waves.opened(waves.shipped("your-views", tmp_path), "2025-04")
        waves.answered(wave, waves.crowd(wave, 200))
        db.session.execute(text("UPDATE wave SET simulated = :no"), {"no": False})
        db.session.commit()
    clock.set("2030-01-01T09:00")
    assert "200 responses of YV-2025-04" in command(app, "retention")
    with app.app_context():
        wave = queries.wave_named("YV-2025-04")
        (kept,) = db.session.scalars(select(AnalysisRun))
        assert kept.results["counts"]["weighted"] > 100
        assert not services.overtaken(kept) and services.run(wave).id == kept.id


@pytest.mark.both_databases
def test_no_path_leads_from_an_address_to_a_response(app: Flask, both_surveys: None) -> None:
    table = Contact.__table__
    assert not table.foreign_keys, "no key leads away"
    assert not [
        each for other in db.metadata.tables.values() for each in other.foreign_keys if each.column.table is table
    ]
    assert {column.name for column in table.columns} == {"id", "email", "language", "month"}
    order: list[str] = []
    for number in range(12):
        person = Person(app)
        residents.respond(person, "your-views")
        person.follow("Hear about the results")
        order.append(f"resident-{number}@example.org")
        person.submit(email=order[-1])
    with app.app_context(), db.engine.connect() as connection:
        hidden = ", xmin, ctid" if connection.dialect.name == "postgresql" else ""
        rows = connection.execute(text(f"SELECT id, month{hidden} FROM contact")).all()
        assert {row.month for row in rows} == {"2026-11"}, "no time finer than a month"
        if hidden:
            assert len({row.xmin for row in rows}) == 1, "all were written down in one transaction"
        held = {str(value) for row in connection.execute(text("SELECT * FROM response")) for value in row}
        assert not held & {str(row.id) for row in rows}, "no number is shared"
    with app.app_context():
        met = [each.email for each in db.session.execute(select(Contact)).scalars()]
        assert sorted(met) == sorted(order) and met != order, "nor the order of writing"
        everyone = list(contacts.everybody())
        assert contacts.forget(everyone[0].id) and not contacts.forget(everyone[0].id)
        assert len(list(contacts.everybody())) == 11
