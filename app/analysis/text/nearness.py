"""Find the listed words that a misspelt word may have been, in a time that does not grow with the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

SHORTEST_NEAR = 5  # letters below which a misspelling could be any word
SHORTEST_TWO = 9  # letters from which two slips are allowed
ANY = "*"  # written for a letter: "r*ped"

Word = tuple[str, bool]  # a folded word, and whether it is a stem that may go on


@dataclass(frozen=True, slots=True)
class Near:
    """Hold listed words by what must be left of them where they are misspelt.

    A slip touches two letters that stand side by side at most (swapped ones). So of pieces with a letter between them,
    one more than the slips allowed, one at least is whole, and moved by no more places than there are slips.
    """

    index: Mapping[str, tuple[tuple[Word, int], ...]]
    sizes: tuple[int, ...]
    longest: int

    def words(self, word: str) -> dict[Word, int]:
        """Return the listed words near a word, that is no farther than `allowed`, with the slips of each."""
        if len(word) < SHORTEST_NEAR - 1:
            return {}
        letters, stars = _letters(word), word.count(ANY)
        found = {}
        for entry, listed in self._candidates(word):
            if (listed & ~letters).bit_count() > allowed(entry[0]) + stars:
                continue
            slips = _slips(word, *entry)
            if slips <= allowed(entry[0]):
                found[entry] = slips
        return found

    def _candidates(self, word: str) -> set[tuple[Word, int]]:
        first = word[0]
        return {
            candidate
            for place in range(min(len(word), self.longest))
            for size in self.sizes
            if place + size <= len(word)
            for candidate in self.index.get(f"{first}{place}{word[place : place + size]}", ())
        }


def near(entries: Iterable[Word]) -> Near:
    """Index listed words by their pieces, each at every place to which slips can move it."""
    index: dict[str, list[tuple[Word, int]]] = {}
    sizes = set()
    longest = 0
    for entry in entries:
        for key, size, place in _keys(entry[0]):
            index.setdefault(key, []).append((entry, _letters(entry[0])))
            sizes.add(size)
            longest = max(longest, place + 1)
    return Near({key: tuple(found) for key, found in index.items()}, tuple(sorted(sizes)), longest)


def allowed(word: str) -> int:
    """Return how many slips a word may have and still be known."""
    return 0 if len(word) < SHORTEST_NEAR else 1 if len(word) < SHORTEST_TWO else 2


def _keys(word: str) -> Iterator[tuple[str, int, int]]:
    slips = allowed(word)
    if not slips:
        return
    for start, end in _pieces(len(word), slips + 1):
        for place in range(max(0, start - slips), start + slips + 1):
            yield f"{word[0]}{place}{word[start:end]}", end - start, place


def _pieces(length: int, count: int) -> Iterator[tuple[int, int]]:
    """Part a word into pieces of about the same size with a letter between them."""
    size, longer = divmod(length - (count - 1), count)
    start = 0
    for number in range(count):
        end = start + size + (number < longer)
        yield start, end
        start = end + 1


def _letters(word: str) -> int:
    """Return a set of letters as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _slips(word: str, listed: str, stem: bool) -> int:
    """Count letters added, left out, changed or swapped (optimal string alignment); 9 if the first letters differ.

    Of a stem the nearest beginning of the word counts.
    """
    most = allowed(listed)
    if word[0] != listed[0] or len(word) < len(listed) - most or (not stem and len(word) > len(listed) + most):
        return 9
    word = word[: len(listed) + most]
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, wanted in enumerate(listed, start=1):
        earlier, before, row = before, row, [i]
        for j, letter in enumerate(word, start=1):
            cost = 0 if letter in (wanted, ANY) else 1
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + cost)
            if i > 1 and j > 1 and wanted == word[j - 2] and listed[i - 2] == letter:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return min(row[SHORTEST_NEAR - 1 :], default=9) if stem else row[-1]
