"""Comments: what people wrote, masked, with themes, disclosures and quotes; theme runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.database
from app.comments.erasure import create_triggers, drop_triggers

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('coding_frame',
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('made_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=254), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_coding_frame'))
    )
    op.create_table('theme_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('made_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('inputs', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('results', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_theme_run_wave_id_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_run')),
    sa.UniqueConstraint('wave_id', 'fingerprint', name=op.f('uq_theme_run_wave_id_fingerprint'))
    )
    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('response_id', sa.Integer(), nullable=False),
    sa.Column('wave_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=True),
    sa.Column('masked', sa.Text(), nullable=False),
    sa.Column('folded', sa.Text(), nullable=False),
    sa.Column('kinds', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('sentiment', sa.Double(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('frame', sa.Integer(), nullable=False),
    sa.Column('held', sa.Boolean(), nullable=False),
    sa.Column('read_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("sentiment IS NOT NULL OR note <> ''", name=op.f('ck_comment_unscored_says_why')),
    sa.ForeignKeyConstraint(['frame'], ['coding_frame.version'], name=op.f('fk_comment_frame_coding_frame')),
    sa.ForeignKeyConstraint(['response_id'], ['response.id'], name=op.f('fk_comment_response_id_response'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_comment_wave_id_wave')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('response_id', 'question', name=op.f('uq_comment_response_id_question')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index('ix_comment_wave_id_held', ['wave_id', 'held'], unique=False)

    op.create_table('coding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.String(length=10), nullable=False),
    sa.Column('coder_id', sa.Integer(), nullable=False),
    sa.Column('frame', sa.Integer(), nullable=False),
    sa.Column('coded_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("round IN ('first', 'second', 'agreed')", name=op.f('ck_coding_round')),
    sa.ForeignKeyConstraint(['coder_id'], ['staff.id'], name=op.f('fk_coding_coder_id_staff')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_coding_comment_id_comment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['frame'], ['coding_frame.version'], name=op.f('fk_coding_frame_coding_frame')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coding')),
    sa.UniqueConstraint('comment_id', 'round', name=op.f('uq_coding_comment_id_round'))
    )
    op.create_table('comment_quote',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('picked_by_id', sa.Integer(), nullable=False),
    sa.Column('picked_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('reviewed_by_id', sa.Integer(), nullable=True),
    sa.Column('reviewed_at', app.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(state = 'picked') = (reviewed_by_id IS NULL)", name=op.f('ck_comment_quote_reviewed_by_somebody')),
    sa.CheckConstraint("state IN ('picked', 'approved', 'refused')", name=op.f('ck_comment_quote_state')),
    sa.CheckConstraint('reviewed_by_id IS NULL OR reviewed_by_id <> picked_by_id', name=op.f('ck_comment_quote_reviewed_by_another')),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_quote_comment_id_comment'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['picked_by_id'], ['staff.id'], name=op.f('fk_comment_quote_picked_by_id_staff')),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['staff.id'], name=op.f('fk_comment_quote_reviewed_by_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_quote'))
    )
    with op.batch_alter_table('comment_quote', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_quote_comment_id'), ['comment_id'], unique=False)

    op.create_table('comment_suggestion',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=60), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_comment_suggestion_comment_id_comment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('comment_id', 'theme', name=op.f('pk_comment_suggestion'))
    )
    with op.batch_alter_table('comment_suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_suggestion_theme'), ['theme'], unique=False)

    op.create_table('disclosure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('kinds', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('found_by', sa.String(length=254), nullable=False),
    sa.Column('found_at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['comment.id'], name=op.f('fk_disclosure_comment_id_comment'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure')),
    sa.UniqueConstraint('comment_id', name=op.f('uq_disclosure_comment_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_found_at'), ['found_at'], unique=False)

    op.create_table('coding_theme',
    sa.Column('coding_id', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['coding_id'], ['coding.id'], name=op.f('fk_coding_theme_coding_id_coding'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('coding_id', 'theme', name=op.f('pk_coding_theme'))
    )
    with op.batch_alter_table('coding_theme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_coding_theme_theme'), ['theme'], unique=False)

    op.create_table('disclosure_outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('disclosure_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('note', sa.String(length=2000), nullable=False),
    sa.Column('by', sa.String(length=254), nullable=False),
    sa.Column('at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("outcome IN ('no_disclosure', 'referred', 'support', 'no_action')", name=op.f('ck_disclosure_outcome_outcome')),
    sa.ForeignKeyConstraint(['disclosure_id'], ['disclosure.id'], name=op.f('fk_disclosure_outcome_disclosure_id_disclosure'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_outcome'))
    )
    with op.batch_alter_table('disclosure_outcome', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_outcome_disclosure_id'), ['disclosure_id'], unique=False)

    create_triggers(op.get_bind())


def downgrade() -> None:
    drop_triggers(op.get_bind())
    with op.batch_alter_table('disclosure_outcome', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_outcome_disclosure_id'))

    op.drop_table('disclosure_outcome')
    with op.batch_alter_table('coding_theme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_coding_theme_theme'))

    op.drop_table('coding_theme')
    with op.batch_alter_table('disclosure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_found_at'))

    op.drop_table('disclosure')
    with op.batch_alter_table('comment_suggestion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_suggestion_theme'))

    op.drop_table('comment_suggestion')
    with op.batch_alter_table('comment_quote', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_quote_comment_id'))

    op.drop_table('comment_quote')
    op.drop_table('coding')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index('ix_comment_wave_id_held')

    op.drop_table('comment')
    op.drop_table('theme_run')
    op.drop_table('coding_frame')
