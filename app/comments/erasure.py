"""What was made of a comment goes with it: triggers on the response, for SQLite and PostgreSQL.

Surveys know nothing of comments, and erase an answer in one statement. The database then deletes, in that statement,
the masked copy and, by its foreign keys, themes, disclosures and quotes. So no use case can forget it. Own words are
encrypted; the mark that stands for them in the answers changes when they do. Whoever changes answers counts a revision;
to encrypt what is from before there was encryption is none.
"""

from __future__ import annotations

from sqlalchemy import Connection

SQLITE = (
    "CREATE TRIGGER response_erases_comments AFTER UPDATE OF answers ON response "
    "WHEN NEW.answers IS NULL OR NEW.revision <> OLD.revision BEGIN "
    "DELETE FROM comment WHERE response_id = NEW.id AND (NEW.answers IS NULL OR "
    "json_extract(NEW.answers, '$.' || question) IS NOT json_extract(OLD.answers, '$.' || question)); END",
)
POSTGRESQL = (
    "CREATE FUNCTION response_erases_comments() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "DELETE FROM comment WHERE response_id = NEW.id AND (NEW.answers IS NULL OR "
    "NEW.answers ->> question IS DISTINCT FROM OLD.answers ->> question); RETURN NULL; END $$",
    "CREATE TRIGGER response_erases_comments AFTER UPDATE OF answers ON response "
    "FOR EACH ROW WHEN (NEW.answers IS NULL OR NEW.revision <> OLD.revision) "
    "EXECUTE FUNCTION response_erases_comments()",
)
SQLITE_DROP = ("DROP TRIGGER IF EXISTS response_erases_comments",)
POSTGRESQL_DROP = (
    "DROP TRIGGER IF EXISTS response_erases_comments ON response",
    "DROP FUNCTION IF EXISTS response_erases_comments()",
)


def create_triggers(connection: Connection) -> None:
    """Make comments follow their answers; a migration that rebuilds the table ``response`` calls this again."""
    _execute(connection, SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL)


def drop_triggers(connection: Connection) -> None:
    """Take the triggers away, as a migration must before it drops the table ``comment``."""
    _execute(connection, SQLITE_DROP if connection.dialect.name == "sqlite" else POSTGRESQL_DROP)


def _execute(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
