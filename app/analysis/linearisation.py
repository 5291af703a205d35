"""Variance that takes the raking into account: residuals of each item on the margins, or replicates of it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack

from app.analysis.arrays import CHUNK, Floats, Index, Mask, totals_of_columns
from app.analysis.design import Design
from app.analysis.errors import InvalidItem
from app.analysis.replicates import Replicates
from app.analysis.tallies import GroupedItems, Groups, Items, Tallies, grouped
from app.analysis.weighting import Weighted

NOTHING_LEFT = 1e-10
Products = Callable[[Floats], Floats]
"""Sums scale x e_j x e_k over single responses: shape (j, j), from a scale for each group (g,)."""


@dataclass(frozen=True)
class Projection:
    """Hold the regression on all margin dummies, weighted by the starting weights: dummies (u, p), inverse (p, p)."""

    dummies: csr_array
    start: Floats
    inverse: Floats

    def slopes(self, sums: Floats) -> Floats:
        """Regress group sums of scores, given by unit (u, j), on the margins: coefficients (p, j)."""
        return np.asarray(self.inverse @ (self.dummies.T @ (self.start[:, np.newaxis] * sums)))


def projection(weighted: Weighted) -> Projection:
    """Prepare the regression once for a weighting: every table of a run needs the same."""
    if weighted not in PREPARED:
        PREPARED[weighted] = _prepared(weighted)
    return PREPARED[weighted]


def _prepared(weighted: Weighted) -> Projection:
    """Solve the normal equations on the units, never on rows: Deville & Sarndal (1992)."""
    units = weighted.units
    every = np.arange(len(units))
    blocks = [
        coo_array((np.ones(len(units)), (every, each.codes)), (len(units), len(each.targets)))
        for each in weighted.constraints
    ]
    dummies = csr_array(hstack(blocks))
    gram = (dummies.T @ (dummies * (units.count * units.start)[:, np.newaxis])).toarray()
    return Projection(dummies, units.start, np.linalg.pinv(gram, rcond=1e-12, hermitian=True))


PREPARED: WeakKeyDictionary[Weighted, Projection] = WeakKeyDictionary()


@dataclass(frozen=True)
class Scores:
    """Hold, for the items of one domain, what their variances are made of, by group g and item j.

    `base` (j,) weighted base, `people` (g, j) in it, unweighted; `values` (j,); `score` (g, j) the sum of
    e = (y - p) / base in a group, zero outside the domain (zero extension); `square` (g, j) of e^2; `fitted` (g, j)
    what the margins explain of one response's e.
    """

    base: Floats
    people: Floats
    values: Floats
    score: Floats
    square: Floats
    fitted: Floats


def scores(
    weighted: Weighted, project: Projection, groups: Groups, tallies: Tallies, inside: Mask | None = None
) -> Scores:
    """Linearise shares or means over a domain: `inside` (g,) marks its groups, None is everyone. Lumley (2010), ch. 7.

    An item whose base is empty has value 0 and score 0.
    """
    weight = weighted.unit_weights[groups.unit][:, np.newaxis]
    if inside is not None:
        weight = weight * inside[:, np.newaxis]
    base = (weight * tallies.base).sum(axis=0)
    safe = np.where(base > 0, base, 1.0)
    values = (weight * tallies.total).sum(axis=0) / safe
    people = tallies.base
    score = (tallies.total - values * tallies.base) / safe
    square = (tallies.square - 2 * values * tallies.total + values**2 * tallies.base) / safe**2
    if inside is not None:
        score, square, people = (each * inside[:, np.newaxis] for each in (score, square, people))
    by_unit = totals_of_columns(groups.unit, score, len(weighted.units))
    fitted = (project.dummies @ project.slopes(by_unit))[groups.unit]
    return Scores(base, people, tallies.centre + values, score, square, fitted)


def variances(weighted: Weighted, groups: Groups, linear: Scores) -> Floats:
    """Return the variance of each item (j,): v = sum over strata of (1 - f) m / (m - 1) x sum of (z - mean z)^2.

    z = final weight x (e - fitted), summed within clusters; from replicates where the weighting has them. What the
    margins fix comes back as exactly 0.
    """
    weight = weighted.unit_weights[groups.unit][:, np.newaxis]
    replicates = weighted.replicates
    variance = _replicated(replicates, groups, linear) if replicates else _linearised(weight, groups, linear)
    ignoring = (weight**2 * linear.square).sum(axis=0)
    return np.where(variance > NOTHING_LEFT * ignoring, variance, 0.0)


def _linearised(weight: Floats, groups: Groups, linear: Scores) -> Floats:
    factors, count = groups.strata.factors, groups.count[:, np.newaxis]
    totals = weight * (linear.score - count * linear.fitted)
    squares = weight**2 * (linear.square - 2 * linear.fitted * linear.score + count * linear.fitted**2)
    sums, stratum = groups.together(totals)
    variance = (factors[groups.stratum] * groups.alone) @ squares + factors[stratum] @ sums**2
    means = _stratum_sums(totals, groups.stratum, len(groups.strata.sizes))
    return np.asarray(variance - (factors / groups.strata.sizes) @ means**2)


def _replicated(replicates: Replicates, groups: Groups, linear: Scores) -> Floats:
    """Add up how the replicates spread and, where responses are drawn singly, how these differ within a cell."""
    cells = replicates.cells(groups)
    between = cells.between(linear.base, linear.people, linear.score)
    within = cells.within() @ linear.square - replicates.alone @ cells.means(linear.score) ** 2
    return np.asarray((between**2).sum(axis=0) + within)


def covariance(weighted: Weighted, groups: Groups, linear: Scores, items: Items, inside: Mask | None = None) -> Floats:
    """Return the covariance of the items (j, j) by the same z; ticks of one person overlap, so it is needed in full.

    What the margins fix has exactly 0 with everything.
    """
    return _covariance(weighted, groups, linear, lambda scale: _products(groups, linear, items, scale, inside))


def _covariance(weighted: Weighted, groups: Groups, linear: Scores, products: Products) -> Floats:
    if weighted.replicates:
        matrix = _replicated_products(weighted.replicates, groups, linear, products)
    else:
        matrix = _linearised_products(weighted, groups, linear, products)
    free = np.diag(matrix) > NOTHING_LEFT * (weighted.unit_weights[groups.unit] ** 2 @ linear.square)
    return np.asarray((matrix + matrix.T) / 2 * np.outer(free, free))


def _replicated_products(replicates: Replicates, groups: Groups, linear: Scores, products: Products) -> Floats:
    cells = replicates.cells(groups)
    between = cells.between(linear.base, linear.people, linear.score)
    means = cells.means(linear.score)
    matrix = between.T @ between - (replicates.alone[:, np.newaxis] * means).T @ means
    if replicates.alone.any():
        matrix += products(cells.within())
    return np.asarray(matrix)


def _linearised_products(weighted: Weighted, groups: Groups, linear: Scores, products: Products) -> Floats:
    weight = weighted.unit_weights[groups.unit]
    totals = weight[:, np.newaxis] * (linear.score - groups.count[:, np.newaxis] * linear.fitted)
    factors = groups.strata.factors
    sums, stratum = groups.together(totals)
    matrix = (factors[stratum][:, np.newaxis] * sums).T @ sums
    scale = factors[groups.stratum] * groups.alone * weight**2
    if scale.any():
        scaled = scale[:, np.newaxis] * linear.fitted
        crossed = scaled.T @ linear.score
        matrix += products(scale) - crossed - crossed.T
        matrix += (groups.count[:, np.newaxis] * scaled).T @ linear.fitted
    means = _stratum_sums(totals, groups.stratum, len(groups.strata.sizes))
    matrix -= ((factors / groups.strata.sizes)[:, np.newaxis] * means).T @ means
    return np.asarray(matrix)


def influence_covariance(weighted: Weighted, influence: Floats, rows: Index, design: Design | None = None) -> Floats:
    """Return the covariance (j, j) of estimates that are linearised already, by the z of `variances`.

    `influence` (m, j) is what one response of weight 1 in each of `rows` (m,) adds to the estimates; other responses
    add nothing, as outside a domain. Raises InvalidItem where single responses are not known.
    """
    groups = grouped(weighted, None, design)
    if groups.of_row is None:
        raise InvalidItem("Grouped counts", "orders need single responses", "Weigh the responses themselves.")
    of_row = groups.of_row[rows]
    within = csr_array((np.ones(len(rows)), (of_row, np.arange(len(rows)))), (len(groups.count), len(rows)))
    project = projection(weighted)
    score = within @ influence
    fitted = (project.dummies @ project.slopes(totals_of_columns(groups.unit, score, len(weighted.units))))[groups.unit]
    none = np.zeros(influence.shape[1])
    people = np.repeat((groups.count / weighted.n)[:, np.newaxis], len(none), axis=1)
    linear = Scores(none + 1, people, none, score, within @ influence**2, fitted)
    return _covariance(weighted, groups, linear, lambda scale: (influence * scale[of_row][:, np.newaxis]).T @ influence)


def _stratum_sums(sums: Floats, stratum: Index, size: int) -> Floats:
    if size == 1:
        return np.asarray(sums.sum(axis=0, keepdims=True))
    return totals_of_columns(stratum, sums, size)


def _products(groups: Groups, linear: Scores, items: Items, scale: Floats, inside: Mask | None) -> Floats:
    """Sum scale x e_j x e_k over single responses, in chunks, or over grouped counts."""
    if inside is not None:
        scale = scale * inside
    safe = np.where(linear.base > 0, linear.base, 1.0)
    if isinstance(items, GroupedItems):
        return np.asarray(_grouped_products(items, linear.values, scale) / np.outer(safe, safe))
    assert groups.of_row is not None
    summed = np.zeros((len(items), len(items)))
    root = np.sqrt(scale)
    for start in range(0, len(groups.of_row), CHUNK):
        of_row = groups.of_row[start : start + CHUNK]
        rows: slice | Index = slice(start, start + CHUNK)
        if inside is not None:
            rows = start + np.flatnonzero(inside[of_row])
            of_row = groups.of_row[rows]
        scored = np.empty((len(items), len(of_row)))
        for line, item, value in zip(scored, items, linear.values, strict=True):
            np.subtract(item.values[rows], value, out=line)
            if item.base is not None:
                line[~item.base[rows]] = 0.0
        scored *= root[of_row]
        summed += scored @ scored.T
    return np.asarray(summed / np.outer(safe, safe))


def _grouped_products(items: GroupedItems, values: Floats, scale: Floats) -> Floats:
    if items.both is None:
        raise InvalidItem(
            "Grouped counts", "a ranking needs the people who ticked both of two items", "Count pairs as well."
        )
    both = np.einsum("u,ujk->jk", scale, items.both)
    ticked = np.outer(scale @ items.ticked, values)
    return np.asarray(both - ticked - ticked.T + np.outer(values, values) * (scale @ items.base[:, 0]))
