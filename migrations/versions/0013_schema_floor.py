"""The oldest migration whose code runs on the tables as they are: code one version older goes on during a roll-out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

works_with = "0012"


def upgrade() -> None:
    op.create_table(
        "schema_floor",
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("floor", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_schema_floor")),
    )


def downgrade() -> None:
    op.drop_table("schema_floor")
