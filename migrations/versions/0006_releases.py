"""Releases, which are never altered; their drafts; and what was done about what people said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.database
from app import append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _document() -> sa.types.TypeEngine:
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
    )


def upgrade() -> None:
    op.create_table(
        "release_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("document", _document(), nullable=False),
        sa.Column("evidence", _document(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.String(length=254), nullable=False),
        sa.Column("drafted_at", app.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f("fk_release_draft_run_id_analysis_run")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_release_draft_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_draft")),
        sa.UniqueConstraint("wave_id", name=op.f("uq_release_draft_wave_id")),
    )
    op.create_table(
        "results_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", _document(), nullable=False),
        sa.Column("evidence", _document(), nullable=False),
        sa.Column("drafted_by", sa.String(length=254), nullable=False),
        sa.Column("approved_by", sa.String(length=254), nullable=False),
        sa.Column("approved_at", app.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["analysis_run.id"], name=op.f("fk_results_release_run_id_analysis_run")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_results_release_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results_release")),
        sa.UniqueConstraint("reference", name=op.f("uq_results_release_reference")),
        sa.UniqueConstraint("wave_id", "edition", name=op.f("uq_results_release_wave_id_edition")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("texts", _document(), nullable=False),
        sa.Column("changed_at", app.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=254), nullable=False),
        sa.Column("published_at", app.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_feedback_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    append_only.create_triggers(op.get_bind(), "results_release", "a release is never altered: publish a correction")


def downgrade() -> None:
    append_only.drop_triggers(op.get_bind(), "results_release")
    for table in ("feedback", "results_release", "release_draft"):
        op.drop_table(table)
