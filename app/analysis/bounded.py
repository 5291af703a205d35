"""Bounded raking: weights under a cap that meet the margins, found directly where clipping in turn does not settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from app.analysis.arrays import Floats
from app.analysis.raking import Constraint

MAX_STEPS = 200
NEAR_ENOUGH = 1e-12
GOOD_ENOUGH = 1e-9


def rake_under(mass: Floats, count: Floats, constraints: Sequence[Constraint], cap: float) -> Floats | None:
    """Return unit totals (u,) that meet the margins with no weight above the cap; None where they are not found.

    Minimises the distance of raking subject to both: weight = min(cap, start x exp(sum of margin terms)), Deville &
    Sarndal (1992), truncated. Damped Newton steps on the dual, which is convex (Levenberg 1944).
    """
    dual = _dual(mass, count, constraints, cap)
    terms = np.zeros(dual.dummies.shape[1])
    value, damping = dual.value(terms), 1e-6
    for _ in range(MAX_STEPS):
        gap = dual.gap(terms)
        if np.abs(gap).max() <= NEAR_ENOUGH * dual.people:
            break
        curvature = dual.curvature(terms)
        curvature[np.diag_indices_from(curvature)] += damping * dual.people
        step = np.linalg.solve(curvature, -gap)
        found = dual.value(terms + step)
        if found <= value + 1e-12 * dual.people:
            terms, value, damping = terms + step, found, max(damping / 10, 1e-13)
        else:
            damping = min(damping * 10, 1e3)
    return dual.totals(terms) if np.abs(dual.gap(terms)).max() <= GOOD_ENOUGH * dual.people else None


@dataclass(frozen=True)
class _Dual:
    """Hold the dual problem; `reach` is the term at which a unit's weight meets the cap."""

    dummies: csr_array
    mass: Floats
    limit: Floats
    reach: Floats
    targets: Floats

    @property
    def people(self) -> float:
        return float(self.mass.sum())

    def totals(self, terms: Floats) -> Floats:
        return np.asarray(np.minimum(self.mass * np.exp(np.minimum(self.dummies @ terms, self.reach)), self.limit))

    def value(self, terms: Floats) -> float:
        beyond = np.maximum(self.dummies @ terms - self.reach, 0.0)
        return float((self.totals(terms) + self.limit * beyond).sum() - self.targets @ terms)

    def gap(self, terms: Floats) -> Floats:
        return np.asarray(self.dummies.T @ self.totals(terms) - self.targets)

    def curvature(self, terms: Floats) -> Floats:
        free = np.where(self.dummies @ terms < self.reach, self.totals(terms), 0.0)
        return np.asarray((self.dummies.T @ (self.dummies * free[:, np.newaxis])).toarray())


def _dual(mass: Floats, count: Floats, constraints: Sequence[Constraint], cap: float) -> _Dual:
    every, ones = np.arange(len(mass)), np.ones(len(mass))
    blocks = [coo_array((ones, (every, each.codes)), (len(mass), len(each.targets))) for each in constraints]
    targets = np.concatenate([each.targets for each in constraints]) * mass.sum()
    return _Dual(csr_array(hstack(blocks)), mass, cap * count, np.log(cap * count / mass), targets)
