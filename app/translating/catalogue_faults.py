"""What is wrong with a catalogue: each fault names the text, what was found in it, and what to do about it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from babel import Locale
from babel.messages.catalog import Catalog, Message

from app import i18n
from app.translating import catalogues

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
LOOSE = re.compile(r"[%{}]")
MARKUP = re.compile(r"<[a-zA-Z/!]")
ENTITY = re.compile(r"&#?\w+;")
ADDRESS = re.compile(r"://|@|www\.|\.(?:com|net|org|uk)\b", re.IGNORECASE)
NUMBER = re.compile(r"\d+")
WORD = re.compile(r"[^\W\d_]+")
EVERYWHERE = {"LATIN", "MODIFIER"}
# Joiners and marks of direction that scripts need; isolates come in pairs. Embeddings and overrides would leak.
OPENING, CLOSING = "\u2066\u2067\u2068", "\u2069"
USED_SIGNS = "\u200c\u200d\u200e\u200f\u061c\u00ad" + OPENING + CLOSING
LONGEST = 4, 60
"""A translation has at most so many times the letters of its English, and so many more."""
MOST_IN_ENGLISH = 0.25
NAMES = {"Bradford", "Calderdale", "Gujarati", "Kirklees", "Leeds", "Sikh", "Tigrinya", "Urdu", "Wakefield"} | {
    "West Yorkshire"
}
"""Texts that a translation may leave as they are."""
SAME = "same as English"
"""A translator's comment above any other text that may stay."""


def faults_of(code: str, catalog: Catalog) -> Iterator[str]:
    """List what is wrong with a catalogue: texts missing, unsure or spoilt, plurals, answers alike, English left."""
    if not catalogues.counts_alike(Locale.parse(code), catalog.plural_forms):
        remedy = catalogues.plural_forms(Locale.parse(code))
        yield f"{code}: the plural rule is not CLDR's. Remedy: Plural-Forms: {remedy}"
    yield from _in_english(code, catalog)
    scripts = _scripts(catalog)
    for entry in catalogues.template():
        if entry.id:
            yield from _faults_of_text(code, entry, catalog.get(catalogues.identity(entry), entry.context), scripts)
    yield from _answers_alike(code, catalog)


def _faults_of_text(code: str, entry: Message, translated: Message | None, scripts: set[str]) -> Iterator[str]:
    english = catalogues.identity(entry)
    forms = forms_of(translated)
    if not forms or any(_says_nothing(english, form) for form in forms):
        yield f"{code}: not translated: {english!r}"
        return
    if translated and translated.fuzzy:
        yield f"{code}: marked as unsure (fuzzy): {english!r}. Check it and take the mark away"
    if entry.pluralizable != isinstance(translated and translated.string, list | tuple):
        yield f"{code}: not in the forms of its plural: {english!r}. Remedy: one msgstr[...] for each form"
    if _left_in_english(english, forms) and not _said_to_stay(translated):
        yield f"{code}: still in English: {english!r}. Translate it, or comment it with {SAME!r} where that is right"
    for form in forms:
        found = [
            *_spoilt(english, form),
            *_unlike(english, form, counts=entry.pluralizable),
            *_foreign(english, form, scripts),
        ]
        yield from (f"{code}: {fault}: {english!r} and {form!r}" for fault in found)


def _left_in_english(english: str, forms: list[str]) -> bool:
    return english not in NAMES and bool(_words(english)) and english.casefold() in map(str.casefold, forms)


def _said_to_stay(translated: Message | None) -> bool:
    return any(SAME in comment for comment in (translated.user_comments if translated else ()))


def _says_nothing(english: str, form: str) -> bool:
    """Say whether a translation has no letter where the English has some: hidden signs or a dash are no translation."""
    return not form.strip() or bool(_words(english) and not WORD.search(form))


def _words(text: str) -> list[str]:
    return WORD.findall(PLACEHOLDER.sub("", text))


def _spoilt(english: str, form: str) -> Iterator[str]:
    if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(form)):
        yield "the placeholders differ. Each stands once, as in the English"
    if _signs(LOOSE, PLACEHOLDER.sub("", form)) > _signs(LOOSE, PLACEHOLDER.sub("", english)):
        yield "a lone % or brace, which would break the page"
    if _signs(MARKUP, form) > _signs(MARKUP, english) or _signs(ENTITY, form) > _signs(ENTITY, english):
        yield "markup that the English has not. Write plain text"
    if form != form.strip() or any(map(_hidden, form)) or not _paired(form):
        yield "a hidden character, or a space or new line at an end. Take it away"
    if len(form) > LONGEST[0] * len(english) + LONGEST[1]:
        yield f"much longer than the English: {len(form)} letters. Shorten it"


def _unlike(english: str, form: str, counts: bool) -> Iterator[str]:
    """Compare what no translation changes: addresses and, as forms of a plural may say 1 or 2, other texts' numbers."""
    if not counts and _numbers(english) != _numbers(form):
        yield "the numbers differ. Each stands as in the English"
    if _signs(ADDRESS, form) > _signs(ADDRESS, english):
        yield "an address that the English has not. Take it away"


def _numbers(text: str) -> list[str]:
    return sorted(NUMBER.findall(PLACEHOLDER.sub("", text)))


def _foreign(english: str, form: str, scripts: set[str]) -> Iterator[str]:
    own = scripts - EVERYWHERE
    if own and _words(form) and not any(_script(sign) in own for sign in form):
        yield "not in the language's own letters. Translate it"
    if strange := "".join(sorted({sign for sign in form if _strange(sign, scripts)})):
        yield f"letters or digits of another script ({strange}). Write the language's own letters, and 0 to 9"


def _signs(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text))


def _hidden(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp") and sign not in USED_SIGNS


def _paired(text: str) -> bool:
    """Say whether each isolate that begins in a text ends in it."""
    depth = 0
    for sign in text:
        depth += (sign in OPENING) - (sign == CLOSING)
        if depth < 0:
            return False
    return depth == 0


def _strange(sign: str, scripts: set[str]) -> bool:
    if sign.isascii():
        return False
    return sign.isdigit() or (sign.isalpha() and _script(sign) not in scripts)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def _scripts(catalog: Catalog) -> set[str]:
    """Find the scripts that a language is written in: those of a tenth of its letters, and Latin for names."""
    letters = Counter(_script(sign) for entry in catalog for form in forms_of(entry) for sign in form if sign.isalpha())
    return {script for script, count in letters.items() if 10 * count >= letters.total()} | EVERYWHERE


def forms_of(entry: Message | None) -> list[str]:
    """List the forms of a translation; one where nothing is counted."""
    string = entry.string if entry and entry.id else ""
    return [str(form or "") for form in string] if isinstance(string, list | tuple) else [str(string)] if string else []


def _answers_alike(code: str, catalog: Catalog) -> Iterator[str]:
    for question, texts in catalogues.options():
        said = [str(found.string) for text in texts if (found := catalog.get(text)) and found.string]
        folded = [_folded(text) for text in said]
        for text in sorted({text for text, plain in zip(said, folded, strict=True) if folded.count(plain) > 1}):
            yield f"{code}: two answers to {question!r} are the same: {text!r}. Tell them apart"


def _folded(text: str) -> str:
    """Keep of an answer what tells it from another to a reader: no case, room, dots, dashes or hidden signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LMNS")


def _in_english(code: str, catalog: Catalog) -> Iterator[str]:
    """Refuse a catalogue that still says what another language says: a few names alone are alike."""
    pairs = [(catalogues.identity(entry), forms_of(entry)) for entry in catalog if entry.id]
    share = _share(english in forms for english, forms in pairs)
    if share > MOST_IN_ENGLISH:
        yield f"{code}: {share:.0%} of the texts are still in English. Translate them"


def _share(holds: Iterable[bool]) -> float:
    found = list(holds)
    return sum(found) / len(found) if found else 0.0


def other_language(code: str, catalog: Catalog) -> str:
    """Name the language whose texts a catalogue holds instead of its own, or nothing."""
    said = {catalogues.identity(entry): forms_of(entry) for entry in catalog if entry.id}
    own = {english: forms for english, forms in said.items() if english not in forms and any(forms)}
    for language in i18n.languages().values():
        if language.code in (i18n.SOURCE, code.replace("_", "-")):
            continue
        texts = i18n.translations(i18n.directory(), language.code)
        if own and _share(texts.gettext(english) in forms for english, forms in own.items()) > 1 / 2:
            return language.english
    return ""
