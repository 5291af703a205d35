"""Computes who chooses what differently: between districts, and between groups of people, beyond chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.analysis.columns import Column
from app.analysis.domains import DomainComparison, compare_domains_in
from app.analysis.estimation import estimate
from app.analysis.items import Item
from app.analysis.multiplicity import benjamini_hochberg
from app.analysis.publication import SMALLEST_N
from app.results.computing.estimated import figure_of
from app.results.computing.tabulation import Table
from app.results.reading.columns import CHANNEL, LANGUAGE, Mask
from app.results.run.enough import too_few
from app.results.run.ranked import Breakdown, Contrast, Group, Pair
from app.results.run.shares import Figure
from app.surveys.counts import CHANNELS
from app.surveys.definition import Definition

LEVEL = 0.05
DISTRICT = "district"
ROLES = {"age_band": "Age", "sex": "Sex", "ethnic_group": "Ethnic group"}
DISABILITY = {"limited": "Disabled (a condition that limits day-to-day activities)", "not_limited": "Not disabled"}
ONE_GROUP = "fewer than two groups have enough responses to compare"
NOBODY_SAID = "nobody was asked, or nobody said"


@dataclass(frozen=True)
class Variable:
    """Something that tells people apart (n,), and what its categories are called."""

    key: str
    label: str
    column: Column
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Compared:
    """A variable with its groups and, for each priority that could be tested, the comparison and the figures."""

    variable: Variable
    groups: tuple[Group, ...]
    tests: Mapping[str, DomainComparison]
    figures: Mapping[str, Mapping[str, Figure]]


def breakdowns(table: Table, definition: Definition, items: Sequence[Item], base: Mask) -> tuple[Breakdown, ...]:
    """Compare the districts, and then the other groups; p-values are adjusted for each of the two together."""
    district = [_compared(table, each, items, base) for each in _districts(table)]
    others = [_compared(table, each, items, base) for each in _variables(table, definition)]
    return (*_adjusted(district), *_adjusted(others))


def _districts(table: Table) -> Iterator[Variable]:
    if table.district is not None:
        yield Variable(DISTRICT, "District", table.district, {table.groups[k]: v for k, v in table.districts.items()})


def _variables(table: Table, definition: Definition) -> Iterator[Variable]:
    for role, label in ROLES.items():
        question = definition.with_role(role)
        if question:
            labels = {option.key: option.text for option in question.options if not (option.apart or option.ends)}
            yield Variable(role, label, table.columns.coded[question.key], labels)
    disability = _disability(table)
    if disability is not None:
        yield Variable("disability", "Disability", disability, DISABILITY)
    for name, label, labels in ((CHANNEL, "How they answered", CHANNELS), (LANGUAGE, "Language they answered in", {})):
        column = table.columns.coded[name]
        yield Variable(name, label, column, labels or {key: key for key in column.categories})


def _disability(table: Table) -> Column | None:
    """Code who is disabled as the Equality Act means it: a lasting condition that limits day-to-day activities."""
    columns = table.columns
    if not {"health_condition", "health_limits"} <= columns.coded.keys():
        return None
    limited = columns.among("health_limits", ["a_lot", "a_little"])
    not_limited = columns.among("health_condition", ["no"]) | columns.among("health_limits", ["not_at_all"])
    return Column("disability", np.where(limited, 0, np.where(not_limited, 1, 2)), tuple(DISABILITY))


def _compared(table: Table, variable: Variable, items: Sequence[Item], base: Mask) -> Compared:
    groups = tuple(_groups(table, variable, base))
    open_to = [each.key for each in groups if not each.reason]
    tests: Mapping[str, DomainComparison] = {}
    figures: dict[str, dict[str, Figure]] = {}
    if len(open_to) > 1:
        inside = base & np.array([key in open_to for key in variable.column.labels])[variable.column.codes]
        kept = [Item(each.name, each.values, inside) for each in items if _varies(each, inside)]
        found = compare_domains_in(table.weighted, kept, variable.column)
        tests = {each.independence.item: each for each in found}
        for each in estimate(table.weighted, kept, by=variable.column) if kept else ():
            if each.group in open_to:
                figures.setdefault(each.item, {})[str(each.group)] = figure_of(each, None)
    return Compared(variable, groups, tests, figures)


def _varies(item: Item, inside: Mask) -> bool:
    """Say whether enough people chose a priority, and enough did not, for groups to differ in that."""
    chosen = int(item.values[inside].sum())
    return min(chosen, int(inside.sum()) - chosen) >= SMALLEST_N


def _groups(table: Table, variable: Variable, base: Mask) -> Iterator[Group]:
    for code, key in enumerate(variable.column.categories):
        if key in variable.labels:
            worth = table.weighted.precision(base & (variable.column.codes == code))
            yield Group(key, variable.labels[key], worth.n, worth.effective_n, too_few(worth.n, worth.effective_n))


def _adjusted(compared: Sequence[Compared]) -> Iterator[Breakdown]:
    """Adjust the p-values of all comparisons together, and keep the priorities that differ."""
    found = [(each.variable.key, item) for each in compared for item in each.tests]
    p = np.array([test.independence.p for each in compared for test in each.tests.values()])
    adjusted = dict(zip(found, benjamini_hochberg(p).tolist(), strict=True)) if found else {}
    for each in compared:
        contrasts = tuple(
            _contrast(test, adjusted[each.variable.key, item], each.figures[item])
            for item, test in each.tests.items()
            if adjusted[each.variable.key, item] <= LEVEL
        )
        known = any(group.n for group in each.groups)
        reason = None if each.tests else ONE_GROUP if known else NOBODY_SAID
        label = each.variable.label
        yield Breakdown(each.variable.key, label, each.groups, contrasts, len(found), reason)


def _contrast(test: DomainComparison, adjusted: float, figures: Mapping[str, Figure]) -> Contrast:
    """Keep a comparison; a pair with a share that must not be shown would give that share away."""
    pairs = tuple(
        Pair(each.first, each.second, each.difference, each.low, each.high, each.p_holm)
        for each in test.pairs
        if each.p_holm <= LEVEL and figures[each.first].shown and figures[each.second].shown
    )
    return Contrast(test.independence.item, test.independence.p, adjusted, figures, pairs)
