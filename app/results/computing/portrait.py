"""Computes who answered: how like the Census, by channel and language, and what weighting cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from app.analysis.arrays import Floats
from app.analysis.publication import SMALLEST_N
from app.analysis.representativeness import likeness
from app.results.computing.tabulation import DISTRICT, Table
from app.results.computing.tongues import behaviours, ways
from app.results.reading.columns import CHANNEL, LANGUAGE
from app.results.reading.measures import Followed
from app.results.reading.schemes import Scheme, Words, cells, words
from app.results.reading.subjects import Subject
from app.results.run.answered import Answered, Comparison, Group, Worth
from app.surveys.definition import Definition

Labels = tuple[str, ...]


def answered(
    table: Table,
    definition: Definition,
    scheme: Scheme,
    asked: Sequence[Subject],
    followed: Sequence[Followed],
    days: Mapping[str, int],
) -> Answered:
    """Say everything about who answered a wave."""
    return Answered(
        comparisons=tuple(comparisons(table, scheme, words(definition, scheme))),
        days=days,
        channels=ways(table, CHANNEL),
        languages=ways(table, LANGUAGE),
        worth=tuple(worth(table)),
        behaviours=behaviours(table, asked, followed),
    )


def comparisons(table: Table, scheme: Scheme, spoken: Words) -> Iterator[Comparison]:
    """Compare with the Census by each variable, and by all of them crossed; an unweighted survey has no Census."""
    known = cells(scheme.targets, scheme.variables) if scheme.weights else {}
    if not known:
        return
    population = {
        tuple(spoken.category(v, key) for v, key in zip(scheme.variables, keys, strict=True)): people
        for keys, people in known.items()
    }
    places = range(len(scheme.variables))
    for chosen in [*((place,) for place in places), tuple(places)]:
        yield _comparison(table, [spoken.variable(scheme.variables[place]) for place in chosen], chosen, population)


def _comparison(
    table: Table, variables: Sequence[str], chosen: Sequence[int], population: Mapping[Labels, float]
) -> Comparison:
    target: dict[Labels, float] = {}
    for labels, people in population.items():
        part = tuple(labels[place] for place in chosen)
        target[part] = target.get(part, 0.0) + people
    counts, weights, unknown = _counted(table, variables, target)
    n, whole, known = counts.sum(), weights.sum(), np.array(list(target.values()))
    alike = likeness(counts, known)
    shares = zip(target, counts, counts / n, known / known.sum(), weights / whole, strict=True)
    groups = [Group(labels, int(c), float(s), float(t), float(w)) for labels, c, s, t, w in shares]
    told = tuple(group for group in groups if group.n >= SMALLEST_N)
    hidden = [group for group in groups if group.n < SMALLEST_N]
    missing = float(sum(group.target for group in hidden))
    return Comparison(tuple(variables), told, len(hidden), missing, unknown, alike.dissimilarity, alike.variation)


def _counted(table: Table, variables: Sequence[str], target: Mapping[Labels, float]) -> tuple[Floats, Floats, int]:
    """Count people and add up weights by group, in the order of the targets; and count who is in none of them."""
    units, columns = table.weighted.units, [table.weighted.units.columns[name] for name in variables]
    place = {labels: position for position, labels in enumerate(target)}
    codes = zip(*(column.codes for column in columns), strict=True)
    names = [column.labels for column in columns]
    at = np.array([place.get(tuple(n[c] for n, c in zip(names, each, strict=True)), len(place)) for each in codes])
    counts = np.bincount(at, units.count, len(place) + 1).astype(np.float64)
    weights = np.bincount(at, units.count * table.weighted.unit_weights, len(place) + 1).astype(np.float64)
    return counts[:-1], weights[:-1], round(float(counts[-1]))


def worth(table: Table) -> Iterator[Worth]:
    """Say what weighting cost, for West Yorkshire (no label) and each district."""
    report = table.weighted.report
    yield Worth("", report.precision.n, report.precision.effective_n, report.precision.design_effect)
    for group in report.groups:
        if group.variable == DISTRICT:
            yield Worth(group.category, group.precision.n, group.precision.effective_n, group.precision.design_effect)
