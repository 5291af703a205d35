"""Reads a wave's stored responses into columns, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.surveys.definition import ROLES, Definition


@dataclass(slots=True)
class Columns:
    """The cells of some responses, by column; a shorter column has no answers at its end."""

    n: int = 0
    cells: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, cells: dict[str, Any]) -> None:
        """Add one response."""
        for name, value in cells.items():
            column = self.cells.setdefault(name, [])
            if len(column) < self.n:
                column.extend([None] * (self.n - len(column)))
            column.append(value)
        self.n += 1

    def __getitem__(self, name: str) -> list[Any]:
        """List the cells of a column, None where there is no answer."""
        column = self.cells.get(name, [])
        return column + [None] * (self.n - len(column))


@dataclass(slots=True)
class Read:
    """What a wave holds: residents to be weighted in columns, and how many stand apart, by reason."""

    weighted: Columns
    apart: dict[str, int]

    @property
    def received(self) -> int:
        """Count all responses."""
        return self.weighted.n + sum(self.apart.values())


def read(definition: Definition, rows: Iterable[Any]) -> Read:
    """Read stored rows; those from outside and from organisations are counted, and stay out of the columns."""
    found = Read(Columns(), {})
    for row in rows:
        if row.apart:
            found.apart[row.apart] = found.apart.get(row.apart, 0) + 1
            continue
        found.weighted.add({f"role:{role}": getattr(row, role) for role in ROLES} | cells(definition, row.answers))
    return found


def cells(definition: Definition, answers: dict[str, Any]) -> dict[str, Any]:
    """Spread the answers of one response over the columns of all questions."""
    spread: dict[str, Any] = {}
    for question in definition.questions:
        if question.key in answers:
            spread |= question.behaviour.cells(question, answers)
    return spread


def names(definition: Definition) -> Iterator[str]:
    """Name the columns of all questions, in the order in which they are asked."""
    for question in definition.questions:
        yield from question.behaviour.columns(question)
