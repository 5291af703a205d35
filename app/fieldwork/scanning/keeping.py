"""Keeps the pictures of sheets, sealed, outside the database and its backups, and erases them when they have served."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import ColumnElement, delete, select

from app import clock, encryption
from app.database import db
from app.fieldwork.scanning.models import ScannedSide

NAME = re.compile(r"[0-9a-f]{32}")
UNCLAIMED_HOURS = 6
"""A picture that no row knows is of an upload that goes on, or of one that broke off so many hours ago."""


def folder() -> Path:
    """Say where pictures lie: beside the database, never under the web root."""
    return Path(current_app.config["INSTANCE"]) / "scans"


def keep(picture: bytes) -> str:
    """Seal a picture into a file that only the platform can read; returns its name."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = secrets.token_hex(16)
    with os.fdopen(os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(encryption.seal(base64.b64encode(picture).decode(), *_place(name)).encode())
    return name


def opened(name: str) -> bytes | None:
    """Open a picture; None where it is gone, was altered, or its key is: the sheet itself is still there."""
    try:
        return base64.b64decode(encryption.opened((folder() / name).read_text("ascii"), *_place(name)))
    except (OSError, encryption.Unreadable):
        return None


def _place(name: str) -> tuple[str, str]:
    return "scanned_side.picture", name


def erase(names: Iterable[str]) -> None:
    """Erase pictures, after the commit that forgot them. What cannot be erased is logged, and swept up later."""
    for name in names:
        try:
            (folder() / name).unlink(missing_ok=True)
        except OSError as error:
            current_app.logger.error("The picture %s of a sheet stays: %s.", name, error.strerror)


def forget(*which: ColumnElement[bool]) -> list[str]:
    """Delete sides in the transaction at hand; returns the names of their pictures, to be erased after its commit."""
    return list(db.session.scalars(delete(ScannedSide).where(*which).returning(ScannedSide.picture)))


def forget_form(form_id: int) -> list[str]:
    """Delete the sides of a form that is stored."""
    return forget(ScannedSide.form_id == form_id)


def forget_batch(batch_id: int) -> list[str]:
    """Delete the sides of a batch that is withdrawn."""
    return forget(ScannedSide.batch_id == batch_id)


def forget_old() -> list[str]:
    """Delete sides that nobody confirmed in time, and name the pictures that no row knows any more."""
    old = forget(ScannedSide.at < clock.now() - timedelta(days=current_app.config["SCANS_DAYS"]))
    known = set(db.session.scalars(select(ScannedSide.picture)))
    before = clock.now().timestamp() - UNCLAIMED_HOURS * 3600
    found = folder().iterdir() if folder().exists() else iter(())
    lost = [
        path.name
        for path in found
        if NAME.fullmatch(path.name) and path.name not in known and path.stat().st_mtime < before
    ]
    return [*old, *lost]
