"""The commands of mails: ``flask outbox send``, ``list`` and ``you-said``."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.mail import outbox

outbox_cli = AppGroup("outbox", help="Mails that wait, and sending them.")


@outbox_cli.command("send")
def send_command() -> None:
    """Send what is due; run it every few minutes. Exit code 2 where a mail was given up."""
    done = outbox.send()
    click.echo(f"Sent: {done.sent:,}. Tried again later: {done.later:,}. Given up: {done.failed:,}.")
    if done.failed:
        click.echo("`flask outbox list` says how many; the log says why.", err=True)
        raise SystemExit(2)


@outbox_cli.command("list")
def list_command() -> None:
    """Count the mails of each purpose by what became of them."""
    for purpose, state, n in outbox.counts():
        click.echo(f"{n:>7,}  {state:<8} {purpose}")


@outbox_cli.command("you-said")
def you_said_command() -> None:
    """Queue what is published under You said, we did, for everybody who asked for news, once each."""
    from app.results.errors import ResultsError
    from app.results.release import mailing

    try:
        new, before = mailing.queue_news()
    except ResultsError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Queued: {new:,}. Had these very news already, or in the queue: {before:,}.")
