"""Runs the migrations on whichever database the application is configured for."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.operating.migrating import note_floor

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata


def migrate() -> None:
    """Bring the database up to date, each migration in a transaction of its own."""
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            on_version_apply=note_floor,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


migrate()
