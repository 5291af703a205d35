"""Which languages there are, which one a page speaks, and which way it runs.

A language is a file: ``translations/CODE/LC_MESSAGES/messages.po``. Its name, direction and plural rule come from Unicode's CLDR.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context
from flask_babel import Babel
from flask_babel import lazy_gettext as lazy

SOURCE = "en"
REVIEW_HEADER = "X-Reviewed-By"

babel = Babel()


@dataclass(frozen=True, slots=True)
class Language:
    """A language that pages can speak."""

    code: str
    autonym: str
    english: str
    direction: str

    @property
    def locale(self) -> Locale:
        """Find its rules for dates, numbers and plurals."""
        return Locale.parse(self.code.replace("-", "_"))


def init_app(app: Flask) -> None:
    """Let pages speak the language that their address names; staff pages are English."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["TRANSLATIONS"])
    babel.init_app(app, locale_selector=lambda: spoken().code.replace("-", "_"), timezone_selector=lambda: "Europe/London")
    app.extensions["languages"] = {language.code: language for language in installed(app.config["TRANSLATIONS"])}
    app.jinja_env.globals["language"] = None
    app.context_processor(lambda: {"language": spoken(), "translation_reviewed": reviewed(spoken().code)})


@lru_cache
def installed(directory: Path) -> tuple[Language, ...]:
    """List English and every language that has a catalogue, English first, the others by their own names."""
    codes = sorted(path.parent.parent.name for path in Path(directory).glob("*/LC_MESSAGES/messages.po"))
    others = (described(code) for code in codes if code != SOURCE)
    return (described(SOURCE), *sorted(others, key=lambda language: language.autonym))


def described(code: str) -> Language:
    """Describe a language from its code, as Unicode's CLDR does."""
    locale = Locale.parse(code.replace("-", "_"))
    autonym = locale.get_display_name(locale) or code
    return Language(code.replace("_", "-"), autonym, locale.english_name or code, locale.text_direction)


def languages() -> dict[str, Language]:
    """List the languages that the application has, by code."""
    found: dict[str, Language] = current_app.extensions["languages"]
    return found


def spoken() -> Language:
    """Say which language the page at hand speaks."""
    code = g.get("language", SOURCE) if has_request_context() else SOURCE
    return languages().get(code) or languages()[SOURCE]


def best(accepted: object) -> str:
    """Choose the language that a browser asks for first, else English."""
    match = getattr(accepted, "best_match", lambda codes: None)(list(languages()))
    return match or SOURCE


def catalogue(code: str) -> Catalog:
    """Read a language's catalogue as its translators left it."""
    return _catalogue(Path(current_app.config["TRANSLATIONS"]), code)


@lru_cache
def _catalogue(directory: Path, code: str) -> Catalog:
    path = directory / code.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=code.replace("-", "_"))


@lru_cache
def translations(directory: Path, code: str) -> NullTranslations:
    """Load a language's compiled catalogue."""
    return Translations.load(str(directory), [code.replace("-", "_")])


def reviewed(code: str) -> str:
    """Name the fluent speaker who reviewed a language, or nothing while it is a draft; English is its own authority."""
    if code == SOURCE:
        return "source"
    return _reviewer(Path(current_app.config["TRANSLATIONS"]), code)


@lru_cache
def _reviewer(directory: Path, code: str) -> str:
    path = directory / code.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(f'"{REVIEW_HEADER}:'):
            return line.split(":", 1)[1].strip(' "').removesuffix("\\n").strip()
        if not line:
            break
    return ""


def untranslated(code: str) -> list[str]:
    """List the interface texts that a language lacks or has only as a guess; none for English."""
    if code == SOURCE:
        return []
    return [str(entry.id) for entry in catalogue(code) if entry.id and (entry.fuzzy or not _filled(entry.string))]


def _filled(string: object) -> bool:
    forms = string if isinstance(string, list | tuple) else [string]
    return all(forms) and bool(forms)


__all__ = ["Language", "babel", "best", "catalogue", "init_app", "languages", "lazy", "reviewed", "spoken", "untranslated"]
