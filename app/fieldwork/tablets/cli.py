"""Commands of tablets: ``flask tablets keys list | rotate``."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts import pages
from app.database import db
from app.fieldwork.tablets import keys
from app.fieldwork.tablets.models import SealKey

tablets_command = AppGroup("tablets", help="The tablets of events: the keys that they seal to.")


@tablets_command.group("keys")
def keys_command() -> None:
    """Show and rotate the server's keys."""


@keys_command.command("list")
def list_command() -> None:
    """List the keys; the private halves are never shown."""
    for key in db.session.scalars(select(SealKey).order_by(SealKey.made_at)):
        state = f"retired {pages.moment(key.retired_at)}" if key.retired_at else "tablets seal to it"
        click.echo(f"{key.id}  made {pages.moment(key.made_at)}  {state}")


@keys_command.command("rotate")
def rotate_command() -> None:
    """Make a new key to seal to; the old ones still open old seals."""
    made = keys.rotate()
    click.echo(f"{made.id}: tablets seal to it from their next look at the server. Older keys still open old seals.")
