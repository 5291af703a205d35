"""A closed simulated month with a run, in a database of its own, and what people do with a release of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import services as accounts
from app.database import db
from app.results import services as runs
from app.results.release import queries as releases
from app.results.release import services
from app.surveys import queries
from tests.results import waves
from tests.results.conftest import PASSWORD, SETTINGS
from tests.support.person import Person

MONTH = "YV-2025-04"
SignIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="session")
def database_of_a_month(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database with a simulated month of 300 people and its run, to be copied."""
    folder = tmp_path_factory.mktemp("month")
    shutil.copyfile(sqlite_template, folder / "month.db")
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'month.db'}"})
    with app.app_context():
        asked(folder)
        db.engine.dispose()
    return folder / "month.db"


@pytest.fixture
def month(app: Flask, database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A simulated month of 300 people, with a run: copied on SQLite, asked anew on PostgreSQL."""
    if database_url.startswith("sqlite"):
        shutil.copyfile(request.getfixturevalue("database_of_a_month"), database_url.removeprefix("sqlite:///"))
        return MONTH
    with app.app_context():
        asked(tmp_path)
    return MONTH


def asked(folder: Path) -> None:
    """Ask 300 people and make a run."""
    wave = waves.opened(waves.shipped("your-views", folder), "2025-04")
    waves.answered(wave, waves.crowd(wave, 300))
    runs.run(wave)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, database_of_a_month: Path) -> Iterator[Flask]:
    """An application with the month released, for tests that only read."""
    folder = tmp_path_factory.mktemp("library")
    shutil.copyfile(database_of_a_month, folder / "library.db")
    app = create_app({**SETTINGS, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'library.db'}"})
    with app.app_context():
        analyst, approver = (
            accounts.add_staff(f"{role}@example.org", [role], PASSWORD) for role in ("analyst", "approver")
        )
        services.draft(queries.wave_named(MONTH), "", analyst)
        waiting = releases.draft_of(queries.wave_named(MONTH).id)
        assert waiting
        services.approve(waiting, approver)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def run_again(app: Flask) -> Callable[[], None]:
    """Bring the run of the month up to date."""

    def make() -> None:
        with app.app_context():
            runs.run(queries.wave_named(MONTH))

    return make


@pytest.fixture
def drafted(month: str, signed_in: SignIn) -> str:
    """The month, with a draft by an analyst."""
    answer = signed_in("analyst").post("/staff/releases", data={"wave": month})
    assert answer.status_code == 303, answer.text
    return month


@pytest.fixture
def released(drafted: str, signed_in: SignIn) -> str:
    """The month, released by two people."""
    answer = signed_in("approver").post(f"/staff/releases/{drafted}/approve", data={"confirm": "yes"})
    assert answer.status_code == 303, answer.text
    return drafted


@pytest.fixture
def resident(app: Flask) -> Person:
    """Somebody who is not signed in and looks at every page that opens."""
    return Person(app)


@pytest.fixture
def reader(library: Flask) -> Person:
    """Somebody who reads what is released."""
    return Person(library)
