"""Which cells to hide: the small ones, and as many others as it takes that no small one can be worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.analysis.disclosure.polytope import Polytope, Range, around
from app.analysis.disclosure.tables import CannotProtect, Tables

PROTECTION = 5
"""How wide, in people, the range must be in which a small count could lie: the base that counts are rounded to."""
COMFORT = 15
TO_PROTECT_OTHERS = "hidden so that a small count elsewhere cannot be worked out"


@dataclass(frozen=True, slots=True)
class Proof:
    """What an intruder can know at most about one small cell: that it lies between ``low`` and ``high``."""

    name: str
    low: int
    high: int

    @property
    def protected(self) -> bool:
        """Say whether the range is wide enough, so that no guess is sure to be within 1, or within 2."""
        return self.high - self.low >= PROTECTION


@dataclass(frozen=True)
class Protected:
    """What is hidden, each cell with its reason, and the proof for each that must not be known."""

    hidden: Mapping[str, str]
    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool:
        """Say whether every proof does."""
        return all(each.protected for each in self.proofs)

    @property
    def narrowest(self) -> int | None:
        """Say how wide the narrowest range is; nothing where no cell is small."""
        return min((each.high - each.low for each in self.proofs), default=None)


def audit(tables: Tables, hidden: Iterable[str], secret: Collection[str] = ()) -> tuple[Proof, ...]:
    """Prove what can be known of each cell that must not be known, where some cells are hidden and all others open.

    Two programmes for each, in whole people. ``secret`` are cells that must not be known though they are not small.
    """
    gone = tuple(dict.fromkeys(tables.within(hidden)))
    must_not = dict.fromkeys((*tables.small, *secret))
    return tuple(_proof(tables, name, gone, secret) for name in must_not)


def _proof(tables: Tables, name: str, gone: Collection[str], secret: Collection[str]) -> Proof:
    if name not in gone:
        return Proof(name, tables.cells[name].n, tables.cells[name].n)
    found = Polytope(tables, around(tables, name, gone), secret).range(name)
    return Proof(name, found.low, found.high)


def protect(tables: Tables, secret: Mapping[str, str] | None = None, out: Collection[str] = ()) -> Protected:
    """Hide what is small and, one after another, the cheapest cells that would tell it.

    ``secret`` names further cells to hide, with reasons; ``out`` those that are public already and can no longer be
    hidden. Which sums give a small cell away is read off the duals of its linear programme, as the cuts of Fischetti &
    Salazar (2001) are. Raises CannotProtect.
    """
    hidden = dict(tables.small) | dict(secret or {})
    for name in tables.within(hidden):
        hidden.setdefault(name, TO_PROTECT_OTHERS)
    if told := [name for name in hidden if name in out]:
        raise CannotProtect(told[0], hidden[told[0]], "It is already out, so nothing that goes with it can follow.")
    covering = _Covering(tables, hidden, secret or {}, out, {})
    for name in list(hidden):
        if name in tables.small or name in covering.secret:
            covering.cover(name)
    return Protected(hidden, audit(tables, hidden, secret or ()))


@dataclass(frozen=True)
class _Covering:
    """The search for what to hide. ``seen`` keeps how far apart each cell was in tables of whole people that agree."""

    tables: Tables
    hidden: dict[str, str]
    secret: Mapping[str, str]
    out: Collection[str]
    seen: dict[str, tuple[int, int]]

    def cover(self, name: str) -> None:
        """Hide cells until one that must not be known has room enough; what is hidden since only gives it more."""
        while not self._roomy(name):
            found = Polytope(self.tables, around(self.tables, name, self.hidden), self.secret).range(name)
            self._note(found)
            if found.width < PROTECTION:
                self._hide(name, found)

    def _roomy(self, name: str) -> bool:
        low, high = self.seen.get(name, (0, 0))
        return high - low >= PROTECTION

    def _note(self, found: Range) -> None:
        for witness in found.witnesses:
            for name, value in witness.items():
                low, high = self.seen.get(name, (value, value))
                self.seen[name] = min(low, value), max(high, value)

    def _hide(self, name: str, found: Range) -> None:
        named = {name, *(each for link in found.binding for each in link.names)}
        bases = {self.tables.cells[each].base or each for each in named}
        open_ = (each for each in (named | bases) - self.hidden.keys() if self._may_hide(each))
        cheapest = min(open_, key=lambda each: _loss(self.tables, each), default=None)
        if cheapest is None:
            raise CannotProtect(name, f"known to within {found.width} people", "What is already out gives it away.")
        self.hidden[cheapest] = TO_PROTECT_OTHERS
        for each in self.tables.within(self.hidden):
            self.hidden.setdefault(each, TO_PROTECT_OTHERS)

    def _may_hide(self, name: str) -> bool:
        together = self.tables.within({name})
        return not self.tables.cells[name].unsaid and set(self.out).isdisjoint(together)


def _loss(tables: Tables, name: str) -> tuple[float, bool, int, str]:
    """Say what hiding a cell costs readers; of like ones the smallest with room to spare goes first."""
    cell = tables.cells[name]
    return cell.cost, cell.n < COMFORT, cell.n, name
