"""The command line of exports: ``flask export WAVE --format sav --out FILE``."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from app.results.cli import current_run, named
from app.results.errors import ResultsError, UnknownFormat
from app.results.export.formats import AS_WRITTEN, FORMATS, KEYS, NO_TEXT, SHOWN, TEXTS
from app.results.export.services import Order, export, refuse_without_reason


@click.command("export")
@click.argument("wave")
@click.option("--format", "format_", default="csv", help=f"One of {', '.join(FORMATS)}.")
@click.option("--language", default="en", help="The language of labels, one of the survey's.")
@click.option("--values", default=KEYS, help=f"How CSV and Excel show values: {', '.join(SHOWN)}.")
@click.option("--text", default=NO_TEXT, help=f"What people wrote: {', '.join(TEXTS)}.")
@click.option("--reason", default="", help="What the file is for; kept in the audit log.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@with_appcontext
def export_command(wave: str, format_: str, language: str, values: str, text: str, reason: str, out: Path) -> None:
    """Write the weighted responses of WAVE for analysts, labelled.

    A run is made where there is none or where responses have changed. Each export is noted in the audit log.
    """
    found = named(wave)
    try:
        if text == AS_WRITTEN:
            refuse_without_reason(reason)
        done = export(current_run(wave), found, Order(format_, language, values, text), out, reason)
    except UnknownFormat as error:
        raise click.UsageError(str(error)) from error
    except ResultsError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{out}: {done.rows:,} responses, weighted where they are residents'. SHA-256 {done.digest}.")
