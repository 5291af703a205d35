"""Events, what was counted there by hand, and sign-offs; responses and drafts know their event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.database

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=14), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('district', sa.String(length=32), nullable=False),
    sa.Column('venue', sa.String(length=32), nullable=False),
    sa.Column('officers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('devices', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('target_groups', sa.String(length=300), nullable=False),
    sa.Column('notes', sa.String(length=2000), nullable=False),
    sa.CheckConstraint("district IN ('bradford', 'calderdale', 'kirklees', 'leeds', 'wakefield')", name=op.f('ck_event_district')),
    sa.CheckConstraint("venue IN ('place_of_worship', 'market', 'school', 'library', 'community_centre', 'health', 'station', 'home_visit', 'other')", name=op.f('ck_event_venue')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('code', name=op.f('uq_event_code'))
    )
    op.create_table('hand_count',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.CheckConstraint('counted >= 0', name=op.f('ck_hand_count_counted')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_hand_count_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_count')),
    sa.UniqueConstraint('event_id', 'source', name=op.f('uq_hand_count_event_id_source'))
    )
    op.create_table('sign_off',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=254), nullable=False),
    sa.Column('at', app.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('stored', sa.Integer(), nullable=False),
    sa.Column('remark', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_sign_off_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_off'))
    )
    with op.batch_alter_table('sign_off', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_off_event_id'), ['event_id'], unique=False)

    # Added in place: to copy the table of responses would take long, and would lose its triggers on SQLite.
    for table in ('draft', 'response'):
        reference = sa.ForeignKey('event.id', name=f'fk_{table}_event_id_event')
        op.add_column(table, sa.Column('event_id', sa.Integer(), reference, nullable=True), inline_references=True)
    op.create_index('ix_response_event_id', 'response', ['event_id'])


def downgrade() -> None:
    op.drop_index('ix_response_event_id', 'response')
    for table in ('response', 'draft'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column('event_id')
    op.drop_table('sign_off')
    op.drop_table('hand_count')
    op.drop_table('event')
