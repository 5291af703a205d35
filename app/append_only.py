"""Tables that only grow: triggers, for SQLite and PostgreSQL, that refuse to change or delete what a table says."""

from __future__ import annotations

from sqlalchemy import Connection


def create_triggers(connection: Connection, table: str, refusal: str) -> None:
    """Make a table append-only; the migration that creates it calls this. The refusal is what the database answers."""
    _execute(connection, (_sqlite if connection.dialect.name == "sqlite" else _postgresql)(table, refusal))


def drop_triggers(connection: Connection, table: str) -> None:
    """Take the triggers away, as a migration must before it drops or rebuilds the table."""
    if connection.dialect.name == "sqlite":
        _execute(connection, [f"DROP TRIGGER IF EXISTS {table}_no_{what}" for what in ("update", "delete", "replace")])
        return
    dropped = [f"DROP TRIGGER IF EXISTS {table}_no_{what} ON {table}" for what in ("change", "truncate")]
    _execute(connection, [*dropped, f"DROP FUNCTION IF EXISTS {table}_refuse()"])


def _sqlite(table: str, refusal: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # INSERT OR REPLACE deletes the old row without calling the trigger above.
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}",  # nosec B608
    ]


def _postgresql(table: str, refusal: str) -> list[str]:
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def _execute(connection: Connection, statements: list[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
