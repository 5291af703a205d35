"""The commands of those who run the platform: ``flask backup``, ``restore``, ``retention`` and ``ready``."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from app import encryption
from app.accounts import audit
from app.database import db
from app.operating import backup, health, old_backups, retention
from app.operating.manifest import BackupRefused
from app.surveys import queries
from app.surveys.errors import UnknownWave


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--keep-days", type=click.IntRange(1, 10_000), help="Erase older backups beside it once it is whole.")
@with_appcontext
def backup_command(path: Path, keep_days: int | None) -> None:
    """Copy the whole database into PATH while the platform runs. It holds answers: keep it as safe as the database."""
    try:
        manifest = backup.make(path, click.echo)
    except BackupRefused as refused:
        _refuse(refused)
    audit.record("backup", path.name, f"audit trail up to {manifest['audit_head'][:16]}")
    db.session.commit()
    click.echo(f"{path}: {manifest['rows']['response']:,} responses, migration {manifest['migration']}.")
    if manifest["keys"]:
        click.echo(
            f"It is read with these keys of ENCRYPTION_KEYS: {', '.join(manifest['keys'])}. Keep them elsewhere."
        )
    kept = _erase_old(path, keep_days) if keep_days else []
    click.echo(f"Audit trail up to {manifest['audit_head']}")
    if kept:
        _refuse(
            f"{path} is whole, but these could not be erased and may hold answers that have had their time: "
            f"{', '.join(kept)}. Erase them by hand."
        )


def _erase_old(path: Path, days: int) -> list[str]:
    """Erase what has had its time beside a backup, and name what could not be."""
    kept = []
    for old in old_backups.erase(path, days):
        if old.erased:
            audit.record("backup.erase", old.name, f"kept for {days} days")
            db.session.commit()
            click.echo(f"{old.name} is erased: backups are kept for {days} days.")
        elif old.fault:
            kept.append(f"{old.name} ({old.fault})")
        else:
            click.echo(f"Warning: {old.name} is left: it cannot be read as a backup of this platform.", err=True)
    return kept


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def restore_command(path: Path) -> None:
    """Bring the backup PATH back into an empty database, and check its counts and its audit trail."""
    try:
        manifest = backup.restore(path, click.echo)
    except BackupRefused as refused:
        _refuse(refused)
    audit.record("restore", path.name, f"made {manifest['made_at']}")
    db.session.commit()
    rows = sum(manifest["rows"].values())
    click.echo(
        f"Restored and checked: {manifest['rows']['response']:,} responses, {rows:,} rows in all, the trail holds."
    )
    for name in sorted(set(manifest.get("keys", ())) - set(encryption.keyring().names)):
        click.echo(f"Some of it is encrypted with key {name}: add that key to ENCRYPTION_KEYS.", err=True)


@click.group("retention", invoke_without_command=True)
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@with_appcontext
def retention_command(dry_run: bool) -> None:
    """Erase what has had its time - drafts, addresses, sessions, answers - and say of each kind how much."""
    if click.get_current_context().invoked_subcommand:
        return
    click.echo("Would be erased:" if dry_run else "Erased:")
    for erased in retention.run(pretend=dry_run):
        click.echo(f"- {erased}")
    click.echo(f"Audit trail up to {retention.head()}")


@retention_command.command("keep")
@click.argument("wave")
@click.option("--months", type=click.IntRange(1, 600), required=True, help="Months after the wave's freeze.")
@click.option("--reason", required=True, help="Why; kept in the audit trail.")
@with_appcontext
def keep_command(wave: str, months: int, reason: str) -> None:
    """Say how long the answers of one WAVE are kept, instead of what ANSWERS_MONTHS says for all."""
    try:
        retention.keep_for(queries.wave_named(wave), months, reason)
    except UnknownWave as unknown:
        _refuse(unknown)
    click.echo(f"The answers of {wave} are erased {months} months after its freeze.")


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


def _refuse(refused: Exception | str) -> NoReturn:
    click.echo(str(refused), err=True)
    raise SystemExit(2)
