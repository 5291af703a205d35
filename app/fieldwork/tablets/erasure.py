"""What a tablet sent goes with its answers: triggers that erase kept seals when a resident withdraws.

Surveys know nothing of tablets. The database empties, in the statement that erases a response, the seals of what came
under the same id; and, when somebody withdraws what has not been stored yet, those with the same receipt.
"""

from __future__ import annotations

from sqlalchemy import Connection

STORED = "UPDATE tablet_item SET sealed = NULL WHERE response_id = NEW.id"
EARLY = (
    "UPDATE tablet_item SET sealed = NULL, outcome = 'withdrawn', code = 'withdrawn', reason = '' "
    "WHERE receipt = NEW.receipt AND outcome IN ('rejected', 'conflict')"
)
SQLITE = (
    f"CREATE TRIGGER response_erases_seals AFTER UPDATE OF answers ON response WHEN NEW.answers IS NULL "
    f"BEGIN {STORED}; END",
    f"CREATE TRIGGER early_withdrawal_erases_seals AFTER INSERT ON early_withdrawal BEGIN {EARLY}; END",
)
POSTGRESQL = (
    f"CREATE FUNCTION response_erases_seals() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {STORED}; RETURN NULL; END $$",
    "CREATE TRIGGER response_erases_seals AFTER UPDATE OF answers ON response "
    "FOR EACH ROW WHEN (NEW.answers IS NULL) EXECUTE FUNCTION response_erases_seals()",
    f"CREATE FUNCTION early_withdrawal_erases_seals() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN {EARLY}; RETURN NULL; END $$",
    "CREATE TRIGGER early_withdrawal_erases_seals AFTER INSERT ON early_withdrawal "
    "FOR EACH ROW EXECUTE FUNCTION early_withdrawal_erases_seals()",
)
TRIGGERS = (("response_erases_seals", "response"), ("early_withdrawal_erases_seals", "early_withdrawal"))


def create_triggers(connection: Connection) -> None:
    """Make seals follow their answers; a migration that rebuilds one of the tables calls this again."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Take the triggers away, as a migration must before it drops the tables."""
    for name, table in TRIGGERS:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")
