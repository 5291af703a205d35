"""The audit trail becomes a hash chain; what was noted before is chained in the order of its numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app import append_only
from app.accounts.chain import BEGINNING, digest_of
from app.database import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REFUSAL = "the audit trail is append-only"


def upgrade() -> None:
    connection = op.get_bind()
    append_only.drop_triggers(connection, "audit_event")
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.add_column(sa.Column("previous", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
    chain(connection)
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.alter_column("previous", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("digest", existing_type=sa.String(length=64), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_audit_event_previous"), ["previous"])
    append_only.create_triggers(connection, "audit_event", REFUSAL)


def chain(connection: sa.Connection) -> None:
    names = ("actor", "action", "subject", "reason", "previous", "digest")
    deeds = sa.table(
        "audit_event", sa.column("id"), sa.column("actor_id"), sa.column("at", UtcDateTime()), *map(sa.column, names)
    )
    head = BEGINNING
    for deed in connection.execute(sa.select(deeds).order_by(deeds.c.id)).all():
        digest = digest_of(head, deed)
        connection.execute(sa.update(deeds).where(deeds.c.id == deed.id).values(previous=head, digest=digest))
        head = digest


def downgrade() -> None:
    connection = op.get_bind()
    append_only.drop_triggers(connection, "audit_event")
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.drop_constraint(op.f("uq_audit_event_previous"), type_="unique")
        batch_op.drop_column("digest")
        batch_op.drop_column("previous")
    append_only.create_triggers(connection, "audit_event", REFUSAL)
