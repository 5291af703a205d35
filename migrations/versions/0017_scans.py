"""Sides of forms that were scanned and wait to be confirmed; batches know whether they were scanned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.database

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

works_with = "0012"

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql")


def upgrade() -> None:
    op.add_column("paper_batch", sa.Column("scanned", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "scanned_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("readings", DOCUMENT, nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("at", app.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_scanned_side_batch_id_paper_batch")),
        sa.ForeignKeyConstraint(["form_id"], ["paper_form.id"], name=op.f("fk_scanned_side_form_id_paper_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scanned_side")),
        sa.UniqueConstraint("form_id", "side", name=op.f("uq_scanned_side_form_id_side")),
        sa.UniqueConstraint("picture", name=op.f("uq_scanned_side_picture")),
    )
    op.create_index(op.f("ix_scanned_side_batch_id"), "scanned_side", ["batch_id"])
    op.create_index(op.f("ix_scanned_side_digest"), "scanned_side", ["digest"])


def downgrade() -> None:
    op.drop_table("scanned_side")
    op.drop_column("paper_batch", "scanned")
