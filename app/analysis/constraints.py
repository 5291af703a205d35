"""From a scheme and the people who answered to the constraints that raking must meet; refuses what cannot be met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats, Index, totals
from app.analysis.collapsing import Collapse, Groups, collapse
from app.analysis.columns import UNKNOWN, Column, named, normal
from app.analysis.errors import EmptyCategory, OneCategoryOnly, TooManyUnknown, UnknownCategory
from app.analysis.margins import CROSS, Margin
from app.analysis.raking import Constraint
from app.analysis.scheme import WeightingScheme
from app.analysis.units import Units
from app.analysis.unknowns import reconciled, with_unknowns


@dataclass(frozen=True)
class Constraints:
    """Hold what raking must meet, the collapses that were made for it, and what a reader should be told."""

    margins: tuple[Constraint, ...]
    collapses: tuple[Collapse, ...]
    warnings: tuple[str, ...]


def constraints_of(scheme: WeightingScheme, units: Units) -> Constraints:
    """Turn the scheme's margins into constraints on the units.

    Raises UnknownCategory, OneCategoryOnly, EmptyCategory, TooManyUnknown, NoNeighbour.
    """
    margins = [_in_order(margin, scheme) for margin in scheme.margins]
    codes = {
        variable: _scheme_codes(units.columns[variable], scheme.categories(variable), units)
        for variable in scheme.variables
    }
    warnings = [text for variable in scheme.variables if (text := _unknowns(variable, codes[variable], units, scheme))]
    counts = [_counts(margin, codes, units) for margin in margins]
    for margin, count in zip(margins, counts, strict=True):
        _refuse_one_category(margin, count)
    groups = [collapse(margin, count, scheme) for margin, count in zip(margins, counts, strict=True)]
    for margin, count, group in zip(margins, counts, groups, strict=True):
        _refuse_empty(margin, count, group)
    tables, changes = reconciled(
        [with_unknowns(margin.population, count) for margin, count in zip(margins, counts, strict=True)], margins
    )
    built = tuple(
        _constraint(margin, codes, count, table, group)
        for margin, count, table, group in zip(margins, counts, tables, groups, strict=True)
    )
    collapses = tuple(record for group in groups for record in group.collapses)
    warnings += (
        [record.sentence for record in collapses] + changes + [text for each in built if (text := _small(each, scheme))]
    )
    return Constraints(built, collapses, tuple(warnings))


def _in_order(margin: Margin, scheme: WeightingScheme) -> Margin:
    population = margin.population
    ordered = tuple(scheme.categories(variable) for variable in margin.variables)
    for axis, (theirs, ours) in enumerate(zip(margin.categories, ordered, strict=True)):
        normals = [normal(category) for category in theirs]
        population = population.take([normals.index(normal(category)) for category in ours], axis=axis)
    return Margin(margin.variables, ordered, population)


def _scheme_codes(column: Column, categories: Sequence[str], units: Units) -> Index:
    known = {normal(category): code for code, category in enumerate(categories)}
    people = np.bincount(column.codes, units.count, len(column.labels))
    lost = [label for label, n in zip(column.categories, people, strict=False) if n and normal(label) not in known]
    if lost:
        raise UnknownCategory(
            f"Category {named(lost)} of {column.name}",
            f"it has no target; the categories are {named(categories)}",
            "Correct the responses, or add the category to the targets.",
        )
    translated = np.array([known.get(normal(label), len(categories)) for label in column.labels], np.intp)
    return translated[column.codes]


def _unknowns(variable: str, codes: Index, units: Units, scheme: WeightingScheme) -> str | None:
    share = float(units.count[codes == len(scheme.categories(variable))].sum()) / units.n
    if scheme.unknown_limit is not None and share > scheme.unknown_limit:
        raise TooManyUnknown(
            f"Margin {variable}",
            f"{share:.1%} of the responses are {UNKNOWN!r} or blank, above the limit of {scheme.unknown_limit:.0%}",
            "Leave this margin out of the scheme, or accept more unknowns (--unknown-limit on files).",
        )
    if share > scheme.unknown_warning:
        return f"{share:.1%} of the responses are {UNKNOWN!r} or blank on {variable}; they are a category of their own."
    return None


def _counts(margin: Margin, codes: dict[str, Index], units: Units) -> Floats:
    shape = [len(categories) + 1 for categories in margin.categories]
    joint = _joint(margin, codes)
    return totals(joint, units.count, int(np.prod(shape))).reshape(shape)


def _joint(margin: Margin, codes: dict[str, Index]) -> Index:
    shape = [len(categories) + 1 for categories in margin.categories]
    return np.ravel_multi_index([codes[variable] for variable in margin.variables], shape).astype(np.intp)


def _refuse_one_category(margin: Margin, counts: Floats) -> None:
    for axis, (variable, categories) in enumerate(zip(margin.variables, margin.categories, strict=True)):
        people = counts.sum(axis=tuple(set(range(counts.ndim)) - {axis}))[:-1]
        if len(categories) > 1 and np.count_nonzero(people) == 1:
            only = categories[int(people.argmax())]
            raise OneCategoryOnly(
                f"Margin {variable}",
                f"every known {variable} is {only!r}, which would have to speak for all {len(categories)} categories",
                "Collect responses from the others, or weight without this margin and speak for this category only.",
            )


def _refuse_empty(margin: Margin, counts: Floats, groups: Groups) -> None:
    people = np.bincount(groups.of_cell.ravel(), groups.named(counts).ravel(), len(groups.labels))
    empty = [label for label, n in zip(groups.labels, people, strict=True) if n == 0]
    if empty:
        raise EmptyCategory(
            f"Margin {margin.name}",
            f"nobody is in {named(empty)}, which has a target",
            "Collapse it into a neighbour (--collapse on files), or leave this margin out.",
        )


def _constraint(margin: Margin, codes: dict[str, Index], counts: Floats, table: Floats, groups: Groups) -> Constraint:
    number = np.full(counts.shape, -1, np.intp)
    number[groups.known] = groups.of_cell
    unknown = [cell for cell in zip(*np.nonzero((number < 0) & (counts > 0)), strict=True)]
    for extra, cell in enumerate(unknown, start=len(groups.labels)):
        number[cell] = extra
    labels = (*groups.labels, *(_label(margin, cell) for cell in unknown))
    used = number.ravel() >= 0
    shares, people = (totals(number.ravel()[used], values.ravel()[used], len(labels)) for values in (table, counts))
    return Constraint(margin.name, labels, number.ravel()[_joint(margin, codes)], shares / shares.sum(), people)


def _label(margin: Margin, cell: tuple[int, ...]) -> str:
    return CROSS.join((*categories, UNKNOWN)[code] for categories, code in zip(margin.categories, cell, strict=True))


def _small(constraint: Constraint, scheme: WeightingScheme) -> str | None:
    small = [
        f"{label} ({n:.0f})"
        for label, n in zip(constraint.labels, constraint.counts, strict=True)
        if n < scheme.warn_below and UNKNOWN not in label.split(CROSS)
    ]
    if not small:
        return None
    listed = ", ".join(small[:8]) + (f" and {len(small) - 8} more" if len(small) > 8 else "")
    return f"Fewer than {scheme.warn_below} responses in these categories of {constraint.name}: {listed}."
