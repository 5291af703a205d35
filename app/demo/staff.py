"""One staff account for each role, with a password that is drawn once for each installation."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import current_app

from app.accounts import services
from app.accounts.models import ROLES
from app.database import db

FILE = "demo-password"


def addresses() -> list[str]:
    """Name the demonstration's accounts; example.org belongs to nobody."""
    return [f"{role}@example.org" for role in ROLES]


def accounts() -> str:
    """Make sure that there is an account for each role, all with one password; returns the password."""
    path = place() / FILE
    known = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    password = known or secrets.token_urlsafe(12)
    for role, address in zip(ROLES, addresses(), strict=True):
        person = services.find(address)
        if person is None:
            services.add_staff(address, [role], password)
        elif not known:
            services.choose_password(person, password)
    if not known:
        _keep(path, password)
    return password


def place() -> Path:
    """Choose where the password is kept: beside an SQLite database, otherwise in the instance folder."""
    url = db.engine.url
    beside = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    folder = Path(str(url.database)).parent if beside else Path(current_app.config["INSTANCE"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep(path: Path, password: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(password + "\n")
