"""The database: one metadata for SQLite and PostgreSQL, times in UTC, and a durable SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, g, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, MetaData, TypeDecorator, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """What every model builds on: named constraints, so that migrations can change them on both databases."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone: use app.clock.now()")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as UTC: SQLite gives the time back without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def init_app(app: Flask) -> None:
    """Bind the database to the application."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(app.config["SQLALCHEMY_DATABASE_URI"]))
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]))
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            make_durable(db.engine)


def engine_options(url: str) -> dict[str, Any]:
    """Choose how connections behave: SQLite waits for its lock, PostgreSQL's are tried before use."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30}}
    return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10}


def make_durable(engine: Engine) -> None:
    """Give SQLite write-ahead logging, an fsync before each commit returns, and transactions that begin when asked.

    A transaction that reads first and writes later fails on SQLite as soon as somebody else wrote in between. So
    whatever may write takes the write lock at its beginning; only pages that are merely looked at begin without it.
    """

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        looks = has_request_context() and request.method in ("GET", "HEAD") and not g.get("writes")
        reads_only = looks or connection.get_execution_options().get("reads_only")
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def one_moment() -> Iterator[Connection]:
    """Offer a connection that only looks: it sees the database of one moment, and keeps nobody from writing."""
    options: dict[str, Any] = {"reads_only": True}
    if db.engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with db.engine.connect().execution_options(**options) as connection:
        yield connection


def begin_writing() -> None:
    """Start a new transaction that may write, in the middle of a page that so far only looked."""
    db.session.rollback()
    g.writes = True
