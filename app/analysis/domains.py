"""Compare domains, such as districts: whether there is any difference, and between which of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import fdtrc, ndtri

from app.analysis.arrays import Floats, Index, Mask, totals
from app.analysis.change import two_sided
from app.analysis.columns import Column
from app.analysis.design import Design
from app.analysis.errors import InvalidItem
from app.analysis.intervals import LEVEL
from app.analysis.items import Item
from app.analysis.linearisation import Projection, covariance, projection, scores
from app.analysis.multiplicity import holm
from app.analysis.tallies import GroupedItems, Groups, grouped, tallied
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
    return compare_domains_in(weighted, [item], by, design)[0]


def compare_domains_in(
    weighted: Weighted, items: Sequence[Item], by: Column, design: Design | None = None
) -> tuple[DomainComparison, ...]:
    """Compare several items, as priorities, between the same domains; see `compare_domains`.

    Everything comes from how many said yes and no in each domain, counted within the units of the weighting.
    """
    groups, project = grouped(weighted, None, design), projection(weighted)
    if groups.of_row is None:
        raise InvalidItem("Grouped counts", "domains need single responses", "Weigh the responses themselves.")
    answers = _Answers(groups, by)
    return tuple(_compared(weighted, groups, project, item, by, answers.counts(item)) for item in items)


def _compared(
    weighted: Weighted, groups: Groups, project: Projection, item: Item, by: Column, counts: Floats
) -> DomainComparison:
    present = counts.sum(axis=(0, 2)) > 0
    if present.sum() < 2 or not counts.sum(axis=(0, 1)).all():
        raise InvalidItem(
            f"Item {item.name}", "fewer than two groups or answers are left to compare", "Choose another breakdown."
        )
    cells = _cells(counts[:, present])
    linear = scores(weighted, project, groups, tallied(groups, cells))
    matrix = covariance(weighted, groups, linear, cells)
    labels = [label for label, there in zip(by.labels, present, strict=True) if there]
    free = groups.strata.degrees_of_freedom
    return DomainComparison(
        independence(item.name, linear.values, matrix, free), _pairs(item.name, labels, linear.values, matrix)
    )


class _Answers:
    """Counts yes and no by group of the units and domain; a base that many items share is counted only once."""

    def __init__(self, groups: Groups, by: Column) -> None:
        assert groups.of_row is not None
        self.groups, self.domains = len(groups.count), len(by.labels)
        self.cell: Index = groups.of_row.astype(np.intp) * self.domains + by.codes
        self.bases: dict[int, Floats] = {}

    def counts(self, item: Item) -> Floats:
        """Count those who said yes and no: shape (g, domains, 2)."""
        if not item.is_share:
            raise InvalidItem(f"Item {item.name}", "its values are not yes / no (0 / 1)", "Compare shares.")
        yes: Mask = item.values if item.values.dtype == np.bool_ else np.asarray(item.values == 1)
        if id(item.base) not in self.bases:
            self.bases[id(item.base)] = self._count(item.base)
        said = self._count(yes if item.base is None else item.base & yes)
        return np.stack([said, self.bases[id(item.base)] - said], axis=1).reshape(self.groups, self.domains, 2)

    def _count(self, rows: Mask | None) -> Floats:
        return totals(self.cell if rows is None else self.cell.compress(rows), None, self.groups * self.domains)


def _cells(counts: Floats) -> GroupedItems:
    """Make an item of each domain and answer, over all of the base: nobody is in two of them."""
    cells = counts.reshape(len(counts), -1)
    k = cells.shape[1]
    both = np.zeros((len(cells), k, k))
    both[:, range(k), range(k)] = cells
    base = np.repeat(cells.sum(axis=1, keepdims=True), k, axis=1)
    return GroupedItems(tuple(map(str, range(k))), base, cells, both)


def independence(name: str, shares: Floats, matrix: Floats, free: float, columns: int = 2) -> Independence:
    """Test that rows and columns are independent, from the shares of the cells (rows x columns,) of all of the base.

    `matrix` is their covariance, `free` its degrees of freedom. Rao & Scott (1984), second order. All is NaN where so
    many cells are empty that what is left holds no interaction to test.
    """
    rows = len(shares) // columns
    observed = shares.reshape(rows, columns)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0))
    chi_squared = float(((observed - expected) ** 2 / expected).sum())
    contrasts = _interactions(rows, columns)
    inverse = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares > 0)
    under_multinomial = contrasts.T @ (inverse[:, np.newaxis] * contrasts)
    if np.linalg.matrix_rank(under_multinomial) < len(under_multinomial):
        return Independence(name, *(float("nan"),) * 4)
    actual = contrasts.T @ (inverse[:, np.newaxis] * matrix * inverse) @ contrasts
    effects = np.linalg.solve(under_multinomial, actual)
    trace = float(np.trace(effects))
    ndf = trace**2 / float(np.trace(effects @ effects))
    f = chi_squared / trace
    return Independence(name, f, ndf, ndf * free, float(fdtrc(ndf, ndf * free, f)))


def _interactions(rows: int, columns: int) -> Floats:
    """Return the contrasts of a table that main effects leave: shape (rows columns, (rows - 1) (columns - 1))."""
    row, column = np.repeat(np.arange(rows), columns), np.tile(np.arange(columns), rows)
    down = [(row == r).astype(float) for r in range(1, rows)]
    across = [(column == c).astype(float) for c in range(1, columns)]
    main = np.stack([np.ones(rows * columns), *down, *across], axis=1)
    crossed = np.stack([one * other for one in down for other in across], axis=1)
    return np.asarray(crossed - main @ np.linalg.lstsq(main, crossed, rcond=None)[0])


def _pairs(name: str, labels: list[str], cells: Floats, matrix: Floats) -> tuple[DomainDifference, ...]:
    """Compare each two domains; the share in one is yes / (yes + no), linearised from the cells."""
    yes, no = cells[0::2], cells[1::2]
    slopes = np.zeros((len(labels), len(cells)))
    domain = np.arange(len(labels))
    slopes[domain, 2 * domain] = no / (yes + no) ** 2
    slopes[domain, 2 * domain + 1] = -yes / (yes + no) ** 2
    shares, matrix = yes / (yes + no), slopes @ matrix @ slopes.T
    pairs = list(combinations(range(len(labels)), 2))
    differences = np.array([shares[a] - shares[b] for a, b in pairs])
    errors = np.sqrt([max(matrix[a, a] + matrix[b, b] - 2 * matrix[a, b], 0.0) for a, b in pairs])
    p = two_sided(differences, errors)
    half = float(ndtri((1 + LEVEL) / 2)) * errors
    return tuple(
        DomainDifference(name, labels[a], labels[b], *map(float, row))
        for (a, b), row in zip(
            pairs,
            zip(differences, errors, differences - half, differences + half, p, holm(p), strict=True),
            strict=True,
        )
    )
