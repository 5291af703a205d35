"""The only reader of the environment: every setting, its default and what it is for."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read the settings from the environment; what is not set has a default that suits one developer's machine."""
    env = os.environ if environment is None else environment
    instance = Path(env.get("INSTANCE") or ROOT / "instance").absolute()
    secret = env.get("SECRET_KEY") or _kept_secret(instance)
    url = env.get("PRODUCT_URL") or "http://127.0.0.1:5000"
    return {
        "SECRET_KEY": secret,
        "SECURITY_PASSWORD_SALT": env.get("PASSWORD_SALT") or secret,
        "SEAL_SECRET": env.get("SEAL_SECRET") or "",
        "INSTANCE": instance,
        "SQLALCHEMY_DATABASE_URI": database_url(env.get("DATABASE_URL") or f"sqlite:///{instance / 'platform.db'}"),
        "PRODUCT_URL": url.rstrip("/"),
        "SESSION_COOKIE_SECURE": url.startswith("https://"),
        "RATELIMIT_STORAGE_URI": env.get("RATELIMIT_STORAGE_URI") or "memory://",
        "IDLE_MINUTES": whole_number(env, "IDLE_MINUTES", 30),
        "DRAFT_DAYS": whole_number(env, "DRAFT_DAYS", 14),
    }


def whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    """Read a setting that counts something; refuse anything but a whole number above zero."""
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError(f"{name} is {text!r}: write a whole number above 0, for example {default}.")
    return int(text)


def database_url(url: str) -> str:
    """Name the driver that the platform ships: psycopg 3 for PostgreSQL."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _kept_secret(instance: Path) -> str:
    """Make a secret once and keep it beside the development database, so that sessions survive a restart."""
    path = instance / "secret"
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        own = instance / f"secret.{os.getpid()}"
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        # Of several workers that start at once, the first to link its secret wins.
        with suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text()
