"""Forms that were left over and destroyed unused are told apart from spoiled and missing ones."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

works_with = "0012"

BEFORE = "'printed', 'handed_out', 'returned', 'keyed', 'spoiled', 'missing'"


def upgrade() -> None:
    _allow(f"{BEFORE}, 'destroyed'")


def downgrade() -> None:
    op.execute("UPDATE paper_form SET state = 'spoiled' WHERE state = 'destroyed'")
    _allow(BEFORE)


def _allow(states: str) -> None:
    name = op.f("ck_paper_form_state")
    with op.batch_alter_table("paper_form") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"state IN ({states})")
