"""The commands of whoever keeps the keys of what is encrypted: ``flask keys new``, ``status`` and ``rotate``."""

from __future__ import annotations

from collections import Counter

import click
from flask.cli import AppGroup

from app import encryption
from app.accounts import audit
from app.database import db, one_moment
from app.operating import rotation

keys_cli = AppGroup("keys", help="The keys that drafts, own words and addresses are encrypted with.")


@keys_cli.command("new")
def new_key() -> None:
    """Draw a new key, to be put in front of the others in ENCRYPTION_KEYS."""
    click.echo(encryption.new_key())


@keys_cli.command("status")
def show_status() -> None:
    """Say which keys are in use, at hand, and no longer needed; exit code 2 if one is missing."""
    with one_moment() as connection:
        used = rotation.keys_in_use(connection)
    held = encryption.keyring().names
    for place, name in enumerate(held):
        count = used.get(name, 0)
        role = "seals now" if place == 0 else "opens still" if count else "no longer needed: take it out"
        click.echo(f"key {name}: {count:,} texts, {role}")
    if plain := used.get(rotation.PLAIN):
        click.echo(f"not encrypted: {plain:,}, from before there was encryption; `flask keys rotate` encrypts them")
    missing = sorted(set(used) - {*held, rotation.PLAIN})
    for name in missing:
        click.echo(f"key {name}: {used[name]:,} texts, MISSING: add it to ENCRYPTION_KEYS", err=True)
    if missing:
        raise SystemExit(2)


@keys_cli.command("rotate")
def rotate_keys() -> None:
    """Bring everything under the first key, while residents answer; whatever ends it, run it again."""
    done = rotation.rotate(click.echo)
    sealed, left = sum(each.sealed for each in done), sum((each.left for each in done), start=Counter[str]())
    newest = encryption.keyring().names[0]
    if sealed or left:
        audit.record("keys.rotate", f"key {newest}", f"{sealed} encrypted anew, {left.total()} left")
        db.session.commit()
    click.echo(f"{sealed:,} texts are under key {newest} now." if sealed else f"Everything is under key {newest}.")
    for name, count in sorted(left.items()):
        click.echo(
            f"{count:,} texts are left: they need key {name}. Add it to ENCRYPTION_KEYS, run this again.", err=True
        )
    if left:
        raise SystemExit(2)
