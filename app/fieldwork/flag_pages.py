"""The page of flags: how many responses of each wave deserve a second look, why, and at which events."""

from __future__ import annotations

from typing import Any

import click
from flask import Blueprint, render_template, request, url_for
from flask.cli import with_appcontext
from flask.typing import ResponseReturnValue

from app.accounts import pages
from app.accounts.roles import roles
from app.database import db
from app.fieldwork import flagging
from app.fieldwork.flags import counted
from app.fieldwork.models import Event
from app.surveys import queries, tallies
from app.surveys.errors import SurveyError
from app.surveys.flags import FLAGS
from app.surveys.models import Wave

flag_pages = Blueprint("flags", __name__)
LOOKERS = ("analyst", "admin")
READERS = (*LOOKERS, "office")


@flag_pages.get("/staff/flags")
@roles(*READERS)
def index() -> ResponseReturnValue:
    """List the flags of every wave with counts."""
    counts = tallies.flag_counts()
    waves = [wave for survey in queries.surveys() for wave in survey.waves if wave.digest]
    found = [(wave, *_of(counts, wave)) for wave in sorted(waves, key=lambda each: each.opens_at, reverse=True)]
    return render_template("fieldwork/flags.html", found=found, flags=FLAGS)


def _of(counts: Any, wave: Wave) -> tuple[int, dict[str, int], list[tuple[str, int, int]]]:
    """Count a wave's responses, those of each flag, and the flagged ones of each event."""
    mine = [(event, flags, count) for wave_id, event, flags, count in counts if wave_id == wave.id]
    places = []
    for event_id in sorted({event for event, flags, _ in mine if event and flags}):
        event = db.session.get_one(Event, event_id)
        here = [(flags, count) for each, flags, count in mine if each == event_id]
        places.append((f"{event.place}, {event.held_on:%-d %b %Y}", counted(here)[""], sum(count for _, count in here)))
    total = sum(count for _, _, count in mine)
    return total, counted((flags, count) for _, flags, count in mine), places


@flag_pages.post("/staff/flags/look")
@roles(*LOOKERS)
def look() -> ResponseReturnValue:
    """Flag the responses of a wave anew."""
    try:
        wave = queries.wave_named(request.form.get("wave", ""))
    except SurveyError as error:
        return pages.problem("There is no wave here", str(error), 404)
    reference = wave.reference
    if not wave.digest:
        return pages.problem("This wave has not opened yet", f"{reference}: nobody has answered. Come back later.", 409)
    found = flagging.look(wave)
    told = f"{reference}: {found.flagged:,} of {found.responses:,} responses are flagged; {found.changed:,} changed."
    return pages.done(told, url_for(".index"))


@click.command("flags")
@click.argument("waves", nargs=-1)
@with_appcontext
def flags_command(waves: tuple[str, ...]) -> None:
    """Look for responses of WAVES (all if none is named) that deserve a second look, and count them."""
    try:
        named = [queries.wave_named(reference) for reference in waves]
    except SurveyError as error:
        raise click.ClickException(str(error)) from error
    every = [wave for survey in queries.surveys() for wave in survey.waves if wave.digest]
    for reference in [wave.reference for wave in named or every if wave.digest]:
        found = flagging.look(queries.wave_named(reference))
        click.echo(f"{reference}: {found.flagged:,} of {found.responses:,} flagged, {found.changed:,} changed.")
    click.echo(f"{flagging.forget_networks():,} hashes of networks were erased: their waves are frozen.")
