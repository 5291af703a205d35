"""What a codebook tells of each variable: its question, its values, and how often each was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.publication import SMALLEST_N
from app.results.export.cells import places
from app.results.export.microdata import Microdata
from app.results.export.variables import TEXT, Value, Variable
from app.surveys.definition import Definition, Question

FEW = f"fewer than {SMALLEST_N}, or hidden to protect a small one"


@dataclass(frozen=True, slots=True)
class Line:
    """One value with its count and weighted share of those who gave a value; None where it is hidden or has none."""

    value: Value
    missing: bool
    n: int | None
    share: float | None

    @property
    def hidden(self) -> bool:
        """Say whether the count is kept from readers."""
        return self.n is None


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable as a codebook tells it; ``base`` counts the residents who gave a value, None where too few did."""

    variable: Variable
    question: Question | None
    base: int | None
    lines: tuple[Line, ...]
    asked_of: str


def entries(data: Microdata) -> tuple[Entry, ...]:
    """Count every variable over the residents, small cells hidden."""
    counted = _counted(data)
    return tuple(_entry(data.definition, each, *counted[each.name]) for each in data.variables)


def _counted(data: Microdata) -> dict[str, tuple[Floats, Floats]]:
    """Add up, for each variable, people and weights by value; what has no value of its own is counted last."""
    sizes = {each.name: len(each.all_values) + 1 for each in data.variables}
    found = {name: (np.zeros(size), np.zeros(size)) for name, size in sizes.items()}
    for block in data.blocks():
        resident = block["apart"] == 1
        weights = block["weight"][resident]
        for each in data.variables:
            codes, own = block[each.name][resident], weights
            if each.kind == TEXT:
                codes, own = codes[codes != ""], weights[codes != ""]
            codes = _places(each, codes)
            found[each.name][0][:] += np.bincount(codes, minlength=sizes[each.name])
            found[each.name][1][:] += np.bincount(codes, own, sizes[each.name])
    return found


def _places(variable: Variable, codes: np.ndarray) -> np.ndarray:
    if variable.discrete:
        return places(variable, codes)
    found = np.full(len(codes), len(variable.all_values))
    for place, value in enumerate(variable.all_values):
        found[codes == value.code] = place
    return found


def _entry(definition: Definition, variable: Variable, people: Floats, weights: Floats) -> Entry:
    given = len(variable.values)
    valid = [*range(given), len(variable.all_values)]
    base, worth = int(people[valid].sum()), float(weights[valid].sum())
    hidden = hide([int(each) for each in people])
    lines = []
    for place, value in enumerate(variable.all_values):
        missing = place >= given
        n = None if hidden[place] else int(people[place])
        share = None if missing or n is None or not worth else float(weights[place] / worth)
        lines.append(Line(value, missing, n, share))
    question = definition.question(variable.question)
    shown = base if base >= SMALLEST_N else None
    return Entry(variable, question, shown, tuple(lines), asked_of(definition, question))


def hide(counts: Sequence[int]) -> list[bool]:
    """Mark which counts of one variable to hide: those below 10, and more until the hidden ones add up to 10 or more.

    The total is known, so one hidden count alone, or several that come to little together, could be worked out.
    """
    hidden = [count < SMALLEST_N for count in counts]
    small = sum(count for count, hid in zip(counts, hidden, strict=True) if hid)
    for place in sorted(range(len(counts)), key=counts.__getitem__):
        if not small or (small >= SMALLEST_N and sum(1 for c, h in zip(counts, hidden, strict=True) if h and c) > 1):
            break
        if not hidden[place]:
            hidden[place], small = True, small + counts[place]
    return hidden


def asked_of(definition: Definition, question: Question | None) -> str:
    """Say in words who was asked a question."""
    if question is None:
        return ""
    section = next(each for each in definition.sections if question in each.questions)
    conditions = [each.when for each in (section, question) if each.when]
    told = [f"{each.question} is {' or '.join(each.is_one_of)}" for each in conditions]
    if question.kind == "order" and question.of:
        told.append(f"two or more were chosen in {question.of}")
    return f"Asked where {', and '.join(told)}." if told else "Asked of everybody."
