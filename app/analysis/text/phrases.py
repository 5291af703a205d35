"""Find the noun phrases of English comments with TextBlob's tagger and chunker, which need no downloaded corpora."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

LONGEST = 10_000  # characters
WIDEST = 5  # words
NOUN = "NN"
DROPPED = ("DT", "PRP", "PRP$", "CD", "WDT", "PDT", "EX", "RB", "CC")


def phrases(text: str, language: str | None) -> tuple[str, ...]:
    """List the noun phrases of an English comment in lower case, in order; none for another language."""
    if language != "en":
        return ()
    return tuple(_phrases(text[:LONGEST]))


def common_phrases(texts: Iterable[str], most: int = 20) -> list[tuple[str, int]]:
    """Count in how many English comments each noun phrase stands, the most common first."""
    counted = Counter(phrase for text in texts for phrase in dict.fromkeys(phrases(text, "en")))
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]


def _phrases(text: str) -> Iterator[str]:
    for sentence in _parsed(text).split("\n"):
        chunk: list[tuple[str, str]] = []
        for tagged in sentence.split(" "):
            word, tag, part, *_ = [*tagged.rsplit("/", 3), "", "", ""]
            if part.startswith("B-") or part == "O":
                yield from _phrase(chunk)
                chunk = []
            if part.endswith("-NP"):
                chunk.append((word, tag))
        yield from _phrase(chunk)


def _phrase(chunk: list[tuple[str, str]]) -> Iterator[str]:
    kept = [(word, tag) for word, tag in chunk if tag not in DROPPED and (word[:1].isalpha())]
    if kept and kept[-1][1].startswith(NOUN) and len(" ".join(word for word, _ in kept)) > 1 and len(kept) <= WIDEST:
        yield " ".join(word.lower() for word, _ in kept)


def _parsed(text: str) -> str:
    return str(_parse()(text.replace("/", " ")))


@cache
def _parse():  # type: ignore[no-untyped-def]
    from textblob.en import parse

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # TextBlob leaves its lexicon's file open
        parse("A quiet house.")
    return parse
