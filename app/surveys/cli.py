"""Commands of asking: ``flask survey check | import | open | close | list``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock
from app.surveys import completeness, queries, services, source
from app.surveys.document import from_document
from app.surveys.errors import CannotOpen, SurveyError
from app.surveys.models import Survey

survey_cli = AppGroup("survey", help="Check, import, open and close questionnaires.")


def refuse(error: Exception) -> NoReturn:
    """End a command with what is wrong on standard error and exit code 2."""
    click.echo(str(error), err=True)
    raise SystemExit(2)


@survey_cli.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_command(file: Path) -> None:
    """Name each fault of a questionnaire FILE with its line and remedy."""
    try:
        document = source.load(file)
    except source.DefinitionFaults as error:
        refuse(error)
    try:
        beside = completeness.texts_beside(file, document)
    except SurveyError as error:
        refuse(error)
    definition = from_document(document)
    click.echo(f"{file.name}: {definition.title}, {len(list(definition.questions))} questions, no faults.")
    show_unconfirmed(document)
    for reason in completeness.incomplete(document, beside):
        click.echo(f"Cannot open yet: {reason}")


@survey_cli.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_command(file: Path) -> None:
    """Keep a questionnaire FILE; waves that open from now on ask it."""
    survey = imported(file)
    click.echo(f"{survey.slug}: imported. Open it with: flask survey open {survey.slug}")


@survey_cli.command("open")
@click.argument("file_or_slug")
@click.option("--period", help="Name of the wave, as 2026 (surveys that are asked once).")
@click.option("--opens", help="When it opens, as 2026-12-01 or 2026-12-01T09:00; otherwise now.")
@click.option("--closes", help="When it closes, likewise; otherwise 12 weeks later.")
@click.option("--freezes", help="Until when responses can be changed; otherwise 14 days after the close.")
def open_command(file_or_slug: str, **dates: str | None) -> None:
    """Begin to ask: a FILE is imported first, a SLUG is opened as it was imported."""
    survey = imported(Path(file_or_slug)) if looks_like_file(file_or_slug) else named(file_or_slug)
    show_unconfirmed(survey.document)
    try:
        if survey.monthly:
            if any(dates.values()):
                raise CannotOpen(
                    [f"{survey.slug} asks monthly: its waves follow from the date. Leave out the options."]
                )
            wave = services.open_monthly(survey)
        else:
            opens, closes, freezes = (moment(dates[name]) for name in ("opens", "closes", "freezes"))
            wave = services.open_wave(survey, dates["period"], opens, closes, freezes)
    except SurveyError as error:
        refuse(error)
    state = wave.state(clock.now())
    click.echo(f"{wave.reference}: {state}, {local(wave.opens_at)} to {local(wave.closes_at)}.")
    if state == "open":
        click.echo(f"{current_app.config['PRODUCT_URL']}/en/{survey.slug}")


@survey_cli.command("close")
@click.argument("slug")
def close_command(slug: str) -> None:
    """Stop asking: close the survey's open and scheduled waves."""
    closed = services.close_survey(named(slug))
    click.echo("\n".join(f"{wave.reference}: closed." for wave in closed) or f"{slug}: no wave was open.")


@survey_cli.command("list")
def list_command() -> None:
    """List surveys and their waves."""
    now = clock.now()
    for survey in queries.surveys():
        click.echo(f"{survey.slug}: {survey.title}")
        for wave in survey.waves:
            mark = " (simulated)" if wave.simulated else ""
            click.echo(
                f"  {wave.reference}{mark}: {wave.state(now)}, {local(wave.opens_at)} to {local(wave.closes_at)}"
            )


def imported(file: Path) -> Survey:
    """Import a file, or end with its faults."""
    try:
        return services.import_definition(file)
    except (source.DefinitionFaults, SurveyError) as error:
        refuse(error)


def named(slug: str) -> Survey:
    """Find a survey, or end with the names there are."""
    try:
        return queries.survey_named(slug)
    except SurveyError as error:
        refuse(error)


def looks_like_file(text: str) -> bool:
    """Tell a file from a slug: a file has a folder or an ending, or lies there."""
    return "/" in text or "." in text or Path(text).is_file()


def moment(text: str | None) -> datetime | None:
    """Read a date or a time in Europe/London."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        refuse(ValueError(f"{text!r} is no date. Write it as 2026-12-01 or 2026-12-01T09:00."))
    if read.year not in services.YEARS:
        refuse(ValueError(f"{text!r} is out of reach. Choose a date from {services.YEARS[0]} to {services.YEARS[-1]}."))
    return read if read.tzinfo else read.replace(tzinfo=clock.LONDON)


def local(at: datetime) -> str:
    """Write a moment as West Yorkshire's clocks show it."""
    return f"{clock.london(at):%Y-%m-%d %H:%M}"


def show_unconfirmed(document: dict[str, Any]) -> None:
    """List the parts that are marked "draft, confirm before launch"."""
    unconfirmed = from_document(document).unconfirmed
    if unconfirmed:
        click.echo(f"Draft, confirm before launch ({len(unconfirmed)}):")
        for key, what in unconfirmed:
            click.echo(f"  {key}: {what}")
