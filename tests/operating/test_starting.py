"""What the platform does not start with, in words that name the thing, its value and the remedy; and what it does."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from app.operating.health import StartRefused, refuse_unready
from app.operating.migrating import newest

ROOT = Path(__file__).resolve().parents[2]
NEWEST = newest(ROOT / "migrations")
TRY_AGAIN = 4
MakeApp = Callable[..., Flask]


def refusal(make_app: MakeApp, url: str, **settings: Any) -> str:
    """Start the site; tell why it does not start, or nothing."""
    app = make_app(SQLALCHEMY_DATABASE_URI=url.replace("postgresql:", "postgresql+psycopg:"), **settings)
    try:
        refuse_unready(app)
    except StartRefused as refused:
        assert app.test_client().get("/readyz").status_code == 503
        return str(refused)
    return ""


def at_version(file: Path, version: str, floor: str = "") -> str:
    """Say of a database that it is at another version, and from which on code runs on it."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        if floor:
            connection.execute(text("DELETE FROM schema_floor"))
            connection.execute(text("INSERT INTO schema_floor VALUES (:v, :f)"), {"v": version, "f": floor})
    engine.dispose()
    return f"sqlite:///{file}"


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(sqlite_template, tmp_path / "platform.db"))


def test_it_does_not_start_on_a_database_behind_or_ahead_of_it(file: Path, make_app: MakeApp) -> None:
    assert refusal(make_app, f"sqlite:///{file}") == ""
    behind = refusal(make_app, at_version(file, "0011"))
    assert f"at migration 0011, this code wants {NEWEST}: run `flask db upgrade`" in behind
    ahead = refusal(make_app, at_version(file, "9999"))
    assert f"at migration 9999, this code knows only {NEWEST}: run the newer code" in ahead
    assert "this code knows only" in refusal(make_app, at_version(file, "9999", "9998"))


def test_the_migrations_leave_word_of_the_oldest_code_that_runs_on_their_tables(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        [(version, floor)] = connection.execute(text("SELECT version, floor FROM schema_floor")).all()
    engine.dispose()
    assert version == NEWEST and floor <= NEWEST


def test_it_goes_on_with_tables_that_a_newer_version_only_added_to(file: Path, make_app: MakeApp) -> None:
    assert refusal(make_app, at_version(file, "9999", NEWEST)) == ""


def test_a_wrong_path_is_named_with_what_to_do(tmp_path: Path, make_app: MakeApp) -> None:
    missing = refusal(make_app, f"sqlite:///{tmp_path}/nowhere/platform.db")
    assert "'platform.db' in DATABASE_URL" in missing and "make that folder" in missing
    empty = refusal(make_app, f"sqlite:///{tmp_path}/empty.db")
    assert "no such table" in empty and "flask db upgrade" in empty
    (tmp_path / "letter.db").write_text("Dear Sir, " * 1000)
    assert "not a database" in refusal(make_app, f"sqlite:///{tmp_path}/letter.db")
    no_folder = refusal(make_app, f"sqlite:///{tmp_path}/empty.db", INSTANCE=tmp_path / "no-folder")
    assert "'no-folder', which is no folder" in no_folder


def test_a_wrong_address_is_named_without_its_password(postgresql: str, make_app: MakeApp) -> None:
    for url, said, remedy in (
        (
            "postgresql://app:hidden-word@127.0.0.1:1/survey",
            "'survey' at '127.0.0.1', port 1, as user 'app'",
            "host and port",
        ),
        ("postgresql://app:hidden-word@nowhere.invalid/survey", "'nowhere.invalid'", "the name of the host"),
        (postgresql.replace("/postgres?", "/no_such?"), "'no_such'", "mend its name in DATABASE_URL"),
        (postgresql.replace("//postgres:", "//nobody:"), "'nobody'", "mend the name of the user in DATABASE_URL"),
    ):
        refused = refusal(make_app, url)
        assert said in refused and remedy in refused and "hidden-word" not in refused, refused


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql://app:hidden-word@127.0.0.1:1/survey",
            "as user 'app' does not answer or has no tables (Connection",
        ),
        ("sqlite:///{}/fresh.db", "'fresh.db' in DATABASE_URL does not answer or has no tables (no such table"),
    ],
)
def test_a_command_says_what_is_wrong_with_the_database_instead_of_a_traceback(
    url: str, said: str, tmp_path: Path
) -> None:
    environment = {**os.environ, "DATABASE_URL": url.format(tmp_path), "INSTANCE": str(tmp_path), "SECRET_KEY": "tests"}
    command = [sys.executable, "-m", "flask", "retention"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and "Traceback" not in done.stderr and "hidden-word" not in done.stderr
    assert said in done.stderr, done.stderr


def test_a_server_that_can_write_nothing_ends_with_the_reason_and_not_with_a_traceback(
    file: Path, tmp_path: Path
) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}", "INSTANCE": str(tmp_path), "SECRET_KEY": "tests"}
    command = [sys.executable, "wsgi.py"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, preexec_fn=full)
    assert done.returncode == TRY_AGAIN and "Traceback" not in done.stderr
    assert "takes no files (File too large): let the platform's user write there" in done.stderr


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_production_does_not_start_where_a_power_cut_would_take_answers(make_app: MakeApp) -> None:
    ready = make_app(PRODUCTION=True).test_client().get("/readyz")
    assert ready.status_code == 503 and "fsync = off" in ready.text
