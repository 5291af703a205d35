"""Find what may disclose harm, in whatever language it was written, for a person to judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from app.analysis.text.lexicon import KINDS, Lexicon, Part, Pattern, lexicon
from app.analysis.text.normalising import Token, tokens

GAP = 4  # words that may stand between two parts in order
WINDOW = 8  # words within which parts in any order must stand
LONE = 7  # letters of a pattern of one word below which it must be exact
SPELT = 4  # single letters in a row that make a word
GLUED = 7  # letters from which an unknown word may be two written together

Hit = tuple[int, int, int]  # first token, token after the last, slips


@dataclass(frozen=True, slots=True)
class PossibleHarm:
    """Hold what may disclose harm: its kind, the list and entry that found it, the words, and how near they are.

    `slips` counts letters that differ from the list, 0 for an exact match; `start` and `end` bound the words.
    """

    kind: str
    language: str
    entry: str
    words: str
    start: int
    end: int
    slips: int

    @property
    def title(self) -> str:
        """Name the kind of harm."""
        return KINDS[self.kind]

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


def possible_harm(text: str, known: Lexicon | None = None) -> tuple[PossibleHarm, ...]:
    """Find possible disclosures of harm, at most one of each kind, the nearest match of each.

    All lists are tried on every text: a language may be misjudged, mixed, or written in Latin letters, and what is
    missed here nobody may read in time. Nothing found is no proof that nobody is harmed.
    """
    words = known or lexicon()
    read = _read(text, words)
    hits = _hits(read, words)
    best: dict[str, PossibleHarm] = {}
    for pattern in _plausible(words, hits):
        for place, end, slips in _matches(pattern, read, words, hits):
            found = PossibleHarm(
                pattern.kind,
                pattern.language,
                pattern.written,
                text[read[place].start : read[end - 1].end],
                read[place].start,
                read[end - 1].end,
                slips,
            )
            if pattern.kind not in best or slips < best[pattern.kind].slips:
                best[pattern.kind] = found
    return tuple(best[kind] for kind in KINDS if kind in best)


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


@cache
def _needs(known: Lexicon) -> dict[int, tuple[Pattern, ...]]:
    """Index the patterns by the words of their rarest-looking part: that with the fewest ways to say it."""
    index: dict[int, list[Pattern]] = {}
    for pattern in known.patterns:
        fewest = min(pattern.parts, key=len)
        for number in {known.numbers[way[0]] for way in fewest}:
            index.setdefault(number, []).append(pattern)
    return {number: tuple(patterns) for number, patterns in index.items()}


def _plausible(known: Lexicon, hits: dict[int, list[Hit]]) -> Iterator[Pattern]:
    index = _needs(known)
    yield from dict.fromkeys(pattern for number in hits for pattern in index.get(number, ()))


def _matches(
    pattern: Pattern, read: Sequence[Token], known: Lexicon, hits: dict[int, list[Hit]]
) -> Iterator[tuple[int, int, int]]:
    """Find a pattern's first match: first token, token after the last, slips."""
    found = [_of_part(part, known, hits) for part in pattern.parts]
    if not all(found):
        return
    if len(found) == 1:
        yield from ((start, end, slips) for start, end, slips in found[0][:1] if _alone(read, start, end, slips))
        return
    follow = _in_order if pattern.ordered else _in_any_order
    for first in found[0]:
        match = follow(first, found[1:], read)
        if match is not None:
            yield match
            return


def _alone(read: Sequence[Token], start: int, end: int, slips: int) -> bool:
    return not slips or sum(len(token.word) for token in read[start:end]) >= LONE


def _of_part(part: Part, known: Lexicon, hits: dict[int, list[Hit]]) -> list[Hit]:
    """List where any way of saying a part stands, exact ones first at each place."""
    found: list[Hit] = []
    for way in part:
        rows = [hits.get(known.numbers[word], []) for word in way]
        if all(rows):
            found.extend(rows[0] if len(rows) == 1 else _in_a_row(rows))
    return sorted(set(found))


def _in_a_row(rows: list[list[Hit]]) -> list[Hit]:
    found = rows[0]
    for row in rows[1:]:
        starts = {start: (end, slips) for start, end, slips in reversed(row)}
        found = [(begin, starts[end][0], slips + starts[end][1]) for begin, end, slips in found if end in starts]
    return found


def _in_order(first: Hit, rest: Sequence[list[Hit]], read: Sequence[Token]) -> Hit | None:
    begin, end, slips = first
    for row in rest:
        following = next(
            (hit for hit in row if end <= hit[0] <= end + GAP and read[hit[0]].sentence == read[begin].sentence), None
        )
        if following is None:
            return None
        end, slips = following[1], slips + following[2]
    return begin, end, slips


def _in_any_order(first: Hit, rest: Sequence[list[Hit]], read: Sequence[Token]) -> Hit | None:
    begin, end, slips = first
    for row in rest:
        near = [
            hit
            for hit in row
            if abs(hit[0] - first[0]) <= WINDOW
            and read[hit[0]].sentence == read[first[0]].sentence
            and (hit[1] <= first[0] or hit[0] >= first[1])
        ]
        if not near:
            return None
        closest = min(near, key=lambda hit: abs(hit[0] - first[0]))
        begin, end, slips = min(begin, closest[0]), max(end, closest[1]), slips + closest[2]
    return begin, end, slips
