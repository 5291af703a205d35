"""First tables: surveys, waves, drafts, responses, contacts; staff and the audit trail; analysis runs."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
import yaml
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.database
from app import append_only
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

SUPPORT_LINES = Path(app.database.__file__).parent / "surveys" / "definitions" / "support-lines.yaml"


def upgrade() -> None:
    op.create_table('audit_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=254), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index('ix_audit_event_action_id', ['action', 'id'], unique=False)

    op.create_table('contact',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sqlite_with_rowid=False
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('staff',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('added_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('signed_in_at', app.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('tf_primary_method', sa.String(length=64), nullable=True),
    sa.Column('tf_totp_secret', sa.String(length=255), nullable=True),
    sa.Column('mf_recovery_codes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_staff_fs_uniquifier'))
    )
    op.create_table('support_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=300), nullable=False),
    sa.Column('url', sa.String(length=300), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', app.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.String(length=254), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_line')),
    sa.UniqueConstraint('key', name=op.f('uq_support_line_key'))
    )
    op.create_table('survey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('reference', sa.String(length=6), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('monthly', sa.Boolean(), nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('texts', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('imported_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('monthly_from', app.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('monthly_until', app.database.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey')),
    sa.UniqueConstraint('reference', name=op.f('uq_survey_reference')),
    sa.UniqueConstraint('slug', name=op.f('uq_survey_slug'))
    )
    op.create_table('staff_role',
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_staff_role_role_id_role')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_role_staff_id_staff')),
    sa.PrimaryKeyConstraint('staff_id', 'role_id', name=op.f('pk_staff_role'))
    )
    op.create_table('wave',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=30), nullable=False),
    sa.Column('opens_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('closes_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('drafts_until', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('freezes_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('simulated', sa.Boolean(), nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('texts', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=True),
    sa.Column('frozen_at', app.database.UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('closes_at <= freezes_at', name=op.f('ck_wave_freeze')),
    sa.CheckConstraint('opens_at < closes_at OR opens_at = closes_at', name=op.f('ck_wave_period')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_wave_survey_id_survey')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wave')),
    sa.UniqueConstraint('reference', name=op.f('uq_wave_reference')),
    sa.UniqueConstraint('survey_id', 'period', name=op.f('uq_wave_survey_id_period'))
    )
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wave_survey_id'), ['survey_id'], unique=False)

    op.create_table('analysis_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('made_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('cut_off', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('scheme', sa.String(length=40), nullable=False),
    sa.Column('scheme_version', sa.String(length=20), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('inputs', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('results', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_analysis_run_wave_id_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analysis_run')),
    sa.UniqueConstraint('wave_id', 'fingerprint', name=op.f('uq_analysis_run_wave_id_fingerprint'))
    )
    with op.batch_alter_table('analysis_run', schema=None) as batch_op:
        batch_op.create_index('ix_analysis_run_wave_id_made_at', ['wave_id', 'made_at'], unique=False)

    op.create_table('response',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('submission', sa.String(length=64), nullable=False),
    sa.Column('receipt', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=True),
    sa.Column('assisted', sa.Boolean(), nullable=True),
    sa.Column('language', sa.String(length=12), nullable=True),
    sa.Column('apart', sa.String(length=20), nullable=True),
    sa.Column('district', sa.String(length=32), nullable=True),
    sa.Column('age_band', sa.String(length=32), nullable=True),
    sa.Column('sex', sa.String(length=32), nullable=True),
    sa.Column('ethnic_group', sa.String(length=32), nullable=True),
    sa.Column('decile', sa.Integer(), nullable=True),
    sa.Column('seed', sa.Integer(), nullable=True),
    sa.Column('answers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('started_at', app.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', app.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('submitted_on', sa.String(length=10), nullable=True),
    sa.Column('revision', sa.Integer(), server_default=sa.text('0'), nullable=False),
    sa.Column('withdrawn_on', sa.String(length=10), nullable=True),
    sa.CheckConstraint("channel IN ('online', 'tablet', 'paper', 'phone', 'desk')", name=op.f('ck_response_channel')),
    sa.CheckConstraint('(answers IS NULL) = (withdrawn_on IS NOT NULL)', name=op.f('ck_response_withdrawn_means_erased')),
    sa.CheckConstraint('withdrawn_on IS NULL OR district IS NULL', name=op.f('ck_response_withdrawn_has_no_district')),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_response_wave_id_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response')),
    sa.UniqueConstraint('receipt', name=op.f('uq_response_receipt')),
    sa.UniqueConstraint('submission', name=op.f('uq_response_submission'))
    )
    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.create_index('ix_response_wave_id_submitted_on', ['wave_id', 'submitted_on'], unique=False)

    op.create_table('draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('resume', sa.String(length=64), nullable=False),
    sa.Column('submission', sa.Uuid(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('amends_id', sa.Integer(), nullable=True),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=False),
    sa.Column('assisted', sa.Boolean(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('page', sa.String(length=40), nullable=True),
    sa.Column('answers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('started_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('saved_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("channel IN ('online', 'tablet', 'paper', 'phone', 'desk')", name=op.f('ck_draft_channel')),
    sa.ForeignKeyConstraint(['amends_id'], ['response.id'], name=op.f('fk_draft_amends_id_response')),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_draft_wave_id_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('resume', name=op.f('uq_draft_resume')),
    sa.UniqueConstraint('submission', name=op.f('uq_draft_submission'))
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_draft_wave_id'), ['wave_id'], unique=False)

    append_only.create_triggers(op.get_bind(), "audit_event", "the audit trail is append-only")
    insert_support_lines()


def insert_support_lines() -> None:
    """Fill in the support lines that staff then edit and confirm."""
    table = sa.table(
        "support_line",
        *(sa.column(name) for name in ("key", "name", "number", "about", "url", "position")),
    )
    lines = yaml.safe_load(SUPPORT_LINES.read_text(encoding="utf-8"))
    rows = [{"url": "", **line, "position": position} for position, line in enumerate(lines, start=1)]
    op.bulk_insert(table, rows)


def downgrade() -> None:
    append_only.drop_triggers(op.get_bind(), "audit_event")
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draft_wave_id'))
        batch_op.drop_index(batch_op.f('ix_draft_expires_at'))

    op.drop_table('draft')
    with op.batch_alter_table('response', schema=None) as batch_op:
        batch_op.drop_index('ix_response_wave_id_submitted_on')

    op.drop_table('response')
    with op.batch_alter_table('analysis_run', schema=None) as batch_op:
        batch_op.drop_index('ix_analysis_run_wave_id_made_at')

    op.drop_table('analysis_run')
    with op.batch_alter_table('wave', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_wave_survey_id'))

    op.drop_table('wave')
    op.drop_table('staff_role')
    op.drop_table('survey')
    op.drop_table('support_line')
    op.drop_table('staff')
    op.drop_table('role')
    op.drop_table('contact')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_event_action_id')

    op.drop_table('audit_event')
