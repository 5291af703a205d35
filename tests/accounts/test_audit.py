"""The audit trail: what is noted, in which words, and that nobody can take it back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from app import append_only
from app.accounts import audit, services
from app.accounts.models import AuditEvent
from app.database import db
from tests.accounts.house import PASSWORD, address, guest, signed_in, text_of
from tests.support.clock import Clock

COPIED = "at, actor, action, subject, reason, digest"
MOVED = "UPDATE audit_event SET id ="


def deeds(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(event.actor, event.action, event.subject) for event in events]


def test_signing_in_failing_to_and_signing_out_are_noted(app: Flask) -> None:
    guest(app).send("/login", email=address("officer"), password="wrong password")
    guest(app).send("/login", email="my password by mistake", password="wrong password")
    guest(app).send("/login", email="nobody@example.org", password="wrong password")
    signed_in(app, "officer").send("/logout", page="/staff")
    officer = address("officer")
    assert deeds(app)[-4:] == [
        ("not signed in", "sign_in.failed", officer),
        ("not signed in", "sign_in.failed", "no such account"),
        (officer, "sign_in", officer),
        (officer, "sign_out", officer),
    ]


def test_what_is_done_on_the_command_line_is_done_by_the_system(app: Flask) -> None:
    app.test_cli_runner().invoke(args=["staff", "disable", address("officer"), "--reason", "Left us"])
    assert deeds(app)[-1] == ("system", "staff.disable", address("officer"))


def test_an_event_shares_the_fate_of_the_deed(app: Flask) -> None:
    before = deeds(app)
    with app.app_context():
        audit.record("wave.open", "YV-2026-11")
        db.session.rollback()
    assert deeds(app) == before


def test_hidden_characters_and_line_breaks_do_not_forge_lines(app: Flask) -> None:
    with app.app_context():
        event = audit.record("wave.open", "YV\x00-1\n2026", "because\r\nof\x1b[2J it" + "x" * 600)
        db.session.commit()
        assert event.subject == "YV -1 2026"
        assert event.reason.startswith("because of [2J it") and len(event.reason) == 500


@pytest.mark.both_databases
@pytest.mark.parametrize("deed", ["UPDATE audit_event SET actor = 'somebody else'", "DELETE FROM audit_event"])
def test_the_database_refuses_to_change_the_trail(app: Flask, deed: str) -> None:
    with app.app_context(), pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(deed))


def test_sqlite_refuses_to_replace_an_event(app: Flask) -> None:
    columns = "id, at, actor, action, subject, reason"
    forged = f"SELECT {columns.replace('actor', repr('somebody else'))} FROM audit_event"
    with app.app_context(), pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(f"INSERT OR REPLACE INTO audit_event ({columns}) {forged}"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_empty_the_trail(app: Flask) -> None:
    with app.app_context(), pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text("TRUNCATE audit_event"))


def tampered(app: Flask, *deeds: str) -> None:
    """Change the trail as somebody could who owns the database: with the triggers out of the way."""
    with app.app_context():
        append_only.drop_triggers(db.session.connection(), "audit_event")
        for deed in deeds:
            db.session.execute(text(deed))
        db.session.commit()


@pytest.mark.both_databases
def test_a_whole_trail_verifies_and_its_head_is_told(app: Flask) -> None:
    whole = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert whole.exit_code == 0 and "entries, each as it was written" in whole.output
    head = whole.output.split()[-1]
    signed_in(app, "officer")
    grown = app.test_cli_runner().invoke(args=["audit", "verify", "--head", head])
    assert grown.exit_code == 0 and grown.output.split()[-1] != head


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "deed, found",
    [
        ("UPDATE audit_event SET actor = 'somebody else' WHERE id = 3", "Entry 3 of"),
        ("UPDATE audit_event SET at = '2020-01-01 00:00:00.000000+00:00' WHERE id = 3", "Entry 3 of"),
        ("DELETE FROM audit_event WHERE id = 3", "Before entry 4 of"),
        ("DELETE FROM audit_event WHERE id = 1", "Before entry 2 of"),
        ("DELETE FROM audit_event", "It is empty"),
        (
            f"INSERT INTO audit_event (id, previous, {COPIED}) SELECT 9000, 'x', {COPIED} FROM audit_event LIMIT 1",
            "entry 9000 of",
        ),
        (f"{MOVED} 9001 WHERE id = 2; {MOVED} 2 WHERE id = 3; {MOVED} 3 WHERE id = 9001", "Before entry 2 of"),
        ("UPDATE audit_event SET id = 4000 WHERE id = 3", "Before entry 4 of"),
    ],
)
def test_a_changed_removed_or_moved_entry_is_found(app: Flask, deed: str, found: str) -> None:
    tampered(app, *deed.split("; "))
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 2 and found in result.output


@pytest.mark.both_databases
def test_the_owner_removes_what_is_too_old_and_the_trail_says_where_it_begins(app: Flask, clock: Clock) -> None:
    head = app.test_cli_runner().invoke(args=["audit", "verify"]).output.split()[-1]
    clock.advance(days=7 * 366)
    signed_in(app, "officer")
    told = app.test_cli_runner().invoke(args=["audit", "trim", "--reason", "Seven years"])
    assert "entries from before" in told.output and told.exit_code == 0, told.output
    assert [each[1] for each in deeds(app)] == ["sign_in", "audit.trim"]
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
    tampered(app, "DELETE FROM audit_event WHERE action = 'sign_in'")
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 2
    assert app.test_cli_runner().invoke(args=["audit", "verify", "--head", head]).exit_code == 2


def test_a_trail_cut_off_at_its_end_is_found_by_an_earlier_head(app: Flask) -> None:
    head = app.test_cli_runner().invoke(args=["audit", "verify"]).output.split()[-1]
    tampered(app, "DELETE FROM audit_event WHERE id = (SELECT max(id) FROM audit_event)")
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
    cut = app.test_cli_runner().invoke(args=["audit", "verify", "--head", head])
    assert cut.exit_code == 2 and "cut off" in cut.output


@pytest.mark.both_databases
def test_deeds_of_many_at_once_form_one_chain(app: Flask) -> None:
    def deed(number: int) -> None:
        with app.app_context():
            audit.record("wave.open", f"W-{number}")
            audit.record("wave.close", f"W-{number}")
            db.session.commit()

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(deed, range(24)))
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
    assert len([each for each in deeds(app) if each[1].startswith("wave.")]) == 48


@pytest.mark.both_databases
def test_a_migration_can_take_the_triggers_away_and_bring_them_back(app: Flask) -> None:
    rebuilt = text("UPDATE audit_event SET reason = 'rebuilt'")
    with app.app_context():
        append_only.drop_triggers(db.session.connection(), "audit_event")
        db.session.execute(rebuilt)
        append_only.create_triggers(db.session.connection(), "audit_event", "append-only")
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(rebuilt)


def test_an_admin_reads_the_trail_page_by_page_and_by_kind(app: Flask) -> None:
    with app.app_context():
        for number in range(60):
            audit.record("wave.open", f"W-{number}", "for the test")
        db.session.commit()
    admin = signed_in(app, "admin")
    first = admin.open("/staff/audit?action=wave.open")
    assert "Entries 1 to 50 of 60" in text_of(first) and "W-59" in first.text and "W-9<" not in first.text
    second = admin.open("/staff/audit?action=wave.open&page=2")
    assert "Entries 51 to 60 of 60" in text_of(second) and "W-9<" in second.text
    assert "Newer entries" in second.text and "Older entries" not in second.text


@pytest.mark.parametrize(
    "query", ["page=0", "page=-7", "page=x", "page=99999999999999999999", "action=%00", "action=no.such"]
)
def test_odd_questions_to_the_trail_are_answered(app: Flask, query: str) -> None:
    assert signed_in(app, "admin").open(f"/staff/audit?{query}").status_code == 200


def test_a_kind_that_never_happened_is_said_to_be_empty(app: Flask) -> None:
    assert "There is no deed of the kind “wave.melt”" in text_of(
        signed_in(app, "admin").open("/staff/audit?action=wave.melt")
    )


def test_a_password_is_in_no_event(app: Flask) -> None:
    with app.app_context():
        services.change_password(services.named(address("officer")), PASSWORD, "another three words")
        events = db.session.scalars(select(AuditEvent))
        assert not any("words" in f"{event.subject} {event.reason}" or PASSWORD in event.reason for event in events)
