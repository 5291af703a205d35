"""Sums of items within groups of like responses: all that estimates and their variances need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.analysis.arrays import Codes, Floats, Index, Mask, totals, totals_of_columns
from app.analysis.columns import Column
from app.analysis.design import Design, Strata, strata_of
from app.analysis.errors import InvalidItem, MissingColumn, UnequalLengths
from app.analysis.items import Item
from app.analysis.units import cross
from app.analysis.weighting import Weighted

ALONE = -1


NO_STRATA = Strata(np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Groups:
    """Hold the weighting's units split by domain, stratum and cluster: g groups, each of `count` (g,) responses.

    `unit` (g,) is the unit of a group, `domain`, `stratum` and `cluster` (g,) its codes; `of_row` (n,) as in Units.
    Responses that are sampling units of their own have the cluster ALONE; without clusters, all of them are.
    """

    of_row: Codes | None
    count: Floats
    unit: Index
    domain: Column | None
    stratum: Index
    cluster: Index | None
    strata: Strata

    @property
    def alone(self) -> Mask:
        """Mark the groups (g,) whose responses are each a sampling unit of their own."""
        return np.ones(len(self.count), np.bool_) if self.cluster is None else self.cluster == ALONE

    def together(self, sums: Floats) -> tuple[Floats, Index]:
        """Add group totals (g, j) up to clusters: (clusters, j) and the stratum of each."""
        if self.cluster is None:
            return np.zeros((0, sums.shape[1])), np.zeros(0, np.intp)
        inside = ~self.alone
        cluster, size = self.cluster[inside], int(self.cluster.max()) + 1
        stratum = np.zeros(size, np.intp)
        stratum[cluster] = self.stratum[inside]
        return totals_of_columns(cluster, sums[inside], size), stratum

    def clusters(self, base: Floats) -> tuple[Index, Index] | None:
        """Count the clusters, and their strata, that somebody in the bases (g, j) is in; None without clusters."""
        if self.cluster is None:
            return None
        people, stratum = self.together(base)
        units = np.concatenate([(people > 0).astype(np.float64), base[self.alone]])
        strata = totals_of_columns(np.r_[stratum, self.stratum[self.alone]], units, len(self.strata.sizes))
        return np.rint(units.sum(axis=0)).astype(np.intp), (strata > 0).sum(axis=0)


@dataclass(frozen=True)
class Tallies:
    """Hold, for g groups and j items: people in the base, the sum of values and of squared values, each (g, j).

    Values are less their `centre` (j,), 0 for shares: squares of large numbers would leave no digits for what differs.
    `lowest` and `highest` (g, j) are of the numbers themselves, inf and -inf where there are none; 0 and 1 for shares.
    """

    names: tuple[str, ...]
    base: Floats
    total: Floats
    square: Floats
    centre: Floats
    lowest: Floats
    highest: Floats
    shares: tuple[bool, ...]

    def constants(self, inside: Mask | None) -> Floats:
        """Return the one number that everybody in the base of a mean gave, NaN where they differ: shape (j,)."""
        lowest, highest = (each if inside is None else each[inside] for each in (self.lowest, self.highest))
        low, high = lowest.min(axis=0), highest.max(axis=0)
        return np.where(low == high, low, np.nan)


@dataclass(frozen=True)
class GroupedItems:
    """Hold items as grouped counts, as GROUP BY gives them: `base` and `ticked` (u, j), one row for each unit.

    `both` (u, j, j) counts people who ticked two items; only rankings need it, and then all items have one base.
    """

    names: tuple[str, ...]
    base: Floats
    ticked: Floats
    both: Floats | None = None


Items = Sequence[Item] | GroupedItems


def grouped(weighted: Weighted, by: Column | str | None, design: Design | None) -> Groups:
    """Split the units by a domain and a design; without either they are the groups.

    The design is that of the weighting if none is given. Raises MissingColumn, UnequalLengths, InvalidItem,
    InvalidDesign.
    """
    units, design = weighted.units, design or weighted.design
    domain = _domain(weighted, by)
    if design is None and (domain is None or len(domain) == len(units)):
        every = np.arange(len(units))
        return Groups(
            units.of_row,
            units.count,
            every,
            domain,
            np.zeros(len(units), np.intp),
            None,
            strata_of(np.array([units.n]), None),
        )
    if units.of_row is None:
        raise InvalidItem(
            "Grouped counts", "a design or a new breakdown needs single responses", "Group by that column as well."
        )
    n = len(units.of_row)
    chosen = design or Design()
    stratum = chosen.stratum_codes(n)
    clustered = chosen.cluster_codes(stratum)
    parts: list[tuple[Codes, int]] = [(units.of_row, len(units)), (stratum, int(stratum.max()) + 1)]
    per_row = domain if domain is not None and len(domain) == n else None
    if per_row is not None:
        parts.append((per_row.codes, len(per_row.labels)))
    if clustered is not None:
        parts.append((clustered[0], clustered[1] + 1))
    crossed = cross(parts)
    unit, in_stratum = crossed.codes[:2]
    if domain is not None:
        domain = Column(domain.name, crossed.codes[2] if per_row is not None else domain.codes[unit], domain.categories)
    groups = Groups(
        crossed.of_row,
        totals(crossed.of_row, None, len(unit)),
        unit,
        domain,
        in_stratum,
        None if clustered is None else np.where(crossed.codes[-1] == clustered[1], ALONE, crossed.codes[-1]),
        NO_STRATA,
    )
    return replace(groups, strata=_strata(groups, chosen, stratum))


def _domain(weighted: Weighted, by: Column | str | None) -> Column | None:
    units = weighted.units
    if by is None:
        return None
    if isinstance(by, str):
        if by not in units.columns:
            raise MissingColumn(
                by, "not a variable of the weighting scheme", "Give the column itself to break down by it."
            )
        return units.columns[by]
    if len(by) != weighted.n:
        raise UnequalLengths(
            f"Breakdown {by.name}", f"{len(by)} values for {weighted.n} responses", "Give one for each response."
        )
    return by


def _strata(groups: Groups, design: Design, stratum: Index) -> Strata:
    """Count the sampling units of each stratum: clusters, and responses that are alone."""
    size = int(groups.stratum.max()) + 1
    units = totals(groups.stratum, groups.count * groups.alone, size)
    units += totals(groups.together(groups.count[:, np.newaxis])[1], None, size)
    population = None
    if design.population is not None:
        population = np.zeros(size)
        population[stratum] = design.population
    return strata_of(units, population)


def tallied(groups: Groups, items: Items) -> Tallies:
    """Sum items within the groups. Raises UnequalLengths, InvalidItem."""
    if isinstance(items, GroupedItems):
        if len(items.base) != len(groups.count):
            raise InvalidItem(
                "Grouped counts", f"{len(items.base)} groups for {len(groups.count)} units", "Group both alike."
            )
        j = len(items.names)
        none, one = np.zeros_like(items.base, np.float64), np.ones_like(items.base, np.float64)
        return Tallies(items.names, items.base, items.ticked, items.ticked, np.zeros(j), none, one, (True,) * j)
    shares = tuple(item.is_share for item in items)
    centre = np.array([0.0 if share else _centre(item) for item, share in zip(items, shares, strict=True)])
    bases = _bases(groups, items)
    columns = [_tally(groups, item, middle, bases[id(item.base)]) for item, middle in zip(items, centre, strict=True)]
    base, total, square = (np.stack(kind, axis=1) for kind in zip(*columns, strict=True))
    ranges = [_range(groups, item, share) for item, share in zip(items, shares, strict=True)]
    lowest, highest = (np.stack(kind, axis=1) for kind in zip(*ranges, strict=True))
    return Tallies(tuple(item.name for item in items), base, total, square, centre, lowest, highest, shares)


def _centre(item: Item) -> float:
    """Take the median: unlike the mean, one wild value does not carry it away from all others."""
    return float(np.median((item.values if item.base is None else item.values[item.base]).astype(np.float64)))


def _range(groups: Groups, item: Item, share: bool) -> tuple[Floats, Floats]:
    size = len(groups.count)
    if share:
        return np.zeros(size), np.ones(size)
    lowest, highest = np.full(size, np.inf), np.full(size, -np.inf)
    rows, numbers = groups.of_row, item.values.astype(np.float64)
    assert rows is not None
    if item.base is not None:
        rows, numbers = rows.compress(item.base), numbers.compress(item.base)
    np.minimum.at(lowest, rows, numbers)
    np.maximum.at(highest, rows, numbers)
    return lowest, highest


def _bases(groups: Groups, items: Sequence[Item]) -> dict[int, Floats]:
    """Count the people in each base by group, a base that many items share only once. Raises UnequalLengths."""
    for item in items:
        if groups.of_row is None or len(item.values) != len(groups.of_row):
            raise UnequalLengths(
                f"Item {item.name}", f"{len(item.values)} for {groups.count.sum():.0f} rows", "Align them."
            )
    assert groups.of_row is not None
    size = len(groups.count)
    different = {id(item.base): item.base for item in items}
    return {
        key: groups.count if base is None else totals(groups.of_row.compress(base), None, size)
        for key, base in different.items()
    }


def _tally(groups: Groups, item: Item, centre: float, base: Floats) -> tuple[Floats, Floats, Floats]:
    rows, values, size = groups.of_row, item.values, len(groups.count)
    assert rows is not None
    if values.dtype == np.bool_:
        yes = values if item.base is None else values & item.base
        total = totals(rows.compress(yes), None, size)
        return base, total, total
    if item.base is not None:
        rows, values = rows.compress(item.base), values.compress(item.base)
    numbers = values.astype(np.float64) - centre
    return base, totals(rows, numbers, size), totals(rows, numbers**2, size)
