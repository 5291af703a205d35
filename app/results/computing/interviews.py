"""Computes where next: the kinds of people whose interviews would narrow the figures most."""

from __future__ import annotations

import numpy as np

from app.analysis.narrowing import next_interviews
from app.results.computing.tabulation import Table
from app.results.reading.schemes import Scheme
from app.results.run.narrowing import Cell, Narrowing

INTERVIEWS = 50
UNWEIGHTED = "this survey is not weighted, so every response counts alike and any further one helps as much"


def narrowing(table: Table, scheme: Scheme) -> Narrowing:
    """Choose the next interviews among the kinds of people that are weighted by, where somebody answered already."""
    weighted = table.weighted
    worth = weighted.report.precision.effective_n
    if not scheme.weights:
        return Narrowing(INTERVIEWS, (), (), worth, worth, worth, {}, UNWEIGHTED)
    columns = list(weighted.units.columns.values())
    known = np.all([each.codes < len(each.categories) for each in columns], axis=0)
    found = next_interviews(weighted, INTERVIEWS, known)
    order = np.argsort(-found.interviews, kind="stable")
    cells = tuple(
        Cell(
            tuple(each.labels[each.codes[unit]] for each in columns),
            round(weighted.units.count[unit]),
            int(found.interviews[unit]),
        )
        for unit in order
        if found.interviews[unit]
    )
    names = tuple(each.name for each in columns)
    shares: dict[str, dict[str, int]] = {name: {} for name in names}
    for cell in cells:
        for name, label in zip(names, cell.labels, strict=True):
            shares[name][label] = shares[name].get(label, 0) + cell.interviews
    return Narrowing(INTERVIEWS, names, cells, found.effective_n, found.afterwards, found.at_random, shares)
