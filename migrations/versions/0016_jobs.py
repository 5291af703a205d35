"""Jobs, and on PostgreSQL procrastinate's own tables, as it brings them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import app.database

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

works_with = "0015"

MOMENT = app.database.UtcDateTime(timezone=True)
FORGET = """
DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT oid::regclass AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'procrastinate\\_%' LOOP
    EXECUTE 'DROP TABLE IF EXISTS ' || each.name || ' CASCADE';
  END LOOP;
  FOR each IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' LOOP
    EXECUTE 'DROP FUNCTION IF EXISTS ' || each.name || ' CASCADE';
  END LOOP;
  FOR each IN SELECT typname AS name FROM pg_type WHERE typname LIKE 'procrastinate\\_%' AND typtype IN ('e', 'c') LOOP
    EXECUTE 'DROP TYPE IF EXISTS ' || quote_ident(each.name) || ' CASCADE';
  END LOOP;
END $$
"""


def upgrade() -> None:
    active = sa.text("state IN ('waiting', 'running')")
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.String(length=254), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=300), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(
        "uq_job_active", "job", ["kind", "subject"], unique=True, sqlite_where=active, postgresql_where=active
    )
    if op.get_bind().dialect.name == "postgresql":
        from procrastinate.schema import SchemaManager

        driver = op.get_bind().connection.driver_connection
        driver.execute(SchemaManager.get_schema())


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FORGET)
    op.drop_table("job")
