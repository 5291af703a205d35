"""Which languages there are, which one a page speaks, and which way it runs.

A language is a file: ``translations/CODE/LC_MESSAGES/messages.po``. Its name, direction and plural rule come from
Unicode's CLDR.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, format_date
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape
from werkzeug.routing import BaseConverter, ValidationError

from app.clock import LONDON
from app.translating import reviews

SOURCE = "en"
# Unicode's first strong isolate: what has no letters, like -5 or 45.6%, runs from left to right in it.
ARABIC_MARKS = {",": "\N{ARABIC COMMA}", ";": "\N{ARABIC SEMICOLON}"}
ISOLATE, END = "\u2068", "\u2069"
NAMED_IN_BRITAIN = {"Bangla": "Bengali", "Punjabi": "Panjabi"}
"""What the Census and the questionnaires call languages for which CLDR has another English name."""

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
        """Find its rules for dates, numbers and plurals; English is Britain's."""
        return Locale.parse("en_GB" if self.code == SOURCE else self.code.replace("-", "_"))


def init_app(app: Flask) -> None:
    """Let pages speak the language that their address names; staff pages are English."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["TRANSLATIONS"])
    babel.init_app(app, locale_selector=lambda: spoken().locale, timezone_selector=lambda: "Europe/London")
    app.extensions["languages"] = {language.code: language for language in installed(app.config["TRANSLATIONS"])}
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.url_map.converters["lang"] = LanguageConverter
    app.jinja_env.filters["long_date"] = long_date
    app.jinja_env.filters["last_day"] = lambda moment: long_date(moment - timedelta(microseconds=1))
    app.jinja_env.globals["translated_or_english"] = translated_or_english
    app.jinja_env.globals["product_url"] = app.config["PRODUCT_URL"]
    app.context_processor(lambda: {"language": spoken(), "translation_reviewed": bool(reviewed(spoken().code))})


class LanguageConverter(BaseConverter):
    """The first part of a resident's address: the code of a language that is installed."""

    regex = r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?"

    def to_python(self, value: str) -> str:
        """Refuse a language that there is not, so that its pages are not found."""
        if value not in languages():
            raise ValidationError
        return value


@lru_cache
def installed(folder: Path) -> tuple[Language, ...]:
    """List English and every language that has a catalogue, English first, the others by their own names."""
    codes = sorted(path.parent.parent.name for path in Path(folder).glob("*/LC_MESSAGES/messages.po"))
    others = (described(code) for code in codes if code != SOURCE)
    return (described(SOURCE), *sorted(others, key=lambda language: language.autonym))


def described(code: str) -> Language:
    """Describe a language from its code, as Unicode's CLDR does."""
    locale = Locale.parse(code.replace("-", "_"))
    autonym = locale.get_display_name(locale) or code
    return Language(code.replace("_", "-"), autonym, in_english(locale), locale.text_direction)


def in_english(locale: Locale) -> str:
    """Name a language in English, as it is called in Britain."""
    name, *rest = (locale.english_name or str(locale)).split(" ")
    return " ".join((NAMED_IN_BRITAIN.get(name, name), *rest))


def languages() -> dict[str, Language]:
    """List the languages that the application has, by code."""
    found: dict[str, Language] = current_app.extensions["languages"]
    return found


def spoken() -> Language:
    """Say which language the page at hand speaks: the one its address begins with, else English."""
    if not has_request_context():
        return languages()[SOURCE]
    if "language" not in g:
        g.language = languages().get(request.path.split("/", 2)[1]) or languages()[SOURCE]
    language: Language = g.language
    return language


def speak_as_asked() -> None:
    """Speak the language that the browser asks for where the address at hand names none."""
    if request.path.split("/", 2)[1] not in languages():
        g.language = languages()[best(request.accept_languages)]
        g.pop("translations", None)


def language_switch(offered: Any) -> list[dict[str, Any]]:
    """List the languages that a page can be had in, each with its address, in the same order on every page."""
    current = spoken()
    rest = request.path.removeprefix(f"/{current.code}")
    known = languages()
    return [
        {
            "code": language.code,
            "autonym": language.autonym,
            "direction": language.direction,
            "url": f"/{language.code}{rest}",
            "current": language.code == current.code,
        }
        for language in known.values()
        if language.code in offered
    ]


def gettext(message: str) -> str:
    """Say a text in the language of the page at hand.

    A page asks for some forty texts; Flask-Babel would find out for each of them anew which catalogue to ask.
    """
    return catalogue_at_hand().ugettext(message)


def lazy(message: str) -> LazyString:
    """Say a text later, in the language of the page that then shows it."""
    return LazyString(gettext, message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Say a text that counts something in the language of the page at hand."""
    return catalogue_at_hand().ungettext(singular, plural, number)


def catalogue_at_hand() -> NullTranslations:
    """Find the texts of the language of the page at hand."""
    if not has_request_context():
        return NullTranslations()
    if "translations" not in g:
        g.translations = translations(current_app.config["TRANSLATIONS"], spoken().code)
    found: NullTranslations = g.translations
    return found


def isolated(piece: object) -> str:
    """Keep a figure, a code or what somebody typed in its own direction, on a page that is written from the right."""
    return f"{ISOLATE}{piece}{END}" if spoken().direction == "rtl" else str(piece)


def mark(sign: str) -> str:
    """Write a comma or a semicolon as the script of the page does."""
    return ARABIC_MARKS[sign] if spoken().direction == "rtl" else sign


def long_date(moment: datetime) -> str:
    """Write a day in the language of the page, as West Yorkshire's clocks had it."""
    return str(format_date(moment.astimezone(LONDON).date(), "long"))


def translated_or_english(text: str) -> Markup:
    """Translate a text that staff may have changed; an unknown one is shown as the English that it is."""
    translated = gettext(text)
    if translated != text or spoken().code == SOURCE:
        return escape(translated)
    return Markup('<span lang="en" dir="ltr">{}</span>').format(text)


def best(accepted: object) -> str:
    """Choose the language that a browser asks for first, else English."""
    wanted = (str(code).replace("_", "-") for code in getattr(accepted, "values", list)())
    known = (code if code in languages() else code.split("-")[0].lower() for code in wanted)
    return next((code for code in known if code in languages()), SOURCE)


def catalogue(code: str) -> Catalog:
    """Read a language's catalogue as its translators left it."""
    path = catalogue_file(code)
    return _catalogue(path, code, _state(path))


def directory() -> Path:
    """Find the folder of the catalogues."""
    return Path(current_app.config["TRANSLATIONS"])


def catalogue_file(code: str) -> Path:
    """Find the file of a language's catalogue."""
    return _file(directory(), code)


def _file(folder: Path, code: str) -> Path:
    return folder / code.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def _state(path: Path) -> int:
    """Name the state of a file: another one when it was replaced, so that every worker reads it anew."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=32)
def _catalogue(path: Path, code: str, state: int) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code.replace("-", "_"))


def translations(folder: Path, code: str) -> NullTranslations:
    """Load a language's compiled catalogue, anew when it was replaced."""
    return _compiled(folder, code, _state(_compiled_file(folder, code)))


@lru_cache(maxsize=32)
def _compiled_file(folder: Path, code: str) -> Path:
    return _file(Path(folder), code).with_suffix(".mo")


@lru_cache(maxsize=32)
def _compiled(folder: Path, code: str, state: int) -> NullTranslations:
    return NullTranslations() if code == SOURCE else Translations.load(str(folder), [code.replace("-", "_")])


def reviewed(code: str) -> str:
    """Name the fluent speaker who reviewed a language, or nothing while it is a draft; English is its own authority."""
    if code == SOURCE:
        return "source"
    return "" if changed_since_review(code) else reviewer(code)


def reviewer(code: str) -> str:
    """Name who is recorded to have reviewed a language, whether or not its texts changed since."""
    path = catalogue_file(code)
    return _reviewer(path, _state(path))


def changed_since_review(code: str) -> tuple[str, ...]:
    """List the texts that are others than a fluent speaker reviewed; none where nobody did."""
    path = catalogue_file(code)
    return _changed(path, code, _state(path), _state(reviews.fingerprints_file(path)))


@lru_cache(maxsize=32)
def _reviewer(path: Path, state: int) -> str:
    return reviews.reviewer(path)


@lru_cache(maxsize=32)
def _changed(path: Path, code: str, state: int, reviewed_state: int) -> tuple[str, ...]:
    if not _reviewer(path, state):
        return ()
    changed = reviews.changed_since(path, _catalogue(path, code, state))
    return tuple(str(entry.id[0] if isinstance(entry.id, list | tuple) else entry.id) for entry in changed)


def untranslated(code: str) -> list[str]:
    """List the interface texts that a language lacks or has only as a guess; none for English."""
    if code == SOURCE:
        return []
    return [str(entry.id) for entry in catalogue(code) if entry.id and (entry.fuzzy or not filled(entry.string))]


def filled(string: object) -> bool:
    """Say whether a translation has all of its forms."""
    forms = string if isinstance(string, list | tuple) else [string]
    return all(forms) and bool(forms)
