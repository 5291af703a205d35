"""Reduce words to what their inflections share, so that "speeding" and "speeds" count as one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from app.analysis.text.normalising import words

if TYPE_CHECKING:
    from nltk.stem.snowball import SnowballStemmer

KEPT = 5  # characters: cutting words is the usual stemmer where no better one is at hand


def features(text: str, language: str | None) -> list[str]:
    """List the stems of a text, and its pairs of neighbouring stems joined by a space."""
    stems = [stem(word, language == "en" or language is None) for word in words(text)]
    return [*stems, *_pairs(stems)]


def _pairs(stems: list[str]) -> Iterator[str]:
    return (f"{one} {other}" for one, other in pairwise(stems))


@lru_cache(maxsize=200_000)
def stem(word: str, english: bool) -> str:
    """Return the stem of a folded word: Snowball's for English, the first letters for other languages."""
    if english and word.isascii():
        return str(_snowball().stem(word[:40]))
    return word[:KEPT]


@cache
def _snowball() -> SnowballStemmer:
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")
