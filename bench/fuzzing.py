"""Fuzz every pattern with long texts made of beginnings of what it looks for: `python -m bench.fuzzing [SEED]`."""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from app.analysis.text import language, names, normalising, patterns, places, settling

LONG = 10_000  # characters
LIMIT = 0.050  # seconds for one pattern on one comment
TEXTS = 60  # for each pattern
MOST = 70  # times that a generated repetition repeats
ENDS = ("", " ", "!", "\n", "é", "0", "\u200b")  # what stands between the pieces, so that a match fails late
CLASSES = {
    constants.CATEGORY_DIGIT: "17",
    constants.CATEGORY_SPACE: " \n",
    constants.CATEGORY_WORD: "aZ_9é",
    constants.CATEGORY_NOT_WORD: " -",
    constants.CATEGORY_NOT_DIGIT: "a ",
    constants.CATEGORY_NOT_SPACE: "a1",
}


def compiled() -> dict[str, re.Pattern[str]]:
    """List every compiled pattern of the rooms that read comments, by its name."""
    modules = (language, names, normalising, patterns, places, settling)
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }


def sample(tree: Any, rng: random.Random) -> str:
    """Write something that a parsed pattern would match, look-arounds left aside."""
    return "".join(_sample(operation, argument, rng) for operation, argument in tree)


def _sample(operation: Any, argument: Any, rng: random.Random) -> str:
    if operation is constants.LITERAL:
        return chr(argument)
    if operation is constants.IN:
        return _one_of(argument, rng)
    if operation is constants.BRANCH:
        return sample(rng.choice(argument[1]), rng)
    if operation is constants.SUBPATTERN:
        return sample(argument[-1], rng)
    if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT):
        low, high = int(argument[0]), min(int(argument[1]), MOST)
        return "".join(sample(argument[2], rng) for _ in range(rng.choice((low, high, rng.randint(low, high)))))
    return "x" if operation in (constants.NOT_LITERAL, constants.ANY) else ""


def _one_of(members: Any, rng: random.Random) -> str:
    if members[0][0] is constants.NEGATE:
        return rng.choice("aé1")
    operation, argument = rng.choice(members)
    if operation is constants.RANGE:
        return chr(rng.randint(*argument))
    return chr(argument) if operation is constants.LITERAL else rng.choice(CLASSES.get(argument, "a"))


def hostile(pattern: re.Pattern[str], rng: random.Random) -> Iterator[str]:
    """Write long texts of repeated beginnings of matches, each with something between that makes them fail."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    for _ in range(TEXTS):
        whole = sample(tree, rng) or "a"
        piece = whole[: rng.randint(1, len(whole))] + rng.choice(ENDS)
        yield (piece * (LONG // len(piece) + 1))[:LONG]


def spent(find: Callable[[str], object], text: str) -> float:
    """Return the processor time of one function on one text, the best of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        find(text)
        times.append(time.process_time() - start)
        if times[0] < LIMIT / 5:
            break
    return min(times)


def slowest(pattern: re.Pattern[str], seed: int) -> tuple[float, str]:
    """Return the longest time of a pattern over its hostile texts, and the beginning of that text."""
    rng = random.Random(seed)
    return max((spent(lambda text: list(pattern.finditer(text)), text), text[:40]) for text in hostile(pattern, rng))


def main() -> None:
    """Print the longest time of each pattern, the slowest first; end with an error where one is over the limit."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    found = sorted(((*slowest(pattern, seed), name) for name, pattern in compiled().items()), reverse=True)
    for seconds, text, name in found[:12]:
        print(f"  {name:<28} {1000 * seconds:6.1f} ms of processor  ({text!r} ...)")
    print(f"{len(found)} patterns, {TEXTS} texts of {LONG:,} characters each, seed {seed}; limit {1000 * LIMIT:.0f} ms")
    if found[0][0] > LIMIT:
        sys.exit("A PATTERN IS OVER THE LIMIT")


if __name__ == "__main__":
    main()
