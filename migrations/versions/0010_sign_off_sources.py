"""Sign-offs keep the numbers of each source, and tablet items the digest that they answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql')


def upgrade() -> None:
    op.add_column('sign_off', sa.Column('sources', DOCUMENT, nullable=True))
    op.add_column('tablet_item', sa.Column('digest', sa.String(length=64), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('tablet_item', 'digest')
    op.drop_column('sign_off', 'sources')
