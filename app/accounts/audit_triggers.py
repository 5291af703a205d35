"""The audit trail only grows: triggers, for SQLite and PostgreSQL, that refuse to change or delete what it says."""

from __future__ import annotations

from sqlalchemy import Connection

REFUSAL = "the audit trail is append-only"

SQLITE = (
    f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    # INSERT OR REPLACE deletes the old row without calling the trigger above.
    "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event "
    "WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event "
    "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
    "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()",
)
SQLITE_DROP = tuple(f"DROP TRIGGER IF EXISTS audit_event_no_{what}" for what in ("update", "delete", "replace"))
POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS audit_event_no_change ON audit_event",
    "DROP TRIGGER IF EXISTS audit_event_no_truncate ON audit_event",
    "DROP FUNCTION IF EXISTS audit_event_refuse()",
)


def create_triggers(connection: Connection) -> None:
    """Make the table ``audit_event`` append-only; the migration that creates it calls this."""
    _execute(connection, SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL)


def drop_triggers(connection: Connection) -> None:
    """Take the triggers away, as a migration must before it drops or rebuilds the table."""
    _execute(connection, SQLITE_DROP if connection.dialect.name == "sqlite" else POSTGRESQL_DROP)


def _execute(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
