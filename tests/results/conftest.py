"""An application on its own database, a simulated consultation and three simulated months, a member of staff."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from app import create_app
from app.accounts import services as accounts
from app.database import db
from app.results import services as runs
from app.surveys import queries
from tests.results import waves
from tests.support import applications

PASSWORD = "correct horse battery staple 12"
NEWEST = ("YP-2025", "YV-2025-06")

SETTINGS = {**applications.SETTINGS, "SECRET_KEY": "only for these tests", "WTF_CSRF_ENABLED": False}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An application without any survey."""
    return make_app(**SETTINGS)


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database with a simulated consultation and three simulated months, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    path = folder / "filled.db"
    shutil.copyfile(sqlite_template, path)
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"})
    with app.app_context():
        consultation = waves.opened(waves.shipped("your-priorities-your-plan", folder), "2025")
        waves.answered(consultation, waves.crowd(consultation, 900))
        tracker = waves.shipped("your-views", folder)
        for month in ("2025-04", "2025-05", "2025-06"):
            wave = waves.opened(tracker, month)
            waves.answered(wave, waves.crowd(wave, 500, seed=int(month[-2:])))
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def database_with_runs(tmp_path_factory: pytest.TempPathFactory, filled_database: Path) -> Path:
    """The same with a run of the consultation and of the newest month, to be copied."""
    path = tmp_path_factory.mktemp("runs") / "runs.db"
    shutil.copyfile(filled_database, path)
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"})
    with app.app_context():
        for wave in NEWEST:
            runs.run(queries.wave_named(wave))
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def copied(filled_database: Path) -> Path:
    """The database that an application is filled from; tests of pages begin with runs."""
    return filled_database


@pytest.fixture(scope="module")
def filled_app(tmp_path_factory: pytest.TempPathFactory, copied: Path) -> Iterator[Flask]:
    """An application with a simulated consultation and three simulated months, for tests that change nothing."""
    path = tmp_path_factory.mktemp("results") / "results.db"
    shutil.copyfile(copied, path)
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"})
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def the_app(request: pytest.FixtureRequest) -> Flask:
    """The application that a test works on: the filled one if it asked for that."""
    found: Flask = request.getfixturevalue("filled_app" if "filled_app" in request.fixturenames else "app")
    return found


@pytest.fixture
def at_the_desk(the_app: Flask) -> Iterator[None]:
    """Work inside the application, as a command does. Not for tests of pages: each request has its own context."""
    with the_app.app_context():
        yield


@pytest.fixture
def run_command(the_app: Flask) -> Callable[..., tuple[int, str]]:
    """Run ``flask results`` and return its exit code and what it said."""
    runner: FlaskCliRunner = the_app.test_cli_runner()

    def run(*args: object) -> tuple[int, str]:
        done = runner.invoke(args=["results", *map(str, args)], catch_exceptions=False)
        return done.exit_code, done.output

    return run


@pytest.fixture
def signed_in(the_app: Flask) -> Callable[[str], FlaskClient]:
    """Sign somebody in who has one role."""

    def sign_in(role: str) -> FlaskClient:
        email = f"{role}@example.org"
        with the_app.app_context():
            if not accounts.find(email):
                accounts.add_staff(email, [role], PASSWORD)
        client = the_app.test_client()
        client.post("/login", data={"email": email, "password": PASSWORD})
        return client

    return sign_in


@pytest.fixture
def office(filled_app: Flask, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """Somebody of the office, with a run of the consultation and of the newest month."""
    client = signed_in("office")
    for wave in NEWEST:
        assert client.post(f"/staff/results/{wave}").status_code == 303
    return client
