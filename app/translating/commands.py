"""Commands for translators: ``flask translations extract | add | check | import | compile``."""

from __future__ import annotations

from pathlib import Path

import click
from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from flask import current_app
from flask.cli import AppGroup

from app import i18n
from app.translating import bringing_back, catalogue_faults, catalogues

translations_cli = AppGroup("translations", help="Extract, add, check, import and compile translations.")


@translations_cli.command("extract")
def extract_command() -> None:
    """Write the template of all texts, and bring every catalogue up to it."""
    gathered = catalogues.template()
    catalogues.save(gathered, Path(current_app.config["TRANSLATIONS"]) / "messages.pot")
    click.echo(f"messages.pot: {len(gathered)} texts.")
    for code, path in catalogues.catalogues().items():
        catalog = catalogues.read(path)
        # What was said of an English text that has changed stays as a guess, marked as stale.
        catalog.update(gathered, update_creation_date=False)
        catalog.obsolete.clear()
        catalogues.save(catalog, path)
        missing, stale = catalogues.missing(catalog), len(catalogues.stale(catalog))
        click.echo(f"{code}: {missing} of {len(catalog)} texts to translate, {stale} stale.")


@translations_cli.command("add")
@click.argument("code")
def add_command(code: str) -> None:
    """Add a language: make its catalogue, ready to be translated."""
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        raise click.ClickException(f"{code!r} is no language code. Write one like pl, or pa_Arab.") from None
    path = Path(current_app.config["TRANSLATIONS"]) / str(locale) / "LC_MESSAGES" / "messages.po"
    if path.exists():
        raise click.ClickException(f"{code} is there already: {path.name}.")
    catalog = catalogues.empty(locale)
    catalogues.save(catalog, path)
    click.echo(f"{i18n.in_english(locale)}: {len(catalog)} texts to translate in translations/{locale}/LC_MESSAGES.")


@translations_cli.command("check")
def check_command() -> None:
    """Name every text that is missing, unsure or spoilt, with its remedy."""
    faults = [
        fault
        for code, path in catalogues.catalogues().items()
        for fault in catalogue_faults.faults_of(code, catalogues.read(path))
    ]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(2)
    click.echo("All catalogues are complete.")


@translations_cli.command("import")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path))
def import_command(code: str, file: Path) -> None:
    """Take back a catalogue that a translator worked on; one with faults changes nothing."""
    try:
        offer = bringing_back.offered(code, file.read_bytes())
        bringing_back.take(offer)
    except OSError as error:
        raise click.ClickException(f"{file.name} can't be read: {error.strerror}.") from None
    except bringing_back.Refused as refused:
        raise click.ClickException("\n".join([f"{file.name} was not taken:", *refused.reasons])) from None
    for change in offer.changes:
        click.echo(f"{change.english!r}\n  before: {change.before}\n  after:  {change.after}")
    click.echo(f"{code}: {len(offer.catalog)} texts taken from {file.name}, {len(offer.changes)} changed.")


@translations_cli.command("compile")
def compile_command() -> None:
    """Compile every catalogue for the running application; a broken one stops the command."""
    for code, path in catalogues.catalogues().items():
        try:
            catalog = catalogues.read(path)
        except Exception as error:
            raise click.ClickException(f"{code}: the catalogue can't be read: {error}") from None
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        click.echo(f"{code}: compiled.")
