"""Settle the language of a comment by its small words and letters, where these leave no doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from app.analysis.text.normalising import Token, folded

SOURCE = Path(__file__).parent / "data" / "common.yaml"
FEWEST = 3  # words of one language below which nothing is settled
LED = 0.3  # share of such words that settles a text
PART = 8  # words of a part that is looked at alone: somebody may change the language between two sentences
# Letters that of all languages told one alone has.
LETTERS = {
    **dict.fromkeys("łżźśćń", "pl"),
    **dict.fromkeys("ăâțșţş", "ro"),
    **dict.fromkeys("ľĺŕ", "sk"),
    **dict.fromkeys("řěů", "cs"),
    **dict.fromkeys("őű", "hu"),
    **dict.fromkeys("ãõ", "pt"),
    **dict.fromkeys("ñ¿", "es"),
    **dict.fromkeys("ėųį", "lt"),
}
URDU = frozenset("ٹڈڑںےہھ")  # letters that neither Arabic nor Persian has
MOST_URDU = 0.05  # share of those letters
LATIN = re.compile("[A-Za-z]{2}")


def settled(text: str, words: Sequence[Token]) -> str | None:
    """Return the language that small words and letters settle; None where there is any doubt.

    Each part of the text must hold such a word, and none of another language may stand anywhere, nor in English a
    letter that it does not write.
    """
    if not text.isascii() and sum(letter in URDU for letter in text) >= MOST_URDU * len(text):
        return None if LATIN.search(text) else "ur"
    told = [_told(text[word.start : word.end], word.word) for word in words if not word.word.isdigit()]
    counts = Counter(code for code in told if code)
    if len(counts) != 1:
        return None
    ((code, count),) = counts.items()
    parts = (told[place : place + PART] for place in range(0, max(1, len(told) - PART // 2), PART))
    enough = count >= FEWEST and count >= LED * len(told) and all(code in part for part in parts)
    foreign = code == "en" and not text.isascii() and any(letter.isalpha() and not letter.isascii() for letter in text)
    return code if enough and not foreign else None


def _told(written: str, word: str) -> str | None:
    """Say of which language alone a word may be."""
    own = None if written.isascii() else next((LETTERS[each] for each in written.lower() if each in LETTERS), None)
    return own or _small().get(word)


@cache
def _small() -> dict[str, str]:
    """Read the small words, folded, that one language alone has."""
    listed: dict[str, set[str]] = {}
    for code, words in yaml.safe_load(SOURCE.read_text(encoding="utf-8")).items():
        for word in words.split():
            listed.setdefault(folded(word), set()).add(code)
    return {word: codes.pop() for word, codes in listed.items() if len(codes) == 1}
