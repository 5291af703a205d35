"""Print runs, their forms, batches and keyings; responses know their batch, and what of a sheet could not be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.database

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql")
MOMENT = app.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "print_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("style", sa.String(length=10), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("layout", DOCUMENT, nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_print_run_wave_id_wave")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_print_run_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
    )
    op.create_index(op.f("ix_print_run_wave_id"), "print_run", ["wave_id"])
    op.create_index(op.f("ix_print_run_event_id"), "print_run", ["event_id"])
    states = "'printed', 'handed_out', 'returned', 'keyed', 'spoiled', 'missing'"
    op.create_table(
        "paper_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_paper_form_state")),
        sa.ForeignKeyConstraint(["run_id"], ["print_run.id"], name=op.f("fk_paper_form_run_id_print_run")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_paper_form_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
        sa.UniqueConstraint("wave_id", "serial", name=op.f("uq_paper_form_wave_id_serial")),
        sa.UniqueConstraint("submission", name=op.f("uq_paper_form_submission")),
        sa.UniqueConstraint("receipt", name=op.f("uq_paper_form_receipt")),
    )
    op.create_index(op.f("ix_paper_form_run_id"), "paper_form", ["run_id"])
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("twice", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_by", sa.String(length=254), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("kind IN ('keying', 'file')", name=op.f("ck_paper_batch_kind")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_paper_batch_wave_id_wave")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_paper_batch_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("digest", name=op.f("uq_paper_batch_digest")),
    )
    op.create_index(op.f("ix_paper_batch_wave_id"), "paper_batch", ["wave_id"])
    op.create_index(op.f("ix_paper_batch_event_id"), "paper_batch", ["event_id"])
    op.create_table(
        "keying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("entries", DOCUMENT, nullable=True),
        sa.Column("fields", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["form_id"], ["paper_form.id"], name=op.f("fk_keying_form_id_paper_form")),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_keying_batch_id_paper_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keying")),
        sa.UniqueConstraint("form_id", "number", name=op.f("uq_keying_form_id_number")),
    )
    op.create_index(op.f("ix_keying_batch_id"), "keying", ["batch_id"])
    # Added in place: to copy the table of responses would take long, and would lose its triggers on SQLite.
    batch = sa.ForeignKey("paper_batch.id", name="fk_response_batch_id_paper_batch")
    op.add_column("response", sa.Column("batch_id", sa.Integer(), batch, nullable=True), inline_references=True)
    op.add_column("response", sa.Column("coded", DOCUMENT, nullable=True))
    op.create_index("ix_response_batch_id", "response", ["batch_id"])


def downgrade() -> None:
    op.drop_index("ix_response_batch_id", "response")
    with op.batch_alter_table("response") as batch_op:
        batch_op.drop_column("coded")
        batch_op.drop_column("batch_id")
    for table in ("keying", "paper_batch", "paper_form", "print_run"):
        op.drop_table(table)
