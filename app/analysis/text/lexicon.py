"""The maintained lists of words that may disclose harm, ready to be looked up, misspelt or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from app.analysis.text.errors import InvalidList
from app.analysis.text.language import SURVEYED
from app.analysis.text.nearness import Near, Word, near
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

Key = TypeVar("Key")
Each = TypeVar("Each")
Begun = tuple[int, tuple[int, ...]]  # a way to say a part: the part's number, and the numbers of all its words
Part = tuple[tuple[Word, ...], ...]  # ways to say one part of a pattern, each some words in a row

# Kind, language, the entry as written, its parts, the parts that must not stand there, whether the order counts.
Entry = tuple[str, str, str, tuple[Part, ...], tuple[Part, ...], bool]


@dataclass(frozen=True, eq=False)
class Pattern:
    """Hold one entry of a list: the numbers of parts that stand near one another, in order or in any order.

    `unless` numbers the parts of which none may stand in the same sentence: "scared to go home" unless it is dark.
    """

    kind: str
    language: str
    written: str
    parts: tuple[int, ...]
    unless: tuple[int, ...]
    ordered: bool


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Hold all patterns, their parts and words with a number each, and what a misspelt word may have been.

    `begun` lists for each word the ways that begin with it; `needed` lists for each part the patterns
    of which it is the part with the fewest ways to say it.
    """

    patterns: tuple[Pattern, ...]
    numbers: Mapping[Word, int]
    begun: Mapping[int, tuple[Begun, ...]]
    needed: Mapping[int, tuple[Pattern, ...]]
    near: Near
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
        for entry, slips in lexicon.near.words(word).items():
            number = lexicon.numbers[entry]
            found[number] = min(slips, found.get(number, slips))
    return found


def _exact(word: str) -> Iterator[Word]:
    yield word, False
    yield from ((word[:size], True) for size in range(2, len(word) + 1))


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
    written = [entry for document in documents for entry in _entries(document)]
    listed = dict.fromkeys(part for *_, row, unless, _ in written for part in (*row, *unless))
    parts = {part: number for number, part in enumerate(listed)}
    patterns = tuple(
        Pattern(kind, language, line, tuple(parts[p] for p in row), tuple(parts[p] for p in unless), ordered)
        for kind, language, line, row, unless, ordered in written
    )
    numbers = {word: n for n, word in enumerate(dict.fromkeys(word for part in parts for way in part for word in way))}
    never = [folded(str(word)) for document in documents for word in str(document.get("never") or "").split()]
    return Lexicon(
        patterns,
        numbers,
        _begun(parts, numbers),
        _needed(patterns, list(parts)),
        near(numbers),
        frozenset(word for word in never if not word.endswith("*")),
        frozenset(word[:-1] for word in never if word.endswith("*")),
    )


def _begun(parts: Mapping[Part, int], numbers: Mapping[Word, int]) -> dict[int, tuple[Begun, ...]]:
    found: dict[int, list[Begun]] = {}
    for part, number in parts.items():
        for way in part:
            found.setdefault(numbers[way[0]], []).append((number, tuple(numbers[word] for word in way)))
    return _fixed(found)


def _needed(patterns: Iterable[Pattern], parts: Sequence[Part]) -> dict[int, tuple[Pattern, ...]]:
    found: dict[int, list[Pattern]] = {}
    for pattern in patterns:
        found.setdefault(min(pattern.parts, key=lambda number: len(parts[number])), []).append(pattern)
    return _fixed(found)


def _fixed(lists: Mapping[Key, Sequence[Each]]) -> dict[Key, tuple[Each, ...]]:
    return {key: tuple(found) for key, found in lists.items()}


def _entries(document: Mapping[str, Any]) -> Iterator[Entry]:
    language = str(document.get("language", "?"))
    groups = {name: _ways(str(listed)) for name, listed in (document.get("groups") or {}).items()}
    for kind, lines in (document.get("kinds") or {}).items():
        if kind not in KINDS:
            raise InvalidList(
                "kind of harm", f"{kind!r} in the list for {language}", f"Use one of: {', '.join(KINDS)}."
            )
        for line in lines or ():
            yield kind, language, str(line), *_read(str(line), groups, language)


def _read(line: str, groups: Mapping[str, Part], language: str) -> tuple[tuple[Part, ...], tuple[Part, ...], bool]:
    """Read "{he} {hits} me", parts in order, or "{he} & {hits} & me", parts in any order, unless others stand there."""
    wanted, _, others = line.partition(" unless ")
    ordered = "&" not in wanted
    pieces = wanted.split() if ordered else [piece.strip() for piece in wanted.split("&")]
    return _parts(pieces, line, groups, language), _parts(others.split(), line, groups, language), ordered


def _parts(pieces: Iterable[str], line: str, groups: Mapping[str, Part], language: str) -> tuple[Part, ...]:
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
    return tuple(parts)


def _ways(listed: str) -> Part:
    return tuple(_way(piece.replace("_", " ")) for piece in listed.split())


def _way(piece: str) -> tuple[Word, ...]:
    return tuple((folded(word.rstrip("*")), word.endswith("*")) for word in piece.split())
