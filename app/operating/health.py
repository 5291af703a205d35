"""Whether the platform lives and is ready to serve: ``/healthz`` and ``/readyz``, for whatever watches over it."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import click
from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app.database import db, one_moment, passing
from app.operating import reaching, rotation
from app.operating.migrating import newest, version_fault
from config import StartRefused, takes_no_files

health = Blueprint("health", __name__)
LEAST_SPACE = 200 * 1024 * 1024
"""Bytes that must be free where the platform writes: below it a wave of answers could fill the disk."""
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
"""What PostgreSQL must not have switched off: without it, a power cut takes what was acknowledged."""


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that this process answers; it asks nobody else."""
    return {"alive": True}


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether pages can be served, and if not, what is wrong and what to do."""
    found = list(faults(current_app))
    return {"ready": not found, "faults": found}, 503 if found else 200


def refuse_unready(app: Flask) -> None:
    """Raise StartRefused where the platform could not serve; leaves no connection to those who are forked later."""
    with app.app_context():
        found = list(faults(app))
        db.session.remove()
        db.engine.dispose()
    if found:
        raise StartRefused("\n".join(found))


def faults(app: Flask) -> Iterator[str]:
    """Name what keeps the platform from serving."""
    folder = Path(app.config["INSTANCE"])
    folders = {folder} if folder.is_dir() else set()
    if not folders:
        yield f"INSTANCE names {folder.name!r}, which is no folder: make it, writable for the platform's user."
    if db.engine.name == "sqlite":
        place = Path(db.engine.url.database or "").absolute()
        folders |= {place.parent} if place.parent.is_dir() else set()
    for each in sorted(folders):
        yield from folder_faults(each)
    yield from database_faults(app)


def folder_faults(folder: Path) -> Iterator[str]:
    """Name what keeps the platform from writing into a folder."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"written")
    except OSError as error:
        yield takes_no_files(folder, error)
    if (free := shutil.disk_usage(folder).free) < LEAST_SPACE:
        yield f"Only {free // 1024**2} MB are free where the platform writes, in {folder.name!r}: make it 200 MB."


def database_faults(app: Flask) -> Iterator[str]:
    """Name what is wrong with the database: out of reach, behind this code, ahead of it, or not durable."""
    try:
        with one_moment() as connection:
            fault = version_fault(connection, newest(app.config["MIGRATIONS"]))
            yield from [fault] if fault else key_faults(connection)
            yield from durability_faults(connection) if app.config["PRODUCTION"] else ()
    except SQLAlchemyError as error:
        yield reaching.told(error, db.engine.url)


def explaining(app: Flask) -> Callable[..., None]:
    """Let a command that the database stopped say what is wrong with it, instead of where that was noticed."""

    def told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        from psycopg import DatabaseError  # not for those who serve from SQLite

        faults: list[str] = []
        if isinstance(error, SQLAlchemyError | DatabaseError | sqlite3.Error):
            with app.app_context():
                faults = list(database_faults(app)) or [reaching.told(error, db.engine.url)] * passing(error)
        click.echo("\n".join(faults), err=True) if faults else sys.__excepthook__(kind, error, trace)

    return told


def key_faults(connection: Connection) -> Iterator[str]:
    """Name the keys that stored answers need and that the platform does not have."""
    for name in rotation.missing(connection):
        yield f"Stored answers are encrypted with key {name}: add that key to ENCRYPTION_KEYS."


def durability_faults(connection: Connection) -> Iterator[str]:
    """Name what would let a power cut take acknowledged answers. SQLite is told at each connection to keep them."""
    if connection.dialect.name != "postgresql":
        return
    for setting in DURABLE:
        value = connection.scalar(text(f"SHOW {setting}"))
        if value == "off":
            yield f"PostgreSQL has {setting} = off, so a power cut takes acknowledged answers: set {setting} = on."
