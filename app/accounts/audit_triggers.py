"""The audit trail only grows: the database refuses to change or delete what it says."""

from __future__ import annotations

from sqlalchemy import Connection

from app import append_only

TABLE = "audit_event"
REFUSAL = "the audit trail is append-only"


def create_triggers(connection: Connection) -> None:
    """Make the table ``audit_event`` append-only; the migration that creates it calls this."""
    append_only.create_triggers(connection, TABLE, REFUSAL)


def drop_triggers(connection: Connection) -> None:
    """Take the triggers away, as a migration must before it drops or rebuilds the table."""
    append_only.drop_triggers(connection, TABLE)
