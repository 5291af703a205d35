"""Says what is wrong with the address of the database, from what the database or the system answered."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL

UPGRADE = "run `flask db upgrade`"
REMEDIES = (
    ("unable to open", "make that folder, writable for the platform's user, or mend the path in DATABASE_URL"),
    ("not a database", "name another file in DATABASE_URL, or bring a backup back with `flask restore`"),
    ("password authentication failed", "mend the name or the password of the user in DATABASE_URL"),
    ("no password supplied", "write the user's password into DATABASE_URL"),
    ("role ", "make that role, or mend the name of the user in DATABASE_URL"),
    ("database ", "make that database, or mend its name in DATABASE_URL"),
    ("invalid connection option", "take it out of the address in DATABASE_URL"),
    ("is bad: invalid", "mend it in DATABASE_URL"),
    ("connection refused", "mend host and port in DATABASE_URL, or start PostgreSQL there"),
    ("timeout", "mend host and port in DATABASE_URL, or open the way to that machine"),
    ("resolve", "mend the name of the host in DATABASE_URL"),
    ("name or service not known", "mend the name of the host in DATABASE_URL"),
    ("no such table", UPGRADE),
    ("alembic_version", f"{UPGRADE}, and as the owner deploy/grants.sql"),
    ("permission denied", "run deploy/grants.sql as the owner"),
    ("readonly", "let the platform's user write that file and its folder"),
    ("read-only", "let the platform's user write that file and its folder"),
    ("full", "make room on the disk"),
    ("no space", "make room on the disk"),
)


def told(error: Exception, url: URL) -> str:
    """Name the database, what it answered and what to do; never the password."""
    answered = said(error)
    remedy = next((remedy for word, remedy in REMEDIES if word in answered.lower()), f"check DATABASE_URL; {UPGRADE}")
    return f"{place(url)} does not answer or has no tables ({answered}): {remedy}."


def said(error: Exception) -> str:
    """Repeat in one line what the driver said last, without what it says of itself around it."""
    cause = getattr(error, "orig", None) or error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip() and not line.startswith("Multiple")]
    return (lines[0].rpartition("failed: ")[2] or lines[0])[:200] if lines else type(cause).__name__


def place(url: URL) -> str:
    """Name a database without its password."""
    if url.drivername.startswith("sqlite"):
        return f"The database {Path(url.database or '').name!r} in DATABASE_URL"
    host = url.host or url.query.get("host") or "localhost"
    return f"The database {url.database!r} at {host!r}, port {url.port or 5432}, as user {url.username!r}"
