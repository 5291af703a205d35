"""Protect random sets of linked tables, then attack each small count as an intruder would: `make bench-disclosure`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from app.analysis.disclosure.suppression import PROTECTION, protect
from tests.analysis.disclosure.intruder import attacked
from tests.analysis.disclosure.sets import drawn

TOLD = 50
"""After so many sets a line says how far it is and what was found: a log shows it as well as a terminal."""
ATTACKED = 8
"""Small counts of each set that are also attacked from outside, in whole people."""


@dataclass(frozen=True)
class Attack:
    """What came of one set: seconds to protect it, widths by linear programming and in whole people, and counts."""

    seconds: float
    widths: list[int]
    solved: list[int]
    cells: int
    small: int
    hidden: int


def attack(seed: int) -> Attack:
    """Protect one set and attack it."""
    tables = drawn(seed)
    began = perf_counter()
    found = protect(tables)
    seconds = perf_counter() - began
    ends = [attacked(tables, found.hidden, name) for name in list(tables.small)[:ATTACKED]]
    widths = [proof.high - proof.low for proof in found.proofs]
    solved = [high - low for low, high in ends]
    return Attack(seconds, widths, solved, len(tables.cells), len(tables.small), len(found.hidden))


def told(found: Iterable[Attack], sets: int) -> Iterator[Attack]:
    """Say every so many sets how far it is, and how many cells could be told within 1 so far."""
    began, recovered = perf_counter(), 0
    for number, each in enumerate(found, start=1):
        recovered += sum(width <= 2 for width in (*each.widths, *each.solved))
        if not number % TOLD or number == sets:
            print(f"{number:>6,} of {sets:,} sets, {recovered} recovered, {perf_counter() - began:.0f} s", flush=True)
        yield each


def main() -> None:
    """Print how much is hidden, how long it takes, and how near anybody comes to a small count."""
    sets = int(os.environ.get("SETS") or "1000")
    with ProcessPoolExecutor() as pool:
        done = list(told(pool.map(attack, range(sets), chunksize=5), sets))
    widths = [width for each in done for width in each.widths]
    solved = [width for each in done for width in each.solved]
    cells, small, hidden = (sum(getattr(each, name) for each in done) for name in ("cells", "small", "hidden"))
    seconds = [each.seconds for each in done]
    print(f"{sets:,} sets, {cells:,} cells: {small:,} small, {hidden - small:,} more hidden to protect them.")
    print(f"Recoverable within 1: {sum(width <= 2 for width in widths)} of {len(widths):,} by linear programming,")
    print(f"  {sum(width <= 2 for width in solved)} of {len(solved):,} attacked in whole people.")
    print(f"Narrowest range: {min(widths)} and {min(solved)} people; {PROTECTION} are asked for.")
    print(f"A set takes {1000 * np.median(seconds):.0f} ms (median), {1000 * np.quantile(seconds, 0.95):.0f} ms (95%).")


if __name__ == "__main__":
    main()
