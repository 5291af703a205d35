"""Commands for translators: ``flask translations extract | add | update | check | compile``.

One template holds the texts of the interface and of the shipped questionnaires, so that a translator meets each text
once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
import yaml
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import current_app
from flask.cli import AppGroup

from app import i18n
from app.surveys.definition import TEXT_ATTRIBUTES

translations_cli = AppGroup("translations", help="Extract, add, update, check and compile translations.")

ROOT = Path(__file__).resolve().parent
METHODS = [
    ("surveys/definitions/**.yaml", "app.translating:extract_questionnaire"),
    ("demo/**", "ignore"),
    ("static/**", "ignore"),
    ("templates/staff/**", "ignore"),
    ("templates/results/**", "ignore"),
    ("templates/security/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2"),
]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = """# The texts of the survey platform, and of its questionnaires.
# The English text is the authoritative one.
# Draft, awaiting review by a fluent speaker: write a name after the colon once it was reviewed.
# Reviewed by:"""
NAMES: dict[str, Any] = {
    "project": "survey-platform",
    "version": "1",
    "msgid_bugs_address": "see README.md",
    "last_translator": "draft",
    "language_team": "draft",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
MARKUP = re.compile(r"<[a-zA-Z/!]")


def extract_questionnaire(
    file: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Extract the texts of a questionnaire for Babel, with the line, the context and the key that each belongs to."""
    content = file.read().decode("utf-8")
    node = yaml.compose(content, Loader=yaml.SafeLoader)
    if node is not None:
        yield from _texts(node, "", "", content.splitlines())


def _texts(node: Any, key: str, context: str, lines: list[str]) -> Iterator[tuple[int, str, Any, list[str]]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _texts(item, key, context, lines)
    if not isinstance(node, yaml.MappingNode):
        return
    plain = {name.value: value.value for name, value in node.value if isinstance(value, yaml.ScalarNode)}
    key, context = plain.get("key", key), plain.get("context", context)
    for name, value in node.value:
        if name.value in TEXT_ATTRIBUTES and isinstance(value, yaml.ScalarNode):
            line = value.start_mark.line + 1
            comments = [f"{key}: {name.value}" if key else name.value, *_comment_above(lines, line)]
            if context:
                yield line, "pgettext", (context, value.value), comments
            else:
                yield line, "gettext", value.value, comments
        else:
            yield from _texts(value, key, context, lines)


def _comment_above(lines: list[str], line: int) -> list[str]:
    above = lines[line - 2].strip() if line > 1 else ""
    return [above.lstrip("# ")] if above.startswith("#") else []


def template() -> Catalog:
    """Gather every text that residents read into one template."""
    catalog = Catalog(header_comment=HEADER, fuzzy=False, **NAMES)
    found = extract_from_dir(str(ROOT), METHODS, options_map=OPTIONS, keywords=KEYWORDS, comment_tags=("translators:",))
    for name, line, message, comments, context in found:
        catalog.add(message, None, [(f"app/{name}", line)], auto_comments=comments, context=context)
    return catalog


def catalogues() -> dict[str, Path]:
    """Find the catalogue of every language."""
    paths = sorted(Path(current_app.config["TRANSLATIONS"]).glob("*/LC_MESSAGES/messages.po"))
    return {path.parent.parent.name: path for path in paths}


def save(catalog: Catalog, path: Path) -> None:
    """Write a catalogue in a stable form: in reading order, without line numbers that change daily."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False)


def read(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


@translations_cli.command("extract")
def extract_command() -> None:
    """Write the template of all texts, and bring every catalogue up to it."""
    gathered = template()
    save(gathered, Path(current_app.config["TRANSLATIONS"]) / "messages.pot")
    click.echo(f"messages.pot: {len(gathered)} texts.")
    for code, path in catalogues().items():
        catalog = read(path)
        catalog.update(gathered, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        save(catalog, path)
        missing = sum(not i18n.filled(entry.string) for entry in catalog if entry.id)
        click.echo(f"{code}: {missing} of {len(catalog)} texts to translate.")


@translations_cli.command("add")
@click.argument("code")
def add_command(code: str) -> None:
    """Add a language: make its catalogue, ready to be translated."""
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (ValueError, LookupError):
        raise click.ClickException(f"{code!r} is no language code. Write one like pl, or pa_Arab.") from None
    path = Path(current_app.config["TRANSLATIONS"]) / str(locale) / "LC_MESSAGES" / "messages.po"
    if path.exists():
        raise click.ClickException(f"{code} is there already: {path.name}.")
    catalog = Catalog(locale=locale, header_comment=HEADER, fuzzy=False, **NAMES)
    catalog.update(template())
    save(catalog, path)
    click.echo(
        f"{locale.get_display_name('en')}: {len(catalog)} texts to translate in translations/{locale}/LC_MESSAGES."
    )


@translations_cli.command("check")
def check_command() -> None:
    """Name every text that is missing, unsure, or whose placeholders or markup differ from the English."""
    faults = [fault for code, path in catalogues().items() for fault in faults_of(code, path)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(2)
    click.echo("All catalogues are complete.")


def faults_of(code: str, path: Path) -> Iterator[str]:
    """List what is wrong with a catalogue."""
    catalog = read(path)
    for entry in template():
        if not entry.id:
            continue
        translated = catalog.get(_identity(entry), entry.context)
        if translated is None or not i18n.filled(translated.string):
            yield f"{code}: not translated: {entry.id!r}"
        elif translated.fuzzy:
            yield f"{code}: marked as unsure (fuzzy): {entry.id!r}"
        else:
            yield from _differences(code, entry, translated)


def _identity(entry: Message) -> str:
    return str(entry.id[0] if isinstance(entry.id, list | tuple) else entry.id)


def _differences(code: str, entry: Message, translated: Message) -> Iterator[str]:
    english = _identity(entry)
    forms = translated.string if isinstance(translated.string, list | tuple) else [translated.string]
    for form in forms:
        if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(str(form))):
            yield f"{code}: the placeholders differ: {english!r} and {form!r}"
        if bool(MARKUP.search(str(form))) and not MARKUP.search(english):
            yield f"{code}: markup that the English has not: {form!r}"


@translations_cli.command("compile")
def compile_command() -> None:
    """Compile every catalogue for the running application; a broken one stops the command."""
    for code, path in catalogues().items():
        try:
            catalog = read(path)
        except Exception as error:
            raise click.ClickException(f"{code}: the catalogue can't be read: {error}") from None
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        click.echo(f"{code}: compiled.")
