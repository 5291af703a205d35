"""What a run holds of where next: which interviews would narrow the figures most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of people, by what is weighted by, how many of them answered, and how many interviews to hold next."""

    labels: tuple[str, ...]
    n: int
    interviews: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Where the next interviews narrow figures most; ``variables`` name the labels of each cell.

    ``effective_n`` is now, after these interviews, and after as many with people like those who answered so far.
    ``shares`` counts the interviews by variable and category. ``reason`` says why it cannot be told.
    """

    interviews: int
    variables: tuple[str, ...]
    cells: tuple[Cell, ...]
    effective_n: float
    afterwards: float
    at_random: float
    shares: Mapping[str, Mapping[str, int]]
    reason: str | None = None
