"""The application on a database of its own, people who use it, and the surveys that they find open."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from flask import Flask

from app import DEFAULTS, create_app
from app.database import db
from tests.support import pseudo
from tests.support.clock import Clock
from tests.support.person import Person
from tests.support.questionnaires import OUR_OWN, SURVEYS

PASSWORD = "correct horse battery staple"
SETTINGS: dict[str, Any] = {
    "TESTING": True,
    "SECRET_KEY": "tests",
    "ENCRYPTION_KEYS": ("dGVzdHMgZW5jcnlwdCB3aXRoIHRoaXMga2V5LCBvaw0",),
    "SECURITY_PASSWORD_SALT": "tests",
    "SERVER_NAME": None,
    # Everybody in the tests comes from one network.
    "RESPONSES_PER_NETWORK": 100_000,
    # Passwords are made to take long; a test need not wait for it.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": 1,
        "argon2__memory_cost": 64,
        "argon2__parallelism": 1,
    },
}
MakeApp = Callable[..., Flask]
OpenSurvey = Callable[..., str]


@pytest.fixture(scope="session")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile today's catalogues to a place of our own."""
    from app.translating import catalogues

    folder = tmp_path_factory.mktemp("compiled")
    shutil.copytree(DEFAULTS["TRANSLATIONS"], folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.mo"))
    for catalogue in folder.glob("*/LC_MESSAGES/messages.po"):
        with catalogue.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogues.read(catalogue))
    return folder


def morning() -> Clock:
    """Set a clock to a Tuesday in November, at ten in the morning."""
    return Clock(datetime(2026, 11, 10, 10, tzinfo=UTC))


@pytest.fixture
def clock() -> Clock:
    """Give the test a clock of its own, which it can set and move."""
    return morning()


@pytest.fixture
def app_settings(database_url: str, clock: Clock, translations: Path) -> dict[str, Any]:
    """Gather the settings of the test's applications and servers."""
    return {**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_url, "CLOCK": clock, "TRANSLATIONS": translations}


@pytest.fixture
def make_app(app_settings: dict[str, Any]) -> Iterator[MakeApp]:
    """Make applications on the test's database: a second one is the first after a restart."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        made.append(create_app({**app_settings, **settings}))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """Make the application."""
    return make_app()


@pytest.fixture
def person(app: Flask) -> Person:
    """Meet somebody with a browser."""
    return Person(app)


@pytest.fixture
def client(person: Person) -> Person:
    """Meet somebody with a browser, under the name that Flask's users know."""
    return person


@pytest.fixture
def people(app: Flask) -> Callable[[], Person]:
    """Meet as many people as asked for, each with a browser of their own."""
    return lambda: Person(app)


def command(app: Flask, *words: str, status: int = 0) -> str:
    """Run a command of the platform and return what it says."""
    result = app.test_cli_runner().invoke(args=words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, f"flask {' '.join(words)} ended with {result.exit_code}: {result.output}"
    return result.output


@pytest.fixture
def flask_command(app: Flask) -> Callable[..., str]:
    """Run commands of the platform: ``flask_command("survey", "list")``."""
    return lambda *words, status=0: command(app, *words, status=status)


def file_of(name: str) -> Path:
    """Find a questionnaire by name: one of our own two, or a small one."""
    own = OUR_OWN / f"{name}.yaml"
    return own if own.exists() else SURVEYS / f"{name}.yaml"


@pytest.fixture
def open_survey(app: Flask) -> OpenSurvey:
    """Open a survey by the command line: one of our own two, or a small one, by its name."""

    def opened(name: str, *options: str) -> str:
        return command(app, "survey", "open", str(file_of(name)), *options)

    return opened


@pytest.fixture
def both_surveys(database_url: str) -> None:
    """Find both of our surveys open, as on the first day: the test's database is a copy of one where they are."""


@pytest.fixture
def signed_in(app: Flask) -> Callable[..., Person]:
    """Sign somebody in who has a role: through the page, with a password."""

    def sign_in(role: str, email: str = "") -> Person:
        from app.accounts import services

        address = email or f"{role}@example.org"
        with app.app_context():
            services.add_staff(address, [role], PASSWORD)
        person = Person(app)
        person.visit("/login")
        person.submit(email=address, password=PASSWORD)
        return person

    return sign_in


@pytest.fixture(scope="session")
def pseudo_translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the language that is none."""
    from app.translating.catalogues import template

    return pseudo.write_translations(template(), tmp_path_factory.mktemp("translations"))
