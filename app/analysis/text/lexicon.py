"""The maintained lists of words that may disclose harm, ready to be looked up, misspelt or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from app.analysis.text.errors import InvalidList
from app.analysis.text.language import SURVEYED
from app.analysis.text.normalising import folded

LISTS = Path(__file__).parent / "data" / "harm"
KINDS = {
    "abuse_at_home": "Abuse at home",
    "sexual_violence": "Sexual violence",
    "child_at_risk": "A child at risk",
    "self_harm": "Self-harm or suicide",
    "forced_marriage": "Forced marriage or “honour” based abuse",
    "exploitation": "Exploitation or modern slavery",
    "threat_to_life": "Threat to life",
}
LONGEST = 24  # letters of a word that are looked at
SHORTEST_NEAR = 5  # letters below which a misspelling could be any word
SHORTEST_TWO = 9  # letters from which two slips are allowed

Word = tuple[str, bool]  # a folded word, and whether it is a stem that may go on
Part = tuple[tuple[Word, ...], ...]  # ways to say one part of a pattern, each some words in a row


@dataclass(frozen=True, eq=False)
class Pattern:
    """Hold one entry of a list: parts that stand near one another, in order or in any order."""

    kind: str
    language: str
    written: str
    parts: tuple[Part, ...]
    ordered: bool


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Hold all patterns, their words with a number each, and what a misspelt word may have been."""

    patterns: tuple[Pattern, ...]
    numbers: Mapping[Word, int]
    near: Mapping[str, tuple[Word, ...]]
    never: frozenset[str]
    never_stems: frozenset[str]

    def meant(self, word: str) -> dict[int, int]:
        """Return the numbers of the list's words that a folded word may be, with how many slips each needs."""
        return _meant(self, word)

    def holds(self, word: str) -> bool:
        """Say whether a word stands in the lists exactly so."""
        return (word, False) in self.numbers


@lru_cache(maxsize=100_000)
def _meant(lexicon: Lexicon, word: str) -> dict[int, int]:
    if word in lexicon.never or any(word[:size] in lexicon.never_stems for size in range(3, len(word) + 1)):
        return {}
    word = word[:LONGEST].replace("@", "a").replace("$", "s")
    found = {lexicon.numbers[entry]: 0 for entry in _exact(word) if entry in lexicon.numbers}
    if not found or "*" in word:
        for candidate in _prefixes(word):
            for entry in _candidates(lexicon.near, candidate):
                slips = _slips(candidate, entry[0])
                if slips <= allowed(entry[0]) and (entry[1] or candidate == word):
                    number = lexicon.numbers[entry]
                    found[number] = min(slips, found.get(number, slips))
    return found


def _exact(word: str) -> Iterator[Word]:
    yield word, False
    yield from ((word[:size], True) for size in range(2, len(word) + 1))


def _prefixes(word: str) -> Iterator[str]:
    """List the word and its beginnings, since a stem may be misspelt too."""
    if len(word) >= SHORTEST_NEAR:
        yield word
        yield from (word[:size] for size in range(SHORTEST_NEAR, len(word)))


def _candidates(near: Mapping[str, tuple[Word, ...]], word: str) -> set[Word]:
    return {entry for key in _shortened(word, 2 if len(word) >= SHORTEST_TWO - 1 else 1) for entry in near.get(key, ())}


def allowed(word: str) -> int:
    """Return how many slips a word may have and still be known."""
    return 0 if len(word) < SHORTEST_NEAR else 1 if len(word) < SHORTEST_TWO else 2


def _shortened(word: str, most: int) -> Iterator[str]:
    """List a word with up to so many letters left out: two words share one of these where they are near."""
    yield word
    for count in range(1, most + 1):
        for gone in combinations(range(len(word)), count):
            yield "".join(letter for place, letter in enumerate(word) if place not in gone)


def _slips(one: str, other: str) -> int:
    """Count letters added, left out, changed or swapped (optimal string alignment); 9 if the first letters differ."""
    if one[0] != other[0] or abs(len(one) - len(other)) > 2:
        return 9
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, start=1):
            cost = 0 if letter in (wanted, "*") else 1
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + cost)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return row[-1]


@cache
def lexicon() -> Lexicon:
    """Read every list, once: one for each language of the surveys must be there. Raises InvalidList."""
    paths = sorted(LISTS.glob("*.yaml"))
    for code in SURVEYED:
        if LISTS / f"{code}.yaml" not in paths:
            remedy = "Put it back from the platform's archive: without it disclosures would be missed."
            raise InvalidList("list of harm", f"{LISTS / code}.yaml is missing", remedy)
    return lexicon_of(yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths)


def lexicon_of(documents: Iterable[Mapping[str, Any]]) -> Lexicon:
    """Build a lexicon from documents with language, groups, kinds and never. Raises InvalidList."""
    documents = list(documents)
    patterns = tuple(pattern for document in documents for pattern in _patterns(document))
    entries = dict.fromkeys(word for pattern in patterns for part in pattern.parts for way in part for word in way)
    near: dict[str, list[Word]] = {}
    for entry in entries:
        for key in _shortened(entry[0], allowed(entry[0])):
            near.setdefault(key, []).append(entry)
    never = [folded(str(word)) for document in documents for word in str(document.get("never") or "").split()]
    return Lexicon(
        patterns,
        {entry: number for number, entry in enumerate(entries)},
        {key: tuple(found) for key, found in near.items()},
        frozenset(word for word in never if not word.endswith("*")),
        frozenset(word[:-1] for word in never if word.endswith("*")),
    )


def _patterns(document: Mapping[str, Any]) -> Iterator[Pattern]:
    language = str(document.get("language", "?"))
    groups = {name: _ways(str(listed)) for name, listed in (document.get("groups") or {}).items()}
    for kind, lines in (document.get("kinds") or {}).items():
        if kind not in KINDS:
            raise InvalidList(
                "kind of harm", f"{kind!r} in the list for {language}", f"Use one of: {', '.join(KINDS)}."
            )
        for line in lines or ():
            yield _pattern(kind, language, str(line), groups)


def _pattern(kind: str, language: str, line: str, groups: Mapping[str, Part]) -> Pattern:
    """Read "{he} {hits} me", parts in order, or "{he} & {hits} & me", parts in any order."""
    ordered = "&" not in line
    pieces = line.split() if ordered else [piece.strip() for piece in line.split("&")]
    parts: list[Part] = []
    for piece in pieces:
        if "{" in piece:
            if piece[1:-1] not in groups or piece[0] != "{":
                raise InvalidList(
                    "group", f"{piece} in {line!r} ({language})", "Define it under groups; with & it stands alone."
                )
            parts.append(groups[piece[1:-1]])
        else:
            parts.append((_way(piece.replace("_", " ")),))
    return Pattern(kind, language, line, tuple(parts), ordered)


def _ways(listed: str) -> Part:
    return tuple(_way(piece.replace("_", " ")) for piece in listed.split())


def _way(piece: str) -> tuple[Word, ...]:
    return tuple((folded(word.rstrip("*")), word.endswith("*")) for word in piece.split())
