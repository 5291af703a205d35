"""Protect random sets of linked tables, then attack each small count as an intruder would: `make bench-disclosure`."""

from __future__ import annotations

import os
from time import perf_counter

import numpy as np
from rich.progress import track

from app.analysis.disclosure.suppression import PROTECTION, protect
from tests.analysis.disclosure.intruder import attacked
from tests.analysis.disclosure.sets import drawn

ATTACKED = 8
"""Small counts of each set that are also attacked from outside, in whole people."""


def main() -> None:
    """Print how much is hidden, how long it takes, and how near anybody comes to a small count."""
    seconds, widths, solved = [], [], []
    cells = small = hidden = 0
    for seed in track(range(int(os.environ.get("SETS", "1000"))), "Sets of tables"):
        tables = drawn(seed)
        began = perf_counter()
        found = protect(tables)
        seconds.append(perf_counter() - began)
        widths += [proof.high - proof.low for proof in found.proofs]
        for name in list(tables.small)[:ATTACKED]:
            low, high = attacked(tables, found.hidden, name)
            solved.append(high - low)
        cells, small, hidden = cells + len(tables.cells), small + len(tables.small), hidden + len(found.hidden)
    print(f"{len(seconds):,} sets, {cells:,} cells: {small:,} small, {hidden - small:,} more hidden to protect them.")
    print(f"Recoverable within 1: {sum(width <= 2 for width in widths)} of {len(widths):,} by linear programming,")
    print(f"  {sum(width <= 2 for width in solved)} of {len(solved):,} attacked in whole people.")
    print(f"Narrowest range: {min(widths)} and {min(solved)} people; {PROTECTION} are asked for.")
    print(f"A set takes {1000 * np.median(seconds):.0f} ms (median), {1000 * np.quantile(seconds, 0.95):.0f} ms (95%).")


if __name__ == "__main__":
    main()
