"""From which network a draft was begun, as a hash that nobody can turn back: a flood of them has an end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

works_with = "0020"

WHERE = sa.text("network IS NOT NULL")


def upgrade() -> None:
    op.add_column("draft", sa.Column("network", sa.String(length=32), nullable=True))
    columns = ["network", "started_at"]
    op.create_index("ix_draft_network_started_at", "draft", columns, sqlite_where=WHERE, postgresql_where=WHERE)


def downgrade() -> None:
    op.drop_index("ix_draft_network_started_at", "draft")
    op.drop_column("draft", "network")
