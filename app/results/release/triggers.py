"""A release is never altered: the database refuses it, whoever asks."""

from __future__ import annotations

from sqlalchemy import Connection

from app import append_only

TABLE = "results_release"
REFUSAL = "a release is never altered: publish a correction"


def create_triggers(connection: Connection) -> None:
    """Make the table ``results_release`` append-only; the migration that creates it calls this."""
    append_only.create_triggers(connection, TABLE, REFUSAL)


def drop_triggers(connection: Connection) -> None:
    """Take the triggers away, as a migration must before it drops or rebuilds the table."""
    append_only.drop_triggers(connection, TABLE)
