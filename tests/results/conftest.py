"""An application on its own database, a simulated consultation and three simulated months, a member of staff."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade

from app import create_app
from app.accounts import services as accounts
from tests.results import waves

PASSWORD = "correct horse battery staple 12"


def application(folder: Path) -> Flask:
    """Make the application on a new SQLite database, with the platform's own migrations."""
    settings = {
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'results.db'}",
        "SECRET_KEY": "only for these tests",
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,
    }
    app = create_app(settings)
    with app.app_context():
        upgrade()
    return app


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """An application without any survey."""
    return application(tmp_path)


@pytest.fixture(scope="module")
def filled_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a simulated consultation and three simulated months, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("results")
    app = application(folder)
    with app.app_context():
        consultation = waves.opened(waves.shipped("your-priorities-your-plan", folder), "2025")
        waves.answered(consultation, waves.crowd(consultation, 900))
        tracker = waves.shipped("your-views", folder)
        for month in ("2025-04", "2025-05", "2025-06"):
            wave = waves.opened(tracker, month)
            waves.answered(wave, waves.crowd(wave, 500, seed=int(month[-2:])))
    return app


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
