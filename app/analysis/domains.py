"""Compare domains, such as districts: whether there is any difference, and between which of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import fdtrc, ndtri

from app.analysis.arrays import Floats, Mask
from app.analysis.change import two_sided
from app.analysis.columns import Column
from app.analysis.design import Design
from app.analysis.errors import InvalidItem
from app.analysis.intervals import LEVEL
from app.analysis.items import Item
from app.analysis.linearisation import covariance, projection, scores
from app.analysis.multiplicity import holm
from app.analysis.tallies import grouped, tallied
from app.analysis.weighting import Weighted


@dataclass(frozen=True)
class Independence:
    """Hold the Rao-Scott test that an item is the same in all domains: F with (ndf, ddf) degrees of freedom, and p."""

    item: str
    f: float
    ndf: float
    ddf: float
    p: float


@dataclass(frozen=True)
class DomainDifference:
    """Hold one pair of domains: first minus second, its interval, p-value and Holm's adjustment over all pairs."""

    item: str
    first: str
    second: str
    difference: float
    standard_error: float
    low: float
    high: float
    p: float
    p_holm: float


@dataclass(frozen=True)
class DomainComparison:
    """Hold the test over all domains and every pair of them."""

    independence: Independence
    pairs: tuple[DomainDifference, ...]


def compare_domains(weighted: Weighted, item: Item, by: Column, design: Design | None = None) -> DomainComparison:
    """Compare a yes / no item between the categories of `by` (n,) that have answers; unknown is a domain of its own.

    Rao & Scott (1984), second order, as `survey::svychisq(statistic = "F")`; pairs by normal tests from the full
    covariance, adjusted by Holm (1979). Raises InvalidItem where fewer than two domains, or only one answer, are left.
    """
    if not item.is_share:
        raise InvalidItem(f"Item {item.name}", "its values are not yes / no (0 / 1)", "Compare shares.")
    base: Mask = np.ones(len(by), np.bool_) if item.base is None else item.base
    present = [code for code in range(len(by.labels)) if (base & (by.codes == code)).any()]
    yes = np.where(base, item.values, 0) == 1
    if len(present) < 2 or not yes.any() or yes[base].all():
        raise InvalidItem(
            f"Item {item.name}", "fewer than two groups or answers are left to compare", "Choose another breakdown."
        )
    labels = [by.labels[code] for code in present]
    return DomainComparison(
        _independence(weighted, item.name, [by.codes == code for code in present], yes, base, design),
        _pairs(weighted, item, labels, [base & (by.codes == code) for code in present], design),
    )


def _linearised(weighted: Weighted, items: list[Item], design: Design | None) -> tuple[Floats, Floats, float]:
    groups = grouped(weighted, None, design)
    linear = scores(weighted, projection(weighted), groups, tallied(groups, items))
    return linear.values, covariance(weighted, groups, linear, items), groups.strata.degrees_of_freedom


def _independence(
    weighted: Weighted, name: str, inside: list[Mask], yes: Mask, base: Mask, design: Design | None
) -> Independence:
    cells = [Item(f"{row}", mask & answer, base) for row, mask in enumerate(inside) for answer in (yes, ~yes)]
    shares, matrix, free = _linearised(weighted, cells, design)
    rows = len(inside)
    observed = shares.reshape(rows, 2)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    chi_squared = float(((observed - expected) ** 2 / expected).sum())
    contrasts = _interactions(rows)
    inverse = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares > 0)
    under_multinomial = contrasts.T @ (inverse[:, np.newaxis] * contrasts)
    actual = contrasts.T @ (inverse[:, np.newaxis] * matrix * inverse) @ contrasts
    effects = np.linalg.solve(under_multinomial, actual)
    trace = float(np.trace(effects))
    ndf = trace**2 / float(np.trace(effects @ effects))
    f = chi_squared / trace
    return Independence(name, f, ndf, ndf * free, float(fdtrc(ndf, ndf * free, f)))


def _interactions(rows: int) -> Floats:
    """Return the contrasts of a rows x 2 table that main effects leave: shape (2 rows, rows - 1)."""
    row, column = np.repeat(np.arange(rows), 2), np.tile(np.arange(2), rows)
    main = np.stack(
        [np.ones(2 * rows), *((row == r).astype(float) for r in range(1, rows)), column.astype(float)], axis=1
    )
    crossed = np.stack([((row == r) & (column == 1)).astype(float) for r in range(1, rows)], axis=1)
    return np.asarray(crossed - main @ np.linalg.lstsq(main, crossed, rcond=None)[0])


def _pairs(
    weighted: Weighted, item: Item, labels: list[str], bases: list[Mask], design: Design | None
) -> tuple[DomainDifference, ...]:
    within = [Item(label, np.where(base, item.values, 0) == 1, base) for label, base in zip(labels, bases, strict=True)]
    shares, matrix, _ = _linearised(weighted, within, design)
    pairs = list(combinations(range(len(labels)), 2))
    differences = np.array([shares[a] - shares[b] for a, b in pairs])
    errors = np.sqrt([max(matrix[a, a] + matrix[b, b] - 2 * matrix[a, b], 0.0) for a, b in pairs])
    p = two_sided(differences, errors)
    half = float(ndtri((1 + LEVEL) / 2)) * errors
    return tuple(
        DomainDifference(item.name, labels[a], labels[b], *map(float, row))
        for (a, b), row in zip(
            pairs,
            zip(differences, errors, differences - half, differences + half, p, holm(p), strict=True),
            strict=True,
        )
    )
