"""Tablets: devices, seal keys and what arrived; withdrawals that came before; flags and networks of responses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.database
from app.fieldwork.tablets.erasure import create_triggers, drop_triggers

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql')
MOMENT = app.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('seal_key',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('spki', sa.String(length=200), nullable=False),
    sa.Column('private', sa.String(length=600), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('retired_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seal_key'))
    )
    op.create_table('early_withdrawal',
    sa.Column('receipt', sa.String(length=64), nullable=False),
    sa.Column('withdrawn_on', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('receipt', name=op.f('pk_early_withdrawal'))
    )
    op.create_table('daily_salt',
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_daily_salt'))
    )
    op.create_table('device',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.Column('added_by', sa.String(length=254), nullable=False),
    sa.Column('revoked_at', MOMENT, nullable=True),
    sa.Column('seen_at', MOMENT, nullable=True),
    sa.Column('synced_at', MOMENT, nullable=True),
    sa.Column('app', sa.String(length=40), nullable=False),
    sa.Column('clock_offset', sa.Integer(), nullable=True),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('waiting_ids', DOCUMENT, nullable=False),
    sa.Column('waiting_since', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_device_event_id_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device')),
    sa.UniqueConstraint('token', name=op.f('uq_device_token'))
    )
    op.create_index('ix_device_event_id', 'device', ['event_id'])
    op.create_table('device_event',
    sa.Column('device_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('since', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_device_event_device_id_device')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_device_event_event_id_event')),
    sa.PrimaryKeyConstraint('device_id', 'event_id', name=op.f('pk_device_event'))
    )
    op.create_index('ix_device_event_event_id', 'device_event', ['event_id'])
    op.create_table('tablet_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('content', sa.String(length=64), nullable=False),
    sa.Column('device_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('response_id', sa.Integer(), nullable=True),
    sa.Column('wave', sa.String(length=40), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=600), nullable=False),
    sa.Column('mode', sa.String(length=12), nullable=True),
    sa.Column('receipt', sa.String(length=64), nullable=True),
    sa.Column('sealed', DOCUMENT, nullable=True),
    sa.Column('given_at', sa.String(length=40), nullable=False),
    sa.Column('sent_at', sa.String(length=40), nullable=False),
    sa.Column('counted_at', MOMENT, nullable=True),
    sa.Column('clock', sa.String(length=10), nullable=True),
    sa.Column('received_at', MOMENT, nullable=False),
    sa.Column('decided_at', MOMENT, nullable=True),
    sa.Column('decided_by', sa.String(length=254), nullable=True),
    sa.Column('decision', sa.String(length=20), nullable=False),
    sa.CheckConstraint("outcome IN ('stored', 'withdrawn', 'conflict', 'rejected', 'settled')", name=op.f('ck_tablet_item_outcome')),
    sa.CheckConstraint("clock IN ('as_told', 'corrected', 'bounded')", name=op.f('ck_tablet_item_clock')),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_tablet_item_device_id_device')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_tablet_item_event_id_event')),
    sa.ForeignKeyConstraint(['response_id'], ['response.id'], name=op.f('fk_tablet_item_response_id_response')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tablet_item')),
    sa.UniqueConstraint('item_id', 'content', name=op.f('uq_tablet_item_item_id_content'))
    )
    for name in ('device_id', 'response_id', 'receipt'):
        op.create_index(f'ix_tablet_item_{name}', 'tablet_item', [name])
    op.create_index('ix_tablet_item_event_id_outcome', 'tablet_item', ['event_id', 'outcome'])

    # Added in place: to copy the table of responses would take long, and would lose its triggers on SQLite.
    op.add_column('response', sa.Column('interpreted', sa.Boolean(), nullable=True))
    op.add_column('response', sa.Column('network', sa.String(length=32), nullable=True))
    op.add_column('response', sa.Column('flags', sa.String(length=120), nullable=True))
    create_triggers(op.get_bind())


def downgrade() -> None:
    drop_triggers(op.get_bind())
    # In place again, for the same reason.
    for name in ('flags', 'network', 'interpreted'):
        op.drop_column('response', name)
    for table in ('tablet_item', 'device_event', 'device', 'daily_salt', 'early_withdrawal', 'seal_key'):
        op.drop_table(table)
