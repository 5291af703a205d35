"""The texts of the platform as translators see them: one template, and a catalogue a language.

One template holds the texts of the pages and of the shipped questionnaires, so that a translator meets each text once.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import IO, Any

import yaml
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po
from babel.plural import to_gettext
from flask import current_app

from app import i18n
from app.surveys import source
from app.surveys.document import TEXT_ATTRIBUTES

ROOT = Path(__file__).resolve().parents[1]
METHODS = [
    ("surveys/definitions/**.yaml", "app.translating.catalogues:extract_questionnaire"),
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
CATEGORIES = ("zero", "one", "two", "few", "many", "other")
# A date that changed whenever nothing else did would hide what did.
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)


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
    """Gather every text that residents read into one template; once, as the sources stay while a process runs."""
    return deepcopy(_gathered())


@lru_cache(maxsize=1)
def _gathered() -> Catalog:
    catalog = Catalog(header_comment=HEADER, fuzzy=False, creation_date=UNDATED, **NAMES)
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


def read(path: Path, code: str = "") -> Catalog:
    """Read a catalogue; its language is that of its folder unless it is said."""
    with path.open("rb") as file:
        return read_po(file, locale=code or path.parent.parent.name, abort_invalid=True)


def empty(locale: Locale) -> Catalog:
    """Make a catalogue with every text still to be translated, and the plural rule of Unicode's CLDR."""
    catalog = Catalog(locale=locale, header_comment=HEADER, fuzzy=False, **NAMES)
    catalog.mime_headers = [*catalog.mime_headers, ("Plural-Forms", plural_forms(locale))]
    catalog.update(template())
    return catalog


def plural_forms(locale: Locale) -> str:
    """Write a language's plural rule for gettext: the usual one, or CLDR's own where the usual one counts otherwise."""
    usual = str(get_plural(locale).plural_forms)
    return usual if counts_alike(locale, usual) else to_gettext(locale.plural_form)


def counts_alike(locale: Locale, forms: str) -> bool:
    """Say whether a gettext plural rule tells apart what CLDR does among whole numbers, and in its order."""
    index = c2py(forms.split("plural=", 1)[1].rstrip(";"))
    pairs = sorted({(index(number), locale.plural_form(number)) for number in range(1001)})
    categories = [category for _, category in pairs]
    return categories == [category for category in CATEGORIES if category in categories]


def missing(catalog: Catalog) -> int:
    """Count the texts that are still to be translated."""
    return sum(not i18n.filled(entry.string) for entry in catalog if entry.id)


def stale(catalog: Catalog) -> list[str]:
    """List the texts whose English has changed since they were translated, and those that a translator is unsure of."""
    return [identity(entry) for entry in catalog if entry.id and entry.fuzzy]


def identity(entry: Message) -> str:
    """Tell the English text that stands for an entry; of a plural, the singular."""
    return str(entry.id[0] if isinstance(entry.id, list | tuple) else entry.id)


@lru_cache(maxsize=1)
def options() -> list[tuple[str, list[str]]]:
    """List the texts of the options, and of the rows, of each shipped question."""
    documents = [source.load(path) for path in sorted((ROOT / "surveys" / "definitions").glob("your-*.yaml"))]
    questions = [
        question for document in documents for section in document["sections"] for question in section["questions"]
    ]
    return [
        (question["key"], [choice["text"] for choice in question.get(name, ())])
        for question in questions
        for name in ("options", "rows")
    ]
