"""The only reader of the environment: every setting, its default and what it is for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
DEVELOPMENT_SECRET = "development-only-not-for-production"


def from_environment(environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Read the settings from the environment; what is not set has a default that suits one developer's machine."""
    env = os.environ if environment is None else environment
    secret = env.get("SECRET_KEY") or _kept_secret(Path(env.get("INSTANCE", ROOT / "instance")))
    return {
        "SECRET_KEY": secret,
        "SQLALCHEMY_DATABASE_URI": database_url(env.get("DATABASE_URL") or f"sqlite:///{ROOT / 'instance' / 'platform.db'}"),
        "SERVER_NAME": env.get("SERVER_NAME") or None,
        "SESSION_COOKIE_SECURE": env.get("INSECURE_COOKIES", "yes") == "no",
        "SECURITY_PASSWORD_SALT": env.get("PASSWORD_SALT") or secret,
        "IDLE_MINUTES": int(env.get("IDLE_MINUTES", "30")),
        "DRAFT_DAYS": int(env.get("DRAFT_DAYS", "14")),
        "PRODUCT_URL": env.get("PRODUCT_URL", "http://127.0.0.1:5000"),
    }


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
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text() or DEVELOPMENT_SECRET
