"""Turns of submissions where many come from one network, and attempts that are counted for all servers together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

works_with = "0012"

KNOWN = sa.text("network IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "turn",
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("due_at", app.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("submission", name=op.f("pk_turn")),
    )
    op.create_index(op.f("ix_turn_network"), "turn", ["network"])
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", app.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_key_at", "attempt", ["key", "at"])
    op.create_index(
        "ix_response_network_submitted_at",
        "response",
        ["network", "submitted_at"],
        sqlite_where=KNOWN,
        postgresql_where=KNOWN,
    )


def downgrade() -> None:
    op.drop_index("ix_response_network_submitted_at", "response")
    op.drop_table("attempt")
    op.drop_table("turn")
