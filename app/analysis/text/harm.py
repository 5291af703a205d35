"""Find what may disclose harm, in whatever language it was written, for a person to judge."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.analysis.text.lexicon import KINDS, Lexicon, Pattern, lexicon
from app.analysis.text.normalising import Token, tokens
from app.analysis.text.resemblance import LIKELY, Resemblance, resemblance

GAP = 4  # words that may stand between two parts in order
WINDOW = 8  # words within which parts in any order must stand
INDIRECT = "told_indirectly"
ENDS = re.compile(r"[.!?؟۔।\n]{1,9}")
FEWEST = 3  # words of a sentence that is compared with disclosures
AROUND = 20  # words before and after a match in which "unless" is looked for
LONE = 7  # letters of a pattern of one word below which it must be exact
SPELT = 4  # single letters in a row that make a word
GLUED = 7  # letters from which an unknown word may be two written together

Hit = tuple[int, int, int]  # first token, token after the last, slips


@dataclass(frozen=True, slots=True)
class PossibleHarm:
    """Hold what may disclose harm: its kind, the list and entry that found it, the words, and how near they are.

    `slips` counts letters that differ from the list, 0 for an exact match; `start` and `end` bound the words. Where no
    list found anything but a sentence resembles disclosures, the kind is `INDIRECT` and `likeness` says how much.
    """

    kind: str
    language: str
    entry: str
    words: str
    start: int
    end: int
    slips: int
    likeness: float | None = None

    @property
    def title(self) -> str:
        """Name the kind of harm."""
        return KINDS.get(self.kind, "May be told indirectly")

    @property
    def found_by(self) -> str:
        """Say what found it, and how near the words are to it."""
        if self.likeness is not None:
            return f"resembles disclosures, {self.likeness:.2f}"
        return f"list {self.language}, {self.nearness}"

    @property
    def nearness(self) -> str:
        """Say how near the words are to the list."""
        return (
            "as listed"
            if not self.slips
            else "one letter differs"
            if self.slips == 1
            else f"{self.slips} letters differ"
        )


def disclosures(texts: Sequence[str], model: Resemblance | None = None) -> list[tuple[PossibleHarm, ...]]:
    """Find possible disclosures of harm in each text: by the lists, else by a sentence that resembles disclosures."""
    found = [possible_harm(text) for text in texts]
    rest = [(place, *bounds) for place, hits in enumerate(found) if not hits for bounds in _sentences(texts[place])]
    likeness = (model or resemblance()).of([texts[place][start:end] for place, start, end in rest])
    for (place, start, end), likely in zip(rest, likeness, strict=True):
        kept = found[place][0].likeness or 0.0 if found[place] else 0.0
        if likely >= max(LIKELY, kept):
            said = texts[place][start:end]
            found[place] = (PossibleHarm(INDIRECT, "any", "resemblance", said, start, end, 0, float(likely)),)
    return found


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Bound the sentences of a text that have words enough to say something."""
    start = 0
    for end in [*(match.end() for match in ENDS.finditer(text)), len(text)]:
        if len(text[start:end].split()) >= FEWEST:
            yield start, end
        start = end


def possible_harm(text: str, known: Lexicon | None = None) -> tuple[PossibleHarm, ...]:
    """Find possible disclosures of harm, at most one of each kind, the nearest match of each.

    All lists are tried on every text: a language may be misjudged, mixed, or written in Latin letters, and what is
    missed here nobody may read in time. Nothing found is no proof that nobody is harmed.
    """
    words = known or lexicon()
    read = _read(text, words)
    places = _places(words, _hits(read, words))
    best: dict[str, tuple[Pattern, Hit]] = {}
    for pattern in _plausible(words, places):
        match = _match(pattern, read, places)
        if match is not None and (pattern.kind not in best or match[2] < best[pattern.kind][1][2]):
            best[pattern.kind] = pattern, match
    return tuple(_told(text, read, *best[kind]) for kind in KINDS if kind in best)


def _told(text: str, read: Sequence[Token], pattern: Pattern, match: Hit) -> PossibleHarm:
    first, after, slips = match
    start, end = read[first].start, read[after - 1].end
    return PossibleHarm(pattern.kind, pattern.language, pattern.written, text[start:end], start, end, slips)


def _read(text: str, known: Lexicon) -> list[Token]:
    """Cut a text into words, joining what was spelt letter by letter and parting what was written together."""
    read: list[Token] = []
    for token in _joined(tokens(text)):
        read.extend(_parted(token, known) if len(token.word) >= GLUED and not known.meant(token.word) else (token,))
    return read


def _joined(found: Sequence[Token]) -> Iterator[Token]:
    run: list[Token] = []
    for token in found:
        if len(token.word) == 1:
            run.append(token)
            continue
        yield from _spelt(run)
        run = []
        yield token
    yield from _spelt(run)


def _spelt(run: list[Token]) -> Iterable[Token]:
    if len(run) < SPELT:
        return run
    return [Token("".join(token.word for token in run), run[0].start, run[-1].end, run[0].sentence)]


def _parted(token: Token, known: Lexicon) -> Iterable[Token]:
    word = token.word
    for cut in range(2, min(len(word), 24) - 1):
        first, second = word[:cut], word[cut:]
        if known.holds(first) and known.holds(second) and len(first) + len(second) >= GLUED:
            one = Token(first, token.start, token.end, token.sentence)
            return one, Token(second, token.start, token.end, token.sentence)
    return (token,)


def _hits(read: Sequence[Token], known: Lexicon) -> dict[int, list[Hit]]:
    """List where each word of the lists may stand; two tokens count as one where only together they are a word."""
    hits: dict[int, list[Hit]] = {}
    meant = [known.meant(token.word) for token in read]
    for place, token in enumerate(read):
        for number, slips in meant[place].items():
            hits.setdefault(number, []).append((place, place + 1, slips))
        if not meant[place] and place + 1 < len(read) and not meant[place + 1]:
            whole = token.word + read[place + 1].word
            if len(whole) >= GLUED and known.holds(whole):
                hits.setdefault(known.numbers[whole, False], []).append((place, place + 2, 0))
    return hits


def _places(known: Lexicon, hits: dict[int, list[Hit]]) -> dict[int, list[Hit]]:
    """List where each part that a pattern may have stands: any way of saying it, exact ones first at each place."""
    found: dict[int, set[Hit]] = {}
    for number in hits:
        for part, way in known.begun.get(number, ()):
            rows = [hits.get(word, []) for word in way]
            if all(rows):
                found.setdefault(part, set()).update(rows[0] if len(rows) == 1 else _in_a_row(rows))
    return {part: sorted(places) for part, places in found.items() if places}


def _plausible(known: Lexicon, places: dict[int, list[Hit]]) -> Iterator[Pattern]:
    for part in places:
        for pattern in known.needed.get(part, ()):
            if all(other in places for other in pattern.parts):
                yield pattern


def _match(pattern: Pattern, read: Sequence[Token], places: dict[int, list[Hit]]) -> Hit | None:
    """Find a pattern's first match: first token, token after the last, slips."""
    first, *rest = (places[part] for part in pattern.parts)
    if not rest:
        return first[0] if _alone(read, *first[0]) else None
    follow = _in_order if pattern.ordered else _in_any_order
    found = (match for hit in first if (match := follow(hit, rest, read)) is not None)
    return next((match for match in found if not _spoilt(pattern, match, read, places)), None)


def _spoilt(pattern: Pattern, match: Hit, read: Sequence[Token], places: dict[int, list[Hit]]) -> bool:
    """Say whether something stands in the sentence of a match that makes it harmless."""
    sentence, low, high = read[match[0]].sentence, match[0] - AROUND, match[1] + AROUND
    return any(any(_within(places.get(part, []), low, high, sentence, read)) for part in pattern.unless)


def _alone(read: Sequence[Token], start: int, end: int, slips: int) -> bool:
    return not slips or sum(len(token.word) for token in read[start:end]) >= LONE


def _in_a_row(rows: list[list[Hit]]) -> list[Hit]:
    found = rows[0]
    for row in rows[1:]:
        starts = {start: (end, slips) for start, end, slips in reversed(row)}
        found = [(begin, starts[end][0], slips + starts[end][1]) for begin, end, slips in found if end in starts]
    return found


def _in_order(first: Hit, rest: Sequence[list[Hit]], read: Sequence[Token]) -> Hit | None:
    begin, end, slips = first
    for row in rest:
        following = next(iter(_within(row, end, end + GAP, read[begin].sentence, read)), None)
        if following is None:
            return None
        end, slips = following[1], slips + following[2]
    return begin, end, slips


def _in_any_order(first: Hit, rest: Sequence[list[Hit]], read: Sequence[Token]) -> Hit | None:
    begin, end, slips = first
    for row in rest:
        around = _within(row, first[0] - WINDOW, first[0] + WINDOW, read[first[0]].sentence, read)
        near = [hit for hit in around if hit[1] <= first[0] or hit[0] >= first[1]]
        if not near:
            return None
        closest = min(near, key=lambda hit: abs(hit[0] - first[0]))
        begin, end, slips = min(begin, closest[0]), max(end, closest[1]), slips + closest[2]
    return begin, end, slips


def _within(row: list[Hit], low: int, high: int, sentence: int, read: Sequence[Token]) -> Iterator[Hit]:
    """List the hits that begin between two tokens, both counted, in one sentence."""
    for place in range(bisect_left(row, (low,)), len(row)):
        if row[place][0] > high:
            return
        if read[row[place][0]].sentence == sentence:
            yield row[place]
