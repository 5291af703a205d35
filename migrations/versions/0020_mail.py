"""Mails that wait to be sent, encrypted; of those that went, only that they went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

works_with = "0019"

MOMENT = app.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
    )
    op.create_index(op.f("ix_mail_state_next_at"), "mail", ["state", "next_at"])


def downgrade() -> None:
    op.drop_table("mail")
