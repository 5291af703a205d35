"""Staff accounts from the command line: ``flask staff add``, ``list`` and ``disable``."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask import current_app, url_for
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from app import clock
from app.accounts import chain, queries, services
from app.accounts.errors import AccountError
from app.accounts.models import ROLES, User
from app.database import db, one_moment

staff_cli = AppGroup("staff", help="Who may sign in to the staff pages.")
audit_cli = AppGroup("audit", help="The record of what staff did.")


@audit_cli.command("verify")
@click.option("--head", default="", help="A digest that an earlier check printed: it must still be in the trail.")
def verify_audit(head: str) -> None:
    """Check that nobody changed, removed or cut off an entry of the audit trail."""
    with one_moment() as connection:
        verdict = chain.verify_stored(connection, head.strip().lower())
    if verdict.fault:
        click.echo(f"The audit trail does not hold. {verdict.fault} {verdict.held:,} entries before it hold.", err=True)
        click.echo("Keep the database as it is, and compare it with the newest backup.", err=True)
        raise SystemExit(2)
    click.echo(f"The audit trail holds: {verdict.held:,} entries, each as it was written.")
    click.echo(f"Note the digest of the last one somewhere else, for --head next time: {verdict.head}")


@audit_cli.command("trim")
@click.option("--reason", required=True, help="Why; kept in the trail.")
def trim_audit(reason: str) -> None:
    """Remove entries older than AUDIT_YEARS, as the owner of the database: the platform's own role cannot.

    The trail says from then on where it begins, and still verifies.
    """
    years = current_app.config["AUDIT_YEARS"]
    now = clock.now()
    before = now.replace(year=now.year - years, day=min(now.day, 28))
    try:
        count = services.trim_audit(before, reason)
    except DBAPIError as error:
        db.session.rollback()
        cause = type(error.orig).__name__
        click.echo(f"Nothing was removed ({cause}): name the owner of the tables in DATABASE_URL.", err=True)
        raise SystemExit(2) from None
    click.echo(f"{count:,} entries from before {before:%d %B %Y} were removed.")


@staff_cli.command("invite")
@click.argument("email")
@click.option("--role", "roles", multiple=True, help=f"One of {', '.join(ROLES)}; may be given several times.")
@click.option("--mail", is_flag=True, help="Queue the link as a mail instead of printing it.")
def invite(email: str, roles: tuple[str, ...], mail: bool) -> None:
    """Create an account, or renew an invitation, and print the link through which its owner chooses a password."""
    try:
        person = services.find(email) or services.add_staff(email, roles)
    except AccountError as error:
        refuse(error)
    if person.password or not person.active:
        state = "has chosen a password" if person.active else "is disabled"
        click.echo(f"{person.email} {state}: `flask staff reset {person.email}` lets them begin anew.", err=True)
        raise SystemExit(2)
    if mail:
        services.mail_invitation(person, _link(person))
        click.echo(f"The invitation of {person.email} waits in the outbox: `flask outbox send` sends it.")
        return
    click.echo(f"To choose a password, within {services.INVITATION_DAYS} days: {_link(person)}")


@staff_cli.command("reset")
@click.argument("email")
@click.option("--reason", default="", help="Why; kept in the audit log.")
def reset(email: str, reason: str) -> None:
    """Forget somebody's password and second factor, sign them out, and print a link to begin anew."""
    try:
        person = services.named(email)
    except AccountError as error:
        refuse(error)
    services.reset(person, reason)
    click.echo(f"{person.email} is signed out everywhere; password and codes are gone.")
    click.echo(f"To begin anew, within {services.INVITATION_DAYS} days: {_link(person)}")


@staff_cli.command("add")
@click.argument("email")
@click.option("--role", "roles", multiple=True, help=f"One of {', '.join(ROLES)}; may be given several times.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def add(email: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Create an account. Without a password, print a link through which its owner chooses one."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    try:
        person = services.add_staff(email, roles, password)
    except AccountError as error:
        refuse(error)
    click.echo(f"{person.email} has an account now: {', '.join(person.role_names)}.")
    if password is None:
        click.echo(f"To choose a password, within {services.INVITATION_DAYS} days: {_link(person)}")


@staff_cli.command("list")
def list_staff() -> None:
    """List everybody who has an account."""
    found = queries.staff()
    if not found:
        click.echo("Nobody has an account yet: `flask staff add EMAIL --role admin` creates the first.")
    width = max((len(person.email) for person in found), default=0)
    for person in found:
        click.echo(f"{person.email:<{width}}  {', '.join(person.role_names)}{'' if person.active else '  (disabled)'}")


@staff_cli.command("disable")
@click.argument("email")
@click.option("--reason", default="", help="Why; kept in the audit log.")
def disable(email: str, reason: str) -> None:
    """Shut somebody out at once."""
    try:
        services.disable(services.named(email), reason)
    except AccountError as error:
        refuse(error)
    click.echo(f"{email} can no longer sign in.")


def refuse(error: AccountError) -> NoReturn:
    """End a command with what is wrong on standard error and exit code 2."""
    click.echo(str(error), err=True)
    raise SystemExit(2)


def _link(person: User) -> str:
    with current_app.test_request_context():
        path = url_for("accounts.invitation", token=services.invitation(person))
    return str(current_app.config["PRODUCT_URL"]).rstrip("/") + path
