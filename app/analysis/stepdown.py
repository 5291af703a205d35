"""Rank confidence sets by step-down testing of all differences between shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.analysis.arrays import Floats, Index, Mask
from app.analysis.intervals import LEVEL

DRAWS = 10_000
SEED = 20211


@dataclass(frozen=True)
class RankSet:
    """Hold the best and the worst rank that each of j items could hold, from 1: `low` and `high` (j,)."""

    low: Index
    high: Index


@dataclass(frozen=True)
class RankSets:
    """Hold the marginal set (each right on its own at the level) and the simultaneous one (all right together).

    `above` (j, j): [a, b] says that a is shown to be above b, in the simultaneous set.
    """

    marginal: RankSet
    simultaneous: RankSet
    above: Mask


@dataclass(frozen=True)
class Comparisons:
    """Hold all pairs a < b: the studentised difference (m,) and its normal draws without any difference (m, draws)."""

    first: Index
    second: Index
    difference: Floats
    noise: NDArray[np.float32]

    def involving(self, item: int) -> Comparisons:
        """Keep the pairs of one item."""
        pairs = (self.first == item) | (self.second == item)
        return Comparisons(self.first[pairs], self.second[pairs], self.difference[pairs], self.noise[pairs])


def rank_sets(
    share: Floats,
    covariance: Floats,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = SEED,
    constant: Mask | None = None,
) -> RankSets:
    """Test all ordered pairs of shares (j,) by studentised differences with their full covariance (j, j).

    Critical values are quantiles of the maximum over the pairs still tested, from normal draws, step-down: Mogstad,
    Romano, Shaikh & Wilhelm (2024). Marginal: the pairs that involve the item. Simultaneous: all pairs. `constant` (j,)
    marks items that everybody in the sample answered alike: see `comparisons`.
    """
    j = len(share)
    pairs = comparisons(share, covariance, draws, seed, constant)
    low, high = np.ones(j, np.intp), np.full(j, j, np.intp)
    for item in range(j):
        shown = separated(pairs.involving(item), j, level)
        low[item] += shown[:, item].sum()
        high[item] -= shown[item].sum()
    above = separated(pairs, j, level)
    return RankSets(RankSet(low, high), RankSet(1 + above.sum(axis=0), j - above.sum(axis=1)), above)


def comparisons(share: Floats, covariance: Floats, draws: int, seed: int, constant: Mask | None = None) -> Comparisons:
    """Studentise all differences; one without sampling error is separated if it is not zero, as a margin fixes it.

    Two constant items differ without error only because the sample shows none, so they are not separated.
    """
    first, second = np.triu_indices(len(share), 1)
    variance = np.diag(covariance)[first] + np.diag(covariance)[second] - 2 * covariance[first, second]
    resolved = variance > 1e-14 * max(float(np.trace(covariance)), 1e-300)
    spread = np.sqrt(np.where(resolved, variance, 1.0))
    gap = share[first] - share[second]
    fixed = np.abs(gap) > 1e-12
    if constant is not None:
        fixed &= ~(constant[first] & constant[second])
    without_error = np.where(fixed, np.copysign(np.inf, gap), 0.0)
    noise = _normal(covariance, draws, seed)
    studentised = noise[first]
    studentised -= noise[second]
    studentised *= np.where(resolved, 1 / spread, 0.0).astype(np.float32)[:, np.newaxis]
    return Comparisons(first, second, np.where(resolved, gap / spread, without_error), studentised)


def _normal(covariance: Floats, draws: int, seed: int) -> NDArray[np.float32]:
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(np.einsum("ij,jk->ik", root.astype(np.float32), _standard_normal(len(covariance), draws, seed)))


@lru_cache(maxsize=4)
def _standard_normal(items: int, draws: int, seed: int) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).standard_normal((items, draws)).astype(np.float32)
    drawn.flags.writeable = False
    return drawn


def separated(pairs: Comparisons, j: int, level: float = LEVEL) -> Mask:
    """Step down: find who is shown to be above whom (j, j), until a round finds nobody new. Romano & Wolf (2005)."""
    up, down = (np.zeros(len(pairs.first), bool) for _ in range(2))
    while True:
        highest = np.full(pairs.noise.shape[1], -np.inf, np.float32)
        if not up.all():
            highest = np.maximum(highest, pairs.noise[~up].max(axis=0))
        if not down.all():
            highest = np.maximum(highest, -pairs.noise[~down].min(axis=0))
        critical = _quantile(highest, level)
        found_up, found_down = pairs.difference > critical, -pairs.difference > critical
        if not (found_up & ~up).any() and not (found_down & ~down).any():
            break
        up, down = up | found_up, down | found_down
    above = np.zeros((j, j), np.bool_)
    above[pairs.first[up], pairs.second[up]] = True
    above[pairs.second[down], pairs.first[down]] = True
    return above


def _quantile(values: NDArray[np.float32], level: float) -> float:
    place = level * (len(values) - 1)
    below = int(place)
    parted = np.partition(values, (below, min(below + 1, len(values) - 1)))
    low, high = float(parted[below]), float(parted[min(below + 1, len(values) - 1)])
    return low + (place - below) * (high - low)
