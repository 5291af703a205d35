"""Replicates of a weighting, and the variances that they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.analysis.arrays import Floats, Index, totals, totals_of_columns
from app.analysis.errors import InvalidDesign

if TYPE_CHECKING:
    from app.analysis.tallies import Groups


@dataclass(frozen=True)
class Replicates:
    """Hold b replicates of a weighting over c cells: responses of one unit that are drawn alike.

    `keys` (c,) tell cells apart, in order; `unit` (c,); `mass` (b, c) the total weight of a cell in each replicate;
    `alone` (c,) the mean of number drawn x weight^2 where a cell's responses are drawn one by one, else 0.
    """

    keys: Index
    unit: Index
    mass: Floats
    alone: Floats

    def cells(self, groups: Groups) -> Cells:
        """Find the cell of each group. Raises InvalidDesign for groups of another design."""
        wanted = keys_of(groups)
        place = np.searchsorted(self.keys, wanted)
        if (place == len(self.keys)).any() or (self.keys[place] != wanted).any():
            raise InvalidDesign(
                "Replicates", "they were drawn for another design", "Draw them for the design that is estimated."
            )
        return Cells(self, place, totals(place, groups.count, len(self.keys)))


@dataclass(frozen=True)
class Cells:
    """Hold the cell of each group, `of_group` (g,), and the responses in each cell, `count` (c,)."""

    replicates: Replicates
    of_group: Index
    count: Floats

    def means(self, sums: Floats) -> Floats:
        """Average group sums (g, j) over the responses of each cell: shape (c, j)."""
        return totals_of_columns(self.of_group, sums, len(self.count)) / self.count[:, np.newaxis]

    def between(self, base: Floats, people: Floats, score: Floats) -> Floats:
        """Return how far each replicate is from their mean, with every cell at its own: shape (b, j).

        `score` (g, j) sums (y - p) / base, `people` (g, j) counts the item's base, `base` (j,) is its weight. A
        replicate in which nobody is in the base tells nothing and counts as none.
        """
        reached = self.replicates.mass @ self.means(people)
        value = np.where(reached > 0, base / np.where(reached > 0, reached, 1.0), np.nan)
        value *= self.replicates.mass @ self.means(score)
        mean = np.nan_to_num(np.nanmean(np.where(np.isnan(value).all(axis=0), 0.0, value), axis=0))
        return np.asarray(np.nan_to_num(value - mean) / np.sqrt(max(len(value) - 1, 1)))

    def within(self) -> Floats:
        """Return what the difference between responses of one cell counts for, by response of a group: shape (g,)."""
        return np.asarray((self.replicates.alone / self.count)[self.of_group])


def keys_of(groups: Groups) -> NDArray[np.int64]:
    """Number unit, stratum and cluster of each group (g,) as one; all single responses of a unit have one number."""
    strata = len(groups.strata.sizes)
    key = groups.unit.astype(np.int64) * strata + groups.stratum
    if groups.cluster is None:
        return key
    clusters = int(groups.cluster.max()) + 1
    return np.asarray(key * (clusters + 1) + np.where(groups.alone, clusters, groups.cluster))
