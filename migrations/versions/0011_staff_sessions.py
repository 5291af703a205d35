"""Sessions of staff on the server, and the last code that each used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_session",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", app.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", app.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id_staff")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_staff_session")),
    )
    with op.batch_alter_table("staff_session") as batch_op:
        batch_op.create_index(op.f("ix_staff_session_staff_id"), ["staff_id"])
    with op.batch_alter_table("staff") as batch_op:
        batch_op.add_column(sa.Column("last_code", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("staff") as batch_op:
        batch_op.drop_column("last_code")
    op.drop_table("staff_session")
