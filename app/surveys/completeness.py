"""Whether a questionnaire is complete in its languages: a wave opens in no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from app import i18n
from app.surveys.document import texts
from app.surveys.errors import CannotImport
from app.surveys.queries import JOIN

Texts = dict[str, dict[str, str]]


def texts_beside(path: Path, document: dict[str, Any]) -> Texts:
    """Read the translations that lie beside a questionnaire file, without guesses."""
    found: Texts = {}
    for language in document["languages"]:
        beside = path.with_name(f"{path.stem}.{language}.po")
        if language != i18n.SOURCE and beside.exists():
            entries = [e for e in _catalogue(beside) if e.id and isinstance(e.string, str) and e.string and not e.fuzzy]
            found[language] = {f"{e.context or ''}{JOIN}{e.id}": str(e.string) for e in entries}
    return found


def _catalogue(path: Path) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except (PoFileError, ValueError, OSError) as error:
        raise CannotImport(
            f"{path.name} can't be read as a catalogue: {error}. Save it as UTF-8 from its editor."
        ) from None


def translated(document: dict[str, Any], beside: Texts, language: str) -> tuple[dict[str, str], list[str]]:
    """Gather a questionnaire's texts in one language: those found, and the English of those missing."""
    found: dict[str, str] = {}
    missing: list[str] = []
    catalogue = i18n.catalogue(language) if language in i18n.languages() else None
    for context, text in texts(document):
        key = f"{context}{JOIN}{text}"
        entry = catalogue.get(text, context or None) if catalogue else None
        string = beside.get(language, {}).get(key) or (entry.string if entry and not entry.fuzzy else "")
        if string:
            found[key] = str(string)
        else:
            missing.append(text)
    return found, missing


def incomplete(document: dict[str, Any], beside: Texts) -> list[str]:
    """List what each language lacks before a wave may open in it; an empty list means that all are complete."""
    reasons = []
    for language in document["languages"]:
        if language == i18n.SOURCE:
            continue
        if language not in i18n.languages():
            reasons.append(f"{language}: the platform has no such language. Add its catalogue, or leave it out.")
            continue
        missing = translated(document, beside, language)[1] + i18n.untranslated(language)
        if missing:
            reasons.append(f"{language}: {len(missing)} texts are not translated, the first is {missing[0]!r}.")
    return reasons
