"""The database: one metadata for SQLite and PostgreSQL, times in UTC, and a durable SQLite."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from select import select
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from flask import Flask, g, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    Result,
    TypeDecorator,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError, TimeoutError
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


PATIENCE = 10
"""Seconds that a page waits for a lock or a connection before it says that the service is busy."""
PATIENT: dict[str, Any] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 1000 * PATIENCE,
    "keepalives_idle": PATIENCE,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "options": f"-c lock_timeout={PATIENCE}s",
}
ONLY_TO_BE_READ = "25006"
"""What PostgreSQL says for a moment after a replica took over, until the address leads to the new one."""
PLAIN: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
"""For each engine, the one that asks single statements."""

db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def init_app(app: Flask) -> None:
    """Bind the database to the application."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(app.config["SQLALCHEMY_DATABASE_URI"]))
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            make_durable(db.engine)
        else:
            leave_out_closed(db.engine)


def engine_options(url: str) -> dict[str, Any]:
    """Choose how connections behave: SQLite waits for its lock, PostgreSQL's are kept for the next page.

    Nobody waits for ever: not for a lock, nor for a server that no longer answers, nor for a free connection.
    """
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": PATIENCE}}
    return {"pool_size": 5, "max_overflow": 10, "pool_timeout": PATIENCE, "connect_args": patient(url)}


def patient(url: str) -> dict[str, Any]:
    """Choose how long a connection waits, where its address does not say so itself; what the address sets holds."""
    named = make_url(url).query
    own = named.get("options", "")
    options = f"{PATIENT['options']} {own if isinstance(own, str) else ' '.join(own)}".strip()
    return {name: value for name, value in PATIENT.items() if name not in named} | {"options": options}


def passing(error: Exception) -> bool:
    """Say whether an error is of the state of database or disk, and not of what was asked of it: such passes."""
    if isinstance(error, OperationalError | InterfaceError | TimeoutError | DisconnectionError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or getattr(error.orig, "sqlstate", "") == ONLY_TO_BE_READ
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


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


def leave_out_closed(engine: Engine) -> None:
    """Replace connections that PostgreSQL has closed, as when it was restarted: such a one has something to read.

    Asking the server each time, as SQLAlchemy can, would cost as much as a page's own statement.
    """

    @event.listens_for(engine, "checkout")
    def check(connection: Any, record: Any, proxy: Any) -> None:
        if select([connection], [], [], 0)[0]:
            raise DisconnectionError


@contextmanager
def one_moment() -> Iterator[Connection]:
    """Offer a connection that only looks: it sees the database of one moment, and keeps nobody from writing."""
    options: dict[str, Any] = {"reads_only": True}
    if db.engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with db.engine.connect().execution_options(**options) as connection:
        yield connection


def look(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Ask one question that needs no transaction around it; returns its rows."""
    if _session_has_begun():
        return list(db.session.execute(statement, values))
    with _plain().connect() as connection:
        return list(connection.execute(statement, values))


def keep(statement: Executable, values: Mapping[str, Any]) -> int:
    """Carry out one statement, a transaction of its own, and return when it is kept; says how many rows it changed.

    Where the session has begun to write, the statement is the last of what it keeps: SQLite has one writer at a time.
    """
    if _session_has_begun():
        changed = _rows(db.session.execute(statement, values))
        db.session.commit()
        return changed
    with _plain().connect() as connection:
        return _rows(connection.execute(statement, values))


def _session_has_begun() -> bool:
    return db.session.registry.has() and db.session().in_transaction()


def _plain() -> Engine:
    """Choose connections for single statements, which nothing begins a transaction around."""
    engine = db.engine
    if engine not in PLAIN:
        PLAIN[engine] = _made_plain(engine)
        event.listen(engine, "engine_disposed", _forget_plain)
    return PLAIN[engine]


def _made_plain(engine: Engine) -> Engine:
    """SQLite's are the same connections without the listener that begins; PostgreSQL's have to be others."""
    if engine.name == "sqlite":
        return Engine(engine.pool, engine.dialect, engine.url)
    plain = create_engine(engine.url, isolation_level="AUTOCOMMIT", **engine_options(str(engine.url)))
    leave_out_closed(plain)
    return plain


def _forget_plain(engine: Engine) -> None:
    if (plain := PLAIN.pop(engine, None)) is not None:
        plain.dispose()


def _rows(result: Result[Any]) -> int:
    return int(result.rowcount)  # type: ignore[attr-defined]


def begin_writing() -> None:
    """Start a new transaction that may write, in the middle of a page that so far only looked."""
    db.session.rollback()
    g.writes = True
