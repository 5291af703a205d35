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
from tests.results import waves

PASSWORD = "correct horse battery staple 12"


SETTINGS = {"SECRET_KEY": "only for these tests", "TESTING": True, "WTF_CSRF_ENABLED": False}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """An application without any survey."""
    return make_app(**SETTINGS)


@pytest.fixture(scope="module")
def filled_app(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Flask]:
    """An application with a simulated consultation and three simulated months, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("results")
    shutil.copyfile(sqlite_template, folder / "results.db")
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'results.db'}"})
    with app.app_context():
        consultation = waves.opened(waves.shipped("your-priorities-your-plan", folder), "2025")
        waves.at_events(waves.answered(consultation, waves.crowd(consultation, 900)), events=30, people=7)
        tracker = waves.shipped("your-views", folder)
        for month in ("2025-04", "2025-05", "2025-06"):
            wave = waves.opened(tracker, month)
            waves.answered(wave, waves.crowd(wave, 500, seed=int(month[-2:])))
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
    for wave in ("YP-2025", "YV-2025-06"):
        assert client.post(f"/staff/results/{wave}").status_code == 303
    return client
