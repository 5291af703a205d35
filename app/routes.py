"""Who may open what: every address with its methods, and the roles it names or why it needs none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.routing import Rule

from app.accounts.models import ROLES
from app.accounts.roles import roles_of

OPEN_ROOMS = {
    "resident": "residents: no account; what is somebody's own opens by its code",
    "public_results": "released figures are public",
    "security": "the door: password, then code; attempts are counted",
    "api": "programs: public figures, or a token in the header",
    "tablet_api": "tablets: a token in the header, or the officer's session",
    "tablet_pages": "a tablet's empty page and script, which hold nothing",
    "health": "whether the platform lives; says nothing else",
    "metrics": "a token in the header; there is nothing without METRICS_TOKEN",
    "static": "styles, scripts and fonts",
}
"""Rooms whose addresses ask for no role, each with the reason."""
OPEN_PAGES = {"fieldwork.at_event": "the address on an event's poster leads residents to the survey"}
IMPLIED = {"HEAD", "OPTIONS"}


class Access(NamedTuple):
    """One address: who may open it, and why where no role is named."""

    address: str
    methods: tuple[str, ...]
    endpoint: str
    roles: tuple[str, ...]
    why: str
    fresh: bool


def accesses(app: Flask) -> Iterator[Access]:
    """Say of each address who may open it, in the order of addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: (each.rule, methods_of(each))):
        view = app.view_functions[rule.endpoint]
        why = getattr(view, "open_because", "") or OPEN_PAGES.get(rule.endpoint, "")
        why = why or OPEN_ROOMS.get(rule.endpoint.partition(".")[0], "")
        named = roles_of(view)
        yield Access(
            *(rule.rule, methods_of(rule), rule.endpoint, named),
            *("" if named else why, bool(getattr(view, "fresh", False))),
        )


def methods_of(rule: Rule) -> tuple[str, ...]:
    """List the methods that a rule names itself."""
    return tuple(sorted((rule.methods or set()) - IMPLIED))


def table(app: Flask) -> str:
    """Write the table of docs/routes.md."""
    head = ["| Address | Methods | Who |", "|---|---|---|"]
    return "\n".join([*head, *(_line(each) for each in accesses(app))]) + "\n"


def _line(each: Access) -> str:
    who = "everybody who is signed in" if set(each.roles) == set(ROLES) else ", ".join(each.roles)
    again = "; password again" if each.fresh else ""
    return f"| `{each.address}` | {' '.join(each.methods)} | {who}{again if who else each.why} |".replace("\\", "")


@click.command("routes-table")
@with_appcontext
def routes_command() -> None:
    """Write the table of every address with who may open it, as docs/routes.md holds it."""
    click.echo(table(current_app), nl=False)
