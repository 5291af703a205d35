"""What an intruder can work out: every table of whole people that agrees with all that is known.

The intruder of the proofs knows more than anybody outside does: the exact counts behind the rounded ones, and of each
hidden cell why it is hidden. A percentage over a known base says no more than the exact count does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

from app.analysis.disclosure.tables import Sum, Tables
from app.analysis.publication import SMALLEST_N

ALMOST = 1e-6
EVERYBODY = 10_000_000
"""More people than could answer: bounds what nothing else does."""
NODES = 2_000
"""Branches of a programme in whole people that are looked at; of more, only what was found by then counts as room."""


@dataclass(frozen=True, slots=True)
class Range:
    """The least and most that a hidden count could be, and the sums that keep it from being more or less.

    ``witnesses`` are two tables of whole people that agree with all that is known: one with the least, one with the
    most. They prove that an intruder cannot rule out either.
    """

    low: int
    high: int
    binding: tuple[Sum, ...]
    witnesses: tuple[dict[str, int], dict[str, int]]

    @property
    def width(self) -> int:
        """Say how far apart they are, in people."""
        return self.high - self.low


def around(tables: Tables, name: str, hidden: Collection[str]) -> tuple[str, ...]:
    """Gather the unknowns that sums and bases link to one, however far away; others tell nothing about it."""
    gone, found, waiting = set(hidden), {name: None}, [name]
    while waiting:
        for near in tables.near(waiting.pop()):
            if near in gone and near not in found:
                found[near] = None
                waiting.append(near)
    return tuple(found)


@dataclass(frozen=True)
class Polytope:
    """All values that hidden cells could have, given every other cell and the sums.

    The intruder knows which cells are hidden for being small (or nearly all of their base), and that other hidden cells
    are neither; of ``secret`` ones, which must not be known whatever they are, only that they are hidden. Auditing by
    these programmes follows Fischetti & Salazar (2001), Solving the cell suppression problem on tabular data with
    linear constraints, Management Science 47(7).
    """

    tables: Tables
    hidden: tuple[str, ...]
    secret: Collection[str] = ()

    @cached_property
    def place(self) -> dict[str, int]:
        """Number the unknowns."""
        return {name: place for place, name in enumerate(self.hidden)}

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """List the sums that tell something about an unknown."""
        return tuple(each for each in self.tables.sums if not self.place.keys().isdisjoint(each.names))

    @cached_property
    def equations(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Write the sums as A x = b: A has shape (sums, hidden), b (sums,); counts that are open go to the right."""
        left, right = np.zeros((len(self.sums), len(self.hidden))), np.zeros(len(self.sums))
        for row, each in enumerate(self.sums):
            for name, sign in ((each.total, -1), *((part, 1) for part in each.parts)):
                if name in self.place:
                    left[row, self.place[name]] += sign
                else:
                    right[row] -= sign * self.tables.cells[name].n
        return left, right

    @cached_property
    def limits(self) -> NDArray[np.float64]:
        """Write that no cell counts more than its base does, where both are hidden: A x <= 0, shape (pairs, hidden)."""
        rows = []
        for name in self.hidden:
            base = self.tables.cells[name].base
            if base in self.place:
                rows.append(np.zeros(len(self.hidden)))
                rows[-1][[self.place[name], self.place[base]]] = 1, -1
        return np.array(rows).reshape(len(rows), len(self.hidden))

    @cached_property
    def bounds(self) -> list[tuple[int, int]]:
        """Bound each unknown by what is known of it, in people."""
        return [self._bounds(name) for name in self.hidden]

    def _bounds(self, name: str) -> tuple[int, int]:
        base = self.tables.cells[name].base
        most = EVERYBODY if base is None or base in self.place else self.tables.cells[base].n
        if name not in self.tables.small:
            return (0, most) if name in self.secret else (SMALLEST_N, most - SMALLEST_N)
        if self.tables.cells[name].n < SMALLEST_N:
            return 0, min(most, SMALLEST_N - 1)
        return max(0, most - SMALLEST_N + 1) * (most < EVERYBODY), most

    def range(self, name: str) -> Range:
        """Find the least and the most that a hidden cell could be, in whole people. Solved by HiGHS."""
        least, below = self._extreme(name, 1)
        most, above = self._extreme(name, -1)
        binding = tuple(dict.fromkeys((*below, *above)))
        return Range(least[name], most[name], binding, (least, most))

    def _extreme(self, name: str, sign: int) -> tuple[dict[str, int], tuple[Sum, ...]]:
        """Solve in fractions of people first, which mostly come out whole and then are the answer in whole people."""
        wanted = np.zeros(len(self.hidden))
        wanted[self.place[name]] = sign
        found = self._in_fractions(wanted)
        tight = np.abs(found.eqlin.marginals) > ALMOST if self.sums else np.zeros(0, bool)
        values = found.x
        broken = np.abs(values - np.round(values)) > ALMOST
        if broken.any():
            tight |= (self.equations[0][:, broken] != 0).any(axis=1)
            values = self._in_whole_people(wanted)
        whole = (round(value) for value in values)
        return dict(zip(self.hidden, whole, strict=True)), tuple(compress(self.sums, tight))

    def _in_fractions(self, wanted: NDArray[np.float64]) -> OptimizeResult:
        left, right = self.equations
        sums = {"A_eq": left, "b_eq": right} if len(left) else {}
        limits = {"A_ub": self.limits, "b_ub": np.zeros(len(self.limits))} if len(self.limits) else {}
        # Programmes of some dozen unknowns are solved sooner than they are simplified.
        return linprog(wanted, **sums, **limits, bounds=self.bounds, options={"presolve": False})

    def _in_whole_people(self, wanted: NDArray[np.float64]) -> NDArray[np.float64]:
        """Solve by branch and bound; where it ends without any table, the true one is all the room that is known."""
        left, right = self.equations
        known = [LinearConstraint(left, right, right), LinearConstraint(self.limits, -np.inf, 0)]
        low, high = np.array(self.bounds, float).T
        found = milp(
            wanted,
            integrality=np.ones(len(wanted)),
            bounds=Bounds(low, high),
            constraints=[each for each in known if each.A.size],
            options={"node_limit": NODES},
        )
        true = np.array([self.tables.cells[each].n for each in self.hidden], float)
        return true if found.x is None else found.x
