"""Targets and margins: what the population looks like, checked before anything is raked to it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.columns import UNKNOWN, is_unknown, named, normal
from app.analysis.errors import (
    MalformedCrossing,
    MarginsConflict,
    MissingTarget,
    NegativeTarget,
    RepeatedTarget,
    TargetForUnknown,
    TargetNotANumber,
    TotalsDiffer,
    WeightsOverflow,
    ZeroTarget,
)

CROSS = "*"
TOLERATED = 0.001
LARGEST = 1e15


@dataclass(frozen=True)
class Margin:
    """Hold all targets of one variable or of a crossing: `population` has one axis for each variable."""

    variables: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    population: Floats

    @property
    def name(self) -> str:
        """Name the margin as targets files do: `district*age_band`."""
        return CROSS.join(self.variables)

    @property
    def total(self) -> float:
        """Add up the population that the margin describes."""
        return float(self.population.sum())

    def over(self, variables: Sequence[str]) -> Floats:
        """Add the population up to a crossing of some of the margin's variables, axes in that order."""
        kept = [self.variables.index(variable) for variable in variables]
        summed = self.population.sum(axis=tuple(set(range(self.population.ndim)) - set(kept)))
        order = sorted(kept)
        return np.asarray(summed.transpose([order.index(axis) for axis in kept]))


def margin(name: str, targets: Mapping[str, float] | Sequence[tuple[str, float]]) -> Margin:
    """Build a margin from its targets: `margin("sex", {"Female": 970635, "Male": 909862})`.

    A crossing is named `a*b` and its categories `x*y`; every combination needs a target. Raises MissingTarget,
    ZeroTarget, NegativeTarget, TargetNotANumber, RepeatedTarget, TargetForUnknown, MalformedCrossing.
    """
    variables = tuple(part.strip() for part in name.split(CROSS))
    pairs = list(targets.items()) if isinstance(targets, Mapping) else list(targets)
    if not pairs:
        raise MissingTarget(f"Margin {name}", "it has no targets", "Give a population for each of its categories.")
    if "" in variables:
        raise MalformedCrossing(
            f"Margin {name!r}",
            "the name of its variable is blank",
            "Write a column's name, a crossing as district*sex.",
        )
    if len(set(variables)) < len(variables):
        raise MalformedCrossing(f"Margin {name!r}", "it crosses a variable with itself", "Name each once.")
    populations: dict[tuple[str, ...], float] = {}
    spellings: list[dict[str, str]] = [{} for _ in variables]
    for category, population in pairs:
        key = _parts(variables, name, category, spellings)
        if key in populations:
            raise RepeatedTarget(f"Target {category!r} of {name}", "it is given more than once", "Keep one of them.")
        populations[key] = _checked(name, category, population)
    return _tabulated(name, variables, tuple(tuple(spelling.values()) for spelling in spellings), populations)


def _parts(variables: tuple[str, ...], name: str, category: str, spellings: list[dict[str, str]]) -> tuple[str, ...]:
    parts = tuple(category.split(CROSS)) if len(variables) > 1 else (category,)
    if len(parts) != len(variables):
        raise MalformedCrossing(
            f"Category {category!r} of {name}",
            f"it has {len(parts)} parts for {len(variables)} variables",
            f"Join one category of each variable by {CROSS!r}, in the order of {name}.",
        )
    for part in parts:
        if is_unknown(part):
            raise TargetForUnknown(
                f"Target {category!r} of {name}",
                f"blank and {UNKNOWN!r} take their share of the sample",
                "Remove this target.",
            )
    for part, spelling in zip(parts, spellings, strict=True):
        spelling.setdefault(normal(part), " ".join(part.split()))
    return tuple(normal(part) for part in parts)


def _checked(name: str, category: str, population: float) -> float:
    thing = f"Target {category!r} of {name}"
    if population is None:
        raise MissingTarget(thing, "the population is missing", "Give the population of this category.")
    if not isinstance(population, (int, float, np.integer, np.floating)) or not math.isfinite(population):
        raise TargetNotANumber(thing, f"{population!r} is not a number", "Give the population as a plain number.")
    if population < 0:
        raise NegativeTarget(thing, f"{population:g} is below zero", "Give the population of this category.")
    if population == 0:
        raise ZeroTarget(thing, "the population is zero", "Remove the category, or join it with a neighbour.")
    if population > LARGEST:
        raise WeightsOverflow(
            thing, f"{population:g} people would overflow the weights", f"Keep targets below {LARGEST:g}."
        )
    return float(population)


def _tabulated(
    name: str,
    variables: tuple[str, ...],
    categories: tuple[tuple[str, ...], ...],
    populations: Mapping[tuple[str, ...], float],
) -> Margin:
    table = np.empty([len(axis) for axis in categories])
    for place, combination in zip(np.ndindex(table.shape), product(*categories), strict=True):
        key = tuple(normal(part) for part in combination)
        if key not in populations:
            raise MissingTarget(
                f"Target {CROSS.join(combination)!r} of {name}",
                "the crossing has no population for it",
                "Give a population for each combination.",
            )
        table[place] = populations[key]
    return Margin(variables, categories, table)


def check_together(margins: Sequence[Margin]) -> None:
    """Refuse margins that cannot describe one population.

    Raises RepeatedTarget (one margin twice), TotalsDiffer and MarginsConflict (by more than 0.1%).
    """
    for first, second in combinations(margins, 2):
        if set(first.variables) == set(second.variables):
            raise RepeatedTarget(f"Margin {second.name}", "it is given more than once", "Keep one of them.")
        if abs(first.total - second.total) > TOLERATED * max(first.total, second.total):
            raise TotalsDiffer(
                f"Margins {first.name} and {second.name}",
                f"their totals {first.total:,.0f} and {second.total:,.0f} differ by more than 0.1%",
                "Take both from one population.",
            )
        _check_shared(first, second)


def _check_shared(first: Margin, second: Margin) -> None:
    shared = [variable for variable in first.variables if variable in second.variables]
    for variable in shared:
        here, there = (_categories_of(each, variable) for each in (first, second))
        if {normal(category) for category in here} != {normal(category) for category in there}:
            raise MarginsConflict(
                f"Margins {first.name} and {second.name}",
                f"their categories of {variable} differ: {named(here)} against {named(there)}",
                "Give both the same categories.",
            )
    if not shared:
        return
    one, other = first.over(shared) / first.total, aligned(second, first, shared) / second.total
    if (worst := float(np.abs(one - other).max())) > TOLERATED:
        place = np.unravel_index(int(np.abs(one - other).argmax()), one.shape)
        label = CROSS.join(_categories_of(first, variable)[i] for variable, i in zip(shared, place, strict=True))
        raise MarginsConflict(
            f"Margins {first.name} and {second.name}",
            f"they put {label!r} at {one[place]:.2%} and {other[place]:.2%} of the population, {worst:.2%} apart",
            "Take both from one population.",
        )


def aligned(margin: Margin, to: Margin, shared: Sequence[str]) -> Floats:
    """Add a margin up to the shared variables, with the categories in the other margin's order."""
    table = margin.over(shared)
    for axis, variable in enumerate(shared):
        theirs = [normal(category) for category in _categories_of(margin, variable)]
        order = [theirs.index(normal(category)) for category in _categories_of(to, variable)]
        table = table.take(order, axis=axis)
    return table


def _categories_of(margin: Margin, variable: str) -> tuple[str, ...]:
    return margin.categories[margin.variables.index(variable)]
