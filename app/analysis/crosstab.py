"""Two questions against each other: shares within rows with intervals, and the Rao-Scott test of independence."""

from __future__ import annotations

from dataclasses import dataclass

from app.analysis.arrays import Mask
from app.analysis.columns import Column
from app.analysis.domains import Independence, independence
from app.analysis.errors import InvalidItem
from app.analysis.estimation import Estimate, estimate
from app.analysis.items import Item
from app.analysis.linearisation import covariance, projection, scores
from app.analysis.tallies import grouped, tallied
from app.analysis.weighting import Weighted


@dataclass(frozen=True)
class CrossTable:
    """Hold a table of r rows and c columns: counts (r, c), estimates of each share within its row, and the test."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    shares: tuple[tuple[Estimate, ...], ...]
    independence: Independence


def cross(weighted: Weighted, rows: Column, columns: Column) -> CrossTable:
    """Cross two variables (n,) over those with a known category of both; categories that nobody is in are left out.

    Shares within rows by `estimate`; the test by Rao & Scott (1984), second order, as `survey::svychisq(statistic =
    "F")`. Raises InvalidItem where fewer than two rows or columns are left.
    """
    base: Mask = (rows.codes < len(rows.categories)) & (columns.codes < len(columns.categories))
    down = [code for code in range(len(rows.categories)) if (base & (rows.codes == code)).any()]
    across = [code for code in range(len(columns.categories)) if (base & (columns.codes == code)).any()]
    if len(down) < 2 or len(across) < 2:
        raise InvalidItem(
            f"{rows.name} by {columns.name}", "fewer than two rows or columns have answers", "Choose other questions."
        )
    inside = [base & (rows.codes == code) for code in down]
    chosen = [columns.codes == code for code in across]
    items = [Item(f"{r}:{c}", yes, row) for r, row in enumerate(inside) for c, yes in enumerate(chosen)]
    found = iter(estimate(weighted, items))
    return CrossTable(
        tuple(rows.categories[code] for code in down),
        tuple(columns.categories[code] for code in across),
        tuple(tuple(int((row & yes).sum()) for yes in chosen) for row in inside),
        tuple(tuple(next(found) for _ in chosen) for _ in inside),
        _independence(weighted, f"{rows.name} by {columns.name}", inside, chosen, base),
    )


def _independence(weighted: Weighted, name: str, inside: list[Mask], chosen: list[Mask], base: Mask) -> Independence:
    cells = [Item(f"{r}:{c}", row & yes, base) for r, row in enumerate(inside) for c, yes in enumerate(chosen)]
    groups = grouped(weighted, None, None)
    linear = scores(weighted, projection(weighted), groups, tallied(groups, cells))
    matrix, free = covariance(weighted, groups, linear, cells), groups.strata.degrees_of_freedom
    return independence(name, linear.values, matrix, free, len(chosen))
