"""Find the language of a comment, or say None where it cannot be told."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from app.analysis.text.lists import listed
from app.analysis.text.normalising import Token, letters, tokens
from app.analysis.text.settling import settled

if TYPE_CHECKING:
    from lingua import ConfidenceValue, LanguageDetector

SURVEYED = ("en", "ur", "pa", "pl", "ar", "ro", "gu", "bn", "sk")
# Neighbours of the surveyed ones and other languages of West Yorkshire: without them their texts would be given to
# the surveyed language that looks most like them.
OTHERS = ("fa", "cs", "hu", "pt", "es", "lt")
DISTANCE = 0.15  # lead of the first language over the second below which neither is believed
PRIOR = 3.0  # odds for the language of the form: most people write in the language they read
FEWEST = 4  # letters
MIXED = 0.25  # share of the letters in a second script that makes a text mixed
HALF = 15  # letters that each half of a text must have to be looked at alone
# Scripts that one language alone writes here.
ALONE = {"GURMUKHI": "pa", "GUJARATI": "gu", "BENGALI": "bn"}
LONGEST = 2_000  # characters; more say nothing new about the language
SENTENCE = re.compile(r"[.!?؟۔।\n]+")
# Share of a text's words above which it is Urdu or Punjabi in Latin letters, which lingua would call Slovak.
ROMAN_SHARE = 0.35


def languages_of(texts: Sequence[str], form_languages: Sequence[str | None]) -> list[str | None]:
    """Return the code of each comment's language; None for emoji, a few letters, a mixture, or a close race.

    What script, letters or small words do not settle is asked of lingua: n-gram probabilities over 15 languages, the
    language of the form weighed `PRIOR` times; unsure where the first leads the second by less than `DISTANCE`.
    """
    detector()  # a package that is missing is told at once, not at the first comment that small words do not settle
    found: list[str | None] = [None] * len(texts)
    asked = []
    for place, text in enumerate(texts):
        sample = text[:LONGEST]
        words = tokens(sample)
        if _sayable(sample, words):
            found[place] = ALONE.get(main_script(sample)) or settled(sample, words)
            asked += [place] if found[place] is None else []
    whole = _believed([texts[place] for place in asked], [form_languages[place] for place in asked])
    for place, code in zip(asked, whole, strict=True):
        found[place] = code
    for place in _contradicted(texts, found, asked):
        found[place] = None
    return found


def _sayable(sample: str, words: Sequence[Token]) -> bool:
    return (
        letters(sample) >= FEWEST and not _two_scripts(sample) and not _one_word_repeated(words) and not _roman(words)
    )


def _two_scripts(text: str) -> bool:
    if text.isascii():
        return False
    scripts = Counter(_script(character) for character in text if character.isalpha())
    return len(scripts) > 1 and scripts.most_common(2)[1][1] >= MIXED * scripts.total()


def main_script(text: str) -> str:
    """Name the script in which most of a text's first letters are."""
    scripts = Counter(_script(character) for character in text[:200] if character.isalpha())
    return "LATIN" if text.isascii() or not scripts else scripts.most_common(1)[0][0]


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "?").split()[0]


def _one_word_repeated(found: Sequence[Token]) -> bool:
    different = {token.word for token in found}
    return (len(found) > 4 and len(different) == 1) or any(len(word) > 60 for word in different)


def _roman(found: Sequence[Token]) -> bool:
    return len(found) > 2 and sum(token.word in listed("roman") for token in found) >= ROMAN_SHARE * len(found)


def _contradicted(texts: Sequence[str], found: Sequence[str | None], asked: Sequence[int]) -> list[int]:
    """List the texts of which one half is in another language than the whole."""
    parts = [(place, half) for place in asked if found[place] for half in _halves(texts[place][:LONGEST])]
    codes = _believed([half for _, half in parts], [None] * len(parts))
    return [place for (place, _), code in zip(parts, codes, strict=True) if code not in (None, found[place])]


def _halves(text: str) -> list[str]:
    """Part a text at the end of the sentence nearest its middle; nothing where a part would be too short to tell."""
    ends = [match.end() for match in SENTENCE.finditer(text)]
    if not ends:
        return []
    middle = min(ends, key=lambda end: abs(end - len(text) // 2))
    halves = [text[:middle], text[middle:]]
    return halves if all(letters(half) >= HALF for half in halves) else []


def _believed(texts: Sequence[str], form_languages: Sequence[str | None]) -> list[str | None]:
    if not texts:
        return []
    values = detector().compute_language_confidence_values_in_parallel([text[:LONGEST] for text in texts])
    return [_first(value, form) for value, form in zip(values, form_languages, strict=True)]


def _first(values: Sequence[ConfidenceValue], form_language: str | None) -> str | None:
    """Weigh the form's language, and return the first unless the second is too close."""
    odds = {_code(value): value.value * (PRIOR if _code(value) == form_language else 1.0) for value in values}
    total = sum(odds.values())
    if not total:
        return None
    first, second = sorted(odds, key=lambda code: -odds[code])[:2]
    return first if (odds[first] - odds[second]) / total >= DISTANCE else None


def _code(value: ConfidenceValue) -> str:
    return _codes()[value.language]


@cache
def _codes() -> dict[object, str]:
    from lingua import Language

    return {language: str(language.iso_code_639_1.name.lower()) for language in Language.all()}


@cache
def detector() -> LanguageDetector:
    """Load lingua, once: about 350 MB when all 15 languages have been met."""
    from lingua import Language, LanguageDetectorBuilder

    wanted = [language for language in Language.all() if _codes()[language] in SURVEYED + OTHERS]
    return LanguageDetectorBuilder.from_languages(*wanted).build()
