"""Commands of paper: ``flask paper import FILE --wave REFERENCE`` and ``flask paper forms --wave REFERENCE``."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.accounts.audit import SYSTEM
from app.fieldwork.paper import quality
from app.fieldwork.paper.contents import FORMATS
from app.fieldwork.paper.errors import CannotImport
from app.fieldwork.paper.forms import Form
from app.fieldwork.paper.importing import Import
from app.surveys import errors as survey
from app.surveys import queries

paper_command = AppGroup("paper", help="Forms on paper, and files of what was keyed elsewhere.")


@paper_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wave", required=True, help="The wave that was answered, as YV-2026-11.")
def import_command(file: Path, wave: str) -> None:
    """Import a CSV or XLSX file of responses: all of its rows, or none."""
    try:
        work = Import(queries.wave_named(wave), file.name, file.read_bytes(), SYSTEM)
        steps = work.steps()
        while True:
            click.echo(next(steps))
    except StopIteration as end:
        click.echo(f"Batch {end.value} is stored.")
    except CannotImport as error:
        shown = "\n".join(error.problems)
        raise click.ClickException(f"Nothing was stored; {error.total} problems:\n{shown}") from None
    except survey.SurveyError as error:
        raise click.ClickException(str(error)) from None


@paper_command.command("forms")
@click.option("--wave", required=True, help="The wave that asks, as YV-2026-11.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="A folder for the PDFs.")
def forms_command(wave: str, out: Path) -> None:
    """Write a wave's forms in every language and format, as tagged PDFs without serials."""
    try:
        found = queries.wave_named(wave)
    except survey.SurveyError as error:
        raise click.ClickException(str(error)) from None
    out.mkdir(parents=True, exist_ok=True)
    for language in queries.definition_of(found).languages:
        for style in FORMATS:
            path = out / f"{wave}-{language}-{style}.pdf"
            path.write_bytes(Form(found, language, style).pdf())
            click.echo(path.name)


@paper_command.command("errors")
def errors_command() -> None:
    """Say how often first keyings were wrong."""
    click.echo(quality.error_rate().sentence)
