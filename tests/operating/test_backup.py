"""Backups: made while residents answer, brought back whole into an empty database, refused where they do not fit."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from app import append_only
from app.accounts import audit
from app.database import db
from app.surveys.models import Draft, Response
from tests.support import residents
from tests.support.clock import Clock
from tests.support.databases import administer, named
from tests.support.person import Person

MakeApp = Callable[..., Flask]


def run(app: Flask, *words: object) -> Any:
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def answered(app: Flask) -> None:
    """Let one resident send an answer and another stop half-way, and note a deed."""
    sent, stopped = Person(app), Person(app)
    residents.begin(sent, "your-views")
    residents.answer(sent)
    residents.send(sent)
    residents.begin(stopped, "your-views", "ur")
    with app.app_context():
        audit.record("wave.open", "YV-2026-11")
        db.session.commit()


@pytest.fixture
def empty(request: pytest.FixtureRequest, database_url: str, tmp_path: Path, make_app: MakeApp) -> Any:
    """An application on a migrated database of the same kind in which nothing was done."""
    if database_url.startswith("sqlite"):
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "empty.db")
        yield make_app(SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'empty.db'}")
        return
    uri, name = request.getfixturevalue("postgresql"), f"empty_{tmp_path.name[-20:].replace('-', '_').lower()}"
    administer(uri, f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('postgresql_template')}")
    yield make_app(SQLALCHEMY_DATABASE_URI=named(uri, name))
    administer(uri, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.both_databases
def test_what_was_backed_up_is_back_and_the_platform_goes_on(
    app: Flask, empty: Flask, both_surveys: None, tmp_path: Path
) -> None:
    answered(app)
    file = tmp_path / "night.backup"
    made = run(app, "backup", file)
    assert made.exit_code == 0 and "1 responses" in made.output, made.output
    assert file.stat().st_mode & 0o777 == 0o600
    back = run(empty, "restore", file)
    assert back.exit_code == 0 and "1 responses" in back.output and "the trail holds" in back.output, back.output
    assert run(empty, "audit", "verify", "--head", made.output.split()[-1]).exit_code == 0
    answered(empty)
    with empty.app_context():
        counted = [db.session.scalar(select(func.count()).select_from(model)) for model in (Response, Draft)]
    assert counted == [2, 2]


@pytest.mark.both_databases
def test_a_database_with_anything_in_it_is_not_written_over(app: Flask, both_surveys: None, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "one")
    refused = run(app, "restore", tmp_path / "one")
    assert refused.exit_code == 2 and "The database is not empty" in refused.output


def test_a_file_is_not_written_over_either(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "one").write_text("precious")
    refused = run(app, "backup", tmp_path / "one")
    assert refused.exit_code == 2 and "exists already" in refused.output
    assert (tmp_path / "one").read_text() == "precious"
    nowhere = run(app, "backup", tmp_path / "no such folder" / "one")
    assert nowhere.exit_code == 2 and "cannot be written" in nowhere.output


def test_backups_that_have_had_their_time_go_once_a_new_one_is_whole(app: Flask, tmp_path: Path, clock: Clock) -> None:
    nights = tmp_path / "nights"
    cut = [f"cut.platform-backup.{end}" for end in ("unfinished", "copy", "copy-wal")]
    folders = ["thesis.unfinished", "backup-abc", "mine.platform-backup.unfinished"]
    precious = [f"{folder}/platform.db" for folder in folders] + ["notes.unfinished", "notes.txt", "other.zip"]
    for folder in folders:
        (nights / folder).mkdir(parents=True)
    for left in (*cut, *precious):
        (nights / left).write_text("precious")
    (nights / "link.platform-backup.unfinished").symlink_to(nights / "notes.txt")
    with zipfile.ZipFile(nights / "other.zip", "w") as other:
        other.writestr("manifest.json", json.dumps({"format": "another", "made_at": "2001-01-01T00:00:00+00:00"}))
    for name in ("first", "second"):
        assert run(app, "backup", nights / name, "--keep-days", "30").exit_code == 0
        clock.advance(days=20)
    refused = run(app, "backup", nights / "first", "--keep-days", "30")
    assert refused.exit_code == 2 and (nights / "first").exists(), "where none was made none goes"
    (nights / "second").touch()
    for left in nights.iterdir():
        os.utime(left, (clock().timestamp() - 100_000,) * 2)
    said = run(app, "backup", nights / "third", "--keep-days", "30")
    assert said.exit_code == 0 and "first is erased: backups are kept for 30 days." in said.output, said.output
    kept = {"second", "third", "link.platform-backup.unfinished", *folders, *precious[3:]}
    assert {path.name for path in nights.iterdir()} == kept and all((nights / left).exists() for left in precious)
    with app.app_context():
        trail = db.session.execute(db.text("SELECT subject, reason FROM audit_event WHERE action = 'backup.erase'"))
        assert ("first", "kept for 30 days") in [tuple(row) for row in trail]


def test_a_damaged_file_beside_a_backup_is_named_and_left_and_the_others_go(
    app: Flask, tmp_path: Path, clock: Clock
) -> None:
    nights = tmp_path / "nights"
    nights.mkdir()
    for name in ("base", "old"):
        run(app, "backup", nights / name)
    changed(nights / "base", lambda m: m.update(made_at="2001-01-01T00:00:00")).rename(nights / "naive")
    whole = (nights / "base").read_bytes()
    with zipfile.ZipFile(nights / "base") as archive:
        directory, at = archive.start_dir, archive.getinfo("manifest.json").header_offset + 30 + len("manifest.json")
    (nights / "flipped").write_bytes(whole[:at] + bytes(byte ^ 255 for byte in whole[at:directory]) + whole[directory:])
    locked = bytearray(whole)
    flag = whole.rindex(b"PK\x01\x02") + 8
    locked[flag] |= 1
    (nights / "encrypted").write_bytes(locked)
    (nights / "half").write_bytes(whole[: len(whole) // 2])
    os.mkfifo(nights / "a-pipe")
    clock.advance(days=40)
    said = run(app, "backup", nights / "new", "--keep-days", "30")
    assert said.exit_code == 0 and "Audit trail up to" in said.output.splitlines()[-1], said.output
    left = {"naive", "flipped", "encrypted", "half", "a-pipe"}
    assert {path.name for path in nights.iterdir()} == {"new", *left}
    for name in left:
        assert f"Warning: {name} is left: it cannot be read as a backup of this platform." in said.stderr


def changed(file: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Write a backup that says something else of itself."""
    other = file.with_name("changed")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(other, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            after.writestr(name, content)
    return other


def test_a_trail_that_does_not_hold_is_not_backed_up_and_nothing_is_left_lying(
    app: Flask, both_surveys: None, tmp_path: Path
) -> None:
    answered(app)
    with app.app_context():
        append_only.drop_triggers(db.session.connection(), "audit_event")
        db.session.execute(db.text("UPDATE audit_event SET actor = 'somebody else'"))
        db.session.commit()
    (tmp_path / "nights").mkdir()
    refused = run(app, "backup", tmp_path / "nights" / "one")
    assert refused.exit_code == 2 and "The audit trail does not hold" in refused.output
    assert list((tmp_path / "nights").iterdir()) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_tables_that_are_not_there_or_old_are_named_before_a_restore(app: Flask, empty: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "one")
    for before, said in (
        ("UPDATE alembic_version SET version_num = '0020'", "The database is at migration 0020, this code wants"),
        ("DROP TABLE alembic_version", "The database has no tables: run `flask db upgrade`"),
    ):
        with empty.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql(before)
        refused = run(empty, "restore", tmp_path / "one")
        assert refused.exit_code == 2 and said in refused.output, refused.output


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_restore_as_the_applications_own_role_is_refused_before_anything_is_written(
    app: Flask, empty: Flask, both_surveys: None, postgresql: str, make_app: MakeApp, tmp_path: Path
) -> None:
    answered(app)
    run(app, "backup", tmp_path / "one")
    grants = (Path(__file__).resolve().parents[2] / "deploy" / "grants.sql").read_text()
    administer(postgresql, "DROP ROLE IF EXISTS survey_app", "CREATE ROLE survey_app")
    with empty.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(grants)
    uri = empty.config["SQLALCHEMY_DATABASE_URI"]
    refused = run(
        make_app(SQLALCHEMY_DATABASE_URI=f"{uri}&options=-c%20role%3Dsurvey_app"), "restore", tmp_path / "one"
    )
    assert refused.exit_code == 2 and "names the role 'survey_app', but the tables belong to" in refused.output
    assert "restore as the owner: DATABASE_URL=postgresql://" in refused.output
    assert run(empty, "restore", tmp_path / "one").exit_code == 0, "it is empty still, and the owner may"
    with empty.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY survey_app")


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda m: m.update(migration="0003"), "is of migration 0003, this code is at"),
        (lambda m: m.update(database="postgresql"), "is of postgresql, DATABASE_URL names sqlite"),
        (lambda m: m.update(format="platform-backup-9"), "has the format 'platform-backup-9'"),
        (lambda m: m["digests"].update({"platform.db": "0" * 64}), "is damaged"),
        (lambda m: m["digests"].update({"other": "0" * 64}), "is damaged: other is not in it"),
        (lambda m: m.pop("digests"), "is damaged: it says None as its digests"),
        (lambda m: m.pop("migration"), "is damaged: it says None as its migration"),
        (lambda m: m.update(digests={}), "its digests say nothing of platform.db"),
        (lambda m: m["rows"].pop("response"), "its rows say nothing of response"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused_by_name(
    app: Flask, empty: Flask, both_surveys: None, tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    run(app, "backup", tmp_path / "one")
    refused = run(empty, "restore", changed(tmp_path / "one", change))
    assert refused.exit_code == 2 and said in refused.output


@pytest.mark.both_databases
def test_a_backup_with_a_deed_that_somebody_changed_is_refused_and_nothing_is_brought_back(
    app: Flask, empty: Flask, both_surveys: None, tmp_path: Path
) -> None:
    answered(app)
    run(app, "backup", tmp_path / "one")

    def tamper(content: bytes) -> bytes:
        """Let somebody else have done it, in as many letters, so that every page of a file stays as it is."""
        assert b"wave.open" in content
        return content.replace(b"wave.open", b"wave.shut")

    refused = run(empty, "restore", resealed(tmp_path / "one", tamper))
    assert refused.exit_code == 2 and "The audit trail in the backup does not hold." in refused.output, refused.output
    assert run(empty, "restore", tmp_path / "one").exit_code == 0


def resealed(file: Path, change: Callable[[bytes], bytes]) -> Path:
    """Change what a backup holds of the audit trail, with digests that fit the change."""
    other = file.with_name("resealed")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(other, "w") as after:
        contents = {name: before.read(name) for name in before.namelist()}
        name = "platform.db" if "platform.db" in contents else "audit_event.copy"
        contents[name] = change(contents[name])
        manifest = json.loads(contents["manifest.json"])
        manifest["digests"][name] = hashlib.sha256(contents[name]).hexdigest()
        contents["manifest.json"] = json.dumps(manifest).encode()
        for each, content in contents.items():
            after.writestr(each, content)
    return other


def test_half_a_backup_and_no_backup_are_refused_by_name(app: Flask, empty: Flask, tmp_path: Path) -> None:
    run(app, "backup", tmp_path / "one")
    whole = (tmp_path / "one").read_bytes()
    flipped = bytearray(whole)
    flipped[200:260] = bytes(60)
    for content in (whole[: len(whole) // 2], bytes(flipped), b"hello", b""):
        (tmp_path / "other").write_bytes(content)
        refused = run(empty, "restore", tmp_path / "other")
        assert refused.exit_code == 2 and "no whole backup" in refused.output


@pytest.mark.both_databases
def test_retention_erases_what_has_had_its_time_and_says_how_much(app: Flask, both_surveys: None, clock: Clock) -> None:
    answered(app)
    assert "0 drafts that nobody came back to" in run(app, "retention").output
    clock.advance(days=15)
    assert "1 drafts that nobody came back to" in run(app, "retention").output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
        assert db.session.scalar(select(func.count()).select_from(Response)) == 1


def test_the_command_says_whether_the_platform_is_ready(app: Flask) -> None:
    assert run(app, "ready").output == "Ready.\n"
    with app.app_context():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    assert run(app, "ready").exit_code == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_applications_own_role_cannot_touch_the_trail_or_a_table(
    app: Flask, postgresql: str, make_app: MakeApp, clock: Clock
) -> None:
    grants = (Path(__file__).resolve().parents[2] / "deploy" / "grants.sql").read_text()
    administer(postgresql, "DROP ROLE IF EXISTS survey_app", "CREATE ROLE survey_app")
    with app.app_context():
        audit.record("wave.open", "YV-2026-11")
        db.session.commit()
        with db.engine.begin() as connection:
            connection.exec_driver_sql(grants)
        for deed, allowed in (
            ("SELECT count(*) FROM audit_event", True),
            ("DELETE FROM draft", True),
            ("DELETE FROM audit_event", False),
            ("UPDATE audit_event SET actor = 'x'", False),
            ("TRUNCATE audit_event", False),
            ("ALTER TABLE audit_event DISABLE TRIGGER ALL", False),
            ("DROP TABLE response", False),
            ("UPDATE alembic_version SET version_num = 'x'", False),
        ):
            with db.engine.connect() as connection:
                connection.exec_driver_sql("SET ROLE survey_app")
                if allowed:
                    connection.exec_driver_sql(deed)
                    continue
                with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                    connection.exec_driver_sql(deed)
    clock.advance(days=3000)
    own = make_app(SQLALCHEMY_DATABASE_URI=f"{app.config['SQLALCHEMY_DATABASE_URI']}&options=-c%20role%3Dsurvey_app")
    trimmed = run(own, "audit", "trim", "--reason", "too old")
    assert trimmed.exit_code == 2, trimmed.output
    assert "name the owner of the tables" in trimmed.output
    for works in (("retention",), ("keys", "rotate"), ("audit", "verify")):
        assert run(own, *works).exit_code == 0, works
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY survey_app")
