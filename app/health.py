"""Whether the platform lives and is ready to serve: ``/healthz`` and ``/readyz``, for whatever watches over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.database import db

health = Blueprint("health", __name__)
LEAST_SPACE = 200 * 1024 * 1024
"""Bytes that must be free where the platform writes: below it a wave of answers could fill the disk."""


@health.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that this process answers; it asks nobody else."""
    return {"alive": True}


@health.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether pages can be served, and if not, what is wrong and what to do."""
    found = list(faults(current_app))
    return {"ready": not found, "faults": found}, 503 if found else 200


def faults(app: Flask) -> Iterator[str]:
    """Name what keeps the platform from serving."""
    yield from database_faults(newest(app.config["MIGRATIONS"]))
    folder = Path(app.config["INSTANCE"])
    if not folder.is_dir():
        yield f"The instance folder {folder.name!r} does not exist: make it, writable for the platform's user."
    elif (free := shutil.disk_usage(folder).free) < LEAST_SPACE:
        yield f"Only {free // 1024**2} MB are free where the platform writes: make room, at least 200 MB."


def database_faults(wanted: str) -> Iterator[str]:
    """Name what is wrong with the database: out of reach, behind this code, or ahead of it."""
    try:
        version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError as error:
        db.session.rollback()
        cause = type(getattr(error, "orig", None) or error).__name__
        yield f"The database does not answer or has no tables ({cause}): check DATABASE_URL, run `flask db upgrade`."
        return
    if version is None or version < wanted:
        yield f"The database is at migration {version or 'none'}, this code wants {wanted}: run `flask db upgrade`."
    elif version > wanted:
        yield f"The database is at migration {version}, this code knows only {wanted}: run the newer code."


@lru_cache
def newest(migrations: Path) -> str:
    """Tell the number of the newest migration that this code brings."""
    return max(path.name[:4] for path in (Path(migrations) / "versions").glob("[0-9]*.py"))
