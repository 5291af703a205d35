"""Collapse small categories into the neighbour that the scheme states, and record it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from app.analysis.arrays import Floats, Index
from app.analysis.columns import normal
from app.analysis.errors import InvalidScheme, NoNeighbour
from app.analysis.margins import CROSS, Margin
from app.analysis.scheme import WeightingScheme


@dataclass(frozen=True)
class Collapse:
    """Record that `category`, with `n` respondents, was put together with `into`."""

    margin: str
    category: str
    n: int
    into: str

    @property
    def sentence(self) -> str:
        """Say it to a reader."""
        return f"{self.margin}: {self.category} (n = {self.n}) was collapsed into {self.into}."


@dataclass(frozen=True)
class Groups:
    """Hold which named cells of a margin stand together: `of_cell` has the margin's shape, numbers from 0."""

    of_cell: Index
    labels: tuple[str, ...]
    collapses: tuple[Collapse, ...]

    @property
    def known(self) -> tuple[slice, ...]:
        """Select the named cells from a table that also has unknown categories."""
        return tuple(slice(0, size) for size in self.of_cell.shape)

    def named(self, table: Floats) -> Floats:
        """Take the named cells of a table."""
        return table[self.known]


Cell = tuple[int, ...]


def collapse(margin: Margin, counts: Floats, scheme: WeightingScheme) -> Groups:
    """Put together what the scheme always joins, then categories with fewer respondents than it allows.

    `counts` are the respondents, unknown categories included. In a crossing the last part is collapsed first, within
    the same other parts; where all of it is one small category, that joins its neighbour cell by cell. Raises
    NoNeighbour where the scheme states none, and InvalidScheme where it joins what is not there.
    """
    names = {
        cell: CROSS.join(parts)
        for cell, parts in zip(np.ndindex(margin.population.shape), product(*margin.categories), strict=True)
    }
    members: dict[Cell, list[Cell]] = {cell: [cell] for cell in names}
    home: dict[Cell, Cell] = {cell: cell for cell in names}
    records: list[tuple[list[Cell], Collapse]] = []

    def put(group: Cell, into: Cell) -> None:
        n = int(sum(counts[cell] for cell in members[group]))
        record = Collapse(margin.name, _joined(names, members[group]), n, _joined(names, members[into]))
        records.append((members[group], record))
        for cell in members.pop(group):
            members[into].append(cell)
            home[cell] = into

    def split(group: Cell) -> None:
        cells = members.pop(group)
        records[:] = [(moved, record) for moved, record in records if not set(moved) <= set(cells)]
        for cell in cells:
            members[cell], home[cell] = [cell], cell

    for cell, into in _always(margin, scheme):
        if home[cell] != home[into]:
            put(home[cell], home[into])
    while scheme.collapse and (small := _smallest(members, counts, scheme.smallest)) is not None:
        moves = _moves(margin, members[small], names, scheme)
        if len(moves) > 1:
            split(small)
        for cell, into in moves:
            put(home[cell], home[into])
    number = {group: i for i, group in enumerate(sorted(members))}
    of_cell = np.array([number[home[cell]] for cell in names], np.intp).reshape(margin.population.shape)
    return Groups(
        of_cell,
        tuple(_joined(names, members[group]) for group in sorted(members)),
        tuple(record for _, record in records),
    )


def _joined(names: dict[Cell, str], cells: list[Cell]) -> str:
    return " + ".join(names[cell] for cell in sorted(cells))


def _always(margin: Margin, scheme: WeightingScheme) -> Iterator[tuple[Cell, Cell]]:
    for axis, variable in enumerate(margin.variables):
        codes = {normal(category): code for code, category in enumerate(margin.categories[axis])}
        for category, into in scheme.joined.get(variable, {}).items():
            if normal(category) not in codes or normal(into) not in codes:
                raise InvalidScheme(
                    f"Scheme {scheme.name}",
                    f"it joins {category!r} into {into!r}, which {variable} does not have",
                    "Name its categories.",
                )
            for cell in np.ndindex(margin.population.shape):
                if cell[axis] == codes[normal(category)]:
                    yield cell, (*cell[:axis], codes[normal(into)], *cell[axis + 1 :])


def _smallest(members: dict[Cell, list[Cell]], counts: Floats, allowed: int) -> Cell | None:
    if len(members) == 1:
        return None
    people = {group: sum(float(counts[cell]) for cell in cells) for group, cells in members.items()}
    small = min(people, key=lambda group: (people[group], group))
    return small if people[small] < allowed else None


def _moves(
    margin: Margin, cells: list[Cell], names: dict[Cell, str], scheme: WeightingScheme
) -> list[tuple[Cell, Cell]]:
    """Say which cell goes into which: all of a group with one, or, where it spans the last part, each with its like."""
    near, into = _neighbour(margin, cells, names, scheme)
    last = range(len(margin.categories[-1]))
    if near[-1] != into[-1] or set(cells) != {(*cell[:-1], code) for cell in cells for code in last}:
        return [(near, into)]
    return [(cell, (*into[:-1], cell[-1])) for cell in sorted(cells)]


def _neighbour(margin: Margin, cells: list[Cell], names: dict[Cell, str], scheme: WeightingScheme) -> tuple[Cell, Cell]:
    """Find the first stated neighbour outside the group, the last part first: the cell it is of, and itself."""
    for axis in reversed(range(len(margin.variables))):
        stated = {normal(k): v for k, v in scheme.neighbours.get(margin.variables[axis], {}).items()}
        codes = {normal(category): code for code, category in enumerate(margin.categories[axis])}
        for cell in cells:
            for neighbour in stated.get(normal(margin.categories[axis][cell[axis]]), ()):
                if normal(neighbour) not in codes:
                    continue
                other = (*cell[:axis], codes[normal(neighbour)], *cell[axis + 1 :])
                if other not in cells:
                    return cell, other
    raise NoNeighbour(
        f"Category {_joined(names, cells)!r} of {margin.name}",
        f"it has fewer than {scheme.smallest} responses and the scheme states no neighbour to collapse it into",
        "State a neighbour, or leave this margin out.",
    )
