"""How responses were sampled beyond their weights: strata, clusters such as events, finite populations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.analysis.arrays import Floats, Index
from app.analysis.columns import Column
from app.analysis.errors import InvalidDesign


@dataclass(frozen=True)
class Design:
    """Hold the sampling design, each (n,): `strata`, `clusters`, `population` of sampling units in the row's stratum.

    A response whose cluster is blank is a cluster of its own. Without any of them: independent responses.
    """

    strata: Column | None = None
    clusters: Column | None = None
    population: Floats | None = None

    def stratum_codes(self, n: int) -> Index:
        """Number the strata of the rows from 0; one stratum where none are given."""
        if self.strata is None:
            return np.zeros(n, np.intp)
        if self.strata.counts[-1]:
            raise InvalidDesign(
                f"Strata {self.strata.name}", f"{self.strata.counts[-1]:.0f} rows have none", "Give each row one."
            )
        return np.unique(self.strata.codes, return_inverse=True)[1].astype(np.intp)

    def cluster_codes(self, stratum: Index) -> tuple[Index, int] | None:
        """Number the clusters of rows (n,) from 0, and say how many there are; None where responses are independent.

        A cluster ends at its stratum. Responses that are alone in theirs all have the number after the last: they are
        told from each other by nothing that a variance needs. Raises InvalidDesign if all are in one cluster: nothing
        then tells how much clusters differ.
        """
        if self.clusters is None:
            return None
        strata, blank = int(stratum.max()) + 1, len(self.clusters.categories)
        codes = self.clusters.codes.astype(np.intp) * strata + stratum
        together = np.bincount(codes, minlength=(blank + 1) * strata) > 1
        together[blank * strata :] = False
        if self.strata is None and together.any() and (codes == codes[0]).all():
            raise InvalidDesign(
                f"Cluster column {self.clusters.name}",
                f"all {len(codes)} responses are in {self.clusters.labels[codes[0]]!r}",
                "Give a column with at least two clusters, or leave it out.",
            )
        clusters = int(together.sum())
        number = np.where(together, np.cumsum(together) - 1, clusters)
        return number[codes], clusters


@dataclass(frozen=True)
class Strata:
    """Hold, for each stratum, its sampling units and the factor (1 - f) m / (m - 1) of its variance."""

    sizes: Floats
    factors: Floats

    @property
    def degrees_of_freedom(self) -> float:
        """Count sampling units less strata."""
        return float(self.sizes.sum() - len(self.sizes))


def strata_of(sizes: Floats, population: Floats | None) -> Strata:
    """Compute each stratum's variance factor from its sampling units (h,) and, if known, how many there are in all.

    Cochran (1977); as `survey::svydesign(fpc=)` does it. Raises InvalidDesign for a stratum with one unit or with
    more units than its population.
    """
    if (sizes < 2).any():
        raise InvalidDesign(
            "Strata", f"{int((sizes < 2).sum())} have a single sampling unit", "Join each with a similar stratum."
        )
    sampled = np.zeros_like(sizes) if population is None else sizes / population
    if (sampled > 1).any() or not np.isfinite(sampled).all():
        raise InvalidDesign(
            "Population sizes", "a stratum has more units in the sample than in the population", "Correct them."
        )
    return Strata(sizes, (1 - sampled) * sizes / (sizes - 1))
