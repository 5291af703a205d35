"""The commands of those who run the platform: ``flask backup``, ``restore``, ``retention`` and ``ready``."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from app import backup, health
from app.accounts import audit, sessions
from app.database import db
from app.surveys import responding


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup_command(path: Path) -> None:
    """Copy the whole database into PATH while the platform runs. It holds answers: keep it as safe as the database."""
    try:
        manifest = backup.make(path, click.echo)
    except backup.BackupRefused as refused:
        _refuse(refused)
    audit.record("backup", path.name, f"audit trail up to {manifest['audit_head'][:16]}")
    db.session.commit()
    click.echo(f"{path}: {manifest['rows']['response']:,} responses, migration {manifest['migration']}.")
    click.echo(f"Audit trail up to {manifest['audit_head']}")


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def restore_command(path: Path) -> None:
    """Bring the backup PATH back into an empty database, and check its counts and its audit trail."""
    try:
        manifest = backup.restore(path, click.echo)
    except backup.BackupRefused as refused:
        _refuse(refused)
    audit.record("restore", path.name, f"made {manifest['made_at']}")
    db.session.commit()
    rows = sum(manifest["rows"].values())
    click.echo(
        f"Restored and checked: {manifest['rows']['response']:,} responses, {rows:,} rows in all, the trail holds."
    )


@click.command("retention")
@with_appcontext
def retention_command() -> None:
    """Erase drafts that nobody came back to and sessions of staff that are over; say how many."""
    drafts, ended = responding.erase_expired(), sessions.erase_ended()
    audit.record("retention", "", f"{drafts} drafts, {ended} sessions")
    db.session.commit()
    click.echo(f"Erased: {drafts:,} drafts that nobody came back to, {ended:,} sessions of staff that are over.")


@click.command("ready")
@with_appcontext
def ready_command() -> None:
    """Say whether the platform can serve, as /readyz does; exit code 2 names what is wrong."""
    faults = list(health.faults(current_app))
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(2)
    click.echo("Ready.")


def _refuse(refused: backup.BackupRefused) -> NoReturn:
    click.echo(str(refused), err=True)
    raise SystemExit(2)
