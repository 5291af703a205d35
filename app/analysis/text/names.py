"""Find people's names by what introduces them: a title, a relation ("my neighbour Dave"), an announcement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.analysis.text.normalising import WORD, folded

SOURCE = Path(__file__).parent / "data" / "names.yaml"
LONGEST = 5  # words of a name
CLOSE = re.compile(r"[ \t]{1,2}|\.[ \t]?|[ \t]?-[ \t]?")  # what may stand between the parts of a name
BEFORE_NAME = re.compile(r"[\s]{0,2}[,:(\"'“-]?[\s]{0,2}")  # between a relation and a name
AFTER_TITLE = re.compile(r"\.?\s{0,2}")


@dataclass(frozen=True, slots=True)
class Word:
    """Hold a word as written, folded, and its place."""

    written: str
    folded: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Say whether it begins with a capital."""
        return self.written[:1].isupper()

    @property
    def caseless(self) -> bool:
        """Say whether its script has no capitals."""
        return not self.written[:1].isupper() and not self.written[:1].islower()


@dataclass(frozen=True)
class Cues:
    """Hold what introduces names, all folded."""

    titles: frozenset[str]
    ranks: frozenset[str]
    after: frozenset[str]
    relations: frozenset[str]
    said: dict[str, list[tuple[str, ...]]]
    perhaps: dict[str, list[tuple[str, ...]]]
    stop: frozenset[str]
    particles: frozenset[str]
    known: frozenset[str]
    joining: frozenset[str]
    between: frozenset[str]
    lives: dict[str, list[tuple[str, ...]]]
    stop_as_written: frozenset[str]


def names(seen: str) -> Iterator[tuple[int, int]]:
    """Find the names that a title, a relation or an announcement introduces."""
    words = [
        Word(match.group(), folded(match.group()), match.start(), match.end())
        for match in WORD.finditer(seen)
        if not match.lastgroup
    ]
    shouted = seen.isupper()
    for place, word in enumerate(words):
        for first, sure in _introduced(seen, words, place, word):
            if first < len(words) and _begins(words, first, sure, shouted):
                last = _last(seen, words, first, sure)
                yield words[first].start, words[last].end
                yield from _other(seen, words, last)
        before = _named_before(words, place)
        if before is not None:
            yield before.start, before.end


def _other(seen: str, words: Sequence[Word], last: int) -> Iterator[tuple[int, int]]:
    """Find the second of two people: "my neighbours Paul and Tracy"."""
    joined = "&" in seen[words[last].end : words[last + 1].start] if last + 1 < len(words) else False
    place = last + 1 if joined else last + 2
    if (joined or (last + 1 < len(words) and words[last + 1].folded in cues().between)) and place < len(words):
        if _known(words[place]) and (words[place].capital or words[place].caseless):
            yield words[place].start, words[_last(seen, words, place, False)].end


def _introduced(seen: str, words: Sequence[Word], place: int, word: Word) -> Iterator[tuple[int, bool]]:
    """List where a name would begin after this word, and whether a name is nearly certain there."""
    between = seen[word.end : words[place + 1].start] if place + 1 < len(words) else ""
    if word.written in cues().ranks or word.folded in cues().titles:
        if AFTER_TITLE.fullmatch(between):
            numbered = place + 1 < len(words) and words[place + 1].folded.isdigit()
            yield place + 1 + numbered, True
    if word.folded in cues().relations and BEFORE_NAME.fullmatch(between):
        yield place + 1 + _possessives(words, place + 1), False
    for size in _phrase(cues().said, words, place):
        yield place + size, True
    for size in _phrase(cues().perhaps, words, place):
        if _known_with_capital(words, place + size):
            yield place + size, True
    if word.capital and _known(word) and any(_phrase(cues().lives, words, place + 1)):
        yield place, True


def _phrase(listed: dict[str, list[tuple[str, ...]]], words: Sequence[Word], place: int) -> Iterator[int]:
    """Give the number of words of each listed phrase that begins at a place."""
    for phrase in listed.get(words[place].folded, ()) if place < len(words) else ():
        if tuple(other.folded for other in words[place : place + len(phrase)]) == phrase:
            yield len(phrase)


def _known_with_capital(words: Sequence[Word], place: int) -> bool:
    return place < len(words) and words[place].capital and _known(words[place])


def _possessives(words: Sequence[Word], place: int) -> int:
    """Count words such as Romanian "meu" between a relation and a name."""
    return int(
        place < len(words)
        and words[place].folded in ("meu", "mea", "nostru", "noastra", "called", "named", "mr", "mrs")
    )


def _begins(words: Sequence[Word], place: int, sure: bool, shouted: bool) -> bool:
    word = words[place]
    if _stopped(word) or word.folded in cues().titles or not word.written[0].isalpha() or len(word.folded) < 2:
        return len(word.folded) == 1 and word.capital and sure and place + 1 < len(words) and words[place + 1].capital
    if word.folded in cues().known or (word.capital and not shouted):
        return True
    if not sure:
        return False
    title = words[place - 1].folded
    lower = title in ("mr", "mrs", "ms", "cllr", "sgt", "councillor") or shouted
    return word.caseless or lower or (title in ("dr", "imam") and len(word.folded) > 3)


def _last(seen: str, words: Sequence[Word], first: int, sure: bool) -> int:
    """Find the last word of a name: what follows closely with a capital, or is a known name."""
    last = first
    while last + 1 < len(words) and last - first + 1 < LONGEST:
        word, between = words[last + 1], seen[words[last].end : words[last + 1].start]
        initial = len(words[last].folded) == 1
        if not CLOSE.fullmatch(between) or ("." in between and not initial):
            break
        if (_stopped(word) and word.folded not in cues().joining) or not _continues(words, last + 1, sure):
            break
        last += 1
    return last


def _continues(words: Sequence[Word], place: int, sure: bool) -> bool:
    word, following = words[place], words[place + 1].folded if place + 1 < len(words) else ""
    if word.folded in cues().known or (word.capital and word.written[0].isalpha()):
        return True
    if word.caseless:
        return (following in cues().particles and sure) or folded(word.written).startswith("ال")
    if sure and word.folded in cues().joining:
        return place + 1 < len(words) and (words[place + 1].capital or words[place + 1].folded in cues().joining)
    earlier = words[place - 1]
    lower = sure and earlier.folded in cues().known and not earlier.capital
    return lower and word.written.isalpha() and len(word.folded) > 3


def _named_before(words: Sequence[Word], place: int) -> Word | None:
    """Return the name before "sahib" and the like, or before "my neighbour"."""
    if place and words[place].folded == "family" and words[place - 1].capital and _known(words[place - 1]):
        return words[place - 1]
    if place and words[place].folded in cues().after and (words[place - 1].capital or _known(words[place - 1])):
        return words[place - 1]
    owned = place > 1 and words[place - 1].folded in ("my", "our") and words[place].folded in cues().relations
    return words[place - 2] if owned and _known(words[place - 2]) else None


def _known(word: Word) -> bool:
    return word.folded in cues().known and not _stopped(word)


def _stopped(word: Word) -> bool:
    """Say whether a word is never a name; Arabic "on" is folded to the name Ali and must be written as listed."""
    return word.folded in cues().stop and not (
        word.folded in cues().known and word.written not in cues().stop_as_written
    )


@cache
def cues() -> Cues:
    """Read what introduces names, once."""
    data = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return Cues(
        titles=_folded(data["titles"]),
        ranks=frozenset(data["ranks"]),
        after=_folded(data["after"]),
        relations=_folded(data["relations"]),
        said=_phrases(data["said"]),
        perhaps=_phrases(data["perhaps"]),
        stop=_folded(data["stop"]),
        particles=frozenset(map(folded, data["particles"].split())),
        known=_folded(data["known"]),
        joining=frozenset(map(folded, data["joining"].split())),
        between=frozenset(map(folded, data["between"].split())),
        lives=_phrases({"en": data["lives"]}),
        stop_as_written=frozenset(word for listed in data["stop"].values() for word in listed.split()),
    )


def _phrases(by_language: dict[str, list[str]]) -> dict[str, list[tuple[str, ...]]]:
    """Index phrases by their first words."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for listed in by_language.values():
        for phrase in listed:
            parts = tuple(map(folded, phrase.split()))
            found.setdefault(parts[0], []).append(parts)
    return found


def _folded(by_language: dict[str, Any]) -> frozenset[str]:
    return frozenset(folded(word) for listed in by_language.values() for word in listed.split())
