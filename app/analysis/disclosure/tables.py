"""Linked tables: counts by name, of whom each is a count, and which of them add up to which."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.analysis.errors import AnalysisError
from app.analysis.publication import FEW_OTHERS, SMALLEST_N, disclosive


class TablesDisagree(AnalysisError):
    """Counts do not add up, or a name is used that no cell has."""


class CannotProtect(AnalysisError):
    """A small count can be worked out from what is already out, whatever else is hidden."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of ``n`` people among those of another cell, its ``base`` (none for a base itself).

    ``cost`` says what readers lose if it is hidden. ``unsaid`` are people who did not say what they are told apart by,
    as their district: they are never released, the proofs give them to the intruder, and need no protection of their
    own, since nobody can see of another whether they are among them.
    """

    n: int
    base: str | None = None
    cost: float = 1.0
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell whose count is the sum of the counts of others."""

    total: str
    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """List the total and its parts."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Tables:
    """Cells by name, and the sums that link them. Raises TablesDisagree where they contradict each other."""

    cells: Mapping[str, Cell]
    sums: tuple[Sum, ...] = ()

    def __post_init__(self) -> None:
        """Refuse counts that do not add up: a proof about them would prove nothing."""
        bases = {cell.base for cell in self.cells.values() if cell.base is not None}
        named = bases.union(*(each.names for each in self.sums))
        if unknown := named - self.cells.keys():
            raise TablesDisagree("cells", f"none is {min(unknown)!r}", "Name every part of a sum and every base.")
        for name, cell in self.cells.items():
            if not 0 <= cell.n <= self.base_of(name):
                raise TablesDisagree(name, f"{cell.n} of {self.base_of(name)}", "A count lies between 0 and its base.")
        for each in self.sums:
            found = sum(self.cells[part].n for part in each.parts)
            if found != self.cells[each.total].n:
                raise TablesDisagree(each.total, f"{self.cells[each.total].n}, its parts {found}", "Count them anew.")

    def base_of(self, name: str) -> int:
        """Count the people among whom a cell counts."""
        base = self.cells[name].base
        return self.cells[name if base is None else base].n

    @cached_property
    def _near(self) -> dict[str, set[str]]:
        near: dict[str, set[str]] = {name: set() for name in self.cells}
        bases = ((name, cell.base) for name, cell in self.cells.items() if cell.base is not None)
        for together in (*(each.names for each in self.sums), *bases):
            for name in together:
                near[name].update(together)
        return near

    def near(self, name: str) -> Collection[str]:
        """Name the cells that stand in a sum with one, or count among each other."""
        return self._near[name]

    @cached_property
    def small(self) -> dict[str, str]:
        """Name the cells that could point at a person, each with the reason: the primary rule.

        A base or cell below 10, or a cell that fewer than 10 of its base are *not* in: what nearly everybody said tells
        what the few others did not say. Source: Hundepohl et al. (2012), sections 4.2 and 5.1 (threshold rule).
        """
        found = ((name, self._reason(name)) for name in self.cells)
        return {name: reason for name, reason in found if reason}

    def _reason(self, name: str) -> str | None:
        cell, base = self.cells[name], self.base_of(name)
        if cell.unsaid:
            return None
        if cell.base is None:
            return disclosive(cell.n)
        others = FEW_OTHERS if base - cell.n < SMALLEST_N else None
        return disclosive(base, cell.n) or others

    def within(self, hidden: Iterable[str]) -> Iterator[str]:
        """Name what cannot be shown where some cells are hidden: they, and all that is counted among them."""
        gone = set(hidden)
        for name, cell in self.cells.items():
            if name in gone or (cell.base in gone and not cell.unsaid):
                yield name
