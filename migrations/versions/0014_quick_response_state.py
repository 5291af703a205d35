"""An index that tells from its ends whether a wave's responses have changed, however many there are."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE, NOW = "ix_response_wave_id_revision_withdrawn_on", "ix_response_wave_id_state"


def upgrade() -> None:
    op.create_index(NOW, "response", ["wave_id", "revision", "withdrawn_on", "id"])
    op.drop_index(BEFORE, "response")


def downgrade() -> None:
    op.create_index(BEFORE, "response", ["wave_id", "revision", "withdrawn_on"])
    op.drop_index(NOW, "response")
