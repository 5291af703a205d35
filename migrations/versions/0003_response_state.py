"""An index that tells whether a wave's responses have changed without reading their answers."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = "ix_response_wave_id_revision_withdrawn_on"


def upgrade() -> None:
    op.create_index(NAME, "response", ["wave_id", "revision", "withdrawn_on"])


def downgrade() -> None:
    op.drop_index(NAME, "response")
