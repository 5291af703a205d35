"""An intruder from outside: solves for a hidden count in whole people, with another solver and none of our own code."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from app.analysis.disclosure.tables import Sum, Tables


def attacked(tables: Tables, hidden: Collection[str], name: str) -> tuple[int, int]:
    """Solve for a cell, from the open cells and the sums alone: the least and the most that it could be."""
    names = list(tables.cells)
    rows = np.zeros((len(tables.sums), len(names)))
    for row, each in zip(rows, tables.sums, strict=True):
        row[[names.index(part) for part in each.parts]] = 1
        row[names.index(each.total)] = -1
    open_ = [each not in hidden for each in names]
    known = np.array([tables.cells[each].n for each in names], float)
    low = np.where(open_, known, 0)
    most = [9 if each in tables.small and tables.cells[each].n < 10 else 5_000 for each in names]
    high = np.where(open_, known, most)
    within = [Sum(cell.base, (each,)) for each, cell in tables.cells.items() if cell.base]
    limits = np.zeros((len(within), len(names)))
    for row, each in zip(limits, within, strict=True):
        row[names.index(each.parts[0])], row[names.index(each.total)] = 1, -1
    wanted = np.zeros(len(names))
    wanted[names.index(name)] = 1
    constraints = [LinearConstraint(rows, 0, 0), LinearConstraint(limits, -np.inf, 0)]
    ends = [
        milp(sign * wanted, integrality=np.ones(len(names)), bounds=Bounds(low, high), constraints=constraints)
        for sign in (1, -1)
    ]
    return round(ends[0].fun), round(-ends[1].fun)
