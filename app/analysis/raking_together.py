"""Rakes and trims many replicates of a weighting at once: as a table of totals, a row for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from app.analysis.arrays import Floats, Mask
from app.analysis.raking import MAX_SWEEPS, TOLERANCE, Constraint

ROUNDS = 10


def trim_nearly(mass: Floats, count: Floats, constraints: Sequence[Constraint], cap: float | None) -> Floats:
    """Rake totals (b, u) of `count` (b, u) people to 1e-8 and trim for at most ten rounds: for replicates only.

    In a replicate the cap need not hold exactly. Raking and trimming as in `raking.rake` and `trimming.trim`; a row
    that cannot be raked, because a category is empty or the sweeps do not settle, comes back as NaN.
    """
    tables = [_Table(each) for each in constraints]
    found = _rake(_at_size(mass, count), tables)
    if cap is None:
        return found
    for _ in range(ROUNDS):
        over = np.flatnonzero((found > cap * (1 + TOLERANCE) * count).any(axis=1))
        if not len(over):
            break
        found[over] = _rake(_at_size(np.minimum(found[over], cap * count[over]), count[over]), tables)
    return found


class _Table:
    """A margin as a matrix: which unit (u, k) is in which category."""

    def __init__(self, constraint: Constraint) -> None:
        self.codes, self.targets = constraint.codes, constraint.targets
        rows = np.arange(len(self.codes))
        self.member = csr_array((np.ones(len(rows)), (rows, self.codes)), (len(rows), len(self.targets)))

    def off(self, mass: Floats) -> Floats:
        """Say by which share each row (b,) is off at most; rows add up to 1."""
        return np.asarray(np.abs(mass @ self.member - self.targets).max(axis=1))

    def scaled(self, mass: Floats) -> Floats:
        """Scale each row (b, u) to the margin."""
        return np.asarray(mass * (self.targets / (mass @ self.member))[:, self.codes])


def _at_size(mass: Floats, count: Floats) -> Floats:
    return np.asarray(mass * (count.sum(axis=1) / mass.sum(axis=1))[:, np.newaxis])


def _rake(mass: Floats, tables: Sequence[_Table]) -> Floats:
    """Scale every row to each margin in turn; a row is done when all its margins hold to the tolerance."""
    size = mass.sum(axis=1, keepdims=True)
    found = np.full_like(mass, np.nan)
    going, current = np.arange(len(mass)), mass / size
    with np.errstate(all="ignore"):
        for _ in range(MAX_SWEEPS):
            for each in tables:
                current = each.scaled(current)
            error = np.max([each.off(current) for each in tables], axis=0)
            done = error <= TOLERANCE
            found[going[done]] = current[done] * size[going[done]]
            still: Mask = ~done & np.isfinite(error)
            going, current = going[still], current[still]
            if not len(going):
                break
    return found
